"""How wide lines are: by their characters, or as a proportional type sets them.

A page that a browser printed was broken where the next word would not have fitted. Counted in
characters its lines differ by a tenth, as an "i" takes a third of the room of an "m"; with a rough
width for each letter they differ by a fiftieth, and where a paragraph ends can be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from audiostory.reading.sentences import is_ended
from audiostory.reading.verse import is_verse

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
_EVEN = 0.75  # of the longest line, in the middle
_UNFILLED = 0.05  # of the lines that go on: these are shorter than the width
_SHORTEST, _SHORTEST_CJK = 28, 10  # characters of a line that was wrapped
_LONG_LINES = 160  # characters: lines longer than this are paragraphs, nobody wrapped them
_WIDER = 1.5  # times as long: a line that nobody wrapped
_AS_LONG = 0.85  # of the longest: narrower lines are of something that is set in


@lru_cache(maxsize=1024)
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
    least = _AS_LONG * lengths[int(0.9 * len(lengths))] if lengths else 0
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


def counted_width(blocks: Sequence[Sequence[str]]) -> float:
    """How long lines are before they go on in the next; 0 when paragraphs are not wrapped.

    Where letters have different widths lines differ in length: the width is then what nearly
    all lines that end within a sentence would pass with the next word.
    """
    even = [block for block in blocks if is_even(block) and not is_verse(block)]
    lengths = sorted(len(line) for block in even for line in block[:-1] if _is_long(line))
    if not lengths:
        return 0
    width = lengths[int(len(lengths) * 0.9)]
    longest = max(len(line) for block in blocks for line in block)
    if width > _LONG_LINES or longest > max(_LONG_LINES, 2 * width):
        return 0
    wider = sum(len(line) > _WIDER * width for block in blocks for line in block)
    if wider > len(lengths):
        return 0  # two or three lines of a headline, above paragraphs of one line each
    pairs = [pair for block in even for pair in pairwise(block)]
    fits = sorted(with_next_word(a, b) for a, b in pairs if _is_long(a) and not is_ended(a))
    least = fits[int(len(fits) * _UNFILLED)] - 1 if fits else width
    return min(width, least) if least >= _EVEN * width else 0


def _is_long(line: str) -> bool:
    """Whether a line is long enough to have been wrapped."""
    return len(line) >= (_SHORTEST_CJK if _CJK.search(line) else _SHORTEST)


def is_even(block: Sequence[str]) -> bool:
    """Whether lines are about as long as one another, as wrapped ones are and menus are not."""
    lengths = sorted(len(line) for line in block[:-1])
    return bool(lengths) and lengths[len(lengths) // 2] >= _EVEN * lengths[-1]
