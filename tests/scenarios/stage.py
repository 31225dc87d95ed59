"""Plays a scenario folder through the whole program: real HTTP on loopback, a real archive, a clock that is told.

A folder holds `scenario.toml` (the feeds, and what happens when), one folder of served files for each name used in a
step's `web`, with one folder for each host in it (`monday/courier/feed.xml` is http://courier.test/feed.xml), and
`expected/` with the mail text and Slack JSON of each message in order.

    shipped = true                              # judged by the shipped topics; else by the few plain ones in config/
    why = ["http://courier.test/one"]           # what the archive knows of these in the end, as why.txt
    types = { "http://courier.test/feed.xml" = "text/xml; charset=iso-8859-1" }  # other than by the file's ending

    [[feed]]                                    # as in feeds.toml
    [[subscription]]                            # what differs from a digest of all topics at 08:00 in Kyiv

    [[step]]
    at = 2026-03-02T05:30:00Z                   # the clock is set to this; only feeds that are due are visited
    web = "monday"                              # these files are served from now on, over what was served before
    broken = ["http://courier.test/feed.xml"]   # these answer 503 from now on ("[]": all is well again)
    offline = true                              # nothing answers during this step
    do = ["poll", "digest", "deliver"]          # which is also the default
"""

import email
import email.policy
import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from monitor.app import App, open_app
from monitor.settings import load_settings
from monitor.store import ItemHistory
from tests.fakes import FixedClock

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "config"
TYPES = {".xml": "application/xml", ".json": "application/feed+json", ".html": "text/html; charset=utf-8"}
DAILY = {
    "name": "daily",
    "title": "Daily digest",
    "topics": ["*"],
    "channel": "folder",
    "schedule": "0 8 * * *",
    "zone": "Europe/Kyiv",
}


class Web:
    """A few hosts on loopback, each with a port of its own. What they serve can change between steps.

    In the scenario's files a host is http://NAME.test; what is served, and what was told, is translated.
    """

    def __init__(self, names: set[str], types: Mapping[str, str]) -> None:
        self.files: dict[str, bytes] = {}
        self.broken: set[str] = set()
        self._types = types
        self._servers = {name: self._listen(name, 0) for name in sorted(names)}
        self._ports = {name: server.server_port for name, server in self._servers.items()}

    def add(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                host, _, rest = path.relative_to(folder).as_posix().partition("/")
                self.files[f"http://{host}.test/{rest}"] = path.read_bytes()

    def real(self, text: str) -> str:
        """`text` with the addresses that really answer."""
        return re.sub(r"http://([a-z]+)\.test", lambda found: f"http://127.0.0.1:{self._ports[found[1]]}", text)

    def shown(self, text: str) -> str:
        """`text` with the addresses of the scenario's files."""
        hosts = {str(port): name for name, port in self._ports.items()}
        return re.sub(r"127\.0\.0\.1:(\d+)", lambda found: f"{hosts[found[1]]}.test", text)

    @contextmanager
    def down(self) -> Iterator[None]:
        """Nothing answers."""
        self.close()
        try:
            yield
        finally:
            self._servers = {name: self._listen(name, port) for name, port in self._ports.items()}

    def close(self) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def answer(self, address: str) -> tuple[int, str, bytes]:
        """(status, content type, body)"""
        if address in self.broken:
            return 503, "text/plain", b"Service Unavailable"
        if address not in self.files:
            return 404, "text/plain", b"Not Found"
        body = self.real(self.files[address].decode("latin-1")).encode("latin-1")  # any bytes, unchanged
        return 200, self._types.get(address) or TYPES[Path(address).suffix], body

    def _listen(self, name: str, port: int) -> ThreadingHTTPServer:
        web = self

        class Handler(BaseHTTPRequestHandler):
            # HTTP/1.0: each answer ends its connection, so that a host that is down is down.

            def do_GET(self) -> None:
                status, kind, body = web.answer(f"http://{name}.test{self.path}")
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server


def play(folder: Path, tmp: Path, url: str = "") -> dict[str, str]:
    """Play the scenario in `folder` with everything under `tmp` (but the archive, if it has a `url`): what was
    delivered, by file name."""
    plot = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
    webs = {step["web"] for step in plot["step"] if "web" in step}
    hosts = {path.name for web in webs for path in (folder / web).iterdir()}
    clock = FixedClock(plot["step"][0]["at"])
    with ExitStack() as stack:
        web = Web(hosts, plot.get("types", {}))
        stack.callback(web.close)
        settings = load_settings(_config(folder, tmp / "config", plot, web, url), {}, archive=tmp / "archive")
        app = stack.enter_context(open_app(settings, now=clock, workers=0))
        for step in plot["step"]:
            _act(app, web, clock, folder, step)
        told = _told(tmp / "archive" / "outbox")
        if "why" in plot:
            told["why.txt"] = _why(app, [web.real(address) for address in plot["why"]])
        return {name: web.shown(text) for name, text in told.items()}


def _config(folder: Path, target: Path, plot: Mapping[str, Any], web: Web, url: str) -> Path:
    """The shipped configuration with the scenario's feeds and subscriptions, and whatever its own config/ changes."""
    shutil.copytree(SHIPPED, target)
    if not plot.get("shipped"):
        shutil.rmtree(target / "concepts")
        shutil.copytree(HERE / "config", target, dirs_exist_ok=True)
    (target / "monitor.toml").write_text(
        '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_gap_seconds = 0.0\n[poll]\ncanaries = []\n'
        f'[log]\nlevel = "error"\n[archive]\nurl = "{url}"\n',
        encoding="utf-8",
    )
    feeds = "".join(_table("[[feed]]", feed) for feed in plot["feed"])
    (target / "feeds.toml").write_text(web.real(feeds), encoding="utf-8")
    subscriptions = (_table("[[subscription]]", DAILY | changes) for changes in plot.get("subscription", [{}]))
    (target / "subscriptions.toml").write_text(
        '[channel.folder]\nkind = "file"\nfolder = "outbox"\n' + "".join(subscriptions), encoding="utf-8"
    )
    if (folder / "config").is_dir():
        shutil.copytree(folder / "config", target, dirs_exist_ok=True)
    return target


def _table(heading: str, table: Mapping[str, object]) -> str:
    return "\n".join([heading, *(f"{key} = {json.dumps(value)}" for key, value in table.items())]) + "\n"


def _act(app: App, web: Web, clock: FixedClock, folder: Path, step: Mapping[str, Any]) -> None:
    clock.now = step["at"]
    if "web" in step:
        web.add(folder / step["web"])
    web.broken = set(step.get("broken", web.broken))
    jobs: dict[str, Callable[[], object]] = {
        "poll": app.poll,
        "digest": app.digest,
        "deliver": app.deliver,
        "tidy": app.tidy,
    }
    with ExitStack() as stack:
        if step.get("offline"):
            stack.enter_context(web.down())
        for job in step.get("do", ["poll", "digest", "deliver"]):
            jobs[job]()


def _told(outbox: Path) -> dict[str, str]:
    """File name → mail text with its subject, or Slack JSON."""
    told: dict[str, str] = {}
    for mail in sorted(outbox.glob("*.eml")):
        message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
        part = message.get_body(("plain",))
        assert part is not None
        told[f"{mail.stem}.txt"] = f"Subject: {message['Subject']}\n\n{part.get_content()}".replace("\r\n", "\n")
        payloads = json.loads(mail.with_suffix(".slack.json").read_text(encoding="utf-8"))
        told[f"{mail.stem}.slack.json"] = json.dumps(payloads, ensure_ascii=False, indent=1) + "\n"
    return told


def _why(app: App, addresses: list[str]) -> str:
    """What the archive knows of these addresses; without ids, which depend on the port."""
    with app.store.read() as shelves:
        histories = [history for address in addresses for history in shelves.articles.history(address)]
    return "\n".join(line for history in histories for line in _history(history))


def _history(history: ItemHistory) -> Iterator[str]:
    item, stored = history.item, history.stored
    yield f"{item.title}\n{item.link}"
    yield f"  first seen  {item.first_seen:%d %b %H:%M} in {item.feed}"
    yield f"  fate        {item.fate}: {item.reason}"
    if stored:
        for revision in stored.revisions:
            yield f"  was until   {revision.replaced_at:%d %b %H:%M}: {revision.title}: {revision.text}"
        yield f"  is          {stored.article.title}: {stored.article.text}"
        yield f"  text from   {stored.article.how}; {stored.article.problem or 'no problem'}"
        yield f"  placed      {stored.placement.reason if stored.placement else 'nowhere'}"
    yield from (f"  told        {told.key}" for told in history.told)
    yield ""
