"""What leaving pages alone costs: at most one match in a hundred, on labelled news of which the beginning is shown.

The floors stand a little below what `benchmarks/pages.py` measures. They may only rise.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from monitor.settings.load import load_topic_files
from monitor.topics import TopicSet

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """The benchmark, which is no package."""
    spec = importlib.util.spec_from_file_location("benchmark_of_pages", ROOT / "benchmarks" / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def topics() -> TopicSet:
    return load_topic_files(ROOT / "config")


def test_own_texts(pages: ModuleType, topics: TopicSet) -> None:
    trade = pages.measure(topics, pages.read_rows(pages.OWN))
    print(f"\nown texts: {trade}")
    assert len(trade.lost) <= 0.01 * trade.matching
    assert trade.others_fetched <= 0.85 * (trade.texts - trade.matching)  # near misses with short summaries


def test_evaluation_set(pages: ModuleType, topics: TopicSet) -> None:
    if not pages.EVALUATION.is_file():
        pytest.skip(f"NOT MEASURED: no evaluation set at {pages.EVALUATION}")
    trade = pages.measure(topics, pages.read_rows(pages.EVALUATION))
    print(f"\nevaluation set: {trade}")
    assert len(trade.lost) <= 0.01 * trade.matching
    assert trade.others_fetched <= 0.63 * (trade.texts - trade.matching)


def test_usual_news_is_left_alone(pages: ModuleType, topics: TopicSet) -> None:
    """The newsroom's outlets on what has nothing to do with any topic."""
    rows = [{"id": str(n), "title": title, "text": text, "language": "en"} for n, (title, text) in enumerate(USUAL)]
    trade = pages.measure(topics, rows)
    assert trade.matching == 0
    assert trade.fetched == 0


USUAL = (
    ("Library opens an hour later in winter", "The reading rooms stay warm, the council said. Lamps were bought."),
    ("Harbour tram to run every ten minutes", "Commuters had asked for it since the bridge was closed in spring."),
    ("Choir wins the regional cup for a third time", "Forty singers from two villages took part in the final round."),
    ("Apples are cheap after a warm autumn", "Growers along the river picked a fifth more than in the year before."),
    ("Museum shows letters of a lighthouse keeper", "He wrote to his sister every week for thirty-one years."),
    ("Midfielder leaves the club after nine seasons", "The fans gave him a long farewell on Saturday evening."),
)
