"""Speech as programs and servers give it, and as it is kept: WAV, MP3, FLAC, Ogg Opus."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from audiostory.errors import EngineError

if TYPE_CHECKING:
    from audiostory.model import Samples

_FLAC_LIMIT = 1 - 2**-23  # FLAC holds 24 bits


def decode(data: bytes) -> tuple[Samples, int]:
    """Samples (float32, mono, within -1…1) and their rate in Hz of a whole audio file.

    Several channels become their mean. Raises EngineError when it is none that can be read.
    """
    import soundfile  # Slow to import, and only some engines need it.

    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, ValueError, TypeError) as error:
        why = getattr(error, "error_string", str(error)).rstrip(".")  # without our buffer's name
        raise EngineError(f"What came back is no sound that can be read: {why}.") from error
    mono: Samples = np.clip(np.nan_to_num(samples.mean(axis=1, dtype=np.float32)), -1, 1)
    return mono, int(rate)


def encode_flac(samples: Samples, sample_rate_hz: int) -> bytes:
    """A FLAC file of 24 bits. samples: mono, of shape (n,), within -1…1."""
    import soundfile

    file = io.BytesIO()
    limited = np.clip(samples, -1, _FLAC_LIMIT)
    soundfile.write(file, limited, sample_rate_hz, format="FLAC", subtype="PCM_24")
    return file.getvalue()


def decode_pcm(data: bytes, rate_hz: int) -> tuple[Samples, int]:
    """Samples of raw 16-bit little-endian mono. Raises EngineError when there is half a one."""
    if len(data) % 2:
        raise EngineError("What came back is no 16-bit sound: it has half a sample.")
    samples: Samples = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
    return samples, rate_hz
