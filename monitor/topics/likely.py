"""Whether an article may match, told from its headline and the feed's words on it: is its page worth a visit? Pure.

The bar is low on purpose, for a page that is not fetched cannot be judged: what a topic requires is there and anything
speaks for it, or it is missing and three fifths of what a match needs is there (a fifth, where little was said).
`benchmarks/pages.py` measures what that saves and what it costs on labelled news; the shares are the cheapest that lose
no more than one match in a hundred.
"""

from msgspec import Struct

from monitor.topics.learn import Judge
from monitor.words import folded_words

WITH_REQUIRED = 0.1  # of the log-odds that a match needs, where all that the topic requires was found
WITHOUT = 0.6  # where not: the headline may leave out what the text will say
WITHOUT_IN_FEW = 0.2  # likewise, where few words were said: what is missing may just not have been reached
FEW_WORDS = 16  # of a summary
FEWEST_WORDS = 4  # beyond the headline's own; fewer tell nothing
_LOOKED_AT = 2_000  # characters of a feed's text; beyond that it is the article itself


class Outlook(Struct, frozen=True):
    """Whether an article may match, and why in words."""

    likely: bool
    reason: str


def likely(
    topics: Judge,
    title: str,
    summary: str,
    *,
    language: str = "",
    source: str = "",
    url: str = "",
    country: str = "",
) -> Outlook:
    """Whether an article of this headline and summary (plain text) could match any topic; never raises on any text."""
    summary = summary[:_LOOKED_AT]
    said = set(folded_words(title))
    words = folded_words(summary)
    bar = WITHOUT_IN_FEW if len(words) < FEW_WORDS else WITHOUT
    if sum(word not in said for word in words) < FEWEST_WORDS:
        return Outlook(True, "headline and summary are too short to tell")
    reached = topics.reached(title, summary, language=language, source=source, url=url, country=country)
    best, share = "", 0.0
    for topic, (part, complete) in reached.items():
        if part >= (WITH_REQUIRED if complete else bar):
            return Outlook(True, f"may match {topic}")
        if part > share:
            best, share = topic, part
    if not best:
        return Outlook(False, "nothing in headline and summary speaks for any topic")
    return Outlook(
        False, f"headline and summary speak too little for any topic: most for {best}, {share:.0%} of a match"
    )
