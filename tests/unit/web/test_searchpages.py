"""What the page that searches shows."""

from tests.unit.web.visiting import Visitor


def test_search_marks_what_was_searched_for(visitor: Visitor) -> None:
    shown = visitor.get("/search?q=drone").text
    assert '<mark title="searched for">' in shown
    assert "Nothing was found" in visitor.get("/search?q=zzzzqqqq").text
    assert visitor.get("/search?q=drone+NEAR/5+coalition").text.count('<article class="line"') > 0
    assert visitor.get("/search?q=drone&page=900").status == 200


def test_a_query_that_is_not_understood_is_explained_where_it_goes_wrong(visitor: Visitor) -> None:
    for query in ("%22unclosed%20(%20NEAR%20*", "drone+AND", "colour:red", "%23no-such-concept"):
        shown = visitor.get(f"/search?q={query}")
        assert shown.status == 200
        assert 'role="alert"' in shown.text
        assert "Nothing was found" not in shown.text
