"""Places one matched article: a copy with its text, any other with the reports of the same event; all of it explained.

What it brings together, or apart, of the stories around it is placed anew. The deciding is done in `monitor.stories`;
what is read and written here is bounded, however large the archive is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from monitor.links import article_id, names_page, short_hash
from monitor.model import Article, Copy, Fingerprint, Joins, Link, Neighbour, Opens, Placement, Sketch
from monitor.store import Shelves
from monitor.stories import (
    NEIGHBOUR,
    fingerprint,
    group,
    joined,
    kept,
    link,
    moment_of,
    names,
    posted,
    sketch,
    ties,
    weigh,
)
from monitor.stories.topical import Weighed


class Placed(Struct, frozen=True):
    """Where an article stands, and what else stands in another story since it came: the ids of articles and stories."""

    placement: Placement
    moved: Mapping[str, str] = field(default_factory=dict)


class _Newcomer(Struct, frozen=True):
    """An article that copies nothing, and what is compared of it."""

    article: Article
    new: Sketch
    weighed: Weighed
    total: float  # articles known
    near: Sequence[Neighbour]
    links: Mapping[int, Link]
    mark: Fingerprint
    outlet: str
    at: datetime


def place_article(shelves: Shelves, article: Article, outlet: str, at: datetime, within: timedelta) -> Placed:
    """Place an article among what was found `within` that span before `at`; what it ties together becomes one.

    A copy, or a report under a known headline, stands where that stands; any other joins the story of the same event,
    and reports around it may find that they fit another story better than their own.
    What a person said is kept to: stories that were split are not tied together again.
    """
    own = names_page(article.url) and article.id == article_id(article.url, "", "")  # else others stand there too
    mark = fingerprint(article.title, article.text, article.url if own else "")
    tied = ties(article, mark, shelves.stories.candidates(mark, at - within))
    apart = shelves.stories.apart(tied[0].story) if len(tied) > 1 else set()
    tied = tuple(tie for tie in tied if tie.story not in apart)
    moved: dict[str, str] = {}
    if tied and isinstance(tied[0], Copy):
        placement: Placement = tied[0]
        shelves.stories.place(article.id, outlet, placement, mark, at)
    else:
        newcomer = _newcomer(shelves, article, outlet, at, at - within, mark)
        placement, moved = _by_terms(shelves, newcomer, at - within, tied)
    if len(tied) > 1:
        reason = f"tied to it by «{article.title[:100]}» ({outlet}), which came later"
        moved |= shelves.stories.tie(article.id, tied, reason)
    return Placed(placement, moved)


def _newcomer(
    shelves: Shelves, article: Article, outlet: str, at: datetime, since: datetime, mark: Fingerprint
) -> _Newcomer:
    new = sketch(article.title, article.text, moment_of(article.published, article.url, article.text))
    shelves.sketches.learn(new.terms)
    counts, total = shelves.sketches.count(new.terms)
    weighed = weigh(new, counts, total)
    near = shelves.sketches.near({key: weighed.weights[key] for key in posted(new, weighed)}, since)
    return _Newcomer(article, new, weighed, total, near, link(new, weighed, near), mark, outlet, at)


def _by_terms(
    shelves: Shelves, one: _Newcomer, since: datetime, tied: Sequence[Copy | Joins]
) -> tuple[Placement, dict[str, str]]:
    """Place what is no copy: under its headline's story, else in that of the same event; and remember its terms."""
    article = one.article
    around = _around(one, tied)
    members, told, held = shelves.sketches.members(around, since) if around else ([], set(), set())
    myself = _as_neighbour(shelves, one, tied)
    groups = group([*members, myself], myself.number, told, held, one.total)
    stories = names(groups, myself.number, told)
    own = next(place for place, each in enumerate(groups) if myself in each)
    with_it = [each for each in groups[own] if each is not myself]
    if tied and tied[0].story not in {each.story for each in with_it}:
        placement: Placement = tied[0]  # nothing is known of what it is tied to but that
        groups[own] = with_it
    elif not with_it or not stories[own]:
        placement = Opens(article.id)
        stories[own] = article.id
    elif tied:
        placement = replace(tied[0], story=stories[own])
    else:
        placement = joined(one.new, one.weighed, _closest(myself, with_it), stories[own])
    shelves.stories.place(article.id, one.outlet, placement, one.mark, one.at)
    found_by = posted(one.new, one.weighed)
    shelves.sketches.keep(article.id, kept(one.new, one.weighed), one.weighed.norm, one.links, found_by)
    moved: dict[str, str] = {}
    for each, story in zip(groups, stories, strict=True):
        moved |= _moved(shelves, each, story, myself, members)
    return placement, moved


def _around(one: _Newcomer, tied: Sequence[Copy | Joins]) -> list[str]:
    """The stories that the article may belong to, those it is tied to first, then by what they have in common."""
    close: dict[str, float] = {}
    for each in one.near:
        close[each.story] = max(close.get(each.story, 0.0), one.links[each.number].close)
    found = [story for story, share in close.items() if share >= NEIGHBOUR]
    found.sort(key=lambda story: (-close[story], story))
    return list(dict.fromkeys([*(tie.story for tie in tied), *found]))


def _as_neighbour(shelves: Shelves, one: _Newcomer, tied: Sequence[Copy | Joins]) -> Neighbour:
    number = shelves.sketches.number(one.article.id)
    story = tied[0].story if tied else ""
    known = (number, one.article.id, story, one.new, one.weighed.norm, one.links, one.mark.title_key)
    return Neighbour(*known, one.article.title, one.outlet, one.at)


def _closest(one: Neighbour, others: Sequence[Neighbour]) -> Neighbour:
    """The one it has most in common with."""

    def common(other: Neighbour) -> float:
        link = one.links.get(other.number) or other.links.get(one.number)
        return link.close if link else 0.0

    return max((each for each in others if each is not one), key=common)


def _moved(
    shelves: Shelves, members: Sequence[Neighbour], story: str, myself: Neighbour, around: Sequence[Neighbour]
) -> dict[str, str]:
    """Put those of a group into its story that stand in another; a story of its own where that is ""."""
    going = [each for each in members if each is not myself and each.story != story]
    moved: dict[str, str] = {}
    if not going:
        return moved
    if not story:
        first = going[0]
        taken = shelves.stories.exists(first.article)
        story = short_hash("apart", *(each.article for each in going)) if taken else first.article
        moved |= shelves.stories.move(first.article, Opens(story, "set apart from its story, as later reports show"))
        going = going[1:]
    for each in going:
        moved |= shelves.stories.move(each.article, _seen_again(shelves, each, members, story))
    for old in {each.story for each in going}:
        if all(each in members for each in around if each.story == old):  # what is too old to be read goes along
            for article in shelves.stories.texts(old):
                reason = f"its story went into that of «{members[0].title[:100]}»"
                moved |= shelves.stories.move(article, Joins(story, reason))
    return moved


def _seen_again(shelves: Shelves, one: Neighbour, members: Sequence[Neighbour], story: str) -> Joins:
    """The placement of a known report in another story, with its reason in its own words."""
    other = _closest(one, members)
    known = sketch(*shelves.articles.wording(one.article), one.sketch.moment)
    placement = joined(known, weigh(known, *shelves.sketches.count(known.terms)), other, story)
    return replace(placement, reason=f"{placement.reason}, as later reports show")
