from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid5

import feedparser
import lxml.etree
import podcastparser
import pytest

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing.feed import feed_xml
from audiostory.publishing.site import Published, rebuild_feed
from tests.publishing.helpers import BODY, Maker, article, publish_article

PublishOne = Callable[..., Published]
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
PSC = "{http://podlove.org/simple-chapters}"
ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://example.org/tales/"
GUID = UUID(int=1)


@pytest.fixture
def published(publish_one: PublishOne) -> Published:
    older = article(
        BODY.replace("Inline", "Older"),
        title="Older <news>",
        canonical_url="https://news.example/older",
        published=datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
        description="",
        authors=(),
    )
    publish_one(older)
    return publish_one(article())


@pytest.fixture
def channel(published: Published) -> lxml.etree._Element:
    return lxml.etree.fromstring(published.feed.read_bytes())[0]


def test_feedparser_reads_every_field(published: Published):
    parsed = feedparser.parse(published.feed.read_bytes())
    assert not parsed.bozo
    feed = parsed.feed
    assert feed.title == "Tales & Tunes"
    assert feed.link == BASE
    assert feed.language == "en"
    assert feed.author == "Ann Author"
    assert feed.image.href.startswith(BASE + "cover-")
    assert [tag.term for tag in feed.tags] == ["News", "Tech News", "Arts"]
    assert feed.publisher_detail == {"name": "Ann Author", "email": "ann@example.org"}
    newest, oldest = parsed.entries
    assert newest.title == "Rain & shine"
    assert oldest.title == "Older <news>"
    assert newest.id == published.manifest.guid
    assert not newest.guidislink
    assert newest.link == BASE + f"episodes/{published.directory.name}/index.html"
    assert newest.summary == "<p>About rain &amp; &lt;shine&gt;.</p>"
    assert "Read along" in newest.content[0].value
    assert 'href="https://news.example/rain?a=1&amp;b=2"' in newest.content[0].value
    assert newest.itunes_duration == "14"
    assert newest.author == "Ann Author, Bob & Co"
    (enclosure,) = newest.enclosures
    assert enclosure.href == f"{BASE}episodes/{published.directory.name}/{published.audio.name}"
    assert int(enclosure.length) == published.audio.stat().st_size
    assert enclosure.type == "audio/mpeg"
    assert newest.published_parsed[:6] == (2026, 2, 3, 4, 5, 6)
    assert "Inline a dot" not in oldest.summary
    assert oldest.summary.startswith("<p>By Ann Author. More, up, no.</p>")


def test_podcastparser_reads_every_field(published: Published):
    feed = podcastparser.parse(published.feed_url, BytesIO(published.feed.read_bytes()))
    assert feed["title"] == "Tales & Tunes"
    assert feed["description"] == "Articles <read> aloud & well."
    assert feed["link"] == BASE
    assert feed["explicit"] is False
    assert feed["type"] == "episodic"
    assert feed["cover_url"].endswith(".jpg")
    assert feed["itunes_categories"] == [["News", "Tech News"], ["Arts"]]
    assert feed["itunes_owner"] == {"name": "Ann Author", "email": "ann@example.org"}
    newest, oldest = feed["episodes"]
    assert newest["guid"] == published.manifest.guid
    assert newest["title"] == "Rain & shine"
    assert newest["description"].startswith("About rain")
    assert newest["description_html"].startswith("<p>About rain &amp; &lt;shine&gt;.</p>")
    assert newest["total_time"] == 14
    assert newest["published"] == article().published.timestamp()
    assert newest["enclosures"][0]["file_size"] == published.audio.stat().st_size
    assert [chapter["title"] for chapter in newest["chapters"]] == ["Rain & shine", "Weather"]
    assert [chapter["start"] for chapter in newest["chapters"]] == [0, 4]
    assert oldest["title"] == "Older <news>"


def test_what_apple_requires_of_a_show(channel: lxml.etree._Element):
    assert channel.findtext("title")
    assert 0 < len(channel.findtext("description").encode()) <= 4000
    assert channel.findtext("language") == "en"
    assert channel.findtext(ITUNES + "explicit") == "false"
    assert channel.find(ITUNES + "image").get("href").endswith(".jpg")
    outer = channel.find(ITUNES + "category")
    assert outer.get("text") == "News"
    assert outer.find(ITUNES + "category").get("text") == "Tech News"
    assert channel.findtext(ITUNES + "author") == "Ann Author"
    assert channel.findtext("link") == BASE
    assert channel.findtext(ITUNES + "type") == "episodic"
    assert channel.findtext(f"{ITUNES}owner/{ITUNES}email") == "ann@example.org"


def test_what_psp_1_asks_of_a_show(channel: lxml.etree._Element):
    (link,) = channel.findall(ATOM + "link")
    assert dict(link.attrib) == {
        "href": BASE + "feed.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
    namespace = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    guid = uuid5(namespace, "example.org/tales/feed.xml")
    assert channel.findtext(PODCAST + "guid") == str(guid)
    assert channel.findtext(PODCAST + "locked") == "yes"
    assert channel.find(PODCAST + "locked").get("owner") == "ann@example.org"
    assert channel.find(PODCAST + "txt").get("purpose") == "ai-content"


def test_what_apple_and_psp_1_require_of_items(channel: lxml.etree._Element):
    items = channel.findall("item")
    assert len(items) == 2
    for item in items:
        assert item.findtext("title")
        assert item.find("guid").get("isPermaLink") == "false"
        UUID(item.findtext("guid"))
        assert item.findtext("link").endswith("/index.html")
        assert 0 < len(item.findtext("description").encode()) <= 4000
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo
        assert int(item.findtext(ITUNES + "duration")) > 0
        assert item.findtext(ITUNES + "episodeType") == "full"
        assert item.findtext(ITUNES + "explicit") == "false"
        enclosure = item.find("enclosure")
        assert enclosure.get("url").endswith(".mp3")
        assert int(enclosure.get("length")) > 0
        assert enclosure.get("type") == "audio/mpeg"
        transcript = item.find(PODCAST + "transcript")
        assert transcript.get("type") == "text/vtt"
        assert transcript.get("language") == "en"
        assert transcript.get("url").endswith("/transcript.vtt")
        chapters = item.find(PODCAST + "chapters")
        assert chapters.get("type") == "application/json+chapters"
        assert chapters.get("url").endswith("/chapters.json")
        assert item.find(PSC + "chapters")[1].get("start") == "00:00:04.700"
    people = [person.text for person in items[0].findall(PODCAST + "person")]
    assert people == ["Ann Author", "Bob & Co"]
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items]
    assert dates == sorted(dates, reverse=True)
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")) == dates[0]


def test_namespaces_are_declared_once_by_their_usual_prefixes(published: Published):
    feed = published.feed.read_text("utf-8")
    assert "ns0" not in feed
    for prefix in ("itunes", "podcast", "psc", "atom", "content"):
        assert feed.count(f"xmlns:{prefix}=") == 1


def test_the_same_episodes_give_the_same_bytes(published: Published, show: Show):
    again = rebuild_feed(show, published.feed.parent)
    assert not again.changed
    one, other = (feed_xml(show, [published.manifest], cover="c.jpg", guid=GUID) for _ in range(2))
    assert one == other


def test_awkward_text_is_written_once_and_cut_where_it_must_be(published: Published, show: Show):
    long = replace(
        published.manifest,
        title="Ж" * 300 + " end",
        description="Fish & <chips>\x0b\x00 " * 600 + "\n\nSecond",
        authors=("A\ud800" + "b" * 400,),
        canonical_url="https://bücher.example/ä ö?q=ü",
    )
    awkward = replace(
        show, title="T\x07itle &amp; " + "x " * 200, description="ü" * 5000, email=None
    )
    data = feed_xml(awkward, [long], cover="cover.jpg", guid=GUID)
    channel = lxml.etree.fromstring(data)[0]
    item = channel.find("item")
    for node in (channel.find("title"), item.find("title"), item.find(ITUNES + "author")):
        assert len(node.text) <= 255
        assert node.text.endswith("…")
    assert channel.findtext("title").startswith("Title &amp; x")
    assert len(item.findtext(PODCAST + "person")) <= 128
    for node in (channel.find("description"), item.find("description")):
        assert 3900 < len(node.text.encode()) <= 4000
    assert item.findtext("description").startswith("<p>Fish &amp; &lt;chips&gt; Fish")
    assert item.findtext("description").endswith("…</p>")
    assert "https://xn--bcher-kva.example/%C3%A4%20%C3%B6?q=%C3%BC" in data.decode()
    assert channel.find(ITUNES + "owner") is None
    assert feedparser.parse(data).bozo is False


def test_addresses_are_ascii(make: Maker, output: Path, now: datetime, show: Show):
    there = replace(show, base_url="https://подкаст.example:8443/мои статьи", language="ru")
    published = publish_article(make, there, output, article(title="Дождь"), "", now)
    channel = lxml.etree.fromstring(published.feed.read_bytes())[0]
    base = "https://xn--80aahgvqs.example:8443/"
    for node in channel.iter():
        for value in (node.get("url"), node.get("href")):
            if value and "news.example" not in value:
                assert value.isascii()
                assert value.startswith("https://xn--")
                assert ":8443/%D0%BC%D0%BE%D0%B8%20" in value
    assert channel.findtext("link").isascii()
    assert base[:12] == channel.findtext("link")[:12]
    assert published.feed_url == channel.findtext("link") + "feed.xml"


def test_a_local_show_is_fine(published: Published, show: Show):
    local = replace(show, base_url="http://localhost:8000")
    data = feed_xml(local, [published.manifest], cover="cover.jpg", guid=GUID)
    assert b'href="http://localhost:8000/feed.xml"' in data


@pytest.mark.parametrize(
    "base_url", ["", "example.org", "ftp://example.org/", "http://[", "https://"]
)
def test_a_base_url_that_is_none_is_refused(show: Show, base_url: str):
    with pytest.raises(PublishingError, match="base_url"):
        feed_xml(replace(show, base_url=base_url), [], cover="cover.jpg", guid=GUID)


def test_an_explicit_show_says_so(published: Published, show: Show):
    data = feed_xml(replace(show, explicit=True), [published.manifest], cover="c.jpg", guid=GUID)
    channel = lxml.etree.fromstring(data)[0]
    assert channel.findtext(ITUNES + "explicit") == "true"
    assert channel.findtext(f"item/{ITUNES}explicit") == "true"


def test_a_show_without_episodes_has_a_feed(show: Show, tmp_path: Path):
    rebuilt = rebuild_feed(show, tmp_path / "tales")
    assert rebuilt.episodes == 0
    assert feedparser.parse(rebuilt.feed.read_bytes()).feed.title == "Tales & Tunes"


def test_a_thousand_episodes(published: Published, show: Show):
    manifests = [
        replace(
            published.manifest,
            guid=str(number),
            published=published.manifest.published + timedelta(seconds=number),
        )
        for number in range(1000)
    ]
    data = feed_xml(show, manifests, cover="cover.jpg", guid=GUID)
    items = lxml.etree.fromstring(data)[0].findall("item")
    assert [item.findtext("guid") for item in items[:2]] == ["999", "998"]
