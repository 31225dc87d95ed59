"""Places one matched article: a copy with its text, any other with the reports of the same event; all of it explained.

The deciding is done in `monitor.stories`; what is read and written here is bounded, however large the archive is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.links import article_id, names_page
from monitor.model import Article, Copy, Fingerprint, Joins, Opens, Placement
from monitor.store import Shelves
from monitor.stories import choose, fingerprint, joined, kept, moment_of, posted, sketch, ties, weigh


def place_article(shelves: Shelves, article: Article, outlet: str, at: datetime, within: timedelta) -> Placement:
    """Place an article among what was found `within` that span before `at`; what it ties together becomes one.

    A copy, or a report under a known headline, stands where that stands; any other joins the story of the same event.
    What a person said is kept to: stories that were split are not tied together again.
    """
    own = names_page(article.url) and article.id == article_id(article.url, "", "")  # else others stand there too
    mark = fingerprint(article.title, article.text, article.url if own else "")
    tied = ties(article, mark, shelves.stories.candidates(mark, at - within))
    apart = shelves.stories.apart(tied[0].story) if len(tied) > 1 else set()
    tied = tuple(tie for tie in tied if tie.story not in apart)
    if tied and isinstance(tied[0], Copy):
        placement: Placement = tied[0]
        shelves.stories.place(article.id, outlet, placement, mark, at)
    else:
        placement = _by_terms(shelves, article, outlet, at, at - within, mark, tied)
    if len(tied) > 1:
        shelves.stories.tie(article.id, tied, f"tied to it by «{article.title[:100]}» ({outlet}), which came later")
    return placement


def _by_terms(
    shelves: Shelves,
    article: Article,
    outlet: str,
    at: datetime,
    since: datetime,
    mark: Fingerprint,
    tied: Sequence[Copy | Joins],
) -> Placement:
    """Place what is no copy: under its headline's story, else in that of the same event; and remember its terms."""
    new = sketch(article.title, article.text, moment_of(article.published, article.url, article.text))
    shelves.sketches.learn(new.terms)
    counts, total = shelves.sketches.count(new.terms)
    weighed = weigh(new, counts, total)
    found_by = posted(new, weighed)
    near = shelves.sketches.near({key: weighed.weights[key] for key in found_by}, since)
    choice = choose(new, weighed, total, near)
    placement = tied[0] if tied else joined(new, choice) if choice.story else Opens(article.id)
    shelves.stories.place(article.id, outlet, placement, mark, at)
    shelves.sketches.keep(article.id, kept(new, weighed), weighed.norm, choice.crowd, found_by)
    return placement
