"""Feeds found at a site and written into feeds.toml; lists exchanged with other readers."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.common import Exit
from tests.configfolder import FEEDS, a_config
from tests.newsserver import Answer, NewsServer
from tests.unit.cli.calling import ON_LOOPBACK, Call

HTML = {"Content-Type": "text/html; charset=utf-8"}
COMMENTED = f"# My own words.\n{FEEDS}# The end."


def rss(title: str, *items: str) -> bytes:
    entries = "".join(f"<item><title>{item}</title><link>https://x.example/{item}</link></item>" for item in items)
    return (
        f'<rss version="2.0"><channel><title>{title}</title><language>uk</language>{entries}</channel></rss>'.encode()
    )


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with NewsServer() as server:
        head = (
            '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">'
            '<link rel="alternate" type="application/atom+xml" title="Dead" href="/dead.atom">'
            '<link rel="alternate" type="application/rss+xml" title="Ridge" href="/main.xml">'
            '<a href="/sport/rss">Sport by RSS</a>'
        )
        server.put("/", Answer(body=f"<html><head>{head}</head></html>".encode(), headers=HTML))
        server.put("/main.xml", Answer(body=rss("Ridge Herald", "a", "b")))
        server.put("/sport/rss", Answer(body=rss("Ridge Sport", "c")))
        server.put("/comments/feed/", Answer(body=rss("Comments on Ridge", "d", "e")))
        yield server


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return a_config(tmp_path / "config", {"monitor.toml": ON_LOOPBACK, "feeds.toml": COMMENTED})


def added(config: Path) -> list[dict[str, object]]:
    """The tables after the first two; everything before must be as it was."""
    text = (config / "feeds.toml").read_text("utf-8")
    assert text.startswith(COMMENTED)
    tables: list[dict[str, object]] = tomllib.loads(text)["feed"][2:]
    return tables


def test_the_first_feed_that_is_well_is_written(site: NewsServer, config: Path, call: Call) -> None:
    said = call("--config", config, "feeds", "add", site.url("/"), "--tags", "press, hill")
    assert said.code == Exit.OK, said.err
    assert added(config) == [
        {"name": "ridge-herald", "title": "Ridge Herald", "url": site.url("/main.xml"), "language": "uk",
         "tags": ["press", "hill"]}
    ]  # fmt: skip
    assert f"✓ {site.url('/main.xml')}" in said.out
    assert f"✗ {site.url('/dead.atom')}" in said.out
    assert "“Ridge Herald” · feed · 2 entries, undated" in said.out
    assert "readers' comments" in said.out


def test_all_of_them_but_the_comments(site: NewsServer, config: Path, call: Call) -> None:
    assert call("--config", config, "feeds", "add", site.url("/"), "--all").code == Exit.OK
    assert [table["name"] for table in added(config)] == ["ridge-herald", "ridge-sport"]


def test_a_dry_run_writes_nothing(site: NewsServer, config: Path, call: Call) -> None:
    said = call(
        "--config", config, "feeds", "add", site.url("/main.xml"), "--dry-run", "--name", "ridge", "--title", "R"
    )
    assert 'name = "ridge"\ntitle = "R"' in said.out
    assert (config / "feeds.toml").read_text("utf-8") == COMMENTED


def test_what_stands_there_already_is_refused(site: NewsServer, config: Path, call: Call) -> None:
    first = call("--config", config, "feeds", "add", "herald.example/rss?section=1")
    assert first.code == Exit.USAGE
    assert "stands already in feeds.toml as 'herald'" in first.err
    call("--config", config, "feeds", "add", site.url("/main.xml"))
    again = call("--config", config, "feeds", "add", site.url("/main.xml"))
    assert again.code == Exit.USAGE
    assert "stands already in feeds.toml as 'ridge-herald'" in again.err
    assert len(added(config)) == 1
    other = call("--config", config, "feeds", "add", site.url("/sport/rss"), "--name", "courier")
    assert (other.code, "the name 'courier' is taken" in other.err) == (Exit.USAGE, True)


def test_comments_do_not_take_the_place_of_a_feed_that_is_known(site: NewsServer, config: Path, call: Call) -> None:
    call("--config", config, "feeds", "add", site.url("/"), "--all")
    again = call("--config", config, "feeds", "add", site.url("/"))
    assert again.code == Exit.USAGE
    assert "stands already in feeds.toml as 'ridge-herald'" in again.err
    assert len(added(config)) == 2


def test_usual_places_come_last(site: NewsServer, config: Path, call: Call) -> None:
    site.put("/", Answer(body=b"<html><body>No word of feeds</body></html>", headers=HTML))
    site.put("/feed.xml", Answer(body=rss("Found", "a")))
    assert call("--config", config, "feeds", "add", site.url("/")).code == Exit.OK
    assert [table["url"] for table in added(config)] == [site.url("/feed.xml")]


def test_a_site_without_any_feed_is_read_by_its_headlines(site: NewsServer, config: Path, call: Call) -> None:
    links = "".join(f'<a href="/n/{1000 + n}">Headline number {n} of this very day</a>' for n in range(4))
    site.put("/", Answer(body=f"<html><title>Ridge</title><body>{links}</body></html>".encode(), headers=HTML))
    assert call("--config", config, "feeds", "add", site.url("/")).code == Exit.OK
    assert [(table["kind"], table["name"]) for table in added(config)] == [("page", "ridge")]
    site.put("/", Answer(body=b"<html><body>Nothing</body></html>", headers=HTML))
    site.put("/none/", Answer(body=b"<html><body>Nothing</body></html>", headers=HTML))
    said = call("--config", config, "feeds", "add", site.url("/none/"))
    assert said.code == Exit.NOT_WELL
    assert "no feed was found" in said.out


def test_a_sitemap_index_is_followed(site: NewsServer, config: Path, call: Call) -> None:
    place = "<url><loc>https://x.example/news/1</loc></url>"
    site.put(
        "/map.xml",
        Answer(body=f"<sitemapindex><sitemap><loc>{site.url('/a.xml')}</loc></sitemap></sitemapindex>".encode()),
    )
    site.put("/a.xml", Answer(body=f"<urlset>{place}</urlset>".encode()))
    said = call("--config", config, "feeds", "add", site.url("/map.xml"))
    assert said.code == Exit.OK, said.err
    assert "· sitemap · 1 entry" in said.out
    (table,) = added(config)
    shown = call("--config", config, "feeds", "test", str(table["name"]))
    assert "https://x.example/news/1" in shown.out


def test_a_site_that_does_not_answer(site: NewsServer, config: Path, call: Call) -> None:
    said = call("--config", config, "feeds", "add", site.url("/gone"))
    assert said.code == Exit.NOT_WELL
    assert "could not be visited" in said.err


def test_lists_go_out_and_come_in(config: Path, tmp_path: Path, call: Call) -> None:
    file = tmp_path / "feeds.opml"
    assert call("--config", config, "feeds", "export", "--to", file).code == Exit.OK
    assert call("--config", config, "feeds", "export").out.encode() == file.read_bytes()
    other = a_config(tmp_path / "other", {"feeds.toml": '[[feed]]\nname = "courier"\nurl = "https://c.example/"\n'})
    said = call("--config", other, "feeds", "import", file)
    assert said.code == Exit.OK, said.err
    assert tomllib.loads((other / "feeds.toml").read_text())["feed"][1:] == [
        {"name": "northern-courier", "title": "Northern Courier", "url": "http://127.0.0.1/courier.xml",
         "language": "en", "country": "int", "tags": ["press"]},
        {"name": "herald", "url": "https://herald.example/rss?section=1"},
    ]  # fmt: skip
    again = call("--config", other, "feeds", "import", file)
    assert "stands already in feeds.toml as 'northern-courier'" in again.out
    assert "0 feeds of 2 added" in again.out


def test_a_hostile_or_wrong_list_is_refused(config: Path, tmp_path: Path, call: Call) -> None:
    file = tmp_path / "x.opml"
    file.write_text('<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline text="&a;"/></body></opml>')
    said = call("--config", config, "feeds", "import", file)
    assert (said.code, "declares a document type" in said.err) == (Exit.NOT_WELL, True)
    assert (config / "feeds.toml").read_text("utf-8") == COMMENTED


def test_a_file_that_would_be_wrong_stays_as_it_was(config: Path, tmp_path: Path, call: Call) -> None:
    file = tmp_path / "x.opml"
    file.write_text('<opml><body><outline text="Bad" xmlUrl="https://bad example/"/></body></opml>')
    said = call("--config", config, "feeds", "import", file)
    assert (said.code, "feeds.toml is as it was" in said.err) == (Exit.NOT_WELL, True)
    assert (config / "feeds.toml").read_text("utf-8") == COMMENTED


@pytest.mark.parametrize("left", ["", "# The shipped feeds are gone.\n", None])
def test_an_empty_list_can_be_filled(
    site: NewsServer, config: Path, tmp_path: Path, call: Call, left: str | None
) -> None:
    file, listed = config / "feeds.toml", tmp_path / "mine.opml"
    file.unlink()
    if left is not None:
        file.write_text(left, "utf-8")
    listed.write_text(f'<opml><body><outline text="Sport" xmlUrl="{site.url("/sport/rss")}"/></body></opml>')
    tried = call("--config", config, "feeds", "test", site.url("/main.xml"))
    assert (tried.code, "“Ridge Herald” · 2 entries" in tried.out) == (Exit.OK, True), tried.err
    assert call("--config", config, "feeds", "import", listed, "--dry-run").code == Exit.OK
    assert file.exists() == (left is not None)
    said = call("--config", config, "feeds", "import", listed)
    assert said.code == Exit.OK, said.err
    assert call("--config", config, "feeds", "add", site.url("/main.xml")).code == Exit.OK
    text = file.read_text("utf-8")
    assert text.startswith(left or "[[feed]]")
    assert [table["name"] for table in tomllib.loads(text)["feed"]] == ["sport", "ridge-herald"]


@pytest.mark.parametrize("command", [("check",), ("once",), ("feeds", "export")])
def test_what_needs_feeds_says_that_there_are_none(config: Path, call: Call, command: tuple[str, ...]) -> None:
    (config / "feeds.toml").write_text("", "utf-8")
    said = call("--config", config, *command)
    assert said.code == Exit.USAGE
    assert "names no feed — `monitor feeds add SITE` adds one, or write a [[feed]] with name and url" in said.err


def test_an_export_names_whose_key_is_to_be_added(config: Path, tmp_path: Path, call: Call) -> None:
    (config / "monitor.toml").write_text('[poll]\npages = "always"\n')
    (config / "feeds.toml").write_text(
        '[[feed]]\nname = "keyed"\nurl = "http://user:pw@host.example/x?key=SECRET"\n'
        '[[feed]]\nname = "open"\nurl = "https://open.example/rss?section=1"\n'
    )
    said = call("--config", config, "feeds", "export")
    assert said.code == Exit.OK
    assert not [word for word in ("user", "pw@", "SECRET", "always") if word in said.out + said.err]
    assert "the address of 1 feed (keyed); after an import add it to url in feeds.toml" in said.err
    file = tmp_path / "all.opml"
    assert "1 feed (keyed)" in call("--config", config, "feeds", "export", "--to", file).err
    assert "0 feeds of 2 added" in call("--config", config, "feeds", "import", file).out


def test_one_feed_written_in_two_ways_is_added_once(config: Path, tmp_path: Path, call: Call) -> None:
    file = tmp_path / "x.opml"
    addresses = ("https://zn.example/rss", "https://www.zn.example/rss/", "feed://sea.example/rss")
    outlines = "".join(f'<outline text="F{n}" xmlUrl="{url}"/>' for n, url in enumerate(addresses))
    file.write_text(f"<opml><body>{outlines}</body></opml>")
    said = call("--config", config, "feeds", "import", file)
    assert "– F1: stands already in this list as 'F0', left out" in said.out
    assert "2 feeds of 3 added" in said.out
    assert [table["url"] for table in added(config)] == ["https://zn.example/rss", "http://sea.example/rss"]
