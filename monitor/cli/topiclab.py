"""The topic lab: `topics score` measures on labels of one's own, `topics try` shows what an edit would change,

`topics learn` corrects the rules by what the reader marked, `topics suggest` drafts a topic from examples.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from monitor.cli.common import DAYS, Exit, MisuseError, Paths, read_settings, reading, unknown
from monitor.cli.output import counted, echo_json, say
from monitor.jobs.rejudge import Change, Marked, Rejudged, judge_marked, on_marks, replay
from monitor.model import AllOf, AnyOf, Narrowed, Term
from monitor.settings.drafts import load_draft
from monitor.store import Hit, Shelves
from monitor.topics import TopicSet
from monitor.topics.learn import (
    MARGIN,
    Learned,
    Sample,
    TooFewMarksError,
    learn,
    words_of,
    write_models,
)
from monitor.topics.quality import Figures, Mistake, Quality, Rate, measure, read_labels
from monitor.topics.reasons import by_clause
from monitor.topics.suggest import LEAST_EXAMPLES, Example, suggest
from monitor.words import folded_words, spellings

CLAUSES_SHOWN = 5
WEIGHTS_SHOWN = 12
BACKGROUND = 2_000  # articles that examples are compared with


@click.command(short_help="Measure the topics on labelled texts.")
@click.argument("file", metavar="FILE.jsonl")
@click.option("--worst", type=click.IntRange(min=0), default=10, show_default=True, help="How many mistakes are shown.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def score(paths: Paths, file: str, worst: int, as_json: bool) -> int:
    """Measure the topics on labelled texts: precision, recall and F1, and the worst mistakes with their evidence.

    A line of the file is an object with "id", "title", "text", "topics" (a list of names) and, where known, "language".
    The brackets hold 95 % confidence intervals.
    """
    from monitor.extract.language import detect

    topics = read_settings(paths).topics
    rows = read_labels(file, read_file(file).splitlines(), [topic.name for topic in topics.topics])
    judged = [
        (row, topics.judge(row.title, row.text, language=row.language or detect(f"{row.title}\n{row.text}")))
        for row in rows
    ]
    quality = measure(judged)
    if as_json:
        echo_json({**_facts(quality), "mistakes": quality.mistakes[:worst]})
    else:
        _show(quality, worst)
    return Exit.OK


def read_file(name: str) -> str:
    """The text of a file that was named on the command line. Raises MisuseError saying why it cannot be read."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MisuseError(f"{name} cannot be read: {error.strerror}; give a text file") from None
    except UnicodeDecodeError as error:
        raise MisuseError(f"{name} is not UTF-8 text (byte {error.start}); convert it first") from None


def _facts(quality: Quality) -> dict[str, object]:
    return {
        "macro_f1": quality.macro_f1,
        "calibration_error": quality.calibration_error,
        "any_topic": quality.any_topic,
        "topics": quality.topics,
        "languages": quality.languages,
        "wrong": len(quality.mistakes),
    }


def _show(quality: Quality, worst: int) -> None:
    say(f"{counted(quality.any_topic.texts, 'text')}, {quality.any_topic.relevant} of them relevant", style="bold")
    say(f"macro F1 {quality.macro_f1:.3f}, expected calibration error {quality.calibration_error:.3f}")
    say()
    say(f"{'':<20} {'texts':>5} {'relevant':>8}  {'precision':<21}  {'recall':<21}  F1", style="bold")
    for name, found in quality.topics.items():
        _row(name, found)
    _row("any topic", quality.any_topic)
    say()
    say("any topic, by language", style="bold")
    for name, found in quality.languages.items():
        _row(name or "not stated", found)
    if quality.mistakes and worst:
        say()
        shown = min(worst, len(quality.mistakes))
        say(f"the worst {shown} of {counted(len(quality.mistakes), 'mistake')}", style="bold")
    for mistake in quality.mistakes[:worst]:
        _show_mistake(mistake)


def _row(name: str, found: Figures) -> None:
    shares = "  ".join(f"{rate_words(rate):<21}" for rate in (found.precision, found.recall, found.f1))
    say(f"{name:<20} {found.texts:>5} {found.relevant:>8}  {shares.rstrip()}")


def rate_words(rate: Rate | None) -> str:
    """A rate with its interval: "0.914 (0.871–0.944)"; a dash for None."""
    return f"{rate.value:.3f} ({rate.low:.3f}–{rate.high:.3f})" if rate else "—"


def _show_mistake(mistake: Mistake) -> None:
    verdict = mistake.verdict
    kind = "missed" if mistake.wanted else "wrongly found"
    say(f"{kind}: {verdict.topic} {verdict.score:.2f} of {verdict.threshold:.2f}, {mistake.id} “{mistake.title}”")
    for clause, weight, found in by_clause(verdict.evidence, CLAUSES_SHOWN):
        say(f"{clause}: {', '.join(found)}" if found else clause, after=f"    {weight:+5.2f}  ")
    if not verdict.evidence:
        say("nothing found", after=" " * 11)


@click.command("try", short_help="Show what edited topics would change.")
@click.argument("file", metavar="FILE|DIR")
@click.option("--days", type=DAYS, default=30, show_default=True, help="How far back to look.")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True, help="How many changes are shown.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def try_topics(paths: Paths, file: str, days: int, limit: int, as_json: bool) -> int:
    """Judge everything remembered by an edited topics.toml (or a folder with one) and list what would enter and leave.

    Nothing is changed. Concepts are the folder's own where it has any, else the configured ones. Topics that FILE does
    not hold are not looked at.
    """
    from monitor.settings.learned import with_learning

    edited = read_topics(paths.config, file)
    settings = read_settings(paths)
    topics, unused = with_learning(edited, settings)
    for problem in unused:
        click.echo(str(problem), err=True)
    feeds = {feed.name: feed for feed in settings.feeds}
    with reading(settings) as store:
        done = replay(store, topics, feeds, datetime.now(UTC) - timedelta(days=days))
        marked = judge_marked(store, topics, feeds)
    if as_json:
        echo_json(change_facts(done, limit) | {"marked": _marked_facts(marked)})
        return Exit.OK
    say(f"{counted(done.articles, 'article')} of the last {counted(days, 'day')}", style="bold")
    show_changes(done, limit, ("would enter", "would leave"))
    _show_marked(marked)
    return Exit.OK


def read_topics(config: Path, what: str) -> TopicSet:
    """The topics of a file or a folder; concepts from beside it or from the configuration. Raises ConfigError."""
    path = Path(what)
    file = path / "topics.toml" if path.is_dir() else path
    own = path if (path / "concepts").is_dir() else config
    files = {file.name: read_file(str(file))} | _concepts(own)
    return load_draft(files)


def _concepts(folder: Path) -> dict[str, str]:
    return {f"concepts/{one.name}": read_file(str(one)) for one in sorted((folder / "concepts").glob("*.toml"))}


def change_facts(done: Rejudged, limit: int) -> dict[str, object]:
    """What came of a replay or of judging again, for scripts."""
    return {
        "articles": done.articles,
        "judged": done.judged,
        "unread": done.unread,
        "entered": [_change_facts(change) for change in done.entered[:limit]],
        "left": [_change_facts(change) for change in done.left[:limit]],
        "entering": len(done.entered),
        "leaving": len(done.left),
    }


def _change_facts(change: Change) -> dict[str, object]:
    article = change.article
    facts = {"id": article.id, "title": article.title, "url": article.url, "outlet": change.outlet}
    return facts | {"found_at": article.found_at, "before": change.before, "after": change.after}


def show_changes(done: Rejudged, limit: int, words: tuple[str, str]) -> None:
    """What enters and what leaves, each topic by itself, the surest first."""
    for word, changes in zip(words, (done.entered, done.left), strict=True):
        say()
        say(f"{counted(len(changes), 'article')} {word}", style="bold")
        strongest = sorted(changes, key=lambda change: (change.after.topic, -change.telling.score))
        for change in strongest[:limit]:
            _show_change(change)
        if len(changes) > limit:
            say(f"… and {len(changes) - limit:,} more; --limit shows them")


def _show_change(change: Change) -> None:
    verdict, before = change.after, change.before
    old = f"{before.score:.2f}" if before is not None else "new"
    scores = f"{old} → {verdict.score:.2f} of {verdict.threshold:.2f}"
    say(f"“{change.article.title}” · {change.outlet}", after=f"{verdict.topic} {scores}  ")
    clauses = by_clause(change.telling.evidence, 1)
    if not change.entered:  # what spoke for it, and what speaks against it now
        now = by_clause(verdict.evidence, len(verdict.evidence))
        clauses += [one for one in now if one[1] <= 0][:1] or ([] if now else [("now nothing is found", 0.0, [])])
    for clause, weight, found in clauses:
        say(f"{clause}: {', '.join(found)}" if found else clause, after=f"    {weight:+5.2f}  ")


@click.command("learn", short_help="Learn from what was marked.")
@click.option("--topic", help="This topic alone.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def learn_topics(paths: Paths, topic: str | None, as_json: bool) -> int:
    """Learn a small correction of each topic's rule from what was marked, and keep it only where it is better.

    Precision and recall are cross-validated: each article is judged by what was learned from the others.
    Ends with code 1 when nothing was kept.
    """
    from monitor.settings.learned import learned_file

    settings = read_settings(paths)
    names = [one.name for one in settings.topics.topics]
    if topic is not None and topic not in names:
        raise unknown("topic", topic, names)
    with reading(settings) as store:
        marked = judge_marked(store, settings.topics, {feed.name: feed for feed in settings.feeds})
    learned: dict[str, Learned | str] = {}
    for name in [topic] if topic is not None else names:
        samples = [
            Sample(one.relevant, one.after, words_of(one.article.title, one.article.text)) for one in marked[name]
        ]
        try:
            learned[name] = learn(samples)
        except TooFewMarksError as error:
            learned[name] = str(error)
    file = learned_file(settings)
    _keep(file, learned)
    if as_json:
        echo_json({name: one if isinstance(one, str) else _learned_facts(one) for name, one in learned.items()})
    else:
        for name, one in learned.items():
            _show_learned(name, one, file)
    return Exit.OK if any(isinstance(one, Learned) and one.better for one in learned.values()) else Exit.NOT_WELL


def _keep(file: Path, learned: Mapping[str, Learned | str]) -> None:
    """Write what is better; what was learned before and is better no more goes, other topics' stay.

    A file that cannot be used was of no use to anybody, and is replaced whatever came of it.
    """
    from monitor.settings.learned import learned_models

    models, unusable = learned_models(file)
    kept = {name: one.model for name, one in learned.items() if isinstance(one, Learned) and one.better}
    after = {name: model for name, model in models.items() if name not in learned} | kept
    if after != models or unusable:
        new = file.with_suffix(".new")
        new.write_text(write_models(after), "utf-8")
        new.replace(file)


def _learned_facts(one: Learned) -> dict[str, object]:
    return {"before": one.before, "after": one.after, "kept": one.better, "model": one.model}


def _show_learned(name: str, one: Learned | str, file: Path) -> None:
    if isinstance(one, str):
        say(one, after=f"{name}: ")
        return
    say(f"{name}: {counted(one.model.marks, 'mark')}", style="bold")
    for word, found in (("rule alone", one.before), ("rule and model", one.after)):
        rates = f"precision {rate_words(found.precision)}, recall {rate_words(found.recall)}, F1 {rate_words(found.f1)}"
        say(rates, after=f"    {word:<15} ")
    if one.better:
        say(
            f"kept in {file}; a running daemon takes it up at SIGHUP, `monitor rejudge` applies it to the past",
            after="    ",
        )
        weights = {**one.model.words, **one.model.clauses}
        telling = sorted(weights, key=lambda part: -abs(weights[part]))[:WEIGHTS_SHOWN]
        say(", ".join(f"{part} {weights[part]:+.2f}" for part in telling), after="    heaviest: ")
    else:
        say(f"not kept: F1 must be better by {MARGIN}; the rule alone goes on", after="    ")


def _marked_facts(marked: Mapping[str, Sequence[Marked]]) -> dict[str, object]:
    pairs = {name: on_marks(each) for name, each in marked.items() if each}
    return {name: {"before": before, "after": after} for name, (before, after) in pairs.items()}


def _show_marked(marked: Mapping[str, Sequence[Marked]]) -> None:
    for name, each in marked.items():
        if each:
            say()
            say(f"{name}: {counted(len(each), 'marked article')}", style="bold")
            for word, one in zip(("before", "after"), on_marks(each), strict=True):
                say(f"precision {rate_words(one.precision)}, recall {rate_words(one.recall)}", after=f"    {word:<8}")


@click.command("suggest", short_help="Draft a topic from examples.")
@click.argument("query", metavar="WORDS…", nargs=-1, required=True)
@click.option("--from", "files", metavar="FILE", multiple=True, help="An example text instead of a search; repeatable.")
@click.option("--examples", type=click.IntRange(min=3, max=200), default=30, show_default=True, help="At most so many.")
@click.pass_obj
def suggest_topic(paths: Paths, query: tuple[str, ...], files: tuple[str, ...], examples: int) -> int:
    """Draft a topic called WORDS from articles of the archive that hold them, or from example texts.

    Printed is a topics.toml to be edited: concepts, phrases and words that are frequent in the examples and rare in the
    other articles of the archive.
    """
    settings = read_settings(paths)
    with reading(settings) as store, store.read() as shelves:
        hits = [] if files else _hits(shelves, query, examples)
        ids = {hit.article.id for hit in hits}
        remembered = shelves.articles.remembered(None, limit=BACKGROUND)
    found = [_example(read_file(file)) for file in files]
    found += [Example(hit.article.title, hit.article.text, hit.article.language) for hit in hits]
    others = [
        Example(one.article.title, one.article.text, one.article.language)
        for one in remembered
        if one.article.id not in ids
    ]
    title = " ".join(query)
    name = "-".join(word for word in folded_words(title) if word.isascii()) or "draft"
    if name in [topic.name for topic in settings.topics.topics]:
        name += "-draft"
    click.echo(suggest(name, title[:1].upper() + title[1:], found, others, _concepts(paths.config)), nl=False)
    return Exit.OK


def _hits(shelves: Shelves, query: Sequence[str], most: int) -> list[Hit]:
    """All words, or, where that is too rare, any of them; each in every spelling."""
    spelt = ([folded_words(way) for way in spellings(word)] for word in " ".join(query).split())
    words = tuple(AnyOf(tuple(Term(tuple(one)) for one in each if one)) for each in spelt if any(each))
    hits = shelves.search.ask(AllOf(words), Narrowed(), limit=most) if words else []
    return hits if len(hits) >= LEAST_EXAMPLES else shelves.search.ask(AnyOf(words), Narrowed(), limit=most)


def _example(text: str) -> Example:
    from monitor.extract.language import detect

    title, _, rest = text.strip().partition("\n")
    return Example(title.lstrip("# "), rest.strip(), detect(text))
