"""Loudness, by EBU R 128 (ITU-R BS.1770): of samples, of a voice, of a finished file."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pyebur128

from audiostory.errors import SoundError
from audiostory.sound.limiter import limit, regrouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from audiostory.model import Samples, SoundFormat, Speech

# What the true peak of decoded MP3 may rise above that of the samples encoded (measured: at most
# 0.9 dB, over forty voices at 22,050, 24,000 and 44,100 Hz).
OVERSHOOT_DB = 1.2

# Integrated loudness is measured in blocks of 400 ms; what is shorter is repeated to a second.
_SHORTEST_S = 1.0
# Below this a sound counts as silence (the absolute gate of BS.1770-4).
SILENCE_LUFS = -70.0
_RELATIVE_GATE_LU = 10.0
_BLOCKS_PER_S, _BLOCK_MS = 10, 100
_BLOCKS_PER_WINDOW = 4
MOST_GAIN_DB = 30.0
# By how much a sound in the middle is lower in each of two channels than in one.
_MIDDLE_DB = 10 * math.log10(2)
_ROUNDS = 8
_NEAR_LU = 0.02


def measure_lufs(samples: Samples, sample_rate_hz: int) -> float:
    """Integrated loudness of mono samples in LUFS; -inf for silence."""
    if not len(samples):
        return -math.inf
    times = math.ceil(_SHORTEST_S * sample_rate_hz / len(samples))
    state = pyebur128.R128State(1, sample_rate_hz, pyebur128.MeasurementMode.MODE_I)
    _add(state, np.tile(samples, times))
    return float(pyebur128.get_loudness_global(state))


def momentary_lufs(samples: Samples, sample_rate_hz: int) -> tuple[float, ...]:
    """Loudness of the last 400 ms, every 100 ms, as if silence had been before.

    samples: of shape (n,) or (n, channels). In hundredths of LU, which is all that is kept.
    """
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    state = pyebur128.R128State(channels, sample_rate_hz, pyebur128.MeasurementMode.MODE_M)
    return _momentary(_levels(state, [samples], sample_rate_hz, channels))


def _levels(
    state: pyebur128.R128State, pieces: Iterable[Samples], sample_rate_hz: int, channels: int
) -> Iterator[float]:
    """Measure pieces, and give the loudness of every 100 ms."""
    step = sample_rate_hz // _BLOCKS_PER_S
    for piece in regrouped(pieces, step):
        _add(state, piece.reshape(-1), channels)
        if len(piece) == step:
            yield pyebur128.get_loudness_window(state, _BLOCK_MS)


def _momentary(levels_lufs: Iterable[float]) -> tuple[float, ...]:
    """Loudness of the last 400 ms of that of each 100 ms: each is measured once, not four times."""
    powers = 10 ** (np.fromiter(levels_lufs, np.float64) / 10)
    before = np.pad(powers, (_BLOCKS_PER_WINDOW - 1, 0))
    window = sum(before[at : at + len(powers)] for at in range(_BLOCKS_PER_WINDOW))
    with np.errstate(divide="ignore"):  # silence is -inf
        momentary = 10 * np.log10(window / np.float64(_BLOCKS_PER_WINDOW))
    return tuple(momentary.round(2).tolist())


def integrated_lufs(levels_lufs: Iterable[float]) -> float | None:
    """Integrated loudness of momentary ones, gated twice (BS.1770-4, 5.1); None of silence."""
    levels = np.fromiter(levels_lufs, np.float64)
    heard = levels[levels > SILENCE_LUFS]
    if not len(heard):
        return None
    gate = _mean_lufs(heard) - _RELATIVE_GATE_LU
    return _mean_lufs(heard[heard > gate])


def _mean_lufs(levels: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))


def true_peak_db(samples: Samples, sample_rate_hz: int) -> float:
    """Highest true peak (BS.1770, oversampled four times) in dBTP; -inf for silence."""
    state = pyebur128.R128State(1, sample_rate_hz, pyebur128.MeasurementMode.MODE_TRUE_PEAK)
    _add(state, samples)
    return _decibels(float(pyebur128.get_true_peak(state, 0)))


def peak_ceiling_db(form: SoundFormat) -> float:
    """Highest sample, in decibels of full scale, that keeps the format's true peak decoded."""
    return form.true_peak_db - OVERSHOOT_DB


def voice_gain_db(speech: Speech, form: SoundFormat) -> float:
    """Gain at which a voice, limited as in a clip, has the format's loudness.

    In stereo it is limited as in the middle: there its peaks are lower by 3 dB in each channel.

    speech: the voice saying calibration_text(). Silence asks for no gain: 0.
    """
    rate = speech.sample_rate_hz
    measured = measure_lufs(speech.samples, rate)
    if measured < SILENCE_LUFS:
        return 0.0
    ceiling_db = peak_ceiling_db(form) + (_MIDDLE_DB if form.channels == 2 else 0)
    gain_db = 0.0
    for _ in range(_ROUNDS):  # Each round makes up for what the limiter took in the last.
        gain_db = min(gain_db + form.loudness_lufs - measured, MOST_GAIN_DB)
        amplified = speech.samples * np.float32(10 ** (gain_db / 20))
        measured = measure_lufs(limit(amplified, rate, ceiling_db), rate)
        if abs(form.loudness_lufs - measured) < _NEAR_LU:
            break
    return round(gain_db, 2)


@cache
def _passages() -> dict[str, str]:
    text = resources.files(__package__).joinpath("calibration.toml").read_text("utf-8")
    return tomllib.loads(text)


def calibration_text(language: str) -> str:
    """What a voice says to be calibrated: a passage in its language, or figures. BCP 47."""
    passages = _passages()
    return passages.get(language.lower().split("-")[0], passages["any"])


def measure_file(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of an audio file, mono or stereo.

    The file is decoded piece by piece. Raises SoundError when it cannot be.
    """
    try:
        measured = _measure(str(path), None)
    except (av.FFmpegError, IndexError) as error:
        raise SoundError(f"{path.name} could not be decoded: {error}.") from error
    return measured.loudness_lufs, measured.true_peak_dbtp


@dataclass(frozen=True, slots=True)
class Measured:
    """How what was decoded sounds: integrated and momentary loudness, and true peak."""

    loudness_lufs: float
    true_peak_dbtp: float
    levels_lufs: tuple[float, ...]


def measure_run(run: bytes) -> Measured:
    """How a run of frames sounds, decoded. Raises SoundError when it cannot be."""
    try:
        return _measure(BytesIO(run), "mp3")
    except (av.FFmpegError, IndexError) as error:
        raise SoundError(f"What was encoded could not be decoded: {error}.") from error


def _measure(source: str | BytesIO, container_format: str | None) -> Measured:
    with av.open(source, "r", container_format) as container:
        stream = container.streams.audio[0]
        mode = pyebur128.MeasurementMode
        channels = min(2, stream.channels)
        state = pyebur128.R128State(channels, stream.rate, mode.MODE_I | mode.MODE_TRUE_PEAK)
        layout = "mono" if channels == 1 else "stereo"
        resampler = av.AudioResampler(format="flt", layout=layout, rate=stream.rate)
        pieces = (
            part.to_ndarray()[0].reshape(-1, channels)
            for frame in container.decode(stream)
            for part in resampler.resample(frame)
        )
        levels = _momentary(_levels(state, pieces, stream.rate, channels))
    peaks = (float(pyebur128.get_true_peak(state, channel)) for channel in range(channels))
    loudness_lufs = float(pyebur128.get_loudness_global(state))
    return Measured(loudness_lufs, _decibels(max(peaks)), levels)


def _add(state: pyebur128.R128State, samples: Samples, channels: int = 1) -> None:
    """Measure on. samples: one channel's, or those of several by turns."""
    samples = np.ascontiguousarray(samples, dtype=np.float32)
    state.add_frames(samples, len(samples) // channels)


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf
