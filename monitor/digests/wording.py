"""Other people's words made fit to be shown, and our own put together. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from urllib.parse import quote

from monitor.links import canonical
from monitor.words import fold, sentences, words

_EXTRACT = 600  # characters
_FEWEST_WORDS = 4  # what is shorter than that ("Read more.") tells nothing
_REPEATS = 0.75  # of the words of weight, which have at least four letters
_STEM = 5  # letters
_JOINERS = frozenset("\u200c\u200d")  # invisible, but part of how words and emoji are written
_UNFIT = frozenset(("Cf", "Cs", "Co"))  # Unicode categories: invisible, half, private
_ADDRESS = 2_000  # characters


def clean(text: str, most: int) -> str:
    """One line of plain text, at most `most` characters: no control, direction-changing or half characters."""
    fit = text if text.isprintable() else "".join(_fit(character) for character in text)
    line = " ".join(fit.split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    word = head.rfind(" ")
    return (head[:word] if word > most // 2 else head).rstrip(" ,;:–—-") + "…"


def _fit(character: str) -> str:
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category in _UNFIT else character


def web_address(url: str) -> str:
    """The address where it is http(s), short enough and safe to print anywhere; "" otherwise."""
    address = quote(canonical(url.encode("utf-8", "ignore").decode()), safe="/:@!$&()*+,;=-._~?#[]%")
    return address if len(address) <= _ADDRESS else ""


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


@lru_cache(256)  # the desk shows what a digest will hold again and again
def extract(passage: str, text: str, headline: str) -> str:
    """Two sentences that tell more than the headline: those of `passage`, then those that follow it in `text`.

    A sentence that says little else than the headline gives way, unless there is no other; "" when all is an echo.
    """
    chosen, whole = _sentences(passage), _sentences(text)
    after = next((at + 1 for at, sentence in enumerate(whole) if chosen and sentence == chosen[-1]), 0)
    following = (sentence for sentence in whole[after:] if len(words(sentence)) >= _FEWEST_WORDS)
    known = stems(headline, 4)
    telling = (each for each in _once(chain(chosen, following)) if not _repeats(each, known))
    first, second = [*(list(islice(telling, 2)) or (chosen or whole)[:1]), "", ""][:2]
    both = clean(f"{first} {second}" if len(first) + len(second) < _EXTRACT else first, _EXTRACT)
    return "" if fold(both).rstrip(".") == fold(headline).rstrip(".") else both


def _sentences(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentences(text)]


def _once(sentences_: Iterable[str]) -> Iterator[str]:
    """Each of them where it comes first; no more of them are looked at than are taken."""
    seen: set[str] = set()
    for sentence in sentences_:
        if sentence not in seen:
            seen.add(sentence)
            yield sentence


def _repeats(sentence: str, known: set[str]) -> bool:
    """Whether nearly all words of weight stand in the headline, in whatever form ("orders", "ordered")."""
    said = stems(sentence, 4)
    return bool(said) and len(said & known) >= _REPEATS * len(said)


def stems(text: str, fewest_letters: int = 1) -> set[str]:
    """The beginnings of its words, so that most forms of a word compare equal in whatever language."""
    return {word.folded[:_STEM] for word in words(text) if len(word.folded) >= fewest_letters}


def plural(number: int, one: str, many: str = "") -> str:
    """ "1 story", "7 stories", "1,240 entries"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
