"""The image and the service promise what the program keeps: parsed, not built, so that no engine is needed."""

import json
import re
import shutil
import subprocess
import tomllib
from collections import defaultdict
from fnmatch import fnmatch
from pathlib import Path

import pytest

from monitor.cli import SECTIONS
from monitor.cli.common import Exit
from monitor.daemon import STOP_WITHIN
from tests.house.tree import ROOT, expect_none

UNIT = ROOT / "deploy" / "news-monitor.service"
COMMANDS = {name for section in SECTIONS.values() for name in section}
Instruction = tuple[str, str]  # its word and the rest of it


def _stages() -> list[list[Instruction]]:
    """The instructions of each stage, the first being what stands before any FROM."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    stages: list[list[Instruction]] = [[]]
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stages.append([])
        if word:
            stages[-1].append((word, rest.strip()))
    return stages


def _all(word: str, stage: list[Instruction]) -> list[str]:
    return [rest for name, rest in stage if name == word]


def _only(word: str, stage: list[Instruction]) -> str:
    (rest,) = _all(word, stage)
    return rest


STAGES = _stages()
FINAL = STAGES[-1]


def test_the_image_is_built_in_stages_on_a_slim_python_that_is_supported() -> None:
    assert len(STAGES) == 3
    name, _, tag = _only("ARG", STAGES[0]).partition("=")
    assert name == "PYTHON"
    assert {_only("FROM", stage).split(" AS ")[0] for stage in STAGES[1:]} == {"python:${PYTHON}"}
    version, _, flavour = tag.partition("-")
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    assert f"Programming Language :: Python :: {version}" in classifiers
    assert flavour.startswith("slim-")


def test_nothing_is_built_in_the_final_image() -> None:
    assert not re.search(r"\b(pip|apt-get|gcc|curl|wget)\b", " ".join(_all("RUN", FINAL)))


def test_the_image_does_not_run_as_root() -> None:
    user = _only("USER", FINAL)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)  # a number, so that a cluster can see that it is not root
    assert f"--uid {user.split(':')[0]} " in " ".join(_all("RUN", FINAL))
    words = [word for word, _ in FINAL]
    assert "RUN" not in words[words.index("USER") :]


def test_configuration_and_archive_are_volumes_where_the_program_looks() -> None:
    folder = _only("WORKDIR", FINAL)
    assert json.loads(_only("VOLUME", FINAL)) == [f"{folder}/config", f"{folder}/archive"]


def test_the_image_starts_checks_and_stops_the_daemon() -> None:
    assert json.loads(_only("ENTRYPOINT", FINAL)) == ["monitor"]
    assert json.loads(_only("CMD", FINAL)) == ["run"]
    assert _only("STOPSIGNAL", FINAL) == "SIGTERM"
    _, _, check = _only("HEALTHCHECK", FINAL).partition(" CMD ")
    assert json.loads(check) == ["monitor", "health"]
    assert {"run", "health"} <= COMMANDS


def test_no_secret_is_built_into_the_image() -> None:
    settings = " ".join(rest for stage in STAGES for word, rest in stage if word in {"ARG", "ENV", "LABEL"})
    assert not re.search(r"password|token|secret|webhook|api_?key", settings, re.IGNORECASE)


def test_what_is_copied_exists_and_reaches_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    sent = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source
        for stage in STAGES
        for rest in _all("COPY", stage)
        if "--from" not in rest
        for source in [part for part in rest.split() if not part.startswith("--")][:-1]
    }
    assert copied == sent
    expect_none(name for name in copied if not (ROOT / name).exists())
    assert not any(fnmatch(name, "archive*") for name in sent)


def _unit() -> dict[str, list[str]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for line in UNIT.read_text("utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            keys[key].append(value)
    return keys


def test_the_service_calls_commands_that_exist() -> None:
    unit = _unit()
    called = [line.split() for key in ("ExecStart", "ExecReload") for line in unit[key]]
    assert {line[-1] for line in called if line[0].endswith("/monitor")} == {"run", "check"}
    assert unit["ExecReload"][-1] == "/bin/kill -HUP $MAINPID"
    assert {"run", "check"} <= COMMANDS


def test_the_service_gives_the_daemon_time_to_stop_and_does_not_retry_what_cannot_work() -> None:
    unit = _unit()
    assert int(unit["TimeoutStopSec"][0]) > STOP_WITHIN + 2
    assert unit["KillMode"] == ["mixed"]
    assert unit["Restart"] == ["on-failure"]
    assert [int(code) for code in unit["RestartPreventExitStatus"][0].split()] == [Exit.USAGE]
    assert unit["StartLimitIntervalSec"] == ["0"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DynamicUser", "yes"),
        ("ProtectSystem", "strict"),
        ("StateDirectory", "news-monitor"),
        ("NoNewPrivileges", "yes"),
        ("PrivateTmp", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("CapabilityBoundingSet", ""),
        ("MemoryMax", "1G"),
    ],
)
def test_the_service_may_do_little(key: str, value: str) -> None:
    assert _unit()[key] == [value]
    assert "@system-service" in _unit()["SystemCallFilter"]


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    analyze, true = shutil.which("systemd-analyze"), shutil.which("true")
    if analyze is None or true is None:
        pytest.skip("systemd-analyze is not installed here")
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text("utf-8").replace("/opt/news-monitor/bin/monitor", true), "utf-8")
    done = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_the_containers_of_a_cluster_start_what_there_is() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    commands = re.findall(r"^    command: \[(\w+)\]$", text, flags=re.MULTILINE)
    assert commands == ["worker", "web"]
    assert set(commands) <= COMMANDS
    folder = _only("WORKDIR", FINAL)
    assert set(re.findall(rf":({folder}/\w+)", text)) == set(json.loads(_only("VOLUME", FINAL)))
    assert "@database/news" in text, "the server's name in it"
    needed = _all("RUN", STAGES[1])[1]
    assert all(f"extras['{extra}']" in needed for extra in ("postgres", "web"))
