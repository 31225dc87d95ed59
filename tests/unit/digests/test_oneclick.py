"""Links in mails: whole, signed, and good for a while."""

from datetime import timedelta
from urllib.parse import unquote, urlsplit

import pytest

from monitor.digests.oneclick import LASTS, PATH, Act, LinkError, Links, Wish, token_of, wish_of
from tests.builders import NOW

KEY = bytes(range(32))
WISH = Wish(Act.RELEVANT, "daily", "0123456789abcdef", "air-defence")


def test_a_link_says_what_it_was_made_for() -> None:
    token = token_of(KEY, WISH, NOW + LASTS)
    assert wish_of(KEY, token, NOW) == WISH
    assert token == token_of(KEY, WISH, NOW + LASTS)
    assert len(token) < 90


@pytest.mark.parametrize("act", Act)
def test_every_act_has_its_link(act: Act) -> None:
    wish = Wish(act, "daily", "s")
    assert wish_of(KEY, token_of(KEY, wish, NOW + LASTS), NOW) == wish


def test_a_link_ends() -> None:
    token = token_of(KEY, WISH, NOW + timedelta(hours=2))
    assert wish_of(KEY, token, NOW + timedelta(minutes=119)) == WISH
    with pytest.raises(LinkError, match="too old") as ended:
        wish_of(KEY, token, NOW + timedelta(hours=2))
    assert ended.value.expired


def test_whatever_was_changed_of_a_link_is_refused() -> None:
    token = token_of(KEY, WISH, NOW + LASTS)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(LinkError) as refused:
            wish_of(KEY, token[:place] + other + token[place + 1 :], NOW)
        assert not refused.value.expired
    for broken in (
        "",
        ".",
        token[:-1],
        f"{token}x",
        token.rpartition(".")[0],
        "r~daily~a~b~zzzz.",
        "\ud800.\ud800",
        "ü.ü",
    ):
        with pytest.raises(LinkError):
            wish_of(KEY, broken, NOW)
    with pytest.raises(LinkError):
        wish_of(bytes(32), token, NOW)


def test_an_address_is_made_of_the_desk_s() -> None:
    links = Links("https://desk.example/", KEY, "daily", NOW + LASTS)
    address = links.to(Act.MUTE, "0123456789abcdef")
    assert address.startswith(f"https://desk.example{PATH}m~daily~0123456789abcdef~~")
    assert wish_of(KEY, address.rpartition("/")[2], NOW) == Wish(Act.MUTE, "daily", "0123456789abcdef")


@pytest.mark.parametrize("topic", ["a~b", "a/b", "Поле бою", "50 %?", "a=7E.b", "#1"])
def test_a_topic_of_any_name_stands_whole_in_an_address(topic: str) -> None:
    link = Links("https://desk.example", KEY, "daily", NOW + LASTS).to(Act.RELEVANT, "0123", topic)
    path = urlsplit(link).path
    assert (unquote(path), path.count("/"), urlsplit(link).query) == (path, 2, "")
    assert wish_of(KEY, path.removeprefix(PATH), NOW) == Wish(Act.RELEVANT, "daily", "0123", topic)
