"""Lets `python -m monitor` start the command line."""

from monitor.cli import main

main()
