"""A look-ahead true-peak limiter: nothing leaves above the ceiling, and no gain jumps.

At a podcast's low sample rates hiss peaks up to 2.5 dB higher between samples than on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiostory.model import Samples

_BLOCK_S = 0.001
# Gain turns down this long before a peak and comes back as long after it: together longer than
# a cycle of most voices, so that the waveform keeps its shape, and short enough to cost little
# loudness (16 blocks cost espeak-ng's male voices 1 LU more).
_REACH_BLOCKS = 6
# Peaks between samples are found as in ITU-R BS.1770-4, annex 2: four times oversampled.
_BETWEEN = (0.25, 0.5, 0.75)
_TAPS = 12
_STRETCH = 32  # samples that are looked at together
# A sound that comes in pieces is limited a second at a time, which sees as much before and after
# as can bear on its gain.
_PIECE_BLOCKS = 1000
_AROUND_BLOCKS = 50


def limit(samples: Samples, sample_rate_hz: int, ceiling_db: float) -> Samples:
    """Samples of the same shape and time, whose true peak is within ceiling_db (dBTP).

    Shape (n,), or (n, channels): all channels get the same gain, so that nothing moves.
    """
    ceiling = np.float32(10 ** (ceiling_db / 20))
    if not len(samples):
        return samples
    find = _peaks if samples.ndim == 1 else _peaks_of_channels
    peaks = find(samples, float(ceiling))
    if float(peaks.max()) <= ceiling:
        return samples
    block = _block(sample_rate_hz)
    limited = np.pad(samples, [(0, -len(samples) % block), *[(0, 0)] * (samples.ndim - 1)])
    blocks = limited.reshape(-1, block, *samples.shape[1:])
    edges = _edges(_block_gains(peaks, block, float(ceiling)))
    turned_down = np.flatnonzero(np.minimum(edges[:-1], edges[1:]) < 1)
    gain = _lines(edges[turned_down], edges[turned_down + 1], block)
    gain = gain if samples.ndim == 1 else gain[..., None]
    blocks[turned_down] = np.clip(blocks[turned_down] * gain, -ceiling, ceiling)
    return limited[: len(samples)]


def limit_pieces(
    pieces: Iterable[Samples], sample_rate_hz: int, ceiling_db: float
) -> Iterator[Samples]:
    """What limit() makes of a sound that comes piece by piece, of which it holds a few seconds."""
    block = _block(sample_rate_hz)
    around = _AROUND_BLOCKS * block
    before: list[Samples] = []  # what precedes the held piece
    held: Samples | None = None
    for piece in chain(regrouped(pieces, _PIECE_BLOCKS * block), (None,)):
        if held is not None:
            after = [] if piece is None else [piece[:around]]
            begin = sum(map(len, before))
            limited = limit(np.concatenate([*before, held, *after]), sample_rate_hz, ceiling_db)
            yield limited[begin : begin + len(held)]
            before = [held[-around:]]
        held = piece


def regrouped(pieces: Iterable[Samples], size: int) -> Iterator[Samples]:
    """The same samples in pieces of that size, the last of what is left."""
    held: list[Samples] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += len(piece)
        if count >= size:
            joined = np.concatenate(held)
            whole = count - count % size
            yield from (joined[at : at + size] for at in range(0, whole, size))
            held, count = [joined[whole:]], count - whole
    if count:
        yield np.concatenate(held)


def _block(sample_rate_hz: int) -> int:
    return max(1, round(_BLOCK_S * sample_rate_hz))


def _peaks_of_channels(samples: Samples, ceiling: float) -> Samples:
    channels = (_peaks(np.ascontiguousarray(channel), ceiling) for channel in samples.T)
    highest: Samples = np.max(list(channels), axis=0)
    return highest


def _peaks(samples: Samples, ceiling: float) -> Samples:
    """The highest absolute value at each sample and on the way to the next.

    Where nothing can reach the ceiling between samples, that of the samples alone.
    """
    count = -(-len(samples) // _STRETCH)
    highest: Samples = np.zeros(count * _STRETCH, np.float32)
    np.abs(samples, out=highest[: len(samples)])
    rows = highest.reshape(count, _STRETCH)
    loudest = np.pad(rows.max(axis=1), 1)
    around = np.maximum(np.maximum(loudest[:-2], loudest[2:]), loudest[1:-1])
    filters = [_interpolator(fraction) for fraction in _BETWEEN]
    reach = max(float(np.abs(taps).sum()) for taps in filters)
    near = np.flatnonzero(around * reach > ceiling)
    if len(near):
        first = _TAPS // 2 - 1
        padded = np.pad(samples, (first, count * _STRETCH - len(samples) + _TAPS - first))
        loud = sliding_window_view(padded, _STRETCH + _TAPS - 1)[near * _STRETCH].T.copy()
        found = np.zeros((_STRETCH, len(near)), np.float32)
        weighed = np.empty_like(found)
        for taps in filters:
            between = np.zeros_like(found)
            for tap, weight in enumerate(taps):  # Faster than np.convolve.
                between += np.multiply(loud[tap : tap + _STRETCH], weight, out=weighed)
            np.maximum(found, np.abs(between), out=found)
        rows[near] = np.maximum(rows[near], found.T)
    return highest[: len(samples)]


@cache
def _interpolator(fraction: float) -> Samples:
    """A windowed sinc that gives the value so far of the way from a sample to the next."""
    distance = np.arange(_TAPS) - (_TAPS // 2 - 1) - fraction
    taps = np.sinc(distance) * (0.5 + 0.5 * np.cos(2 * np.pi * distance / _TAPS))
    weights: Samples = (taps / taps.sum()).astype(np.float32)
    return weights


def _block_gains(sample_peaks: Samples, block: int, ceiling: float) -> NDArray[np.float64]:
    """A gain for each block that brings it and both its neighbours under the ceiling."""
    needed = np.ones(-(-len(sample_peaks) // block))
    above = np.flatnonzero(sample_peaks > ceiling)
    np.minimum.at(needed, above // block, ceiling / sample_peaks[above].astype(np.float64))
    # The least gain within reach, then a weighted mean over the same reach: smooth, and never
    # above what is needed.
    reach = _REACH_BLOCKS
    least = _least(np.pad(needed, 2 * reach + 1, mode="edge"), 2 * reach + 3)
    weights = np.hanning(2 * reach + 3)[1:-1]
    smooth: NDArray[np.float64] = np.convolve(least, weights / weights.sum(), mode="valid")
    return smooth


def _least(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The least in each window of a width: windows of twice the width are made of two."""
    covered = 1
    while covered < width:
        step = min(covered, width - covered)
        values = np.minimum(values[:-step], values[step:])
        covered += step
    return values


def _edges(gains: NDArray[np.float64]) -> NDArray[np.float32]:
    """Gains between blocks, of shape (blocks + 1,)."""
    around = np.pad(gains, 1, mode="edge")
    return ((around[:-1] + around[1:]) / 2).astype(np.float32)


def _lines(begins: NDArray[np.float32], ends: NDArray[np.float32], block: int) -> Samples:
    """A gain for each sample of blocks: straight lines from edge to edge, of shape (n, block)."""
    ramp = (np.arange(block, dtype=np.float32) + np.float32(0.5)) / np.float32(block)
    lines: Samples = begins[:, None] + (ends - begins)[:, None] * ramp
    return lines
