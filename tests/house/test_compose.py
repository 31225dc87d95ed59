"""deploy/compose.yaml is what the Compose specification allows, and agrees with the image; no engine is needed.

By github.com/compose-spec/compose-spec (05-services.md, 07-volumes.md, 12-interpolation.md), as far as the file goes.
What it starts is run in tests/scenarios/test_containers.py.
"""

import json
import re
from typing import Any

import pytest
import yaml

from monitor.cli import SECTIONS
from monitor.daemon import STOP_WITHIN
from tests.house.tree import ROOT

TEXT = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DURATION = re.compile(r"(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?")
IS = {  # a key of a service → what its value is here; the specification allows other forms too
    "image": str,
    "build": str,
    "command": list,
    "restart": str,
    "stop_grace_period": str,
    "read_only": bool,
    "cap_drop": list,
    "security_opt": list,
    "tmpfs": list,
    "environment": dict,
    "volumes": list,
    "depends_on": dict,
    "healthcheck": dict,
    "deploy": dict,
    "ports": list,
}


def _seconds(text: str) -> int:
    parts = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", text)
    assert parts is not None
    return int(parts[1] or 0) * 60 + int(parts[2] or 0)


def test_nothing_stands_in_it_twice_and_nothing_but_what_the_specification_knows() -> None:
    keys = re.findall(r"^(\S+):", TEXT, flags=re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert {key for key in COMPOSE if not key.startswith("x-")} <= {"name", "services", "volumes"}
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*", COMPOSE["name"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_one(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[a-zA-Z0-9._-]+", name)
    assert {key: type(value) for key, value in service.items()} == {key: IS[key] for key in service}
    assert ("image" in service) != ("build" in service)
    assert service["restart"] in ("no", "always", "on-failure", "unless-stopped")
    assert all(isinstance(value, str) for value in service["environment"].values())
    for other, how in service.get("depends_on", {}).items():
        assert other in SERVICES
        assert how == {"condition": "service_healthy"}
        assert "healthcheck" in SERVICES[other], "else it is never healthy"


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_mounted_is_there(name: str) -> None:
    for line in SERVICES[name]["volumes"]:
        source, target, *mode = line.split(":")
        assert target.startswith("/")
        assert mode in ([], ["ro"])
        if source.startswith("."):
            assert (ROOT / "deploy" / source).is_dir()
        else:
            assert source in COMPOSE["volumes"]


def test_the_database_keeps_its_data_where_its_image_does() -> None:
    database = SERVICES["database"]
    image, _, tag = database["image"].partition(":")
    assert image == "postgres"
    assert int(tag.split("-")[0]) >= 18, "before 18 its data are in /var/lib/postgresql/data"
    assert database["volumes"] == ["database:/var/lib/postgresql"]


def test_its_health_is_asked_as_often_as_a_start_needs() -> None:
    check = SERVICES["database"]["healthcheck"]
    assert set(check) == {"test", "interval", "retries"}
    assert DURATION.fullmatch(check["interval"])
    assert _seconds(check["interval"]) * check["retries"] >= 60, "the first start makes a database"
    kind, program, *arguments = check["test"]
    assert (kind, program) == ("CMD", "pg_isready")
    asked = dict(argument.removeprefix("--").split("=") for argument in arguments)
    environment = SERVICES["database"]["environment"]
    assert asked == {"username": environment["POSTGRES_USER"], "dbname": environment["POSTGRES_DB"]}


def test_the_password_is_given_from_outside_or_nothing_starts() -> None:
    given = re.findall(r"\$\{(\w+)(:?[?+-])([^}]*)\}", TEXT)
    assert given
    assert {(name, how) for name, how, _ in given} == {("MONITOR_DB_PASSWORD", ":?")}
    assert all(words for _, _, words in given)
    assert TEXT.count("$") == len(given) == 2


def test_the_programs_services_are_shut_in_and_have_time_to_stop() -> None:
    commands = {name for section in SECTIONS.values() for name in section}
    ours = {name: service for name, service in SERVICES.items() if "build" in service}
    assert set(ours) == {"worker", "desk"}
    for service in ours.values():
        assert (ROOT / "deploy" / service["build"] / "Dockerfile").is_file()
        assert service["command"][0] in commands
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert _seconds(service["stop_grace_period"]) > STOP_WITHIN + 2
    assert ours["worker"]["deploy"] == {"replicas": 2}
    assert "ports" not in ours["worker"], "several could not have one port"


def test_the_desk_is_reached_from_this_machine_alone() -> None:
    (port,) = SERVICES["desk"]["ports"]
    address, outside, inside = port.split(":")
    assert (address, outside) == ("127.0.0.1", inside)
    assert f'listen = "0.0.0.0:{inside}"' in TEXT, "what must stand in monitor.toml is said"


def test_places_are_those_of_the_image() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    found = re.search(r"^VOLUME (.*)$", dockerfile, flags=re.MULTILINE)
    assert found is not None
    for name in ("worker", "desk"):
        assert [line.split(":")[1] for line in SERVICES[name]["volumes"]] == json.loads(found[1])
