"""Quotations that nothing marks: paragraphs after "…, telling us:"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audiostory.reading.furniture import PageWords
from audiostory.reading.paragraphs import Paragraph

_QUOTED = re.compile(r"[\"“”«»„]")
_CAPITALISED = re.compile(r"(?<![.!?…]\s)(?<!^)\b[^\W\d_a-z][^\W\d_]{2,}")
_WORD = re.compile(r"[\w']+")
_LONGEST_QUOTE = 5  # paragraphs
_LEAD_WORDS = 12  # before the colon, where the verb stands


def quoted_after(body: Sequence[Paragraph], words: PageWords) -> set[int]:
    """The paragraphs that are somebody's words though nothing marks them.

    The paragraph before says so: it ends in a colon after a verb of saying. The quotation ends
    where the text comes back to its speaker, by name; where it does not, or somebody else has
    the word between, it is one paragraph.
    """
    says = re.compile(rf"\b(?:{'|'.join(map(re.escape, words.says))})\b", re.IGNORECASE)
    quoted: set[int] = set()
    for number, paragraph in enumerate(body[:-1]):
        if number in quoted or not _leads(paragraph, says):
            continue
        names = {name.group() for name in _CAPITALISED.finditer(paragraph.text)}
        quoted |= _extent(body, number + 1, names, words)
    return quoted


def _leads(paragraph: Paragraph, says: re.Pattern[str]) -> bool:
    if paragraph.kind != "text" or not paragraph.text.endswith(":"):
        return False
    lead = " ".join(paragraph.text.split()[-_LEAD_WORDS:])
    return says.search(lead) is not None


def _extent(body: Sequence[Paragraph], start: int, names: set[str], words: PageWords) -> set[int]:
    """The paragraphs of a quotation that starts here; none when it has marks of its own."""
    if not _could_be_said(body[start]) or _QUOTED.match(body[start].text):
        return set()
    for end in range(start + 1, min(start + 1 + _LONGEST_QUOTE, len(body))):
        if any(name in body[end].text for name in names):
            return set(range(start, end))
        if not _could_be_said(body[end]) or not _is_in_person(body[end].text, words):
            break
    return {start}


def _is_in_person(text: str, words: PageWords) -> bool:
    """Whether somebody speaks: a question, or a word for the one who speaks; no other marks."""
    if _QUOTED.search(text):
        return False
    said = set(_WORD.findall(text.casefold().replace("’", "'")))
    return text.endswith("?") or not words.we.isdisjoint(said)


def _could_be_said(paragraph: Paragraph) -> bool:
    return paragraph.kind == "text" and len(paragraph.text.split(None, 3)) > 2
