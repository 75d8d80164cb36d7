"""Whether a speech can be what its text says: engines drop words, and stop half-way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiostory.speech.words import written_words

if TYPE_CHECKING:
    from audiostory.model import Samples

# Seconds at the normal rate for a letter or a digit. The bounds are wide: what is outside them
# is no tempo of a reader.
_LEAST_S, _MOST_S = 0.012, 1.0
_MOST_EXTRA_S = 4.0
_FULL_SCALE = 0.9995
_MOST_CLIPPED = 0.002
_QUIET_DB = -45.0
_WINDOW_S = 0.05
_MOST_QUIET = 0.7
_SHORTEST_JUDGED_S = 1.5


def implausible(text: str, samples: Samples, sample_rate_hz: int, rate: float = 1.0) -> str | None:
    """Why samples can hardly be this text, in words; None where they can.

    samples: float32, mono. rate: a factor of the voice's normal tempo.
    """
    words = len(written_words(text))
    if not words:
        return None
    levels = np.abs(samples)
    peak = float(levels.max(initial=0))
    if peak == 0:
        return "no sound"
    lasts_s = len(samples) / sample_rate_hz
    signs = sum(character.isalnum() for character in text) or 1
    measure = f"{lasts_s:.1f} s for {words} {'word' if words == 1 else 'words'}"
    if lasts_s * rate < _LEAST_S * signs:
        return f"far too short ({measure})"
    if lasts_s * rate > _MOST_S * signs + _MOST_EXTRA_S:
        return f"far too long ({measure})"
    if np.count_nonzero(levels >= _FULL_SCALE) > _MOST_CLIPPED * len(samples):
        return "clipped"
    if lasts_s > _SHORTEST_JUDGED_S and _quiet_share(levels, sample_rate_hz) > _MOST_QUIET:
        return "mostly silence"
    return None


def _quiet_share(levels: Samples, sample_rate_hz: int) -> float:
    """The share of windows that hold next to nothing, by their highest level."""
    size = max(1, round(_WINDOW_S * sample_rate_hz))
    windows = levels[: len(levels) // size * size].reshape(-1, size).max(axis=1)
    loudest = float(windows.max(initial=0))
    return float(np.mean(windows < loudest * 10 ** (_QUIET_DB / 20))) if len(windows) else 0.0
