import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from audiostory.errors import SourceError, UsageError
from audiostory.model import Article, ReadingOptions, Rules
from audiostory.reading import check_options, link, read, read_safely, sources
from audiostory.reading.fetch import Fetched
from audiostory.reading.html import read_html
from audiostory.reading.sources import read_all
from audiostory.reading.tree import visible_text
from audiostory.reading.worker import Limits
from tests.reading.documents import pandoc, unzipped, zipped

PROSE = "The council met on Tuesday to decide what should become of the lamp on the quay. " * 6


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and where a server shows it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def page(inside: str, head: str = "") -> str:
    return f"<html lang=en><head>{head}</head><body><main><article>{inside}</article></main></body>"


def test_a_link_is_read_and_known_by_its_address(site: tuple[Path, str]):
    folder, address = site
    (folder / "lamp.html").write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>"))
    article = read(f"{address}/lamp.html")
    assert article.title == "The lamp"
    assert article.canonical_url == f"{address}/lamp.html"


def test_the_pages_of_an_article_are_read_in_order(site: tuple[Path, str]):
    folder, address = site
    for number, name in enumerate(("lamp", "lamp-2", "lamp-3"), 1):
        following = f"<link rel=next href='/lamp-{number + 1}.html'>" if number < 3 else ""
        text = f"<h1>The lamp</h1><p>Page {number}. {PROSE}</p>"
        (folder / f"{name}.html").write_text(page(text, following))
    article = read(f"{address}/lamp.html")
    text = visible_text(article.body)
    places = [text.index(f"Page {number}.") for number in (1, 2, 3)]
    assert places == sorted(places)
    assert text.count("The lamp") == 1
    assert [o.reason for o in article.omissions].count("headline repeated") == 2
    ids = [element.get("id") for element in article.body]
    assert len(ids) == len(set(ids))


def test_a_feeds_articles_are_those_it_holds_and_those_it_links_to(site: tuple[Path, str]):
    folder, address = site
    (folder / "lamp.html").write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>"))
    content = f"&lt;p&gt;{PROSE * 3}&lt;/p&gt;"
    (folder / "feed.xml").write_text(
        f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
        <channel><title>Tales</title><link>{address}/</link>
        <item><title>The whole</title><content:encoded>{content}</content:encoded></item>
        <item><title>The lamp</title><link>{address}/lamp.html</link></item>
        <item><title>Gone</title><link>{address}/gone.html</link></item>
        </channel></rss>"""
    )
    whole, linked, gone = read_all(f"{address}/feed.xml", ReadingOptions())
    assert isinstance(whole, Article)
    assert whole.title == "The whole"
    assert isinstance(linked, Article)
    assert linked.title == "The lamp"
    assert isinstance(gone, SourceError)
    assert "Gone" in gone.what


def test_what_a_file_is_counts_more_than_its_name(tmp_path: Path):
    path = tmp_path / "page.txt"
    path.write_text(f"<!DOCTYPE html><html><body><h1>The lamp</h1><p>{PROSE}</p></body></html>")
    assert read(path).title == "The lamp"


def test_a_producer_keeps_and_drops(tmp_path: Path):
    path = tmp_path / "page.html"
    box = "<div class='newsletter'><p>Sign up for the lamp's letter</p></div>"
    path.write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>{box}<p class=x>Not this.</p>"))
    plain = read(path)
    assert "Sign up" not in visible_text(plain.body)
    assert "Not this." in visible_text(plain.body)
    ruled = read(path, ReadingOptions(Rules(keep=(".newsletter",), drop=("p.x",))))
    assert "Sign up" in visible_text(ruled.body)
    assert ("Not this.", "dropped by a rule") in [(o.text, o.reason) for o in ruled.omissions]


def test_rules_of_a_site_hold_for_its_pages_only(site: tuple[Path, str]):
    folder, address = site
    (folder / "a.html").write_text(page(f"<h1>Lamp</h1><p>{PROSE}</p><p class=x>Not this.</p>"))
    rules = Rules(drop=("p.x",))
    here = ReadingOptions(sites=(("127.0.0.1", rules),))
    elsewhere = ReadingOptions(sites=(("example.org", rules),))
    assert "Not this." not in visible_text(read(f"{address}/a.html", here).body)
    assert "Not this." in visible_text(read(f"{address}/a.html", elsewhere).body)


@pytest.mark.parametrize("selector", ["p[", "", "ns|a", "a>" * 5000 + "a"])
def test_a_selector_that_is_none_is_said(tmp_path: Path, selector: str):
    path = tmp_path / "page.html"
    path.write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>"))
    with pytest.raises(UsageError, match="selector"):
        read(path, ReadingOptions(Rules(drop=(selector,))))
    with pytest.raises(UsageError, match="selector"):
        check_options(ReadingOptions(sites=(("example.org", Rules(keep=(selector,))),)))


def test_a_list_of_selectors_in_not_is_said_to_be_too_much():
    with pytest.raises(UsageError, match=r"list of selectors in :not\(\) is not supported") as said:
        check_options(ReadingOptions(Rules(drop=("div:not(.x, .y) p",))))
    assert ":not(.x):not(.y)" in said.value.advice
    check_options(ReadingOptions(Rules(drop=("div:not(.x):not(.y) p",))))


@pytest.mark.parametrize("selector", ["a>" * 5000 + "a", "p[" * 2000, "[" + "a" * 5000])
def test_a_very_long_selector_is_shortened_where_it_is_named(selector: str):
    with pytest.raises(UsageError, match="selector") as said:
        check_options(ReadingOptions(Rules(drop=(selector,))))
    assert len(said.value.what) < 250
    assert selector[:50] in said.value.what


@pytest.mark.parametrize("selector", ['[a="\0"]', r"\d800"])
def test_a_selector_of_characters_that_no_page_has_matches_nothing(tmp_path: Path, selector: str):
    path = tmp_path / "page.html"
    path.write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>"))
    article = read(path, ReadingOptions(Rules(drop=(selector,))))
    assert PROSE.strip() in visible_text(article.body)


def test_rules_that_drop_everything_are_named(tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>"))
    with pytest.raises(SourceError, match="The rules drop all text"):
        read(path, ReadingOptions(Rules(drop=("*",))))


def test_an_article_comes_whole_out_of_the_worker(tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_text(page(f"<h1>Lamp &amp; <em>quay</em></h1><p>{PROSE}</p><nav>Home</nav>"))
    (found,) = read_safely(path, ReadingOptions())
    here = read(path)
    assert isinstance(found, Article)
    assert visible_text(found.body) == visible_text(here.body)
    assert found.omissions == here.omissions
    assert [e.get("id") for e in found.body.iter()] == [e.get("id") for e in here.body.iter()]


def test_a_reader_that_takes_too_long_or_too_much_says_so(tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_text(page("<p>" + PROSE * 2000 + "</p>"))
    with pytest.raises(SourceError, match="longer than 0 seconds"):
        read_safely(path, ReadingOptions(), Limits(seconds=0.001))
    with pytest.raises(SourceError, match="more memory"):
        read_safely(path, ReadingOptions(), Limits(memory_mb=1))


def test_what_the_reader_says_is_handed_on(tmp_path: Path):
    with pytest.raises(SourceError, match="There is no file"):
        read_safely(tmp_path / "missing.html", ReadingOptions())


@pytest.mark.parametrize("suffix", ["epub", "odt"])
def test_an_archive_that_was_packed_anew_is_known_by_its_name(tmp_path: Path, suffix: str):
    """Its first entry is to be the media type, not compressed; many tools don't keep to that."""
    files = unzipped(pandoc(f"# The lamp\n\n{PROSE}\n", suffix, tmp_path))
    path = tmp_path / f"lamp.{suffix}"
    path.write_bytes(zipped(dict(sorted(files.items()))))
    assert "The council met" in visible_text(read(path).body)


def feed(*links: str) -> str:
    items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links)
    return f'<rss version="2.0"><channel><title>Tales</title>{items}</channel></rss>'


@pytest.mark.parametrize(
    ("field", "text", "is_read"),
    [
        ("content", "The dam closes on Monday. Nobody knows for how long.", True),
        ("content", "The dam closes on Monday. Nobody knows […]", False),
        ("content", "The dam closes on", False),
        ("description", "The dam closes on Monday. Nobody knows for how long.", False),
    ],
)
def test_an_entry_whose_link_is_dead_is_read_from_the_feed_if_it_has_sentences(
    tmp_path: Path, field: str, text: str, is_read: bool
):
    name = {"content": "content:encoded"}.get(field, field)
    entry = f"<title>Dam</title><link>http://127.0.0.1:1/a</link><{name}>{text}</{name}>"
    content = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    path = tmp_path / "feed.xml"
    channel = f"<channel><title>T</title><item>{entry}</item></channel>"
    path.write_text(f"<rss version='2.0' {content}>{channel}</rss>")
    (found,) = read_all(str(path), ReadingOptions())
    assert isinstance(found, Article) == is_read
    if isinstance(found, Article):
        assert text in visible_text(found.body)
        (warning,) = found.warnings
        assert warning.startswith("Dam: its link could not be read (")
        assert warning.endswith("); what the feed has of it is read, which may not be all.")


def test_a_feed_in_a_feed_is_not_followed(site: tuple[Path, str]):
    folder, address = site
    (folder / "feed.xml").write_text(feed(f"{address}/feed.xml", "/lamp.html"))
    (folder / "lamp.html").write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>"))
    itself, lamp = read_all(f"{address}/feed.xml", ReadingOptions())
    assert isinstance(itself, SourceError)
    assert "leads to a feed" in itself.what
    assert isinstance(lamp, Article)  # though its link is relative


def test_of_a_feed_that_part_alone_is_fetched_which_is_asked_for(site: tuple[Path, str]):
    folder, address = site
    (folder / "lamp.html").write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>"))
    (folder / "feed.xml").write_text(feed("http://127.0.0.1:1/", f"{address}/lamp.html"))
    other, lamp = read_all(f"{address}/feed.xml", ReadingOptions(part=2))
    assert isinstance(lamp, Article)
    assert isinstance(other, SourceError)
    assert "not asked for" in other.what


def test_how_many_of_very_many_articles_are_not_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sources, "_MOST_ENTRIES", 2)
    items = "".join(
        f"<item><title>{n}</title><description>{PROSE}</description></item>" for n in "123"
    )
    path = tmp_path / "a.rss"
    path.write_text(f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>')
    *read_, rest = read_all(str(path), ReadingOptions())
    assert len(read_) == 2
    assert isinstance(rest, SourceError)
    assert "holds 3 articles: those after number 2 were not read" in rest.what


@pytest.mark.parametrize("following", ["gone-2.html", "empty-2.html"])
def test_a_later_page_that_cannot_be_read_costs_no_more_than_itself(
    site: tuple[Path, str], following: str
):
    folder, address = site
    name = following.replace("-2", "")
    text = page(f"<h1>The lamp</h1><p>{PROSE}</p>", f"<link rel=next href='/{following}'>")
    (folder / name).write_text(text)
    (folder / "empty-2.html").write_text("<html><body><img src=a.png></body></html>")
    article = read(f"{address}/{name}")
    assert "The council met" in visible_text(article.body)
    assert f"goes on at {address}/{following}" in article.warnings[-1]


def test_pages_without_end_are_not_read_without_end(
    site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(link, "_MOST_PAGES", 3)
    folder, address = site
    for number in range(1, 6):
        following = f"<link rel=next href='/lamp-{number + 1}.html'>"
        name = f"lamp-{number}.html" if number > 1 else "lamp.html"
        (folder / name).write_text(page(f"<h1>The lamp</h1><p>{PROSE}</p>", following))
    article = read(f"{address}/lamp.html")
    assert f"as far as {address}/lamp-4.html" in article.warnings[-1]


def test_where_the_whole_article_is_gone_the_short_one_is_read(site: tuple[Path, str]):
    folder, address = site
    text = page(f"<h1>The lamp</h1><p>{PROSE}</p>", "<link rel=canonical href='/gone.html'>")
    (folder / "lamp.html").write_text(text.replace("<html", "<html amp"))
    article = read(f"{address}/lamp.html")
    assert "could not be read" in article.warnings[-1]


def test_a_page_of_the_open_net_leads_to_no_private_network(
    site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
):
    folder, address = site
    (folder / "secret.html").write_text(page(f"<h1>Secret</h1><p>{PROSE}</p>"))
    head = f"<link rel=canonical href='{address}/secret.html'>"
    text = page(f"<h1>The lamp</h1><p>{PROSE}</p>", head).replace("<html", "<html amp")
    (folder / "lamp.html").write_text(text)
    assert read(f"{address}/lamp.html").title == "Secret"
    outside = Fetched(f"{address}/lamp.html", text.encode(), "text/html", is_open=True)
    article = link.read_pages(outside, lambda page: read_html(page.data, page.url))
    assert article.title == "The lamp"
    assert "private network" in article.warnings[-1]


@pytest.mark.parametrize("start", ["", '<?xml version="1.0"?>', "\ufeff\n"])
def test_what_declares_entities_is_named_for_that(start: str, tmp_path: Path):
    path = tmp_path / "feed.xml"
    path.write_text(f'{start}<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>')
    with pytest.raises(SourceError, match=r"feed\.xml declares entities"):
        read(path, ReadingOptions())


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("file:///home/ann/a%20lamp.md", "/home/ann/a lamp.md"),
        ("FILE:///C:/lamps/a.md", "C:/lamps/a.md"),
        ("file://localhost/a.md", "/a.md"),
        ("file://[a.md", "//[a.md"),
    ],
)
def test_the_link_of_a_file_is_told_apart_from_its_path(link: str, path: str):
    with pytest.raises(SourceError, match="link of a file") as error:
        read_all(link, ReadingOptions())
    assert error.value.advice == f"Give its path: {path}"
