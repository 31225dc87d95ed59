"""Who may come to the desk, and what a form must carry. No web framework here: values in, answers out.

The password is kept as an argon2id hash (RFC 9106); a token of the API as the SHA-256 of 256 random bits. A session is
a signed cookie (HMAC-SHA-256): the key lies in the archive's folder, and a changed password ends every session.
"""

import hmac
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from hashlib import sha256
from math import ceil
from threading import Lock
from typing import ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from monitor.values import Discreet
from monitor.web.tries import Tries

SESSION_FOR = 14 * 24 * 3600  # seconds
TRIES = 5  # wrong passwords from one address before the door stays shut for it
ALTOGETHER = 100  # wrong passwords from anywhere before it stays shut for all: people choose what can be guessed
_ADDRESS = 2_000  # characters
_ENDED = 10_000  # sessions that are known to have ended before their time
_PAGE = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # printable ASCII without a backslash, which browsers take for a slash
TOKENS = 20  # different wrong tokens from one address


class Token(Discreet, frozen=True):
    """A program's way in: `digest` is the SHA-256, in hex, of what it sends."""

    hidden: ClassVar[frozenset[str]] = frozenset({"digest"})

    name: str
    digest: str
    may_write: bool = False


class Session(Struct, frozen=True):
    """A visitor's browser: signed in or only known again, for the sake of its forms."""

    id: str
    signed_in: bool
    since: int  # seconds since 1970


class Access:
    """The door. `clock` counts seconds since 1970, `timer` seconds that never go back."""

    def __init__(
        self,
        key: bytes,
        password: str = "",
        tokens: Sequence[Token] = (),
        *,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key = key
        self._password = password
        self._tokens = tuple(tokens)
        self._clock = clock
        self._passwords = Tries(TRIES, ALTOGETHER, timer)
        self._at_the_door = Lock()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._wrong_tokens = Tries(TOKENS, 0, timer)

    @property
    def is_open(self) -> bool:
        """Whether nobody is asked for a password: only on this machine itself."""
        return not self._password

    def enter(self, password: str, address: str = "") -> Session | None:
        """A session for the right password; None for a wrong one, or while too many came from that address."""
        with self._at_the_door:  # each try takes 64 MB, and many at once would be counted too late
            if self.is_shut(address):
                return None
            try:
                PasswordHasher().verify(self._password, password)
            except (VerificationError, InvalidHashError):
                self._passwords.note(address)
                return None
            self._passwords.forget(address)
        return Session(secrets.token_urlsafe(18), True, int(self._clock()))

    def is_shut(self, address: str = "") -> bool:
        """Whether there were too many wrong passwords lately, from that address or altogether."""
        return self._passwords.shut_for(address) > 0

    def deaf_for(self, address: str) -> int:
        """Seconds for which no token from that address is looked at, for too many were wrong; 0 = it is."""
        return ceil(self._wrong_tokens.shut_for(address))

    def wrong_token(self, secret: str, address: str) -> None:
        """A token of whatever kind came from that address and is none of ours. A program that goes on with one that was
        taken back guesses nothing: the same one counts once.
        """
        self._wrong_tokens.note(address, token_digest(secret))

    def leave(self, session: Session) -> None:
        """End a session, also for who has a copy of its cookie; forgotten with the next start."""
        self._ended[session.id] = None
        while len(self._ended) > _ENDED:
            self._ended.popitem(last=False)

    def visitor(self) -> Session:
        """A new session that is not signed in."""
        return Session(secrets.token_urlsafe(18), False, int(self._clock()))

    @property
    def cookie_name(self) -> str:
        """Its own for each archive: a browser sends the cookies of one desk to all that this machine has at other ports
        (RFC 6265 section 8.5).
        """
        return f"desk-{self._sign('name', '')[:8]}"

    def cookie(self, session: Session) -> str:
        """The session as a cookie's value."""
        body = f"{session.id}.{int(session.signed_in)}.{session.since}"
        return f"{body}.{self._sign('session', body)}"

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie; None when it is not ours, too old, signed out, or of an earlier password."""
        body, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", body).encode()):
            return None
        name, signed_in, since = body.split(".")
        if not 0 <= self._clock() - int(since) <= SESSION_FOR or name in self._ended:
            return None
        return Session(name, signed_in == "1", int(since))

    def stamp(self, session: Session) -> str:
        """What each form of this session carries, so that no other site can send one."""
        return self._sign("form", session.id)

    def stamped(self, session: Session, stamp: str) -> bool:
        """Whether a form is of this session."""
        return hmac.compare_digest(stamp.encode(), self.stamp(session).encode())

    def token(self, authorization: str) -> Token | None:
        """The token of an Authorization header ("Bearer …", RFC 6750 section 2.1); None when there is none such."""
        secret = bearer(authorization)
        if not secret:
            return None
        digest = token_digest(secret)
        found = [one for one in self._tokens if hmac.compare_digest(one.digest.encode(), digest.encode())]
        return found[0] if found else None

    def _sign(self, what: str, body: str) -> str:
        signed = f"{what}\n{body}\n{self._password}".encode()
        return hmac.new(self._key, signed, sha256).hexdigest()


def bearer(authorization: str) -> str:
    """What an Authorization header brings as a token; "" where it brings none."""
    kind, _, secret = authorization.partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def password_hash(password: str) -> str:
    """The argon2id hash of a password, as it stands in monitor.toml."""
    return PasswordHasher().hash(password)


def new_token() -> tuple[str, str]:
    """(a new token to be given to a program, its digest for monitor.toml)."""
    secret = secrets.token_urlsafe(32)
    return secret, token_digest(secret)


def token_digest(secret: str) -> str:
    """The SHA-256 of a token, in hex. No slow hash is needed: it is random, not chosen by a person."""
    return sha256(secret.encode()).hexdigest()


def within(address: str) -> str:
    """The address of a page of this desk, as a browser was sent away from it; "/" where it could lead elsewhere."""
    return address if len(address) <= _ADDRESS and _PAGE.fullmatch(address) else "/"


def knows_host(host: str, allowed: Collection[str]) -> bool:
    """Whether a request's Host header is a name that the desk answers to; else a page of a stranger's name could
    reach a desk on loopback (DNS rebinding).
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.strip("[]").lower() in allowed
