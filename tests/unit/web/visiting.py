"""A browser's manners in a few lines: cookies are kept, forms carry their stamp, redirects are not followed."""

import re
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(slots=True)
class Visitor:
    """One browser at one desk."""

    address: str
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Shown:
        """Look at a page."""
        return self._ask("GET", path, b"", headers)

    def head(self, path: str) -> Shown:
        """Ask what a page would be answered with."""
        return self._ask("HEAD", path, b"", {})

    def post(self, path: str, fields: dict[str, str], *, form_of: str = "/topics", **headers: str) -> Shown:
        """Send a form as it stands on the page `form_of`, with the stamp found there."""
        found = re.search(r'name="stamp" value="([0-9a-f]+)"', self.get(form_of).text)
        stamp = {"stamp": found[1]} if found else {}
        return self.send(path, fields | stamp, **headers)

    def send(self, path: str, fields: dict[str, str], **headers: str) -> Shown:
        """Send a form as it is."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind | headers)

    def send_bytes(self, path: str, body: bytes, headers: dict[str, str]) -> Shown:
        """Send what is no form of words, such as a file."""
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Shown:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        cookie = {"cookie": self.cookie} if self.cookie else {}
        connection.request(method, path, body or None, self.headers | cookie | named)
        answer = connection.getresponse()
        text = answer.read().decode()
        given = {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        if "set-cookie" in given:
            self.cookie = given["set-cookie"].partition(";")[0]
        return Shown(answer.status, given, text)
