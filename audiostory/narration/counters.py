"""Counters: what counter() says at an element (CSS Lists 3, section 4).

A counter that an element resets is in scope for it, for what is in it, and for its later siblings
and what is in them. The counter list-item counts the items of lists, as their lists number them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from audiostory.narration.style import Style

_LARGEST = 2**31 - 1
LIST_ITEM = "list-item"


@dataclass(slots=True)
class Counters:
    """Counters while an article is walked through: enter and leave every element, in order."""

    _values: dict[str, list[int]] = field(default_factory=dict)  # by name, the innermost last
    _made: list[set[str]] = field(default_factory=lambda: [set()])  # by the siblings so far

    def enter(self, element: HtmlElement, style: Style) -> None:
        """An element begins: its counters are reset, counted on and set."""
        number = element.get("data-number") if element.tag == "li" else None
        if number is not None:
            self._set(LIST_ITEM, int(number))
        elif element.tag in ("ul", "ol"):
            self._reset(LIST_ITEM, 0)
        self.count(style)
        self._made.append(set())

    def leave(self) -> None:
        """An element ends, and with it the counters that were made in it."""
        for name in self._made.pop():
            self._values[name].pop()

    def count(self, style: Style) -> None:
        """What the style of an element, or of its ::before or ::after, does to counters."""
        for name, number in style.counter_reset:
            self._reset(name, number)
        for name, number in style.counter_increment:
            self._set(name, self._now(name) + number)
        for name, number in style.counter_set:
            self._set(name, number)

    def in_scope(self, name: str) -> Sequence[int]:
        """The values of a counter, the outermost first; none where there is no such counter."""
        return self._values.get(name, ())

    def _now(self, name: str) -> int:
        values = self._values.get(name)
        return values[-1] if values else 0

    def _reset(self, name: str, number: int) -> None:
        values = self._values.setdefault(name, [])
        if name in self._made[-1]:
            values.pop()
        self._made[-1].add(name)
        values.append(number)

    def _set(self, name: str, number: int) -> None:
        if self._values.get(name):
            self._values[name][-1] = max(-_LARGEST, min(_LARGEST, number))
        else:
            self._reset(name, number)
