"""Long texts in pieces that a server takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

# What Chinese and Japanese end sentences and clauses with needs no space after it.
_CLOSING = "['\"”’»)」』）】》]*"
_ENDS = re.compile(
    rf"(?P<sentence>[.!?…]{_CLOSING}\s|[。｡！？]{_CLOSING}\s?)|[，、；：]{_CLOSING}|\s"
)


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
    found = takewhile(lambda it: it.start() < limit, _ENDS.finditer(text, begin))
    ends = [(it["sentence"] is not None, it.end()) for it in found if it.end() <= limit]
    return max(ends)[1] if ends else limit
