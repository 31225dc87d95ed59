"""From a digest to the words on the page: which outlets, which extract, which evidence, in the reader's zone. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from urllib.parse import quote

from msgspec.structs import replace

from monitor.digests.alerting import passes
from monitor.digests.coverage import blind, coverage_view, warning
from monitor.digests.dates import days, is_part_of_a_day, moment, report_time, short_day
from monitor.digests.languages import direction, language_name
from monitor.digests.oneclick import LASTS, Act, Links
from monitor.digests.trend import trends
from monitor.digests.view import DigestView, Match, Outlet, SectionView, StoryView, Term
from monitor.digests.wording import clean, extract, listed, plural, stems, web_address
from monitor.model import Article, Correction, Digest, Evidence, Report, Story, Verdict, Window
from monitor.words import fold, sentences

_HEADLINE = 220  # characters; what is longer is cut at a word
_TERM = 60
_OUTLETS = 8
_COPIES = 12
_TERMS = 4
_NEWS = 5
_TOPICS_IN_SUBJECT = 6
_IN_PREVIEW = 3  # headlines; an inbox shows a line or two
_HEADLINE_IN_PREVIEW = 120
_PLACES = {"title": "headline", "lead": "lead", "body": "text"}
_READ_SLOWLY = timedelta(hours=1)
_FOUND_LATE = timedelta(hours=36)  # before the window: a date without a time may be a day too early
_LATE = "Late"
_WHY_LATE = (
    "From before the period of this digest: published well before it and found only now, or found then and a match only"
    " since a topic, or the article itself, was changed."
)
_TELLING = 3  # letters of a word that makes a term another one
_SUREST = 99  # per cent; nothing is certain
_STRENGTHS = ((0.75, "strong match"), (0.6, "clear match"), (0.0, "weak match"))


def present(digest: Digest, desk: str = "", key: bytes = b"") -> DigestView:
    """Everything a template may show of `digest`; equal digests give equal views.

    `desk`: its address, or ""; `key`: what links to it are signed by, b"" = there are none that do anything.
    """
    titles = {topic.name: clean(topic.title, 80) for topic in digest.topics}
    links = Links(desk, key, digest.subscription.name, digest.composed_at + LASTS) if desk and key else None
    shown = [
        (story.verdicts[0].topic, _linked(_story(rank, story, titles, digest), story, desk, links))
        for rank, story in ranked(digest)
    ]
    sections = tuple(_sections(titles, shown))
    counts = tuple((section.title, section.total) for section in sections if section.total)
    total = len(shown)
    title = clean(digest.subscription.title or digest.subscription.name, 80)
    end, zone = digest.window.end, digest.subscription.zone
    unseen = not total and blind(digest.coverage)
    views = [view for _, view in shown]
    summary = plural(total, "story", "stories") if total else "nothing could be read" if unseen else "nothing new"
    return DigestView(
        title=title,
        date=days(digest.window.start, end, zone),
        subject=_subject(digest, title, summary, counts, [view.headline for view in views]),
        summary=summary,
        counts=counts,
        nothing="" if total or unseen else f"Nothing new on {listed(tuple(titles.values()))}.",
        notice=clean(digest.notice, 400),
        warning=warning(digest),
        sections=sections,
        coverage=coverage_view(digest),
        unsubscribe=links.to(Act.UNSUBSCRIBE) if links else "",
        preview=clean(digest.notice, 400) or _preview(digest, views),
        trends=trends(digest),
    )


def _preview(digest: Digest, views: Sequence[StoryView]) -> str:
    """The best headlines; of an alert, whose subject has the first, how that goes on and which others there are."""
    headlines = [view.headline for view in views]
    if digest.subscription.alert is not None and views:
        headlines[0] = views[0].extract
    said = " · ".join(clean(each, _HEADLINE_IN_PREVIEW) for each in headlines[:_IN_PREVIEW] if each)
    return said or warning(digest) or coverage_view(digest).feeds


def _sections(titles: dict[str, str], shown: Sequence[tuple[str, StoryView]]) -> Iterator[SectionView]:
    """Each topic with the stories that fit it best, and where others stand that fit it, too; then what comes late."""
    for name, title in titles.items():
        stories = tuple(view for topic, view in shown if topic == name and not view.late)
        others = Counter(
            view.match.topic for topic, view in shown if topic != name and not view.late and _fits(view, title)
        )
        if stories or others:
            yield SectionView(title, stories, elsewhere=_elsewhere(others, bool(stories)))
    if late := tuple(view for _, view in shown if view.late):
        yield SectionView(_LATE, late, note=_WHY_LATE)


def _fits(view: StoryView, title: str) -> bool:
    return any(match.topic == title for match in view.also)


def _elsewhere(others: Counter[str], more: bool) -> str:
    """That so many stories, or so many more, stand under other titles."""
    if not others:
        return ""
    number = others.total()
    places = listed(
        tuple(f"{count} under {title}" if len(others) > 1 else f"under {title}" for title, count in others.items())
    )
    stories = plural(number, "more story", "more stories") if more else plural(number, "story", "stories")
    colon = ":" if len(others) > 1 else ""
    return f"{stories} on this {'stands' if number == 1 else 'stand'}{colon} {places}."


def _linked(view: StoryView, story: Story, desk: str, links: Links | None) -> StoryView:
    """The story with its page on the desk, and what its reader can say of it by a click."""
    if links is None:
        return replace(view, archive=_page(desk, story))
    topic = story.verdicts[0].topic
    article = _lead(story, topic)[0].article.id
    return replace(
        view,
        archive=_page(desk, story),
        relevant=links.to(Act.RELEVANT, article, topic),
        irrelevant=links.to(Act.IRRELEVANT, article, topic),
        mute=links.to(Act.MUTE, story.id),
    )


def _page(desk: str, story: Story) -> str:
    return f"{desk.rstrip('/')}/stories/{quote(story.id, safe='')}" if desk else ""


def _subject(
    digest: Digest, title: str, summary: str, counts: Sequence[tuple[str, int]], headlines: Sequence[str]
) -> str:
    """What the digest holds; an alert is too short to count and says it itself."""
    if digest.subscription.alert is not None and headlines:
        more = f" and {len(headlines) - 1:,} more" if len(headlines) > 1 else ""
        return f"{title}: {clean(headlines[0], 120)}{more}"
    window, zone = digest.window, digest.subscription.zone
    day = (moment if is_part_of_a_day(window.start, window.end) else short_day)(window.end, zone)
    return f"{title}, {day}: {summary}" + (f" — {_counted(counts)}" if counts else "")


def ranked(digest: Digest) -> Iterable[tuple[int, Story]]:
    """The stories to be shown, each with its rank, 1 the best; those that come late stand behind all others."""
    names = frozenset(topic.name for topic in digest.topics)
    shown = [story for story in digest.stories if story.verdicts and story.verdicts[0].topic in names]
    return enumerate(sorted(shown, key=lambda story: is_late(story, digest.window)), start=1)


def is_late(story: Story, window: Window) -> bool:
    """Whether all of it is from well before the window: found then, so that it matches only since a topic or the page
    was changed, or published then and found only now.

    What is found shortly before a window may have been read too slowly for the digest before. A correction is not late.
    """
    return not story.corrections and all(_from_before(report.article, window) for report in story.reports)


def _from_before(article: Article, window: Window) -> bool:
    published = article.published or window.end
    return article.found_at <= window.start - _READ_SLOWLY or published <= window.start - _FOUND_LATE


def _counted(counts: Sequence[tuple[str, int]]) -> str:
    if len(counts) == 1:
        return counts[0][0]
    parts = [f"{title} {number}" for title, number in counts[:_TOPICS_IN_SUBJECT]]
    rest = sum(number for _, number in counts[_TOPICS_IN_SUBJECT:])
    return ", ".join([*parts, f"others {rest}"] if rest else parts)


def _story(rank: int, story: Story, titles: dict[str, str], digest: Digest) -> StoryView:
    best, *others = story.verdicts
    lead, verdict = _lead(story, best.topic)
    article, own = lead.article, {each.topic: each for each in lead.verdicts}
    outlets, copies = _outlets(story, digest)
    return StoryView(
        rank=rank,
        headline=clean(article.title, _HEADLINE) or "(no headline)",
        url=web_address(article.url or article.entry.link),
        language=article.language,
        language_name="" if article.language in ("", "en") else language_name(article.language),
        direction=direction(article.language),
        outlets=outlets[:_OUTLETS],
        more_outlets=max(0, len(outlets) - _OUTLETS),
        copies=copies[:_COPIES],
        more_copies=max(0, len(copies) - _COPIES),
        update=_update(story, digest),
        told_as=clean(story.before.headline, _HEADLINE) if story.before else "",
        corrections=tuple(_correction(each) for each in story.corrections),
        extract=extract(_passage(story, verdict, article), article.text, article.title),
        match=_match(verdict, titles),
        terms=_terms(verdict.evidence),
        also=tuple(_match(own.get(one.topic, one), titles) for one in others if one.topic in titles),
        late=is_late(story, digest.window),
        live=article.live,
        at_once=passes(story, digest.subscription.alert) if digest.subscription.alert else "",
    )


def _update(story: Story, digest: Digest) -> str:
    told = {each.article for each in story.corrections}
    new = sum(report.article.id not in told for report in story.originals)
    if story.before is None or not new:
        return ""
    at, end, zone = story.before.at, digest.window.end, digest.subscription.zone
    today = short_day(at, zone) == short_day(end, zone) and end - at < timedelta(days=2)
    since = report_time(at, zone, seen_from=end) if today else short_day(at, zone)
    said = f"{plural(new, 'new report', 'new reports')} since {since}"
    news = ", ".join(clean(each, _TERM) for each in story.before.added[:_NEWS])
    return f"{said}; new: {news}" if news else said


def _passage(story: Story, verdict: Verdict, article: Article) -> str:
    """The sentence to begin the extract with: of an update the first that says something new."""
    news = story.before.added if story.before else ()
    told = (article.text[start:end] for start, end in sentences(article.text))
    return next((sentence for sentence in told if any(each in sentence for each in news)), verdict.passage)


def _correction(found: Correction) -> str:
    """The change in words, of one report."""
    changes = [f"“{clean(found.headline, _HEADLINE)}” → “{clean(found.now, _HEADLINE)}”"] if found.headline else []
    changes += [f"{clean(told, _TERM)} → {clean(now, _TERM)}" for told, now in found.figures]
    return f"{clean(found.outlet, 60)}: {'; '.join(changes)}"


def _lead(story: Story, topic: str) -> tuple[Report, Verdict]:
    """The report to print and its verdict on the topic: the earliest text that matches, before any copy of one.

    An earlier one of which the topic is less sure in words than of another is passed over: what is printed under
    a headline says why the story stands where it does.
    """
    own = _judged(story.originals, topic) or _judged(story.in_time, topic)
    best = max(_strength(verdict) for _, verdict in own)
    return next(each for each in own if _strength(each[1]) == best)


def _judged(reports: Iterable[Report], topic: str) -> list[tuple[Report, Verdict]]:
    return [(report, verdict) for report in reports for verdict in report.verdicts if verdict.topic == topic]


def _strength(verdict: Verdict) -> tuple[float, str]:
    return next(each for each in _STRENGTHS if verdict.score >= each[0])


def _match(verdict: Verdict, titles: dict[str, str]) -> Match:
    _, strength = _strength(verdict)
    return Match(titles[verdict.topic], min(_SUREST, round(100 * verdict.score)), strength)


def _terms(evidence: Iterable[Evidence]) -> tuple[Term, ...]:
    """The strongest terms, each once with all its places; what spoke against the topic is not shown.

    A term whose words all stand in stronger ones, but for the shortest, says nothing new.
    """
    weights: dict[str, float] = {}
    first: dict[str, str] = {}
    places: dict[str, set[str]] = {}
    for finding in evidence:
        term = clean(finding.term, _TERM)
        if finding.weight <= 0 or not term:
            continue
        key = fold(term)
        first.setdefault(key, term)
        weights[key] = weights.get(key, 0.0) + finding.weight
        places.setdefault(key, set()).add(_PLACES.get(finding.field, "text"))
    shown: list[str] = []
    said: set[str] = set()
    for key in sorted(weights, key=lambda key: (-weights[key], key)):
        new = (stems(key, _TELLING) or stems(key)) - said
        if len(shown) < _TERMS and new:
            shown.append(key)
            said |= new
    order = tuple(_PLACES.values())
    return tuple(Term(first[key], tuple(sorted(places[key], key=order.index))) for key in shown)


def _outlets(story: Story, digest: Digest) -> tuple[tuple[Outlet, ...], tuple[str, ...]]:
    """Who reported in own words, earliest first, and who only repeated those of another."""
    own: dict[str, Report] = {}
    for report in story.originals:
        own.setdefault(report.outlet, report)
    others = dict.fromkeys(report.outlet for report in story.in_time)
    copies = tuple(clean(outlet, 60) for outlet in others if outlet not in own)
    outlets = tuple(
        Outlet(
            name=clean(report.outlet, 60),
            when=_when(report, digest),
            first=len(own) > 1 and report is story.originals[0],
            url=web_address(report.article.url),
        )
        for report in own.values()
    )
    return outlets, copies


def _when(report: Report, digest: Digest) -> str:
    when = report_time(report.article.at, digest.subscription.zone, seen_from=digest.window.end)
    return when if report.article.published else f"seen {when}"
