"""What is noted of evidence comes back as it was, in its order."""

from msgspec.structs import replace
from sqlalchemy import text

from monitor.model import Proof
from monitor.store import Store
from tests.builders import NOW, an_article
from tests.unit.evidence.keeping import an_exhibit
from tests.unit.store.keeping import keep


def test_exhibits_come_back_as_they_were(store: Store) -> None:
    first = an_exhibit(link="a" * 64)
    second = an_exhibit(number=2, start=900, end=1800, link="b" * 64, article="1" * 16)
    missing = an_exhibit(
        number=3, proof=Proof.MISSING, file="", start=0, end=0, response=-1, fetched_at=None, problem="full"
    )
    with store.begin() as shelves:
        assert shelves.exhibits.last() is None
        assert shelves.exhibits.end_of(first.file) == 0
        shelves.exhibits.add(first, second)
        shelves.exhibits.add(missing)
        shelves.exhibits.add()
    with store.read() as shelves:
        assert list(shelves.exhibits.all()) == [first, second, missing]
        assert shelves.exhibits.last() == missing
        assert shelves.exhibits.of(first.article) == [first, missing]
        assert shelves.exhibits.end_of(first.file) == 1800
        assert shelves.exhibits.end_of("2026-11-24.warc.gz") == 0


def test_texts_of_now_and_before(store: Store) -> None:
    article = an_article(text="As it is.")
    with store.begin() as shelves:
        keep(shelves, article)
        shelves.articles.revise(replace(article, text="As it became."), "h", (), NOW)
        assert shelves.exhibits.texts([article.id, "nobody"]) == {
            article.id: [(article.title, "As it became."), (article.title, "As it is.")]
        }


def test_a_forged_word_does_not_keep_the_chain_from_being_read(store: Store) -> None:
    with store.begin() as shelves:
        shelves.exhibits.add(an_exhibit())
        shelves.exhibits._connection.execute(text("UPDATE exhibits SET proof = 'pagx'"))
        assert [one.proof for one in shelves.exhibits.all()] == [Proof.MISSING]
