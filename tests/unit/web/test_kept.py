"""Pages as they were published: what may be seen of them, and that nothing else of them is left."""

import re

import pytest

from monitor.app import App
from monitor.model import Proof
from monitor.web.kept import LARGEST, TAGS, cleaned
from tests.unit.web.visiting import Visitor

PAGE = "https://quay.example/2026/crane.html"
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">go</a>',
    '<a href="&#106;avascript:alert(1)">go</a>',
    '<a href="java\tscript:alert(1)">go</a>',
    '<a href="/feeds/add">within</a><a href="//[/">broken</a>',
    '<a href="data:text/html,<script>alert(1)</script>">go</a>',
    '<iframe src="https://elsewhere.example"></iframe>',
    "<form action=https://elsewhere.example><input name=password><button>Sign in</button></form>",
    '<base href="https://elsewhere.example/">',
    '<meta http-equiv="refresh" content="0;url=https://elsewhere.example">',
    '<link rel="stylesheet" href="https://elsewhere.example/a.css">',
    "<style>body { display: none }</style>",
    '<p style="position:fixed;inset:0">over all</p>',
    '<p id="content" class="notice" name="stamp">named as ours</p>',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea>",
    "<object data=https://elsewhere.example></object><embed src=https://elsewhere.example>",
    "<video src=https://elsewhere.example autoplay></video><audio src=x onerror=alert(1)>",
    "</div></main><script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<p onclick=alert(1) onmouseover=alert(1)>touch me</p>",
    "<details open ontoggle=alert(1)>x</details>",
]
_TAG = re.compile(r"</?([a-z0-9]+)((?: [a-z-]+=\"[^\"<>]*\")*)>")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_acts_or_loads_is_left(hostile: str) -> None:
    for page in (hostile, f"<html><body><article><p>Report.</p>{hostile}<p>The end of it.</p></article></body></html>"):
        shown, _ = cleaned(page, PAGE)
        rest = _TAG.sub(_looked_at, shown)
        assert "<" not in rest.replace("&lt;", ""), shown
        assert "alert(1)</" not in shown


def _looked_at(tag: re.Match[str]) -> str:
    assert tag[1] in TAGS
    for name, value in re.findall(r' ([a-z-]+)="([^"]*)"', tag[2]):
        assert name in {"href", "title", "rel", "datetime", "colspan", "rowspan", "lang", "dir"}
        assert name != "href" or value.startswith(("http://", "https://"))
    return ""


def test_what_was_reported_stays_in_its_form() -> None:
    page = (
        "<html><body><nav>Home</nav><main><h1>Crane falls</h1><p>It fell <em>slowly</em>, says"
        ' <a href="/crane" class="x">the port</a>.</p><ul><li>one</li></ul>'
        "<table><tr><th>Year</th><td colspan='2'>2026</td></tr></table></main><footer>About us</footer></body></html>"
    )
    shown, cut = cleaned(page, PAGE)
    assert not cut
    assert "<h2>Crane falls</h2>" in shown
    assert "<em>slowly</em>" in shown
    assert '<a href="https://quay.example/crane" rel="noopener noreferrer nofollow">the port</a>' in shown
    assert "<li>one</li>" in shown
    assert '<td colspan="2">2026</td>' in shown
    assert "Home" not in shown
    assert "About us" not in shown


def test_a_page_without_end_is_cut_and_stays_whole_html() -> None:
    shown, cut = cleaned("<article>" + "<ul><li><b>one more & one" * 20_000, PAGE)
    assert cut
    assert len(shown) < 2 * LARGEST
    assert shown.count("<ul>") == shown.count("</ul>")
    assert shown.count("<b>") == shown.count("</b>")


def test_it_is_shown_with_where_it_comes_from(app: App, visitor: Visitor) -> None:
    with app.store.read() as shelves:
        exhibit = next(one for one in shelves.exhibits.all() if one.proof is Proof.PAGE)
        stored = shelves.articles.get(exhibit.article)
        story = shelves.stories.story_of(exhibit.article)
    assert stored is not None
    way = f"/articles/{exhibit.article}/kept"
    assert way in visitor.get(f"/stories/{story}?whole={exhibit.article}").text
    shown = visitor.get(way)
    assert shown.status == 200
    assert exhibit.body_hash in shown.text
    assert exhibit.file in shown.text
    assert f'href="/stories/{story}?whole={exhibit.article}#{exhibit.article}"' in shown.text
    assert " ".join(stored.article.text.split("\n")[-1].split()[:4]) in " ".join(shown.text.split())
    assert shown.text.count("<h1") == 1


def test_where_nothing_was_kept_or_it_is_damaged_it_is_said(app: App, visitor: Visitor) -> None:
    with app.store.read() as shelves:
        exhibit = next(one for one in shelves.exhibits.all() if one.proof is Proof.PAGE)
        others = [one.article.id for one in shelves.articles.latest(None, limit=200)]
        proven = shelves.exhibits.with_pages(others)
    assert exhibit.article in proven
    unproven = next(one for one in others if one not in proven)
    assert '<a href="/stories">To Stories</a>' in visitor.get(f"/articles/{unproven}/kept").text
    assert "No page of this article was kept" in visitor.get(f"/articles/{unproven}/kept").text
    assert visitor.get("/articles/ffffffffffffffff/kept").status == 404
    file = app.settings.archive.folder / "evidence" / exhibit.file
    aside = file.with_suffix(".aside")
    file.rename(aside)
    try:
        gone = visitor.get(f"/articles/{exhibit.article}/kept")
        file.write_bytes(b"no WARC")
        damaged = visitor.get(f"/articles/{exhibit.article}/kept")
    finally:
        aside.replace(file)
    assert (gone.status, damaged.status) == (409, 409)
    assert "monitor evidence verify" in gone.text
    assert "monitor evidence verify" in damaged.text
