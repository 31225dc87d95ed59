"""Before any page: is this visitor welcome, and after it: what a browser may do with the answer.

Headers: Content Security Policy Level 3, Fetch Metadata (Sec-Fetch-Site), RFC 6265 cookies with SameSite=Lax, Referrer
Policy.
"""

from collections.abc import Collection
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.digests.oneclick import PATH
from monitor.web.access import SESSION_FOR, Access, Session, bearer, knows_host, within

STAMP = "stamp"
LARGEST = 512_000  # bytes of a form
LARGEST_FILE = 4_000_000  # bytes of a form that carries a file: a list of some 20,000 feeds
STRICT = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page of the desk may load: nothing from elsewhere, no script or style within the page."""
MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'; sandbox"
"""What a mail that is shown on the desk may: carry its own styles, and nothing else."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
READERS = "/feed/"
"""Below it stand the feeds for readers: there the token in the address is the leave."""
_OPEN = ("/static/", "/health", "/signin", PATH, READERS)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with none at all browsers would not name the origin of our own forms either
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """Middleware. A request that passes has `scope["session"]` and `scope["may_write"]`."""

    def __init__(self, inner: ASGIApp, access: Access, hosts: Collection[str]) -> None:
        self._inner = inner
        self._access = access
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        request = Request(scope)
        known = self._access.session(request.cookies.get(self._access.cookie_name, ""))
        scope["session"] = session = known or self._access.visitor()
        sending = _Sending(send, "" if known else self._cookie(request, session))
        refusal = self._refusal(request, session)
        if scope["method"] == "HEAD":  # answered as GET is (RFC 9110 section 9.3.2); the server leaves the body out
            scope = {**scope, "method": "GET"}
        await (refusal or self._inner)(scope, receive, sending)

    def _refusal(self, request: Request, session: Session) -> Response | None:
        path, headers = request.url.path, request.headers
        if self._hosts and not knows_host(headers.get("host", ""), self._hosts):
            return PlainTextResponse("This desk does not answer to that name; see [web] hosts.\n", 421)
        # A mail program posts to a link by itself (RFC 8058): there the signed address is the leave.
        if request.method not in _READING and not path.startswith(PATH) and not _from_here(headers):
            return PlainTextResponse("Another site sent this; nothing was done.\n", 403)
        brought, address = bearer(headers.get("authorization", "")), address_of(request)
        if brought and (seconds := self._access.deaf_for(address)):
            return JSONResponse({"problem": "too many wrong tokens"}, 429, {"retry-after": str(seconds)})
        token = self._access.token(headers.get("authorization", ""))
        if brought and token is None and not self._access.is_open:
            self._access.wrong_token(brought, address)
        request.scope["may_write"] = token.may_write if token else True
        if self._access.is_open or session.signed_in or path.startswith(_OPEN) or (path == "/metrics" and token):
            return None
        if path.startswith("/api/"):
            if token is None:
                return JSONResponse({"problem": "a token is needed"}, 401, {"www-authenticate": "Bearer"})
            return None
        if path == "/metrics":
            return PlainTextResponse("a token is needed\n", 401, {"www-authenticate": "Bearer"})
        if request.headers.get("hx-request"):  # a part of a page that is open; the door has no place in it
            return PlainTextResponse("sign in again\n", 401)
        return RedirectResponse(f"/signin{_asked_for(request)}", 303)

    def _cookie(self, request: Request, session: Session) -> str:
        """The Set-Cookie header for a visitor who has none of ours yet; "" where a cookie is of no use."""
        if request.url.path.startswith(("/api/", PATH, READERS)):
            return ""
        return cookie_header(self._access, session, secure=is_secure(request))


def is_secure(request: Request) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy in front of us."""
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"


def address_of(request: Request) -> str:
    """Who asks; behind a proxy on this machine whom it names (X-Forwarded-For). "" where nobody is known."""
    return request.client.host if request.client else ""


def cookie_header(access: Access, session: Session, *, secure: bool) -> str:
    """A Set-Cookie header that carries the session.

    It comes along where a link of another site leads here, as out of a mail read on the web: looking changes nothing.
    """
    return (
        f"{access.cookie_name}={access.cookie(session)}; Path=/; Max-Age={SESSION_FOR}; HttpOnly; SameSite=Lax"
        f"{'; Secure' if secure else ''}"
    )


def _asked_for(request: Request) -> str:
    """The query by which the door leads to the page that was asked for; "" where that is none to come back to."""
    path, query = (request.scope[part].decode("latin-1") for part in ("raw_path", "query_string"))
    wanted = f"{path}?{query}" if query else path
    return f"?{urlencode({'to': wanted})}" if request.method in _READING and within(wanted) != "/" else ""


async def form_of(request: Request, access: Access) -> dict[str, str]:
    """The fields of a form that this session's own page sent; PermissionError when it was another's.

    ValueError when it is larger than any of our forms.
    """
    kind = request.headers.get("content-type", "")
    carries_file = kind.startswith("multipart/")
    body, most = bytearray(), LARGEST_FILE if carries_file else LARGEST
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            other = "`monitor feeds import` takes a list of any size" if carries_file else "shorten it"
            raise ValueError(f"this is larger than the {most:,} bytes that the desk takes at once; {other}")
    fields = await run_in_threadpool(_parts, kind, bytes(body)) if carries_file else _pairs(bytes(body))
    if not access.stamped(request.scope["session"], fields.pop(STAMP, "")):
        raise PermissionError("this form was made for another session; go back, load the page anew and send it again")
    return fields


def _pairs(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _parts(kind: str, body: bytes) -> dict[str, str]:
    """A form that carries a file (multipart/form-data, RFC 7578): of a file each byte is a character."""
    parsed = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n" + body
    )
    fields = {}
    for part in parsed.iter_parts() if parsed.is_multipart() else ():
        name, words = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(words, bytes):
            fields[name] = words.decode("latin-1") if part.get_filename() else words.decode("utf-8", "replace")
    return fields


def _from_here(headers: Headers) -> bool:
    """Whether a page of this desk sent the request, or a program: a browser says so of itself."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def guard(headers: MutableHeaders) -> None:
    """Add what each answer says to a browser, where it does not say otherwise itself."""
    for name, value in _HEADERS.items():
        headers[name] = value
    headers.setdefault("content-security-policy", STRICT)
    headers.setdefault("cache-control", "no-store")


class _Sending:
    """Adds to each answer what every answer carries."""

    def __init__(self, send: Send, cookie: str) -> None:
        self._send = send
        self._cookie = cookie

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            guard(headers)
            if self._cookie and "set-cookie" not in headers:
                headers.append("set-cookie", self._cookie)
        await self._send(message)
