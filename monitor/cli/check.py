"""`check` and `version`: is the configuration right, and what is running here."""

import platform
from importlib.metadata import version as installed

import click

from monitor import __version__
from monitor.cli.common import Exit, Paths, place_of, read_settings
from monitor.cli.output import counted, echo_json, say
from monitor.errors import ConfigError

STANDS_ON = ("feedparser", "trafilatura", "apscheduler", "jinja2", "aiohttp", "sqlalchemy", "lark")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the mistakes as JSON.")
@click.pass_obj
def check(paths: Paths, as_json: bool) -> int:
    """Read the whole configuration and say every mistake at once, with its place and the nearest right word.

    Looks at text files only: nothing is visited, opened or sent.
    """
    from monitor.settings.learned import with_learning

    try:
        settings = read_settings(paths)
        if settings.broken_templates:  # the daemon does without; who asks is told
            raise ConfigError(settings.broken_templates)
    except ConfigError as error:
        if not as_json:
            raise
        echo_json({"config": str(paths.config), "problems": error.problems})
        return Exit.USAGE
    _, unused = with_learning(settings.topics, settings)
    if as_json:
        echo_json({"config": str(paths.config), "problems": [], "warnings": unused})
        return Exit.OK
    languages = {feed.language for feed in settings.feeds if feed.language}
    say(f"{paths.config}: no mistakes")
    say(f"{len(settings.feeds)} in {counted(len(languages), 'language')}", after="  feeds         ")
    say(", ".join(topic.name for topic in settings.topics.topics), after="  topics        ")
    if plain := settings.without_forms:
        say(f"in {', '.join(plain)} words match as written: no word forms are known", after="  languages     ")
    for problem in unused:
        say(str(problem), after="  learned       ", style="yellow")
    for one in settings.subscriptions:
        told = "at once" if one.alert else f"at {one.schedule} {one.zone}"
        say(f"{one.name}: {', '.join(one.topics)} {told} → {one.channel}", after="  subscription  ")
    say(str(settings.archive.folder), after="  archive       ")
    if place_of(settings) != str(settings.archive.folder):
        say(place_of(settings), after="  database      ")
    return Exit.OK


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def version(as_json: bool) -> None:
    """Say the versions, as a bug report needs them."""
    import monitor.store as store

    parts = {name: installed(name) for name in STANDS_ON} | {"sqlite": store.sqlite_version()}
    about = {"news-monitor": __version__, "python": platform.python_version(), "system": platform.platform(), **parts}
    if as_json:
        echo_json(about)
    else:
        for name, value in about.items():
            click.echo(f"{name:<14} {value}")
