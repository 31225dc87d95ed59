"""Strangers, other sites and signed-out browsers are turned away; every answer says what a browser may do with it."""

import socket
from time import sleep
from urllib.parse import quote

import pytest

from tests.unit.web.conftest import PASSWORD, READER
from tests.unit.web.visiting import Visitor

PAGES = ("/", "/stories", "/topics", "/feeds", "/deliveries", "/search?q=drone")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_may_load_anything_from_elsewhere(visitor: Visitor, page: str) -> None:
    shown = visitor.get(page)
    assert shown.status == 200
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["referrer-policy"] == "same-origin"
    assert "<style" not in shown.text
    assert 'style="' not in shown.text
    assert "onclick" not in shown.text


def test_a_stranger_s_name_for_this_machine_is_refused(visitor: Visitor) -> None:
    assert visitor.get("/", Host="evil.example").status == 421
    assert visitor.get("/api/v1/stories", Host="evil.example").status == 421


def test_a_form_of_another_site_changes_nothing(visitor: Visitor) -> None:
    fields = {"key": "x"}
    assert visitor.post("/deliveries/retry", fields, Sec_Fetch_Site="cross-site").status == 403
    assert visitor.post("/deliveries/retry", fields, Origin="http://evil.example").status == 403
    assert visitor.send("/deliveries/retry", fields).status == 403
    assert visitor.post("/deliveries/retry", fields).status == 409  # ours; there is nothing of that key


def test_a_stamp_of_another_session_is_refused(visitor: Visitor, address: str) -> None:
    stranger = Visitor(address)
    stranger.get("/stories")
    assert "another session" in stranger.send("/deliveries/retry", {"key": "x", "stamp": "0" * 64}).text


def test_without_a_session_there_is_a_door(shut_address: str) -> None:
    visitor = Visitor(shut_address)
    for page in PAGES:
        shown = visitor.get(page)
        assert shown.status == 303
        assert shown.headers["location"].startswith("/signin")
    assert visitor.get("/api/v1/stories").status == 401
    assert visitor.get("/metrics").status == 401
    assert visitor.get("/health/live").status == 200
    assert visitor.post("/deliveries/retry", {"key": "x"}, form_of="/signin").status == 303


def test_the_session_changes_when_somebody_signs_in(shut_address: str) -> None:
    visitor = Visitor(shut_address)
    visitor.get("/signin")
    before = visitor.cookie
    assert visitor.post("/signin", {"password": "wrong"}, form_of="/signin").status == 403
    entered = visitor.post("/signin", {"password": PASSWORD}, form_of="/signin")
    assert (entered.status, entered.headers["location"]) == (303, "/")
    assert visitor.cookie != before
    assert "HttpOnly; SameSite=Lax" in entered.headers["set-cookie"]
    assert visitor.get("/").status == 200
    secure = visitor.post("/signout", {}, form_of="/", X_Forwarded_Proto="https")
    assert "Secure" in secure.headers["set-cookie"]
    assert visitor.get("/").status == 303
    assert Visitor(shut_address, cookie=entered.headers["set-cookie"].partition(";")[0]).get("/").status == 303


@pytest.mark.parametrize("path", [*PAGES, "/stories/ffffffffffffffff", "/api/v1/topics", "/static/desk.css", "/health"])
def test_head_is_answered_as_get_is_without_a_body(visitor: Visitor, path: str) -> None:
    headed, got = visitor.head(path), visitor.get(path)
    assert (headed.status, headed.text) == (got.status, "")
    assert headed.headers["content-type"] == got.headers["content-type"]


def test_what_every_page_loads_is_not_sent_again(visitor: Visitor) -> None:
    first = visitor.get("/static/desk.css")
    assert first.headers["cache-control"] == "no-cache"
    again = visitor.get("/static/desk.css", If_None_Match=first.headers["etag"])
    assert (again.status, again.headers["cache-control"]) == (304, "no-cache")
    assert visitor.get("/stories").headers["cache-control"] == "no-store"


def test_two_desks_of_one_machine_leave_each_other_s_sessions_alone(address: str, shut_address: str) -> None:
    """Browsers send cookies to every port of a host."""
    names = {
        Visitor(one).get("/signin" if one == shut_address else "/").headers["set-cookie"].partition("=")[0]
        for one in (address, shut_address)
    }
    assert len(names) == 2


def test_who_signs_in_comes_to_the_page_that_was_asked_for(shut_address: str) -> None:
    visitor = Visitor(shut_address)
    shown = visitor.get("/search?q=air+defence&topic=")
    assert shown.headers["location"] == "/signin?to=%2Fsearch%3Fq%3Dair%2Bdefence%26topic%3D"
    assert visitor.get("/search/check?q=air", HX_Request="true").status == 401
    door = visitor.get(shown.headers["location"])
    assert 'name="to" value="/search?q=air+defence&amp;topic="' in door.text
    fields = {"password": "wrong", "to": "/search?q=air+defence"}
    assert 'name="to" value="/search?q=air+defence"' in visitor.post("/signin", fields, form_of="/signin").text
    entered = visitor.post("/signin", fields | {"password": PASSWORD}, form_of="/signin")
    assert entered.headers["location"] == "/search?q=air+defence"
    assert visitor.get("/signin?to=/topics").headers["location"] == "/topics"


def test_a_token_opens_the_api_and_no_page(shut_address: str) -> None:
    visitor = Visitor(shut_address, headers={"Authorization": f"Bearer {READER}"})
    assert visitor.get("/api/v1/topics").status == 200
    assert visitor.get("/metrics").status == 200
    assert visitor.get("/stories").status == 303


@pytest.mark.parametrize("path", ["/static/../desk.py", "/static/%2e%2e/desk.py", "/static/..%2f..%2ferrors.py"])
def test_no_path_leads_out_of_the_static_files(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status in (404, 405)


def test_a_form_larger_than_any_of_ours_is_refused(visitor: Visitor) -> None:
    assert visitor.post("/topics/judge", {"text": "x" * 600_000}).status == 413


def test_a_form_that_breaks_off_is_no_bug(address: str, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    host, port = address.removeprefix("http://").split(":")
    for path in ("/signin", "/go/x"):
        with socket.create_connection((host, int(port))) as cut:
            cut.sendall(f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\nabc".encode())
            sleep(0.1)
    sleep(0.2)
    assert visitor.get("/health/live").status == 200
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


CRLF = "drone\r\nX-Evil: 1\r\nSet-Cookie: evil=1\r\n\r\n<p>evil"


@pytest.mark.parametrize(
    "path",
    ["/stories/{}", "/feeds/{}", "/topics/{}", "/go/{}", "/search?q={}", "/stories?outlet={}", "/feeds?added={}"],
)
def test_no_address_puts_a_header_into_an_answer(visitor: Visitor, path: str) -> None:
    shown = visitor.get(path.format(quote(CRLF)))
    assert shown.status < 500
    assert "x-evil" not in shown.headers
    assert "evil=" not in shown.headers.get("set-cookie", "")


def test_no_field_puts_a_header_into_an_answer(visitor: Visitor) -> None:
    shown = visitor.post("/searches", {"title": CRLF, "q": CRLF, "topic": "", "language": ""})
    assert shown.status in (303, 422)
    assert "x-evil" not in shown.headers
    assert not {"\r", "\n"} & set(shown.headers.get("location", ""))
