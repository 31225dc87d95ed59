"""Three invented sites that put their own words under every article: how much of these is left in the texts."""

import random
from contextlib import closing

import pytest

from monitor.extract import extract
from monitor.model import Article
from monitor.store import Store, open_store
from tests.builders import NOW, a_fresh, an_entry

WHO = ("The council", "A fisherman", "The harbour master", "Her deputy", "One of the pilots", "The ferry company")
DID = ("promised", "would not pay for", "asked after", "measured", "voted against", "repaired", "lost", "described")
WHAT = ("a second boat", "the old pier", "eleven lamps", "the tide tables", "a new engine", "the customs shed")
WHEN = ("on Monday", "before the frost", "after a long night", "in front of the school", "without any notice")

SITES = {
    "courier.example": (
        "<p>{lead}</p>{text}<p>The Courier is read in forty towns along the coast; write to us with your news.</p>"
        "<p>Our reporters keep to the code of the press council, which hears every complaint.</p>"
    ),
    "herald.example": (
        "<p>You are reading the Herald, which has been printed on the island since the lighthouse was built.</p>"
        "<p>{lead}</p>{text}<p>All words and pictures belong to the Herald and to whoever wrote or drew them.</p>"
    ),
    "visnyk.example": (
        "<p>{lead}</p>{text}<p>Якщо ви помітили помилку, виділіть її мишкою та повідомте нашій редакції.</p>"
        "<p>Більше новин про острів і порт читайте щоранку в нашій розсилці.</p>"
    ),
}


def _sentences(seed: str, count: int) -> list[str]:
    dice = random.Random(seed)
    return [
        " ".join(map(dice.choice, (WHO, DID, WHAT, WHEN))) + f", page {dice.randint(1, 900)}." for _ in range(count)
    ]


def _read(store: Store, site: str, number: int, lead: str, text: list[str]) -> Article:
    body = SITES[site].format(lead=lead, text="".join(f"<p>{line}</p>" for line in text))
    html = f"<html><body><main><article><h1>Story {number}</h1>{body}</article></main></body></html>"
    url = f"https://{site}/story-{number}"
    with store.read() as shelves:
        known = shelves.sites.repeated([site]).get(site, frozenset())
    entry = an_entry(link=url, title=f"Story {number}", summary="")
    article = extract(entry, a_fresh(url=url, body=html.encode()), identity=url, found_at=NOW, known=known)
    with store.begin() as shelves:
        shelves.sites.learn(site, [article.ends], NOW)
    return article


def _share_of_own(article: Article, own: list[str]) -> float:
    kept = sum(len(line) for line in article.text.split("\n") if line in own)
    return kept / sum(map(len, article.text.split("\n")))


@pytest.mark.parametrize("site", SITES)
def test_after_three_articles_a_sites_own_words_are_gone_and_no_other(site: str) -> None:
    before: list[float] = []
    after: list[float] = []
    with closing(open_store("sqlite://")) as store:
        for number in range(30):
            own = _sentences(f"{site} {number}", 8)
            article = _read(store, site, number, own[0], own[1:])
            assert all(line in article.text for line in own)
            (before if number < 3 else after).append(_share_of_own(article, own))
    assert max(before) < 0.9
    assert min(after) == 1.0


def test_a_wire_text_that_a_site_prints_again_and_again_stays_whole() -> None:
    site = "courier.example"
    wire = _sentences("wire", 8)
    with closing(open_store("sqlite://")) as store:
        for number in range(20):
            own = _sentences(f"{site} {number}", 8)
            _read(store, site, number, own[0], own[1:])
            copy = _read(store, site, 100 + number, wire[0], wire[1:])
            assert all(line in copy.text for line in wire)
    assert _share_of_own(copy, wire) == 1.0
