"""Editions of a finished MP3, judged by ffmpeg and ffprobe."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from audiostory.errors import SoundError
from audiostory.model import ChapterMark, EditionKind, SoundFormat
from audiostory.sound.clip import SpokenPart
from audiostory.sound.editions import edition_key, write_edition
from audiostory.sound.tags import Tags, write_tags

from .helpers import Made, article, make, tone

KINDS: tuple[EditionKind, ...] = get_args(EditionKind)
RATE = 48000
WINDOW, REACH = 2 * RATE, RATE // 4
NEAR_S = 0.02
LARGEST_FRAME_S = 1024 / 22050
# Begins on both sides of half a second, and past an hour; titles with what formats escape.
BEGINS_S = [0.0, 0.499, 0.5, 0.65, 1.999, 59.9996, 3599.75, 3661.001]
TITLES = ["One = 1; #2", "Три \\ моста", "“Q” & <A>"]


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 60), "teal").save(file, kind)
    return file.getvalue()


def chapters(begins: list[float]) -> tuple[ChapterMark, ...]:
    ends = [*begins[1:], begins[-1] + 1]
    return tuple(
        ChapterMark(f"c{i}", f"{TITLES[i % 3]} {i}", 1, begin, end)
        for i, (begin, end) in enumerate(zip(begins, ends, strict=True))
    )


TAGS = Tags(
    title="Мост & river",
    artist="A. Writer, B",
    album="My articles",
    date=datetime(2022, 10, 14, 23, tzinfo=timezone(timedelta(hours=-5))),
    language="de-AT",
    duration_s=5.0,
    description="What\nhappened; and = why.",
    text="It is not in an edition.",
    cover=picture("JPEG"),
    chapters=chapters(BEGINS_S),
)


@pytest.fixture(scope="module")
def mp3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mp3") / "episode.mp3"
    make(path, [[SpokenPart(tone(5.0))]], SoundFormat())
    write_tags(path, TAGS)
    return path


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> EditionKind:
    found: EditionKind = request.param
    return found


@pytest.fixture
def path(kind: EditionKind, tmp_path: Path) -> Path:
    return tmp_path / f"episode.{kind}"


def probe(path: Path) -> dict[str, Any]:
    show = ["-show_chapters", "-show_format", "-show_streams"]
    command = ["ffprobe", "-v", "error", *show, "-of", "json", str(path)]
    shown: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True).stdout)
    return shown


def decoded(path: Path, channel: int = 0) -> NDArray[np.float32]:
    """One channel's samples, by ffmpeg, at 48,000 Hz."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a", "-ar", str(RATE)]
    mix = ["-af", f"pan=mono|c0=c{channel}", "-f", "f32le", "-"]
    done = subprocess.run([*command, *mix], capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.float32)


def shift_s(one: NDArray[np.float32], other: NDArray[np.float32], begin: int) -> float:
    """How much later the same sound is in the other, around a place."""
    here = one[begin : begin + WINDOW]
    around = other[max(0, begin - REACH) : begin + WINDOW + REACH]
    size = 2 ** int(np.ceil(np.log2(len(here) + len(around))))
    product = np.fft.rfft(around, size) * np.conj(np.fft.rfft(here, size))
    lag = int(np.fft.irfft(product)[: len(around)].argmax())
    return (max(0, begin - REACH) + lag - begin) / RATE


@pytest.mark.parametrize("channel", [0, 1])
def test_stereo_stays_stereo_and_in_time(path: Path, kind: EditionKind, channel: int):
    form = SoundFormat(channels=2, bit_rate_kbps=96)
    left = [replace(part, balance=-80) for part in article(form)[1] if isinstance(part, SpokenPart)]
    made = make(path.with_suffix(".mp3"), [left, *article(form)[2:3]], form)
    write_edition(made.path, kind, path, replace(TAGS, duration_s=made.timeline.duration_s))
    assert probe(path)["streams"][0]["channels"] == 2
    before, after = decoded(made.path, channel), decoded(path, channel)
    assert shift_s(before, after, RATE // 2) == pytest.approx(0, abs=NEAR_S)
    loudness = [np.sqrt(np.mean(samples**2)) for samples in (before, after)]
    assert loudness[0] == pytest.approx(loudness[1], rel=0.1)


def test_every_time_holds_from_the_first_second_to_the_last(
    made: Made, path: Path, kind: EditionKind
):
    tagged = path.with_name("tagged.mp3")
    tagged.write_bytes(made.path.read_bytes())
    tags = replace(TAGS, duration_s=made.timeline.duration_s, chapters=())
    write_tags(tagged, tags)
    write_edition(tagged, kind, path, tags)
    before, after = decoded(tagged), decoded(path)
    length = round(made.timeline.duration_s * RATE)
    # The edit list ends there, but ffmpeg 5 plays the last frame of AAC to its end.
    most = LARGEST_FRAME_S if kind == "m4b" else NEAR_S
    assert -NEAR_S < (len(after) - length) / RATE < most
    assert np.abs(after[length:]).max(initial=0) < 0.001
    for begin in np.linspace(0, len(before) - WINDOW, 12).astype(int):
        assert shift_s(before, after, int(begin)) == pytest.approx(0, abs=NEAR_S / 10)


def test_players_know_how_long_it_is(mp3: Path, path: Path, kind: EditionKind):
    write_edition(mp3, kind, path, replace(TAGS, chapters=()))
    expected_s = len(decoded(mp3)) / RATE
    assert float(probe(path)["format"]["duration"]) == pytest.approx(expected_s, abs=NEAR_S)


def test_what_it_is(mp3: Path, path: Path, kind: EditionKind):
    bit_rate = write_edition(mp3, kind, path, TAGS)
    sound = probe(path)["streams"][0]
    form = probe(path)["format"]["format_name"]
    if kind == "m4b":
        assert (sound["codec_name"], sound["profile"], sound["sample_rate"]) == (
            *("aac", "LC", "22050"),
        )
        assert "mp4" in form
        assert path.read_bytes()[8:12] == b"M4B "
        assert bit_rate == pytest.approx(int(sound["bit_rate"]), rel=0.05)
        data = path.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")  # so that it plays while it loads
    else:
        assert (sound["codec_name"], sound["channels"]) == ("opus", 1)
        assert form == "ogg"
        assert path.read_bytes()[28:36] == b"OpusHead"
    assert 20_000 < bit_rate < 80_000


def test_its_tags(mp3: Path, path: Path, kind: EditionKind):
    write_edition(mp3, kind, path, TAGS)
    shown = probe(path)
    tags = shown["streams"][0]["tags"] if kind == "opus" else shown["format"]["tags"]
    tags = {name.lower(): text for name, text in tags.items()}
    assert tags["title"] == TAGS.title
    assert tags["artist"] == TAGS.artist
    assert tags["album"] == TAGS.album
    assert tags["date"] == "2022-10-15"
    assert tags["genre"] == "Podcast"
    assert tags["comment" if kind == "opus" else "description"] == TAGS.description
    language = {"opus": ("LANGUAGE", "de-AT"), "m4b": ("language", "deu")}[kind]
    assert language in shown["streams"][0]["tags"].items()
    assert not {"creation_time", "encoder"} & tags.keys()
    if kind == "opus":  # no more than these: what MP4 has beside them is of its own
        names = {"title", "artist", "album", "date", "genre", "comment", "language"}
        assert tags.keys() == names
    assert TAGS.text.encode() not in path.read_bytes()


@pytest.mark.parametrize(("form", "codec"), [("JPEG", "mjpeg"), ("PNG", "png")])
def test_its_cover(mp3: Path, path: Path, kind: EditionKind, form: str, codec: str):
    cover = picture(form)
    write_edition(mp3, kind, path, replace(TAGS, cover=cover, cover_type=f"image/{form.lower()}"))
    (shown,) = (it for it in probe(path)["streams"] if it["codec_type"] == "video")
    assert shown["codec_name"] == codec
    assert shown["disposition"]["attached_pic"] == 1
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy"]
    copied = subprocess.run([*command, "-f", "image2pipe", "-"], capture_output=True, check=True)
    assert copied.stdout == cover


def test_its_chapters_to_the_millisecond(mp3: Path, path: Path, kind: EditionKind):
    write_edition(mp3, kind, path, TAGS)
    shown = probe(path)["chapters"]
    assert [chapter["tags"]["title"] for chapter in shown] == [it.title for it in TAGS.chapters]
    assert [float(chapter["start_time"]) for chapter in shown] == pytest.approx(
        [it.begin_s for it in TAGS.chapters], abs=0.0006
    )


def test_a_book_has_all_its_chapters(mp3: Path, path: Path, kind: EditionKind):
    many = chapters([number / 100 for number in range(999)])
    write_edition(mp3, kind, path, replace(TAGS, chapters=many))
    assert len(probe(path)["chapters"]) == len(many)


def test_more_chapters_than_there_are_numbers_for_are_no_error(mp3: Path, tmp_path: Path):
    many = chapters([number / 1000 for number in range(1200)])
    write_edition(mp3, "opus", tmp_path / "a.opus", replace(TAGS, chapters=many))
    assert len(probe(tmp_path / "a.opus")["chapters"]) == 999


def test_few_tags_are_enough(mp3: Path, path: Path, kind: EditionKind):
    write_edition(mp3, kind, path, Tags("", "", "", datetime.now(UTC), "tlh-x", 0.0))
    shown = probe(path)
    assert not shown["chapters"]
    assert [it["codec_type"] for it in shown["streams"]] == ["audio"]


def test_the_same_in_the_same_bytes_out(mp3: Path, path: Path, kind: EditionKind):
    write_edition(mp3, kind, path, TAGS)
    other = path.with_name(f"other.{kind}")
    write_edition(mp3, kind, other, TAGS)
    assert path.read_bytes() == other.read_bytes()


def test_another_mp3_or_kind_has_another_key(mp3: Path, tmp_path: Path):
    other = tmp_path / "other.mp3"
    other.write_bytes(mp3.read_bytes())
    assert edition_key(other, "m4b") == edition_key(mp3, "m4b")
    assert edition_key(mp3, "opus") != edition_key(mp3, "m4b")
    other.write_bytes(mp3.read_bytes() + b"\0")
    assert edition_key(other, "m4b") != edition_key(mp3, "m4b")


def test_what_is_no_audio_is_an_error(path: Path, kind: EditionKind):
    text = path.with_name("text.mp3")
    text.write_text("This is not sound. " * 1000)
    with pytest.raises(SoundError, match=f"episode.{kind} could not be made"):
        write_edition(text, kind, path, TAGS)
    with pytest.raises(SoundError):
        write_edition(path.with_name("none.mp3"), kind, path, TAGS)
    with pytest.raises(SoundError, match=r"none\.mp3 could not be read"):
        edition_key(path.with_name("none.mp3"), kind)


def test_a_place_that_cannot_be_written_to_is_an_error(mp3: Path, path: Path, kind: EditionKind):
    with pytest.raises(SoundError, match="room on the disk"):
        write_edition(mp3, kind, path / "in" / f"nothing.{kind}", TAGS)
    with pytest.raises(SoundError, match="room on the disk"):
        write_edition(mp3, kind, Path("/dev/full"), TAGS)
