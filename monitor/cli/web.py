"""`web`: the desk without the daemon, and what its door needs: a password, tokens."""

import signal
from importlib.util import find_spec
from threading import Event

import click

from monitor.cli.common import Exit, MisuseError, Paths, opened
from monitor.cli.output import say

LEAST = 10  # characters of a password


@click.command(short_help="The desk in the browser, without the daemon.")
@click.option("--password", "hashing", is_flag=True, help="Ask for a password and print its hash for monitor.toml.")
@click.option("--token", metavar="NAME", help="Make a token for the API and print what goes into monitor.toml.")
@click.option("--scope", type=click.Choice(["read", "write"]), help="Of that token.  [default: read]")
@click.pass_obj
def web(paths: Paths, hashing: bool, token: str | None, scope: str | None) -> int:
    """Open the desk on the archive of this configuration until Ctrl-C; a daemon may run beside it, or not.

    With [web] enabled = true the daemon opens it itself.
    """
    want_the_extra()
    from monitor.web.access import new_token, password_hash
    from monitor.web.desk import serving

    if scope and not token:
        raise MisuseError("--scope is that of a token; give --token NAME as well")
    if hashing:
        password = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
        if len(password) < LEAST:
            raise MisuseError(f"a password has at least {LEAST} characters; a few words in a row are a good one")
        say(f'password = "{password_hash(password)}"')
        return Exit.OK
    if token:
        secret, digest = new_token()
        say(f"The token, shown only now: {secret}")
        say("Into monitor.toml:")
        say(f'[[web.token]]\nname = "{token}"\ndigest = "{digest}"\nscope = "{scope or "read"}"')
        return Exit.OK
    stop = Event()
    with opened(paths, workers=0, log_level="warning") as app, serving(app) as address:
        say(f"the desk is open at {address}; Ctrl-C closes it")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # the last when its terminal is closed
            signal.signal(number, lambda _number, _frame: stop.set())
        while not stop.wait(0.5):
            pass
    return Exit.OK


def missing_extra() -> list[str]:
    """The libraries of the desk that are not installed."""
    return [name for name in ("argon2", "fastapi", "nh3", "prometheus_client", "uvicorn") if find_spec(name) is None]


def want_the_extra() -> None:
    """Raises MisuseError where a library of the desk is missing."""
    if missing := missing_extra():
        what = f"the desk needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed"
        raise MisuseError(f"{what}; pip install 'news-monitor[web]'")
