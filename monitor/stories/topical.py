"""How much an article has in common with others that may report the same event in other words. Pure, deterministic.

Articles are vectors of weighed terms (tf · idf², so that what is rare decides); two of one event have a small angle.
Days between two reports, and headlines that name other places or figures, count against them. What follows for the
stories is decided in `averages`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from math import ceil, log, sqrt
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from monitor.model import Joins, Link, Neighbour, Sketch
from monitor.stories.grouping import named
from monitor.stories.terms import Kind, background, kind, state_of, weapons

_BACKGROUND = 195  # articles of which none held the term, so that a new archive knows what is rare
_HALF_LIFE = 2.5  # days
_FARTHEST = 0.4  # however many days
_UNKNOWN = 0.85  # one of them says no date
_OTHER_PLACES = 0.6
_OTHER_FIGURES = 0.9
_OTHER_WEAPONS = 0.4
_SERIES = 0.6  # of the words of two headlines
_WEIGHTS = {Kind.WORD: 1.0, Kind.FIGURE: 0.7, Kind.PLACE: 1.0, Kind.NAME: 1.0}
_EVERYWHERE = 0.2  # of all articles; what stands in so many parts nothing
_USUAL = {Kind.WORD: 0.02, Kind.FIGURE: 0.0, Kind.PLACE: 0.0, Kind.NAME: 0.0}  # of all articles, where it is not known
_NAMELESS = 0.75  # nothing that is shared names anything
_NAMED = 4  # terms in a reason
_KEPT = 140  # terms remembered of an article
_POSTED = 24  # of them, by which it is found


class Weighed(Struct, frozen=True):
    """The terms of an article in weights, and the length of that vector."""

    weights: Mapping[int, float]
    norm: float
    rare: Mapping[int, float]  # the rarity of each term


def rarity(key: int, counts: Mapping[int, float], total: float) -> float:
    """The squared inverse document frequency of a term, given how many of `total` articles hold it; by its kind."""
    sort = kind(key)
    count = counts.get(key, 0.0) + _BACKGROUND * background().get(key, _USUAL[sort])
    return float(log(1 + (total + _BACKGROUND) / (count + 0.5)) ** 2) * _WEIGHTS[sort]


def weigh(sketch: Sketch, counts: Mapping[int, float], total: float) -> Weighed:
    """The weights of the terms, given how many of `total` articles hold each."""
    rare = {key: rarity(key, counts, total) for key in sketch.terms}
    weights = {key: log(1 + often) * rare[key] for key, often in sketch.terms.items()}
    return Weighed(weights, sqrt(sum([weight * weight for weight in weights.values()])) or 1.0, rare)


def strongest(weighed: Weighed, most: int) -> list[int]:
    """The keys of the heaviest terms, the heaviest first."""
    return sorted(weighed.weights, key=lambda key: (-weighed.weights[key], key))[:most]


def link(new: Sketch, weighed: Weighed, near: Collection[Neighbour]) -> dict[int, Link]:
    """How much the article has in common with each of its neighbours, by their numbers."""
    twice = {key: weight * weighed.rare[key] for key, weight in weighed.weights.items()}
    telling = frozenset(key for key in new.terms if kind(key) is not Kind.WORD and not _is_everywhere(key))
    alike = {each.number: _cosine(weighed, twice, each) for each in near}
    found = {}
    seen = set()
    for each in sorted(near, key=lambda each: (-alike[each.number], each.number)):
        left = _closeness(new, each.sketch) * _names(telling, each.sketch)
        share = alike[each.number]
        found[each.number] = Link(share, share * left, each.story not in seen)
        seen.add(each.story)
    return found


def joined(new: Sketch, weighed: Weighed, other: Neighbour, story: str) -> Joins:
    """The placement in `story`, in which `other` is what the article has most in common with; the reason in words."""
    common = [key for key in weighed.weights if key in other.sketch.terms]
    common.sort(key=lambda key: (-weighed.weights[key] * log(1 + other.sketch.terms[key]), key))
    said = ", ".join(list(dict.fromkeys(new.shown[key] for key in common))[:_NAMED]) or "a headline"
    return Joins(story, f"shares {said}{_within(new, other)} with {named(other.title, other.outlet)}")


def _within(new: Sketch, other: Neighbour) -> str:
    if new.moment is None or other.sketch.moment is None:
        return ""
    hours = ceil(abs((new.moment - other.sketch.moment).total_seconds()) / 3600)
    return f" within {max(1, hours)} h"


def kept(new: Sketch, weighed: Weighed) -> Sketch:
    """What of a sketch is remembered: the heaviest terms, and all of the headline's."""
    keys = dict.fromkeys([*sorted(new.headline), *strongest(weighed, _KEPT)])
    return replace(new, terms={key: new.terms[key] for key in list(keys)[:_KEPT]}, shown={})


def posted(new: Sketch, weighed: Weighed) -> list[int]:
    """The keys by which the article is found, and finds others; none of a round-up, which nothing may join."""
    return [] if new.round_up else strongest(weighed, _POSTED)


def _cosine(weighed: Weighed, twice: Mapping[int, float], other: Neighbour) -> float:
    """How alike the two are, 0–1; `twice` holds the weights of the one times the rarities, as both sides have them."""
    terms = other.sketch.terms
    common = sum([twice[key] * log(1 + terms[key]) for key in twice.keys() & terms.keys()])
    return min(1.0, common / (weighed.norm * other.norm))


def _closeness(one: Sketch, other: Sketch) -> float:
    """0–1: what days, places and figures leave of a likeness."""
    left = _in_time(one.moment, other.moment)
    mine, theirs = _headline(one.headline), _headline(other.headline)
    if _differ(mine.places, theirs.places):
        left *= _OTHER_PLACES
    if _differ(mine.weapons, theirs.weapons):
        left *= _OTHER_WEAPONS
    if _differ(mine.figures, theirs.figures):
        left *= 0.0 if _same_words(mine, theirs) else _OTHER_FIGURES
    return left


def _names(telling: frozenset[int], other: Sketch) -> float:
    """Less than 1 where the two share none of what is `telling`: a name, a figure or a place not everywhere."""
    return _NAMELESS if telling.isdisjoint(other.terms) else 1.0


def _in_time(one: datetime | None, other: datetime | None) -> float:
    if one is None or other is None:
        return _UNKNOWN
    days = abs((one - other).total_seconds()) / 86_400
    return float(max(_FARTHEST, 2 ** (-days / _HALF_LIFE)))


class _Headline(NamedTuple):
    """The terms of a headline by what they are; places and figures without those that are everywhere."""

    places: frozenset[int]
    figures: frozenset[int]
    words: frozenset[int]  # and all places
    weapons: frozenset[int]


@lru_cache(maxsize=4_096)
def _headline(keys: frozenset[int]) -> _Headline:
    sorts = [(state_of(key), kind(key)) for key in keys]
    return _Headline(
        frozenset(key for key, sort in sorts if sort is Kind.PLACE and not _is_everywhere(key)),
        frozenset(key for key, sort in sorts if sort is Kind.FIGURE and not _is_everywhere(key)),
        frozenset(key for key, sort in sorts if sort is Kind.WORD or sort is Kind.PLACE),
        keys & weapons(),
    )


def _is_everywhere(key: int) -> bool:
    return background().get(key, 0.0) >= _EVERYWHERE


def _differ(mine: frozenset[int], theirs: frozenset[int]) -> bool:
    """Whether both headlines name places (figures), and none that the other article has."""
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _same_words(mine: _Headline, theirs: _Headline) -> bool:
    return len(mine.words & theirs.words) >= _SERIES * len(mine.words | theirs.words)
