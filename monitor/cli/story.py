"""`story`: the timeline of one story, and what a person says of stories: merge, split, mute."""

from typing import Any

import click

from monitor.cli.common import Exit, MisuseError, Paths, choose, opened
from monitor.cli.output import counted, echo_json, say
from monitor.model import Copy, Story
from monitor.store import Shelves


class _ShownByDefault(click.Group):
    """`monitor story ID` is `monitor story show ID`."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_ShownByDefault)
def story() -> None:
    """A story's timeline (`monitor story ID`); merge and split by hand; mute what is to be told no more.

    ID is a story's, or an article's id or address; `monitor why URL` shows both ids.
    """


@story.command(short_help="The reports of one story, in order of time.")
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def show(paths: Paths, name: str, as_json: bool) -> int:
    """The reports in order of time: who was first, who copied whom, and why each stands there."""
    with opened(paths, workers=0, existing=True) as app, app.store.read() as shelves:
        found = shelves.stories.get(_known(shelves, name))
    assert found is not None
    if as_json:
        echo_json(_facts(found))
    else:
        _show(found)
    return Exit.OK


@story.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.pass_obj
def merge(paths: Paths, one: str, other: str) -> int:
    """Make two stories one, for good; the older id stays."""
    with opened(paths, workers=0, existing=True) as app, app.store.begin() as shelves:
        pair = _known(shelves, one), _known(shelves, other)
        if pair[0] == pair[1]:
            raise MisuseError(f"{one} and {other} are one story already: {pair[0]}")
        kept = shelves.rulings.merge(*pair, app.toolbox.now())
    say(f"one story now: {kept}")
    return Exit.OK


@story.command(short_help="Take articles out of their story into one of their own.")
@click.argument("articles", metavar="ARTICLE...", nargs=-1, required=True)
@click.pass_obj
def split(paths: Paths, articles: tuple[str, ...]) -> int:
    """Take articles, with the copies of them, out of their story into one of their own, for good."""
    with opened(paths, workers=0, existing=True) as app, app.store.begin() as shelves:
        articles = tuple(_article(shelves, one) for one in articles)
        stories = {shelves.stories.story_of(article) for article in articles}
        if len(stories) != 1 or "" in stories:
            raise MisuseError(
                "name articles, by id or address, that stand in one and the same story; `monitor story ID` lists them"
            )
        new = shelves.rulings.split(stories.pop(), articles, app.toolbox.now())
    if not new:
        raise MisuseError("nothing would be left of the story; name fewer articles")
    say(f"a story of their own: {new}")
    return Exit.OK


@story.command(short_help="Tell nothing more of a story.")
@click.argument("name", metavar="ID")
@click.option("--for", "subscription", metavar="NAME", default="", help="Only to this subscription.  [default: any]")
@click.pass_obj
def mute(paths: Paths, name: str, subscription: str) -> int:
    """Tell nothing more of a story, whatever is still reported of it; it stays in the archive."""
    with opened(paths, workers=0, existing=True) as app, app.store.begin() as shelves:
        known = _known(shelves, name)
        if subscription:
            choose(app.settings.subscriptions, subscription)
        shelves.wishes.mute(known, app.toolbox.now(), subscription)
    say(f"muted{f' for {subscription}' if subscription else ''}: {known}; `monitor story unmute {known}` takes it back")
    return Exit.OK


@story.command(short_help="Tell of a muted story again.")
@click.argument("name", metavar="[ID]", required=False)
@click.option("--for", "subscription", metavar="NAME", help="Only to this subscription.  [default: wherever muted]")
@click.pass_obj
def unmute(paths: Paths, name: str | None, subscription: str | None) -> int:
    """Tell of a muted story again, as soon as there is more of it. Without ID: list what is muted."""
    with opened(paths, workers=0, existing=True) as app, app.store.begin() as shelves:
        if name is None:
            _list_muted(shelves)
            return Exit.OK
        known = _known(shelves, name)
        if not shelves.wishes.unmute(known, subscription):
            raise MisuseError(f"{known} is not muted; `monitor story unmute` lists what is")
    say(f"no longer muted: {known}")
    return Exit.OK


def _list_muted(shelves: Shelves) -> None:
    found = shelves.wishes.muted()
    titles = {
        one.id: one.originals[0].article.title for one in shelves.stories.with_ids([each.story for each in found])
    }
    for one in found:
        say(titles.get(one.story, ""), after=f"{one.story}  {one.subscription or 'all'}  ")
    if not found:
        say("nothing is muted")


def _known(shelves: Shelves, name: str) -> str:
    found = shelves.rulings.story(name)
    if not found:
        raise MisuseError(f"there is no story or placed article {name}; `monitor why URL` shows the id of each")
    return found


def _article(shelves: Shelves, name: str) -> str:
    """The id of what was named by its id or its address."""
    placed = (one.stored for one in shelves.articles.history(name) if one.stored and one.stored.story)
    return next((stored.article.id for stored in placed), name)


def _show(found: Story) -> None:
    from monitor.stories import added

    own = {report.outlet for report in found.originals}
    copies = len(found.reports) - len(found.originals)
    say(f"{found.originals[0].article.title}", style="bold")
    sizes = (counted(len(found.reports), "report"), counted(len(own), "independent outlet"))
    say(f"story {found.id}: {', '.join(sizes)}, {counted(copies, 'copy', 'copies')}")
    originals = [report.article.id for report in found.originals]
    new = added(found.in_time)
    for report in found.in_time:
        article = report.article
        mark = "copy" if article.id not in originals else "first" if article.id == originals[0] else "own words"
        say()
        say(article.title, after=f"{article.at:%Y-%m-%d %H:%M}  ")
        say(f"{report.outlet}, {mark}; article {article.id}", after=" " * 18)
        say(report.placement.reason, after=" " * 18)
        if new[article.id] and article.id in originals[1:]:
            say(f"new: {', '.join(new[article.id])}", after=" " * 18)


def _facts(found: Story) -> dict[str, Any]:
    from monitor.stories import added

    new = added(found.in_time)
    originals = {report.article.id for report in found.originals}
    return {
        "story": found.id,
        "outlets": sorted({report.outlet for report in found.originals}),
        "first": found.originals[0].article.id,
        "reports": [
            {
                "article": report.article.id,
                "outlet": report.outlet,
                "title": report.article.title,
                "url": report.article.url,
                "published": report.article.published.isoformat() if report.article.published else None,
                "found": report.article.found_at.isoformat(),
                "own_words": report.article.id in originals,
                "copy_of": report.placement.of if isinstance(report.placement, Copy) else None,
                "reason": report.placement.reason,
                "added": list(new[report.article.id]),
            }
            for report in found.in_time
        ],
    }
