"""Messages: the same bytes for the same digest, safe whatever a feed says, small enough for every mail program."""

import email
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.digests.render import Renderer, make_environment
from monitor.digests.view import DigestView
from monitor.errors import TemplateError
from monitor.model import Digest, Message, Window
from tests.builders import NOW, TOPICS, a_coverage, a_digest, a_report, a_story, a_subscription, a_verdict, an_article

RENDERER = Renderer(make_environment(), "news.example")
CLIPPED = 102_000  # bytes; where Gmail cuts

XSS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<body onload=alert(1)>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<style>@import url(//evil.example/x.css);</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=//evil.example></object>",
    "<embed src=//evil.example>",
    "<form action=//evil.example><input name=q></form>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<table background=//evil.example/x.png>",
    "<x style=background:url(//evil.example)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x3cscript\x3ealert(1)\x3c/script\x3e",
    "{{ 7 * 7 }}{% for x in range(9) %}x{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "<img src=https://evil.example/pixel.gif>",
    "javascript:alert(1)",
)


class _Page(HTMLParser):
    """What a mail program would find: tags, their attributes, addresses, texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _render(digest: Digest) -> Message:
    return RENDERER.render(digest, NOW)


def _many(count: int, **overrides: str) -> Digest:
    stories = []
    for number in range(count):
        article = an_article(
            url=f"https://a.example/2026/11/23/a-long-enough-address-for-story/{number}",
            title=f"{number}: " + overrides.get("title", "two more launchers promised before the first frost"),
        )
        verdict = a_verdict(topic=TOPICS[number % 3].name)
        stories.append(a_story(reports=(a_report(article=article, verdicts=(verdict,)),)))
    return a_digest(stories=tuple(stories))


def test_what_comes_late_is_told_last_with_its_topic_and_the_reason() -> None:
    late = replace(_many(2), window=Window(NOW + timedelta(hours=2), NOW + timedelta(days=1)))
    message = _render(late)
    assert "LATE (2)" in message.text
    assert f" on {TOPICS[0].title}" in message.text
    for part in (" ".join(message.text.split()), message.html):
        assert "or found then and a match only since a topic, or the article itself" in part
    assert json.loads(message.data)["stories"][0]["late"] is True


def _as_mail(message: Message) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = message.subject
    mail["List-Id"] = message.list_id
    mail["Message-ID"] = message.message_id
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    parsed = email.message_from_bytes(mail.as_bytes(), policy=SMTP.clone(raise_on_defect=True))
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_the_message_names_its_digest_for_ever() -> None:
    message = _render(a_digest())
    assert message.key == "daily@2026-11-23T08:00"
    assert (message.subscription, message.channel) == ("daily", "files")
    assert message.message_id == RENDERER.render(a_digest(stories=()), NOW + timedelta(days=1)).message_id
    assert message.message_id != _render(a_digest(key="daily@2026-11-24T08:00")).message_id
    assert message.message_id.endswith("@news.example>")
    assert message.list_id == "Daily digest <daily.news.example>"


def test_an_equal_digest_gives_equal_bytes_in_every_process_at_every_time() -> None:
    code = (
        "import sys\nfrom datetime import timedelta\nfrom tests.builders import NOW\n"
        "from tests.unit.digests.test_render import RENDERER, _many\n"
        "message = RENDERER.render(_many(20), NOW + timedelta(hours=int(sys.argv[1])))\n"
        "print(ascii((message.text, message.html, message.slack, message.subject)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, seed],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_the_text_says_everything_in_lines_for_a_terminal() -> None:
    text = _render(a_digest()).text
    for words in (
        "DAILY DIGEST — Monday 23 November 2026",
        "AIR DEFENCE (1)",
        "* Two more launchers promised before winter",
        "Northern Courier 05:00",
        "Crews are",
        'Why: strong match, 82 %: "launchers" (headline)',
        "https://courier.example/news/launchers",
        "All 12 feeds were read.",
    ):
        assert words in text
    assert max(len(line) for line in text.splitlines()) <= 78
    assert not any(line != line.rstrip() for line in text.splitlines())
    assert "\n\n\n\n" not in text


def test_the_html_is_whole_and_calls_nobody() -> None:
    html = _render(a_digest()).html
    page = _Page(html)
    assert page.tags.isdisjoint({"img", "script", "link", "iframe", "form", "object"})
    assert {"h1", "h2", "h3"} <= page.tags
    assert "http" not in html.replace("https://courier.example/news/launchers", "")
    assert "url(" not in html
    assert html.index("charset") < 1_024  # where browsers look for it
    assert "prefers-color-scheme: dark" in html
    assert 'content="light dark"' in html
    assert '<html lang="en">' in html


def test_headlines_carry_their_language_and_direction() -> None:
    article = an_article(title="عنوان الخبر الأول", language="ar")
    html = _render(a_digest(stories=(a_story(reports=(a_report(article=article),)),))).html
    assert '<h3 lang="ar" dir="rtl"' in html
    assert ">Arabic</span>" in html


@pytest.mark.parametrize("count", [0, 1, 49, 51, 500])
def test_mail_is_never_clipped_and_the_text_lists_every_story(count: int) -> None:
    message = _render(_many(count))
    assert len(message.html.encode()) < 100_000
    for number in range(count):
        assert f" {number}: two more launchers" in message.text
    told = message.html.count("<h3") + message.html.count("<li")
    assert told == count if count <= 51 else told > 50
    assert ("text part of this mail" in message.html) == (message.html.count("<h3") < count)


def test_few_pages_are_made_to_find_out_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    inlined = Renderer._inlined

    def counting(renderer: Renderer, name: str, view: DigestView) -> str:
        made.append(view.total)
        return inlined(renderer, name, view)

    monkeypatch.setattr(Renderer, "_inlined", counting)
    message = _render(_many(500))
    assert 90_000 < len(message.html.encode()) < 100_000  # and yet all is used
    assert len(made) <= 14, "by halves it takes 20"


def test_the_stories_that_are_told_in_full_are_the_best() -> None:
    html = _render(_many(200)).html
    full = html.count("<h3")
    assert 20 <= full < 200
    for number in range(full):
        assert f">{number}: two more" in html.replace("\n", "")


@pytest.mark.parametrize("vector", XSS)
def test_nothing_in_a_feed_becomes_markup(vector: str) -> None:
    calm = _Page(_render(a_digest(coverage=a_coverage(read=2, failed=(("x", "y", None),), unvisited=("z",)))).html)
    article = an_article(title=vector, url=f"https://a.example/{vector}", text=vector, language="en")
    verdict = a_verdict(passage=vector, evidence=(a_verdict().evidence[0].__class__("c", vector, "title", 0, 2.0),))
    digest = a_digest(
        stories=(a_story(reports=(a_report(article=article, outlet=vector, verdicts=(verdict,)),)),),
        topics=(*TOPICS[:2], type(TOPICS[0])("air-defence", vector)),
        subscription=a_subscription(title=vector),
        coverage=a_coverage(read=2, failed=((vector, vector, NOW),), unvisited=(vector,)),
    )
    message = _render(digest)
    page = _Page(message.html)
    assert page.tags <= calm.tags
    assert page.attributes <= calm.attributes
    assert all(address.startswith("https://a.example/") for address in page.links)
    assert " ".join(vector.split()) in " ".join("".join(page.texts).split())
    assert _as_mail(message).defects == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", ""])
def test_an_address_that_is_no_web_address_is_no_link(url: str) -> None:
    article = an_article(url=url)
    html = _render(a_digest(stories=(a_story(reports=(a_report(article=article),)),))).html
    assert _Page(html).links == []


@pytest.mark.parametrize(
    "title",
    [
        "Breaking\r\nBcc: everyone@example.org\r\n\r\nbody",
        "Subject\nX-Evil: 1",
        "x" * 4_000,
        "слово " * 700,
        "👩‍🚒🇺🇦" * 500,
        "\u202eevil\u202c عنوان",
        "nul\x00 and bell\x07 and \ud800 half",
    ],
)
def test_mail_of_any_title_parses_without_a_defect(title: str) -> None:
    article = an_article(title=title)
    stories = (a_story(reports=(a_report(article=article, outlet=title),)),)
    digest = a_digest(stories=stories, subscription=a_subscription(title=title))
    message = _render(digest)
    assert "\n" not in message.subject + message.list_id + message.message_id
    assert len(message.subject) <= 180
    mail = _as_mail(message)
    assert [part.defects for part in mail.walk()] == [[], [], []]
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert len(message.html.encode()) < 10_000


def _with(folder: Path, **files: str) -> Renderer:
    for name, source in files.items():
        (folder / f"{name}.j2").write_text(source, "utf-8")
    return Renderer(make_environment([folder]), "news.example")


def test_a_users_template_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    renderer = _with(
        tmp_path, **{"digest.txt": "{{ digest.summary }}\n", "brief.txt": "", "brief.html": "<p>&amp;</p>"}
    )
    message = renderer.render(a_digest(), NOW)
    assert message.text == "1 story\n"
    assert message.html == _render(a_digest()).html
    brief = renderer.render(a_digest(subscription=a_subscription(template="brief")), NOW)
    assert "<p>&amp;</p>" in brief.html
    assert brief.slack == message.slack


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("one\n{% for x in %}\n", "line 2", "Expected an expression"),
        ("one\ntwo\n{{ digest.nonsense }}", "line 3", "no attribute 'nonsense'"),
        ("{{ nonsense }}", "line 1", "'nonsense' is undefined"),
        ("\n{{ 1 / 0 }}", "line 2", "division by zero"),
        ("\n\n{{ digest.counts[99][0] }}", "line 3", "99"),
        ("{{ digest.total|nonsense }}", "line 1", "nonsense"),
        ("{{ ''.__class__.__mro__ }}", "line 1", "unsafe"),
        ("{{ range(10 ** 9)|length }}", "line 1", "range"),
        ("{% include 'other.j2' %}", "line 1", "'other.j2' not found"),
        ("{{ digest.total + 'x' }}", "line 1", "unsupported operand"),
    ],
)
def test_a_broken_template_is_told_with_file_and_line(tmp_path: Path, source: str, place: str, words: str) -> None:
    renderer = _with(tmp_path, **{"digest.txt": source})
    with pytest.raises(TemplateError) as caught:
        renderer.render(a_digest(), NOW)
    assert place in str(caught.value)
    assert words in str(caught.value)
    assert str(tmp_path / "digest.txt.j2") in str(caught.value)


def test_the_shipped_template_still_tells_what_a_broken_one_could_not(tmp_path: Path) -> None:
    renderer = _with(tmp_path, **{"digest.html": "{{ broken"})
    with pytest.raises(TemplateError):
        renderer.render(a_digest(), NOW)
    assert _render(a_digest()).html


def _not_utf8(folder: Path) -> None:
    (folder / "digest.txt.j2").write_bytes("Новини".encode("windows-1251"))


def _unparsable(folder: Path) -> None:
    (folder / "digest.html.j2").write_text("\n{% if %}", "utf-8")


@pytest.mark.parametrize(
    ("breaks", "template", "words"),
    [
        (_not_utf8, "digest", "digest.txt.j2: is not UTF-8"),
        (_unparsable, "digest", "line 2"),
        (lambda _folder: None, "weekly", "weekly.txt.j2: there is no such template"),
    ],
)
def test_templates_are_checked_before_they_are_needed(
    tmp_path: Path, breaks: Callable[[Path], None], template: str, words: str
) -> None:
    breaks(tmp_path)
    renderer = _with(tmp_path)
    with pytest.raises(TemplateError, match=words):
        renderer.check(template)
    RENDERER.check("digest")


def test_a_template_too_large_for_any_mail_is_sent_all_the_same(tmp_path: Path) -> None:
    renderer = _with(tmp_path, **{"digest.html": "<p>" + "x" * CLIPPED + "</p>"})
    assert len(renderer.render(a_digest(), NOW).html) > CLIPPED


def test_the_text_part_says_which_address_is_of_the_archive() -> None:
    text = Renderer(make_environment(), "news.example", desk="https://desk.example").render(a_digest(), NOW).text
    assert f"\n  In the archive: https://desk.example/stories/{a_story().id}\n" in text
