"""pydub's AudioSegments: where audio is held while it is edited.

Samples are held as 32-bit integers with 30 dB above full scale to spare, so that gains cannot clip
before the limiter has seen the whole clip.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import soxr

from audiostory.errors import SoundError

if TYPE_CHECKING:
    from audiostory.model import Samples

    AudioSegment = Any

_HEADROOM = 32  # 30 dB
_FULL_SCALE = 2**31 // _HEADROOM
_WIDTH_BYTES = 4
_FURTHEST = 100.0  # left or right
LONGEST_CUE_S = 60
_CUE_RATES_HZ = (4000, 384_000)


@cache
def segment_type() -> AudioSegment:
    """pydub.AudioSegment, imported when first needed.

    Importing pydub warns that ffmpeg is missing, which audiostory does not use, and on some
    Pythons about pydub's own source: none of it is for the listener.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment


def to_segment(samples: Samples, sample_rate_hz: int) -> AudioSegment:
    """A segment of samples, which may go beyond full scale by the headroom.

    samples: of shape (n,) for mono, else (n, channels).
    """
    limit = _HEADROOM * (1 - 2**-24)
    data = (np.clip(samples, -limit, limit) * _FULL_SCALE).astype("<i4").tobytes()
    return segment_type()(
        data=data, sample_width=_WIDTH_BYTES, frame_rate=sample_rate_hz, channels=_channels(samples)
    )


def to_samples(segment: AudioSegment) -> Samples:
    """The samples of a segment that to_segment made, whatever was done to it since."""
    samples: Samples = np.frombuffer(segment.raw_data, "<i4").astype(np.float32)
    samples *= np.float32(1 / _FULL_SCALE)
    return samples if segment.channels == 1 else samples.reshape(-1, segment.channels)


def silence(count: int, sample_rate_hz: int, channels: int) -> AudioSegment:
    """So many samples of silence."""
    shape = count if channels == 1 else (count, channels)
    return to_segment(np.zeros(shape, np.float32), sample_rate_hz)


def placed(samples: Samples, balance: float, channels: int) -> Samples:
    """Mono samples between left (-100) and right (100), where there are two channels.

    The power of both together is that of the mono sound, wherever it is: so it is as loud.
    """
    if channels == 1:
        return samples
    angle = (balance + _FURTHEST) / (2 * _FURTHEST) * np.pi / 2
    return np.outer(samples, np.array([np.cos(angle), np.sin(angle)], np.float32))


def _channels(samples: Samples) -> int:
    return 1 if samples.ndim == 1 else int(samples.shape[1])


def read_wav(path: Path) -> tuple[Samples, int]:
    """Samples of a short WAV file, made mono, and their rate. Raises SoundError."""
    if not path.is_file():
        raise SoundError(f"There is no cue {path.name}.", f"Looked for {path}.")
    try:
        with path.open("rb") as file, av.open(file, "r", "wav") as container:
            stream = container.streams.audio[0]
            _check_cue(path, stream.rate, stream.channels)
            rate, most = stream.rate, LONGEST_CUE_S * stream.rate
            parts = list(_mono_parts(container.decode(stream), most))
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise SoundError(
            f"The cue {path.name} could not be read.", "Save it as a WAV file of 16 bits."
        ) from error
    samples = np.concatenate([np.zeros(0, np.float32), *parts])
    if len(samples) > most:
        raise SoundError(
            f"The cue {path.name} is longer than {LONGEST_CUE_S} seconds.",
            "A cue is a short sound: cut it.",
        )
    return samples, rate


def _check_cue(path: Path, rate: int, channels: int) -> None:
    least, most = _CUE_RATES_HZ
    if not least <= rate <= most or channels < 1:
        raise SoundError(
            f"The cue {path.name} has {channels} channels of {rate} Hz.",
            f"Save it as a WAV file of {least // 1000} to {most // 1000} kHz.",
        )


def _mono_parts(frames: Iterable[av.AudioFrame], most: int) -> Iterator[Samples]:
    """The samples of frames, within -1…1, until there are more than so many."""
    resampler = av.AudioResampler(format="fltp")
    count = 0
    for frame in chain(frames, (None,)):
        for part in resampler.resample(frame):
            samples: Samples = np.nan_to_num(part.to_ndarray(), nan=0, posinf=1, neginf=-1)
            count += part.samples
            yield np.clip(samples, -1, 1).mean(axis=0, dtype=np.float32)
        if count > most:
            return


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """Mono samples at another rate: the same sound to the sample, by soxr (linear in phase)."""
    if from_hz == to_hz or not len(samples):
        return samples
    count = round(len(samples) * to_hz / from_hz)
    resampled = soxr.resample(np.ascontiguousarray(samples, np.float32), from_hz, to_hz)
    padded: Samples = np.pad(resampled, (0, max(0, count - len(resampled))))[:count]
    return padded
