"""What stands on all pages, and what they share."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from time import sleep

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


def test_what_many_ask_for_at_once_is_made_once_and_anew_where_the_mark_is_another(app: App) -> None:
    room, made, together = Room(app, Access(bytes(32), "", [])), [], Barrier(4)

    def ask(mark: int) -> int:
        def make() -> int:
            sleep(0.05)
            made.append(mark)
            return mark

        together.wait(10)
        return room.remembered("sum", mark, make)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, [1] * 4)) == [1] * 4
        assert list(pool.map(ask, [2] * 4)) == [2] * 4
    assert made == [1, 2]


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
