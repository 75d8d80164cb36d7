"""Pieces of a paragraph become one: words that were divided at the ends of lines are made whole."""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def join_lines(first: str, second: str, vocabulary: Counter[str]) -> str:
    """Two pieces of one paragraph: a word that was divided at the end of a line is made whole."""
    if first[-1:] in ("-", "‐", "¬") and first[-2:-1].isalpha() and second[:1].isalpha():
        if second[0].islower() and not _is_compound(first[:-1], second, vocabulary):
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
