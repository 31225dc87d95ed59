"""Who may import whom: the floors of ARCHITECTURE.md, the third-party libraries of each room, no rings."""

import re
import tomllib
from collections.abc import Callable, Iterable
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions

from tests.house.tree import ROOT, Import, Module, expect_none, modules

FLOORS: dict[int, frozenset[str]] = {
    0: frozenset(
        {"", "model", "errors", "words", "links", "logs", "options", "charset", "dates", "months", "addresses", "kinds"}
        | {"codes", "tomltext", "shields", "values"}
    ),
    1: frozenset({"sources", "extract", "topics", "stories", "digests", "pacing", "identity", "websub", "backfill"}),
    2: frozenset({"fetch", "store", "channels", "listener", "systemd", "evidence", "warcs", "cache"}),
    3: frozenset({"jobs"}),
    4: frozenset({"settings", "app", "daemon", "cluster", "workers"}),
    5: frozenset({"cli", "newsroom", "web", "__main__"}),
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}
SHARED_JOBS = {
    f"monitor.jobs{name}"
    for name in (
        "",
        ".backfill",
        ".claiming",
        ".climbing",
        ".drawing",
        ".filling",
        ".follow",
        ".ingest",
        ".placing",
        ".planning",
        ".proving",
        ".toolbox",
        ".warcfill",
        ".watch",
    )
}

LATE = {"monitor.app", "monitor.fetch", "monitor.jobs.heal", "monitor.settings.load"}  # what most starts do without

EVERYWHERE = frozenset({"msgspec"})  # values are made of it

# Room -> the libraries beyond the standard one that it may know. What is not here may know none.
LIBRARIES: dict[str, frozenset[str]] = {
    "options": frozenset({"pydantic"}),
    "logs": frozenset({"structlog"}),
    "sources": frozenset({"feedparser", "lxml"}),
    "extract": frozenset({"lxml", "py3langid", "tld", "trafilatura"}),
    "topics": frozenset({"ahocorasick", "lark", "pydantic", "simplemma", "sklearn", "snowballstemmer"}),
    "stories": frozenset({"rensa"}),
    "digests": frozenset({"cronsim", "css_inline", "jinja2"}),
    "fetch": frozenset({"aiohttp", "backports", "brotli", "protego", "pydantic", "yarl"}),
    "listener": frozenset({"aiohttp"}),
    "evidence": frozenset({"warcio"}),
    "store": frozenset({"alembic", "pysqlite3", "sqlalchemy"}),
    "channels": frozenset({"apprise", "feedgenerator", "pydantic", "slack_sdk"}),
    "settings": frozenset({"lxml", "pydantic"}),
    "warcs": frozenset({"fastwarc"}),
    "workers": frozenset({"pebble"}),
    "daemon": frozenset({"apscheduler"}),
    "cluster": frozenset({"procrastinate"}),
    "cli": frozenset({"click", "pyarrow", "rich"}),
    "newsroom": frozenset({"aiohttp", "jinja2"}),
    "web": frozenset({"argon2", "fastapi", "jinja2", "nh3", "prometheus_client", "pydantic", "starlette", "uvicorn"}),
}

# Declared, though no line of ours imports it, each with the reason.
NEVER_IMPORTED = {
    "cssselect": "the CSS selectors of section pages, which lxml hands to it",
    "lxml-html-clean": "trafilatura needs it, but old pips miss the extra it asks for",
    "psycopg": "the driver that SQLAlchemy loads for an archive on PostgreSQL",
    "pystemmer": "snowballstemmer is much faster where it is installed",
    "tzdata": "the time zones, where the system has none or old ones",
}

MODULES = modules()


def _room(imported: str) -> str:
    return imported.split(".")[1] if "." in imported else ""


def _allowed(module: Module, room: str) -> bool:
    """Whether a module may import from a room of this house."""
    here, there = FLOOR_OF[module.room], FLOOR_OF[room]
    if room == module.room or there == 0:
        return True
    match here:
        case 0 | 1 | 2:
            return False  # neither a sibling nor another working floor
        case 3:
            return there < 3
        case 4:
            return there <= 4
        case _:
            return there <= 4 or (module.room, room) in {("cli", "newsroom"), ("cli", "web"), ("__main__", "cli")}


def _wrong(rule: Callable[[Module, Import], bool], scope: Iterable[Module] = MODULES) -> list[str]:
    """Every import of the project's own modules that breaks a rule, with its place."""
    return [
        f"{module.file}:{one.line}: {one.module}"
        for module in scope
        for one in module.own_imports
        if not rule(module, one)
    ]


def test_every_room_has_its_floor() -> None:
    assert {module.room for module in MODULES} <= set(FLOOR_OF)


def test_imports_stay_on_the_allowed_floors() -> None:
    expect_none(_wrong(lambda module, one: _allowed(module, _room(one.module))))


def test_the_lowest_modules_know_nobody() -> None:
    lowest = [module for module in MODULES if module.room in {"model", "errors", "words"}]
    assert len(lowest) > 3
    expect_none(_wrong(lambda module, one: _room(one.module) in (module.room, "values"), lowest))


def test_of_jobs_only_ingest_watch_and_toolbox_are_shared() -> None:
    jobs = modules("monitor/jobs")
    expect_none(_wrong(lambda _module, one: _room(one.module) != "jobs" or one.module in SHARED_JOBS, jobs))


def test_a_child_does_not_import_its_parent() -> None:
    """A room's `__init__` imports its files, never the other way round."""
    children = [module for module in MODULES if module.path.name != "__init__.py" and "." in module.package]
    expect_none(_wrong(lambda module, one: one.module != module.package, children))


def test_own_modules_are_imported_late_only_where_a_start_would_wait_for_them() -> None:
    expect_none(_wrong(lambda module, one: not one.late or module.room == "cli" or module.name in LATE))


def test_libraries_stay_in_their_rooms() -> None:
    wrong = [
        f"{module.file}:{one.line}: {one.module}"
        for module in MODULES
        for one in module.imports
        if one.library and one.library not in EVERYWHERE | LIBRARIES.get(module.room, frozenset())
    ]
    expect_none(wrong)


def test_libraries_are_declared() -> None:
    """What is imported stands in pyproject.toml by its own name, not only as a dependency of a dependency."""
    owners = packages_distributions()
    declared = _declared("dependencies").union(*map(_declared, ("apprise", "learning", "parquet", "postgres", "web")))
    imported = {one.library for module in MODULES for one in module.imports if one.library}
    expect_none(
        f"{library}: from {', '.join(owners.get(library, ['a library that is not installed']))}"
        for library in sorted(imported)
        if declared.isdisjoint(_plain(name) for name in owners.get(library, []))
    )


def test_no_declared_library_is_left_over() -> None:
    owners = packages_distributions()
    imported = {one.library for module in MODULES for one in module.imports if one.library}
    used = {_plain(name) for library in imported for name in owners.get(library, [])}
    expect_none(sorted(_declared("dependencies") - used - NEVER_IMPORTED.keys()))


def _declared(name: str) -> set[str]:
    """The distributions that pyproject.toml asks for, always or in one of its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = {"dependencies": project["dependencies"], **project["optional-dependencies"]}[name]
    return {_plain(re.split(r"[\[<>=; ]", line)[0]) for line in lines}


def _plain(distribution: str) -> str:
    """A distribution's name with its spellings made equal (PEP 503)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_no_permission_is_left_over() -> None:
    """A library nobody in its room uses any more loses its place in the table."""
    used = {(module.room, one.library) for module in MODULES for one in module.imports}
    allowed = {(room, library) for room, libraries in LIBRARIES.items() for library in libraries}
    expect_none(f"{room}: {library}" for room, library in sorted(allowed - used))


def test_no_import_rings() -> None:
    """Late and type-only imports count too."""
    names = {module.name for module in MODULES}
    graph = {
        module.name: {one.module for one in module.own_imports if one.module in names} - {module.name}
        for module in MODULES
    }
    ring: list[str] = []
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring = error.args[1]
    expect_none([" → ".join(ring)] if ring else [])
