"""Words as they are said: what a careful narrator would say for numbers, signs and short forms.

Each kind has its module, and a language is a table in data/spoken. A rule takes a text and a
language's table and yields replacements; of two that overlap the earlier rule's is made. What the
engine reads right is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace

from audiostory.narration.normalise.abbreviations import abbreviations
from audiostory.narration.normalise.acronyms import acronyms
from audiostory.narration.normalise.clock import clock
from audiostory.narration.normalise.counts import (
    crossed,
    fractions,
    grouped,
    negatives,
    ordinals,
    ranges,
    scores,
)
from audiostory.narration.normalise.dates import dates
from audiostory.narration.normalise.lexis import Lexis, lexis_of
from audiostory.narration.normalise.money import money
from audiostory.narration.normalise.romans import romans
from audiostory.narration.normalise.symbols import citations, symbols
from audiostory.narration.normalise.units import units
from audiostory.narration.normalise.web import phones, versions, web
from audiostory.narration.normalise.years import years
from audiostory.narration.speakable import Replacement

__all__ = ["Lexis", "lexis_of", "normalised"]

Rule = Callable[[str, Lexis], Iterator[Replacement]]

_NEXT = re.compile(r"\s+(\w+)")
_DIGIT = re.compile(r"[\d½¼¾⅐-⅞]")
_NUMERIC: tuple[Rule, ...] = (
    dates,
    clock,
    phones,
    versions,
    crossed,
    money,
    units,
    fractions,
    years,
    scores,
    ranges,
    ordinals,
    negatives,
    grouped,
)
# Any of these makes prose worth a look: a sign, capitals in a row, a short word with a dot or
# one that is short for another.
_SIGN = re.compile(r"[^\w\s.,;:!?'’‘“”„«»\"()–—…-]|_|[²³¹⁰⁴-⁹]")
_CAPITALS = re.compile(r"[A-ZА-ЯЁЄІЇҐ]{2}|\b[IVXL](?:er|e|re)?\b")
_DOT = re.compile(
    r"\w\.(?=.)|°|№|\bn[°º]|\b[A-Zb][a-z]{1,3}[ -](?=[A-ZÀ-Ý])|\b[A-Z] (?=[A-Z])|\bNo (?=\d)"
    r"|\b(?:vs|aka|eg|ie|GmbH|Hbf)\b"
)


def normalised(text: str, language: str) -> list[Replacement]:
    """What is said otherwise than written, in order and apart.

    text: as written. language: BCP 47; nothing is replaced in one that has no table.
    """
    rules = _rules(text)
    lexis = lexis_of(language) if rules else None
    if lexis is None:
        return []
    found = _apart(text, (rule(text, lexis) for rule in rules))
    openers = lexis.words("openers", "words")
    return [_stopped(text, each, openers) for each in found] if openers else found


def _stopped(text: str, found: Replacement, openers: Container[str]) -> Replacement:
    """A short form at the end of a sentence, without its dot: "в 2026 г. На ремонт …"."""
    after = _NEXT.match(text, found.end)
    if text[found.end - 1] != "." or after is None or after[1] not in openers:
        return found
    return replace(found, end=found.end - 1)


def _rules(text: str) -> list[Rule]:
    """The rules that could find something in a text, the strongest first."""
    rules: list[Rule] = []
    has_digit, has_sign = _DIGIT.search(text) is not None, _SIGN.search(text) is not None
    if "[" in text:
        rules.append(citations)
    if has_digit or "." in text or has_sign:
        rules.append(web)
    if has_digit:
        rules += _NUMERIC
    if has_sign:
        rules.append(symbols)
    has_capitals = _CAPITALS.search(text) is not None
    if has_capitals:
        rules.append(romans)
    if has_sign or _DOT.search(text) is not None:
        rules.append(abbreviations)
    if has_capitals or has_digit:
        rules.append(acronyms)
    return rules


def _apart(text: str, sources: Iterable[Iterable[Replacement]]) -> list[Replacement]:
    """Replacements in order; where two overlap, the one that was found first."""
    taken = bytearray(len(text))
    kept: list[Replacement] = []
    for found in (replacement for source in sources for replacement in source):
        if found.begin < found.end and not any(taken[found.begin : found.end]):
            taken[found.begin : found.end] = b"\1" * (found.end - found.begin)
            if found.said != text[found.begin : found.end]:
                kept.append(found)
    return sorted(kept, key=lambda replacement: replacement.begin)
