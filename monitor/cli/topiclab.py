"""`topics score`: how well the topics judge, on labels of one's own."""

from pathlib import Path

import click

from monitor.cli.common import Exit, MisuseError, Paths, read_settings
from monitor.cli.output import by_clause, counted, echo_json, say
from monitor.topics.quality import Figures, Mistake, Quality, Rate, measure, read_labels

CLAUSES_SHOWN = 5


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
    for name, figures in quality.topics.items():
        _row(name, figures)
    _row("any topic", quality.any_topic)
    say()
    say("any topic, by language", style="bold")
    for name, figures in quality.languages.items():
        _row(name or "not stated", figures)
    if quality.mistakes and worst:
        say()
        shown = min(worst, len(quality.mistakes))
        say(f"the worst {shown} of {counted(len(quality.mistakes), 'mistake')}", style="bold")
    for mistake in quality.mistakes[:worst]:
        _show_mistake(mistake)


def _row(name: str, figures: Figures) -> None:
    shares = "  ".join(f"{rate_words(rate):<21}" for rate in (figures.precision, figures.recall, figures.f1))
    say(f"{name:<20} {figures.texts:>5} {figures.relevant:>8}  {shares.rstrip()}")


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
