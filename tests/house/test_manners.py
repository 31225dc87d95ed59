"""Sizes, docstrings, test twins, and what no file may hold."""

import ast
import re
from pathlib import PurePosixPath

from tests.house.tree import PACKAGE, ROOT, Module, all_code, expect_none, modules, own_texts

MOST_LINES = 400
MOST_FUNCTION_LINES = 60
BLIND = {"Exception", "BaseException"}
OUTER_LOOPS = {
    "monitor/daemon.py",
    "monitor/fetch/client.py",
    "monitor/jobs/couriers.py",
    "monitor/jobs/deliver.py",
    "monitor/jobs/drawing.py",
    "monitor/jobs/poll.py",
    "monitor/jobs/refetch.py",
    "monitor/jobs/websub.py",
    "monitor/web/works.py",
    "monitor/workers.py",
}

# Files without a test of their own, each with the reason.
NO_TWIN = {
    "monitor/store/filltables.py": "only tables; test_migrate.py compares them",
    "monitor/jobs/drawing.py": "the tests of digest and alert draw through it",
    "monitor/backfill/base.py": "only types and two short questions; every test of a rung asks them",
    "monitor/jobs/toolbox.py": "only types; every test of a job builds one",
    "monitor/model/reading.py": "only types, and their rules in tests/house/test_model.py",
    "monitor/model/telling.py": "only types, and their rules in tests/house/test_model.py",
    "monitor/topics/nodes.py": "only types; the tests of query and matching are about what they mean",
    "monitor/sources/base.py": "only a protocol; tests/contract runs it over every kind",
}
PAGES_AND_JOINTS = {"test_docs.py", "test_init.py"}  # a room's page in docs/, and what its `__init__` joins

MODULES = modules()
CODE = all_code()


def test_files_are_short() -> None:
    expect_none(
        f"{module.file}: {lines} lines" for module in CODE if (lines := len(module.text.splitlines())) > MOST_LINES
    )


def test_functions_are_short() -> None:
    expect_none(
        f"{module.file}:{one.lineno} {one.name}: {lines} lines"
        for module in CODE
        for one in module.functions
        if (lines := (one.end_lineno or 0) - one.lineno + 1) > MOST_FUNCTION_LINES
    )


def test_modules_say_what_they_do() -> None:
    """Except an empty `__init__`, which has nothing to say."""
    expect_none(module.file for module in CODE if module.text.strip() and not ast.get_docstring(module.syntax))


def test_public_names_say_what_they_do() -> None:
    expect_none(
        f"{module.file}:{node.lineno} {node.name}"
        for module in MODULES
        for node in module.syntax.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    )


def _twin(module: Module) -> str:
    path = PurePosixPath(module.file).relative_to("monitor")
    return str(PurePosixPath("tests/unit") / path.parent / f"test_{path.name}")


def _owes_a_twin(module: Module) -> bool:
    """`__init__` and `__main__` are tested through what they join; migrations all together, with the store."""
    return not module.path.name.startswith("__") and "migrations" not in module.path.parts


def test_modules_have_their_test_twins() -> None:
    without = [module.file for module in MODULES if _owes_a_twin(module) and not (ROOT / _twin(module)).is_file()]
    expect_none(f"{file}: write its test" for file in sorted(set(without) - set(NO_TWIN)))
    expect_none(f"{file}: needs no excuse in NO_TWIN" for file in sorted(set(NO_TWIN) - set(without)))


def test_test_twins_have_their_modules() -> None:
    """A unit test moves with its module; only those directly in tests/unit may be about shipped files instead."""
    twins = {_twin(module) for module in MODULES}
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    expect_none(
        test.file
        for test in modules("tests/unit")
        if test.path.name.startswith("test_")
        and test.path.name not in PAGES_AND_JOINTS
        and test.path.parent.name in rooms
        and test.file not in twins
    )


def test_blind_excepts_only_in_the_outer_loops() -> None:
    expect_none(
        f"{module.file}:{node.lineno}"
        for module in CODE
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or BLIND & {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)})
        and module.file not in OUTER_LOOPS
    )


def test_only_the_command_line_prints() -> None:
    expect_none(
        f"{module.file}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if module.room != "cli"
    )


def test_ignored_type_errors_name_their_code() -> None:
    expect_none(module.file for module in CODE if re.search(r"#\s*type:\s*ignore(?!\[)", module.text))


# gh-106052: Python before 3.11.5, which Debian has, goes on in the middle of a try that failed.
_POSSESSIVE_GROUP = re.compile(r"(?<![(\\])\)[*+?]\+")


def test_no_group_is_repeated_possessively() -> None:
    expect_none(
        f"{module.file}:{number}"
        for module in MODULES
        for number, line in enumerate(module.text.splitlines(), 1)
        if _POSSESSIVE_GROUP.search(line)
    )


# Put together from parts, so that this file passes its own test.
_REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    ]
]
_MACHINE_PATH = re.compile(r"(?<![\w.:/$}~-])/(?:home|root|Users|work|tmp/plan)/\S+")


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path, text in own_texts():
        found += [f"{path}: {match}" for match in _MACHINE_PATH.findall(text)]
        found += [f"{path}: {host}" for host in _REGISTRIES if re.search(rf"(?<![\w.-]){re.escape(host)}\b", text)]
    expect_none(found)
