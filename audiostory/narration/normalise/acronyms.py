"""Capitals said letter by letter where the engine would say a word, and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from audiostory.narration.normalise.lexis import Lexis, any_of
from audiostory.narration.speakable import Replacement

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SHOUTED = 0.8  # of the letters
_CAPITALS = re.compile(r"[^\W\d_]{3,}")


def acronyms(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """Letters apart for the acronyms that need it; not in a line that is all capitals."""
    for found in _formulas(lexis).finditer(text):
        yield Replacement(found.start(), found.end(), formula(found.group(), lexis))
    if _is_shouted(text):
        return
    for found in _acronyms(lexis).finditer(text):
        word, many = found["word"], found["many"] or ""
        if not many and word not in lexis.words("letters", "words"):
            continue
        said = spelled(word, lexis)
        if many:  # The engine says "M P's" right, and "M.P's" not.
            said = said.replace(".", " ") if len(word) == 2 else said
            said += str(lexis.table("letters")["plural"])
        yield Replacement(found.start(), found.end(), said)


@cache
def _formulas(lexis: Lexis) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w]){any_of(lexis.words('formulas', 'names'))}(?!\w)")


@cache
def _acronyms(lexis: Lexis) -> re.Pattern[str]:
    words = any_of({*lexis.words("letters", "words"), *lexis.words("letters", "spelled")})
    many = "(?P<many>s)?" if lexis.table("letters").get("plural") else "(?P<many>(?!))?"
    return re.compile(rf"(?<![\w&.@#/])(?P<word>{words}){many}(?![\w&@/])")


def _is_shouted(text: str) -> bool:
    """Whether a heading is set in capitals: WHO IS SAFE?"""
    words = _CAPITALS.findall(text)
    capitals = sum(map(str.isupper, text))
    return len(words) > 1 and capitals > _SHOUTED * sum(map(str.isalpha, text))


def spelled(word: str, lexis: Lexis) -> str:
    """A word letter by letter, as this language's engine says letters best."""
    names = lexis.table("letter_names")
    joint = str(lexis.table("letters").get("joint", " "))
    return (" " if names else joint).join(str(names.get(letter, letter)) for letter in word.upper())


def formula(written: str, lexis: Lexis) -> str:
    """A chemical formula: C O 2. Capitals begin an element."""
    parts = re.findall(r"[A-Z][a-z]?|\d+", written.translate(_SUBSCRIPTS))
    names = lexis.table("element_names")
    digits = lexis.table("digit_names")
    return " ".join(str(names.get(part, digits.get(part, part))) for part in parts)
