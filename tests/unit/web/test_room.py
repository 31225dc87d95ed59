"""What stands on all pages, and what they share."""

from msgspec.structs import replace

from monitor.app import App
from monitor.web.access import Access
from monitor.web.room import ROOMS, Room
from tests.unit.web.visiting import Visitor


def test_every_room_is_reached_from_every_other_and_knows_where_one_is(visitor: Visitor) -> None:
    for address, name in ROOMS:
        shown = visitor.get(address).text
        assert all(f'<a href="{other}"' in shown for other, _ in ROOMS)
        assert f'<a href="{address}" aria-current="page">{name}</a>' in shown
        assert shown.count('aria-current="page"') == 1
        assert shown.count("<h1") == 1
        assert '<html lang="en">' in shown


def test_settings_that_a_page_wrote_are_taken_over_and_told(app: App) -> None:
    told = []
    room = Room(app, Access(bytes(32), "", []), lambda: told.append(app.settings))
    before = app.settings
    after = replace(before)
    try:
        room.take_over(after)
        assert told == [after]
        assert app.settings is after
    finally:
        app.reload(before)
