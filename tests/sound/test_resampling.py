"""Voices of different sample rates in one episode: nothing moves, and nothing is out of tune."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audiostory.model import SoundFormat, Speech
from audiostory.sound.clip import PausePart, SpokenPart
from audiostory.sound.segments import resample

from .helpers import make

RATES = (8000, 16000, 22050, 24000, 44100, 48000)  # of voices
SHOWS = [SoundFormat(hz, kbps) for hz, kbps in ((22050, 64), (24000, 80), (44100, 96), (48000, 96))]


def wave(rate: int, seconds: float = 0.5, level: float = 0.3) -> NDArray[np.float32]:
    """A sound with no silence around it and nothing above 3 kHz, as it is at that rate."""
    at = np.arange(round(seconds * rate)) / rate
    swell = np.sin(np.pi * at / seconds) ** 0.5
    sines = sum(np.sin(2 * np.pi * hz * at + hz) for hz in (180, 431, 977, 2903))
    return (level / 4 * swell * sines).astype(np.float32)


@pytest.mark.parametrize("to_hz", RATES)
@pytest.mark.parametrize("from_hz", RATES)
def test_it_is_the_same_sound_in_the_same_place(from_hz: int, to_hz: int) -> None:
    resampled = resample(wave(from_hz), from_hz, to_hz)
    assert resampled.dtype == np.float32
    assert len(resampled) == len(wave(to_hz))
    inner = slice(to_hz // 50, -to_hz // 50)
    assert np.abs(resampled - wave(to_hz))[inner].max() < 1e-4


def test_what_the_new_rate_has_no_room_for_is_gone() -> None:
    hiss = np.sin(2 * np.pi * 15000 * np.arange(48000) / 48000).astype(np.float32)
    assert np.abs(resample(hiss, 48000, 22050)[1000:-1000]).max() < 1e-4


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.sampled_from(RATES), st.sampled_from(RATES))
def test_any_length_comes_out_as_long(count: int, from_hz: int, to_hz: int) -> None:
    samples = np.random.default_rng(count).uniform(-1, 1, count).astype(np.float32)
    once, again = (resample(samples, from_hz, to_hz) for _ in range(2))
    assert len(once) == round(count * to_hz / from_hz)
    assert once.tobytes() == again.tobytes()


@pytest.mark.parametrize("form", SHOWS, ids=str)
def test_voices_of_all_rates_speak_in_one_episode(form: SoundFormat, tmp_path: Path) -> None:
    rate = form.sample_rate_hz
    speeches = [Speech(wave(hz), hz) for hz in RATES]
    parts = [[SpokenPart(speech), PausePart(200)] for speech in speeches[:3]]
    parts.append([SpokenPart(speech) for speech in speeches[3:]])
    made = make(tmp_path / "a.mp3", parts, form)
    decoded, expected = made.decoded(), wave(rate)
    for span in made.timeline.utterances:
        assert span.end_s - span.begin_s == pytest.approx(0.5, abs=0.001)
        begin = round(span.begin_s * rate) - 50
        places = np.correlate(decoded[begin : begin + len(expected) + 100], expected, "valid")
        assert abs(int(places.argmax()) - 50) <= 1  # trimming is to the sample of the voice's rate
        heard = decoded[begin + 50 : begin + 50 + len(expected)]
        assert np.std(heard) == pytest.approx(np.std(expected), rel=0.03)
