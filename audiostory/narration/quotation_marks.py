"""Which quotation marks belong together: what each pair holds, and what lies within it.

Marks follow the language, by CLDR's delimiters (data/quotation-marks.json), and the
practice of its press: curly, low-high, angle, corner and straight marks, two commas and two
apostrophes are all known in every language; a mark that both opens and closes is told by
what stands around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

# Which marks close a quotation, by the mark that opened it.
_CLOSERS = {
    "“": ("”",),
    "„": ("“", "”"),
    "«": ("»",),
    "»": ("«",),
    "‘": ("’",),
    "‚": ("‘", "’"),
    "‹": ("›",),
    "›": ("‹",),
    "「": ("」",),
    "『": ("』",),
    "”": ("”",),
    "’": ("’",),
    '"': ('"',),
    "'": ("'",),
    "''": ("''",),
    "``": ("''", '"'),
    ",,": ("''", "”", "“", '"'),
}
MARKS = frozenset("".join("".join((mark, *ends)) for mark, ends in _CLOSERS.items())) - {","}
_OPEN_ANYWHERE = frozenset([*"“„«»‘‚‹›「『\"'", "''", "``", ",,"])
_SURE = frozenset("“„«「『")  # open whatever stands before them (unless they close, too)
_APOSTROPHES = frozenset("'’‘")
_MARK = re.compile(r"(?<!')''(?!')|``|(?<!\S),,(?=\w)|[" + "".join(MARKS - {"`"}) + "]")
_ELISION = re.compile(r"(tis|twas|em|n|cause|til|till|round|bout|uns?|s|t)\b", re.IGNORECASE)
_DECADE = re.compile(r"\d\ds?\b")
_AND = re.compile(r"n['’]\s", re.IGNORECASE)  # rock 'n' roll
_POSSESSIVE = re.compile(r"[sS]['’] [^\W\d_]")
# What opens the next paragraph of a quotation, by the mark that opened it: French repeats the
# one that closes, too.
_GOES_ON = {"«": ("«", "»")}
_DEEPEST = 3  # quotations in one another
_NEAR = 8  # how many marks that are open may be closed
_AHEAD = 400  # characters in which a mark that closes is sought


@dataclass(slots=True)
class Span:
    """A pair of marks. start, end: with them; inner_*: without. nested: the pairs in it."""

    start: int
    inner_start: int
    inner_end: int
    end: int
    nested: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    mark: str
    start: int
    nested: list[Span] = field(default_factory=list)


def continuations(mark: str) -> tuple[str, ...]:
    """What the next paragraph begins with when a quotation that opened with mark goes on."""
    return _GOES_ON.get(mark, (mark,))


def paired(
    text: str, language: str, following: str, goes_on: str | None
) -> tuple[list[Span], str | None]:
    """The pairs of marks in a paragraph, in order; the mark left open, if it goes on.

    following: the next paragraph. goes_on: the mark that opened, in an earlier paragraph,
    what the first character goes on with. What is left open is no quotation.
    """
    openers, sure = _openers(language), _SURE - _closes_only(language)
    outer: list[Span] = []
    stack: list[_Open] = [_Open(goes_on, 0)] if goes_on else []
    for found in _MARK.finditer(text, 1 if goes_on else 0):
        at, mark = found.start(), found.group()
        closed = _closed_by(text, at, mark, stack)
        if closed is not None:
            opened = _reduced(stack, closed)
            inner_start = opened.start + len(opened.mark)
            span = Span(opened.start, inner_start, at, found.end(), opened.nested)
            (stack[-1].nested if stack else outer).append(span)
        elif mark in openers and _opens(text, at, mark, stack, sure):
            stack.append(_Open(mark, at))
    for index, left in enumerate(stack):
        if following.startswith(continuations(left.mark)) and left.mark not in _APOSTROPHES:
            opened = _reduced(stack, index)
            end = len(text)
            outer += [inner for still in stack for inner in still.nested]
            outer.append(Span(left.start, left.start + len(left.mark), end, end, opened.nested))
            return [_shallow(span) for span in outer], left.mark
    outer += [inner for left in stack for inner in left.nested]
    return [_shallow(span) for span in outer], None


def _reduced(stack: list[_Open], index: int) -> _Open:
    """The open mark at index, taken from the stack; what later ones hold is in it."""
    opened = stack[index]
    for later in stack[index + 1 :]:
        opened.nested.extend(later.nested)
    del stack[index:]
    return opened


def _shallow(span: Span, depth: int = 1) -> Span:
    """The span without what is nested too deep for anybody to tell."""
    if depth > _DEEPEST:
        span.nested = []
    for inner in span.nested:
        _shallow(inner, depth + 1)
    return span


@lru_cache(maxsize=256)
def _closes_only(language: str) -> frozenset[str]:
    """The high marks that open elsewhere, and that this language closes with."""
    own = _delimiters(language)
    return frozenset({own[1], own[3]} - {own[0], own[2]}) & {"“", "‘"}


@lru_cache(maxsize=256)
def _openers(language: str) -> frozenset[str]:
    own = _delimiters(language)
    return frozenset((_OPEN_ANYWHERE | {own[0], own[2]}) - (_closes_only(language) & {"‘"}))


@cache
def _marks_table() -> dict[str, list[str]]:
    data = files("audiostory.narration") / "data" / "quotation-marks.json"
    table: dict[str, list[str]] = json.loads(data.read_text("utf-8"))
    return table


def _delimiters(language: str) -> list[str]:
    parts = language.split("-")
    while parts:
        if found := _marks_table().get("-".join(parts)):
            return found
        parts.pop()
    return _marks_table()["en"]


def _closed_by(text: str, at: int, mark: str, stack: list[_Open]) -> int | None:
    """The index in the stack of what this mark closes, or None."""
    for index in range(len(stack) - 1, max(-1, len(stack) - _NEAR - 1), -1):
        if mark in _CLOSERS[stack[index].mark] and _closes(text, at, mark):
            return index
    return None


def _opens(text: str, at: int, mark: str, stack: Sequence[_Open], sure: frozenset[str]) -> bool:
    after = text[at + len(mark) : at + len(mark) + 1]
    if not after or (after.isspace() and not (mark in "«‹" and after in "\u00a0\u202f\u2009 ")):
        return False
    if mark in sure:
        return True
    before = text[at - 1 : at] if at else ""
    if before.isalnum() or before in (".", ",", "!", "?", "…", ")"):
        return False
    if mark not in _APOSTROPHES:
        return True
    if _AND.match(text, at + 1) or _DECADE.match(text, at + 1):
        return False
    inside = any(left.mark == mark for left in stack[-_NEAR:])  # its end is not that of '90s
    return not (_ELISION.match(text, at + 1) and (inside or not _closing_ahead(text, at + 1)))


def _closes(text: str, at: int, mark: str) -> bool:
    before, after = text[at - 1 : at], text[at + len(mark) : at + len(mark) + 1]
    if mark in "」』":
        return True
    if before.isspace() and mark not in "»›«‹":
        return False
    if mark not in _APOSTROPHES:
        inches = mark == '"' and before.isdigit() and _closing_ahead(text, at + 1, '"')
        return not (mark in ('"', "''") and (after.isalnum() or (inches and after == " ")))
    if after.isalnum() or text[max(0, at - 2) : at].lower() in ("'n", "’n", "‘n"):
        return False
    possessive = before in ("s", "S") and after == " " and _closing_ahead(text, at + 1)
    return not possessive


def _closing_ahead(text: str, start: int, marks: str = "'’") -> bool:
    """Whether a mark that can only close stands ahead, before one that could open."""
    for at in range(start, min(len(text), start + _AHEAD)):
        if text[at] in marks and not text[at + 1 : at + 2].isalnum():
            if text[at] in _APOSTROPHES and _POSSESSIVE.match(text, at - 1):
                continue
            return not text[at - 1].isspace()
        if text[at] in "‘'\"" and text[at - 1].isspace():
            return False
    return False
