"""Evidence: answers of servers, and the texts taken from them, word for word in WARC 1.1 files (ISO 28500).

A `Vault` is a folder of them: a file a day (UTC), each record a gzip member (RFC 1952) of its own, appended and flushed
before the archive notes it as an `Exhibit` with its place and hashes. `linked` chains exhibits, `check_chain` and
`check_files` find what is not as it was written, `rest_of` what belongs to none. Rows are the archive's to keep
(`store.exhibits`); nothing here knows a database, a clock or the network.
"""

from monitor.evidence.chain import FIRST_LINK, linked, text_hash
from monitor.evidence.checking import Wrong, check_chain, check_files, rest_of
from monitor.evidence.spool import Held
from monitor.evidence.vault import Deposit, Vault

__all__ = [
    "FIRST_LINK",
    "Deposit",
    "Held",
    "Vault",
    "Wrong",
    "check_chain",
    "check_files",
    "linked",
    "rest_of",
    "text_hash",
]
