"""Word marks: when each written word begins, from the events that an engine reports."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from audiostory.model import WordMark

# Runs between spaces, dashes and dots of ellipsis; Han and kana, written without spaces, singly.
_RUN = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\s\u2013\u2014\u2026/|\u3040-\u30ff\u3400-\u9fff]+"
)
_SPOKEN_CATEGORIES = ("L", "N", "M", "Sc", "So")
_SPOKEN_SIGNS = "%&+"

Extent = tuple[int, int]
Event = tuple[int, float]


def written_words(text: str) -> list[Extent]:
    """Offset and length of each written word, without the punctuation around it."""
    words = []
    for run in _RUN.finditer(text):
        spoken = [i for i, char in enumerate(run.group()) if _is_spoken(char)]
        if spoken:
            words.append((run.start() + spoken[0], spoken[-1] - spoken[0] + 1))
    return words


def word_marks(text: str, events: Iterable[Event], duration_s: float) -> tuple[WordMark, ...]:
    """One mark for each written word of text, in order of offset and of time.

    events: pairs of a character's offset and the second it is spoken at. The first event of a
    word counts (an engine reports "2022" as several words); a word without an event, or whose
    event is out of order, begins where its place between its neighbours says.
    """
    words = written_words(text)
    begins = _known_begins(words, events)
    anchors = _increasing(begins, duration_s)
    if not words:
        return ()
    anchors = [(0, 0.0), *anchors] if not anchors or anchors[0][0] > 0 else anchors
    anchors.append((len(words), duration_s))
    times = _fill([offset for offset, _ in words] + [len(text)], anchors)
    return tuple(
        WordMark(begin_s, offset, length)
        for (offset, length), begin_s in zip(words, times, strict=True)
    )


def _is_spoken(char: str) -> bool:
    return char in _SPOKEN_SIGNS or unicodedata.category(char).startswith(_SPOKEN_CATEGORIES)


def _known_begins(words: Sequence[Extent], events: Iterable[Event]) -> dict[int, float]:
    offsets = [offset for offset, _ in words]
    begins: dict[int, float] = {}
    for offset, begin_s in events:
        word = bisect_right(offsets, offset) - 1
        if word >= 0 and offset < sum(words[word]):
            begins[word] = min(begin_s, begins.get(word, begin_s))
    return begins


def _increasing(begins: dict[int, float], duration_s: float) -> list[tuple[int, float]]:
    kept: list[tuple[int, float]] = []
    for word, begin_s in sorted(begins.items()):
        if begin_s < duration_s and (not kept or begin_s > kept[-1][1]):
            kept.append((word, begin_s))
    return kept


def _fill(offsets: Sequence[int], anchors: Sequence[tuple[int, float]]) -> list[float]:
    """Times of the words between anchors, in proportion to the characters passed."""
    times: list[float] = []
    for (first, begin_s), (last, end_s) in pairwise(anchors):
        span = max(1, offsets[last] - offsets[first])
        rate = (end_s - begin_s) / span
        times += [begin_s + rate * (offsets[i] - offsets[first]) for i in range(first, last)]
    return times
