"""Lines of a PDF written into elements; then line ends are undone, and divided words made whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement, builder

from audiostory.reading.paragraphs import join_lines
from audiostory.reading.pdf_lines import Line, Run

Place = tuple[int, int]  # the number of a page, and that of a line on it

_LINE_END = "\ue00a"  # of a private use, while text is put together; printable() keeps it
_LAST = "data-line"  # the line that an element's text last came from
_RAISED, _SMALLER = 0.15, 0.9  # of the size of the line's type
_NOTE = re.compile(r"\s*[\[(]?(\d{1,3}|[*†‡§]+)[\])]?\s*$")
_DIVIDED = re.compile(rf"([^\W\d_]+)[-‐]\s*{_LINE_END}\s*([^\W\d_]+)")
_OFTEN = 0.12  # of the lines end in a hyphen where words are divided, or more
_NEAR = 80  # characters around a line end that tell what it divides


def add(parent: HtmlElement, element: HtmlElement) -> None:
    """Add an element as the last one."""
    parent.append(element)


def put(element: HtmlElement, text: str) -> None:
    """Add text at the end of an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def put_runs(element: HtmlElement, place: Place, line: Line, runs: Iterable[Run]) -> None:
    """Add runs of a line; what is raised is a note's number or an exponent."""
    block = _block_of(element)
    name = f"{place[0]}-{place[1]}"
    if block.get(_LAST) not in (None, name):
        put(element, _LINE_END)
    block.set(_LAST, name)
    for run in runs:
        if is_raised(run, line):
            raised = builder.SUP()
            add(element, raised)
            put(_linked(raised, run.text), run.text.strip())
            put(element, " " if run.text[-1:].isspace() else "")
        else:
            put(element, run.text)


def is_raised(run: Run, line: Line) -> bool:
    """Whether characters are smaller and higher than their line."""
    size = line.size
    small = run.style.size < _SMALLER * size and bool(run.text.strip())
    return small and run.baseline - line.baseline > _RAISED * size


def finish_lines(root: HtmlElement, vocabulary: Counter[str]) -> None:
    """Undo the line ends in all that was written. vocabulary: the words of the document."""
    nodes = list(_nodes(root, in_pre=False))
    whole = "".join(text for _, _, text, _ in nodes)
    characters = list(whole)
    divides = _divides(whole, vocabulary)
    start = 0
    for _, _, text, in_pre in nodes:
        for found in re.finditer(_LINE_END, text):
            place = start + found.start()
            if in_pre:
                characters[place] = "\n"
            else:
                _join(whole, characters, place, vocabulary, divides=divides)
        start += len(text)
    start = 0
    for element, name, text, _ in nodes:
        setattr(element, name, "".join(characters[start : start + len(text)]))
        start += len(text)
    for element in root.iter():
        element.attrib.pop(_LAST, None)


def _nodes(element: HtmlElement, *, in_pre: bool) -> Iterator[tuple[HtmlElement, str, str, bool]]:
    """All texts in an element, in order: whose text or tail each is, and whether in a <pre>."""
    in_pre = in_pre or element.tag == "pre"
    if element.text:
        yield element, "text", element.text, in_pre
    for child in element:
        yield from _nodes(child, in_pre=in_pre)
        if child.tail:
            yield child, "tail", child.tail, in_pre


def _divides(whole: str, vocabulary: Counter[str]) -> bool:
    """Whether words are divided at the ends of lines: else the hyphens there are of compounds."""
    found = [f"{one}{other}".lower() for one, other in _DIVIDED.findall(whole)]
    often = len(found) > _OFTEN * whole.count(_LINE_END)
    return often or any(vocabulary[word] for word in found)


def _join(
    whole: str, characters: list[str], place: int, vocabulary: Counter[str], *, divides: bool
) -> None:
    """Undo one line end: it becomes a space, or nothing; a hyphen before it may go too."""
    above = whole[max(0, place - _NEAR) : place].rstrip()
    below = whole[place + 1 : place + _NEAR].lstrip()
    if above[-3:-1].isupper() and below[:2].isupper():  # OP-TIONAL is divided as optional is
        above, below = above.lower(), below.lower()
    joined = join_lines(above, below, vocabulary) if above and below else " "
    if joined == above[:-1] + below and not divides:
        joined = above + below
    if joined not in (above + below, above[:-1] + below):
        characters[place] = " "
        return
    end = max(0, place - _NEAR) + len(above)
    last = end - 1 if joined == above[:-1] + below else end
    characters[last : place + 1] = [""] * (place + 1 - last)


def _block_of(element: HtmlElement) -> HtmlElement:
    """The block that inline markup is in."""
    inline = ("em", "strong", "code", "sup", "a")
    while element.tag in inline and (parent := element.getparent()) is not None:
        element = parent
    return element


def _linked(raised: HtmlElement, text: str) -> HtmlElement:
    """Where the number of a note goes: into a link, as on a page."""
    if not _NOTE.match(text):
        return raised
    link = builder.A(href=f"#note-{text.strip(' []()')}")
    add(raised, link)
    return link
