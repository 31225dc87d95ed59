"""Which articles are one story: those that have, on average, enough in common. Pure and deterministic.

Average linkage (Sokal and Michener 1958) over the neighbourhood of a new article: what has most in common becomes one
group, then the next two, while the mean over all pairs of two groups stays above a threshold. So a report finds the
story that it fits as a whole, and later reports can bring together, or part, what stood otherwise before.

The threshold is not the same everywhere: in a crisis of many stories everything is alike. Each article has a crowd,
how alike it is to a row of other stories, of each to the one that is most alike; a part of that is taken off what it
has in common. Stories are counted, not reports: a great story is no crowd.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import log2

from monitor.model import Neighbour

NEIGHBOUR = 0.05  # what an article has in common with one of a story for that to be looked at
_THRESHOLD = 0.07
_YOUNG = 0.13  # more, in an archive that knows nothing yet of what is common; half of it after so many articles:
_GROWN = 18
_CROWD = 0.45
_CROWD_FROM, _CROWD_TO = 4, 9  # which of the other stories, by likeness, are the crowd
_GREAT = 0.006  # more for each doubling of the reports: stories that take in everything are stopped


def group(
    members: Sequence[Neighbour], new: int, told: Collection[str], held: Collection[str], total: float
) -> list[list[Neighbour]]:
    """The stories that the members make now, each in the order of `members`; `total` articles are known.

    What stays together: reports of one story under one headline, those of a story that were `told` (ids of articles),
    and all of a `held` story (ids of stories), which takes in nothing but the article numbered `new`.
    """
    groups = _Groups(members, held, new)
    for together in _together(members, told, held):
        for one, other in pairwise(together):
            groups.join(one, other)
    needed = _THRESHOLD + _YOUNG * _GROWN / (_GROWN + total)
    groups.grow(needed)
    return groups.found()


def names(groups: Sequence[Sequence[Neighbour]], new: int, told: Collection[str]) -> list[str]:
    """The story whose id each group keeps: that of most of its reports, before all of those that were told; or "".

    The id of a story goes to one group alone. The article numbered `new` has none yet.
    """
    votes = []
    for number, members in enumerate(groups):
        counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for each in members:
            if each.number != new:
                known, every = counts[each.story]
                counts[each.story] = (known + (each.article in told), every + 1)
        first = {each.story: each.number for each in reversed(members)}
        votes += [(-known, -every, first[story], story, number) for story, (known, every) in counts.items()]
    found = [""] * len(groups)
    for _, _, _, story, number in sorted(votes):
        if not found[number] and story not in found:
            found[number] = story
    return found


def _together(members: Iterable[Neighbour], told: Collection[str], held: Collection[str]) -> Iterable[list[int]]:
    same: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for each in members:
        if each.story in held:
            same[each.story, "held", ""].append(each.number)
            continue
        if each.title_key:
            same[each.story, "headline", each.title_key].append(each.number)
        if each.article in told:
            same[each.story, "told", ""].append(each.number)
    return same.values()


class _Groups:
    """Groups that grow together; named by the number of one of their articles."""

    def __init__(self, members: Sequence[Neighbour], held: Collection[str], new: int) -> None:
        self._order = {each.number: place for place, each in enumerate(members)}
        self._members = members
        self._new = new
        self._in = {number: [number] for number in self._order}  # group → its articles
        self._of = {number: number for number in self._order}  # article → its group
        self._held = {each.number for each in members if each.story in held}
        self._crowd = _crowds(members)
        self._sums: dict[int, dict[int, float]] = defaultdict(dict)  # of what two groups have in common
        for each in members:
            for other, link in each.links.items():
                if other in self._order and link.close > 0:
                    self._sums[each.number][other] = self._sums[other][each.number] = link.close

    def join(self, one: int, other: int) -> int:
        """Make one of the groups that hold these two articles; the name of it."""
        stays, goes = sorted((self._of[one], self._of[other]))
        if stays == goes:
            return stays
        for number in self._in[goes]:
            self._of[number] = stays
        self._in[stays] += self._in.pop(goes)
        self._crowd[stays] += self._crowd.pop(goes)
        if goes in self._held:
            self._held.add(stays)
        for other, common in self._sums.pop(goes, {}).items():
            del self._sums[other][goes]
            if other != stays:
                self._sums[stays][other] = self._sums[other][stays] = self._sums[stays].get(other, 0.0) + common
        return stays

    def grow(self, needed: float) -> None:
        """Join what has most in common, and so on, while that is at least so much."""
        heap = [
            (-mean, one, other)
            for one, others in self._sums.items()
            for other in others
            if one < other and (mean := self._mean(one, other)) >= needed
        ]
        heapify(heap)
        while heap:
            mean, one, other = heappop(heap)
            if one not in self._in or other not in self._in or self._mean(one, other) != -mean:
                continue  # one of them has grown since
            one = self.join(one, other)
            for other in self._sums[one]:
                if (grown := self._mean(one, other)) >= needed:
                    heappush(heap, (-grown, min(one, other), max(one, other)))

    def found(self) -> list[list[Neighbour]]:
        """The groups, those with the earliest members first."""
        places = sorted(sorted(self._order[number] for number in numbers) for numbers in self._in.values())
        return [[self._members[place] for place in group] for group in places]

    def _mean(self, one: int, other: int) -> float:
        """What two groups have in common on average, less what their crowds have."""
        if (one in self._held and self._in[other] != [self._new]) or (
            other in self._held and self._in[one] != [self._new]
        ):
            return 0.0
        here, there = len(self._in[one]), len(self._in[other])
        crowd = self._crowd[one] / here + self._crowd[other] / there
        return self._sums[one][other] / (here * there) - _CROWD * crowd / 2 - _GREAT * log2(here + there)


def _crowds(members: Sequence[Neighbour]) -> dict[int, float]:
    """How alike each is to stories that are not its own, those when it came and later ones; what is missing counts as
    nothing alike."""
    later: dict[int, dict[str, float]] = defaultdict(dict)
    story = {each.number: each.story for each in members}
    for each in members:
        for other, link in each.links.items():
            if other in story and story[other] != each.story:
                known = later[other]
                known[each.story] = max(known.get(each.story, 0.0), link.alike)
    crowds = {}
    for each in members:
        first = [link.alike for link in each.links.values() if link.first]
        ranked = sorted([*first, *later[each.number].values()], reverse=True)[_CROWD_FROM:_CROWD_TO]
        crowds[each.number] = sum(ranked) / (_CROWD_TO - _CROWD_FROM)
    return crowds
