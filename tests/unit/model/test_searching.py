"""What is looked for."""

from monitor.model import AllOf, AnyOf, Term, terms_of


def test_terms_that_must_or_may_occur() -> None:
    one, two, three = Term(("one",)), Term(("two",), prefix=True), Term(("three",), place="title")
    assert terms_of(AllOf((AnyOf((one, two)),), without=(three,))) == (one, two)
