from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import feedparser
import lxml.etree
import lxml.html
import podcastparser
import pytest

from audiostory.errors import PublishingError
from audiostory.model import Edition, EditionKind, Episode, Show
from audiostory.publishing.editions import published_edition
from audiostory.publishing.manifest import read_manifest, read_manifests
from audiostory.publishing.site import Published, rebuild_feed
from tests.publishing.helpers import Maker, article, publish_article, snapshot

Publish = Callable[..., Published]
PODCAST = "{https://podcastindex.org/namespace/1.0}"
KINDS: tuple[EditionKind, ...] = ("m4b", "opus")


@pytest.fixture
def publish_with(
    make: Maker, show: Show, output: Path, now: datetime, tmp_path: Path
) -> Callable[..., Published]:
    """Publishes the article with editions: small files that stand for sound."""

    def made(sound: int, kinds: tuple[EditionKind, ...]) -> Callable[..., Episode]:
        def make_with_editions(source: object) -> Episode:
            editions = []
            for kind in kinds:
                path = tmp_path / f"{sound}.{kind}"
                path.write_bytes(f"{kind} {sound}".encode())
                editions.append(Edition(kind, path, f"key-{kind}-{sound}", 32000))
            episode = make(source, sound)
            return replace(episode, bit_rate_bps=64000, editions=tuple(editions))

        return make_with_editions

    def publish_with(sound: int = 1, kinds: tuple[EditionKind, ...] = KINDS) -> Published:
        where = "file:///a.html"
        return publish_article(made(sound, kinds), show, output, article(), where, now)

    return publish_with


def enclosures(feed: Path) -> list[lxml.etree._Element]:
    (item,) = lxml.etree.fromstring(feed.read_bytes()).iter("item")
    return item.findall(PODCAST + "alternateEnclosure")


def test_they_lie_beside_the_mp3_under_names_of_their_own_hash(publish_with: Publish):
    published = publish_with()
    m4b, opus = published.manifest.editions
    assert (published.directory / m4b.file).read_bytes() == b"m4b 1"
    assert m4b.file == f"rain-shine-{m4b.sha256[:8]}.m4b"
    assert opus.file == f"rain-shine-{opus.sha256[:8]}.opus"
    assert (m4b.type, m4b.codecs) == ("audio/mp4", "mp4a.40.2")
    assert (opus.type, opus.codecs) == ("audio/ogg; codecs=opus", "opus")
    assert (opus.bytes, opus.bit_rate_bps) == (6, 32000)
    assert opus.duration_s == published.manifest.audio.duration_s


def test_the_manifest_is_read_as_it_was_written(publish_with: Publish):
    published = publish_with()
    assert read_manifest(published.directory / "episode.json") == published.manifest


def test_manifests_from_before_there_were_editions_are_read(
    publish_with: Publish, show: Show, output: Path
):
    path = publish_with().directory / "episode.json"
    old = json.loads(path.read_text("utf-8"))
    del old["editions"], old["audio"]["bit_rate_bps"]
    path.write_text(json.dumps(old), "utf-8")
    shelf = read_manifests(output / show.slug)
    assert not shelf.warnings
    (manifest,) = shelf.manifests
    assert manifest.editions == ()
    assert manifest.audio.bit_rate_bps is None
    assert enclosures(rebuild_feed(show, output / show.slug).feed) == []


def test_a_show_without_editions_says_nothing_of_them(publish_with: Publish):
    published = publish_with(kinds=())
    assert "editions" not in json.loads((published.directory / "episode.json").read_text("utf-8"))
    assert enclosures(published.feed) == []


def test_the_feed_lists_the_enclosure_itself_and_each_edition(publish_with: Publish):
    published = publish_with()
    base = f"https://example.org/tales/episodes/{published.directory.name}/"
    m4b, opus = published.manifest.editions
    default, *others = enclosures(published.feed)
    assert dict(default.attrib) == {
        "type": "audio/mpeg",
        "length": str(published.audio.stat().st_size),
        "bitrate": "64000",
        "title": "MP3",
        "default": "true",
    }
    (enclosure,) = lxml.etree.fromstring(published.feed.read_bytes()).iter("enclosure")
    assert default.find(PODCAST + "source").get("uri") == enclosure.get("url")
    assert [dict(it.attrib) for it in others] == [
        {
            "type": "audio/mp4",
            "length": "5",
            "bitrate": "32000",
            "title": "M4B",
            "codecs": "mp4a.40.2",
        },
        {
            "type": "audio/ogg; codecs=opus",
            "length": "6",
            "bitrate": "32000",
            "title": "Opus",
            "codecs": "opus",
        },
    ]
    sources = [[source.get("uri") for source in it] for it in others]
    assert sources == [[base + m4b.file], [base + opus.file]]
    assert all(source.tag == PODCAST + "source" for it in others for source in it)


def test_clients_that_know_nothing_of_them_still_take_the_mp3(publish_with: Publish):
    published = publish_with()
    data = published.feed.read_bytes()
    (episode,) = podcastparser.parse(published.feed_url, BytesIO(data))["episodes"]
    (enclosure,) = episode["enclosures"]
    assert enclosure["url"].endswith(published.audio.name)
    (entry,) = feedparser.parse(data).entries
    assert [it.href.rsplit("/", 1)[1] for it in entry.enclosures] == [published.audio.name]


def test_the_page_links_to_them(publish_with: Publish):
    published = publish_with()
    tree = lxml.html.fromstring((published.directory / "index.html").read_bytes())
    links = {link.get("href"): link.text for link in tree.find(".//footer").iter("a")}
    m4b, opus = published.manifest.editions
    assert links[m4b.file] == "Download the audio (M4B)"
    assert links[opus.file] == "Download the audio (Opus)"


def test_publishing_the_published_files_again_changes_nothing(
    publish_with: Publish, make: Maker, show: Show, output: Path, now: datetime
):
    first = publish_with()
    before = snapshot(output)
    found = [published_edition(first.directory, kind, f"key-{kind}-1") for kind in KINDS]
    assert [edition.bit_rate_bps for edition in found if edition] == [32000, 32000]

    def again(source: object) -> Episode:
        episode = make(source)
        editions = tuple(edition for edition in found if edition)
        return replace(episode, bit_rate_bps=64000, editions=editions)

    second = publish_article(again, show, output, article(), "file:///a.html", now)
    assert not second.changed
    assert second.manifest == first.manifest
    assert snapshot(output) == before


def test_other_sound_makes_other_files_and_the_old_ones_stay(publish_with: Publish):
    first, second = publish_with(), publish_with(sound=2)
    assert first.directory == second.directory
    old, new = ({it.file for it in one.manifest.editions} for one in (first, second))
    assert not old & new
    assert all((first.directory / name).is_file() for name in old | new)


def test_only_what_is_there_whole_counts_as_published(publish_with: Publish, tmp_path: Path):
    directory = publish_with().directory
    (edition,) = (it for it in read_manifest(directory / "episode.json").editions[:1])
    assert published_edition(directory, "m4b", "another key") is None
    assert published_edition(directory, "opus", edition.key) is None
    assert published_edition(tmp_path / "nowhere", "m4b", edition.key) is None
    path = directory / edition.file
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    assert published_edition(directory, "m4b", edition.key) is None
    path.unlink()
    assert published_edition(directory, "m4b", edition.key) is None
    path.write_bytes(whole)
    assert published_edition(directory, "m4b", edition.key) == Edition(
        "m4b", path, edition.key, 32000
    )
    (directory / "episode.json").write_text("{")
    assert published_edition(directory, "m4b", edition.key) is None


@pytest.mark.parametrize(
    "wrong", [{"file": "../x.m4b"}, {"bytes": "5"}, {"key": None}, {"bit_rate_bps": -1}]
)
def test_a_manifest_with_a_broken_edition_is_reported(
    publish_with: Publish, wrong: dict[str, object]
):
    path = publish_with().directory / "episode.json"
    data = json.loads(path.read_text("utf-8"))
    data["editions"][0].update(wrong)
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(PublishingError, match="not a whole manifest"):
        read_manifest(path)


@pytest.mark.parametrize("editions", [3, None, "m4b", ["m4b"]])
def test_a_manifest_with_editions_that_are_none_is_reported(
    publish_with: Publish, editions: object
):
    path = publish_with().directory / "episode.json"
    data = {**json.loads(path.read_text("utf-8")), "editions": editions}
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(PublishingError, match="not a whole manifest"):
        read_manifest(path)


def test_an_edition_that_is_gone_is_an_error_and_nothing_is_published(
    make: Maker, show: Show, output: Path, now: datetime, tmp_path: Path
):
    def without(source: object) -> Episode:
        gone = Edition("opus", tmp_path / "gone.opus", "key", 32000)
        return replace(make(source), editions=(gone,))

    with pytest.raises(PublishingError, match=r"gone\.opus cannot be read"):
        publish_article(without, show, output, article(), "file:///a.html", now)
    assert not (output / show.slug / "feed.xml").exists()
