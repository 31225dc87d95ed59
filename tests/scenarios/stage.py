"""Plays a scenario folder through the whole program: real HTTP on loopback, a real archive, a clock that is told.

A folder holds `scenario.toml` (the feeds, and what happens when), one folder of served files for each name used in a
step's `web`, and `expected/` with the mail text and Slack JSON of each message in order. In served files and in what
is expected, the server's address stands as http://newsroom.test.

    [[step]]
    at = 2026-03-02T05:30:00Z       # the clock is set to this
    web = "first-day"               # these files are served from now on, over what was served before
    broken = ["/courier/feed.xml"]  # these answer 503 from now on ("[]": all is well again)
    offline = true                  # nothing answers during this step
    do = ["poll", "digest", "deliver"]
"""

import email
import email.policy
import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from monitor.app import App, open_app
from monitor.settings import load_settings
from tests.fakes import FixedClock

ADDRESS = "http://newsroom.test"
SHIPPED = Path(__file__).resolve().parents[2] / "config"
TYPES = {".xml": "application/xml", ".json": "application/feed+json", ".html": "text/html"}


class Site:
    """Serves files by path; what it serves can change between steps."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self.files: dict[str, bytes] = {}
        self.broken: set[str] = set()
        self._types = types
        self._server = self._listen(0)
        self.port = self._server.server_port

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                body = path.read_bytes().replace(ADDRESS.encode(), self.base.encode())
                self.files[f"/{path.relative_to(folder).as_posix()}"] = body

    @contextmanager
    def closed(self) -> Iterator[None]:
        self.close()
        try:
            yield
        finally:
            self._server = self._listen(self.port)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _listen(self, port: int) -> ThreadingHTTPServer:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body, status = site.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", site.type_of(self.path))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    def answer(self, path: str) -> tuple[bytes, int]:
        if path in self.broken:
            return b"Service Unavailable", 503
        return (self.files[path], 200) if path in self.files else (b"Not Found", 404)

    def type_of(self, path: str) -> str:
        return self._types.get(path) or TYPES.get(Path(path).suffix, "text/plain")


def play(folder: Path, tmp: Path) -> dict[str, str]:
    """Play the scenario in `folder` with everything under `tmp`: what was delivered, by file name."""
    plot = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
    site = Site(plot.get("types", {}))
    clock = FixedClock(plot["step"][0]["at"])
    try:
        settings = load_settings(_config(folder, tmp / "config", plot, site.base), {}, archive=tmp / "archive")
        with open_app(settings, now=clock, workers=0) as app:
            for step in plot["step"]:
                _act(app, site, clock, folder, step)
        return _played(tmp / "archive" / "outbox", site.base)
    finally:
        site.close()


def _config(folder: Path, target: Path, plot: Mapping[str, Any], base: str) -> Path:
    """The shipped configuration with the scenario's feeds and subscription, and whatever its own config/ changes."""
    shutil.copytree(SHIPPED, target)
    (target / "monitor.toml").write_text(
        '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n[log]\nlevel = "error"\n', encoding="utf-8"
    )
    feeds = [{**feed, "url": base + feed["url"]} for feed in plot["feed"]]
    (target / "feeds.toml").write_text("".join(_table("[[feed]]", feed) for feed in feeds), encoding="utf-8")
    daily = {
        "name": "daily",
        "title": "Daily digest",
        "topics": ["*"],
        "channel": "folder",
        "schedule": "0 8 * * *",
        "zone": "Europe/Kyiv",
    }
    subscriptions = plot.get("subscription", [{}])
    tables = "".join(_table("[[subscription]]", daily | changes) for changes in subscriptions)
    (target / "subscriptions.toml").write_text(
        '[channel.folder]\nkind = "file"\nfolder = "outbox"\n' + tables, encoding="utf-8"
    )
    if (folder / "config").is_dir():
        shutil.copytree(folder / "config", target, dirs_exist_ok=True)
    return target


def _table(heading: str, table: Mapping[str, object]) -> str:
    return "\n".join([heading, *(f"{key} = {json.dumps(value)}" for key, value in table.items())]) + "\n"


def _act(app: App, site: Site, clock: FixedClock, folder: Path, step: Mapping[str, Any]) -> None:
    clock.now = step["at"]
    if "web" in step:
        site.add(folder / step["web"])
    if "broken" in step:
        site.broken = set(step["broken"])
    jobs: Sequence[str] = step.get("do", ["poll", "digest", "deliver"])
    if step.get("offline"):
        with site.closed():
            _run(app, jobs)
    else:
        _run(app, jobs)


def _run(app: App, jobs: Sequence[str]) -> None:
    for job in jobs:
        {"poll": lambda: app.poll(force=True), "digest": app.digest, "deliver": app.deliver, "tidy": app.tidy}[job]()


def _played(outbox: Path, base: str) -> dict[str, str]:
    """File name → mail text with its subject, or Slack JSON."""
    told: dict[str, str] = {}
    for mail in sorted(outbox.glob("*.eml")):
        message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
        text = mail.with_suffix(".txt").read_text(encoding="utf-8")
        told[f"{mail.stem}.txt"] = f"Subject: {message['Subject']}\n\n{text}".replace(base, ADDRESS)
        payloads = json.loads(mail.with_suffix(".slack.json").read_text(encoding="utf-8"))
        shown = json.dumps(payloads, ensure_ascii=False, indent=1)
        told[f"{mail.stem}.slack.json"] = shown.replace(base, ADDRESS) + "\n"
    return told
