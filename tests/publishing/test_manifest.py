import json
from collections.abc import Callable
from pathlib import Path

import pytest

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing.manifest import manifest_json, read_manifest, read_manifests
from audiostory.publishing.site import Published, rebuild_feed
from tests.publishing.helpers import article

PublishOne = Callable[..., Published]


def test_it_is_read_as_it_was_written(publish_one: PublishOne):
    published = publish_one(article())
    path = published.directory / "episode.json"
    assert read_manifest(path) == published.manifest
    assert manifest_json(published.manifest) == path.read_text("utf-8")


def test_it_says_what_a_reader_of_files_needs(publish_one: PublishOne):
    published = publish_one(article())
    document = json.loads((published.directory / "episode.json").read_text("utf-8"))
    assert document["format"] == 1
    assert document["published"] == "2026-02-03T04:05:06+00:00"
    assert document["audio"]["bytes"] == published.audio.stat().st_size
    assert document["audio"]["file"] == published.audio.name
    assert document["coverage"]["words_omitted"] == 2
    assert document["omitted"] == 1
    assert document["loudness_lufs"] == -16.12
    assert document["timeline"][0] == {"id": "h", "begin_s": 0.5, "end_s": 1.4}
    assert document["directory"] == published.directory.name


def test_no_path_of_the_machine_is_published(publish_one: PublishOne, output: Path):
    source = article(canonical_url=None)
    publish_one(source, f"file://{output}/secret/rain.html")
    for path in output.rglob("*"):
        if path.is_file():
            assert str(output).encode() not in path.read_bytes()
            assert b"secret" not in path.read_bytes()


def change(**changes: object) -> Callable[[str], str]:
    return lambda text: json.dumps(json.loads(text) | changes)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda text: text[: len(text) // 2], "not a whole manifest"),
        (lambda _: "", "not a whole manifest"),
        (lambda _: "[]", "not a whole manifest"),
        (lambda _: "[" * 100_000, "not a whole manifest"),
        (lambda _: '{"name": "some other program"}', "'audio' is missing"),
        (change(format=2), "format 2"),
        (change(guid=7), "7 is not text"),
        (change(guid="\ud800"), "characters that a feed cannot carry"),
        (change(language="e\x00n"), "characters that a feed cannot carry"),
        (change(coverage=[1]), "not a whole manifest"),
        (change(loudness_lufs=10**400), "not a whole manifest"),
        (change(published="yesterday"), "yesterday"),
        (change(published="2026-01-01T00:00:00"), "time zone"),
        (change(published="9999-12-31T23:59:59-12:00"), "no date that a feed can say"),
        (change(published="0001-01-01T00:00:00+14:00"), "no date that a feed can say"),
        (change(directory="elsewhere"), "Rename its folder to elsewhere"),
        (change(page_file="../../x"), "not a file's name"),
        (change(page_file="x" * 300), "not a file's name"),
        (change(loudness_lufs=float("nan")), "nan is not a number"),
        (change(timeline=[{"id": "p", "begin_s": 0, "end_s": 1e308}]), "not a time"),
    ],
)
def test_a_broken_one_is_reported_and_the_others_stay(
    publish_one: PublishOne, show: Show, output: Path, damage: Callable[[str], str], complaint: str
):
    good = publish_one(article())
    bad = publish_one(article(title="Other", canonical_url="https://news.example/other"))
    path = bad.directory / "episode.json"
    path.write_text(damage(path.read_text("utf-8")), "utf-8")
    shelf = read_manifests(output / show.slug)
    assert shelf.manifests == (good.manifest,)
    (warning,) = shelf.warnings
    assert f"{bad.directory.name}/episode.json" in warning
    assert complaint in warning
    with pytest.raises(PublishingError):
        read_manifest(path)
    rebuilt = rebuild_feed(show, output / show.slug)
    assert rebuilt.episodes == 1
    assert rebuilt.warnings == (warning,)
    assert good.manifest.guid in rebuilt.feed.read_text("utf-8")
    assert bad.manifest.guid not in rebuilt.feed.read_text("utf-8")


def test_an_article_made_again_after_its_manifest_broke_keeps_its_guid(publish_one: PublishOne):
    first = publish_one(article())
    (first.directory / "episode.json").unlink()
    assert publish_one(article()).manifest == first.manifest
