from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from audiostory.errors import SoundError
from audiostory.model import Clip, Passage, SoundFormat
from audiostory.sound.clip import PausePart, SpokenPart, make_clip
from audiostory.sound.stitch import _crc16, stitch

from .helpers import frames_of, make, tone

FORM = SoundFormat()


def passages(count: int) -> list[Passage]:
    return [Passage(f"p{i}", "paragraph", "en", ()) for i in range(count)]


def test_the_info_header_has_lames_delay_and_checksum(tmp_path: Path) -> None:
    made = make(tmp_path / "a.mp3", [[SpokenPart(tone(0.5))]], FORM)
    head = made.path.read_bytes()[:300]
    lame = head.index(b"Info") + 120
    assert int.from_bytes(head[lame + 21 : lame + 24]) >> 12 == 576
    assert int.from_bytes(head[lame + 34 : lame + 36]) == _crc16(bytearray(head[: lame + 34]))
    assert _crc16(bytearray(b"123456789")) == 0xBB3D  # CRC-16/ARC's check value.


def test_the_info_header_counts_frames_and_says_where_each_hundredth_is(tmp_path: Path) -> None:
    made = make(tmp_path / "a.mp3", [[SpokenPart(tone(3.0))], [SpokenPart(tone(9.0))]], FORM)
    data = made.path.read_bytes()
    info = data.index(b"Info")
    frames = len(list(frames_of(data, FORM))) - 1  # but for the header's own
    assert int.from_bytes(data[info + 8 : info + 12]) == frames
    assert int.from_bytes(data[info + 12 : info + 16]) == len(data)
    places = data[info + 16 : info + 116]
    assert all(abs(place - 2.56 * at) < 1 for at, place in enumerate(places))


def test_where_no_info_header_was_written_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiostory.sound.stitch._TAG", b"None")
    with pytest.raises(SoundError) as raised:
        make(tmp_path / "a.mp3", [[SpokenPart(tone(0.5))]], FORM)
    assert "a.mp3 was written without the header" in raised.value.what
    assert "Run the same command again" in raised.value.advice


def test_it_has_no_tags_of_the_muxers_own(tmp_path: Path) -> None:
    made = make(tmp_path / "a.mp3", [[SpokenPart(tone(0.5))]], FORM)
    data = made.path.read_bytes()
    assert data[0] == 0xFF
    assert b"TSSE" not in data
    assert data[-128:-125] != b"TAG"


def test_clips_are_taken_one_at_a_time(tmp_path: Path) -> None:
    path, sizes = tmp_path / "a.mp3", []
    clip = make_clip([SpokenPart(tone(5.0))], FORM)

    def clips() -> Iterator[Clip]:
        for _ in range(20):
            sizes.append(path.stat().st_size if path.exists() else 0)
            yield replace(clip, marks=())

    timeline = stitch(passages(20), clips(), FORM, path)
    assert sizes[-1] > 10 * len(clip.frames)
    assert timeline.duration_s == pytest.approx(20 * clip.duration_s, abs=0.06)


def test_marks_that_are_not_the_passages_are_an_error(tmp_path: Path) -> None:
    clip = make_clip([SpokenPart(tone(0.2))], FORM)
    with pytest.raises(SoundError, match="passage p0"):
        stitch(passages(1), [clip], FORM, tmp_path / "a.mp3")


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    clip = replace(make_clip([PausePart(100)], FORM), marks=())
    with pytest.raises(SoundError, match=r"a\.mp3 could not be written"):
        stitch(passages(1), [clip], FORM, tmp_path / "missing" / "a.mp3")


def test_a_full_disk_is_an_error() -> None:
    clip = replace(make_clip([SpokenPart(tone(20.0))], FORM), marks=())
    with pytest.raises(SoundError, match="could not be written"):
        stitch(passages(30), [clip] * 30, FORM, Path("/dev/full"))
