"""`python -m monitor` is the command line, and importing it starts nothing."""

import subprocess
import sys
from importlib import import_module

from monitor import __version__


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--version"], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"monitor, version {__version__}\n", "")


def test_importing_it_starts_nothing() -> None:
    """A worker process that is spawned imports its parent's main module."""
    assert import_module("monitor.__main__").main is import_module("monitor.cli").main
