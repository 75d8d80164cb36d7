"""A site's bar, copied as one line, is as many lines as it has names."""

from __future__ import annotations

import re

from audiostory.reading.furniture import PageWords, is_label, is_name

_GAP = re.compile(r"(?<![ \t\u00a0])(?:\t[ \t\u00a0]*|[ \u00a0]{3,})(?=[^ \t\u00a0])")
_LONGEST = 200  # characters
_FEWEST = 2  # names that only sites have


def without_bars(text: str, words: PageWords) -> str:
    """A text in which "The Quay    Subscribe    Sign in" is three lines."""
    lines = text.split("\n")
    if not any(_GAP.search(line) for line in lines if len(line) <= _LONGEST):
        return text
    return "\n".join(_parted(line, words) for line in lines)


def _parted(line: str, words: PageWords) -> str:
    names = _GAP.split(line.strip()) if len(line) <= _LONGEST else []
    known = sum(is_name(name, words) for name in names)
    is_bar = known >= _FEWEST and 2 * known >= len(names) and all(map(is_label, names))
    return "\n".join(names) if is_bar else line
