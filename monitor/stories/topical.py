"""Whether an article reports, in its own words, what a known story reports. Pure and deterministic.

Articles are vectors of weighed terms (tf · idf², so that what is rare decides); two of one event have a small angle.
How small is not the same everywhere: in a crisis of many stories everything is alike. So each article carries how
alike it was to *other* stories (its crowd), and of that, and of the likeness to the next best story, a part is taken
off: the threshold adapts itself. A story that has many reports asks for more, lest it take in all of a crisis. Days
between two reports, and headlines that name other places or figures, count against them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from math import ceil, log, log2, sqrt
from typing import NamedTuple

from monitor.model import Joins, Neighbour, Sketch
from monitor.stories.grouping import named
from monitor.stories.terms import Kind, background, kind

_THRESHOLD = 0.08
_YOUNG = 0.12  # more, in an archive that knows nothing yet of what is common; half of it after so many articles:
_GROWN = 30
_BACKGROUND = 150  # articles of which none held the term, so that a new archive knows what is rare
_CROWD = 0.3
_SECOND = 0.15  # of the likeness to the next best story: the choice must be clear
_CROWD_FROM, _CROWD_TO = 1, 6  # which of the other stories, by likeness, are the crowd
_GREAT = 0.01  # more for each doubling of the reports it has: stories that take in everything are stopped
_BEST = 0.1  # the weight of the most alike report of a story; the rest is the mean of all
_HALF_LIFE = 5.0  # days
_FARTHEST = 0.4  # however many days
_UNKNOWN = 0.85  # one of them says no date
_OTHER_PLACES = 0.7
_OTHER_FIGURES = 0.85
_SERIES = 0.6  # of the words of two headlines
_MOST_REPORTS = 12  # of a story, that are compared
_WEIGHTS = {Kind.WORD: 1.0, Kind.FIGURE: 0.7, Kind.PLACE: 1.0, Kind.NAME: 1.0}
_FEWEST = 2  # words that must be shared, where none is a name
_FEWEST_COMMON = 4  # where all are common ones
_EVERYWHERE = 0.2  # of all articles; what stands in so many parts nothing
_USUAL = {Kind.WORD: 0.02, Kind.FIGURE: 0.0, Kind.PLACE: 0.0, Kind.NAME: 0.0}  # of all articles, where it is not known
_NAMELESS = 0.8  # nothing that is shared names anything
_NAMED = 4  # terms in a reason
_KEPT = 140  # terms remembered of an article
_POSTED = 24  # of them, by which it is found


@dataclass(frozen=True, slots=True)
class Weighed:
    """The terms of an article in weights, and the length of that vector."""

    weights: Mapping[int, float]
    norm: float
    rare: Mapping[int, float]  # the rarity of each term


@dataclass(frozen=True, slots=True)
class Choice:
    """The story an article belongs to, None for one of its own; why; and what to remember of it."""

    story: str | None
    score: float
    crowd: float
    shared: tuple[int, ...] = ()  # keys, strongest first
    nearest: Neighbour | None = None


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


def choose(new: Sketch, weighed: Weighed, total: float, near: Sequence[Neighbour]) -> Choice:
    """The story that the article belongs to, if any, among those of its neighbours; `total` articles are known."""
    twice = {key: weight * weighed.rare[key] for key, weight in weighed.weights.items()}
    telling = frozenset(key for key in new.terms if kind(key) is not Kind.WORD and not _is_everywhere(key))
    alike = {each.article: _cosine(weighed, twice, each) for each in near}
    by_story: dict[str, list[Neighbour]] = defaultdict(list)
    for each in sorted(near, key=lambda each: (-alike[each.article], each.article)):
        by_story[each.story].append(each)
    scores: list[tuple[float, str]] = []
    crowds = {}
    for story, members in by_story.items():
        others = [alike[other[0].article] for name, other in by_story.items() if name != story]
        crowds[story] = crowd = _crowd(others)
        members = members[:_MOST_REPORTS]
        found = [
            alike[each.article] * _closeness(new, each.sketch) * _names(telling, each.sketch)
            - _CROWD * (crowd + each.crowd) / 2
            for each in members
        ]
        score = _BEST * max(found) + (1 - _BEST) * sum(found) / len(found)
        score -= _SECOND * max(others, default=0.0) + _GREAT * log2(len(members))
        scores.append((score, story))
    scores.sort(key=lambda one: (-one[0], one[1]))
    crowd_of_all = _crowd([alike[members[0].article] for members in by_story.values()])
    if not scores:
        return Choice(None, 0.0, crowd_of_all)
    score, story = scores[0]
    nearest = by_story[story][0]
    shared = _shared(weighed, nearest.sketch)
    if new.round_up or score < _needed(total) or not _telling(new, shared):
        return Choice(None, score, crowd_of_all, nearest=nearest)
    return Choice(story, score, crowds[story], shared, nearest)


def _needed(total: float) -> float:
    return _THRESHOLD + _YOUNG * _GROWN / (_GROWN + total)


def _telling(new: Sketch, shared: Sequence[int]) -> bool:
    """Whether what is shared can be no accident: a name or a figure, or words that are not all common ones."""
    if any(kind(key) in (Kind.NAME, Kind.FIGURE) for key in shared):
        return True
    said = {new.shown[key].lower() for key in shared}
    return len(said) >= (_FEWEST if any(key not in background() for key in shared) else _FEWEST_COMMON)


def joined(new: Sketch, choice: Choice) -> Joins:
    """The placement that follows from a choice, with the reason in words. The choice names a story."""
    assert choice.story is not None
    assert choice.nearest is not None
    other = choice.nearest
    said = list(dict.fromkeys(new.shown[key] for key in choice.shared))[:_NAMED]
    return Joins(choice.story, f"shares {', '.join(said)}{_within(new, other)} with {named(other.title, other.outlet)}")


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


def _crowd(likenesses: list[float]) -> float:
    """How alike the article is to stories that it does not belong to; what is missing counts as nothing alike."""
    ranked = sorted(likenesses, reverse=True)[_CROWD_FROM:_CROWD_TO]
    return sum(ranked) / (_CROWD_TO - _CROWD_FROM)


def _closeness(one: Sketch, other: Sketch) -> float:
    """0–1: what days, places and figures leave of a likeness."""
    left = _in_time(one.moment, other.moment)
    mine, theirs = _headline(one.headline), _headline(other.headline)
    if _differ(mine.places, theirs.places):
        left *= _OTHER_PLACES
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


@lru_cache(maxsize=4_096)
def _headline(keys: frozenset[int]) -> _Headline:
    sorts = [(key, kind(key)) for key in keys]
    return _Headline(
        frozenset(key for key, sort in sorts if sort is Kind.PLACE and not _is_everywhere(key)),
        frozenset(key for key, sort in sorts if sort is Kind.FIGURE and not _is_everywhere(key)),
        frozenset(key for key, sort in sorts if sort is Kind.WORD or sort is Kind.PLACE),
    )


def _is_everywhere(key: int) -> bool:
    return background().get(key, 0.0) >= _EVERYWHERE


def _differ(mine: frozenset[int], theirs: frozenset[int]) -> bool:
    """Whether both headlines name places (figures), and none that the other article has."""
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _same_words(mine: _Headline, theirs: _Headline) -> bool:
    return len(mine.words & theirs.words) >= _SERIES * len(mine.words | theirs.words)


def _shared(weighed: Weighed, other: Sketch) -> tuple[int, ...]:
    common = [key for key in weighed.weights if key in other.terms]
    return tuple(sorted(common, key=lambda key: (-weighed.weights[key] * log(1 + other.terms[key]), key)))
