"""How wide lines are: by their characters, or as a proportional type sets them.

A page that a browser printed was broken where the next word would not have fitted. Counted in
characters its lines differ by a tenth, as an "i" takes a third of the room of an "m"; with a rough
width for each letter they differ by a fiftieth, and where a paragraph ends can be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from audiostory.reading.sentences import is_ended

Measure = Callable[[str], float]

_NARROW = frozenset("iljIіїјıíìîï.,:;!|'’‘`·\u2009\u202f")
_HALF = frozenset(' \u00a0ftr()[]{}/\\-‐“”„"°*†')
_BROAD = frozenset("mwжшщюыфмœæ%@&+=<>")
_BROADEST = frozenset("MWМШЩЖЮФЫŒÆ—…")
# In average letters, of the text types that browsers come with.
_WIDTHS = {_NARROW: 0.6, _HALF: 0.68, _BROAD: 1.57, _BROADEST: 2.0}
_BY_CHARACTER = {c: width for characters, width in _WIDTHS.items() for c in characters}
_CAPITAL, _LETTER = 1.42, 1.06
_GAP = re.compile(r" {3}")  # between the cells of a table
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_EXACT = 0.02  # of a line's width: as well as the widths of letters are known
_FEWEST = 8  # breaks that tell how wide a page is
_EXPLAINED = 0.75  # of its breaks
_SHORTEST = 28  # characters of a line that was wrapped
_EVEN = 0.85  # of the longest: narrower lines are of something that is set in


def advance(text: str) -> float:
    """A line's width in a proportional type, in average letters."""
    return sum(_BY_CHARACTER.get(c) or (_CAPITAL if c.isupper() else _LETTER) for c in text)


def with_next_word(above: str, line: str, measure: Measure = len) -> float:
    """How wide a line would be with the first word of the next one."""
    first = line.lstrip()[:1]
    word = first if _CJK.match(first) else line.lstrip().split(" ", 1)[0]
    indent = len(above) - len(above.lstrip())
    joined = f"{above.lstrip()}{word}" if above[-1:] in "-‐" else f"{above.lstrip()} {word}"
    return indent + measure(joined)


def printed_width(blocks: Sequence[Sequence[str]]) -> float:
    """How wide the lines of a proportional type are that go on below; 0 if they are none.

    It is the width that explains most breaks within sentences: the line had room in it, and with
    the next word it would not have had. Lines that were counted in characters are none.
    """
    pairs = [
        (above, line)
        for block in blocks
        for above, line in pairwise(block)
        if len(above) >= _SHORTEST and not is_ended(above) and not _GAP.search(above.strip())
    ]
    lengths = sorted(len(above) for above, _ in pairs)
    least = _EVEN * lengths[int(0.9 * len(lengths))] if lengths else 0
    pairs = [(above, line) for above, line in pairs if len(above) >= least]
    width, share = _explaining(pairs, advance, _EXACT)
    if share < _EXPLAINED or (share < 1 and share <= _explaining(pairs, len)[1]):
        return 0
    return width * (1 - _EXACT)


def _explaining(
    pairs: Sequence[tuple[str, str]], measure: Measure, exact: float = 0
) -> tuple[float, float]:
    """The width that explains most breaks, and the share of them. exact: how well it is known."""
    edges: list[tuple[float, int]] = []
    for above, line in pairs:
        indent = len(above) - len(above.lstrip())
        edges.append((indent + measure(above.lstrip()), 1))
        edges.append((with_next_word(above, line, measure) * (1 + exact), -1))
    most, count, width = 0, 0, 0.0
    for edge, step in sorted(edges):
        count += step
        if count > most:
            most, width = count, edge
    return (width, most / len(pairs)) if len(pairs) >= _FEWEST else (0.0, 0.0)
