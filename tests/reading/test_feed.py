import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.reading.feed import FeedEntry, entry_article, read_feed
from audiostory.reading.tree import visible_text

LINE = "The council met on Tuesday to decide what should become of the old lamp on the quay."
BODY = f"<p>{LINE}</p>" * 8
URL = "https://harbour.example/feed.xml"


def rss(*items: str, head: str = "", root: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {root}><channel><title>Harbour &amp; Co'
        f"</title><link>https://harbour.example/</link>{head}{''.join(items)}</channel></rss>"
    ).encode()


def item(content: str = BODY, *, title: str = "The lamp", more: str = "", link: str = "/lamp"):
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return f"<item><title>{title}</title><link>{link}</link>{more}{encoded}</item>"


def first(data: bytes) -> FeedEntry:
    return read_feed(data, "feed.xml", URL)[0]


def test_rss_2_with_all_its_text():
    more = (
        "<dc:creator>Ann Lee</dc:creator><dc:creator>Bo</dc:creator>"
        "<pubDate>Wed, 01 May 2024 10:00:00 +0200</pubDate>"
        "<description>A light goes out.</description>"
    )
    entry = first(rss(item(more=more), head="<language>en-gb</language>"))
    assert entry == FeedEntry(
        title="The lamp",
        link="https://harbour.example/lamp",
        html=BODY,
        is_full=True,
        authors=("Ann Lee", "Bo"),
        published=datetime(2024, 5, 1, 8, tzinfo=UTC),
        language="en-gb",
        standfirst="A light goes out.",
        feed_title="Harbour & Co",
    )


def test_an_entry_becomes_an_article():
    more = (
        "<dc:creator>Ann Lee</dc:creator><description>A light goes out.</description>"
        "<pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate>"
    )
    closing = '<p>The post <a href="/lamp">The lamp</a> appeared first on <a href="/">H</a>.</p>'
    data = rss(item(f"<h2>Head</h2>{BODY}{closing}", more=more), head="<language>en</language>")
    article = entry_article(first(data), "feed.xml")
    assert article.title == "The lamp"
    assert article.authors == ("Ann Lee",)
    assert article.published == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert article.description == "A light goes out."
    assert article.canonical_url == "https://harbour.example/lamp"
    assert article.language == "en"
    said = visible_text(article.body)
    assert said.startswith("The lamp A light goes out.")
    assert said.count("Ann Lee") == 1
    assert said.count(LINE) == 8
    omitted = [(o.text, o.reason) for o in article.omissions]
    assert omitted == [
        ("The post The lamp appeared first on H.", "closing line that the feed adds")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "The post The lamp appeared first on Harbour.",
        "Der Beitrag Die Lampe erschien zuerst auf Hafen.",
        "L’article La lampe est apparu en premier sur Le port.",
        "La entrada La lámpara se publicó primero en El puerto.",
        "Сообщение Лампа появились сначала на Гавань.",
        "Запис Лампа спершу з'явився на Гавань.",
    ],
)
def test_the_closing_line_of_a_feed_is_left_out_and_listed(line: str):
    entry = first(rss(item(f"{BODY}<p>{line}</p>")))
    assert entry.html == BODY
    assert [o.text for o in entry.omissions] == [line]
    kept = first(rss(item(f"<p>{line}</p>{BODY}<p>{LINE}</p>")))
    assert not kept.omissions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<p>A light goes out.</p>",
        f"<p>{LINE * 5} […]</p>",
        f"<p>{LINE * 5} [&#8230;]</p>",
        f"<p>{LINE * 20} [...]</p>",
        f"<p>{LINE * 5}…</p>",
        f"<p>{LINE * 5}</p><p><a href='/lamp'>Continue reading</a></p>",
        f"<p>{LINE * 5}</p><a href='/lamp'>Continue reading The lamp →</a>",
        f"<p>{LINE * 5}</p><a href='/lamp'>Read more...</a>",
        f"<p>{LINE * 5}</p><a href='/lamp'>Weiterlesen</a>",
        f"<p>{LINE * 5}</p><a href='/lamp'>Lire la suite</a>",
        f"<p>{LINE * 5}</p><a href='/lamp'>Leer más</a>",
        f"<p>{LINE * 5}</p><a href='/lamp'>Читать далее</a>",
        f"<p>{LINE * 5}</p><a href='/lamp'>Читати далі</a>",
    ],
)
def test_an_excerpt_is_not_the_article(text: str):
    entry = first(rss(item(text)))
    assert not entry.is_full
    assert entry.link
    if text:
        warnings = entry_article(entry, "feed.xml").warnings
        assert entry.is_short or "only the beginning" in warnings[-1]


def test_a_description_is_the_article_when_it_is_long():
    more = f"<description>{escape(BODY)}</description>"
    entry = first(rss(item("", more=more)))
    assert entry.is_full
    assert entry.html == BODY
    assert entry.standfirst == ""
    assert not first(rss(item("", more=f"<description>{LINE * 5}</description>"))).is_full


def test_what_is_behind_no_link_is_all_there_is():
    entry = first(rss("<item><title>Note</title><description>Short.</description></item>"))
    assert entry.is_full
    assert entry.html == "<p>Short.</p>"


def test_a_description_that_only_repeats_the_beginning_is_no_standfirst():
    more = f"<description>{LINE} {LINE[:30]} […]</description>"
    assert first(rss(item(more=more))).standfirst == ""


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("The &lt;b&gt;lamp&lt;/b&gt;", "The lamp"),
        ("Rope &amp;amp; tar", "Rope & tar"),
        ("Rope &amp; tar", "Rope & tar"),
        ("<![CDATA[Rope & tar &#8217;]]>", "Rope & tar ’"),
        ("\n  The\n  lamp ", "The lamp"),
        ("2 &lt; 3", "2 < 3"),
    ],
)
def test_titles_are_text(written: str, title: str):
    assert first(rss(item(title=written))).title == title


def test_no_word_of_a_feed_is_dropped_by_a_cleaner():
    odd = (
        "<custom-box>kept <details><summary>more</summary>inside</details></custom-box><q>said</q>"
    )
    article = entry_article(first(rss(item(BODY + odd))), "feed.xml")
    everything = visible_text(article.body) + " ".join(o.text for o in article.omissions)
    for word in ("kept", "more", "inside", "said"):
        assert word in everything


def test_links_are_made_absolute():
    html = '<p><a href="a">a</a> <a href="#n">n</a> <a href="https://b.example/">b</a></p>'
    entry = first(rss(item(html), root='xml:base="https://harbour.example/x/"'))
    assert 'href="https://harbour.example/x/a"' in entry.html
    assert 'href="https://b.example/"' in entry.html
    entry = first(rss(item(html)))
    assert 'href="https://harbour.example/a"' in entry.html


def test_atom():
    data = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://h.example/d/">
      <title>Hafen</title><author><name>Ann</name></author>
      <entry xml:base="e/"><title type="html">Die &lt;i&gt;Lampe&lt;/i&gt;</title>
      <link rel="self" href="self"/><link rel="alternate" href="lampe.html"/>
      <published>2024-05-01</published><updated>2024-05-02T10:00:00Z</updated>
      <summary>Ein Licht geht aus.</summary><content type="xhtml" xml:lang="fr">
      <div xmlns="http://www.w3.org/1999/xhtml">{BODY}<a href="z">z</a></div></content>
      </entry></feed>"""
    entry = first(data.encode())
    assert (entry.title, entry.link) == ("Die Lampe", "https://h.example/d/e/lampe.html")
    assert entry.published == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert entry.updated == datetime(2024, 5, 2, 10, tzinfo=UTC)
    assert (entry.language, entry.authors) == ("fr", ("Ann",))
    assert entry.standfirst == "Ein Licht geht aus."
    assert entry.is_full
    assert 'href="https://h.example/d/e/z"' in entry.html


def test_rss_1():
    data = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:content="http://purl.org/rss/1.0/modules/content/">
      <channel rdf:about="https://h.example/"><title>H</title></channel>
      <item rdf:about="https://h.example/a"><title>The lamp</title><link>https://h.example/a</link>
      <dc:date>2024-05-01T10:00:00Z</dc:date><dc:creator>Ann</dc:creator>
      <content:encoded><![CDATA[{BODY}]]></content:encoded></item></rdf:RDF>"""
    entry = first(data.encode())
    assert (entry.title, entry.link, entry.is_full) == ("The lamp", "https://h.example/a", True)
    assert entry.authors == ("Ann",)
    assert entry.updated == datetime(2024, 5, 1, 10, tzinfo=UTC)


def json_feed(*items: object, **feed: object) -> bytes:
    said = {"version": "https://jsonfeed.org/version/1.1", "title": "H", "items": items, **feed}
    return json.dumps(said).encode()


def test_json_feed():
    data = json_feed(
        {
            "id": "1",
            "url": "/lamp",
            "title": "Rope & tar",
            "content_html": BODY,
            "summary": "A light goes out.",
            "date_published": "2024-05-01T10:00:00+02:00",
            "authors": [{"name": "Ann"}, {"name": "Bo"}],
        },
        {"id": "tag:2", "content_text": "One < two\n\nThree", "author": {"name": "Cy"}},
        "no entry",
        language="en",
    )
    lamp, note = read_feed(data, "feed.json", URL)
    assert (lamp.title, lamp.link) == ("Rope & tar", "https://harbour.example/lamp")
    assert (lamp.is_full, lamp.standfirst, lamp.language) == (True, "A light goes out.", "en")
    assert lamp.authors == ("Ann", "Bo")
    assert lamp.published is not None
    assert lamp.published.astimezone(UTC) == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert note.html == "<p>One &lt; two</p><p>Three</p>"
    assert note.authors == ("Cy",)


@pytest.mark.parametrize(
    "data",
    [b"<html><p>A page</p></html>", b"Just text", b'{"a": 1}', b"{broken", b"<rss version='2.0'/>",
     b'{"version": "https://jsonfeed.org/version/1", "items": []}', b"{" * 100000],
)  # fmt: skip
def test_what_is_no_feed_or_has_no_entries(data: bytes):
    with pytest.raises(SourceError, match="feed"):
        read_feed(data, "feed.xml")


def test_bytes_that_are_a_files_name_open_no_file(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(item()))
    with pytest.raises(SourceError):
        read_feed(str(path).encode(), "feed.xml")


def test_broken_xml_is_read_with_a_warning():
    data = rss(item(), item("<p>a</p>", more="<dc:subject>R&D</dc:subject>"), item())
    entries = read_feed(data, "feed.xml", URL)
    assert len(entries) == 3
    assert "feed.xml is broken XML" in entries[0].warnings[0]
    assert entries[0].html == BODY


def test_external_and_exploding_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    bombs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE rss [<!ENTITY s SYSTEM "{secret.as_uri()}"><!ENTITY l0 "ha">{bombs}]>'
    started = time.process_time()
    for entity in ("&s;", "&l11;"):
        data = rss(item(title=f"a{entity}b")).replace(b"<rss", f"{head}<rss".encode(), 1)
        for entry in read_feed(data, "feed.xml", URL):
            assert "SECRET" not in entry.title
            assert len(entry.title) < 100_000
    assert time.process_time() - started < 30


def test_the_charset_of_the_server_is_used():
    data = rss(item(title="Лампа")).decode().replace(' encoding="utf-8"', "").encode("cp1251")
    assert read_feed(data, "feed.xml", URL, "windows-1251")[0].title == "Лампа"


def test_a_feed_of_many_entries_grows_no_faster_than_they_do():
    def seconds(count: int) -> float:
        data = rss(*(item("<p>A short one.</p>") for _ in range(count)))
        started = time.process_time()
        assert len(read_feed(data, "feed.xml", URL)) == count
        return time.process_time() - started

    assert seconds(2000) < 10 * max(seconds(400), 0.05)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_an_entry_or_an_error(title: str, content: str):
    try:
        entries = read_feed(rss(item(content or "x", title=title)), "feed.xml", URL)
    except SourceError:
        return
    for entry in entries:
        with suppress(SourceError):  # there may be no text in it
            entry_article(entry, "feed.xml")


def test_a_line_that_the_feed_adds_is_listed_once_after_the_text():
    closing = "<p>The post Lamps appeared first on Harbour.</p>"
    article = entry_article(first(rss(item(f"<div><div>{BODY}{closing}</div></div>"))), "feed")
    (omission,) = article.omissions
    assert omission.text == "The post Lamps appeared first on Harbour."
    assert omission.after == article.body[-1].get("id")


def test_an_entry_that_is_nothing_but_such_a_line_is_not_lost():
    line = "The post Lamps appeared first on Harbour."
    entry = first(rss(item(f"<p>{line}</p>", link="")))
    found = " ".join([entry.html, *(omission.text for omission in entry.omissions)])
    assert line in found


def test_a_list_of_terms_is_markup():
    entry = first(rss(item("<dl><dt>Lamp</dt><dd>It shines.</dd></dl>")))
    assert visible_text(entry_article(entry, "feed").body) == "The lamp Lamp It shines."


def test_when_an_entry_was_changed_is_only_a_last_guess_at_when_it_was_published():
    dated = '<p class="byline">By Ann Lee, 3 March 2024</p>'
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>H</title><entry><title>The lamp</title>'
        f'<updated>2026-01-01T10:00:00Z</updated><content type="html">{escape("{}" + BODY)}'
        "</content></entry></feed>"
    )
    changed = datetime(2026, 1, 1, 10, tzinfo=UTC)
    article = entry_article(first(atom.format(escape(dated)).encode()), "feed")
    assert (article.published, article.modified) == (datetime(2024, 3, 3, 12, tzinfo=UTC), changed)
    assert entry_article(first(atom.format("").encode()), "feed").published == changed


def test_half_characters_and_control_characters_of_json_cost_no_text():
    (entry,) = read_feed(json_feed({"id": "1", "title": "a\udc00b", "content_text": BODY}), "f", "")
    assert entry.title == "ab"
    assert "\0" not in entry.html
    assert visible_text(entry_article(entry, "f").body)
