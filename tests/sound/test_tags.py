from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mutagen.id3 import ID3

from audiostory.errors import SoundError
from audiostory.model import ChapterMark, SoundFormat
from audiostory.sound.clip import SpokenPart
from audiostory.sound.tags import Tags, iso_639_2, write_tags

from .helpers import make, mp3val, tone

TITLES = ["One", "A much longer title, of more than fifty-one characters, as headlines have", "Три"]
TAGS = Tags(
    title="Мост & река",
    artist="A. Writer",
    album="My articles",
    date=datetime(2022, 10, 14, 12, tzinfo=UTC),
    language="ru-RU",
    duration_s=12.345,
    description="What happened.",
    url="https://example.org/a",
    text="Мост.\nРека.",
    cover=b"\xff\xd8\xff\xe0 not really a picture",
    chapters=tuple(
        ChapterMark(f"c{i}", TITLES[i % 3], 1, float(i), float(i + 1)) for i in range(12)
    ),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "a.mp3", [[SpokenPart(tone(12.0))]], SoundFormat()).path


def probe(path: Path) -> dict[str, object]:
    command = ["ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    shown: dict[str, object] = json.loads(done.stdout)
    return shown


def test_players_read_what_was_written(path: Path) -> None:
    write_tags(path, replace(TAGS, cover=None))
    shown = probe(path)["format"]["tags"]
    assert shown["title"] == TAGS.title
    assert shown["artist"] == TAGS.artist
    assert shown["album"] == TAGS.album
    assert shown["genre"] == "Podcast"
    assert shown["language"] == "rus"
    assert shown["date"].startswith("2022")


def test_it_is_version_2_3_with_no_frame_of_2_4(path: Path) -> None:
    write_tags(path, TAGS)
    tags = ID3(path, translate=False)
    assert tags.version == (2, 3, 0)
    assert not {"TDRC", "TDRL", "TIPL"} & {key[:4] for key in tags}
    assert tags["TYER"].text == ["2022"]
    assert tags["TDAT"].text == ["1410"]
    assert tags["TLEN"].text == ["12345"]
    assert tags.getall("APIC")[0].type == 3
    assert tags.getall("USLT")[0].text == TAGS.text
    assert tags.getall("WOAS")[0].url == TAGS.url


def test_chapters_are_in_order_of_time(path: Path) -> None:
    write_tags(path, TAGS)
    shown = probe(path)["chapters"]
    assert [c["tags"]["title"] for c in shown] == [chapter.title for chapter in TAGS.chapters]
    data = path.read_bytes()
    places = [data.index(b"CHAP" + data[i + 4 : i + 10]) for i in [data.index(b"CHAP")]]
    order = [data.index(f"ch{n:04}\0".encode(), data.index(b"CHAP")) for n in range(1, 13)]
    assert places
    assert order == sorted(order)


def test_the_table_of_contents_lists_every_chapter(path: Path) -> None:
    write_tags(path, TAGS)
    (table,) = ID3(path).getall("CTOC")
    assert table.flags == 3
    assert table.child_element_ids == [f"ch{n:04}" for n in range(1, 13)]
    for chapter in ID3(path).getall("CHAP"):
        assert chapter.start_offset == chapter.end_offset == 0xFFFFFFFF


@pytest.mark.parametrize("count", [255, 256, 600, 2 * 255, 2 * 255 + 1])
def test_of_many_chapters_all_are_there_in_order(path: Path, count: int) -> None:
    chapters = tuple(
        ChapterMark(f"c{i}", f"Number {i}", 1, i / 100, (i + 1) / 100) for i in range(count)
    )
    write_tags(path, replace(TAGS, chapters=chapters))
    titles = [chapter.title for chapter in chapters]
    assert [it["tags"]["title"] for it in probe(path)["chapters"]] == titles
    tags = ID3(path)
    by_id = {frame.element_id: frame for frame in tags.getall("CHAP")}
    assert [by_id[id_].sub_frames["TIT2"].text[0] for id_ in listed(tags)] == titles
    assert len(tags.getall("CTOC")) == (1 if count == 255 else 1 + -(-count // 255))
    said = mp3val(path)
    assert "WARNING" not in said
    assert "ERROR" not in said


def listed(tags: ID3) -> list[str]:
    """The chapters by the tables of contents, from the one at the top down."""
    tables = {frame.element_id: frame for frame in tags.getall("CTOC")}
    (top,) = (frame.element_id for frame in tables.values() if frame.flags == 3)
    assert all(frame.flags == 1 for name, frame in tables.items() if name != top)

    def below(name: str) -> list[str]:
        if name not in tables:
            return [name]
        children = tables[name].child_element_ids
        assert 1 <= len(children) <= 255
        return [id_ for child in children for id_ in below(child)]

    return below(top)


def test_the_audio_is_as_it_was(path: Path) -> None:
    audio = path.read_bytes()
    write_tags(path, TAGS)
    assert path.read_bytes().endswith(audio)
    said = mp3val(path)
    assert "WARNING" not in said
    assert "ERROR" not in said


def test_the_same_tags_give_the_same_bytes(path: Path) -> None:
    other = path.with_name("b.mp3")
    other.write_bytes(path.read_bytes())
    write_tags(path, TAGS)
    write_tags(other, TAGS)
    assert path.read_bytes() == other.read_bytes()


def test_few_tags_are_enough(path: Path) -> None:
    write_tags(path, Tags("T", "A", "S", TAGS.date, "tlh-x", 1.0))
    tags = ID3(path)
    assert tags["TLAN"].text == ["tlh"]
    assert not tags.getall("CHAP")
    assert not tags.getall("CTOC")


@pytest.mark.parametrize(
    ("language", "code"), [("en-GB", "eng"), ("de", "ger"), ("cmn", "cmn"), ("x-1", "und")]
)
def test_languages_of_iso_639_2(language: str, code: str) -> None:
    assert iso_639_2(language) == code


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"a\.mp3 could not be tagged"):
        write_tags(tmp_path / "missing" / "a.mp3", TAGS)
