"""Lines of a text become paragraphs: line ends of the layout are undone, marks are read.

What a text marks by itself: "> " quotations, "- " and "1." lists, "# " and underlined headings,
rows of stars. Linear in the text's length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal

from audiostory.reading.joining import divides as divides_words
from audiostory.reading.joining import join_lines as join_lines
from audiostory.reading.joining import words_of as words_of
from audiostory.reading.printed import (
    Stretch,
    headed,
    indent,
    is_cells,
    is_full,
    is_one,
    parted,
    stretches,
)
from audiostory.reading.sentences import is_ended as is_ended
from audiostory.reading.tree import folded
from audiostory.reading.verse import is_free_verse, is_stanza, is_verse
from audiostory.reading.widths import (
    Measure,
    advance,
    counted_width,
    is_even,
    printed_width,
    with_next_word,
)

Kind = Literal[
    "text", "bullet", "number", "quote", "verse", "byline", "heading", "rule", "image", "code"
]

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
_EVEN = 0.75  # of the longest line, in the middle
_BETWEEN_ITEMS = 2  # paragraphs
_FEW_ENDS = 4  # as many paragraphs end above an empty line as without one, at least
_SET_IN = 3  # characters
_QUOTE_WORDS = 8
_STANZA_LINES = 100  # at most in one paragraph


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text.

    level: of a heading, from 1; of a numbered item, its number. block: of lines, which one it is
    in. is_low: on a printed page it stands below another without an empty line between, as most
    headings do not, or is_apart: it is set in or a table's, as no heading is. space: empty lines
    above its block on a printed page. Lines of verse are apart in its text.
    """

    text: str
    kind: Kind = "text"
    level: int = 0
    block: int = 0
    is_low: bool = False
    is_apart: bool = False
    space: int = 0


def paragraphs(
    text: str, stands_alone: Callable[[str], bool] = lambda _line: False
) -> list[Paragraph]:
    """The paragraphs of a text, in order. stands_alone: of a line, that it goes on no other."""
    lines = [line.expandtabs(4).rstrip() for line in text.split("\n")]
    page = _page(list(_blocks(lines)), words_of(text), stands_alone)
    found: list[Paragraph] = []
    is_top = True
    spaces = _spaces(lines)
    for number, block in enumerate(page.blocks):
        inner = _paragraphs_of(block, page, is_top=is_top)
        space = spaces[number] if page.is_print else 0
        found += (replace(paragraph, block=number, space=space) for paragraph in inner)
        is_top = is_top and not any(is_full(a, b, page.width) for a, b in pairwise(block))
    found = list(_items(found))
    return [replace(p, text="\n".join(map(plain, p.text.split("\n")))) for p in found]


def plain(text: str) -> str:
    """A line without what is left in it of Markdown: links, bold type, bars around a word."""
    text = _LINK.sub(r"\1", text)
    return folded(_PIPES.sub(r"\1", _STRONG.sub(r"\2", text)))


@dataclass(frozen=True, slots=True)
class _Page:
    """What a text's lines have in common.

    width: how long a line is that goes on in the next one, 0 when nothing is wrapped. measure: in
    what that is counted. divides: whether words are divided at the ends of lines. is_spaced:
    whether paragraphs of a printed page have empty lines between them. margin: how far most lines
    are set in. is_poem: whether most blocks of lines are stanzas.
    """

    blocks: Sequence[Sequence[str]]
    vocabulary: Counter[str]
    stands_alone: Callable[[str], bool]
    width: float
    measure: Measure
    divides: bool
    is_spaced: bool
    margin: int
    is_poem: bool

    @property
    def is_print(self) -> bool:
        """Whether its lines are as wide as a page that was printed, whatever its letters."""
        return self.measure is advance


def _page(
    blocks: Sequence[Sequence[str]], words: Counter[str], alone: Callable[[str], bool]
) -> _Page:
    margins = Counter(indent(line) for block in blocks for line in block)
    margin = margins.most_common(1)[0][0] if margins else 0
    several = [b for b in blocks if len(b) > 1 and not any(_marked(n, "") or alone(n) for n in b)]
    strict = sum(map(is_verse, several))
    stanzas = sum(is_verse(block) or is_free_verse(block) for block in several)
    is_poem = (strict > 0 or stanzas > 1) and 2 * stanzas >= len(several)
    printed = printed_width(blocks)
    width, measure = (printed, advance) if printed else (counted_width(blocks), len)
    pairs = [pair for block in blocks for pair in pairwise(block) if not any(map(indent, pair))]
    within = sum(is_ended(above) and not is_full(above, line, printed) for above, line in pairs)
    is_spaced = within * _FEW_ENDS <= sum(is_ended(block[-1]) for block in blocks)
    divided = not printed or divides_words([line for block in blocks for line in block])
    return _Page(blocks, words, alone, width, measure, divided, is_spaced, margin, is_poem)


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of lines without an empty one between."""
    block: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _spaces(lines: Sequence[str]) -> list[int]:
    """Of each block, how many empty lines are above it."""
    runs = [(filled, len(list(run))) for filled, run in groupby(map(bool, lines))]
    return [
        runs[number - 1][1] if number else 0 for number, (filled, _) in enumerate(runs) if filled
    ]


def _paragraphs_of(block: Sequence[str], page: _Page, *, is_top: bool) -> Iterator[Paragraph]:
    quoted = [_QUOTED.match(line) for line in block]
    if all(quoted):
        inner = [line[match.end() :] for line, match in zip(block, quoted, strict=True) if match]
        for lines in _blocks(inner):
            yield Paragraph(_join([line.strip() for line in lines], page.vocabulary), "quote")
        return
    if page.is_print:
        yield from _printed(block, page, is_top=is_top)
        return
    width = page.width if is_even(block) else 0
    for lines in _segments(block, width, page.stands_alone):
        bare = not any(_marked(line, "") for line in lines)
        if bare and (is_verse(lines) or (page.is_poem and is_stanza(lines))):
            for start in range(0, len(lines), _STANZA_LINES):
                stanza = lines[start : start + _STANZA_LINES]
                yield Paragraph("\n".join(line.strip() for line in stanza), "verse")
        elif bare and _is_set_in(lines, page.margin):
            yield Paragraph(_join([line.strip() for line in lines], page.vocabulary), "quote")
        else:
            yield from _wrapped(lines, width, page)


def _printed(block: Sequence[str], page: _Page, *, is_top: bool) -> Iterator[Paragraph]:
    """Paragraphs of a block of lines that were printed. is_top: no line above it is full."""
    number = 0
    for segment in _segments(block, page.width, page.stands_alone):
        if page.is_spaced and segment == block and is_one(block, page.width, _mark):
            yield from _of_stretch(segment, page, "head")
            return
        full = [is_full(above, line, page.width) for above, line in pairwise(segment)]
        above = segment[: full.index(True)] if True in full else segment
        count = headed(above) if is_top else 0
        is_top = is_top and True not in full
        runs: list[tuple[list[str], Stretch]] = []
        if count:
            runs = [(list(segment[:count]), "head"), (list(segment[count : len(above)]), "head")]
        runs += stretches(segment[len(above) :] if count else segment, page.width)
        for lines, kind in (run for run in runs if run[0]):
            for paragraph in _of_stretch(lines, page, kind):
                is_apart = indent(lines[0]) > page.margin + 1 or is_cells(lines)
                yield replace(paragraph, is_low=number > 0 or is_apart, is_apart=is_apart)
                number += 1


def _of_stretch(lines: Sequence[str], page: _Page, stretch: Stretch) -> Iterator[Paragraph]:
    """Paragraphs of lines; a head's are one."""
    if stretch in ("verse", "code"):
        yield Paragraph("\n".join(line.strip() for line in lines), stretch)
        return
    groups = [(list(lines), False)]
    if stretch == "prose":
        groups = list(parted(lines, page.width, _mark))
    for group, is_marked in groups:
        found = _marked(group[0], "") if is_marked else None
        if found is None:
            is_quote = len(groups) == 1 and _is_set_in(group, page.margin)
            found = Paragraph(group[0].strip(), "quote" if is_quote else "text")
        pieces = [found.text, *(line.strip() for line in group[1:])]
        yield replace(found, text=_join(pieces, page.vocabulary, divides=page.divides))


def _mark(line: str) -> str:
    """The kind of what a line's mark begins, or ""."""
    marked = _marked(line, "")
    return marked.kind if marked else ""


def _segments(
    block: Sequence[str], width: float, stands_alone: Callable[[str], bool]
) -> Iterator[list[str]]:
    """Runs of lines that may belong together; one that stands alone is a run of its own."""
    lines: list[str] = []
    above = ""
    for line in block:
        goes_on = not is_ended(above) and line.lstrip()[:1].islower()
        is_within = goes_on and 0 < _EVEN * width <= len(above)
        if not is_within and stands_alone(line):
            if lines:
                yield lines
                lines = []
            yield [line]
        else:
            lines.append(line)
        above = line
    if lines:
        yield lines


def _is_set_in(lines: Sequence[str], margin: int) -> bool:
    """Whether lines are set in as a quotation is: all of them, and they are sentences."""
    deeper = all(indent(line) >= margin + _SET_IN for line in lines)
    words = sum(len(line.split()) for line in lines)
    return deeper and len(lines) > 1 and words >= _QUOTE_WORDS and is_ended(lines[-1])


def _wrapped(lines: Sequence[str], width: float, page: _Page) -> Iterator[Paragraph]:
    """Paragraphs of lines that were wrapped, or stand each alone; marks at their starts."""
    pieces: list[tuple[Paragraph, list[str]]] = []
    set_in = _set_in(lines)
    closed = _closed(lines)
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        marked = _marked(line, above)
        if marked is not None:
            if marked.kind == "heading" and not marked.text and pieces:
                pieces[-1] = (marked, pieces[-1][1])
            else:
                pieces.append((marked, [marked.text]))
        elif (
            pieces
            and (number not in set_in or pieces[-1][0].kind in ("bullet", "number"))
            and _goes_on(pieces[-1][0], above, line, width, page.measure, closed=closed[number])
        ):
            pieces[-1][1].append(line.strip())
        else:
            pieces.append((Paragraph(""), [line.strip()]))
    for paragraph, parts in pieces:
        yield replace(paragraph, text=_join(parts, page.vocabulary))


def _closed(lines: Sequence[str]) -> list[bool]:
    """Of each line, whether the sentence in it may end: in it or below, or these are two lines."""
    closed, ends = [False] * len(lines), len(lines) <= 2
    for number in range(len(lines) - 1, -1, -1):
        ends = ends or is_ended(lines[number])
        closed[number] = ends
    return closed


def _join(lines: Sequence[str], vocabulary: Counter[str], *, divides: bool = True) -> str:
    parts = list(lines[:1])
    for line in lines[1:]:
        joined = join_lines(parts[-1], line, vocabulary, divides=divides)
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


def _goes_on(
    paragraph: Paragraph, above: str, line: str, width: float, measure: Measure, *, closed: bool
) -> bool:
    """Whether a line goes on with the paragraph above it. closed: a sentence ends here or below."""
    is_item = paragraph.kind in ("bullet", "number")
    if is_item and line[:1].isspace():
        return True
    if not is_item and paragraph.kind != "text":
        return False
    if line.lstrip()[:1].islower() and not is_ended(above) and (closed or width):
        return True
    return (
        with_next_word(above, line, measure) > width > 0
    )  # the next word would not have fitted into the line above


def _set_in(block: Sequence[str]) -> set[int]:
    """The lines that are set in, as the first of a paragraph is where no line is left empty."""
    indents = [len(line) - len(line.lstrip()) for line in block]
    least = min(indents)
    deeper = [indent > least + 1 for indent in indents]
    if sum(deeper) * 2 >= len(block):
        return set()
    return {n for n in range(1, len(block)) if deeper[n] and not deeper[n - 1]}


def _items(found: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """A list has two items or more: one line with a dash is dialogue, one with "1." a heading.

    One item is of a list all the same where it counts on with that.
    """
    runs = [list(group) for _, group in groupby(found, key=lambda paragraph: paragraph.kind)]
    for place, run in enumerate(runs):
        kind = run[0].kind
        pattern = {"bullet": _BULLET, "number": _NUMBER}.get(kind)
        if pattern is None:
            yield from run
            continue
        matches = [match for p in run if (match := pattern.match(p.text))]
        is_list = len(run) > 1 and not (kind == "bullet" and _is_dialogue(run))
        counts_on = _counts_on(runs, place)
        for paragraph, match in zip(run, matches, strict=True):
            if is_list or counts_on or match.group(1) in _SURE_BULLETS:
                mark = int(match.group(1)) if kind == "number" else 0
                yield replace(paragraph, text=paragraph.text[match.end() :], level=mark)
            else:
                yield replace(paragraph, kind="text")


def _counts_on(runs: Sequence[Sequence[Paragraph]], place: int) -> bool:
    """Whether an item has a list above or below that its number goes on with."""
    for near, step in ((place - 2, -1), (place + 2, 1)):
        if not 0 <= near < len(runs) or runs[place][0].kind != "number":
            continue
        between, others = runs[(near + place) // 2], runs[near]
        item, other = _NUMBER.match(runs[place][0].text), _NUMBER.match(others[min(0, step)].text)
        is_list = len(others) > 1 and len(between) <= _BETWEEN_ITEMS
        if is_list and item and other and int(other.group(1)) == int(item.group(1)) + step:
            return True
    return False


def _is_dialogue(items: Sequence[Paragraph]) -> bool:
    """Whether lines with dashes are what people say: all are sentences, some are questions."""
    texts = [item.text for item in items]
    said = any(text[-1:] in "?!" for text in texts)
    return said and all(is_ended(text) and text[0] not in _SURE_BULLETS + "*" for text in texts)
