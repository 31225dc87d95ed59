"""An article as the judge sees it: numbered words, the sentence and the field of each.

Title and text share one numbering with a gap between them, so that nothing is ever "near" across the two.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor import words
from monitor.topics.inflect import bare_words

LONGEST_TEXT = 20_000  # characters that are judged; what matters in a news article stands before that
LONGEST_WORD = 60
LEAD = 300  # characters: the sentences that begin within them are the lead
_GAP = 1_000


class Token(NamedTuple):
    """One word: its number, its characters, the number of its sentence."""

    number: int
    raw: str
    folded: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Document:
    """Title and text split once, for all topics."""

    title: str
    text: str
    language: str
    source: str
    url: str
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]  # of the text; sentence 0 is the title, sentence n + 2 is sentences[n]
    lead_end: int  # characters of the text that are the lead
    _place: dict[int, Token] = field(repr=False, compare=False)

    def token(self, number: int) -> Token:
        """The word with that number."""
        return self._place[number]

    def field_of(self, number: int) -> str:
        """ "title", "lead" or "body"."""
        token = self._place[number]
        if token.sentence == 0:
            return "title"
        return "lead" if token.start < self.lead_end else "body"

    def shown(self, first: int, last: int) -> str:
        """The words from number `first` to `last` as they stand in the article."""
        start, end = self._place[first], self._place[last]
        return (self.title if start.sentence == 0 else self.text)[start.start : end.end]


def read_document(title: str, text: str, *, language: str = "", source: str = "", url: str = "") -> Document:
    """Split an article; never raises. What stands beyond `LONGEST_TEXT` characters is not judged."""
    title, text = title[:LONGEST_TEXT], text[:LONGEST_TEXT]
    spans = words.sentences(text)
    starts = [start for start, _ in spans]
    tokens: list[Token] = []
    for word in bare_words(title):
        _append(tokens, title, word, 0, 0)
    shift = len(tokens) + _GAP
    for word in bare_words(text):
        _append(tokens, text, word, shift, max(0, bisect_right(starts, word.start) - 1) + 2)
    lead_end = max((end for start, end in spans if start < LEAD), default=0)
    # One long unbroken sentence is not all lead.
    lead_end = min(lead_end, 2 * LEAD)
    place = {token.number: token for token in tokens}
    return Document(title, text, language, source, url, tuple(tokens), tuple(spans), lead_end, place)


def _append(tokens: list[Token], whole: str, word: words.Word, shift: int, sentence: int) -> None:
    if word.end - word.start > LONGEST_WORD:
        return
    number = (tokens[-1].number + 1) if tokens and tokens[-1].sentence and sentence else len(tokens) + shift
    tokens.append(Token(number, whole[word.start : word.end], word.folded, word.start, word.end, sentence))
