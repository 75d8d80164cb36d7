"""An intro or outro that a producer brings, decoded again from the clip that was made of it."""

from __future__ import annotations

import subprocess
import tracemalloc
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostory.errors import SoundError
from audiostory.model import Clip, Passage, SoundFormat
from audiostory.sound.clip import PausePart, SpokenPart, make_clip
from audiostory.sound.elements import element_clip, element_key
from audiostory.sound.encode import duration_s, samples_per_frame
from audiostory.sound.limiter import limit, limit_pieces, regrouped
from audiostory.sound.loudness import integrated_lufs, measure_file
from audiostory.sound.stitch import stitch

from .helpers import frames_of, mp3val, silences, tone
from .test_formats import heard, shift

SHOWS = {
    "mono 22050": SoundFormat(),
    "mono 48000": SoundFormat(48000, 96),
    "stereo 24000": SoundFormat(24000, 96, 2),
    "stereo 44100": SoundFormat(44100, 128, 2),
}
CODECS = {
    "a.mp3": ["-b:a", "128k"],
    "a.m4a": ["-c:a", "aac", "-b:a", "128k"],
    "a.flac": [],
    "a.ogg": ["-c:a", "flac"],
    "a.opus": ["-c:a", "libopus", "-b:a", "96k"],
    "a.wav": ["-c:a", "pcm_s24le"],
    "a.aiff": [],
    "a.mka": ["-c:a", "flac"],
}


@cache
def music(rate: int, channels: int, seconds: float = 6.0) -> NDArray[np.float32]:
    """Chords with a beat, some way from one side to the other: of shape (n, channels)."""
    at = np.arange(round(seconds * rate)) / rate
    chord = sum(np.sin(2 * np.pi * hz * at) / n for n, hz in enumerate((220, 277.2, 329.6, 440), 1))
    noise = np.random.default_rng(7).normal(0, 0.5, len(at))
    beat = np.exp(-12 * (at % 0.5)) * noise
    mono = 0.2 * chord + 0.4 * beat
    sides = [mono * share for share in (1, 0.6)[:channels]]
    return np.clip(np.stack(sides, axis=1), -1, 1).astype(np.float32)


def record(path: Path, samples: NDArray[np.float32], rate: int, *options: str) -> Path:
    """Samples as a file of the format that its name says, by ffmpeg."""
    channels = str(samples.shape[1])
    raw = ["-f", "f32le", "-ar", str(rate), "-ac", channels, "-i", "-"]
    command = ["ffmpeg", "-v", "error", "-y", *raw, *options, str(path)]
    subprocess.run(command, input=samples.tobytes(), check=True)
    return path


def alone(clip: Clip, form: SoundFormat, path: Path) -> NDArray[np.float32]:
    """What is heard of a clip in a file of its own."""
    stitch([Passage("intro", "intro", "en", ())], [clip], form, path)
    return heard(path, form)


@pytest.mark.parametrize("name", CODECS)
@pytest.mark.parametrize("channels", [1, 2])
def test_a_file_of_any_format_is_as_loud_as_the_show(
    name: str, channels: int, tmp_path: Path
) -> None:
    form = SHOWS["stereo 44100" if channels == 1 else "mono 22050"]
    file = record(tmp_path / name, music(48000, channels), 48000, *CODECS[name])
    clip = element_clip(file, form, 0, 0)
    decoded = alone(clip, form, tmp_path / "out.mp3")
    loudness_lufs, peak_dbtp = measure_file(tmp_path / "out.mp3")
    assert loudness_lufs == pytest.approx(form.loudness_lufs, abs=0.5)
    assert peak_dbtp <= form.true_peak_db
    sounding = np.flatnonzero(np.abs(decoded).max(axis=1) > 0.01)
    assert sounding[0] / form.sample_rate_hz == pytest.approx(0.05, abs=0.01)
    assert np.ptp(sounding) / form.sample_rate_hz == pytest.approx(6, abs=0.1)


@pytest.mark.parametrize("form", SHOWS.values(), ids=SHOWS)
@pytest.mark.parametrize("rate", [8000, 22050, 44100, 96000])
def test_it_is_a_clip_at_the_shows_format(rate: int, form: SoundFormat, tmp_path: Path) -> None:
    file = record(tmp_path / "a.wav", music(rate, 2, 2.5), rate, "-c:a", "pcm_f32le")
    clip = element_clip(file, form, 0.5, 0.5)
    frames = list(frames_of(clip.frames, form))
    assert clip.marks == ()
    assert clip.duration_s == len(frames) * samples_per_frame(form.sample_rate_hz) / (
        form.sample_rate_hz
    )
    assert clip.duration_s == pytest.approx(0.05 + 2.5 + 0.076, abs=0.015)
    assert integrated_lufs(clip.levels_lufs) == pytest.approx(form.loudness_lufs, abs=0.5)
    again = element_clip(file, form, 0.5, 0.5)
    assert again == clip


def test_it_sounds_to_the_sample_where_its_lead_ends(tmp_path: Path) -> None:
    form = SHOWS["stereo 44100"]
    samples = music(44100, 2, 3.0) / 2
    file = record(tmp_path / "a.wav", samples, 44100, "-c:a", "pcm_f32le")
    decoded = alone(element_clip(file, form, 0, 0), form, tmp_path / "out.mp3")
    lead = round(0.05 * 44100)
    for channel in range(2):
        assert shift(samples[:, channel], decoded[lead : lead + len(samples), channel]) == 0


@pytest.mark.parametrize("name", ["mono 22050", "stereo 24000"])
def test_fades_begin_and_end_in_silence(name: str, tmp_path: Path) -> None:
    form, rate = SHOWS[name], SHOWS[name].sample_rate_hz
    steady = np.tile(tone(8.0, rate).samples[:, None], (1, 2))
    file = record(tmp_path / "a.flac", steady, rate)
    decoded = alone(element_clip(file, form, 2, 3), form, tmp_path / "out.mp3")[:, 0]
    sound = decoded[round(0.05 * rate) :][: 8 * rate]

    def level(at_s: float) -> float:
        around = sound[max(0, round((at_s - 0.02) * rate)) : round((at_s + 0.02) * rate)]
        return float(np.std(around))

    full = level(4)
    assert level(0.02) < 0.05 * full
    assert level(1) == pytest.approx(full * np.sin(np.pi / 4), rel=0.05)
    assert level(2.2) == pytest.approx(full, rel=0.02)
    assert level(4.9) == pytest.approx(full, rel=0.02)
    assert level(6.5) == pytest.approx(full * np.sin(np.pi / 4), rel=0.05)
    assert level(7.97) < 0.05 * full


def test_a_pause_before_it_is_after_what_went_before(tmp_path: Path) -> None:
    form = SoundFormat()
    file = record(tmp_path / "a.wav", np.tile(tone(1.0).samples[:, None], (1, 2)), 22050)
    clips = [element_clip(file, form, 0, 0), element_clip(file, form, 0, 0, lead_ms=900)]
    passages = [Passage(id_, "outro", "en", ()) for id_ in ("a", "b")]
    stitch(passages, clips, form, tmp_path / "out.mp3")
    decoded = heard(tmp_path / "out.mp3", form)[:, 0]
    rests = [end - begin for begin, end in silences(decoded, 22050) if end - begin > 0.2]
    assert rests == pytest.approx([0.9], abs=0.03)


def test_fades_may_meet(tmp_path: Path) -> None:
    file = record(tmp_path / "a.wav", music(22050, 1, 1.0), 22050)
    decoded = alone(
        element_clip(file, SHOWS["mono 22050"], 5, 5), SHOWS["mono 22050"], tmp_path / "o"
    )
    assert np.abs(decoded).max() <= 1


def test_an_episode_with_an_element_is_one_whole_file(tmp_path: Path) -> None:
    form = SoundFormat()
    file = record(tmp_path / "a.mp3", music(44100, 2), 44100)
    intro = element_clip(file, form, 0, 1, pause_ms=500)
    speech = replace(make_clip([SpokenPart(tone(1.0)), PausePart(300)], form), marks=())
    passages = [Passage(id_, "paragraph", "en", ()) for id_ in ("intro", "p", "outro")]
    timeline = stitch(passages, [intro, speech, intro], form, tmp_path / "out.mp3")
    decoded = heard(tmp_path / "out.mp3", form)
    assert len(decoded) == round(timeline.duration_s * form.sample_rate_hz)
    said = mp3val(tmp_path / "out.mp3").replace("No supported tags in the file", "")
    assert "ERROR" not in said
    assert said.count("WARNING") <= 1, said
    begin = timeline.by_id["p"].begin_s
    assert begin == pytest.approx(0.05 + 6 + 0.45, abs=0.05)  # what MP3 adds to the music is in it
    end = round((begin + 0.049) * form.sample_rate_hz)
    assert np.abs(decoded[end - 8000 : end]).max() < 0.01


@pytest.mark.parametrize("gain_db", [-60, -20, 0])
def test_quiet_and_loud_files_are_alike(gain_db: float, tmp_path: Path) -> None:
    form = SoundFormat()
    samples = music(44100, 1) * np.float32(10 ** (gain_db / 20))
    file = record(tmp_path / "a.wav", samples, 44100, "-c:a", "pcm_f32le")
    clip = element_clip(file, form, 0, 0)
    at_most_30_db_more = -45 if gain_db == -60 else -17
    assert (integrated_lufs(clip.levels_lufs) or 0) > at_most_30_db_more


def test_silence_stays_silence(tmp_path: Path) -> None:
    file = record(tmp_path / "a.wav", np.zeros((22050, 1), np.float32), 22050)
    clip = element_clip(file, SoundFormat(), 0, 0)
    assert integrated_lufs(clip.levels_lufs) is None
    assert clip.duration_s > 1


def test_numbers_that_are_no_sound_do_no_harm(tmp_path: Path) -> None:
    samples = music(22050, 1, 2.0).copy()
    samples[1000:1010] = np.nan
    samples[2000:2010] = np.inf
    samples[3000:3010] = -1e30
    file = record(tmp_path / "a.wav", samples, 22050, "-c:a", "pcm_f32le")
    decoded = alone(element_clip(file, SoundFormat(), 0, 0), SoundFormat(), tmp_path / "o.mp3")
    assert np.abs(decoded).max() < 1


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "There is no sound a.mp3"),
        (b"", "could not be decoded"),
        (b"not a sound " * 500, "could not be decoded"),
        (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n" * 20, "could not be decoded"),
        (b"ffconcat version 1.0\nfile a.wav\n", "could not be decoded"),
    ],
)
def test_what_is_not_there_or_no_sound_is_an_error(
    content: bytes | None, what: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.mp3"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SoundError, match=what) as error:
        element_clip(file, SoundFormat(), 0, 0)
    assert error.value.advice


def test_a_file_without_sound_is_an_error(tmp_path: Path) -> None:
    empty = record(tmp_path / "a.wav", np.zeros((0, 1), np.float32), 22050)
    with pytest.raises(SoundError, match=r"no sound in a\.wav|a\.wav could not be decoded"):
        element_clip(empty, SoundFormat(), 0, 0)
    picture = tmp_path / "b.mp4"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:d=1", str(picture)]
    subprocess.run(command, check=True)
    with pytest.raises(SoundError, match=r"b\.mp4 could not be decoded"):
        element_clip(picture, SoundFormat(), 0, 0)


@pytest.mark.parametrize("name", CODECS)
def test_a_file_that_is_cut_off_is_what_there_is_of_it_or_an_error(
    name: str, tmp_path: Path
) -> None:
    file = record(tmp_path / name, music(44100, 2), 44100, *CODECS[name])
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    if name in ("a.m4a", "a.flac"):  # the one has its index at its end, the other ends in a frame
        with pytest.raises(SoundError, match=f"{name} could not be decoded"):
            element_clip(file, SoundFormat(), 0, 0)
        return
    assert element_clip(file, SoundFormat(), 0, 0).duration_s == pytest.approx(3, abs=0.25)


def test_five_minutes_are_the_most(tmp_path: Path) -> None:
    just, more = (np.zeros((8000 * seconds, 1), np.float32) for seconds in (300, 301))
    assert element_clip(record(tmp_path / "a.flac", just, 8000), SoundFormat(), 0, 0)
    with pytest.raises(SoundError, match="longer than 5 minutes"):
        element_clip(record(tmp_path / "b.flac", more, 8000), SoundFormat(), 0, 0)


def test_memory_does_not_grow_with_its_length(tmp_path: Path) -> None:
    form = SHOWS["stereo 44100"]
    samples = np.tile(music(44100, 2, 4.0) / 4, (20, 1))
    file = record(tmp_path / "a.wav", samples, 44100)
    tracemalloc.start()
    try:
        clip = element_clip(file, form, 0, 2)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert clip.duration_s > 80
    assert peak < 3 * len(clip.frames) + 10_000_000 < samples.nbytes / 2, peak


def test_its_key_is_of_all_that_is_heard(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("a.wav", "b.wav", "c.wav"))
    one.write_bytes(b"one")
    same.write_bytes(b"one")
    other.write_bytes(b"other")
    form = SoundFormat()
    keys = [
        element_key(one, form, 0, 0),
        element_key(other, form, 0, 0),
        element_key(one, form, 1, 0),
        element_key(one, form, 0, 1),
        element_key(one, form, 0, 0, 500),
        element_key(one, form, 0, 0, 0, 500),
        element_key(one, replace(form, channels=2), 0, 0),
        element_key(one, replace(form, loudness_lufs=-18), 0, 0),
    ]
    assert len(set(keys)) == len(keys)
    assert element_key(same, form, 0.0, 0) == keys[0]
    with pytest.raises(SoundError, match=r"no\.wav cannot be read"):
        element_key(tmp_path / "no.wav", form, 0, 0)


@pytest.mark.parametrize("rate", [22050, 44100])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_limiter_makes_the_same_of_pieces(rate: int, channels: int) -> None:
    loud = 3 * music(rate, channels, 4.2)
    loud = loud[:, 0] if channels == 1 else loud
    for size in (777, 44100, len(loud)):
        pieces = [loud[at : at + size] for at in range(0, len(loud), size)]
        limited = np.concatenate(list(limit_pieces(pieces, rate, -2.0)))
        assert np.allclose(limited, limit(loud, rate, -2.0), rtol=0, atol=1e-5)


def test_samples_are_regrouped_without_loss() -> None:
    samples = np.arange(1000, dtype=np.float32)
    for sizes, size in (([0, 1, 999], 7), ([500, 500], 250), ([1000], 1001), ([3] * 334, 10)):
        edges = np.minimum(np.cumsum([0, *sizes]), 1000)
        pieces = [samples[a:b] for a, b in pairwise(edges)]
        groups = list(regrouped(pieces, size))
        assert all(len(group) == size for group in groups[:-1])
        assert np.array_equal(np.concatenate(groups), samples)
    assert list(regrouped([], 5)) == []
    assert duration_s(b"", SoundFormat()) == 0
