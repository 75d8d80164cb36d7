"""Loudness, by EBU R 128 (ITU-R BS.1770): of samples, of a voice, of a finished file."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pyebur128

from audiostory.errors import SoundError
from audiostory.sound.limiter import limit

if TYPE_CHECKING:
    from audiostory.model import Samples, SoundFormat, Speech

# What the true peak of decoded MP3 may rise above that of the samples encoded (measured: at most
# 0.9 dB, over forty voices at 22,050, 24,000 and 44,100 Hz).
OVERSHOOT_DB = 1.2

# Integrated loudness is measured in blocks of 400 ms; what is shorter is repeated to a second.
_SHORTEST_S = 1.0
# Below this a sound counts as silence (the absolute gate of BS.1770-4).
_SILENCE_LUFS = -70.0
_MOST_GAIN_DB = 30.0
_ROUNDS = 8


def measure_lufs(samples: Samples, sample_rate_hz: int) -> float:
    """Integrated loudness of mono samples in LUFS; -inf for silence."""
    if not len(samples):
        return -math.inf
    times = math.ceil(_SHORTEST_S * sample_rate_hz / len(samples))
    state = pyebur128.R128State(1, sample_rate_hz, pyebur128.MeasurementMode.MODE_I)
    _add(state, np.tile(samples, times))
    return float(pyebur128.get_loudness_global(state))


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

    speech: the voice saying calibration_text(). Silence asks for no gain: 0.
    """
    rate = speech.sample_rate_hz
    measured = measure_lufs(speech.samples, rate)
    if measured < _SILENCE_LUFS:
        return 0.0
    gain_db = 0.0
    for _ in range(_ROUNDS):  # Each round makes up for what the limiter took in the last.
        gain_db = min(gain_db + form.loudness_lufs - measured, _MOST_GAIN_DB)
        amplified = speech.samples * np.float32(10 ** (gain_db / 20))
        measured = measure_lufs(limit(amplified, rate, peak_ceiling_db(form)), rate)
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
    """Integrated loudness in LUFS and true peak in dBTP of an audio file's first channel.

    The file is decoded piece by piece. Raises SoundError when it cannot be.
    """
    try:
        with av.open(str(path)) as container:
            stream = container.streams.audio[0]
            mode = pyebur128.MeasurementMode
            state = pyebur128.R128State(1, stream.rate, mode.MODE_I | mode.MODE_TRUE_PEAK)
            resampler = av.AudioResampler(format="flt", layout="mono", rate=stream.rate)
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    _add(state, part.to_ndarray()[0])
    except (av.FFmpegError, IndexError) as error:
        raise SoundError(f"{path.name} could not be decoded: {error}.") from error
    peak = _decibels(float(pyebur128.get_true_peak(state, 0)))
    return float(pyebur128.get_loudness_global(state)), peak


def _add(state: pyebur128.R128State, samples: Samples) -> None:
    state.add_frames(np.ascontiguousarray(samples, dtype=np.float32), len(samples))


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf
