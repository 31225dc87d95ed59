"""What of an article is compared to recognise copies: two MinHash signatures and its figures. Pure and deterministic.

The text is cut into runs of three folded words (shingles). One signature stands for all of them, a second for those of
the first 100 words: a copy that was cut down still begins alike. From two signatures the share of common shingles can
be estimated (Broder, "On the resemblance and containment of documents", 1997); with the numbers of words also how much
of the shorter text stands in the longer. Figures are kept beside, because series ("losses on day 641") repeat the
words and change the numbers.
"""

from functools import lru_cache
from hashlib import blake2b
from struct import pack, unpack

from msgspec import Struct
from rensa import RMinHash

from monitor.links import url_key
from monitor.model import Fingerprint
from monitor.words import folded_words, shingles

SHINGLE = 3  # words
_SEED = 20_221_010  # a change makes every remembered signature worthless
_WHOLE = 128  # permutations
_HEAD = 64
_HEAD_WORDS = 100
_ROWS = 3  # signature values in a band
_BANDS_WHOLE = 25
_BANDS_HEAD = 21
_FEWEST_WORDS = 20  # shorter texts tell nothing
_FEWEST_TITLE_WORDS = 5  # shorter headlines ("Air alert in Kyiv") are told of many events
_FEWEST_TITLE_LETTERS = 25
_MOST_FIGURES = 64
_FEWEST_FIGURES = 3  # fewer may differ by chance
_FIXED = 4 * (_WHOLE + _HEAD)


class Likeness(Struct, frozen=True):
    """How much two texts have in common, 0–1."""

    shared: float  # of the shorter text's shingles, how many stand in the longer
    begins: float  # of the shingles of both beginnings, how many are common
    figures: float  # of the figures of the one with fewer, how many stand in the other; 1.0 where there are few


def fingerprint(title: str, text: str, url: str) -> Fingerprint:
    """The fingerprint of an article, the same on every machine and in every run."""
    body, headline = folded_words(text), folded_words(title)
    signature, bands = _sign(body) if len(body) >= _FEWEST_WORDS else (b"", ())
    return Fingerprint(
        url_key=url_key(url),
        title_key=_title_key(headline),
        signature=signature,
        bands=bands,
        words=len(headline) + len(body),
    )


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """How much the texts behind two fingerprints have in common; nothing when one is too short to tell."""
    if not one.signature or not other.signature:
        return Likeness(0.0, 0.0, 1.0)
    (whole, head, figures), (whole_, head_, figures_) = _parts(one.signature), _parts(other.signature)
    resemblance = _equal(whole, whole_)
    shorter, longer = sorted((one.words, other.words))
    common = resemblance / (1 + resemblance) * (shorter + longer)
    return Likeness(
        shared=min(1.0, common / shorter),
        begins=_equal(head, head_),
        figures=_contained(figures, figures_),
    )


def _title_key(headline: list[str]) -> str:
    key = " ".join(headline)
    return key if len(headline) >= _FEWEST_TITLE_WORDS and len(key) >= _FEWEST_TITLE_LETTERS else ""


def _sign(body: list[str]) -> tuple[bytes, tuple[int, ...]]:
    whole = _minhash(body, _WHOLE)
    head = _minhash(body[:_HEAD_WORDS], _HEAD)
    figures = dict.fromkeys(_number(word) for word in body if word[0].isdigit())
    kept = tuple(figures)[:_MOST_FIGURES]
    bands = (*_bands(whole, _BANDS_WHOLE, b"w"), *_bands(head, _BANDS_HEAD, b"h"))
    return pack(f"<{_WHOLE + _HEAD + len(kept)}I", *whole, *head, *kept), bands


def _minhash(body: list[str], permutations: int) -> tuple[int, ...]:
    minhash = RMinHash(num_perm=permutations, seed=_SEED)
    minhash.update(list(shingles(body, SHINGLE)))
    return tuple(minhash.digest())


def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big")


def _bands(values: tuple[int, ...], count: int, kind: bytes) -> list[int]:
    """A number of 63 bits for each run of `_ROWS` values, so that every database can index it as a signed integer."""
    bands = []
    for band in range(count):
        run = pack(f"<cB{_ROWS}I", kind, band, *values[band * _ROWS : (band + 1) * _ROWS])
        bands.append(int.from_bytes(blake2b(run, digest_size=8).digest(), "big") >> 1)
    return bands


@lru_cache(maxsize=4_096)
def _parts(signature: bytes) -> tuple[tuple[int, ...], tuple[int, ...], frozenset[int]]:
    values = unpack(f"<{len(signature) // 4}I", signature)
    return values[:_WHOLE], values[_WHOLE : _WHOLE + _HEAD], frozenset(values[_FIXED // 4 :])


def _equal(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def _contained(one: frozenset[int], other: frozenset[int]) -> float:
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer >= _FEWEST_FIGURES else 1.0
