"""Verdicts: scores, evidence that adds up, the passage, and robustness against any text."""

import math
import pickle
import random
import time
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Literal

import pytest

from monitor.errors import ConfigError
from monitor.model import Verdict
from monitor.topics import TopicSet, load_topics
from monitor.topics.document import LONGEST_TEXT
from monitor.topics.judge import EXPLAINED
from monitor.topics.matching import FIELD_STRENGTH
from monitor.words import folded_words

TOPICS = """
[topics.drones]
title = "Drones for Ukraine"
description = "All about them."
threshold = 0.6
bias = -3.0
clauses = [
    { name = "Ukraine", query = '#ukraine', required = true },
    { name = "football", query = '#sport', veto = true },
    { name = "delivered", query = '#drone ~s #supply', weight = 5 },
    { name = "headline", query = 'title:#drone', weight = 2 },
    { name = "no coalition", query = 'NOT coalition', weight = -0.5 },
]

[topics.any]
title = "Anything"
clauses = [{ query = 'zebra*', weight = 8 }]
"""
FILES = {
    "topics.toml": TOPICS,
    "concepts/en.toml": 'drone = "drone"\nsupply = "deliver, send"\nsport = "football"',
    "concepts/uk.toml": 'drone = "дрон"\nsupply = "передати, передав"',
    "concepts/names.toml": 'ukraine = "ukrain*, україн*"',
}


@pytest.fixture(scope="module")
def topics() -> TopicSet:
    return load_topics(FILES)


def drones(topics: TopicSet, title: str, text: str, **stated: str) -> Verdict:
    return topics.judge(title, text, **stated)[0]


def test_there_is_a_verdict_for_each_topic_in_order(topics: TopicSet) -> None:
    assert [topic.name for topic in topics.topics] == ["drones", "any"]
    assert [verdict.topic for verdict in topics.judge("", "")] == ["drones", "any"]
    assert topics.topics[0].description == "All about them."


def test_a_matching_article_carries_its_reasons(topics: TopicSet) -> None:
    text = "It was raining. Denmark will send drones to Ukraine. The end."
    verdict = drones(topics, "Drones on their way", text)
    assert verdict.matched
    assert verdict.passage == "Denmark will send drones to Ukraine."
    found = {(piece.clause, piece.term, piece.field) for piece in verdict.evidence}
    assert ("delivered", "send … drones", "lead") in found
    assert ("headline", "Drones", "title") in found
    assert ("Ukraine", "Ukraine", "lead") in found
    delivered = next(piece for piece in verdict.evidence if piece.clause == "delivered")
    assert text[delivered.position :].startswith("send drones")
    assert len(verdict.rule) == 12


def test_the_evidence_adds_up_to_the_score(topics: TopicSet) -> None:
    verdict = drones(topics, "Drones", "They send drones to Ukraine. " * 10)
    raw = -3.0 + sum(piece.weight for piece in verdict.evidence)
    assert verdict.score == pytest.approx(1 / (1 + math.exp(-raw)), abs=1e-3)


def test_what_is_absent_is_evidence_without_a_term(topics: TopicSet) -> None:
    verdict = drones(topics, "", "Ukraine.")
    assert [(piece.term, piece.weight) for piece in verdict.evidence if piece.clause == "no coalition"] == [("", -0.5)]


def test_required_and_veto_clauses_decide_alone(topics: TopicSet) -> None:
    assert drones(topics, "Drones", "They send drones.").score == 0.0
    assert drones(topics, "Drones", "They send drones to Ukraine at a football match.").score == 0.0


def test_a_verdict_that_does_not_match_has_no_passage(topics: TopicSet) -> None:
    verdict = drones(topics, "", "Ukraine is a country.")
    assert not verdict.matched
    assert verdict.passage == ""


def test_the_passage_takes_in_a_neighbour_that_adds_to_it(topics: TopicSet) -> None:
    text = "Rain in Ukraine. They send drones. They deliver drones too. More rain."
    assert drones(topics, "", text).passage == "They send drones. They deliver drones too."


def test_the_passage_of_a_title_only_match_is_the_beginning_of_the_text(topics: TopicSet) -> None:
    assert topics.judge("A zebra. Zebras!", "One. Two. Three.")[1].passage == "One. Two."
    assert topics.judge("A zebra. Zebras!", "")[1].passage == "A zebra. Zebras!"


def test_inflected_forms_match_in_known_and_unknown_language(topics: TopicSet) -> None:
    for language in ("uk", ""):
        verdict = drones(topics, "", "Литва передала Україні тисячу дронів. Данія передав дронами.", language=language)
        assert any(piece.clause == "delivered" for piece in verdict.evidence)


def test_a_topic_set_can_go_to_another_process(topics: TopicSet) -> None:
    again: TopicSet = pickle.loads(pickle.dumps(topics))
    assert again.judge("Drones", "Send drones to Ukraine.") == topics.judge("Drones", "Send drones to Ukraine.")


def test_strengths_are_what_the_weights_multiply(topics: TopicSet) -> None:
    strengths = topics.strengths("Drones", "Ukraine.")
    assert strengths["drones"]["headline"] == pytest.approx(0.85)
    assert strengths["drones"]["delivered"] == 0.0


def test_topics_whose_terms_do_not_occur_are_judged_as_if_read(topics: TopicSet) -> None:
    silent = topics.judge("", "Nothing of interest.")
    assert silent == topics.judge("", "")
    assert [(piece.clause, piece.term, piece.weight) for piece in silent[0].evidence] == [("Ukraine", "", 0.0)]


def test_a_topic_that_lacks_what_it_requires_names_that_alone(topics: TopicSet) -> None:
    verdict = drones(topics, "Drones", "Latvia delivers drones.")
    assert (verdict.score, verdict.passage) == (0.0, "")
    assert [(piece.clause, piece.term) for piece in verdict.evidence] == [("Ukraine", "")]


def test_of_many_topics_that_do_not_match_the_nearest_are_explained() -> None:
    tables = [
        f"[topics.t{number}]\ntitle='T'\n"
        f"clauses=[{{ query = 'zebra', weight = {number / 10} }}, {{ query = 'gnu', weight = 9 }}]"
        for number in range(1, 50)
    ]
    verdicts = load_topics({"topics.toml": "\n".join(tables)}).judge("", "A zebra.")
    assert not any(verdict.matched for verdict in verdicts)
    assert [bool(verdict.evidence) for verdict in verdicts] == [number > 49 - EXPLAINED for number in range(1, 50)]
    far = [
        table.replace("weight", "required = false, weight").replace("title='T'", "title='T'\nbias=-9")
        for table in tables
    ]
    assert not any(verdict.evidence for verdict in load_topics({"topics.toml": "\n".join(far)}).judge("", "A zebra."))
    alone = load_topics({"topics.toml": tables[0]}).judge("", "A zebra.")
    assert (verdicts[0].score, bool(alone[0].evidence)) == (alone[0].score, True)


def test_topics_that_ask_for_the_outlet_are_always_judged() -> None:
    topic = "[topics.x]\ntitle='X'\nclauses=[{ query = 'source:gazette OR title:zebra', weight = 9 }]"
    (verdict,) = load_topics({"topics.toml": topic}).judge("", "Nothing.", source="The Gazette")
    assert verdict.matched


def test_a_topic_that_holds_where_nothing_is_found_shows_the_article() -> None:
    topic = "[topics.x]\ntitle='X'\nclauses=[{ query = 'NOT zebra', weight = 9 }, { query = 'lion', weight = 1 }]"
    topics = load_topics({"topics.toml": topic})
    assert topics.judge("", "One horse. Two.")[0].passage == "One horse. Two."
    assert not topics.judge("", "A zebra, a lion.")[0].matched
    assert [piece.clause for piece in topics.judge("", "A lion.")[0].evidence] == ["NOT zebra", "lion"]


def test_languages_without_word_forms_are_named_and_their_words_match_as_written() -> None:
    topic = "[topics.x]\ntitle='X'\nclauses=[{ query = '#drone', weight = 9 }]"
    topics = load_topics({"topics.toml": topic, "concepts/vi.toml": 'drone = "máy bay"', "concepts/names.toml": ""})
    assert topics.without_forms(["en", "ja", "", "vi"]) == ("ja", "vi")
    assert topics.judge("", "Một MÁY BAY mới", language="vi")[0].matched
    assert not topics.judge("", "Một máy bays mới", language="vi")[0].matched


def test_topics_can_ask_for_the_country_of_the_feed() -> None:
    topic = "[topics.x]\ntitle='X'\nclauses=[{ query = 'country:lv AND zebra', weight = 9 }]"
    topics = load_topics({"topics.toml": topic})
    assert topics.judge("", "A zebra.", country="lv")[0].matched
    assert not topics.judge("", "A zebra.", country="lt")[0].matched
    assert topics.strengths("", "A zebra.", country="lv")["x"]["country:lv AND zebra"] > 0


def test_mistakes_of_topics_and_concepts_are_told_together() -> None:
    with pytest.raises(ConfigError) as caught:
        load_topics({**FILES, "concepts/xx.toml": 'a = "#b"', "more.toml": "[topics.y]\ntitle='Y'\nclauses=[]"})
    assert {problem.file for problem in caught.value.problems} == {"concepts/xx.toml", "more.toml"}


ODD_TEXTS = {
    "nothing": "",
    "blanks": " \n\t\x00\ufeff" * 200_000,
    "one word again and again": "drone " * 170_000,
    "one word without end": "d" * 1_000_000,
    "every word is found": "ukraine drone send " * 50_000,
    "every sentence is found": "Ukraine. Send drones. " * 50_000,
    "every letter is found": "d u s " * 170_000,
    "many words full of stars": " ".join(
        "a" * 50 + format(number, "09b").translate({48: 97, 49: 98}) for number in range(500)
    ),
    "full stops": "." * 1_000_000,
    "full stops and quotes": '."' * 500_000,
    "apostrophes": "l'" * 500_000,
    "line ends": "\n" * 1_000_000,
    "right to left": "شراء طائرات بدون طيار لأوكرانيا " * 30_000,
    "hebrew": "קנה רחפנים " * 90_000,
    "combining marks": "d\u0301\u0302\u0303" * 250_000,
    "marks on one letter": "d" + "\u0301\u0316" * 500_000,
    "emoji": "🛩️👩‍👩‍👧‍👦🇺🇦" * 80_000,
    "a lone surrogate": "\ud800 lone surrogate drone",
    "letters that grow when folded": "İ" * 10_000,
    "no spaces": "無人機をウクライナに送る。" * 80_000,
}
ODD_QUERIES = (
    " OR ".join(f"*{'a' * count}*" for count in range(1, 40)),
    "*a*b*a*b*a*b*a* OR d*d*d*d*d*d*e",
    "(drone* ~s ukrain*) ~s (send* OR *end) ~p (d* OR u* OR s*) ~s NOT z*",
    "d* NEAR/100 d* NEAR/100 u* NEAR/100 s*",
    "(d* OR *e OR *n*){3 ~p} ~s (s* OR *d OR u*){3 NEAR/100}",
    "d* ~s " * 17 + "u*",
    " OR ".join(f"(d* ~s u*){{{count}}}" for count in range(1, 60)),
    "(" * 300 + "d*" + ")" * 300,
    '"' + "drone* " * 12 + '"',
)
BOUND = 100.0  # times the floor: about 80 ms where the aim of 50 ms is met with 40; the machine may be busy


def cpu_time(what: Callable[[], object]) -> float:
    """The least of three, in seconds: what others do on the machine only ever adds."""
    times = []
    for _ in range(3):
        started = time.process_time()
        what()
        times.append(time.process_time() - started)
    return min(times)


@pytest.fixture(scope="module")
def odd_topics() -> tuple[TopicSet, ...]:
    return tuple(
        load_topics({"topics.toml": f"[topics.x]\ntitle = 'X'\nclauses = [{{ query = '{query}', weight = 9 }}]"})
        for query in ODD_QUERIES
    )


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=list(ODD_TEXTS))
def test_no_text_and_no_query_is_too_odd_or_slow(topics: TopicSet, odd_topics: tuple[TopicSet, ...], text: str) -> None:
    """Measured against splitting the longest ordinary text into words, on the same machine at the same time."""
    ordinary = "In the early morning the council of the town met and spoke about roads. " * 300
    split = partial(folded_words, ordinary[:LONGEST_TEXT])
    floor = cpu_time(split)
    for number, each in enumerate((topics, *odd_topics)):
        for language in ("en", ""):
            judge = partial(each.judge, text, text, language=language, source=text[:1000], url=text[:1000])
            took = cpu_time(judge)
            if took >= BOUND * floor:  # both anew: a shared core is faster at one moment than at another
                floor, took = cpu_time(split), cpu_time(judge)
            assert took < BOUND * floor, (number, language, took, floor)
            assert all(0.0 <= verdict.score <= 1.0 for verdict in judge())


INVENTED = {
    "short": ("abcdefghijklmnoprstuvz", 2, 4, ""),
    "as long as others": ("abcdefghijklmnoprstuvz", 6, 12, ""),
    "long": ("abcdefghijklmnoprstuvz", 40, 55, "dr"),
    "beginning like terms": ("abcdefghijklmnoprstuvz", 4, 9, "dr"),
    "Cyrillic, short": ("абвгдежзиклмнопрстухцчшщіїєь", 2, 4, ""),
    "Cyrillic, beginning like terms": ("абвгдежзиклмнопрстухцчшщіїєь", 4, 9, "др"),
    "Cyrillic, long": ("абвгдежзиклмнопрстухцчшщіїєь", 40, 55, "др"),
}
DRONES = {
    **dict.fromkeys(("de", "nl"), "drohne, drone"),
    **dict.fromkeys(("uk", "ru", "bg"), "дрон, безпілотник, протидроновий"),
    **dict.fromkeys(
        ("lv", "lt", "et", "sk", "cs", "pl", "it", "es", "fr", "ro", "sv", "no", "da"), "dron, protidronovy"
    ),
}


@pytest.fixture(scope="module")
def many_languages() -> TopicSet:
    return load_topics(FILES | {f"concepts/{language}.toml": f'drone = "{said}"' for language, said in DRONES.items()})


@pytest.mark.parametrize("kind", INVENTED)
def test_words_of_no_language_are_looked_up_at_a_glance(many_languages: TopicSet, kind: str) -> None:
    """Each text is full of words never seen before, and no language has any of them."""
    letters, shortest, longest, beginning = INVENTED[kind]
    dice = random.Random(4)

    def judge_another(language: str) -> None:
        size = LONGEST_TEXT // (shortest + len(beginning))
        text = " ".join(
            beginning + "".join(dice.choices(letters, k=dice.randint(shortest, longest))) for _ in range(size)
        )
        many_languages.judge(text[:1000], text, language=language)

    ordinary = "In the early morning the council of the town met and spoke about roads. " * 300
    floor = cpu_time(lambda: folded_words(ordinary[:LONGEST_TEXT]))
    for language in ("bg", "de", ""):
        many_languages.judge("дрон dron", "дрон dron", language=language)  # dictionaries are read
        invented = cpu_time(lambda language=language: judge_another(language))  # type: ignore[misc]
        assert invented < BOUND * floor, language


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("language", "term", "headline"),
    [
        ("uk", "об'єкт", "Уражено об`єкти ворога"),
        ("uk", "прем’єр", "Зустріч із прем'єром"),
        ("ru", "премьер", "Встреча с премьером"),
        ("uk", "україна", "Для Украї\u0301ни зібрали гроші"),
        ("de", "rüstungsindustrie", "Die Rüstungs\u00adindustrie wächst"),
        ("fr", "défense", "La dé\u00adfense de l´Europe"),
        ("pl", "żołnierz", "Żołnierze ćwiczą"),
        ("ru", "самолёт", "Сбили самолё\u0301та"),
    ],
)
def test_words_are_found_however_their_letters_are_composed(
    language: str, term: str, headline: str, form: Literal["NFC", "NFD"]
) -> None:
    topic = "[topics.any]\ntitle = 'Any'\nclauses = [{ query = '#it', weight = 9 }]"
    topics = load_topics({"topics.toml": topic, f"concepts/{language}.toml": f'it = "{term}"'})
    assert topics.judge(unicodedata.normalize(form, headline), "", language=language)[0].matched


@pytest.mark.parametrize("written", ["F-16", "F16", "F‑16", "f-16"])
@pytest.mark.parametrize("query", ["F-16", "F16", "#jets"])
def test_a_designation_is_found_joined_and_apart(query: str, written: str) -> None:
    topic = f"[topics.any]\ntitle = 'Any'\nclauses = [{{ query = '{query}', weight = 9 }}]"
    topics = load_topics({"topics.toml": topic, "concepts/en.toml": 'jets = "f-16, gripen"'})
    verdict = topics.judge(f"One {written} arrives", "", language="en")[0]
    assert verdict.matched
    assert verdict.evidence[0].term == written
    assert not topics.judge("Article 16 of the treaty, F-161 and XF-16", "", language="en")[0].matched


def test_what_stands_half_in_the_headline_and_half_below_is_shown_where_it_stands() -> None:
    topic = "[topics.x]\ntitle = 'X'\nclauses = [{ name = 'paid', query = 'riga ~p drone ~p test*', weight = 60 }]"
    (verdict,) = load_topics({"topics.toml": topic}).judge("Riga pays", "Each drone is tested. Nobody else pays.")
    assert [(one.term, one.field, one.position) for one in verdict.evidence] == [
        ("Riga", "title", 0),
        ("drone … tested", "lead", 5),
    ]
    assert sum(one.weight for one in verdict.evidence) == pytest.approx(60 * FIELD_STRENGTH["title"])
    assert verdict.passage == "Each drone is tested."
