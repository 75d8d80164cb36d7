"""Pieces of a paragraph become one: words that were divided at the ends of lines are made whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LONG = 28  # characters of a line that was wrapped
_FEWEST, _SHARE = 3, 0.04  # of lines that end in a hyphen
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def join_lines(first: str, second: str, vocabulary: Counter[str], *, divides: bool = True) -> str:
    """Two pieces of one paragraph: a word that was divided at the end of a line is made whole.

    divides: whether words are divided at the ends of lines at all; each hyphen else is a word's.
    """
    if first[-1:] in ("-", "‐", "¬") and first[-2:-1].isalpha() and second[:1].isalpha():
        is_divided = divides or first[-1] != "-"  # what divides words writes another hyphen
        if is_divided and second[0].islower() and not _is_compound(first[:-1], second, vocabulary):
            return first[:-1] + second
        return first + second
    if _CJK.match(first[-1:]) and _CJK.match(second[:1]):
        return first + second
    return f"{first} {second}"


def words_of(text: str) -> Counter[str]:
    """How often each word occurs, in lower case; compounds with their hyphens too."""
    return Counter(word.lower() for word in _WORD.findall(text))


def _is_compound(first: str, second: str, vocabulary: Counter[str]) -> bool:
    """Whether the hyphen at a line's end belongs to the word: well-known, not re-nowned."""
    left = _last_word(first)
    right = match.group() if (match := _WORD.match(second)) else ""
    if f"{left}-{right}".lower() in vocabulary:
        return True
    if f"{left}{right}".lower() in vocabulary:
        return False
    parts = (left.split("-")[-1].lower(), right.split("-")[0].lower())
    if "-" in left and len(parts[0]) > 2 and vocabulary[parts[0]]:
        return True  # two-and-forty
    return all(len(part) > 2 and vocabulary[part] > 1 for part in parts)


def _last_word(text: str) -> str:
    words = _WORD.findall(text[-60:])
    return words[-1] if words else ""


def divides(lines: Sequence[str]) -> bool:
    """Whether words are divided at the ends of a text's lines: at a few of a hundred, at least."""
    long = [line for line in lines if len(line) >= _LONG]
    hyphens = sum(line[-1] in "-‐¬" and line[-2:-1].isalpha() for line in long)
    return hyphens >= _FEWEST and hyphens >= _SHARE * len(long)
