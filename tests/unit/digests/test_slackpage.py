"""The page that draws Slack's payloads shows every word of them and lets none of them be markup."""

import json
from html.parser import HTMLParser

from monitor.digests.present import present
from monitor.digests.slack import payloads
from monitor.digests.slackpage import slack_page
from tests.builders import a_digest, a_report, a_story, a_verdict, an_article

VECTOR = '<script>alert("1")</script> & *not bold*'


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _page(title: str, **more: bool) -> _Tags:
    article = an_article(title=title, url="https://a.example/?a=1&b=2")
    story = a_story(reports=(a_report(article=article, outlet=title, verdicts=(a_verdict(passage=title),)),))
    drawn = payloads(present(a_digest(stories=(story,)), desk="https://desk.example/"))
    return _Tags(slack_page(drawn, threaded=more.get("threaded", False)))


def test_words_links_and_marks_are_drawn() -> None:
    page = _page("Two launchers & a radar")
    assert {"b", "a", "hr", "article"} <= set(page.tags)
    assert "Two launchers & a radar" in page.text
    assert "In the archive" in page.text


def test_a_quoted_line_stands_apart() -> None:
    page = slack_page(
        ['{"text": "x", "blocks": [{"type": "section", "text": {"text": "*A*\\n> *Update*  2 &gt; 1\\nB"}}]}'],
        threaded=False,
    )
    assert "<b>A</b><q><b>Update</b>  2 &gt; 1</q>B" in page


def test_nothing_of_a_feed_becomes_markup() -> None:
    page = _page(VECTOR)
    assert "script" not in page.tags
    assert 'alert("1")' in "".join(page.text)


def test_a_thread_is_shown_as_one_and_unknown_blocks_say_so() -> None:
    messages = [json.dumps({"text": "x", "blocks": [{"type": "poem"}]}) for _ in range(3)]
    page = _Tags(slack_page(messages, threaded=True))
    assert "2 replies" in page.text
    assert "".join(page.text).count("cannot draw") == 3
    assert "2 replies" not in _Tags(slack_page(messages, threaded=False)).text
    assert "nothing" in _Tags(slack_page([], threaded=True)).text
