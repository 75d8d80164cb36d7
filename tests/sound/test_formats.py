"""Every format that a show may have: decoded by ffmpeg, sound is where and as loud as it was."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostory.model import Clip, Passage, SoundFormat
from audiostory.show_sound import formats
from audiostory.sound.encode import duration_s, encode
from audiostory.sound.stitch import stitch

from .helpers import mp3val

FORMATS = [
    pytest.param(form, id=f"{form.sample_rate_hz}-{form.channels}-{form.bit_rate_kbps}")
    for form in formats()
]
PASSAGES = [Passage(id_, "paragraph", "en", ()) for id_ in ("a", "b")]


def heard(path: Path, form: SoundFormat) -> NDArray[np.float32]:
    """Samples of shape (n, channels), as the file has them: ffmpeg has nothing to say or to do."""
    command = ["ffmpeg", "-v", "warning", "-i", str(path), "-f", "f32le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, np.float32).reshape(-1, form.channels)


def sound(form: SoundFormat) -> NDArray[np.float32]:
    """A second of noise that is deep enough for any bit rate, with silence around it."""
    rate = form.sample_rate_hz
    noise = np.random.default_rng(rate).normal(0, 1, rate)
    deep = np.convolve(noise, np.hanning(rate // 1000), "same")
    mono = np.pad(0.3 * deep / np.abs(deep).max(), rate // 10).astype(np.float32)
    return mono if form.channels == 1 else np.stack([mono, mono / 2], axis=1)


def shift(before: NDArray[np.float32], after: NDArray[np.float32]) -> int:
    """By how many samples after is later than before."""
    size = 2 * len(before)
    product = np.fft.rfft(after, size) * np.conj(np.fft.rfft(before, size))
    at = int(np.fft.irfft(product).argmax())
    return at if at < len(before) else at - size


def level_db(samples: NDArray[np.float32]) -> float:
    return float(20 * np.log10(np.std(samples)))


@pytest.mark.parametrize("form", FORMATS)
def test_sound_is_to_the_sample_where_it_was_and_as_loud(form: SoundFormat, tmp_path: Path) -> None:
    samples, path = sound(form), tmp_path / "a.mp3"
    run = encode(samples, form)
    clip = Clip(run, duration_s(run, form), ())
    timeline = stitch(PASSAGES, [clip, clip], form, path)
    decoded = heard(path, form)
    rate = form.sample_rate_hz
    assert len(decoded) == round(timeline.duration_s * rate)
    given = samples.reshape(len(samples), -1)
    for span in timeline.passages:
        begin = round(span.begin_s * rate)
        again = decoded[begin : begin + len(given)]
        for channel in range(form.channels):
            before, after = given[: len(again), channel], again[:, channel]
            assert shift(before, after) == 0
            assert level_db(after) == pytest.approx(level_db(before), abs=0.2)
    said = mp3val(path).replace("No supported tags in the file", "")
    assert "ERROR" not in said
    assert said.count("WARNING") <= 1, said  # That it has no tags yet.
