"""An article as the judge sees it: numbered words, the sentence and the field of each.

Title and text share one numbering with a gap between them, so that no words are ever near across the two; as a sentence
the title stands before the first one of the text. Words are kept as written; whoever needs one folded folds it.
"""

from bisect import bisect_left, bisect_right
from functools import cached_property

from msgspec import Struct

from monitor import words
from monitor.topics.inflect import bare_spans, bare_words

LONGEST_TEXT = 20_000  # characters that are judged; what matters in a news article stands before that
LONGEST_UNKNOWN = 8_000  # where the language is not known: a word may be one of twenty, which costs thrice
LONGEST_TITLE = 1_000
LONGEST_WORD = 60
LEAD = 300  # characters: the sentences that begin within them are the lead
GAP = 1_000  # between the number of the last word of the title and that of the first word of the text
_LEAD_SEEN = 3 * LEAD  # characters that are split to see where the lead ends


class Document(Struct, frozen=True, dict=True):
    """Title and text split once, for all topics.

    Where words and sentences stand is found out when it is first asked for: of most articles nobody asks.
    """

    title: str
    text: str
    language: str
    source: str
    url: str
    country: str
    title_words: tuple[str, ...]  # numbered from 0
    text_words: tuple[str, ...]  # numbered from `first_of_text`

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Of the words of title and text, in characters of the one or the other."""
        return (
            *_spans(self.title, len(self.title_words), self.language),
            *_spans(self.text, len(self.text_words), self.language),
        )

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Of the text, in characters."""
        return tuple(words.sentences(self.text))

    @cached_property
    def lead_end(self) -> int:
        """The number of the first word behind the lead."""
        seen = self.text[:_LEAD_SEEN]
        lead = min(2 * LEAD, words.end_of_lead(seen, LEAD))  # one long unbroken sentence is not all lead
        begun = _words(seen[:lead], self.language)
        if not begun or "".join(self.text_words[len(begun) - 1 : len(begun)]).startswith(begun[-1]):
            return self.first_of_text + len(begun)  # it ends behind or within that word
        return self.first_of_text + bisect_left(_kept(bare_spans(seen, self.language)), (lead, 0))

    @cached_property
    def sentence_ends(self) -> tuple[int, ...]:
        """Of each sentence but the last: the number of the first word behind it."""
        starts = [start for start, _ in self.spans[len(self.title_words) :]]
        first = self.first_of_text
        return tuple([first + bisect_left(starts, start) for start, _ in self.sentences[1:]])

    @cached_property
    def stated(self) -> dict[str, list[str]]:
        """What is stated of the article (`nodes.STATED`) → its words, folded."""
        return {
            "source": words.folded_words(self.source),
            "url": words.folded_words(self.url),
            "lang": words.folded_words(self.language),
            "country": words.folded_words(self.country),
        }

    @property
    def first_of_text(self) -> int:
        """The number of the first word of the text."""
        return len(self.title_words) + GAP

    def span(self, number: int) -> tuple[int, int]:
        """(start, end) of a word in characters of the title or of the text."""
        return self.spans[number if number < len(self.title_words) else number - GAP]

    def field_of(self, number: int) -> str:
        """ "title", "lead" or "body"."""
        if number < len(self.title_words):
            return "title"
        return "lead" if number < self.lead_end else "body"

    def sentence_of(self, number: int) -> int:
        """-1 for the title, n for a word of `sentences[n]`."""
        return bisect_right(self.sentence_ends, number) if number >= len(self.title_words) else -1

    def shown(self, first: int, last: int) -> str:
        """The words from number `first` to `last` as they stand in the article."""
        whole = self.title if first < len(self.title_words) else self.text
        return whole[self.span(first)[0] : self.span(last)[1]]


def read_document(
    title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
) -> Document:
    """Split an article; never raises.

    What stands beyond `LONGEST_TEXT` (`LONGEST_UNKNOWN`, `LONGEST_TITLE`) characters is not judged.
    """
    title, text = title[:LONGEST_TITLE], text[: LONGEST_TEXT if language else LONGEST_UNKNOWN]
    split = _words(title, language), _words(text, language)
    return Document(title, text, language, source, url, country, *split)


def _words(text: str, language: str) -> tuple[str, ...]:
    found = bare_words(text, language)
    if found and len(max(found, key=len)) > LONGEST_WORD:
        return tuple([word for word in found if len(word) <= LONGEST_WORD])
    return tuple(found)


def _spans(text: str, words_kept: int, language: str) -> list[tuple[int, int]]:
    spans = bare_spans(text, language)
    return spans if len(spans) == words_kept else _kept(spans)


def _kept(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(start, end) for start, end in spans if end - start <= LONGEST_WORD]
