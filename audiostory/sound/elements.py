"""A show's elements, such as an intro: a recording becomes a clip at the show's format.

It is as loud as the show, like a cue, but may be long: so it is decoded, limited and encoded
piece by piece, as often as it takes for loudness and true peak of what is decoded again to fit.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiostory.errors import SoundError
from audiostory.model import Clip
from audiostory.sound import clip, encode
from audiostory.sound.decode import decoded
from audiostory.sound.limiter import limit_pieces
from audiostory.sound.loudness import (
    MOST_GAIN_DB,
    SILENCE_LUFS,
    Measured,
    measure_run,
    peak_ceiling_db,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiostory.model import Samples, SoundFormat

# Raise it when the same recording becomes another clip.
_REVISION = 1

LONGEST_S = 300.0
_LEAST_FADE_S = 0.005  # so that no edge clicks
_ROUNDS = 4
_NEAR_LU = 0.1


def element_clip(
    path: Path,
    form: SoundFormat,
    fade_in_s: float,
    fade_out_s: float,
    pause_ms: int = 0,
    lead_ms: int = 0,
) -> Clip:
    """A recording as a run of frames, with no marks.

    path: a file of at most five minutes in any format that PyAV decodes, mono or stereo. The
    fades are of equal power. pause_ms, lead_ms: the pauses that are kept after it, and before it.
    Raises SoundError when the file is not there, cannot be decoded,
    or is too long.
    """
    count = _count(path, form)
    recording = partial(decoded, path, form.sample_rate_hz, form.channels, LONGEST_S)

    def sound(gain_db: float) -> Iterator[Samples]:
        return _faded(recording(), count, fade_in_s, fade_out_s, form, gain_db)

    run, measured = _as_loud_as_asked(sound, count, form, (lead_ms, pause_ms))
    return Clip(run, encode.duration_s(run, form), (), levels_lufs=measured.levels_lufs)


def sounding_s(path: Path, form: SoundFormat) -> float:
    """How long a recording lasts, in seconds. Raises SoundError as element_clip does."""
    return _count(path, form) / form.sample_rate_hz


def _count(path: Path, form: SoundFormat) -> int:
    """How many samples a recording has at the show's rate."""
    count = sum(map(len, decoded(path, form.sample_rate_hz, form.channels, LONGEST_S)))
    if not count:
        raise SoundError(f"There is no sound in {path.name}.", "Save it again, or take another.")
    return count


def element_key(
    path: Path,
    form: SoundFormat,
    fade_in_s: float,
    fade_out_s: float,
    pause_ms: int = 0,
    lead_ms: int = 0,
) -> str:
    """A hash of all that affects the clip that element_clip makes of the same: its cache key.

    Raises SoundError when the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SoundError(
            f"The sound {path.name} cannot be read: {error.strerror or error}.",
            f"Looked for {path}.",
        ) from error
    settings = (*astuple(form), float(fade_in_s), float(fade_out_s), pause_ms, lead_ms)
    parts = ("audiostory element", str(_REVISION), clip.version(), digest, *map(repr, settings))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _as_loud_as_asked(
    sound: Callable[[float], Iterator[Samples]],
    count: int,
    form: SoundFormat,
    pauses_ms: tuple[int, int],
) -> tuple[bytes, Measured]:
    """The run of a sound of so many samples, and how it sounds. sound: takes a gain in dB.

    pauses_ms: before and after it. Each round makes up for what the limiter and the fades took in
    the last, and for what MP3 adds to the peaks.
    """
    gain_db, ceiling_db = 0.0, peak_ceiling_db(form)
    run, measured = _encoded(sound(gain_db), count, form, ceiling_db, pauses_ms)
    for _ in range(_ROUNDS):
        excess_db = measured.true_peak_dbtp - form.true_peak_db
        missing_lu = form.loudness_lufs - measured.loudness_lufs
        wanted_db = min(gain_db + missing_lu, MOST_GAIN_DB)
        if measured.loudness_lufs < SILENCE_LUFS:
            wanted_db = gain_db
        if excess_db <= 0 and abs(wanted_db - gain_db) < _NEAR_LU:
            break
        gain_db, ceiling_db = wanted_db, ceiling_db - max(0.0, excess_db)
        run, measured = _encoded(sound(gain_db), count, form, ceiling_db, pauses_ms)
    return run, measured


def _encoded(
    sound: Iterator[Samples],
    count: int,
    form: SoundFormat,
    ceiling_db: float,
    pauses_ms: tuple[int, int],
) -> tuple[bytes, Measured]:
    """The run of a sound between the silences that a clip begins and ends with."""
    rate = form.sample_rate_hz
    lead_ms, pause_ms = pauses_ms
    lead = clip.lead(lead_ms, rate)
    trail = clip.tail(lead + count, 0, pause_ms, rate)

    def laid() -> Iterator[Samples]:
        yield _silence(lead, form)
        yield from limit_pieces(sound, rate, ceiling_db)
        yield _silence(trail, form)

    run = encode.encode_pieces(laid(), form)
    return run, measure_run(run)


def _silence(count: int, form: SoundFormat) -> Samples:
    return np.zeros(count if form.channels == 1 else (count, form.channels), np.float32)


def _faded(
    pieces: Iterator[Samples],
    count: int,
    fade_in_s: float,
    fade_out_s: float,
    form: SoundFormat,
    gain_db: float,
) -> Iterator[Samples]:
    """The pieces of so many samples, amplified and with their fades."""
    rising = max(fade_in_s, _LEAST_FADE_S) * form.sample_rate_hz
    falling = max(fade_out_s, _LEAST_FADE_S) * form.sample_rate_hz
    gain = 10 ** (gain_db / 20)
    begin = 0
    for piece in pieces:
        at = np.arange(begin, begin + len(piece)) + 0.5
        begin += len(piece)
        up, down = np.minimum(at / rising, 1), np.minimum((count - at) / falling, 1)
        share = gain * np.sin(math.pi / 2 * up) * np.sin(math.pi / 2 * down)
        share = share.astype(np.float32)
        yield piece * (share if piece.ndim == 1 else share[:, None])
