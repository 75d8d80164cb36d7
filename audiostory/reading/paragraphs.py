"""Lines of a text become paragraphs: line ends of the layout are undone, marks are read.

What a text marks by itself: "> " quotations, "- " and "1." lists, "# " and underlined headings,
rows of stars. Linear in the text's length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audiostory.reading.tree import folded

Kind = Literal["text", "bullet", "number", "quote", "heading", "rule", "image"]

_RULE = re.compile(r"(?:[*_~⁂•·=-]\s*){3,}$|[⁂❦]\s*$")
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_BULLET = re.compile(r"\s*([-*•‣▪◦–])\s+(?=\S)")
_SURE_BULLETS = "•‣▪◦"
_NUMBER = re.compile(r"\s*(\d{1,3})[.)]\s+(?=\S)")
_QUOTED = re.compile(r"\s*>[>\s]*")
_IMAGE = re.compile(r"!\[([^\]\[]{0,500})\]\([^()]{0,1000}\)$")
_LINK = re.compile(r"!?\[([^\]\[]{1,500})\]\([^()\s]{0,1000}\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,300})(?<=\S)\1")
_PIPES = re.compile(r"\|(\w[^|\n]{0,40})\|")
_ENDED = re.compile(r"[.!?…:;。！？][\"'”’»“‘)\[\]*_\d]{0,5}$")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_EVEN = 0.75  # of the longest line, in the middle
_LONG_LINES = 160  # characters: lines longer than this are paragraphs, nobody wrapped them


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text. level: of a heading, from 1. block: of lines, which one it is in."""

    text: str
    kind: Kind = "text"
    level: int = 0
    block: int = 0


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _ENDED.search(text[-8:]) is not None


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
    return all(len(part) > 2 and vocabulary[part] > 1 for part in parts)


def _last_word(text: str) -> str:
    words = _WORD.findall(text[-60:])
    return words[-1] if words else ""


def paragraphs(
    text: str, stands_alone: Callable[[str], bool] = lambda _line: False
) -> list[Paragraph]:
    """The paragraphs of a text, in order. stands_alone: of a line, that it goes on no other."""
    lines = [line.expandtabs(4).rstrip() for line in text.split("\n")]
    blocks = list(_blocks(lines))
    vocabulary = words_of(text)
    width = _width(blocks)
    found: list[Paragraph] = []
    for number, block in enumerate(blocks):
        made = _paragraphs_of(block, width, vocabulary, stands_alone)
        found += (replace(paragraph, block=number) for paragraph in made)
    return [replace(p, text=plain(p.text)) for p in _lone_items_are_text(found)]


def plain(text: str) -> str:
    """A line without what is left in it of Markdown: links, bold type, bars around a word."""
    text = _LINK.sub(r"\1", text)
    return folded(_PIPES.sub(r"\1", _STRONG.sub(r"\2", text)))


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of lines without an empty one between."""
    block: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _width(blocks: Sequence[Sequence[str]]) -> int:
    """How long lines are before they go on in the next; 0 when paragraphs are not wrapped."""
    lengths = sorted(len(line) for block in blocks if _is_even(block) for line in block[:-1])
    if not lengths:
        return 0
    width = lengths[int(len(lengths) * 0.9)]
    longest = max(len(line) for block in blocks for line in block)
    return 0 if width > _LONG_LINES or longest > max(_LONG_LINES, 2 * width) else width


def _is_even(block: Sequence[str]) -> bool:
    """Whether lines are about as long as one another, as wrapped ones are and menus are not."""
    lengths = sorted(len(line) for line in block[:-1])
    return bool(lengths) and lengths[len(lengths) // 2] >= _EVEN * lengths[-1]


def _paragraphs_of(
    block: Sequence[str],
    width: int,
    vocabulary: Counter[str],
    stands_alone: Callable[[str], bool],
) -> Iterator[Paragraph]:
    quoted = [_QUOTED.match(line) for line in block]
    if all(quoted):
        inner = [line[match.end() :] for line, match in zip(block, quoted, strict=True) if match]
        for lines in _blocks(inner):
            yield Paragraph(_join([line.strip() for line in lines], vocabulary), "quote")
        return
    pieces: list[tuple[Paragraph, list[str]]] = []
    set_in = _set_in(block)
    width = width if _is_even(block) else 0
    for number, line in enumerate(block):
        above = block[number - 1] if number else ""
        marked = _marked(line, above)
        if marked is not None:
            if marked.kind == "heading" and not marked.text and pieces:
                pieces[-1] = (marked, pieces[-1][1])
            else:
                pieces.append((marked, [marked.text]))
        elif (
            pieces
            and _goes_on(pieces[-1][0], above, line, width, set_in=number in set_in)
            and not stands_alone(line)
        ):
            pieces[-1][1].append(line.strip())
        else:
            pieces.append((Paragraph(""), [line.strip()]))
    for paragraph, lines in pieces:
        yield replace(paragraph, text=_join(lines, vocabulary))


def _join(lines: Sequence[str], vocabulary: Counter[str]) -> str:
    parts = list(lines[:1])
    for line in lines[1:]:
        joined = join_lines(parts[-1], line, vocabulary)
        parts[-1] = joined[: -len(line)]
        parts.append(line)
    return "".join(parts)


def _marked(line: str, above: str) -> Paragraph | None:
    """What a line says of itself by a mark at its start, or None."""
    text = line.strip()
    if _RULE.match(text):
        is_underline = len(text) >= 3 and set(text) in ({"="}, {"-"})
        if is_underline and 0 < len(above) <= 100:
            return Paragraph("", "heading", 1 if text[0] == "=" else 2)
        return Paragraph(text, "rule")
    if match := _HEADING.match(text):
        return Paragraph(text[match.end() :].rstrip("# "), "heading", len(match.group(1)))
    if match := _IMAGE.match(text):
        return Paragraph(match.group(1), "image")
    if _BULLET.match(line):
        return Paragraph(text, "bullet")
    if _NUMBER.match(line):
        return Paragraph(text, "number")
    return None


def _goes_on(paragraph: Paragraph, above: str, line: str, width: int, *, set_in: bool) -> bool:
    """Whether a line goes on with the paragraph above it."""
    is_item = paragraph.kind in ("bullet", "number")
    if is_item and line[:1].isspace():
        return True
    if not is_item and (paragraph.kind != "text" or set_in):
        return False
    if line.lstrip()[:1].islower() and not is_ended(above):
        return True
    word = line.split(maxsplit=1)[0]
    return len(above) + 1 + len(word) > width > 0  # it would not have fitted into the line above


def _set_in(block: Sequence[str]) -> set[int]:
    """The lines that are set in, as the first of a paragraph is where no line is left empty."""
    indents = [len(line) - len(line.lstrip()) for line in block]
    least = min(indents)
    deeper = [indent > least + 1 for indent in indents]
    if sum(deeper) * 2 >= len(block):
        return set()
    return {n for n in range(1, len(block)) if deeper[n] and not deeper[n - 1]}


def _lone_items_are_text(found: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """A list has two items or more: one line with a dash is dialogue, one with "1." a heading."""
    for number, paragraph in enumerate(found):
        pattern = {"bullet": _BULLET, "number": _NUMBER}.get(paragraph.kind)
        if pattern is None:
            yield paragraph
            continue
        around = (*found[max(0, number - 1) : number], *found[number + 1 : number + 2])
        match = pattern.match(paragraph.text)
        sure = match is not None and match.group(1) in _SURE_BULLETS
        if match and (sure or any(p.kind == paragraph.kind for p in around)):
            yield replace(paragraph, text=paragraph.text[match.end() :])
        else:
            yield replace(paragraph, kind="text")
