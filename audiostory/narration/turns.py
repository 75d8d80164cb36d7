"""How lines of speech in one paragraph belong together: whether one speaker says them all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from audiostory.narration.narrator import DASHES
from audiostory.narration.quotations import Quotation

_SHORT_LEAD_IN = 2  # words, that name nobody: And he added:
_LONGEST_CLAUSE = 120  # characters, of one that breaks into speech
_LINES = 2  # of a dialogue in one paragraph, after the first
_FINAL = (".", "!", "?", "…")
_SENTENCE_END = re.compile(r"[.!?…]\s")


def holds_dialogue(text: str, quotations: Sequence[Quotation]) -> bool:
    """Whether a paragraph holds several lines of a dialogue.

    A dash opens each, where none parts what the narrator says (— Yes, he says. — Oh? — So.).
    """
    if text[:1] not in DASHES:
        return False
    opened = 0
    for last, q in pairwise(quotations):
        between = text[last.end : q.start].strip()
        opened += text[q.start] in DASHES and between[:1] not in DASHES
    return opened >= _LINES


def is_whole(text: str, q: Quotation) -> bool:
    """Whether a quotation stands in marks of its own, and ends with a sentence's end."""
    return q.inner_end < q.end and text[q.inner_start : q.inner_end].rstrip().endswith(_FINAL)


def holds_on(between: str) -> float:
    """How surely who speaks goes on after what stands between two parts of speech."""
    *before, last = _SENTENCE_END.split(between.strip(" \u00a0—–-"))
    if last.endswith(":") and len(last.split()) > _SHORT_LEAD_IN:
        return 0.9  # somebody else leads it in
    return 1.0 if len(between) <= _LONGEST_CLAUSE and not any(before) else 0.97
