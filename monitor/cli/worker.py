"""`worker`: one of several that share an archive on a server."""

import os
import socket
from importlib.util import find_spec

import click

from monitor.cli.common import MisuseError, Paths, hold_reloads, opened, read_settings


@click.command()
@click.option("--hubs", is_flag=True, help="Be the one that hubs can reach ([websub] callback leads here).")
@click.pass_obj
def worker(paths: Paths, *, hubs: bool) -> None:
    """Take jobs from the queue of an archive on PostgreSQL until SIGTERM or Ctrl-C; any number, on any machine.

    Together they do what `monitor run` does alone, which must not run beside them. All need the same configuration and
    see the same archive folder; see docs/cluster.md. SIGHUP reads the configuration again.
    """
    if find_spec("procrastinate") is None:
        raise MisuseError("workers need one more package: pip install 'news-monitor[postgres]'")
    hold_reloads()
    from monitor.cluster import run_worker

    name = f"{socket.gethostname()} {os.getpid()} {os.urandom(3).hex()}"
    with opened(paths, holder=name) as app:
        if hubs and not app.settings.websub.callback:
            raise MisuseError(
                "--hubs needs [websub] callback in monitor.toml: the address at which hubs reach this worker"
            )
        run_worker(app, lambda: read_settings(paths), hubs=hubs)
