"""The rung "warc": pages out of WARC files, for all feeds at once; how far one is read is committed with its items."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.backfill import Found, within
from monitor.backfill.addresses import site_of
from monitor.dates import stated_day
from monitor.jobs.filling import Filled, Patient, Portion, counted, fill
from monitor.jobs.planning import request_for
from monitor.jobs.toolbox import Toolbox
from monitor.links import canonical, names_page
from monitor.logs import get_logger
from monitor.model import Climb, ClimbState, Entry, Feed, Fresh, Via, Window
from monitor.store import Shelves
from monitor.warcs import Damage, Page, WarcItem, read_warc

log = get_logger(job="backfill")

RUNG = "warc"
PAGES_AT_ONCE = 100  # in one transaction
_FILES = ""  # the feed under which it is noted how far the files are read


class WarcWay(Struct):
    """Where the reading is. `watch` is told after each portion, with the share that is done."""

    toolbox: Toolbox
    web: Patient
    feeds: Sequence[Feed]
    span: Window
    via: Via
    job: str
    files: Sequence[Path]
    climbs: dict[str, Climb] = field(default_factory=dict)  # by feed

    def run(self, watch: Callable[[float], None]) -> None:
        """Read all files from where they were left. Raises OSError and ValueError of `read_warc`."""
        by_site = {site_of(feed.url): feed for feed in reversed(self.feeds)}
        here = self.climbs.get(_FILES) or Climb(self.job, _FILES, RUNG)
        start = {url: number for url, _, number, _ in here.cursor}
        if here.state is not ClimbState.OPEN:
            return
        sizes = [file.stat().st_size for file in self.files]
        for number, file in enumerate(self.files):
            before = sum(sizes[:number])
            portion: list[Page] = []
            for item in self._items(file, start.get(str(file), 0), by_site):
                if isinstance(item, Damage):
                    log.warning("a record of a WARC file is damaged", file=str(file), place=item.place, why=item.why)
                    where = (f"{file} at byte {item.place}", f"damaged record: {item.why}")
                    here = replace(here, failed=(*here.failed, where), failures=here.failures + 1)
                    continue
                if isinstance(item, Page):
                    portion.append(item)
                if len(portion) < PAGES_AT_ONCE and isinstance(item, Page):
                    continue
                here = self._commit(here, file, item.place + 1, portion, by_site)
                portion = []
                watch((before + item.place) / max(1, sum(sizes)))
                if self.toolbox.stopping():
                    return
            here = self._commit(here, file, sizes[number], portion, by_site)
            if self.toolbox.stopping():
                return
        self._close(here)

    def _items(self, file: Path, start: int, by_site: Mapping[str, Feed]) -> Iterator[WarcItem]:
        return read_warc(file, lambda url: site_of(url) in by_site and names_page(url), start)

    def _commit(self, here: Climb, file: Path, place: int, pages: Sequence[Page], by_site: Mapping[str, Feed]) -> Climb:
        """Ingest some pages, and note that the file is read up to `place`."""
        found: dict[str, dict[str, tuple[Found, Fresh]]] = defaultdict(dict)
        for page in pages:
            feed, link = by_site[site_of(page.url)], canonical(page.url)
            if page.at >= self.span.start and within(self.span, stated_day(link, page.at)):
                fresh = Fresh(request_for(feed, link, "page"), link, 200, page.headers, page.body, page.at)
                found[feed.name].setdefault(link, (Found(Entry(feed.name, link, link, "")), fresh))
        feeds = {feed.name: feed for feed in self.feeds}
        names = list(found)
        portions = [
            Portion(
                feeds[name], self.span, [one for one, _ in found[name].values()], self.via,
                {link: fresh for link, (_, fresh) in found[name].items()},
            )
            for name in names
        ]  # fmt: skip
        cursor = (*(one for one in here.cursor if one[0] != str(file)), (str(file), "text", place, ""))
        here = replace(here, cursor=cursor, documents=here.documents + len(pages))
        after: list[Climb] = []

        def note(shelves: Shelves, done: Sequence[Filled]) -> None:
            after[:] = [self._counted(name, len(found[name]), one) for name, one in zip(names, done, strict=True)]
            shelves.backfills.note(here, *after)

        fill(self.toolbox, self.web, portions, note)
        self.climbs |= {climb.feed: climb for climb in after}
        self.toolbox.passing("backfill: committed")
        return here

    def _counted(self, name: str, found: int, done: Filled) -> Climb:
        climb = self.climbs.get(name) or Climb(self.job, name, RUNG)
        return replace(counted(climb, done), found=climb.found + found)

    def _close(self, here: Climb) -> None:
        """All files are read: that is all they have."""
        words = f"{len(self.files)} files read" if len(self.files) > 1 else "the whole file"
        done = [replace(climb, state=ClimbState.COVERED, words=words) for name, climb in self.climbs.items() if name]
        state = ClimbState.COVERED if not here.failures else ClimbState.ENDED
        with self.toolbox.store.begin() as shelves:
            shelves.backfills.note(replace(here, state=state, words=words), *done)
