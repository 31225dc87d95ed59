"""An article as the judge sees it: numbered words, the sentence and the field of each.

Title and text share one numbering with a gap between them, so that nothing is ever "near" across the two. Words are
kept as they are written; whoever needs one folded folds it.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from monitor import words
from monitor.topics.inflect import bare_spans

LONGEST_TEXT = 20_000  # characters that are judged; what matters in a news article stands before that
LONGEST_TITLE = 1_000
LONGEST_WORD = 60
LEAD = 300  # characters: the sentences that begin within them are the lead
GAP = 1_000  # between the number of the last word of the title and that of the first word of the text


@dataclass(frozen=True, slots=True)
class Document:
    """Title and text split once, for all topics."""

    title: str
    text: str
    language: str
    source: str
    url: str
    country: str
    title_words: tuple[str, ...]  # numbered from 0
    text_words: tuple[str, ...]  # numbered from `first_of_text`
    spans: tuple[tuple[int, int], ...]  # of the words of title and text, in characters of the one or the other
    sentences: tuple[tuple[int, int], ...]  # of the text, in characters
    lead_end: int  # the number of the first word behind the lead
    sentence_ends: tuple[int, ...]  # of each sentence but the last: the number of the first word behind it

    @property
    def first_of_text(self) -> int:
        """The number of the first word of the text."""
        return len(self.title_words) + GAP

    def span(self, number: int) -> tuple[int, int]:
        """(start, end) of a word in characters of the title or of the text."""
        return self.spans[number if number < len(self.title_words) else number - GAP]

    def field_of(self, number: int) -> str:
        """ "title", "lead" or "body"."""
        if number < self.lead_end:
            return "title" if number < len(self.title_words) else "lead"
        return "body"

    def sentence_of(self, number: int) -> int:
        """-2 for the title, n for a word of `sentences[n]`."""
        return bisect_right(self.sentence_ends, number) if number >= len(self.title_words) else -2

    def shown(self, first: int, last: int) -> str:
        """The words from number `first` to `last` as they stand in the article."""
        whole = self.title if first < len(self.title_words) else self.text
        return whole[self.span(first)[0] : self.span(last)[1]]


def read_document(
    title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
) -> Document:
    """Split an article; never raises. What stands beyond `LONGEST_TEXT` (`LONGEST_TITLE`) characters is not judged."""
    title, text = title[:LONGEST_TITLE], text[:LONGEST_TEXT]
    title_spans, text_spans = _spans(title), _spans(text)
    sentences = tuple(words.sentences(text))
    starts = [start for start, _ in text_spans]
    # One long unbroken sentence is not all lead.
    lead = min(2 * LEAD, max((end for start, end in sentences if start < LEAD), default=0))
    first = len(title_spans) + GAP
    return Document(
        title,
        text,
        language,
        source,
        url,
        country,
        tuple([title[start:end] for start, end in title_spans]),
        tuple([text[start:end] for start, end in text_spans]),
        (*title_spans, *text_spans),
        sentences,
        first + bisect_left(starts, lead),
        tuple([first + bisect_left(starts, start) for start, _ in sentences[1:]]),
    )


def _spans(text: str) -> list[tuple[int, int]]:
    spans = bare_spans(text)
    if all(end - start <= LONGEST_WORD for start, end in spans):
        return spans
    return [(start, end) for start, end in spans if end - start <= LONGEST_WORD]
