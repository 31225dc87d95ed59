"""The language of short and long texts, in all scripts."""

from functools import lru_cache
from pathlib import Path

import pytest

from monitor.cache import CacheFolder
from monitor.extract import language as detection
from monitor.extract.language import LANGUAGES, detect, keep_model

TEXTS = {
    "en": "The minister said that two more launchers would arrive before winter.",
    "uk": "Міністр сказав, що ще дві пускові установки прибудуть до зими.",
    "ru": "Министр сказал, что ещё две пусковые установки прибудут до зимы.",
    "bg": "Министърът каза, че още две установки ще пристигнат преди зимата.",
    "pl": "Minister powiedział, że dwie kolejne wyrzutnie dotrą przed zimą.",
    "de": "Der Minister sagte, zwei weitere Werfer würden vor dem Winter eintreffen.",
    "fr": "Le ministre a déclaré que deux lanceurs arriveraient avant l'hiver.",
    "ro": "Ministrul a spus că alte două lansatoare vor sosi înainte de iarnă.",
    "es": "El ministro dijo que otros dos lanzadores llegarán antes del invierno.",
    "it": "Il ministro ha detto che altri due lanciatori arriveranno prima dell'inverno.",
    "nl": "De minister zei dat er voor de winter nog twee lanceerders komen.",
    "sv": "Ministern sade att ytterligare två utskjutningsramper kommer före vintern.",
    "no": "Statsråden sa at to utskytningsramper til vil komme før vinteren.",
    "da": "Ministeren sagde, at yderligere to affyringsramper ankommer før vinteren.",
    "cs": "Ministr řekl, že další dvě odpalovací zařízení dorazí před zimou.",
    "sk": "Minister povedal, že ďalšie dve odpaľovacie zariadenia prídu pred zimou.",
    "lt": "Ministras sakė, kad dar dvi paleidimo sistemos atvyks iki žiemos.",
    "lv": "Ministrs teica, ka vēl divas palaišanas iekārtas ieradīsies pirms ziemas.",
    "et": "Minister ütles, et veel kaks kanderaketti jõuavad kohale enne talve.",
    "tr": "Bakan, kış gelmeden iki fırlatıcının daha geleceğini söyledi.",
    "vi": "Bộ trưởng cho biết hai bệ phóng nữa sẽ đến trước mùa đông.",
    "el": "Ο υπουργός είπε ότι θα φτάσουν πριν από τον χειμώνα.",
    "ja": "大臣は冬の前に発射機が届くと述べた。",
    "zh": "部长表示冬季前将再运来两套发射器。",
    "ko": "장관은 겨울 전에 발사대가 도착할 것이라고 말했다.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_tells(language: str) -> None:
    assert detect(TEXTS[language]) == language


@pytest.mark.parametrize("hint", ["", "en", "de", "xx"])
def test_a_long_text_overrules_its_hint(hint: str) -> None:
    assert detect(TEXTS["pl"] * 3, hint) == "pl"


def test_a_hint_decides_where_little_is_said() -> None:
    assert detect("Patriot", "sv") == "sv"
    assert detect("Patriot", "uk") != "uk"
    assert detect("12:30", "fr") == "fr"


@pytest.mark.parametrize("text", ["", " ", "12.11", "—", "ok"])
def test_too_short_to_tell(text: str) -> None:
    assert detect(text) == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [("Їжа є", "uk"), ("Цены и объёмы", "ru"), ("Нови ракети, съюзници", "bg"), ("Мала вежа љуља", "sr")],
)
def test_letters_of_one_language_help(text: str, language: str) -> None:
    assert detect(text) == language


def test_every_language_is_a_code_of_two_letters() -> None:
    assert len(set(LANGUAGES)) == len(LANGUAGES)
    assert all(len(language) == 2 for language in LANGUAGES)


@pytest.mark.parametrize("hint", ["", "en", "uk", "de"])
@pytest.mark.parametrize("language", TEXTS)
def test_what_is_told_without_the_model_is_what_the_model_tells(
    language: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = detect(TEXTS[language] * 2, hint)
    monkeypatch.setattr(detection, "_spoken_clearly", lambda _sample, _hint: "")
    monkeypatch.setattr(detection, "_written_clearly", lambda _sample: "")
    assert detect(TEXTS[language] * 2, hint) == quick == language


def test_a_clear_text_costs_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> object:
        raise AssertionError("the model was asked")

    monkeypatch.setattr(detection, "_model", never)
    assert detect("The council said that it will not pay for the bridge, which was built by the state.") == "en"
    assert detect("Der Rat hat gesagt, dass er nicht für die Brücke zahlt, die vom Land gebaut wurde.") == "de"
    assert detect("Рада повідомила, що платити за міст буде не вона, його будувала область.") == "uk"
    assert detect("Міський суд відклав голосування за весняний фестиваль") == "uk"  # of these letters none is its own
    assert detect("Bridge was opened in the morning", "en") == "en"


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        ("the and of to in 大臣は冬の前に発射機が届くと述べた。" * 3, ""),  # a few English words among Japanese
        ("los las del que les des que du", ""),  # French and Spanish words together
        ("NATO Kyiv Berlin Warsaw Oslo the of and " + " ".join(f"name{number}" for number in range(40)), ""),
        ("", ""),
    ],
)
def test_what_is_not_clear_is_left_to_the_model(text: str, clear: str) -> None:
    assert detection._spoken_clearly(text, "") == clear


def test_the_model_that_was_kept_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["", "жжж", "漢字", "Rada miasta", "Drei Schiffe im Hafen", "Ministri i mbrojtjes", "Мінську сустрэча"]
    monkeypatch.setattr(detection, "_cache", None)
    monkeypatch.setattr(detection, "_model", lru_cache(detection._model.__wrapped__))
    expected = [detection._model().rank(text) for text in texts]
    keep_model(CacheFolder([tmp_path]))
    for _ in ("made and kept", "recalled"):
        detection._model.cache_clear()
        assert [detection._model().rank(text) for text in texts] == expected
    assert len(list(tmp_path.iterdir())) == 1
