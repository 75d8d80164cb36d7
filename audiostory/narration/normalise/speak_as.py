"""speak-as: letter by letter, digit by digit, punctuation named or passed over (CSS Speech 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from audiostory.model import SpeakAs
from audiostory.narration.normalise.acronyms import spelled
from audiostory.narration.normalise.lexis import Lexis, any_of, lexis_of
from audiostory.narration.speakable import Replacement

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d{2,}")
_PUNCTUATION = re.compile(r"[^\w\s]+")
_UNKNOWN = Lexis("", {})  # a language without a table; one, since patterns are kept by it


def spoken_as(text: str, ways: Sequence[SpeakAs], language: str) -> Iterator[Replacement]:
    """What an utterance's speak-as asks for, in order. language: BCP 47."""
    lexis = lexis_of(language) or _UNKNOWN
    found: list[Replacement] = []
    if "spell-out" in ways:
        found += _spelled_out(text, lexis)
    elif "digits" in ways:
        found += [
            Replacement(run.start(), run.end(), " ".join(run.group()))
            for run in _DIGITS.finditer(text)
        ]
    if "literal-punctuation" in ways:
        found += _named(text, lexis)
    elif "no-punctuation" in ways:
        found += _passed_over(text)
    yield from sorted(found, key=lambda replacement: replacement.begin)


def _spelled_out(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for run in _WORD.finditer(text):
        names = lexis.table("letter_names")
        said = spelled(run.group(), lexis) if names else _letters(run.group(), lexis)
        if said != run.group():
            yield Replacement(run.start(), run.end(), said)


def _letters(word: str, lexis: Lexis) -> str:
    """Letters apart. English "A" alone would be the article: a dot makes it a letter."""
    if lexis.table("letters").get("joint") == "." and len(word) > 1 and word.isalpha():
        return ".".join(word.upper())
    return " ".join(word.upper())


@cache
def _names(lexis: Lexis) -> re.Pattern[str]:
    return re.compile(any_of(lexis.table("punctuation")))


def _named(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """Marks by their names, between spaces."""
    for mark in _names(lexis).finditer(text):
        before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
        said = str(lexis.table("punctuation")[mark.group()])
        said = ("" if not before or before.isspace() else " ") + said
        yield Replacement(
            mark.start(), mark.end(), said + ("" if after.isspace() or not after else " ")
        )


def _passed_over(text: str) -> Iterator[Replacement]:
    """Marks leave no trace, but part words; an apostrophe stays in its word."""
    for marks in _PUNCTUATION.finditer(text):
        before, after = text[marks.start() - 1 : marks.start()], text[marks.end() : marks.end() + 1]
        inside = before.isalnum() and after.isalnum()
        if inside and marks.group() in "'’":
            continue
        yield Replacement(marks.start(), marks.end(), " " if inside else "")
