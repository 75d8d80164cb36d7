"""What the elements of a tagged PDF become in HTML (ISO 32000-1, 14.8.4: standard types)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from lxml.html import HtmlElement, builder

from audiostory.reading.pdf_lines import Line, Run
from audiostory.reading.pdf_tags import Mark, Tag
from audiostory.reading.pdf_text import Place, add, put, put_runs
from audiostory.reading.tree import folded, has_words

# Where the text of each mark stands: the lines, and the runs in each that are of the mark.
Content = Mapping[Mark, list[tuple[Place, Line, tuple[Run, ...]]]]

_LEAVES = {"P": "p", "Title": "h1", "H": "h2", "Caption": "figcaption", "Formula": "p"}
_LEAVES |= {f"H{level}": f"h{level}" for level in range(1, 7)}
_HOLDERS = {"BlockQuote": "blockquote", "Table": "table", "L": "ul", "Note": "aside"}
_HOLDERS |= {"Figure": "figure", "Aside": "aside", "TOC": "ul"}
_CELLS = {"TH": "th", "TD": "td", "LI": "li", "TOCI": "li"}
_INLINE = {"Em": "em", "Strong": "strong", "Code": "code"}
_TEXT = frozenset({*_INLINE, "Link", "Span", "Quote", "Lbl", "Reference", "Annot", "Figure"})
_BLOCKS = frozenset({*_LEAVES, *_HOLDERS, *_CELLS, "TR"}) - {"Figure"}
_NUMBER = re.compile(r"\(?(\d{1,4})[.):]?$")
_BULLET = re.compile(r"[\W_]*$|[o\uf0a7\uf0b7\uf0d8]$")
_RETURN = re.compile(r"[\s↩↑⏎^\ufe0e\ufe0f]+$")
_APART = 1.75  # sizes of type from one line to the next: more is a gap
_FULL = 0.9  # of a character's width that a guess at a word's width may be wrong


class TagWriter:
    """Writes the elements of a structure tree as HTML. right: how far lines go on each page."""

    def __init__(self, content: Content, right: Mapping[int, float]) -> None:
        self._content = content
        self._right = right

    def write(self, parent: HtmlElement, tag: Tag) -> None:
        """Write an element into a parent that holds blocks."""
        if tag.role in _LEAVES and not _holds_blocks(tag):
            self._leaf(parent, tag)
        elif tag.role == "Figure":
            self._figure(parent, tag)
        elif tag.role in ("L", "TOC"):
            self._list(parent, tag)
        elif tag.role in _HOLDERS:
            self.write_all(_element(parent, _HOLDERS[tag.role], tag), tag)
        elif tag.role == "TR":
            self._row(parent, tag)
        elif tag.role in _CELLS:
            self._mixed(_element(parent, _CELLS[tag.role], tag), tag)
        elif tag.role == "Code" and not self._is_in_line(tag):
            self._inline(_element(parent, "pre", tag), tag)
        else:
            self.write_all(parent, tag)

    def write_all(self, parent: HtmlElement, tag: Tag) -> None:
        """Write what is in an element: blocks as they are, text between them as paragraphs."""
        if self._is_code(tag):
            self._inline(_element(parent, "pre", tag), tag)
            return
        texts: list[Tag | Mark] = []
        for part in tag.inner():
            if self._is_block(part, tag):
                self._paragraphs(parent, texts)
                texts = []
                assert isinstance(part, Tag)
                self.write(parent, part)
            else:
                texts += _flat(part)
        self._paragraphs(parent, texts)

    def _is_block(self, part: Tag | Mark, above: Tag) -> bool:
        if not isinstance(part, Tag):
            return False
        if part.role == "Code" or self._is_code(part):
            return not self._is_in_line(part)
        return part.role in _BLOCKS or part.role == "Figure" or _holds_blocks(part, "Figure")

    def _is_code(self, tag: Tag) -> bool:
        """Whether all that is in an element is code."""
        parts = [part for part in tag.inner() if self._text(part)]
        codes = [isinstance(part, Tag) and part.role == "Code" for part in parts]
        return any(codes) and all(codes) and tag.role not in _LEAVES

    def _is_in_line(self, tag: Tag) -> bool:
        """Whether there is other text in the lines of an element."""
        own = set(tag.marks())
        spots = [spot for mark in own for spot in self._content.get(mark, ())]
        return any(
            run.mark not in {m for page, m in own if page == place[0]} and run.text.strip()
            for place, line, _ in spots
            for run in line.runs
        )

    def _leaf(self, parent: HtmlElement, tag: Tag) -> None:
        name = _LEAVES[tag.role]
        if name == "figcaption" and parent.tag == "table":
            name = "caption"
        elif name == "figcaption" and parent.tag != "figure":
            figure = builder.FIGURE()
            add(parent, figure)
            parent = figure
        self._inline(_element(parent, name, tag), tag)

    def _figure(self, parent: HtmlElement, tag: Tag) -> None:
        """A picture, or what holds one and its caption."""
        figure = parent if parent.tag == "figure" else _element(parent, "figure", tag)
        if tag.alt or tag.text:
            add(figure, builder.IMG(alt=folded(tag.alt or tag.text)))
        self.write_all(figure, tag)

    def _list(self, parent: HtmlElement, tag: Tag) -> None:
        """A list: numbered when its labels are numbers."""
        element = _element(parent, "ul", tag)
        numbers: list[int] = []
        for item in tag.inner():
            if not isinstance(item, Tag):
                self._paragraphs(element, [item])
            elif item.role in _HOLDERS or item.role == "Caption":
                self.write(element, item)
            else:
                number = self._item(_element(element, "li", item), item)
                numbers += [number] if number is not None else []
        if numbers:
            element.tag = "ol"
            if numbers[0] != 1:
                element.set("start", str(numbers[0]))

    def _item(self, element: HtmlElement, item: Tag) -> int | None:
        """Write an item; its number, where its label is one."""
        label = next(_labels(item), None)
        said = self._text(label) if label else ""
        number = _NUMBER.match(said)
        if label and (number or _BULLET.match(said)):
            self._mixed(element, item, without=label)
        else:
            self._mixed(element, item)
        return int(number[1]) if number else None

    def _row(self, parent: HtmlElement, tag: Tag) -> None:
        row = _element(parent, "tr", tag)
        for cell in tag.inner():
            if isinstance(cell, Tag):
                name = "th" if cell.role == "TH" else "td"
                self._mixed(_element(row, name, cell), cell)
            else:
                self._paragraphs(row, [cell])

    def _mixed(self, element: HtmlElement, tag: Tag, without: Tag | None = None) -> None:
        """Text and blocks in an item or a cell."""
        for part in tag.inner():
            if part is without:
                continue
            if isinstance(part, Tag) and part.role == "LBody":
                self._mixed(element, part)
            elif isinstance(part, Tag) and self._is_block(part, tag):
                self.write(element, part)
            else:
                self._inline(element, part)

    def _paragraphs(self, parent: HtmlElement, texts: list[Tag | Mark]) -> None:
        """Texts side by side: paragraphs, where a line ends before it is full."""
        paragraph: HtmlElement | None = None
        for above, part in pairwise([None, *texts]):
            assert part is not None
            if not self._text(part).strip() and not _pictured(part):
                continue
            if paragraph is None or above is None or self._ends(above, part):
                paragraph = builder.P()
                add(parent, paragraph)
            self._inline(paragraph, part)

    def _ends(self, above: Tag | Mark, part: Tag | Mark) -> bool:
        """Whether a paragraph ends between two texts: a gap, or room for another word."""
        ends, begins = self._spots(above), self._spots(part)
        if not ends or not begins:
            return False
        (place, line, _), (next_place, next_line, runs) = ends[-1], begins[0]
        if place == next_place:
            return False
        if abs(line.size - next_line.size) > 1:
            return True
        if place[0] == next_place[0]:
            gap = line.baseline - next_line.baseline
            if gap < 0 or gap > _APART * max(line.size, next_line.size):
                return True
        words = "".join(run.text for run in runs).split()
        width = runs[0].style.size * 0.5 * len(words[0]) * _FULL if words else 0.0
        return line.right + width < self._right[place[0]]

    def _inline(self, element: HtmlElement, part: Tag | Mark) -> None:
        """Write text and its markup."""
        if not isinstance(part, Tag):
            for place, line, runs in self._content.get(part, ()):
                put_runs(element, place, line, runs)
            return
        if part.role == "Figure":
            add(element, builder.IMG(alt=folded(part.alt or part.text)))
        elif part.role == "Link" and _RETURN.match(self._text(part) or " x"):
            return  # from a note back to where it belongs
        inner = element
        if part.role in _INLINE and element.tag != "pre":
            inner = getattr(builder, _INLINE[part.role].upper())()
            add(element, inner)
        if part.role == "Lbl" and element.tag != "pre":
            put(element, " ")
        for child in part.inner():
            self._inline(inner, child)

    def _text(self, part: Tag | Mark) -> str:
        spots = self._spots(part)
        return folded(" ".join("".join(run.text for run in runs) for _, _, runs in spots))

    def _spots(self, part: Tag | Mark) -> list[tuple[Place, Line, tuple[Run, ...]]]:
        marks = part.marks() if isinstance(part, Tag) else (part,)
        return [spot for mark in marks for spot in self._content.get(mark, ())]


def _element(parent: HtmlElement, name: str, tag: Tag) -> HtmlElement:
    element = getattr(builder, name.upper())()
    if tag.language:
        element.set("lang", tag.language)
    add(parent, element)
    return element  # type: ignore[no-any-return]


def _holds_blocks(tag: Tag, *others: str) -> bool:
    parts = [part for part in tag.inner() if isinstance(part, Tag)]
    return any(
        part.role in _BLOCKS or part.role in others or _holds_blocks(part, *others)
        for part in parts
    )


def _flat(part: Tag | Mark) -> Iterator[Tag | Mark]:
    """The parts of boxes that only lay a page out; an element of text is one part."""
    if not isinstance(part, Tag) or part.role in _TEXT or part.text or part.alt:
        yield part
    else:
        for inner in part.inner():
            yield from _flat(inner)


def _pictured(part: Tag | Mark) -> bool:
    if not isinstance(part, Tag):
        return False
    return has_words(part.alt) or any(_pictured(inner) for inner in part.inner())


def _labels(item: Tag) -> Iterator[Tag]:
    return (part for part in item.inner() if isinstance(part, Tag) and part.role == "Lbl")
