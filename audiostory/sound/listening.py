"""What an MP3 sounds like, stretch by stretch: a day of it takes no more memory than a minute.

And how long it, or another form of it, truly lasts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from audiostory.errors import SoundError

if TYPE_CHECKING:
    from audiostory.model import Samples


_EDITIONS = "mov,mp4,m4a,3gp,3g2,mj2,ogg"  # containers, by FFmpeg's names


def stretches(path: Path, spans: Iterable[tuple[float, float]]) -> Iterator[tuple[Samples, int]]:
    """Samples of an audio file from second to second, float32 and mono, and their rate in Hz.

    spans: begins and ends, in order of the begins. Where the file ends before a span does, its
    samples are fewer. Raises SoundError where the file cannot be decoded.
    """
    pieces = _decoded(path)
    kept: deque[Samples] = deque()
    first = end = 0  # of the samples that are kept
    rate = 1
    for begin_s, end_s in spans:
        piece: tuple[Samples, int] | None = (np.zeros(0, np.float32), rate)
        while piece is not None:
            samples, rate = piece
            kept.append(samples)
            end += len(samples)
            while kept and first + len(kept[0]) <= begin_s * rate:
                first += len(kept.popleft())
            piece = next(pieces, None) if end < end_s * rate else None
        joined = np.concatenate([np.zeros(0, np.float32), *kept])
        yield joined[_place(begin_s, rate, first) : _place(end_s, rate, first)], rate


def duration_s(path: Path) -> float:
    """When the last of the sound in a file ends, in seconds, whatever its header says.

    path: an M4B or an Opus file. Raises SoundError where it cannot be read.
    """
    options = {"format_whitelist": _EDITIONS}
    try:
        _check_size(path)
        with path.open("rb") as file, av.open(file, "r", options=options) as container:
            stream = container.streams.audio[0]
            end = 0
            for packet in container.demux(stream):
                end = max(end, (packet.pts or 0) + (packet.duration or 0))
            return float(end * (stream.time_base or 0))
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise _unreadable(path, error) from error


def _place(time_s: float, rate: int, first: int) -> int:
    return max(0, round(time_s * rate) - first)


def _decoded(path: Path) -> Iterator[tuple[Samples, int]]:
    """The samples in pieces.

    The encoder's delay is trimmed as the file's Info header says, so that times are those of the
    timeline. Of two channels the louder one counts at each moment.
    """
    try:
        _check_size(path)
        with path.open("rb") as file, av.open(file, "r", "mp3") as container:
            stream = container.streams.audio[0]
            for frame in container.decode(stream):
                yield _mono(frame.to_ndarray().astype(np.float32)), frame.sample_rate
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise _unreadable(path, error) from error


def _check_size(path: Path) -> None:
    if not path.stat().st_size:  # of which PyAV complains on the terminal
        raise ValueError("it is empty")


def _unreadable(path: Path, error: Exception) -> SoundError:
    return SoundError(
        f"{path.name} cannot be decoded: {getattr(error, 'strerror', None) or error}.",
        "Make the article again.",
    )


def _mono(channels: Samples) -> Samples:
    """One channel of samples of shape (channels, n)."""
    if len(channels) == 1:
        first: Samples = channels[0]
        return first
    louder = np.abs(channels).argmax(axis=0)
    found: Samples = channels[louder, np.arange(channels.shape[1])]
    return found
