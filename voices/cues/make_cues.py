"""Makes the cues: python make_cues.py [folder]. Needs numpy; the same script, the same bytes.

Each cue lasts 80-500 ms, sounds between 125 Hz and 5 kHz, starts and ends in silence and peaks
at -4.5 dBTP. What it means can be heard: a quote opens upwards and closes downwards; a heading
strikes as many times as its level says, lower the deeper; a figure is a breath, not a note.
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 44100
PEAK_DBTP = -4.5
ATTACK_S = 0.006
RELEASE_S = 0.02
OVERSAMPLING = 4

Wave = NDArray[np.float64]

# Partials of a soft bell and of a wooden bar: multiple of the pitch, strength, decay in seconds.
BELL = ((1.0, 1.0, 0.16), (2.0, 0.35, 0.11), (3.0, 0.12, 0.06))
WOOD = ((1.0, 1.0, 0.09), (3.9, 0.18, 0.03))

# Pitches in Hz: equal temperament, a' = 440.
D4, G4, A4, D5, E5, G5, A5 = 293.66, 392.00, 440.00, 587.33, 659.26, 783.99, 880.00


def quote_open() -> Wave:
    """A fifth up."""
    return strokes([(0.0, A4), (0.11, E5)], WOOD, 0.34)


def quote_close() -> Wave:
    """The same fifth down."""
    return strokes([(0.0, E5), (0.11, A4)], WOOD, 0.34)


def heading(level: int) -> Wave:
    """As many strokes as the level; each level lower than the one above it."""
    pitch = (A5, G5, E5, D5, A4, G4)[level - 1]
    apart_s = 0.12 if level <= 3 else 0.06
    times = [apart_s * i for i in range(level)]
    length_s = 0.48 if level == 1 else min(0.5, times[-1] + 0.24)
    return strokes([(time_s, pitch) for time_s in times], BELL, length_s)


def figure() -> Wave:
    """A breath of noise that swells and sinks, 400 Hz-3 kHz."""
    count = round(0.26 * SAMPLE_RATE_HZ)
    spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(count))
    hz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
    band = np.exp(-((np.log2(np.maximum(hz, 1) / 1100) / 0.9) ** 4))
    return np.fft.irfft(spectrum * band, count) * np.hanning(count) ** 2


CUES = {
    "quote-open": quote_open,
    "quote-close": quote_close,
    **{f"heading-{level}": (lambda level=level: heading(level)) for level in range(1, 7)},
    "figure": figure,
}


def strokes(
    notes: Sequence[tuple[float, float]],
    partials: Sequence[tuple[float, float, float]],
    length_s: float,
) -> Wave:
    """Notes, each a time in seconds and a pitch in Hz, struck on an instrument."""
    mixed = np.zeros(round(length_s * SAMPLE_RATE_HZ))
    for time_s, pitch in notes:
        begin = round(time_s * SAMPLE_RATE_HZ)
        seconds = np.arange(len(mixed) - begin) / SAMPLE_RATE_HZ
        for multiple, strength, decay_s in partials:
            tone = np.sin(2 * np.pi * pitch * multiple * seconds)
            mixed[begin:] += strength * tone * np.exp(-seconds / decay_s) * attack(seconds)
    return mixed * release(len(mixed))


def attack(seconds: Wave) -> Wave:
    """A raised cosine from 0 to 1."""
    return 0.5 - 0.5 * np.cos(np.pi * np.minimum(seconds / ATTACK_S, 1))


def release(count: int) -> Wave:
    """1, then a raised cosine down to 0 at the end."""
    left_s = (count - 1 - np.arange(count)) / SAMPLE_RATE_HZ
    return 0.5 - 0.5 * np.cos(np.pi * np.minimum(left_s / RELEASE_S, 1))


def true_peak(samples: Wave) -> float:
    """The highest absolute value between samples as well as on them."""
    count = len(samples)
    spectrum = np.fft.rfft(samples, 2 * count)
    fine = np.fft.irfft(spectrum, 2 * count * OVERSAMPLING) * OVERSAMPLING
    return float(np.max(np.abs(fine)))


def write(path: Path, samples: Wave) -> None:
    """A 16-bit mono WAV file, at the cues' peak."""
    scaled = samples * (10 ** (PEAK_DBTP / 20) / true_peak(samples))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(np.rint(scaled * 32767).astype("<i2").tobytes())


def main(folder: Path) -> None:
    """Write every cue into a folder."""
    for name, make in CUES.items():
        write(folder / f"{name}.wav", make())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
