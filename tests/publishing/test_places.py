from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing.places import find_place
from audiostory.publishing.site import Published, rebuild_feed
from tests.publishing.helpers import BODY, article

PublishOne = Callable[..., Published]
PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
OTHER = BODY.replace("Inline", "Another")


def loose(markup: str = BODY, **changes: object) -> object:
    """An article that says neither where it comes from nor when."""
    return article(markup, **{"canonical_url": None, "published": None, **changes})


def test_a_first_place(show: Show, output: Path, now: datetime):
    place = find_place(output / "tales", show, article(), "file:///a.html", now)
    assert place.directory == "2026-02-03-rain-shine"
    assert place.published == article().published
    assert place.title == "Rain & shine"
    UUID(place.guid)
    assert not output.exists()


def test_an_article_without_a_date_gets_and_keeps_that_of_its_making(
    publish_one: PublishOne, show: Show, output: Path, now: datetime
):
    first = publish_one(loose())
    assert first.manifest.published == now.replace(microsecond=0)
    later = now + timedelta(days=30)
    place = find_place(output / "tales", show, loose(OTHER), "file:///a.html", later)
    assert place.published == first.manifest.published
    assert place.directory == first.directory.name == "2026-03-04-rain-shine"


def test_the_canonical_url_is_the_identity_wherever_a_copy_lies(publish_one: PublishOne):
    first = publish_one(article(), "file:///a.html")
    corrected = article(OTHER, canonical_url="https://news.example/rain?a=1&b=2#part")
    assert publish_one(corrected, "file:///b.html").manifest.guid == first.manifest.guid


def test_a_moved_file_is_the_same_episode_and_stays_it(publish_one: PublishOne, output: Path):
    first = publish_one(loose(), "file:///a.html")
    moved = publish_one(loose(), "file:///b.html")
    corrected = publish_one(loose(OTHER), "file:///b.html")
    assert first.manifest.guid == moved.manifest.guid == corrected.manifest.guid
    assert len(moved.manifest.identities) == 2
    assert len(corrected.manifest.identities) == 1
    left_behind = publish_one(loose(), "file:///a.html")
    assert left_behind.manifest.guid != corrected.manifest.guid
    assert len(list((output / "tales" / "episodes").iterdir())) == 2


def test_two_copies_of_a_file_are_one_episode_that_does_not_change(publish_one: PublishOne):
    publish_one(loose(), "file:///a.html")
    assert publish_one(loose(), "file:///b.html").changed
    assert not publish_one(loose(), "file:///a.html").changed
    assert not publish_one(loose(), "file:///b.html").changed


def test_another_article_of_the_same_title_and_day_is_told_apart(publish_one: PublishOne):
    dated = {"published": article().published}
    made = [
        publish_one(loose(BODY.replace("Inline", word), **dated), f"file:///{word}")
        for word in ("One", "Two", "Three")
    ]
    assert [it.directory.name for it in made] == [
        "2026-02-03-rain-shine",
        "2026-02-03-rain-shine-2",
        "2026-02-03-rain-shine-3",
    ]
    titles = [it.manifest.title for it in made]
    assert titles == ["Rain & shine", "Rain & shine (2)", "Rain & shine (3)"]
    dates = [it.manifest.published for it in made]
    assert [(date - dates[0]).seconds for date in dates] == [0, 1, 2]
    assert len({it.manifest.guid for it in made}) == 3
    again = publish_one(loose(BODY.replace("Inline", "Two"), **dated), "file:///Two")
    assert again.manifest == made[1].manifest
    assert not again.changed


def test_another_day_needs_no_number(publish_one: PublishOne):
    publish_one(loose(published=article().published), "file:///a")
    next_day = article().published + timedelta(days=1)
    other = publish_one(loose(OTHER, published=next_day), "file:///b")
    assert other.manifest.title == "Rain & shine"


def test_a_corrected_headline_changes_the_title_only(publish_one: PublishOne):
    first = publish_one(article())
    second = publish_one(article(title="Rain"))
    assert second.manifest.title == "Rain"
    assert second.directory == first.directory
    assert second.manifest.published == first.manifest.published


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Почему Россия", "pochemu-rossiia"),
        ("…", None),
        ("../../etc/passwd", "etc-passwd"),
        ("word " * 40, "word-" * 11 + "word"),
    ],
)
def test_slugs_are_short_ascii_and_never_empty(
    show: Show, output: Path, now: datetime, title: str, slug: str | None
):
    place = find_place(output / "tales", show, article(title=title), "file:///a.html", now)
    found = place.directory.removeprefix("2026-02-03-")
    assert found == (slug or place.guid[:8])
    assert len(found) <= 60


def test_the_shows_guid_is_given_once(publish_one: PublishOne, show: Show, output: Path):
    publish_one(article())
    guid = str(uuid5(PODCASTS, "example.org/tales/feed.xml"))
    moved = rebuild_feed(replace(show, base_url="https://elsewhere.example/"), output / "tales")
    feed = moved.feed.read_text("utf-8")
    assert f"<podcast:guid>{guid}</podcast:guid>" in feed
    assert "https://elsewhere.example/feed.xml" in feed


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"guid": 7}', "9" * 5000, "[" * 100_000])
def test_a_broken_show_json_is_an_error_that_says_what_to_do(
    publish_one: PublishOne, output: Path, damage: str
):
    publish_one(article())
    (output / "tales" / "show.json").write_text(damage)
    with pytest.raises(PublishingError, match=r"show\.json cannot be read .* podcast:guid"):
        publish_one(article())
