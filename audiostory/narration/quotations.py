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
_SURE = frozenset("“„«「『")  # open whatever stands before them (if the language allows it)
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
_SPEECH_WORDS = 5
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
        spans, left_open = _spans(text, _openers(language), following)
        kinds: list[Quotation] = []
        for index, (start, end, inner_end) in enumerate(spans):
            goes_on = (carried is not None and start == 0 and text[:1] == carried) or (
                left_open is not None and index == len(spans) - 1
            )
            previous = kinds[-1] if kinds else None
            kind: Kind = "direct" if goes_on else _kind(text, start, end, inner_end, previous)
            kinds.append(Quotation(start, end, start + 1, inner_end, kind))
        carried = left_open
        found.append(tuple(kinds))
    return found


@cache
def _openers(language: str) -> frozenset[str]:
    own = _delimiters(language)
    openers = _OPEN_ANYWHERE | {own[0], own[2]}
    closes_only = {mark for mark in (own[1], own[3]) if mark not in (own[0], own[2])}
    return frozenset(openers - (closes_only & {"“", "‘"}))


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
    text: str, openers: frozenset[str], following: str
) -> tuple[list[tuple[int, int, int]], str | None]:
    """(start, end, inner end) of each outermost quotation; the mark left open, if it goes on."""
    spans: list[tuple[int, int, int]] = []
    stack: list[_Open] = []
    for found in _MARKS.finditer(text):
        at, mark = found.start(), found.group()
        closed = _closed_by(text, at, mark, stack)
        if closed is not None:
            start = stack[closed].start
            del stack[closed:]
            _drop_from(spans, start)
            spans.append((start, at + 1, at))
        elif mark in openers and _opens(text, at, mark):
            stack.append(_Open(mark, at))
    for left in stack:
        if following.startswith(left.mark) and left.mark not in _APOSTROPHES:
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


def _opens(text: str, at: int, mark: str) -> bool:
    after = text[at + 1 : at + 2]
    if not after or (after.isspace() and not (mark in "«‹" and after in "\u00a0\u202f\u2009 ")):
        return False
    if mark in _SURE:
        return True
    before = text[at - 1 : at] if at else ""
    if before.isalnum() or before in (".", ",", "!", "?", "…", ")"):
        return False
    if mark not in _APOSTROPHES:
        return True
    if _AND.match(text, at + 1):
        return False
    return not (_ELISION.match(text, at + 1) and not _closing_ahead(text, at + 1))


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


def _kind(text: str, start: int, end: int, inner_end: int, previous: Quotation | None) -> Kind:
    """Direct speech, or a word or phrase inside the narrator's own sentence.

    Speech is a clause or more: it stands on its own (a sentence's capital and a sentence's
    end), or is led in by a comma, a colon, a conjunction ("said that …"), or continues
    what was just quoted ("…," she said, "…").
    """
    inner = text[start + 1 : inner_end].strip()
    words = len(_WORD.findall(inner))
    ends = (bool(inner) and inner[-1] in ".,!?…。！？，") or text[end : end + 1] in (
        "",
        ",",
        ".",
        "!",
        "?",
    )
    if not words:
        return "fragment"
    if _sentences_inside(inner) or words >= _LONG_SPEECH_WORDS:
        return "direct"
    led_in = _led_in(text, start)
    if led_in and ends and _is_broken_off(text, previous):
        return "direct"
    if _starts_sentence(inner):
        stands_alone = led_in or _just_before(text, start)[-1:] in ("", *".!?…:—–-")
        return "direct" if stands_alone and ends and not _is_label(text, start, end) else "fragment"
    return "direct" if led_in and words >= _SPEECH_WORDS and ends else "fragment"


def _is_broken_off(text: str, previous: Quotation | None) -> bool:
    """Whether the speech before was left with a comma or an end, to be gone on with."""
    if previous is None or previous.kind != "direct":
        return False
    said = text[previous.inner_start : previous.inner_end].rstrip()
    return said[-1:] in (",", "!", "?", ".") or text[previous.end : previous.end + 1] == ","


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
    first = inner.lstrip("“”‘’'\"«»„[(…—– ")[:1]
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
