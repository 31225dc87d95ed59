"""Passwords, tokens and webhook addresses stay out of the configuration: `env:NAME` or `file:PATH` stand for them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitor.errors import Problem, nearest
from monitor.logs import hide

UNREAD = "unread"
LONGEST = 10_000  # characters; a secret file is one line, not a disk image


def resolve(
    table: Mapping[str, Any], environ: Mapping[str, str], folder: Path, *, file: str, where: str
) -> tuple[dict[str, Any], list[Problem]]:
    """The table with every `env:` and `file:` text, also in lists, replaced by what it stands for, and what failed.

    What is found is hidden from logs and errors from now on. A relative PATH starts at `folder`; white space around
    a file's text does not count. What failed becomes `UNREAD`, so that the rest of its table can still be checked.
    """
    resolved: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in table.items():
        texts = value if isinstance(value, list) else [value]
        found, failed = [], []
        for text in texts:
            read, problem = _read(text, environ, folder)
            found.append(read)
            if problem:
                message, hint = problem
                failed.append(Problem(file, f"{where} · {key}", message, hint))
        problems += failed
        resolved[key] = found if isinstance(value, list) else found[0]
    return resolved, problems


def _read(value: Any, environ: Mapping[str, str], folder: Path) -> tuple[Any, tuple[str, str] | None]:
    if not isinstance(value, str):
        return value, None
    if value.startswith("env:"):
        return _from_environment(value.removeprefix("env:"), environ)
    if value.startswith("file:"):
        return _from_file(folder, value.removeprefix("file:"))
    return value, None


def _from_environment(name: str, environ: Mapping[str, str]) -> tuple[str, tuple[str, str] | None]:
    if not environ.get(name):
        state = "is empty" if name in environ else "is not set"
        hint = nearest(name, sorted(environ)) or f"set it, for example: export {name}=…"
        return UNREAD, (f"the environment variable {name} {state}", hint)
    hide([environ[name]])
    return environ[name], None


def _from_file(folder: Path, name: str) -> tuple[str, tuple[str, str] | None]:
    try:
        path = folder / Path(name).expanduser()
    except RuntimeError:
        return UNREAD, (f"the file {name} cannot be found: there is no such user", "write the whole path")
    try:
        text = path.read_text("utf-8").strip()
    except OSError as error:
        return UNREAD, (f"the file {path} cannot be read: {error.strerror}", "create it or correct its path or rights")
    except UnicodeDecodeError:
        return UNREAD, (f"the file {path} is no text in UTF-8", "write the secret as one line of text")
    if not text or len(text) > LONGEST:
        return UNREAD, (
            f"the file {path} {'is empty' if not text else 'is too long'}",
            "it holds the secret and no more",
        )
    hide([text])
    return text, None
