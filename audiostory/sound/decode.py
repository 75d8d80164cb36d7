"""A producer's recordings, in any format that PyAV decodes, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import soxr

from audiostory.errors import SoundError

if TYPE_CHECKING:
    from audiostory.model import Samples

# Containers of sound, by FFmpeg's names: none that names other files or addresses to read, as a
# playlist does.
_CONTAINERS = (
    *("aac", "aiff", "amr", "ape", "asf", "au", "caf", "flac", "matroska,webm"),
    *("mov,mp4,m4a,3gp,3g2,mj2", "mp3", "ogg", "w64", "wav", "wv"),
)
_RATES_HZ = (4000, 384_000)
_LOUDEST = 8.0  # What lossy formats give may go beyond full scale; what is far beyond is no sound.


def decoded(path: Path, sample_rate_hz: int, channels: int, longest_s: float) -> Iterator[Samples]:
    """The sound of a file at that rate: pieces of shape (n,) for one channel, else (n, 2).

    Channels that are too many are mixed, a single one is heard on both sides. Raises SoundError
    when there is no such file, when it cannot be decoded, or when it is too long.
    """
    if not path.is_file():
        raise SoundError(f"There is no sound {path.name}.", f"Looked for {path}.")
    try:
        yield from _resampled(path, sample_rate_hz, channels, longest_s)
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SoundError(
            f"The sound {path.name} could not be decoded: {reason}.",
            "Save it as MP3, M4A, FLAC, Ogg or WAV.",
        ) from error


def _resampled(path: Path, to_hz: int, channels: int, longest_s: float) -> Iterator[Samples]:
    options = {"format_whitelist": ",".join(_CONTAINERS)}
    if not path.stat().st_size:  # of which PyAV complains on the terminal
        raise ValueError("it is empty")
    with path.open("rb") as file, av.open(file, "r", options=options) as container:
        stream = container.streams.audio[0]
        rate = stream.rate
        _check(path, rate, stream.channels)
        resampler = soxr.ResampleStream(rate, to_hz, channels, dtype="float32")
        count = 0
        for samples in _pieces(container.decode(stream), channels):
            count += len(samples)
            if count > longest_s * rate:
                raise SoundError(
                    f"The sound {path.name} is longer than {longest_s / 60:g} minutes.", "Cut it."
                )
            yield resampler.resample_chunk(samples)
        shape = 0 if channels == 1 else (0, channels)
        yield resampler.resample_chunk(np.zeros(shape, np.float32), last=True)


def _check(path: Path, rate: int, channels: int) -> None:
    least, most = _RATES_HZ
    if not least <= rate <= most or channels < 1:
        raise SoundError(
            f"The sound {path.name} has {channels} channels of {rate} Hz.",
            f"Save it with {least // 1000} to {most // 1000} kHz.",
        )


def _pieces(frames: Iterable[av.AudioFrame], channels: int) -> Iterator[Samples]:
    """Samples of frames at their own rate."""
    resampler = av.AudioResampler(format="fltp", layout="mono" if channels == 1 else "stereo")
    for frame in chain(frames, (None,)):
        for part in resampler.resample(frame):
            samples = np.nan_to_num(part.to_ndarray(), nan=0, posinf=0, neginf=0)
            samples = np.clip(samples, -_LOUDEST, _LOUDEST)
            yield samples[0] if channels == 1 else np.ascontiguousarray(samples.T)
