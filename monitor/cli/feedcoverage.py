"""`feeds coverage`: what feeds never showed of what their sites' sitemaps list."""

from typing import TYPE_CHECKING

import click

from monitor.cli.common import Exit, Paths, opened, read_settings, reading
from monitor.cli.output import counted, echo_json, say
from monitor.dates import ago
from monitor.model import Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MUCH = 0.1  # a share worth a warning
_NONE_NOW = (
    "no feed can be compared yet: it takes one that was read for more than six hours, "
    "for what is newer may stand in its sitemap only"
)


@click.command("coverage", short_help="What feeds never showed of what their sitemaps list.")
@click.option("--now", "at_once", is_flag=True, help="Compare all feeds now instead of showing the last time.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def show_coverage(paths: Paths, at_once: bool, as_json: bool) -> int:
    """Show, for feeds whose site has a sitemap, the share of the last seven days' articles that the feed never showed.

    The daemon compares each feed once a week.
    """
    from datetime import UTC, datetime

    if at_once:
        with opened(paths, log_level="warning", existing=True) as app:
            app.compare()
    settings = read_settings(paths)
    with reading(settings) as store, store.read() as shelves:
        known = {feed.name for feed in settings.feeds}
        found = {name: one for name, one in shelves.backfills.comparisons().items() if name in known}
    if as_json:
        echo_json([{"comparison": one, "missed": one.missed if one.listed else None} for one in found.values()])
        return Exit.OK
    if not found:
        say(_NONE_NOW if at_once else "no feed was compared yet; the daemon does it once a week, --now at once")
        return Exit.OK
    _table(found, datetime.now(UTC))
    return Exit.OK


def _table(found: "Mapping[str, Comparison]", now: "datetime") -> None:
    wide = max(len(name) for name in found)
    compared = sorted((one for one in found.values() if one.listed), key=lambda one: (-one.missed, one.feed))
    if compared:
        say(f"{'feed':<{wide}}  {'never shown':>11}  {'listed':>6}  compared", style="bold")
    for one in compared:
        style = "yellow" if one.missed >= MUCH else ""
        say(f"{one.feed:<{wide}}  {one.missed:>11.0%}  {one.listed:>6,}  {ago(one.at, now)}", style=style)
    without = [one for one in found.values() if not one.listed]
    listed, shown = sum(one.listed for one in compared), sum(one.shown for one in compared)
    say()
    if compared:
        share = f"{(listed - shown) / listed:.0%}"
        say(f"{counted(len(compared), 'feed')}: {share} of {listed:,} articles listed were never shown", style="bold")
        say("`monitor backfill --feed NAME --since DAY --via sitemap` fetches what a feed does not show")
    if without:
        say(f"{counted(len(without), 'feed')} without a sitemap to compare with: {', '.join(o.feed for o in without)}")
