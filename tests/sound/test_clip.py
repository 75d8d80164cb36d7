from __future__ import annotations

import struct
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.errors import SoundError
from audiostory.model import SoundFormat, Speech, WordMark
from audiostory.sound.clip import CuePart, Part, PausePart, SpokenPart, make_clip, version
from audiostory.sound.encode import samples_per_frame
from audiostory.sound.loudness import measure_lufs, true_peak_db
from audiostory.sound.segments import read_wav

from .helpers import CUES, FORMS, frames_of, make, silences, tone

FORM = SoundFormat()
RATE = FORM.sample_rate_hz


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_pauses_are_as_long_as_asked(form: SoundFormat, tmp_path: Path) -> None:
    rate = form.sample_rate_hz
    parts = [
        [SpokenPart(tone(0.3)), PausePart(200), SpokenPart(tone(0.3)), PausePart(150)],
        [SpokenPart(tone(0.4))],
        [SpokenPart(tone(0.3)), PausePart(0)],
        [PausePart(1200), SpokenPart(tone(0.3)), PausePart(300), PausePart(30)],
        [SpokenPart(tone(0.3)), PausePart(900)],
    ]
    made = make(tmp_path / "a.mp3", parts, form)
    heard = [end - begin for begin, end in silences(made.decoded(), rate)]
    least_s = 0.12  # At a seam where no pause is asked for: as little as frames allow.
    asked = [0.05, 0.2, 0.15, least_s, 1.2, 0.33]
    assert heard[: len(asked)] == pytest.approx(asked, abs=0.02)
    assert heard[-1] == pytest.approx(0.85, abs=0.07)  # And 50 ms in the next clip's lead.


def test_silence_around_what_an_engine_says_is_not_part_of_a_pause(tmp_path: Path) -> None:
    quiet = np.zeros(RATE, np.float32)
    sound = tone(0.5).samples
    speech = Speech(np.concatenate([quiet, sound, quiet]), RATE, (WordMark(1.0, 0, 3),))
    clip = make_clip([SpokenPart(speech), PausePart(100), SpokenPart(speech)], FORM)
    assert clip.duration_s < 1.5
    first, second = clip.marks
    margins_s = 0.02  # 10 ms after the one and before the other are of the speech and the pause
    assert second.begin_s - first.end_s == pytest.approx(0.1 - margins_s, abs=0.001)
    assert first.words[0].begin_s == pytest.approx(first.begin_s + 0.01, abs=0.001)


def test_a_silent_voice_takes_its_time(tmp_path: Path) -> None:
    parts: list[Part] = [SpokenPart(tone(0.5), None), SpokenPart(tone(0.2))]
    made = make(tmp_path / "a.mp3", [parts], FORM)
    begin, end = silences(made.decoded(), RATE)[0]
    assert (begin, end) == (0, pytest.approx(0.55, abs=0.02))


def test_an_engine_that_only_says_silence_keeps_its_length() -> None:
    clip = make_clip([SpokenPart(Speech(np.zeros(RATE, np.float32), RATE))], FORM)
    assert clip.marks[0].end_s - clip.marks[0].begin_s == pytest.approx(1, abs=0.001)


def test_an_empty_speech_has_a_mark() -> None:
    empty = Speech(np.zeros(0, np.float32), RATE)
    clip = make_clip([SpokenPart(empty), SpokenPart(tone(0.1))], FORM)
    assert clip.marks[0].begin_s == clip.marks[0].end_s == clip.marks[1].begin_s


def test_speech_of_another_sample_rate_keeps_its_pitch_and_length(tmp_path: Path) -> None:
    made = make(tmp_path / "a.mp3", [[SpokenPart(tone(1.0, rate=16000))]], FORM)
    decoded = made.decoded()
    assert made.timeline.utterances[0].end_s == pytest.approx(1.05, abs=0.005)
    middle = decoded[RATE // 4 : RATE * 3 // 4] * np.hanning(RATE * 3 // 4 - RATE // 4)
    assert np.abs(np.fft.rfft(middle, RATE)).argmax() == pytest.approx(440, abs=2)


def test_edges_do_not_click(tmp_path: Path) -> None:
    rate = RATE
    offset = Speech(np.full(rate, 0.5, np.float32), rate)
    decoded = make(tmp_path / "a.mp3", [[SpokenPart(offset), PausePart(200)]], FORM).decoded()
    assert np.abs(np.diff(decoded)).max() < 0.05


@pytest.mark.parametrize("name", ["heading-1", "quote-open", "figure"])
def test_a_cue_is_as_loud_as_speech(name: str, tmp_path: Path) -> None:
    for asked_db, tolerance in ((0.0, 2.0), (-6.0, 1.0), (-12.0, 1.0)):
        part = CuePart(CUES / f"{name}.wav", asked_db)
        decoded = make(tmp_path / "a.mp3", [[part, PausePart(500)]], FORM).decoded()
        cue = decoded[round(0.05 * RATE) :]
        cue = cue[: np.flatnonzero(np.abs(cue) > 1e-4)[-1]]
        loudness_lufs = measure_lufs(cue, RATE)
        assert loudness_lufs == pytest.approx(FORM.loudness_lufs + asked_db, abs=tolerance)
        assert true_peak_db(cue, RATE) <= -2.5


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"not a wave" * 100])
def test_a_cue_that_cannot_be_read_is_an_error(content: bytes | None, tmp_path: Path) -> None:
    cue = tmp_path / "ding.wav"
    if content is not None:
        cue.write_bytes(content)
    with pytest.raises(SoundError, match=r"ding\.wav"):
        make_clip([CuePart(cue)], FORM)


def wav(
    samples: bytes, *, form: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16
) -> bytes:
    """A WAV file; what its header says need not be so."""
    frame = channels * bits // 8
    head = struct.pack("<HHIIHH", form, channels, rate, rate * frame % 2**32, frame, bits)
    parts = b"fmt " + struct.pack("<I", len(head)) + head
    parts += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


SILENT_S = bytes(2 * 8000)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (wav(SILENT_S, channels=0), "0 channels"),
        (wav(SILENT_S, rate=0), "could not be read| 0 Hz"),
        (wav(SILENT_S, rate=1), "4 to 384 kHz"),
        (wav(SILENT_S, rate=2**31 - 1), "4 to 384 kHz"),
        (wav(SILENT_S * 61), "longer than 60 seconds"),
    ],
)
def test_a_cue_is_a_short_sound_of_a_usual_rate(content: bytes, complaint: str, tmp_path: Path):
    cue = tmp_path / "ding.wav"
    cue.write_bytes(content)
    with pytest.raises(SoundError, match=complaint) as error:
        make_clip([CuePart(cue)], FORM)
    assert error.value.advice


@pytest.mark.parametrize(
    "content",
    [
        wav(b""),
        wav(SILENT_S),
        wav(SILENT_S * 60),
        wav(struct.pack("<4f", np.nan, np.inf, -1e38, 0) * 4000, form=3, bits=32),
        wav(bytes(range(256)) * 30, bits=8),
        wav(bytes(range(256)) * 30, form=7, bits=8),
        wav(bytes(range(256)) * 30, bits=24),
        wav(bytes(range(256)) * 60, channels=6),
        wav(SILENT_S)[:-9000],
    ],
)
def test_cues_of_any_kind_of_wav_are_laid_in(content: bytes, tmp_path: Path):
    cue = tmp_path / "ding.wav"
    cue.write_bytes(content)
    samples, _rate = read_wav(cue)
    assert np.abs(samples).max(initial=0) <= 1
    made = make(tmp_path / "a.mp3", [[CuePart(cue), PausePart(500)]], FORM)
    assert np.abs(made.decoded()).max() < 1


def test_channels_are_mixed_alike(tmp_path: Path):
    cue = tmp_path / "ding.wav"
    cue.write_bytes(wav(struct.pack("<2h", 16384, 0) * 100, channels=2))
    samples, rate = read_wav(cue)
    assert (rate, len(samples)) == (8000, 100)
    assert np.allclose(samples, 0.25)


def test_a_cue_that_changed_is_read_anew(tmp_path: Path) -> None:
    cue = tmp_path / "cue.wav"
    cue.write_bytes((CUES / "quote-open.wav").read_bytes())
    before = make_clip([CuePart(cue)], FORM)
    cue.write_bytes((CUES / "quote-close.wav").read_bytes())
    assert make_clip([CuePart(cue)], FORM).frames != before.frames


PARTS = st.lists(
    st.one_of(
        st.builds(PausePart, st.integers(0, 800)),
        st.builds(SpokenPart, st.floats(0, 0.4).map(tone), st.sampled_from([None, -6.0, 20.0])),
        st.just(CuePart(CUES / "figure.wav")),
    ),
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(PARTS, st.sampled_from(list(FORMS.values())))
def test_any_clip_is_whole_frames_with_marks_in_order(parts: list[Part], form: SoundFormat) -> None:
    clip = make_clip(parts, form)
    frames = list(frames_of(clip.frames, form))
    size = samples_per_frame(form.sample_rate_hz)
    assert clip.duration_s == len(frames) * size / form.sample_rate_hz
    assert len(clip.marks) == sum(isinstance(part, SpokenPart) for part in parts)
    edges = [edge for mark in clip.marks for edge in (mark.begin_s, mark.end_s)]
    assert all(a <= b for a, b in pairwise([0.0399, *edges, clip.duration_s - 0.05]))


def test_pydub_is_imported_without_a_warning_where_there_is_no_ffmpeg() -> None:
    code = "from audiostory.sound.segments import segment_type; segment_type()"
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env={"PATH": ""}, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_version_names_the_encoder() -> None:
    assert "lameenc" in version()
