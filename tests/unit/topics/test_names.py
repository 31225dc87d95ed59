"""Names are found in the other script, in the spellings of many languages, and other words are not."""

import time

import pytest

from monitor.topics.document import read_document
from monitor.topics.lexicon import Lexicon, Term
from monitor.topics.names import Names, beginnings
from monitor.words import fold

SPELLINGS = {
    "Умєров": "Umerov Umjerov Umjerow Umierow Oumerov Oemjerov Umerova",
    "Шмигаль": "Shmyhal Schmyhal Shmygal Szmyhal Šmyhal Chmyhal Sjmyhal Szmyhalem Šmyhaľom",
    "Камишін": "Kamyshin Kamyschin Kamyszyn Kamychine Kamišin Kamysjin Kamyszyna",
    "Залужний": "Zaluzhny Zaluzhnyi Saluschnyj Załużny Zaloujny Zalužnyj Załużnego",
    "Сирський": "Syrsky Syrskyi Syrskyj Syrski Syrskis Syrského",
    "Зеленський": "Zelensky Zelenskyy Selenskyj Zełenski Zelenskij Zelenskis Selenskyjs Zełenskiego ZELENSKYY",
    "Сибіга": "Sybiha Sybiga Sibiga Sybihy",
    "Черногоренко": "Chernohorenko Tschernohorenko Tchernogorenko Czernohorenko Tsjernohorenko Černohorenko",
    "Свириденко": "Svyrydenko Swyrydenko Svirydenko",
    "Буданов": "Budanov Budanow Boudanov Budanovs Budanowa",
    "Кулеба": "Kuleba Kouleba Koeleba Kulebą Kulebas",
    "Єрмак": "Yermak Jermak Iermak Ermak Jermaka",
    "Забродський": "Zabrodsky Sabrodskyj Zabrodski Zabrodskij",
    "Укроборонпром": "Ukroboronprom Oukroboronprom Ukroboronpromu",
    "Rheinmetall": "Рейнметалл Райнметал Рейнметал Рейнметаллом Рейнметалу",
    "Kongsberg": "Конгсберг Конґсберґ Конгсбергом",
    "Hensoldt": "Хенсольдт Гензольдт Хензолдт Генсольдтом",
    "Thales": "Талес Талеса",
    "Raytheon": "Рейтеон Рэйтеон Райтеон",
    "Lockheed": "Локхид Локхід",
    "Northrop": "Нортроп",
    "Leonardo": "Леонардо",
    "Helsing": "Хелсинг Хельсинг Гельсінг Хельсингом",
    "Quantum": "Квантум",
    "Skynex": "Скайнекс Скайнекса СКАЙНЕКС",
    "Gepard": "Гепард Гепардів Гепарды",
    "Stinger": "Стингер Стінгер Стингеры",
    "Patriot": "Патріот Петриот Пэтриот Пейтріот Пейтриът Патриотов",
    "Bayraktar": "Байрактар Байрактары",
    "Anduril": "Андурил Андуріл",
    "Babcock": "Бэбкок Бабкок",
    "Tekever": "Текевер",
    "Destinus": "Дестинус",
    "Nexter": "Некстер",
    "Pistorius": "Писториус Пісторіус Писториусом",
    "Hegseth": "Хегсет Гегсет",
    "Crosetto": "Крозетто Кросетто",
    "Brekelmans": "Брекельманс Брекелманс",
    "Merz": "Мерц Мерцем",
    "Sikorski": "Сикорский Сікорського",
    "Jonson": "Йонсон Джонсон",
}


def found(text: str, *terms: Term) -> list[str]:
    document = read_document("", text, language="")
    hits = Lexicon((term, [0]) for term in terms).find(document)
    return [document.shown(first, last) for first, last, _ in hits.get(0, [])]


@pytest.mark.parametrize(
    ("name", "spelling"), [(name, one) for name, all_ in SPELLINGS.items() for one in all_.split()]
)
def test_a_name_is_found_as_it_is_spelled_in_the_other_script(name: str, spelling: str) -> None:
    assert found(f"One of them, {spelling}, came.", Term(name)) == [spelling]


def test_no_name_is_taken_for_another() -> None:
    sounds: dict[str, Names] = {name: Names() for name in SPELLINGS}
    for name, own in sounds.items():
        own.add(name, 0, alone=True)
    for name, own in sounds.items():
        for other, spellings in SPELLINGS.items():
            taken = {one for one in spellings.split() if own.atoms_of(one, fold(one))}
            assert not taken or other == name, (name, taken)


def test_a_name_is_not_sought_in_its_own_script() -> None:
    names = Names()
    names.add("Сибіга", 1, alone=True)
    names.add("Sibiga", 2, alone=True)
    assert names.atoms_of("Sybiha", fold("Sybiha")) == {1}
    assert names.atoms_of("Сибига", fold("Сибига")) == {2}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Умєров", "Omarov"),
        ("Умєров", "Amirov"),
        ("Patria", "Петро"),
        ("Piorun", "Перун"),
        ("Thales", "Толос"),
        ("Кулеба", "Kalbe"),
        ("Буданов", "Bogdanov"),
        ("Helsing", "Хельсинки"),
        ("Leonardo", "Леонид"),
        ("Saab", "Соб"),  # too little of a sound to go by
        ("Gram", "Грэм"),
        ("Шмигаль", "Michael"),
        ("Шмигаль", "шмыгаль"),
    ],
)
def test_what_only_looks_alike_is_not_found(name: str, other: str) -> None:
    assert not found(f"One of them, {other}, came.", Term(name))


def test_only_words_with_capitals_are_names() -> None:
    assert found("Новий патріот і новий Патріот", Term("Patriot")) == ["Патріот"]
    assert not found("Новий Патріот", Term("patriot"))


def test_words_of_a_language_are_no_names() -> None:
    assert not found("Панцер", Term("Panzer", "de"))


def test_names_of_several_words() -> None:
    assert found("Завод компанії Файр Поінт у Данії", Term("Fire Point")) == ["Файр Поінт"]
    assert found("Minister Mychajlo Fedorow kam", Term("Михайло Федоров*")) == ["Mychajlo Fedorow"]
    assert not found("Файр без іншого слова", Term("Fire Point"))


def test_where_spellings_begin() -> None:
    for name, spellings in SPELLINGS.items():
        begun = beginnings(name, alone=True)
        assert begun, name
        for one in spellings.split():
            plain = one.lower().translate(str.maketrans("šźžčłąľéó", "szzclaleo"))
            assert plain.startswith(tuple(begun)), (name, one)
    assert beginnings("gepard", alone=True) == set()


def test_any_word_is_taken() -> None:
    names = Names()
    names.add("Rheinmetall", 1, alone=True)
    names.add("Умєров", 2, alone=True)
    begun = time.process_time()
    for odd in (
        "",
        "Я",
        "ЬЬЬЬЬЬ",
        "Ц" * 60,
        "Szcz" * 15,
        "C" * 60,
        "Zz" * 30,
        "1234",
        "Éé’é",
        "漢字漢字",
        "Ёё" * 30,
        "İİİİ",
    ):
        assert names.atoms_of(odd, fold(odd)) == set()
        assert not names.alike(fold(odd))
    assert time.process_time() - begun < 2
