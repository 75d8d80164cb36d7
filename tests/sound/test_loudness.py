from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.errors import SoundError
from audiostory.model import SoundFormat, Speech
from audiostory.sound.limiter import limit
from audiostory.sound.loudness import (
    calibration_text,
    integrated_lufs,
    measure_file,
    measure_lufs,
    momentary_lufs,
    peak_ceiling_db,
    true_peak_db,
    voice_gain_db,
)

from .helpers import SENTENCES, speak, tone


def test_a_sine_measures_as_the_standard_says() -> None:
    # EBU Tech 3341: a 1 kHz sine of peak -23 dBFS in one channel measures -26 LUFS.
    samples = np.sin(2 * np.pi * 1000 * np.arange(48000 * 3) / 48000) * 10 ** (-23 / 20)
    assert measure_lufs(samples.astype(np.float32), 48000) == pytest.approx(-26, abs=0.1)


def test_a_short_sound_measures_as_a_long_one_does() -> None:
    long, short = tone(3.0), tone(0.1)
    assert measure_lufs(short.samples, 22050) == pytest.approx(
        measure_lufs(long.samples, 22050), abs=0.1
    )


def test_silence_has_no_loudness_and_asks_for_no_gain() -> None:
    silence = Speech(np.zeros(22050, np.float32), 22050)
    assert measure_lufs(silence.samples, 22050) == -math.inf
    assert measure_lufs(np.zeros(0, np.float32), 22050) == -math.inf
    assert voice_gain_db(silence, SoundFormat()) == 0.0


@pytest.mark.parametrize("language", ["en", "en-GB", "ru", "xx", "cmn"])
def test_there_is_a_calibration_text_for_every_language(language: str) -> None:
    assert len(calibration_text(language)) > 20


def test_calibration_makes_up_for_what_the_limiter_takes() -> None:
    form = SoundFormat()
    speech = speak(calibration_text("en"))
    amplified = speech.samples * np.float32(10 ** (voice_gain_db(speech, form) / 20))
    limited = limit(amplified, 22050, peak_ceiling_db(form))
    assert measure_lufs(limited, 22050) == pytest.approx(-16, abs=0.2)


def test_a_file_that_is_no_audio_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"not audio" * 1000)
    with pytest.raises(SoundError, match=r"a\.mp3 could not be decoded"):
        measure_file(path)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9000), st.floats(0.1, 30), st.integers(0, 2**32))
def test_no_sample_leaves_the_limiter_above_its_ceiling(
    count: int, amplitude: float, seed: int
) -> None:
    samples = np.random.default_rng(seed).normal(0, amplitude, count).astype(np.float32)
    limited = limit(samples, 22050, -2.0)
    assert limited.shape == samples.shape
    assert limited.dtype == np.float32
    assert np.abs(limited).max(initial=0) <= 10 ** (-2 / 20) + 1e-6


def test_the_limiter_keeps_the_shape_of_the_wave() -> None:
    loud = tone(1.0, amplitude=2.0).samples
    limited = limit(loud, 22050, -2.0)[2205:-2205]
    spectrum = np.abs(np.fft.rfft(limited * np.hanning(len(limited))))
    fundamental = int(spectrum.argmax())
    assert spectrum[fundamental * 3 // 2 :].max() < 0.001 * spectrum[fundamental]


def test_peaks_between_samples_are_limited_too() -> None:
    # A sine at a quarter of the rate, sampled 45 degrees off its crests: 3 dB hidden.
    hidden = (0.99 * np.sin(np.pi / 2 * np.arange(22050) + np.pi / 4)).astype(np.float32)
    assert true_peak_db(hidden, 22050) == pytest.approx(-0.1, abs=0.2)
    assert true_peak_db(limit(hidden, 22050, -2.0), 22050) <= -1.8


def test_what_is_below_the_ceiling_passes_as_it_is() -> None:
    samples = tone(0.2).samples
    assert limit(samples, 22050, -2.0) is samples


def test_momentary_levels_give_the_loudness_of_the_whole() -> None:
    loud, soft = speak(" ".join(SENTENCES["en"])).samples, speak(SENTENCES["en"][2]).samples / 8
    for samples in (loud, np.concatenate([loud, np.zeros(22050, np.float32), soft])):
        told = integrated_lufs(momentary_lufs(samples, 22050))
        assert told == pytest.approx(measure_lufs(samples, 22050), abs=0.1)


def test_silence_has_no_levels_that_count() -> None:
    assert integrated_lufs([]) is None
    assert integrated_lufs([-math.inf, -90.0]) is None
    assert integrated_lufs(momentary_lufs(np.zeros(22050, np.float32), 22050)) is None
