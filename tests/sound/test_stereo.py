"""Stereo: what is asked for from the left is heard from the left, and nothing is louder for it."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostory.model import SoundFormat
from audiostory.sound.clip import CuePart, PausePart, SpokenPart, make_clip
from audiostory.sound.limiter import limit
from audiostory.sound.loudness import measure_file

from .helpers import CUES, SENTENCES, Made, gain_db, make, mp3val, speak, tone

MONO = SoundFormat()
STEREO = SoundFormat(channels=2, bit_rate_kbps=96)


def channels(path: Path, rate: int) -> NDArray[np.float32]:
    """Left and right, decoded by ffmpeg, which must have nothing to say."""
    command = ["ffmpeg", "-v", "warning", "-i", str(path), "-ar", str(rate), "-f", "f32le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, np.float32).reshape(-1, 2).T


def levels_db(made: Made, at: int) -> tuple[float, float]:
    """How loud the at-th utterance is on the left and on the right."""
    span, rate = made.timeline.utterances[at], made.form.sample_rate_hz
    begin, end = round((span.begin_s + 0.05) * rate), round((span.end_s - 0.05) * rate)
    rms = np.sqrt((channels(made.path, rate)[:, begin:end].astype(float) ** 2).mean(axis=1))
    left, right = (20 * math.log10(max(1e-5, level)) for level in rms)
    return left, right


def sentence(at: int, balance: float, form: SoundFormat) -> SpokenPart:
    return SpokenPart(speak(SENTENCES["en"][at]), gain_db("en-us", form), balance)


@pytest.mark.parametrize("form", [STEREO, SoundFormat(44100, 128, 2)], ids=["22050 Hz", "44100 Hz"])
def test_a_voice_is_heard_where_its_balance_places_it(form: SoundFormat, tmp_path: Path) -> None:
    balances = (-100, -50, 0, 50, 100)
    made = make(tmp_path / "a.mp3", [[SpokenPart(tone(0.5), 0, b)] for b in balances], form)
    found = [levels_db(made, at) for at in range(len(balances))]
    for balance, (left, right) in zip(balances, found, strict=True):
        angle = (balance + 100) / 200 * math.pi / 2
        heard = 10 ** (left / 20), 10 ** (right / 20)
        full = 0.3 / math.sqrt(2)
        assert heard == pytest.approx((full * math.cos(angle), full * math.sin(angle)), abs=0.01)
        assert math.hypot(*heard) == pytest.approx(full, rel=0.02)


def test_clips_of_all_kinds_make_one_file(tmp_path: Path) -> None:
    parts = [
        [CuePart(CUES / "heading-1.wav"), PausePart(200), sentence(0, 0, STEREO)],
        [sentence(1, -60, STEREO), PausePart(150), sentence(2, 60, STEREO)],
        [PausePart(400), SpokenPart(tone(0.2), None, 30), sentence(3, 100, STEREO), PausePart(700)],
    ]
    made = make(tmp_path / "a.mp3", parts, STEREO)
    warnings = [line for line in mp3val(made.path).splitlines() if line.startswith("WARNING")]
    assert all("No supported tags" in warning for warning in warnings)  # it has none yet
    heard = channels(made.path, STEREO.sample_rate_hz)
    assert heard.shape[1] / STEREO.sample_rate_hz == pytest.approx(
        made.timeline.duration_s, abs=1e-3
    )
    first, second, third, _silent, last = (levels_db(made, at) for at in range(5))
    assert first[0] == pytest.approx(first[1], abs=0.1)
    assert second[0] > second[1] + 6
    assert third[1] > third[0] + 6
    assert last[1] > last[0] + 30


@pytest.mark.parametrize(("balance", "near_lu"), [(0, 0.3), (-20, 0.5), (100, 1.0)])
def test_stereo_is_as_loud_as_mono(balance: float, near_lu: float, tmp_path: Path) -> None:
    """A voice at one side has all its peaks in one channel: the limiter takes up to 1 LU of it."""
    for form, most in ((MONO, 0.3), (STEREO, near_lu)):
        parts = [[sentence(at, balance, form)] for at in range(5)]
        loudness, peak = measure_file(make(tmp_path / "a.mp3", parts, form).path)
        assert loudness == pytest.approx(form.loudness_lufs, abs=most)
        assert peak <= form.true_peak_db


def test_an_episode_of_voices_to_both_sides_is_as_loud_as_asked(tmp_path: Path) -> None:
    balances = (0, 0, -40, 0, 60)
    parts = [[sentence(at, balance, STEREO)] for at, balance in enumerate(balances)]
    loudness, _ = measure_file(make(tmp_path / "a.mp3", parts, STEREO).path)
    assert loudness == pytest.approx(STEREO.loudness_lufs, abs=0.5)


def test_a_mono_clip_is_the_same_wherever_its_voice_is_placed() -> None:
    left, right = (make_clip([SpokenPart(tone(0.3), 0, b)], MONO) for b in (-100, 100))
    assert left == right


def test_the_limiter_moves_nothing() -> None:
    loud = np.outer(4 * tone(0.5).samples, np.array([1, 0.5], np.float32))
    limited = limit(loud, 22050, -2.0)
    assert np.abs(limited).max() <= 10 ** (-2 / 20)
    assert limited[:, 1] == pytest.approx(limited[:, 0] / 2, abs=1e-6)
