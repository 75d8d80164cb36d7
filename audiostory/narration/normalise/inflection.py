"""Ordinals as they stand in a sentence: German ones end as their article says."""

from __future__ import annotations

import re

from audiostory.narration.normalise.lexis import Lexis, word_before
from audiostory.narration.normalise.numerals import (
    Case,
    Gender,
    cardinal,
    ordinal,
    ordinal_in_case,
    year_in_words,
)

_YEARS_AS_HUNDREDS = range(1100, 2000)
_THE_2000S = range(2000, 2010)


def said_ordinal(
    number: int, text: str, at: int, lexis: Lexis, case: Case = "n", gender: Gender = "m"
) -> str:
    """An ordinal that stands at a place in a text, before a noun of that gender."""
    if lexis.in_words:
        return ordinal_in_case(number, lexis, case, gender)
    if lexis.language == "de":
        return german_ordinal(number, word_before(text, at).lower(), lexis, gender)
    if lexis.language == "es":
        return spanish_ordinal(number, lexis, gender)
    said = ordinal(number, lexis.language)
    return re.sub("premier$", "première", said) if gender == "f" and number == 1 else said


def german_ordinal(number: int, before: str, lexis: Lexis, gender: Gender) -> str:
    """A German ordinal after a word: der dritte, am dritten, ein drittes, dritter."""
    stem = ordinal(number, "de").removesuffix("e")
    endings = lexis.table("ordinal_endings")
    if before == "der":
        return stem + ("en" if gender == "f" else "e")
    for ending in ("en", "e"):
        if before in endings[ending]:
            return stem + ending
    if before in endings["bare"]:  # in dritter Lesung
        return stem + {"m": "em", "f": "er", "n": "em"}[gender]
    return stem + {"m": "er", "f": "e", "n": "es"}[gender]


def spanish_ordinal(number: int, lexis: Lexis, gender: Gender) -> str:
    """A Spanish ordinal: primero, primera."""
    said = ordinal(number, "es")
    return re.sub(r"o\b", "a", said) if gender == "f" else said


def said_year(year: int, lexis: Lexis, case: Case = "n") -> str:
    """A year as it is said where it is not the digits that say it."""
    if lexis.in_words:
        return ordinal_in_case(year, lexis, case, "m")
    if lexis.language == "en" and year in _THE_2000S:
        return cardinal(year, "en")
    if lexis.language == "en":
        return year_in_words(year, "en")
    if lexis.language == "de" and year in _YEARS_AS_HUNDREDS:
        return year_in_words(year, "de")
    return str(year)
