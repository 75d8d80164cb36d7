"""Where in an article what was left out of a text stood: after which of its blocks.

The rules that leave lines out know nothing of the blocks to come, so both are looked up in the
source, by their letters and digits alone: white space and hyphens change on the way to a body.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from audiostory.model import Omission
from audiostory.reading import vocabulary as known
from audiostory.reading.clean import in_order
from audiostory.reading.tree import visible_text

_RUN = re.compile(r"[^\W_]+")
_NEAR = 100_000  # letters: where what follows is looked for
_BEGINNING = 24  # letters by which a block is found that something was left out of
_SURE = 40  # letters that hardly stand in a text twice
_MOST = 2_000_000_000  # letters to look through


class _Letters:
    """A source's letters and digits. taken: where something was found, from and to."""

    def __init__(self, source: str) -> None:
        runs = _RUN.findall(source)
        self.text = "".join(runs)
        self._ends = {0}
        end = 0
        for run in runs:
            end += len(run)
            self._ends.add(end)
        self._taken: list[tuple[int, int]] = []

    def find(self, text: str, start: int, end: int) -> int | None:
        """Where whole words say a text that nothing else was found for."""
        while text and (place := self.text.find(text, start, end)) >= 0:
            whole = place in self._ends and place + len(text) in self._ends
            if whole and not self._is_taken(place):
                return place
            start = place + 1
        return None

    def find_beginning(self, text: str, start: int) -> int | None:
        """Where the beginning of a text is."""
        place = self.text.find(text[:_BEGINNING], start, start + _NEAR)
        return place if place >= 0 else None

    def take(self, start: int, text: str) -> None:
        """Say that a text was found."""
        self._taken.insert(bisect_right(self._taken, (start, 0)), (start, start + len(text)))

    def _is_taken(self, place: int) -> bool:
        number = bisect_right(self._taken, (place, len(self.text) + 1)) - 1
        return number >= 0 and self._taken[number][1] > place


def placed(source: str, body: HtmlElement, omissions: Sequence[Omission]) -> tuple[Omission, ...]:
    """Omissions in reading order, each with the block that it stood after.

    source: all text, in its order. Those that have a place already keep it.
    """
    if not omissions or len(omissions) * len(source) > _MOST:
        return tuple(omissions)
    letters = _Letters(source)
    starts, ids = _starts(letters, body)
    found: list[tuple[int, Omission]] = []
    last = 0
    for omission in omissions:
        text = _plain(omission.text)
        place = letters.find(text, last, last + _NEAR)
        place = letters.find(text, 0, len(letters.text)) if place is None else place
        if place is None:  # several marks of one line, as one
            text = _first_run(omission.text)
            place = letters.find(text, last, last + _NEAR)
        if place is not None:
            letters.take(place, text)
            last = place
        number = bisect_right(starts, last) - 1
        after = omission.after or (ids[number] if number >= 0 else None)
        found.append((last, replace(omission, after=after)))
    found.sort(key=lambda pair: pair[0])
    return in_order(body, (omission for _, omission in found))


def _first_run(text: str) -> str:
    found = _RUN.search(text)
    return found.group() if found else ""


def _plain(text: str) -> str:
    return "".join(_RUN.findall(text))


def _starts(letters: _Letters, body: HtmlElement) -> tuple[list[int], list[str]]:
    """Where the blocks of a body begin in its source, and their ids, in the source's order."""
    blocks = [(str(b.get("id")), _plain(visible_text(b))) for b in _leaves(body)]
    sure = _first_pass(letters, blocks)
    found = {number: start for number, start in sure if start is not None}
    before, rest = 0, [n for n in range(len(blocks)) if n not in found]
    first = min(found, default=len(blocks))
    for number in (n for n in reversed(rest) if n < first):  # a headline stands above the text
        end = found.get(number + 1, len(letters.text))
        _take_last(letters, blocks[number][1], end, number, found)
    for number in range(len(blocks)):
        text = blocks[number][1]
        if number not in found and text:
            start = letters.find(text, before, before + _NEAR)
            if start is not None:
                letters.take(start, text)
                found[number] = start
        before = found.get(number, before)
    pairs = sorted((start, blocks[number][0]) for number, start in found.items())
    return [start for start, _ in pairs], [name for _, name in pairs]


def _first_pass(
    letters: _Letters, blocks: Iterable[tuple[str, str]]
) -> Iterator[tuple[int, int | None]]:
    """Where the longer blocks are: each after the one before."""
    before = 0
    for number, (_, text) in enumerate(blocks):
        if len(text) < _SURE:
            continue
        start = letters.find(text, before, before + _NEAR + len(text))
        if start is not None:
            letters.take(start, text)
        else:
            start = letters.find_beginning(text, before)
        before = start if start is not None else before
        yield number, start


def _take_last(letters: _Letters, text: str, end: int, number: int, found: dict[int, int]) -> None:
    """Find a block as far down as it may stand."""
    start = None
    place = letters.find(text, max(0, end - _NEAR), end)
    while place is not None:
        start, place = place, letters.find(text, place + 1, end)
    if start is not None:
        letters.take(start, text)
        found[number] = start


def _leaves(body: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks that hold text themselves."""
    kinds = (*known.LEAVES, *known.MIXED, "img")
    for block in body.iter(*kinds):
        inner = next(block.iterdescendants(*kinds), None)
        if block.get("id") and inner is None:
            yield block
