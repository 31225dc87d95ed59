"""Is the evidence still what it was? The chain, the files and the texts, each against what was noted of it."""

from msgspec import Struct, field

from monitor.evidence import FIRST_LINK, Vault, Wrong, check_chain, check_files, rest_of, text_hash
from monitor.model import Exhibit, Proof
from monitor.store import Store

AT_ONCE = 200


class Verified(Struct):
    """What came of it."""

    exhibits: int = 0
    files: int = 0
    missing: int = 0  # exhibits that could not be written when they should have been
    texts: int = 0  # compared
    given_up: int = 0  # texts that the archive does not hold any more, by retention
    head: str = FIRST_LINK  # the last link
    anchored: bool | None = None  # whether the chain holds the link that was asked for; None when none was
    wrong: list[Wrong] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def verify(store: Store, vault: Vault, anchor: str = "") -> Verified:
    """Check all evidence; `anchor` is a link that was noted elsewhere earlier."""
    with store.read() as shelves:
        chain = list(shelves.exhibits.all())
    done = Verified(exhibits=len(chain), files=len({one.file for one in chain if one.file}))
    done.missing = sum(one.proof is Proof.MISSING for one in chain)
    done.head = chain[-1].link if chain else FIRST_LINK
    done.wrong += check_chain(chain)
    done.wrong += check_files(vault.folder, chain)
    _check_texts(store, chain, done)
    done.remarks += rest_of(vault.folder, chain)
    if anchor:
        done.anchored = any(one.link == anchor for one in chain)
        if not done.anchored:
            done.wrong.append(Wrong(anchor, "no exhibit has this link: what led to it was changed or removed"))
    return done


def _check_texts(store: Store, chain: list[Exhibit], done: Verified) -> None:
    for at in range(0, len(chain), AT_ONCE):
        part = chain[at : at + AT_ONCE]
        with store.read() as shelves:
            texts = shelves.exhibits.texts(one.article for one in part)
        for one in part:
            if one.proof is Proof.GONE:  # a note, whose hash the file was checked against
                continue
            if one.article not in texts:
                done.given_up += 1
                continue
            done.texts += 1
            if one.text_hash not in {text_hash(title, text) for title, text in texts[one.article]}:
                where = f"article {one.article}"
                done.wrong.append(Wrong(where, "its headline or text in the archive was changed", one.article))
