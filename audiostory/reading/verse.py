"""Verse: short lines that end where the poet ends them, not where the page does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_LONGEST_LINE = 70
_FEWEST_LINES = 3
_FEWEST_WORDS = 3  # in a line, on average; of verse without capitals, fewer
_LONGEST_STANZA = 40  # of verse without capitals
_FREE_LENGTH = 42  # of verse without capitals
_BEGINS = re.compile(r"[\s\"'“‘«„¿¡(—–…-]*")
_OPEN = re.compile(r"(?:[^\W\d]|[,–—-])[\"'”’»)]*$")  # no sentence ends here
_WITHIN = re.compile(r"[.!?…][\"'”’»)]*\s+[^\W\d_a-z]")  # one ends, another begins: prose
_PAUSE = re.compile(r"[,;:–—.!?…][\"'”’»)]*$")
_PAUSES_IN = re.compile(r"[,;:–—-][\"'”’»)]*$")


def is_verse(lines: Sequence[str]) -> bool:
    """Whether lines that stand together are verse.

    Lines that a page broke are filled: the next word would not have fitted. Verse is not; most
    of its lines begin with a capital letter, many end in a comma, few with a sentence.
    """
    lines = [line.strip() for line in lines]
    if len(lines) < _FEWEST_LINES or max(map(len, lines)) > _LONGEST_LINE:
        return False
    if _short_lines(lines) == 0 and (len(lines) < 4 or sum(map(len, lines)) > 50 * len(lines)):
        return False
    words = sum(len(line.split()) for line in lines) / len(lines)
    begun = [_BEGINS.sub("", line, count=1)[:1] for line in lines]
    open_ = sum(_OPEN.search(line) is not None for line in lines)
    if open_ < 0.3 * len(lines) or any(first.isdigit() for first in begun):
        return False
    paused = sum(_PAUSE.search(line) is not None for line in lines)
    within = any(_PAUSES_IN.search(line) for line in lines)
    if sum(first.isupper() for first in begun) >= 0.85 * len(lines):
        return words >= _FEWEST_WORDS and within and 4 * paused >= len(lines)
    return False


def is_stanza(lines: Sequence[str]) -> bool:
    """Whether lines could be a poem's, where others are known to be verse."""
    lines = [line.strip() for line in lines]
    if len(lines) < 2 or max(map(len, lines)) > _LONGEST_LINE:
        return False
    begun = sum(_BEGINS.sub("", line, count=1)[:1].isupper() for line in lines)
    return begun >= 0.85 * len(lines) or is_free_verse(lines)


def is_free_verse(lines: Sequence[str]) -> bool:
    """Whether lines could be a stanza without capital letters; one alone proves nothing."""
    lines = [line.strip() for line in lines]
    if len(lines) < 2 or sum(map(len, lines)) > _FREE_LENGTH * len(lines):
        return False
    open_ = sum(_OPEN.search(line) is not None for line in lines[:-1])
    filled = len(lines) > 2 and 10 * _short_lines(lines) < 3 * open_
    if max(map(len, lines)) > _LONGEST_LINE or len(lines) > _LONGEST_STANZA or filled:
        return False
    if any(line[:1].isdigit() or line[-1:] in "-‐" or _WITHIN.search(line) for line in lines):
        return False
    return 2 * sum(line[:1].islower() for line in lines) > len(lines)


def _short_lines(lines: Sequence[str]) -> int:
    """How many lines end within a sentence though the next word would have fitted."""
    width = max(map(len, lines))
    pairs = pairwise(lines)
    return sum(
        len(line) + 1 + len(below.split(maxsplit=1)[0]) <= width
        for line, below in pairs
        if _OPEN.search(line)
    )
