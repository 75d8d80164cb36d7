from __future__ import annotations

import runpy
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostory.sound.loudness import true_peak_db

from .helpers import CUES

NAMES = ["quote-open", "quote-close", *(f"heading-{n}" for n in range(1, 7)), "figure"]


def read(name: str) -> tuple[NDArray[np.float32], int]:
    with wave.open(str(CUES / f"{name}.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return (data / np.float32(32768)).astype(np.float32), file.getframerate()


def pitches(samples: NDArray[np.float32], rate: int) -> tuple[int, int]:
    """The strongest frequencies of the first 100 ms and of the last sounding 100 ms."""
    part = round(0.1 * rate)
    last = samples[round(0.12 * rate) :][:part]
    found = [np.abs(np.fft.rfft(p * np.hanning(len(p)), rate)) for p in (samples[:part], last)]
    return int(found[0].argmax()), int(found[1].argmax())


@pytest.mark.parametrize("name", NAMES)
def test_a_cue_keeps_to_the_figures(name: str) -> None:
    samples, rate = read(name)
    assert 0.08 <= len(samples) / rate <= 0.5
    assert -6 <= true_peak_db(samples, rate) <= -3
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / rate)
    assert power[(hz >= 125) & (hz <= 5000)].sum() > 0.95 * power.sum()
    assert power[hz > 8000].sum() < 1e-4 * power.sum()


@pytest.mark.parametrize("name", NAMES)
def test_a_cue_does_not_click(name: str) -> None:
    samples, rate = read(name)
    assert np.abs(samples[[0, 1, -2, -1]]).max() < 0.005
    edge = round(0.002 * rate)
    assert np.abs(samples[-edge:]).max() < 0.05


def test_quotes_open_upwards_and_close_downwards() -> None:
    opening, closing = pitches(*read("quote-open")), pitches(*read("quote-close"))
    assert opening[1] > 1.3 * opening[0]
    assert closing[1] < 0.8 * closing[0]


def test_no_two_cues_are_alike() -> None:
    assert len({read(name)[0].tobytes() for name in NAMES}) == len(NAMES)


def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    runpy.run_path(str(CUES / "make_cues.py"))["main"](tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in CUES.glob("*.wav")}
    assert made == kept
