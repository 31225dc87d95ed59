"""What publishers do to guids, addresses and dates: no item is stored twice, and none is lost.

Generated feeds go through the real `plan` and `finish` on a real archive: as they are, then changed and with new items,
then the same again, then back as they were. Each item says a word of its own; the archive must hold each word once.
What is remembered of entries that stand as they were noted must change nothing: each plan is made with it and without.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from monitor.digests import Renderer, make_environment
from monitor.evidence import Vault
from monitor.jobs.ingest import extraction, finish
from monitor.jobs.planning import plan
from monitor.jobs.toolbox import Toolbox
from monitor.model import Entry, Feed, FeedPage, FeedState
from monitor.store import open_store
from monitor.topics import load_topics
from tests.fakes import FakeWeb, FixedClock, HereExtractor
from tests.faults.mutations import MUTATIONS, START, edited
from tests.unit.jobs.conftest import LIMITS, TOPICS

WORDS = (
    "harbour tram library winter bread tower bridge choir market ferry orchard museum stadium teacher bakery canal"
    " lantern meadow railway quarry spring village castle archive garden kitchen painter sailor captain lecture"
).split()
NUMBERS = count(1)
LAST = [0]  # article numbers; the archive is one for all, for an empty one is dear


@dataclass(frozen=True)
class Desk:
    """A feed of its own within one archive."""

    tools: Toolbox
    feed: Feed
    before: int  # the number of the last article of the desks before it
    noted: list[str] = field(default_factory=list)  # of the state after each reading

    def read(self, entries: Sequence[Entry]) -> None:
        """One reading, as `jobs/poll` does it, without pages."""
        page = FeedPage(self.feed.title, "", "en", tuple(entries))
        at = self.tools.now()
        state = FeedState(self.feed.name, at)
        with self.tools.store.read() as shelves:
            anew = plan(shelves, self.feed, page, state, at)
            work = plan(shelves, self.feed, page, replace(state, noted="".join(self.noted[-1:])), at)
        assert work.items == anew.items
        assert work.renamed == anew.renamed
        assert (work.entries, work.known) == (anew.entries, anew.known)
        self.noted.append(work.state.noted)
        started = {item: self.tools.extractor.start(extraction(self.tools, work, item, None)) for item in work.items}
        finish(self.tools, [(work, {item: article() for item, article in started.items() if item.needs_text})])

    def told(self) -> Counter[str]:
        """How often each item's own word stands in the archive."""
        with self.tools.store.read() as shelves:
            kept = shelves.articles.remembered(None, after=self.before)
        texts = [f"{one.article.title} {one.article.text}" for one in kept if one.article.entry.feed == self.feed.name]
        return Counter(match.group() for text in texts if (match := re.search(r"word\d+", text)))


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toolbox]:
    clock = FixedClock(START + timedelta(days=30))
    store = open_store("sqlite://")
    web = FakeWeb(clock)
    yield Toolbox(
        store=store, fetcher=web, sources={}, extractor=HereExtractor(), topics=load_topics({"t.toml": TOPICS}),
        feeds={}, subscriptions=(), channels={}, renderer=Renderer(make_environment()),
        shipped_renderer=Renderer(make_environment()), limits=LIMITS, now=clock, jitter=lambda: 0.0,
        evidence=Vault(tmp_path_factory.mktemp("evidence")),
    )  # fmt: skip
    store.close()


def a_desk(tools: Toolbox) -> Desk:
    name = f"desk{next(NUMBERS)}"
    with tools.store.read() as shelves:
        before = max((one.number for one in shelves.articles.remembered(None, after=LAST[-1])), default=LAST[-1])
    LAST.append(before)
    return Desk(tools, Feed(name, f"https://{name}.example/feed", name, pages="never"), before)


def items(desk: Desk, first: int, number: int, policy: str, dated: bool, link: str, seed: int) -> list[Entry]:
    """Items `first` to `first + number` of a feed, newest first, each with a word of its own."""
    made = []
    for at in range(first, first + number):
        dice = random.Random(f"{seed} {at}")
        title = " ".join(dice.sample(WORDS, 6)).capitalize()
        slug = title.lower().replace(" ", "-")
        number_ = 740_000 + at * 37
        path = {"slug": f"news/2026/03/{slug}", "number": f"news/{number_}-{slug}", "query": f"story?id={number_}&s=a"}
        address = f"https://{desk.feed.name}.example/{path[link]}"
        guid = {
            "link": address,
            "tag": f"tag:{desk.feed.name}.example,2026:{number_}",
            "number": str(number_),
            "random": f"{dice.getrandbits(64):016x}-{at}",
            "headline": title,
            "one for all": "feed item",
            "none": "",
        }[policy]
        moment = START + timedelta(hours=5 * at, minutes=at % 50) if dated else None
        summary = f"{' '.join(dice.sample(WORDS, 9))} word{at} {' '.join(dice.sample(WORDS, 9))}."
        made.append(Entry(desk.feed.name, guid, address, title, summary, published=moment, language="en"))
    return made[::-1]


FEEDS = st.fixed_dictionaries(
    {
        "policy": st.sampled_from(["link", "tag", "number", "random", "headline", "one for all", "none"]),
        "dated": st.booleans(),
        "link": st.sampled_from(["slug", "number", "query"]),
        "seed": st.integers(0, 10**6),
    }
)
PROPERTY = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_there_are_sixty_mutations() -> None:
    assert len(MUTATIONS) >= 60


@pytest.mark.parametrize("name", MUTATIONS)
@PROPERTY
@given(made=FEEDS, number=st.integers(3, 6), new=st.integers(0, 2), part=st.integers(0, 3))
def test_nothing_is_lost_and_nothing_stored_twice(
    tools: Toolbox, name: str, made: dict[str, object], number: int, new: int, part: int
) -> None:
    desk = a_desk(tools)
    everything = items(desk, 0, number + new, **made)  # type: ignore[arg-type]
    before = everything[new:]

    def mutated(entry: Entry) -> Entry:  # all of them, or a part of them
        return MUTATIONS[name](entry) if not part or crc32(entry.title.encode()) % 4 != part else entry

    desk.read(before)
    assert desk.told() == {f"word{at}": 1 for at in range(number)}
    for entries in ([*map(mutated, everything)], [*map(mutated, everything)][::-1], everything, before[1:], everything):
        desk.read(entries)
        assert desk.told() == {f"word{at}": 1 for at in range(number + new)}


def _said(number: int) -> dict[str, int]:
    return {f"word{at}": 1 for at in range(number)}


def _unlike(entries: Sequence[Entry]) -> list[Entry]:
    """With headlines that have no word in common."""
    return [replace(entry, title=" ".join(WORDS[3 * at : 3 * at + 3])) for at, entry in enumerate(entries)]


PLAIN = {"policy": "number", "dated": True, "link": "slug", "seed": 7}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("form", "dated"), [("{}", True), ("{}", False), ("news-item-place-{}", True)])
def test_the_place_in_the_list_as_guid(tools: Toolbox, dated: bool, order: int, form: str) -> None:
    desk = a_desk(tools)
    everything = _unlike(items(desk, 0, 9, "none", dated, "slug", 7))
    for end in range(4, 10):
        window = everything[9 - end :][:5][::order]
        desk.read([replace(entry, id=form.format(place)) for place, entry in enumerate(window, 1)])
        assert desk.told() == _said(end)


def test_an_address_used_again_every_day(tools: Toolbox) -> None:
    desk = a_desk(tools)
    page = f"https://{desk.feed.name}.example/briefing"
    everything = [replace(entry, link=page) for entry in _unlike(items(desk, 0, 5, "tag", True, "slug", 7))]
    for end in range(1, 6):
        for _ in range(2):
            desk.read(everything[5 - end :][:1])
            assert desk.told() == _said(end)
    desk.read([replace(everything[0], title=edited(everything[0]))])
    assert desk.told() == _said(5)


def test_numeric_guids_used_again_after_removal(tools: Toolbox) -> None:
    desk = a_desk(tools)
    everything = items(desk, 0, 8, **PLAIN)  # type: ignore[arg-type]
    old, new = (
        everything[4:],
        [replace(entry, id=gone.id) for entry, gone in zip(everything[:4], everything[4:], strict=True)],
    )
    desk.read(old)
    for entries in (new, [*new, old[0]], new[1:], new):
        desk.read(entries)
        assert desk.told() == _said(8)


@pytest.mark.parametrize("policy", ["tag", "none", "one for all", "headline", "link"])
@pytest.mark.parametrize("dated", [True, False])
def test_posts_of_a_live_blog(tools: Toolbox, policy: str, dated: bool) -> None:
    desk = a_desk(tools)
    page = f"https://{desk.feed.name}.example/live/day"
    posts = [
        replace(entry, link=f"{page}#post-{at}", id=f"{page}#post-{at}" if policy == "link" else entry.id)
        for at, entry in enumerate(items(desk, 0, 7, policy, dated, "slug", 7))
    ]
    for start in (6, 5, 2, 0):  # the first time it is alone
        desk.read(posts[start : start + 4])
    desk.read([replace(post, title=edited(post)) for post in posts])
    desk.read(posts[:1])
    assert desk.told() == _said(7)


def test_posts_of_a_live_blog_of_which_the_feed_shows_the_last_alone(tools: Toolbox) -> None:
    desk = a_desk(tools)
    page = f"https://{desk.feed.name}.example/live/day"
    for at, entry in enumerate(items(desk, 0, 5, **PLAIN)[::-1], 1):  # type: ignore[arg-type]
        for _ in range(2):
            desk.read([replace(entry, link=f"{page}#post-{at}")])
            assert desk.told() == _said(at)


@pytest.mark.parametrize("policy", ["tag", "number", "random"])
def test_items_that_all_point_to_one_page(tools: Toolbox, policy: str) -> None:
    desk = a_desk(tools)
    show = f"https://{desk.feed.name}.example/show"
    everything = [replace(entry, link=show) for entry in items(desk, 0, 8, policy, True, "slug", 7)]
    for start in (5, 4, 2, 0):
        desk.read(everything[start : start + 5])
    desk.read([replace(entry, id="") for entry in everything])
    assert desk.told() == _said(8)


def test_the_same_words_every_day_are_items_of_their_own(tools: Toolbox) -> None:
    desk = a_desk(tools)
    for at in range(4):
        dated = at < 2
        link = f"https://{desk.feed.name}.example/weather/{at}"
        moment = START + timedelta(days=at) if dated else None
        desk.read([Entry(desk.feed.name, "", link, "Weather for tomorrow", f"word{at} rain", published=moment)])
    assert desk.told() == _said(4)


def test_listed_twice_is_one_item(tools: Toolbox) -> None:
    desk = a_desk(tools)
    entries = items(desk, 0, 4, **PLAIN)  # type: ignore[arg-type]
    twice = [*entries, *(replace(entry, id=f"again-{entry.id}") for entry in entries), *entries]
    for document in (twice, entries, twice[::-1]):
        desk.read(document)
        assert desk.told() == _said(4)


def test_identity_outlives_retention(tools: Toolbox) -> None:
    desk = a_desk(tools)
    entries = items(desk, 0, 4, **PLAIN)  # type: ignore[arg-type]
    desk.read(entries)
    with tools.store.begin() as shelves:
        assert shelves.articles.forget_texts(tools.now() + timedelta(days=1)) >= 4
    for change in (MUTATIONS["nothing"], MUTATIONS["host move"], MUTATIONS["guid goes"], MUTATIONS["promoted again"]):
        desk.read([change(entry) for entry in entries])
        assert desk.told() == {}


def test_an_edit_under_a_new_guid_reaches_the_article(tools: Toolbox) -> None:
    desk = a_desk(tools)
    (entry,) = items(desk, 0, 1, **PLAIN)  # type: ignore[arg-type]
    desk.read([entry])
    desk.read([replace(entry, id="new", title="Drones for the brigades are on their way")])
    with tools.store.read() as shelves:
        (kept,) = shelves.articles.history(entry.link)
    assert kept.stored is not None
    assert kept.stored.article.title == "Drones for the brigades are on their way"
    assert [revision.title for revision in kept.stored.revisions] == [entry.title]
    assert kept.item.identity == "id:new"
