"""Evidence: what was answered, word for word, in WARC files (ISO 28500) beside the archive, and whether it still is.

One file a day, one compressed member a record, appended and never changed. What stands where, and the chain of hashes
over it, is the archive's to remember (`store.exhibits`); this door knows files alone.
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
