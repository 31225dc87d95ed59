"""What parses as a query and yet cannot be meant: signs of other query languages, codes of no language or country,
parts that no article can ever hold. Each question gives what is wrong and what to write, or None.

Asked by `query` while it builds the tree; looks at no article.
"""

import re
from collections.abc import Iterator
from math import inf

from monitor.codes import country_hint, is_country, is_language, language_hint
from monitor.topics.lexicon import term_words, wrong_term
from monitor.topics.nodes import (
    STATED,
    And,
    Close,
    ConceptNode,
    Counted,
    Leaf,
    Node,
    Not,
    Or,
    TermNode,
    Weighted,
    Within,
    is_stated,
    parts_of,
)
from monitor.words import fold

Wrong = tuple[str, str]

_EVERYWHERE = frozenset({"title", "lead", "body"})
_NEAR = re.compile(r"NEAR(?:/.*)?", re.DOTALL)
_SIGNS = (
    (re.compile(r"^[-−–!](?=\w|\*)"), "a sign in front excludes nothing", "write AND NOT {rest}"),
    (re.compile(r"^\+"), "a plus in front demands nothing", "write AND between what must occur together"),
    (re.compile(r"\|"), "'|' joins nothing", "write {left} OR {right}"),
    (re.compile(r"^&+|&&|&$"), "'&' joins nothing", "write AND"),
    (re.compile(r"[“”„«»]"), "these quotes hold nothing together", 'write a phrase in straight quotes: "air defence"'),
    (re.compile(r"\?"), "'?' stands for no letter", "write {left}*{right}"),
    (
        re.compile(r"^/|[\\\[\]=<>]|\.[*+]"),
        "regular expressions are not read",
        "write drone*, *drohne or mine*koalition",
    ),
    (re.compile(r"(?<=[^\W\d])[,;](?=\w)"), "a comma or semicolon parts nothing", "write {left} OR {right}"),
)


def odd_word(text: str) -> Wrong | None:
    """Of a word without quotes: whether it is an operator that is no operator, or holds a sign that means nothing."""
    if _NEAR.fullmatch(text):
        return (
            f"found '{text}', but NEAR takes a whole number from 1 to 100",
            'write a NEAR/5 b, or "near" for the word',
        )
    for sign, message, hint in _SIGNS:
        if match := sign.search(text):
            left, right = text[: match.start()], text[match.end() :].strip("|")
            hint = hint.format(rest=right, left=left or "a", right=right or "b")
            return f"'{text}': {message}", hint.replace("**", "*")
    return wrong_term(text)


def odd_value(field: str, text: str) -> Wrong | None:
    """Of what `source:`, `url:`, `lang:` or `country:` is to be: whether any article can have it."""
    code = fold(text.strip())
    if field == "lang" and not is_language(code):
        return f"'lang:{text}' finds nothing: '{text}' is no language's code", language_hint(text)
    if field == "country" and not is_country(code):
        return f"'country:{text}' finds nothing: '{text}' is no country's code", country_hint(text)
    if "*" in text:
        return f"'{field}:{text}': a star stands for nothing here", f"{field}: looks for whole words; write them out"
    return None if term_words(text) else wrong_term(text)


def never_close(node: Close, how: str) -> Wrong | None:
    """Whether two parts can never be near each other; `how` is the operator as written."""
    right = node.right.part if isinstance(node.right, Not) else node.right
    here, there = _places(node.left), _places(right)
    if not here or not there:
        what = "what is absent (NOT) or stated (lang:, source: …) stands nowhere in the text"
        return f"'{how}' can never hold: {what}", f"join it with AND, or write a {how} NOT b"
    title = frozenset({"title"})
    beside = title | {"lead"} if node.sentences > 1 else title
    if not isinstance(node.right, Not) and (
        (here == title and there.isdisjoint(beside)) or (there == title and here.isdisjoint(beside))
    ):
        what = "the body does not follow the headline" if node.sentences > 1 else "headline and text are never near"
        return f"'{how}' can never hold: {what}", "join them with AND"
    return None


def never_counted(node: Counted) -> Wrong | None:
    """Whether there can never be so many finds."""
    if not _places(node.part):
        what = "what is absent (NOT) or stated (lang:, source: …) is not found any number of times"
        return f"a count can never be reached: {what}", "count words, phrases or #concepts"
    terms = _terms(node.part)
    if (node.words or node.sentences) and terms < node.least:
        what = f"with a reach {node.least} different terms count, and there is only {terms:g}"
        return f"a count can never be reached: {what}", f"write {{{node.least}}} alone, or count a #concept or (a OR b)"
    return None


def never_all(node: And) -> Wrong | None:
    """Whether its parts exclude each other."""
    parts = tuple(_all_of(node))
    for field, what in (("lang", "language"), ("country", "country")):
        values = {
            fold(one.part.text)
            for one in parts
            if isinstance(one, Within) and one.field == field and isinstance(one.part, TermNode)
        }
        if len(values) > 1:
            shown = ", ".join(sorted(values))
            return f"AND can never hold: an article has one {what}, not {shown}", "join them with OR in brackets"
    asked = frozenset(parts)
    if any(isinstance(one, Not) and one.part in asked for one in parts):
        return "AND can never hold: a part is asked for and excluded", "remove one of the two"
    return None


def field_inside(node: Node) -> str:
    """The first of title, lead and body that is asked for in a part; "" where none is."""
    if isinstance(node, Within) and not is_stated(node):
        return node.field
    return next(filter(None, map(field_inside, parts_of(node))), "")


def _all_of(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _all_of(part)
    else:
        yield node


def _places(node: Node) -> frozenset[str]:
    """The fields in which a part can be found; none where it holds without standing anywhere, or may do so."""
    match node:
        case TermNode() | ConceptNode() | Leaf():
            return _EVERYWHERE
        case Within(field, part):
            return frozenset({field}) if field not in STATED and _places(part) else frozenset()
        case Weighted(part) | Counted(part):
            return _places(part)
        case And(parts):
            return frozenset().union(*map(_places, parts))
        case Or(parts):
            each = [*map(_places, parts)]
            return frozenset().union(*each) if all(each) else frozenset()
        case Close(left, right):
            return _places(left) | _places(right)
        case _:
            return frozenset()


def _terms(node: Node) -> float:
    """How many different terms a part can find; those of concepts are not counted here."""
    match node:
        case TermNode() | Leaf():
            return 1
        case ConceptNode():
            return inf
        case Within(field, part):
            return 0 if field in STATED else _terms(part)
        case Weighted(part) | Counted(part):
            return _terms(part)
        case And(parts) | Or(parts):
            return sum(map(_terms, parts))
        case Close(left):
            return _terms(left)
        case _:
            return 0
