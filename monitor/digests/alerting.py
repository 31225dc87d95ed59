"""Alerts: which stories are told at once, and whether this is the moment. Pure; an alert is a digest of a short window.

A story passes by its score and its independent outlets together, or by a watched name. What passes is gathered for a
moment, held through the quiet hours and beyond the hourly cap, and then told in one message.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from re import Pattern, escape
from re import compile as pattern
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from monitor.digests.wording import listed, plural, stems
from monitor.model import AlertRule, Story
from monitor.words import fold, folded_words, spellings

_PATIENCE = 5  # times the gathering time, after which an alert goes out though more keeps coming in
_HOUR = timedelta(hours=1)
_SUREST = 99  # per cent; nothing is certain, and so it is said of the match
_ADJECTIVES = ("ий", "ій", "ый", "ой", "ая", "яя", "ое", "ее")
_LAST = "аеєиіїйоуюяьыэ"  # what an ending takes the place of
_ENDINGS = "|".join(
    "а я у ю і ї и ы е є о ь й ом ем єм ою ею єю ам ям ами ями ах ях ів ов ев їв ей ові еві єві ого ому його йому ої "
    "ій ий им їм их їх ими їми ой ый ым ых ыми ая ую юю яя ое ее ые".split()
)
_CLOSED = pattern("([ії])([бвгґджзклмнпрстфхцчшщ])$")  # a last syllable whose vowel changes: Київ, Києва
_CHANGED = {"і": "[іое]", "ї": "[їє]"}
_SOFTENED = {"г": "з", "к": "ц", "х": "с"}  # before і: Рига, Ризі
# Of Polish, Czech, German …; shorter names would be other words with them.
_LATIN_ENDINGS = (
    (pattern("([kc])i$"), r"\1i(?:ego|emu|m|ch|mi)?"),  # Zełenski
    (pattern("([kc])y$"), r"\1(?:y|eho|emu|ym|ych|ymi)"),  # Zelenský
    (pattern("a$"), "(?:a|y|i|e|ie|o|ou|u|ej)"),  # Ukraina
    (pattern("$"), "(?:s|a|u|y|em|om|ie|owi|ovi)?"),  # Rheinmetall
)
_LATIN_FROM = 6  # letters


def passes(story: Story, rule: AlertRule) -> str:
    """Why the story is to be told at once, in words; "" when it is not.

    What is new of a told story is carried by those who were told of it before: their outlets count, too. What was found
    while the story rested is mostly the same told again, unless as many outlets say something new.
    """
    watched = next((name for name in rule.watch if _names(story, name)), "")
    if _repeats(story, rule, 1 if watched else rule.min_outlets):
        return ""
    if watched:
        return f"names {watched}"
    score = max((verdict.score for verdict in story.verdicts), default=0.0)
    before = story.before.outlets if story.before else frozenset()
    outlets = len(before | {report.outlet for report in story.originals})
    if score >= rule.min_score and outlets >= rule.min_outlets:
        return f"{min(_SUREST, round(100 * score))} %, {plural(outlets, 'independent outlet', 'independent outlets')}"
    return ""


def rested(story: Story, rule: AlertRule, now: datetime) -> bool:
    """Whether the story was not told yet, or long enough ago to tell what more is reported of it."""
    return story.before is None or now - story.before.at >= rule.cooldown


def _repeats(story: Story, rule: AlertRule, outlets: int) -> bool:
    """Whether all that is new of a told story was found while it rested, and nothing new in it has so many outlets."""
    if story.before is None or story.before.agreed >= outlets:
        return False
    until = story.before.at + rule.cooldown
    return all(report.article.found_at < until for report in story.originals)


def arrivals(story: Story, rule: AlertRule) -> list[datetime]:
    """When its reports came up to be told, from the one with which the story passed to the newest, in order of time."""
    reports = sorted(story.reports, key=lambda report: report.article.found_at)
    enough = bisect_left(
        range(1, len(reports)),
        True,
        key=lambda count: bool(passes(replace(story, reports=tuple(reports[:count])), rule)),
    )
    rest = story.before.at + rule.cooldown - rule.gather if story.before else datetime.min.replace(tzinfo=UTC)
    return [max(rest, report.article.found_at) for report in reports[enough:]]


def _names(story: Story, name: str) -> bool:
    """Whether a report has the name's words, one behind the other, in headline or text."""
    wanted = _as_written(name)
    return any(
        wanted.search(f" {' '.join(_words(text))} ")
        for report in story.reports
        for text in (report.article.title, report.article.text)
    )


def _words(text: str) -> list[str]:
    """The words of a text, folded; in Latin script what an apostrophe ties to a word is one of its own (l'Ukraine)."""
    return [part for word in folded_words(text) for part in (word.split("'") if word[0].isascii() else (word,))]


@lru_cache(maxsize=1_024)
def _as_written(name: str) -> Pattern[str]:
    """A name among folded words, with any ending of a case, as texts have them."""
    ways = (" ".join(map(_declined, _words(spelling))) for spelling in spellings(name))
    return pattern(f" (?:{'|'.join(ways)}) ")


def _declined(word: str) -> str:
    if not word.replace("'", "").isalpha() or len(word) < len("Рада"):
        return escape(word)
    if word.isascii():
        return _declined_latin(word) if len(word) >= _LATIN_FROM else word
    ending = 2 if word.endswith(_ADJECTIVES) and len(word) > 2 * len("Рад") else int(word[-1] in _LAST)
    stem = word[: len(word) - ending]
    if word[-1] == "а" and stem[-1] in _SOFTENED:
        return f"{escape(stem[:-1])}(?:{stem[-1]}(?:{_ENDINGS})?|{_SOFTENED[stem[-1]]}і)"
    closed = _CLOSED.search(stem) if ending == 0 or word[-1] == "ь" else None
    if closed:
        return f"{escape(stem[: closed.start()])}{_CHANGED[closed[1]]}{closed[2]}(?:{_ENDINGS})?"
    return f"{escape(stem)}(?:{_ENDINGS})?"


def _declined_latin(word: str) -> str:
    found, forms = next((found, forms) for last, forms in _LATIN_ENDINGS if (found := last.search(word)))
    return word[: found.start()] + found.expand(forms)


class Moment(Struct, frozen=True):
    """Whether an alert goes out now; if not, why not, in words."""

    now: bool
    held: str = ""


def moment(rule: AlertRule, zone: str, arrivals: Sequence[datetime], sent: Sequence[datetime], now: datetime) -> Moment:
    """Whether what waits is told now. `arrivals` of all waiting stories together (never empty); `sent`: when alerts of
    this subscription went out. All aware; `zone` is the reader's.
    """
    if is_quiet(rule, zone, now):
        return Moment(False, f"quiet hours until {rule.quiet[1]:%H:%M}" if rule.quiet else "")
    lately = [one for one in sent if now - one < _HOUR]
    if len(lately) >= rule.per_hour:
        return Moment(False, f"{plural(len(lately), 'alert', 'alerts')} in the last hour already")
    newest, oldest = max(arrivals), min(arrivals)
    if now - newest < rule.gather and now - oldest < _PATIENCE * rule.gather:
        return Moment(False, "more may be coming in")
    return Moment(True)


def is_quiet(rule: AlertRule, zone: str, now: datetime) -> bool:
    """Whether `now` is within the quiet hours, read as wall time in `zone`; they may go past midnight."""
    if rule.quiet is None:
        return False
    start, end = rule.quiet
    wall = now.astimezone(ZoneInfo(zone)).time().replace(tzinfo=None)
    return start <= wall < end if start < end else wall >= start or wall < end


def held_back(rule: AlertRule, zone: str, arrivals: Sequence[datetime], sent: Sequence[datetime], now: datetime) -> str:
    """What a message that comes later than it might says of it; "" when nothing was held back."""
    oldest = min(arrivals)
    if now - oldest <= _PATIENCE * rule.gather + timedelta(minutes=2):
        return ""
    since = oldest.astimezone(ZoneInfo(zone))
    if is_quiet(rule, zone, oldest) or is_quiet(rule, zone, oldest + rule.gather):
        return f"Held through the quiet hours since {since:%H:%M}."
    if sum(oldest - _HOUR < one for one in sent) >= rule.per_hour:
        return f"Held since {since:%H:%M}: no more than {plural(rule.per_hour, 'alert', 'alerts')} an hour."
    return ""


def spike_words(title: str, count: int, hours: int, usual: float, stories: Sequence[Story], rate: float) -> str:
    """That a topic is told of far more than usual, how rarely chance does that, and in which words.

    `usual` of them were expected in `hours`; `rate`: false alarms a day that chance may raise on one topic.
    """
    norm = f"where about {usual:.1f} are usual" if usual >= 0.1 else "where hardly any is usual"
    terms = _common_terms(stories)
    about = f" Most speak of {listed(tuple(f'“{term}”' for term in terms))}." if terms else ""
    seldom = f" Chance alone raises such an alert about once in {plural(round(1 / rate), 'day')} or less often."
    return f"Far more than usual on {title}: {count} stories in {hours} hours, {norm}.{about}{seldom}"


def _common_terms(stories: Sequence[Story]) -> list[str]:
    """What made more than one of the stories match, the most common first; at most three, of no common word."""
    shown: dict[str, str] = {}
    holders: Counter[str] = Counter()
    for story in stories:
        found = {fold(one.term): one.term for verdict in story.verdicts for one in verdict.evidence if one.weight > 0}
        shown |= {key: shown.get(key, term) for key, term in found.items()}
        holders.update(found.keys())
    common = (key for key in holders if key and holders[key] > 1)
    ranked = sorted(common, key=lambda key: (-holders[key], "…" in shown[key], -len(key), key))
    told: list[str] = []
    said: set[str] = set()
    for key in ranked:
        if said.isdisjoint(own := stems(key)):
            told.append(shown[key])
            said |= own
    return told[:3]
