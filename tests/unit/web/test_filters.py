"""One set of filters for pages and API."""

import pytest
from starlette.exceptions import HTTPException

from monitor.app import App
from monitor.web.access import Access
from monitor.web.filters import choices, cursor_of, place_of
from monitor.web.room import Room
from tests.builders import NOW
from tests.unit.web.visiting import Visitor


def test_a_place_is_read_as_it_was_written() -> None:
    cursor = cursor_of((NOW, "abc"))
    assert place_of(cursor) == (NOW, "abc")
    assert place_of(cursor.replace("+", " ")) == (NOW, "abc")
    assert (cursor_of(None), place_of("")) == ("", None)


@pytest.mark.parametrize("cursor", ["x", "2026-11-25T08:00:00/abc", "2026-11-25T08:00:00+00:00/", "/abc"])
def test_a_damaged_place_is_refused(cursor: str) -> None:
    with pytest.raises(HTTPException, match="damaged"):
        place_of(cursor)


def test_pages_and_api_take_the_same_filters(visitor: Visitor) -> None:
    for query in ("language=uk", "told=no&topic=air-defence", "outlet=nobody"):
        shown = visitor.get(f"/stories?{query}").text.count('<article class="line"')
        assert visitor.get(f"/api/v1/stories?{query}&limit=25").text.count('"told":') == shown
    for path in ("/stories?told=maybe", "/api/v1/stories?told=maybe"):
        assert visitor.get(path).status == 422


def test_what_there_is_to_choose_from(app: App) -> None:
    outlets, languages = choices(Room(app, Access(bytes(32), "", [])))
    assert outlets == sorted(set(outlets))
    assert len(outlets) > 3
    assert {"en", "uk"} <= set(languages)
