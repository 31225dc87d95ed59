"""The project's own files, read as data: what each module imports, defines and documents."""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "monitor"
_STANDARD = sys.stdlib_module_names | {"compression"}  # the latter since Python 3.14
_NOT_OURS = {"archive", "build", "demo", "dist", "node_modules"}  # made by running things here


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module. `late`: only when a function runs, or only for the type checker."""

    module: str
    line: int
    late: bool

    @property
    def library(self) -> str:
        """The third-party library it belongs to; "" for the standard library and for our own."""
        top = self.module.split(".")[0]
        return "" if top in _STANDARD or top in {"monitor", "tests"} else top


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: Path

    @property
    def file(self) -> str:
        """Its path from the project's root, with forward slashes."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def name(self) -> str:
        """Its dotted name; a package's is that of its `__init__`."""
        parts = list(self.path.relative_to(ROOT).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """The dotted name of the folder it stands in."""
        return ".".join(self.path.relative_to(ROOT).parts[:-1])

    @property
    def room(self) -> str:
        """The folder or file directly under `monitor/` that it belongs to; "" for the package itself."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def syntax(self) -> ast.Module:
        return ast.parse(self.text, self.file)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Every import, wherever it stands; `from package import module` counts as an import of that module."""
        return tuple(_imports(self.syntax, self.name, self.path.name == "__init__.py", late=False))

    @cached_property
    def own_imports(self) -> tuple[Import, ...]:
        return tuple(one for one in self.imports if one.module.split(".")[0] == "monitor")

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, also those inside others."""
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def _imports(node: ast.AST, importer: str, package: bool, *, late: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import():
                yield from (Import(alias.name, child.lineno, late) for alias in child.names)
            case ast.ImportFrom():
                base = _absolute(child, importer, package)
                for alias in child.names:
                    yield Import(f"{base}.{alias.name}" if _is_module(base, alias.name) else base, child.lineno, late)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from _imports(child, importer, package, late=True)
            case ast.If() if "TYPE_CHECKING" in ast.dump(child.test):
                yield from _imports(child, importer, package, late=True)
            case ast.Call(func=ast.Name("import_module"), args=[ast.Constant(str(module))]):
                yield Import(module, child.lineno, late)
            case _:
                yield from _imports(child, importer, package, late=late)


def _absolute(node: ast.ImportFrom, importer: str, package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = importer.split(".")
    above = parts[: len(parts) - node.level + package]
    return ".".join([*above, *([node.module] if node.module else [])])


def _is_module(base: str, name: str) -> bool:
    folder = ROOT.joinpath(*base.split("."))
    return (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()


@cache
def modules(folder: str = "monitor") -> tuple[Module, ...]:
    """The Python files below a folder of the project, in order of their paths; each is parsed once, whoever asks."""
    return tuple(Module(path) for path in sorted((ROOT / folder).rglob("*.py")) if "__pycache__" not in path.parts)


def all_code() -> tuple[Module, ...]:
    """Program, tests and benchmarks."""
    return modules() + modules("tests") + modules("benchmarks")


def own_texts() -> Iterator[tuple[str, str]]:
    """(path, text) of every text file that belongs to the project: code, pages, configuration, data."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
        made = parts[0] in _NOT_OURS and path.name != "README.md"
        if hidden or made or path.name == ".git" or "__pycache__" in parts or not path.is_file():
            continue
        try:
            yield "/".join(parts), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture, or a sample page in another encoding


def expect_none(wrong: Iterable[object]) -> None:
    """Fail with every offender on a line of its own."""
    if offenders := [str(one) for one in wrong]:
        pytest.fail("\n".join(offenders), pytrace=False)
