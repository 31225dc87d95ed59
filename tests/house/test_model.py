"""No fact lives in two types: a type that has another repeats none of its fields."""

from typing import Any, get_args, get_type_hints

from msgspec import Struct

from monitor import model

# (type, field) -> how it differs from the field of the same name in the type it has.
NOT_THE_SAME = {
    ("Feed", "title"): "the name of the outlet, not where headlines stand on its page",
    ("FeedState", "feed"): "whose state it is; an entry says where it stood",
    ("Fresh", "url"): "after redirects; the request's is before them",
    ("Fresh", "headers"): "the answer's; the request's are what was sent",
    ("Fresh", "body"): "decompressed; the wire's is as it came",
    ("Wire", "headers"): "the last answer's, not those on the way",
    ("Wire", "status_line"): "likewise",
    ("AllOf", "parts"): "a tree of parts",
    ("AnyOf", "parts"): "a tree of parts",
    ("Unchanged", "headers"): "as in Fresh",
    ("Failed", "request"): "most failures are no refusal, and have none",
    ("Failed", "at"): "likewise",
    ("Failed", "status"): "likewise",
    ("FeedPage", "title"): "the document's, not an entry's",
    ("FeedPage", "link"): "the document's, not an entry's",
    ("FeedPage", "language"): "the document's, not an entry's",
    ("Article", "id"): "of the address; the entry's is the feed's raw one",
    ("Article", "title"): "the page's where that is better",
    ("Article", "language"): "detected from the text; the entry's is stated",
    ("Article", "published"): "the page's where the feed states none",
    ("Article", "authors"): "the page's where the feed states none",
    ("Digest", "topics"): "with their titles; the subscription only names them",
}


def _types() -> dict[str, Any]:
    return {
        name: one
        for name, one in vars(model).items()
        if isinstance(one, type) and issubclass(one, Struct) and one.__module__.startswith(model.__name__)
    }


def _held(hint: Any) -> set[str]:
    """The names of the model's types inside a hint, however deep."""
    inner = {name for part in get_args(hint) for name in _held(part)}
    return inner | ({hint.__name__} if isinstance(hint, type) and hint.__name__ in _types() else set())


def _repeated() -> set[tuple[str, str]]:
    types = _types()
    repeated = set()
    for name, one in types.items():
        own = set(one.__struct_fields__)
        held = {inner for hint in get_type_hints(one).values() for inner in _held(hint)} - {name}
        theirs = {field for inner in held for field in types[inner].__struct_fields__}
        repeated |= {(name, field) for field in own & theirs}
    return repeated


def test_no_field_repeats_one_of_a_type_it_has() -> None:
    assert _repeated() == set(NOT_THE_SAME)


def test_every_type_is_frozen() -> None:
    assert [name for name, one in _types().items() if not one.__struct_config__.frozen] == []
