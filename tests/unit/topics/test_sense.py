"""What parses and cannot be meant is a mistake, each with its place and what to write; what can be meant is none."""

import time

import pytest

from monitor.topics.query import parse


@pytest.mark.parametrize(
    ("query", "offset", "message", "hint"),
    [
        ("NEAR", 0, "found 'NEAR', but NEAR takes a whole number from 1 to 100", 'write a NEAR/5 b, or "near" for the'),
        ("a NEAR b", 2, "found 'NEAR', but NEAR takes a whole number", 'write a NEAR/5 b, or "near" for the word'),
        ("a OR NEAR/x", 5, "found 'NEAR/x', but NEAR takes a whole number", 'write a NEAR/5 b, or "near" for the word'),
        ("a NEAR/3.5 b", 2, "found 'NEAR/3.5', but NEAR takes a whole number", 'write a NEAR/5 b, or "near" for the'),
        ("a AND -toy", 6, "'-toy': a sign in front excludes nothing", "write AND NOT toy"),
        ("a -toy", 2, "'-toy': a sign in front excludes nothing", "write AND NOT toy"),
        ("!toy", 0, "'!toy': a sign in front excludes nothing", "write AND NOT toy"),
        ("+toy", 0, "'+toy': a plus in front demands nothing", "write AND between what must occur together"),
        ("a|b", 0, "'a|b': '|' joins nothing", "write a OR b"),
        ("a || b", 2, "'||': '|' joins nothing", "write a OR b"),
        ("a && b", 2, "'&&': '&' joins nothing", "write AND"),
        ("dr?ne", 0, "'dr?ne': '?' stands for no letter", "write dr*ne"),
        (
            '"dr?ne deal"',
            0,
            "'dr?ne deal': '?' has no meaning here",
            "write 'drone*' or 'mine*koalition', or two terms",
        ),
        ("dron.*", 0, "'dron.*': regular expressions are not read", "write drone*, *drohne or mine*koalition"),
        ("drone,uav", 0, "'drone,uav': a comma or semicolon parts nothing", "write drone OR uav"),
        ("“drone”", 0, "'“drone”': these quotes hold nothing together", 'write a phrase in straight quotes: "air def'),
        ("a not b", 2, "found 'not', expected", "did you mean 'NOT'?"),
        ("not b", 4, "found 'b', expected", "did you mean 'NOT'?"),
        ("lang:english", 5, "'lang:english' finds nothing: 'english' is no language's code", "did you mean 'en' (Eng"),
        ("lang:xx", 5, "'lang:xx' finds nothing: 'xx' is no language's code", "two letters of ISO 639-1"),
        ("lang:ua", 5, "'lang:ua' finds nothing: 'ua' is no language's code", "did you mean 'uk' (Ukrainian)?"),
        ("country:germany", 8, "'country:germany' finds nothing", "did you mean 'de' (Germany)?"),
        ("country:zz", 8, "'country:zz' finds nothing: 'zz' is no country's code", "two letters of ISO 3166-1"),
        ("source:reut*", 7, "'source:reut*': a star stands for nothing here", "source: looks for whole words"),
        ("(NOT a) ~s b", 8, "'~s' can never hold: what is absent (NOT) or stated", "join it with AND"),
        ("a ~p (b OR lang:uk)", 2, "'~p' can never hold: what is absent (NOT) or stated", "join it with AND"),
        ("lang:uk ~s a", 8, "'~s' can never hold: what is absent (NOT) or stated", "join it with AND"),
        ("title:a ~s lead:b", 8, "'~s' can never hold: headline and text are never near", "join them with AND"),
        ("body:a ~p title:b", 7, "'~p' can never hold: the body does not follow the headline", "join them with AND"),
        ("(NOT a){2}", 8, "a count can never be reached: what is absent", "count words, phrases or #concepts"),
        ("a{2 ~p}", 2, "a count can never be reached: with a reach 2 different terms count", "write {2} alone"),
        ("title:(body:a)", 0, "'body:' within 'title:'", "ask for one field"),
        (
            "lang:uk AND a AND lang:de",
            0,
            "AND can never hold: an article has one language, not de, uk",
            "join them with",
        ),
        ("country:ua AND (b AND country:de)", 0, "AND can never hold: an article has one country", "join them with OR"),
        ("a AND NOT a", 0, "AND can never hold: a part is asked for and excluded", "remove one of the two"),
    ],
)
def test_what_cannot_be_meant_is_told(query: str, offset: int, message: str, hint: str) -> None:
    tree, (mistake,) = parse(query, ("drone",))
    assert tree is None
    assert mistake.offset == offset
    assert mistake.message.startswith(message)
    assert mistake.hint.startswith(hint)


@pytest.mark.parametrize(
    "query",
    [
        "near", '"NEAR"', "NEARBY", "AT&T", "C++", "S-300", "1,000", "F-16/F-18", '"who pays?"', "U.S.",
        "LANG:UK", 'lang:"uk"', "country:eu", "country:int", "lang:uk OR lang:de", "NOT lang:uk", "url:sport?page",
        "a ~s NOT b", "(a AND lang:uk) ~s b", "title:a ~s b", "title:a NEAR/3 title:b", "(lead:a ~p body:b)",
        "title:a ~p lead:b",
        "(a OR b){2 ~p}", "#drone{3 ~p}", "(a AND NOT b){2}", "title:(lang:uk AND a)", "a AND NOT (a ~s b)",
    ],
)  # fmt: skip
def test_what_can_be_meant_is_no_mistake(query: str) -> None:
    assert parse(query, ("drone",))[1] == []


def test_a_long_query_is_understood_at_once() -> None:
    query = " AND ".join(["a0", *(f"NOT b{number}" for number in range(3_000))])
    started = time.process_time()
    assert parse(query, ())[1] == []
    assert time.process_time() - started < 2.5
