"""Lists that nothing marks: the ingredients of a recipe, short lines after a colon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from audiostory.reading.paragraphs import Paragraph, is_ended

_QUANTITY = re.compile(r"(?:\d|[¼-¾⅐-⅞])")
_NOT_QUANTITY = re.compile(r"\d{1,2}[:.h]\d{2}\b|(?:19|20)\d\d\b|\d+[.)]\s")
_FEWEST = 3
_LONGEST = 14  # words


def listed(body: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs, lines that are a list's made its items."""
    made = list(body)
    start = 0
    while start < len(made):
        is_list, end = False, start + 1
        if _is_quantity(made[start]):
            end = _run(made, start)
            end = _without_heading(made, start, end)
            counted = sum(_is_quantity(p) for p in made[start:end])
            is_list = end - start >= _FEWEST and 2 * counted >= end - start
        elif _is_below_colon(made, start):
            end = _run(made, start)
            is_list = end - start >= _FEWEST
        if is_list:
            made[start:end] = [replace(p, kind="bullet", level=0) for p in made[start:end]]
        start = end if is_list else start + 1
    return made


def _is_below_colon(body: Sequence[Paragraph], number: int) -> bool:
    """Whether the line above announces something."""
    if not number or not body[number - 1].text.endswith(":"):
        return False
    return body[number].block - body[number - 1].block <= 1


def _run(body: Sequence[Paragraph], start: int) -> int:
    """Where short lines of one block that are no sentences end, from here on."""
    end = start
    while end < len(body) and end - start < 200 and _is_short(body[end], body[start]):
        end += 1
    return max(end, start + 1)


def _is_short(paragraph: Paragraph, first: Paragraph) -> bool:
    text = paragraph.text
    if paragraph.kind != "text" or paragraph.block != first.block:
        return False
    return len(text.split(None, _LONGEST)) < _LONGEST and (text[-1:] == ";" or not is_ended(text))


def _is_quantity(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return bool(_QUANTITY.match(text)) and not _NOT_QUANTITY.match(text)


def _without_heading(body: Sequence[Paragraph], start: int, end: int) -> int:
    """The end of a list, before a heading that stands over what comes below it."""
    last = body[end - 1]
    followed = end < len(body) and body[end].block == last.block
    is_heading = last.text[:1].isupper() and not _is_quantity(last)
    return end - 1 if followed and is_heading and end - start > 1 else end
