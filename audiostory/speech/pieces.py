"""Long texts in pieces that a server takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENDS = re.compile(r"[.!?…。！？]['\"”’»)]*\s|\s")


def pieces(text: str, most: int) -> Iterator[str]:
    """The text in pieces of at most so many characters, cut after sentences where it can be.

    Joined they are the text.
    """
    begin = 0
    while len(text) - begin > most:
        end = _cut(text, begin, begin + most)
        yield text[begin:end]
        begin = end
    yield text[begin:]


def _cut(text: str, begin: int, limit: int) -> int:
    ends = [(len(found[0]) > 1, found.end()) for found in _ENDS.finditer(text, begin, limit)]
    return max(ends)[1] if ends else limit
