"""Where quotations begin and end in a paragraph, and which of them are somebody's speech.

Marks follow the language, by CLDR's delimiters (data/quotation-marks.json), and the
practice of its press: curly, low-high, angle, corner and straight marks are all known in
every language; a mark that both opens and closes is told by what stands around it. What
is left open at the end of a paragraph is no quotation, unless the next paragraph goes on
with the same mark: a mistake stays within its paragraph.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["direct", "fragment"]

# Which marks close a quotation, by the mark that opened it.
_CLOSERS = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‘": "’",
    "‚": "‘’",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "”": "”",
    "’": "’",
    '"': '"',
    "'": "'",
}
_OPEN_ANYWHERE = frozenset("“„«»‘‚‹›「『\"'")
_SURE = frozenset("“„«「『")  # open whatever stands before them (unless they close, too)
_APOSTROPHES = frozenset("'’‘")
_MARKS = re.compile("[" + "".join(set("".join(_CLOSERS) + "".join(_CLOSERS.values()))) + "]")
_ELISION = re.compile(r"(\d\ds?|tis|twas|em|n|cause|til|till|round|bout|s|t)\b", re.IGNORECASE)
_AND = re.compile(r"n['’]\s", re.IGNORECASE)  # rock 'n' roll
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SENTENCE_END = re.compile(r"[.!?…。！？]")
_COMPLEMENTISERS = frozenset(  # "said that …"
    {"that", "dass", "daß", "que", "qu", "che", "что", "що", "że", "dat", "att", "at", "že"}
    | {"hogy", "că", "ότι"}
)
# What opens the next paragraph of a quotation, by the mark that opened it: French repeats the
# one that closes, too.
_GOES_ON = {"«": ("«", "»")}
_INTERRUPTION = re.compile(r"\s*[—–][^—–.!?“”„«»\"]{1,80}[—–]\s*")  # "I think" — she paused — "…"
_OPENING_BRACKETS = " \u00a0\u202f([{"
_BEFORE_A_CAPITAL = "“”‘’'\"«»„[({¿¡—–- \u00a0\u202f"
_SPEECH_WORDS = 5
_CLAUSE_WORDS = 4  # of what ends as a sentence does
_LONG_SPEECH_WORDS = 12


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation in a text. start, end: with its marks; inner_*: without them."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    kind: Kind


@dataclass(slots=True)
class _Open:
    mark: str
    start: int


def find_quotations(texts: Sequence[str], language: str) -> list[tuple[Quotation, ...]]:
    """The outermost quotations of each paragraph, in order, for paragraphs that follow on.

    texts: the paragraphs. language: BCP 47. Nested quotations are part of the outer one.
    """
    found: list[tuple[Quotation, ...]] = []
    carried: str | None = None
    for text, following in zip(texts, [*texts, ""][1:], strict=True):
        goes_on = carried if carried and text.startswith(_continuations(carried)) else None
        spans, left_open = _spans(text, language, following, goes_on)
        kinds: list[Quotation] = []
        for index, (start, end, inner_end) in enumerate(spans):
            is_part = (goes_on is not None and start == 0) or (
                left_open is not None and index == len(spans) - 1
            )
            following_start = spans[index + 1][0] if index + 1 < len(spans) else -1
            around = (kinds[-1] if kinds else None, following_start)
            kind: Kind = "direct" if is_part else _kind(text, start, end, inner_end, *around)
            kinds.append(Quotation(start, end, start + 1, inner_end, kind))
        carried = left_open
        found.append(tuple(kinds))
    return found


def _continuations(mark: str) -> tuple[str, ...]:
    return _GOES_ON.get(mark, (mark,))


@cache
def _closes_only(language: str) -> frozenset[str]:
    """The high marks that open elsewhere, and that this language closes with."""
    own = _delimiters(language)
    return frozenset({own[1], own[3]} - {own[0], own[2]}) & {"“", "‘"}


@cache
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


def _spans(
    text: str, language: str, following: str, goes_on: str | None
) -> tuple[list[tuple[int, int, int]], str | None]:
    """(start, end, inner end) of each outermost quotation; the mark left open, if it goes on.

    goes_on: the mark that opened, in an earlier paragraph, what the first character goes on with.
    """
    openers, sure = _openers(language), _SURE - _closes_only(language)
    spans: list[tuple[int, int, int]] = []
    stack: list[_Open] = [_Open(goes_on, 0)] if goes_on else []
    for found in _MARKS.finditer(text, len(stack)):
        at, mark = found.start(), found.group()
        closed = _closed_by(text, at, mark, stack)
        if closed is not None:
            start = stack[closed].start
            del stack[closed:]
            _drop_from(spans, start)
            spans.append((start, at + 1, at))
        elif mark in openers and _opens(text, at, mark, stack, sure):
            stack.append(_Open(mark, at))
    for left in stack:
        if following.startswith(_continuations(left.mark)) and left.mark not in _APOSTROPHES:
            _drop_from(spans, left.start)
            return [*spans, (left.start, len(text), len(text))], left.mark
    return spans, None


def _drop_from(spans: list[tuple[int, int, int]], start: int) -> None:
    """Drop the quotations nested in the one that begins at start."""
    while spans and spans[-1][0] > start:
        spans.pop()


def _closed_by(text: str, at: int, mark: str, stack: list[_Open]) -> int | None:
    """The index in the stack of what this mark closes, or None."""
    for index in range(len(stack) - 1, max(-1, len(stack) - 9), -1):
        if mark in _CLOSERS[stack[index].mark] and _closes(text, at, mark):
            return index
    return None


def _opens(text: str, at: int, mark: str, stack: Sequence[_Open], sure: frozenset[str]) -> bool:
    after = text[at + 1 : at + 2]
    if not after or (after.isspace() and not (mark in "«‹" and after in "\u00a0\u202f\u2009 ")):
        return False
    if mark in sure:
        return True
    before = text[at - 1 : at] if at else ""
    if before.isalnum() or before in (".", ",", "!", "?", "…", ")"):
        return False
    if mark not in _APOSTROPHES:
        return True
    if _AND.match(text, at + 1):
        return False
    inside = any(left.mark == mark for left in stack[-8:])  # its end is not that of '90s
    return not (_ELISION.match(text, at + 1) and (inside or not _closing_ahead(text, at + 1)))


def _closes(text: str, at: int, mark: str) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if mark in "」』":
        return True
    if before.isspace() and mark not in "»›«‹":
        return False
    if mark in '"”“»«' or mark not in _APOSTROPHES:
        inches = mark == '"' and before.isdigit() and _closing_ahead(text, at + 1, '"')
        return not (mark == '"' and (after.isalnum() or (inches and after == " ")))
    if after.isalnum() or text[max(0, at - 2) : at].lower() in ("'n", "’n", "‘n"):
        return False
    possessive = before in ("s", "S") and after == " " and _closing_ahead(text, at + 1)
    return not possessive


def _closing_ahead(text: str, start: int, marks: str = "'’") -> bool:
    """Whether a mark that can only close stands ahead, before one that could open."""
    for at in range(start, min(len(text), start + 400)):
        if text[at] in marks and not text[at + 1 : at + 2].isalnum():
            return not text[at - 1].isspace()
        if text[at] in "‘'\"" and text[at - 1].isspace():
            return False
    return False


def _kind(
    text: str, start: int, end: int, inner_end: int, previous: Quotation | None, following: int
) -> Kind:
    """Direct speech, or a word or phrase inside the narrator's own sentence.

    Speech is a clause or more: it stands on its own (a sentence's capital and a sentence's
    end), or is led in by a comma, a colon, a conjunction ("said that …"), or continues
    what was just quoted ("…," she said, "…"). following: where the next quotation starts.
    """
    inner = text[start + 1 : inner_end].strip()
    words = len(_WORD.findall(inner))
    breaks_off = _interrupted(text, end, following)
    ends = (
        breaks_off or inner[-1:] in tuple(".,!?…。！？，") or text[end : end + 1] in tuple(",.!?")
    )
    ends = ends or end == len(text)
    if not words:
        return "fragment"
    if _sentences_inside(inner) or words >= _LONG_SPEECH_WORDS:
        return "direct"
    led_in = _led_in(text, start)
    if led_in and ends and _is_broken_off(text, previous, start):
        return "direct"
    if _starts_sentence(inner):
        alone = led_in or _stands_alone(text, start, previous)
        return "direct" if alone and ends and not _is_label(text, start, end) else "fragment"
    fewest = _CLAUSE_WORDS if inner[-1:] in tuple(".!?…") else _SPEECH_WORDS
    return "direct" if led_in and words >= fewest and ends else "fragment"


def _interrupted(text: str, end: int, following: int) -> bool:
    """Whether the narrator breaks in, between dashes, before the next quotation."""
    found = _INTERRUPTION.match(text, end)
    return found is not None and found.end() == following


def _is_broken_off(text: str, previous: Quotation | None, start: int) -> bool:
    """Whether the speech before was left with a comma or an end, to be gone on with."""
    if previous is None or previous.kind != "direct":
        return False
    said = text[previous.inner_start : previous.inner_end].rstrip()
    if said[-1:] in (",", "!", "?", ".") or text[previous.end : previous.end + 1] == ",":
        return True
    return _interrupted(text, previous.end, start)


def _stands_alone(text: str, start: int, previous: Quotation | None) -> bool:
    """Whether a quotation begins where a sentence may, or right after another's speech."""
    if previous is not None and previous.kind == "direct" and text[previous.end : start].isspace():
        return True
    before = _just_before(text, start).rstrip(_OPENING_BRACKETS)
    return before[-1:] in ("", *".!?…:—–-")


def _is_label(text: str, start: int, end: int) -> bool:
    """A whole paragraph of one or two quoted words is speech; a quoted subject is not."""
    inner = text[start + 1 : end - 1].strip()
    follows = text[end : end + 24].lstrip()
    return inner[-1:].isalnum() and bool(follows) and follows[0].isalpha()


def _sentences_inside(inner: str) -> bool:
    return any(
        inner[found.end() : found.end() + 1].isspace()
        and inner[found.end() : found.end() + 16].lstrip(" .!?…)”’")[:1].isupper()
        and len(_WORD.findall(inner[: found.start()])) >= 2
        for found in _SENTENCE_END.finditer(inner)
    )


def _starts_sentence(inner: str) -> bool:
    if inner.startswith(("…", "...")):
        return True  # it begins in the middle of what was said
    first = inner.lstrip(_BEFORE_A_CAPITAL)[:1]
    return (
        first.isupper() or first.isdigit() or (first.isalpha() and first.lower() == first.upper())
    )


def _led_in(text: str, start: int) -> bool:
    before = _just_before(text, start)
    if before[-1:] in (",", ":", "，", "：", "—", "–"):
        return True
    last = _WORD.findall(before)
    return bool(last) and last[-1].lower() in _COMPLEMENTISERS


def _just_before(text: str, start: int) -> str:
    return text[max(0, start - 24) : start].rstrip()
