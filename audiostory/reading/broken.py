"""Paragraphs that a page's layout broke in mid-sentence are made whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from audiostory.reading.furniture import PageWords, is_capitals
from audiostory.reading.lines import is_byline, is_credits, is_date_line, is_photo_line
from audiostory.reading.paragraphs import Paragraph, is_ended, join_lines

_LONG_WORDS = 12
_FEW_WORDS = 5
_ENOUGH = 400  # characters of a paragraph that show how long it is
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»]?\s+[\"'“‘«„]?[^\W\d_a-z]")


def rejoined(
    body: Sequence[Paragraph], words: PageWords, vocabulary: Counter[str]
) -> list[Paragraph]:
    """The paragraphs, each that goes on in the next one joined to it. Linear in their length."""
    whole: list[Paragraph] = []
    pieces: list[str] = []  # of the last paragraph, which is put together once
    opening = ""
    for paragraph in body:
        if pieces and _is_broken(whole[-1], opening, pieces[-1], paragraph, words):
            joined = join_lines(pieces[-1], paragraph.text, vocabulary)
            pieces[-1:] = [joined[: -len(paragraph.text)], paragraph.text]
        else:
            if len(pieces) > 1:
                whole[-1] = replace(whole[-1], text="".join(pieces))
            whole.append(paragraph)
            pieces, opening = [paragraph.text], ""
        if len(opening) < _ENOUGH:
            opening = f"{opening} {paragraph.text[:_ENOUGH]}".strip()
    if len(pieces) > 1:
        whole[-1] = replace(whole[-1], text="".join(pieces))
    return whole


def _is_broken(
    first: Paragraph, opening: str, last: str, second: Paragraph, words: PageWords
) -> bool:
    """Whether a sentence goes on from one paragraph to the next.

    opening: how the first one begins, last: its last piece.
    """
    if first.kind != "text" or second.kind != "text" or is_ended(last) or not second.text:
        return False
    if is_photo_line(last, words) or is_photo_line(second.text, words):
        return False
    if is_credits(second.text, words) or is_capitals(opening):
        return False
    if _stands_apart(last, words) or _stands_apart(second.text, words):
        return False
    count = len(opening.split(None, 2 * _LONG_WORDS))
    if second.text[:1].islower():
        return count >= _FEW_WORDS and (first.block != second.block or is_ended(second.text))
    begun = _SENTENCE_END.search(opening) is not None or count >= 2 * _LONG_WORDS
    return begun and count >= _LONG_WORDS and is_ended(second.text)


def _stands_apart(text: str, words: PageWords) -> bool:
    return is_byline(text, words) or is_date_line(text, words)
