"""What leaving pages alone saves, and which matches it loses, on labelled news of which only the beginning is shown.

    python benchmarks/pages.py [--config config] [FILE ...]

Each text stands for a page. A feed is taken to give its headline and first sentence; `topics.likely` says from these
whether the page is fetched. A match is lost when the whole text matches a topic and the page is left alone. Files are
JSON Lines as for `monitor topics score`; without any, the project's own labelled texts and, where they lie beside it,
the evaluation set's. These are near misses: of a feed's usual news far more is left alone.
"""

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.settings.load import load_topic_files
from monitor.topics import TopicSet, likely
from monitor.words import sentences

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "tests" / "quality" / "topics.jsonl"
EVALUATION = ROOT.parent / "shared" / "eval" / "topics-dev.jsonl"


@dataclass(frozen=True, slots=True)
class Trade:
    """What came of one set of texts."""

    texts: int
    matching: int  # by the whole text
    fetched: int
    lost: tuple[str, ...]  # ids of texts that match and were left alone
    others_fetched: int  # of the texts that match nothing
    milliseconds: float  # CPU of one decision

    def __str__(self) -> str:
        others = self.texts - self.matching
        return (
            f"{self.texts} texts: {self.fetched} pages fetched ({self.fetched / self.texts:.1%}),"
            f" {len(self.lost)} of {self.matching} matches lost ({len(self.lost) / max(1, self.matching):.2%});"
            f" of {others} that match nothing {others - self.others_fetched} left alone"
            f" ({1 - self.others_fetched / max(1, others):.1%}); {self.milliseconds:.2f} ms each"
        )


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    start, end = next(iter(sentences(text)), (0, 0))
    return text[start:end]


def measure(topics: TopicSet, rows: Iterable[dict[str, str]]) -> Trade:
    """The trade on labelled rows (`id`, `title`, `text`, `language`)."""
    matching = fetched = others_fetched = 0
    lost: list[str] = []
    texts, spent = 0, 0.0
    for row in rows:
        texts += 1
        language = row.get("language") or ""
        whole = any(verdict.matched for verdict in topics.judge(row["title"], row["text"], language=language))
        teaser = first_sentence(row["text"])
        started = time.process_time()
        wanted = likely(topics, row["title"], teaser, language=language).likely
        spent += time.process_time() - started
        matching += whole
        fetched += wanted
        others_fetched += wanted and not whole
        if whole and not wanted:
            lost.append(row["id"])
    return Trade(texts, matching, fetched, tuple(lost), others_fetched, 1000 * spent / max(1, texts))


def read_rows(file: Path) -> list[dict[str, str]]:
    """The labelled texts of a file; headlines alone are left out, for their pages are always visited."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in rows if row["text"]]


def main() -> None:
    """Measure and print one line for each file, and one for all together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="*", type=Path, default=[file for file in (OWN, EVALUATION) if file.is_file()])
    parser.add_argument("--config", type=Path, default=ROOT / "config")
    options = parser.parse_args()
    topics = load_topic_files(options.config)
    everything: list[dict[str, str]] = []
    for file in options.files:
        rows = read_rows(file)
        everything += rows
        trade = measure(topics, rows)
        print(f"{file.name}: {trade}")
        for name in trade.lost:
            print(f"    lost: {name}")
    print(f"all: {measure(topics, everything)}")


if __name__ == "__main__":
    main()
