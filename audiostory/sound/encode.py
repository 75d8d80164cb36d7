"""Samples to MP3 frames: constant bit rate, mono or stereo, each run decodable on its own.

A fresh LAME encoder never refers back into an earlier bit reservoir, so runs can be laid end to
end. Sound sits DELAY_SAMPLES later in the decoded frames than in the samples encoded; the Info
header that stitch.py writes has decoders trim as much from the file's start, so that a sample's
place in its run is its place in what is heard.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

import lameenc
import numpy as np

from audiostory.errors import SoundError

if TYPE_CHECKING:
    from audiostory.model import Samples, SoundFormat

ENCODER_DELAY_SAMPLES = 576
DELAY_SAMPLES = ENCODER_DELAY_SAMPLES + 529  # The second is every decoder's own.

MAX_FRAME_BYTES = 1441  # 320 kbit/s at 32 kHz, padded

_MPEG1_FROM_HZ = 32000
_BITS_PER_BYTE = 8
_FULL_SCALE = 32767
# LAME makes what it encodes quieter, the more so the lower the bit rate (measured on sines at
# 16-48 kHz, qualities 2-7): the factor from a bit rate on, in kbit/s.
_LAME_SCALES = ((256, 1.0), (224, 0.98), (192, 0.97), (0, 0.95))


def samples_per_frame(sample_rate_hz: int) -> int:
    """1152 in MPEG-1 layer III, 576 in MPEG-2 (ISO 11172-3, 13818-3)."""
    return 1152 if sample_rate_hz >= _MPEG1_FROM_HZ else 576


def frames_added(sample_rate_hz: int) -> int:
    """How many frames a run has beyond the whole frames of samples it was made from."""
    return 1 if sample_rate_hz >= _MPEG1_FROM_HZ else 2


def encode(samples: Samples, form: SoundFormat) -> bytes:
    """MP3 frames of samples within -1...1, without any header frame.

    samples: of shape (n,) for one channel, (n, 2) for two, as the format says.

    Decoded, they are as loud as the samples. The samples are padded to whole frames; the run has
    frames_added() frames more than those.
    """
    return encode_pieces([samples], form)


def encode_pieces(pieces: Iterable[Samples], form: SoundFormat) -> bytes:
    """The same of samples that come piece by piece."""
    encoder = _encoder(form)
    scale = next(scale for kbps, scale in _LAME_SCALES if form.bit_rate_kbps >= kbps)
    run = bytearray()
    count = 0
    for samples in pieces:
        louder = samples / scale
        np.clip(louder, -1, 1, out=louder)
        louder *= _FULL_SCALE
        run += encoder.encode(np.rint(louder, out=louder).astype("<i2").tobytes())
        count += len(samples)
    padding = -count % samples_per_frame(form.sample_rate_hz)
    run += encoder.encode(bytes(2 * form.channels * padding))
    run += encoder.flush()
    return bytes(run)


def _encoder(form: SoundFormat) -> lameenc.Encoder:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(form.channels)
    encoder.set_in_sample_rate(form.sample_rate_hz)
    encoder.set_out_sample_rate(form.sample_rate_hz)
    encoder.set_bit_rate(form.bit_rate_kbps)
    encoder.set_quality(form.lame_quality)
    return encoder


def count_frames(run: bytes, form: SoundFormat) -> int:
    """How many frames a run has.

    Raises SoundError when the run is not whole frames of this format's bit rate.
    """
    bits = samples_per_frame(form.sample_rate_hz) * form.bit_rate_kbps * 1000
    exact = Fraction(bits, _BITS_PER_BYTE * form.sample_rate_hz)
    count = round(len(run) / exact)
    # From the second frame on LAME adds a byte to one as soon as those before lack part of one.
    size = count * floor(exact) + ceil((count - 1) * (exact % 1)) if count else 0
    if len(run) != size or (run and (run[0] != 0xFF or run[1] & 0xE0 != 0xE0)):
        raise SoundError("A clip is not a run of whole MP3 frames.", "Empty the cache, try again.")
    return count


def duration_s(run: bytes, form: SoundFormat) -> float:
    """Exact length of a run in seconds: its frames by their samples."""
    return count_frames(run, form) * samples_per_frame(form.sample_rate_hz) / form.sample_rate_hz
