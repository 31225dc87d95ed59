"""What stands on all pages."""

from monitor.web.room import ROOMS
from tests.unit.web.visiting import Visitor


def test_every_room_is_reached_from_every_other_and_knows_where_one_is(visitor: Visitor) -> None:
    for address, name in ROOMS:
        shown = visitor.get(address).text
        assert all(f'<a href="{other}"' in shown for other, _ in ROOMS)
        assert f'<a href="{address}" aria-current="page">{name}</a>' in shown
        assert shown.count('aria-current="page"') == 1
        assert shown.count("<h1") == 1
        assert '<html lang="en">' in shown
