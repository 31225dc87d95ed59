"""Evidence for what matched: the page's answer where the text is from the page, else the feed's, else the text alone.

Within the transaction that keeps the articles: the file first, on the disk, then the rows. What cannot be written is
noted as missing, and the articles are kept and told all the same; the operator is told once when that begins and once
when it is over.
"""

from collections.abc import Sequence
from datetime import datetime

from monitor.evidence import Deposit, Held
from monitor.jobs.toolbox import Toolbox
from monitor.model import Article, Failed, Fresh, NoticeKind, Proof
from monitor.store import Shelves
from monitor.store.columns import clean

SUBJECT = "Evidence"  # no feed is called so: those have small letters


def prove(toolbox: Toolbox, shelves: Shelves, matched: Sequence[tuple[Article, Held | None, Held | None]]) -> None:
    """Keep evidence for articles: (article, its page's answer, its feed's answer)."""
    if not matched:
        return
    _keep(toolbox, shelves, [_deposit(article, page, feed) for article, page, feed in matched])


def prove_gone(toolbox: Toolbox, shelves: Shelves, article: str, refused: Failed, since: datetime) -> None:
    """Keep evidence that an article's page was deleted: the server's answer to the last look, and when it began."""
    answer = refused.refusal or Fresh(refused.request, refused.request.url, refused.status or 0, {}, b"", refused.at)
    note = f"{refused.detail}\nNo page at this address on two looks in a row, the first at {since:%Y-%m-%d %H:%M} UTC."
    held = toolbox.evidence.hold(answer)
    url = clean(refused.request.url)
    _keep(toolbox, shelves, [Deposit(article, url, "Page deleted", clean(note), "en", Proof.GONE, held)])


def _keep(toolbox: Toolbox, shelves: Shelves, deposits: Sequence[Deposit]) -> None:
    at, exhibits = toolbox.now(), shelves.exhibits
    toolbox.passing("evidence: before the file")
    before = exhibits.last()
    kept = toolbox.evidence.append(deposits, at, before, exhibits.end_of(toolbox.evidence.file_of(at)))
    toolbox.passing("evidence: file written")
    exhibits.add(*kept)
    if kept[-1].proof is Proof.MISSING:
        shelves.notices.settle(SUBJECT, {NoticeKind.NO_EVIDENCE: kept[-1].problem}, at)
    elif before and before.proof is Proof.MISSING:
        shelves.notices.settle(SUBJECT, {}, at)


def _deposit(article: Article, page: Held | None, feed: Held | None) -> Deposit:
    own = page is not None and article.how.is_page
    answer = page if own else feed
    proof = Proof.TEXT if answer is None else Proof.PAGE if own else Proof.FEED
    return Deposit(
        article.id, clean(article.url), clean(article.title), clean(article.text), article.language, proof, answer
    )
