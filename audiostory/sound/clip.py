"""A passage becomes a clip: its speech, cues and pauses laid end to end, limited and encoded.

Silence. Every clip begins with LEAD_MS of silence and ends in silence, since at a seam the end
of one run of frames overlaps the next. What silence there is at a seam anyway counts towards
the pause that is asked for there, so nobody else need subtract anything: a pause at a clip's
end is made shorter by the lead of whatever follows, one at a clip's beginning by its own lead
and the least tail of whatever went before. The pause of a seam must be on one side of it (CSS
Speech collapses adjoining pauses into one). The least there can be is some 125 ms. At a seam a
pause is right within half a frame (13 ms), elsewhere to the sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiostory.model import Clip, Mark, SoundFormat, Speech, WordMark
from audiostory.sound import encode, segments
from audiostory.sound.limiter import limit
from audiostory.sound.loudness import measure_lufs, momentary_lufs, peak_ceiling_db, true_peak_db

if TYPE_CHECKING:
    from audiostory.model import Samples
    from audiostory.sound.segments import AudioSegment

# Raise it when the same parts become other sound.
_REVISION = 5

LEAD_MS = 50
# The delay that decoders trim (50 ms) must not reach the margin of the last sound.
_LEAST_TAIL_MS = 63
_FADE_MS = 5
# Engines leave silence around what they say: what is quieter than the peak by this goes, but
# for a margin, which counts towards the pauses around it.
_QUIET_DB = -50.0
_MARGIN_S = 0.01
CUE_PEAK_DBTP = -3.0


@dataclass(frozen=True, slots=True)
class SpokenPart:
    """What an engine said. gain_db: to apply, or None for silence of the same length.

    balance: -100 left … 100 right, where the format is stereo.
    """

    speech: Speech
    gain_db: float | None = 0.0
    balance: float = 0.0


@dataclass(frozen=True, slots=True)
class CuePart:
    """A WAV file's sound. gain_db: 0 is as loud as speech at the format's loudness."""

    src: Path
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True)
class PausePart:
    """Silence."""

    ms: int


Part = SpokenPart | CuePart | PausePart


@cache
def version() -> str:
    """Changes whenever the same parts may give other frames: part of every cache key."""
    libraries = ("av", "lameenc", "numpy", "pydub", "pyebur128", "soxr")
    return ", ".join([str(_REVISION), *(f"{name} {metadata.version(name)}" for name in libraries)])


def make_clip(parts: Sequence[Part], form: SoundFormat) -> Clip:
    """Mix and encode the parts of a passage.

    Returns frames of the format's rate and bit rate, and one mark for each SpokenPart, in
    order, on the decoded timeline. Raises SoundError when a cue cannot be read.
    """
    rate = form.sample_rate_hz
    timed, trail_ms = _timed(parts)
    laid = segments.silence(0, rate, form.channels)
    marks: list[Mark] = []
    quiet = 0  # samples of silence that the last sound ends with
    for at, (pause_ms, part) in enumerate(timed):
        sound = _sound(part, form)
        pause = _count(pause_ms, rate) if at else lead(pause_ms, rate)
        laid += segments.silence(max(0, pause - quiet - sound.quiet_before), rate, form.channels)
        begin = int(laid.frame_count())
        laid += sound.segment
        quiet = sound.quiet_after
        if isinstance(part, SpokenPart):
            marks.append(_mark(begin, int(laid.frame_count()), sound.words, rate))
    if not timed:
        laid += segments.silence(lead(0, rate), rate, form.channels)
    samples = limit(segments.to_samples(laid), rate, peak_ceiling_db(form))
    added = tail(len(samples), quiet, trail_ms, rate)
    samples = np.pad(samples, [(0, added), *[(0, 0)] * (samples.ndim - 1)])
    run = encode.encode(samples, form)
    levels = momentary_lufs(samples, rate)
    return Clip(run, encode.duration_s(run, form), tuple(marks), levels_lufs=levels)


def _timed(parts: Sequence[Part]) -> tuple[list[tuple[int, SpokenPart | CuePart]], int]:
    """What sounds, each with the milliseconds of pause before it, and those at the end."""
    timed: list[tuple[int, SpokenPart | CuePart]] = []
    pause_ms = 0
    for part in parts:
        if isinstance(part, PausePart):
            pause_ms += part.ms
        else:
            timed.append((pause_ms, part))
            pause_ms = 0
    return timed, pause_ms


def lead(lead_ms: int, rate: int) -> int:
    """Samples of silence at the beginning, for a pause of lead_ms after the clip before."""
    frame_ms = 1000 * encode.samples_per_frame(rate) / rate
    tail_before_ms = _LEAST_TAIL_MS + frame_ms / 2  # Half a frame more, on average.
    return _count(max(LEAD_MS, lead_ms - tail_before_ms), rate)


@dataclass(frozen=True, slots=True)
class _Sound:
    """A part as sound. words: their marks, in seconds from its beginning.

    quiet_before, quiet_after: how many samples of it are silence, so good as, at its ends.
    """

    segment: AudioSegment
    words: tuple[WordMark, ...] = ()
    quiet_before: int = 0
    quiet_after: int = 0


def _sound(part: SpokenPart | CuePart, form: SoundFormat) -> _Sound:
    if isinstance(part, CuePart):
        return _Sound(_cue_segment(part, form))
    rate = form.sample_rate_hz
    speech, before_s, after_s = _trimmed(part.speech)
    samples, words = segments.resample(speech.samples, speech.sample_rate_hz, rate), speech.words
    if part.gain_db is None:
        return _Sound(segments.silence(len(samples), rate, form.channels), words)
    samples = _faded(samples * np.float32(10 ** (part.gain_db / 20)), _count(_FADE_MS, rate))
    segment = segments.to_segment(segments.placed(samples, part.balance, form.channels), rate)
    return _Sound(segment, words, round(before_s * rate), round(after_s * rate))


def _faded(samples: Samples, count: int) -> Samples:
    """Mono samples that are faded in and out in so many: pydub's fades go sample by sample."""
    ramp = np.linspace(0, 1, min(count, len(samples)), dtype=np.float32)
    samples[: len(ramp)] *= ramp
    samples[len(samples) - len(ramp) :] *= ramp[::-1]
    return samples


def trimmed(speech: Speech) -> Speech:
    """A speech without the silence around it, but for a margin.

    Silence all through is left as it is: it may be what was asked for.
    """
    return _trimmed(speech)[0]


def _trimmed(speech: Speech) -> tuple[Speech, float, float]:
    """A speech without the silence around it; seconds of margin before and after it."""
    levels = np.abs(speech.samples)
    peak = float(levels.max(initial=0))
    heard = np.flatnonzero(levels > peak * 10 ** (_QUIET_DB / 20))
    if not len(heard):
        return speech, 0.0, 0.0
    rate = speech.sample_rate_hz
    margin = round(_MARGIN_S * rate)
    first, last = int(heard[0]), int(heard[-1])
    begin, end = max(0, first - margin), min(len(levels), last + 1 + margin)
    words = (
        WordMark(max(0.0, word.begin_s - begin / rate), word.offset, word.length)
        for word in speech.words
    )
    kept = Speech(speech.samples[begin:end], rate, tuple(words))
    return kept, (first - begin) / rate, (end - 1 - last) / rate


def sounding_s(speech: Speech) -> float:
    """How long a speech lasts in a clip, in seconds: without the silence around it."""
    return trimmed(speech).duration_s


def _cue_segment(part: CuePart, form: SoundFormat) -> AudioSegment:
    changed_ns = part.src.stat().st_mtime_ns if part.src.is_file() else 0
    samples, peak_dbtp = _calibrated_cue(part.src, changed_ns, form)
    gain_db = min(part.gain_db, CUE_PEAK_DBTP - peak_dbtp)
    samples = segments.placed(samples, 0, form.channels)
    return segments.to_segment(samples, form.sample_rate_hz).apply_gain(gain_db)


@lru_cache(maxsize=64)
def _calibrated_cue(src: Path, changed_ns: int, form: SoundFormat) -> tuple[Samples, float]:
    """A cue as loud as speech, and its true peak in dBTP. changed_ns: to read it anew then."""
    recorded, recorded_hz = segments.read_wav(src)
    rate = form.sample_rate_hz
    samples = segments.resample(recorded, recorded_hz, rate)
    loudness = measure_lufs(samples, rate)
    if np.isfinite(loudness):
        samples = samples * np.float32(10 ** ((form.loudness_lufs - loudness) / 20))
    return samples, true_peak_db(samples, rate)


def tail(count: int, quiet: int, trail_ms: int, rate: int) -> int:
    """How many samples of silence to add to so many, for a pause of trail_ms after them.

    With the encoder's own the pause is as near as frames allow. quiet: how many of the samples
    are silence at the end.
    """
    frame = encode.samples_per_frame(rate)
    sounding = count - quiet
    least = sounding + _count(_LEAST_TAIL_MS, rate)
    wanted = sounding + _count(max(0, trail_ms - LEAD_MS), rate)
    frames = max(round(wanted / frame), -(-least // frame))
    encoded = max(frames - encode.frames_added(rate), -(-count // frame))
    return encoded * frame - count


def _mark(begin: int, end: int, words: Sequence[WordMark], rate: int) -> Mark:
    begin_s = begin / rate
    moved = (WordMark(begin_s + word.begin_s, word.offset, word.length) for word in words)
    return Mark(begin_s, end / rate, tuple(moved))


def _count(ms: float, rate: int) -> int:
    return round(ms * rate / 1000)
