"""A second run does again only what something has changed for."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from math import nan
from pathlib import Path

import pytest
from PIL import Image

from audiostory import app, made_before
from audiostory.config import Flags, resolve
from audiostory.pipeline import Made
from audiostory.report import Report

from .speech.piper_voice import build_piper_voice

ARTICLE = """---
title: The lamp
author: Ada
date: 2026-03-01
---
# The lamp

It burns oil. “It always has,” said Olena Markova, who keeps it.
"""
CUE = Path(__file__).parents[1] / "voices" / "cues" / "heading-1.wav"


@dataclass
class Show:
    """A folder with an article and a show, and what a run told."""

    folder: Path
    rooms: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def article(self) -> Path:
        return self.folder / "lamp.md"

    def make(self) -> Made:
        self.rooms, self.warnings = [], []
        flags = Flags(output=self.folder / "out", cache=self.folder / "cache", workers=1)
        settings = resolve(flags, {}, self.folder)
        report = Report(lambda room, *_: self.rooms.append(room), self.warnings.append)
        (outcome,) = app.make([self.article], settings, report)
        assert outcome.made, outcome.error
        return outcome.made

    @property
    def text(self) -> str:
        return self.article.read_text("utf-8")

    @property
    def was_read(self) -> bool:
        return "reading" in self.rooms


@pytest.fixture
def show(tmp_path: Path) -> Show:
    (tmp_path / "lamp.md").write_text(ARTICLE, "utf-8")
    (tmp_path / "names.pls").write_text(
        '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" '
        'alphabet="ipa" xml:lang="en"><lexeme><grapheme>oil</grapheme><alias>oyl</alias></lexeme>'
        "</lexicon>",
        "utf-8",
    )
    (tmp_path / "own.css").write_text(
        f"@import 'news.css'; h1 {{ cue-before: url('{CUE.as_uri()}') }}", "utf-8"
    )
    (tmp_path / "show.toml").write_text(
        'title = "Lamps"\nengine = "silent"\nprofile = "own.css"\nlexicons = ["names.pls"]\n',
        "utf-8",
    )
    return Show(tmp_path)


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file's time and bytes, but for the lock."""
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes())
        for path in (folder / "out").rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def test_where_nothing_changed_nothing_is_read_and_no_file_is_touched(show: Show) -> None:
    first = show.make()
    assert show.was_read
    told, before = show.warnings, files(show.folder)
    second = show.make()
    assert not show.was_read
    assert files(show.folder) == before
    assert show.warnings == told
    assert not second.published.changed
    assert (second.rendered, second.passages) == (0, first.passages)
    assert second.title == first.title
    assert second.duration_s == first.duration_s
    assert second.loudness_lufs == first.loudness_lufs
    assert second.published.manifest == first.published.manifest
    assert second.published.feed == first.published.feed
    assert second.published.audio == first.published.audio


def edit(name: str, old: str, new: str) -> Callable[[Show], None]:
    def change(show: Show) -> None:
        path = show.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return change


def remove(pattern: str) -> Callable[[Show], None]:
    def change(show: Show) -> None:
        (path,) = (show.folder / "out").rglob(pattern)
        path.unlink()

    return change


CHANGES = {
    "a word": edit("lamp.md", "burns", "burnt"),
    "its sound": edit("show.toml", "title", "bit_rate_kbps = 80\ntitle"),
    "the profile": edit("own.css", "@import", "/* softly */ @import"),
    "a lexicon": edit("names.pls", "oyl", "oill"),
    "the part of who is quoted": edit("cast.toml", "voice = 1", "voice = 3"),
    "how a name is said": edit("cast.toml", "voice = 1", 'voice = 1\nalias = "Oh lena Mark ova"'),
    "the MP3 is gone": remove("*.mp3"),
    "the page is gone": remove("index.html"),
    "the feed is gone": remove("feed.xml"),
    "the manifest is edited": lambda show: next(show.folder.rglob("episode.json")).write_text("{}"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_seen(show: Show, change: Callable[[Show], None]) -> None:
    show.make()
    assert "Olena Markova" in (show.folder / "cast.toml").read_text("utf-8")
    show.make()
    assert not show.was_read
    change(show)
    show.make()
    assert show.was_read
    show.make()
    assert not show.was_read


RETOLD = {
    "the title of the show": edit("show.toml", '"Lamps"', '"Lanterns"'),
    "its author": edit("show.toml", "title", 'author = "Ben Hare"\ntitle'),
    "its category": edit("show.toml", "title", 'category = "Arts"\ntitle'),
    "its cover": lambda show: (
        Image.new("RGB", (1400, 1400), "teal").save(show.folder / "cover.png"),
        edit("show.toml", "title", 'artwork = "cover.png"\ntitle')(show),
    ),
    "what the article says of itself": edit("lamp.md", "author: Ada", "description: Of oil."),
}


@pytest.mark.parametrize("change", RETOLD.values(), ids=RETOLD)
def test_what_is_not_heard_is_told_anew_and_nothing_is_rendered(
    show: Show, change: Callable[[Show], object]
) -> None:
    show.make()
    change(show)
    made = show.make()
    assert show.was_read
    assert (made.rendered, made.published.changed) == (0, True)
    show.make()
    assert not show.was_read


def test_a_feed_and_a_cover_that_were_harmed_are_mended_though_nothing_is_read(show: Show) -> None:
    show.make()
    before = {path: data for path, (_, data) in files(show.folder).items()}
    (cover,) = (show.folder / "out").rglob("cover-*.jpg")
    (feed,) = (show.folder / "out").rglob("feed.xml")
    cover.unlink()
    feed.write_text("<rss/>")
    show.make()
    assert not show.was_read
    assert {path: data for path, (_, data) in files(show.folder).items()} == before


def test_an_episode_that_leaves_the_feed_is_told_though_nothing_is_read(show: Show) -> None:
    made = show.make()
    other = made.published.directory.with_name("2026-01-01-other")
    other.mkdir()
    (other / "episode.json").write_text("{", "utf-8")
    show.make()
    assert not show.was_read
    assert any("2026-01-01-other/episode.json" in warning for warning in show.warnings)


def test_the_same_output_in_another_folder_is_another(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "a"):
        (show.folder / name).mkdir(exist_ok=True)
        monkeypatch.chdir(show.folder / name)
        flags = Flags(output=Path("out"), cache=show.folder / "cache", workers=1)
        settings = resolve(flags, {}, show.folder)
        (outcome,) = app.make([show.article], settings, Report(lambda *_: None, lambda _: None))
        assert outcome.made
        assert outcome.made.published.audio.is_file()
    assert not outcome.made.published.changed


def test_what_is_saved_while_it_is_made_is_made_again(show: Show) -> None:
    class Saving(list[str]):
        def append(self, room: str) -> None:
            super().append(room)
            if room == "publishing":
                edit("lamp.md", "burns", "burnt")(show) if "burns" in show.text else None

    flags = Flags(output=show.folder / "out", cache=show.folder / "cache", workers=1)
    rooms = Saving()
    report = Report(lambda room, *_: rooms.append(room), lambda _: None)
    list(app.make([show.article], resolve(flags, {}, show.folder), report))
    assert "burnt" in show.text
    assert show.make().rendered == 1


def test_a_cue_that_sounds_otherwise_is_seen(show: Show) -> None:
    cue = show.folder / "own.wav"
    cue.write_bytes(CUE.read_bytes())
    edit("own.css", CUE.as_uri(), "own.wav")(show)
    show.make()
    show.make()
    assert not show.was_read
    cue.write_bytes((CUE.parent / "figure.wav").read_bytes())
    assert show.make().rendered == 1


def test_a_cue_that_was_missing_and_is_there_is_seen(show: Show) -> None:
    edit("own.css", CUE.as_uri(), "own.wav")(show)
    show.make()
    assert any("own.wav" in warning for warning in show.warnings)
    (show.folder / "own.wav").write_bytes(CUE.read_bytes())
    assert show.make().rendered == 1


def test_another_speaker_of_another_episode_changes_nothing(show: Show) -> None:
    show.make()
    with (show.folder / "cast.toml").open("a", encoding="utf-8") as file:
        file.write('\n["Ben Hare"]\nvoice = 7\n')
    show.make()
    assert not show.was_read


def test_another_version_of_the_program_makes_it_again(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    show.make()
    monkeypatch.setattr(made_before, "_program", lambda: ("audiostory 9",))
    show.make()
    assert show.was_read


def test_where_another_voice_had_to_speak_it_is_tried_again(show: Show) -> None:
    edit("own.css", "{", '{ voice-family: "booth/ada", male;')(show)
    voice = '{ languages = ["en"], gender = "female", voice = "ada" }'
    with (show.folder / "show.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[engines.booth]\ntype = "command"\ncommand = ["false", "{text}", "{out}"]\n'
            f"voices = {{ ada = {voice} }}\n"
        )
    show.make()
    assert any("speaks instead" in warning for warning in show.warnings)
    show.make()
    assert show.was_read


def test_a_voice_that_a_profile_names_and_that_is_added_is_seen(show: Show) -> None:
    voices = show.folder / "voices"
    with (show.folder / "show.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[engines.piper]\nvoices_folder = "{voices}"\n')
    edit("own.css", "{", '{ voice-family: "piper/en_US-amy-low", male;')(show)
    show.make()
    assert any("piper" in warning for warning in show.warnings)
    show.make()
    assert not show.was_read
    build_piper_voice(voices, "en_US-amy-low")
    assert show.make().rendered > 0
    assert not any("piper" in warning for warning in show.warnings)


def test_a_record_that_is_broken_counts_as_none(show: Show) -> None:
    show.make()
    (record,) = (show.folder / "cache" / "made").rglob("*.json")
    whole = json.loads(record.read_bytes())["episodes"][0]
    none = (b"", b"{", b"[]", b"{}", b'{"episodes": 1}', b'{"episodes": [{}]}')
    empty = (b'{"episodes": []}', b'{"episodes": {}}', b'{"episodes": ""}')
    numbers = (("passages", "x"), ("duration_s", None), ("duration_s", nan), ("loudness_lufs", ""))
    for name, value in (("files", None), ("cues", []), *numbers):
        record.write_text(json.dumps({"episodes": [{**whole, name: value}]}))
        show.make()
        assert show.was_read, name
    for broken in (*none, *empty):
        record.write_bytes(broken)
        show.make()
        assert show.was_read


def test_a_feed_of_several_articles_is_known_as_a_whole(show: Show) -> None:
    items = "".join(
        f"<item><title>{name}</title><guid>{name}</guid><description>{name} is lit at night, "
        "and put out in the morning by whoever comes first.</description></item>"
        for name in ("One", "Two")
    )
    source = show.folder / "feed.xml"
    source.write_text(
        f'<rss version="2.0"><channel><title>Lamps</title>{items}</channel></rss>', "utf-8"
    )
    settings = resolve(
        Flags(output=show.folder / "out", cache=show.folder / "cache", workers=1), {}, show.folder
    )
    rooms: list[str] = []
    report = Report(lambda room, *_: rooms.append(room), lambda _: None)
    first = list(app.make([source], settings, report))
    assert "reading" in rooms
    rooms.clear()
    second = list(app.make([source], settings, report))
    assert "reading" not in rooms
    assert [it.made and it.made.title for it in second] == ["One", "Two"]
    assert [it.made and it.made.title for it in first] == ["One", "Two"]


def test_a_file_that_cannot_be_read_any_more_is_told_as_ever(show: Show) -> None:
    show.make()
    show.article.unlink()
    flags = Flags(output=show.folder / "out", cache=show.folder / "cache", workers=1)
    (outcome,) = app.make(
        [show.article], resolve(flags, {}, show.folder), Report(lambda *_: None, lambda _: None)
    )
    assert outcome.error
    assert os.fspath(show.article) in str(outcome.error)


def test_the_clips_of_what_is_not_made_again_stay_in_use(show: Show) -> None:
    show.make()
    clips = sorted((show.folder / "cache").rglob("*.clip"))
    assert len(clips) == 2
    for clip in clips:
        os.utime(clip, (1, 1))
    clips[0].unlink()
    show.make()
    assert not show.was_read
    assert clips[1].stat().st_mtime > 1
    assert not clips[0].exists()
