"""Blocks that are annotated already: those of a script that a producer was given to edit.

What is marked stays as it is marked; words that were written beside it get an element and an id.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement, html_parser

from audiostory.narration.tree import has_words

UTTERANCE_CLASS = "u"


def annotated_blocks(body: HtmlElement) -> frozenset[HtmlElement]:
    """The elements that have quotations or utterances marked in them."""
    found: set[HtmlElement] = set()
    for mark in body.iter("q", "span"):
        if not _is_mark(mark):
            continue
        for ancestor in mark.iterancestors():
            if ancestor in found:
                break
            found.add(ancestor)
    return frozenset(found)


def complete(block: HtmlElement, taken: set[str]) -> None:
    """Mark the words of an annotated block that are in no utterance; number those without an id.

    taken: the ids that are given; those given here are added.
    """
    for holder in list(_holders(block)):
        for run in list(_loose(holder)):
            _wrap(holder, run)
    base = str(block.get("id") or block.tag)
    _number([e for e in block.iter("q") if not e.get("id")], f"{base}-q", taken)
    spans = (e for e in block.iter("span") if e.get("class") == UTTERANCE_CLASS)
    _number([e for e in spans if not e.get("id")], f"{base}-", taken)


def _number(elements: list[HtmlElement], base: str, taken: set[str]) -> None:
    number = 0
    for element in elements:
        while (name := f"{base}{(number := number + 1)}") in taken:
            pass
        taken.add(name)
        element.set("id", name)


def _is_mark(element: HtmlElement) -> bool:
    return element.tag == "q" or (element.tag == "span" and element.get("class") == UTTERANCE_CLASS)


def _holders(block: HtmlElement) -> Iterator[HtmlElement]:
    """The block, and what in it is around marks or is a quotation, but for utterances."""
    marks = [e for e in block.iter("q", "span") if _is_mark(e)]
    around = {block}
    for mark in marks:
        chain = [mark] if mark.tag == "q" else []
        for ancestor in mark.iterancestors():
            if ancestor is block or ancestor in around:
                break
            chain.append(ancestor)
        around.update(chain)
    for element in block.iter():
        if element in around and not _is_said(element, block):
            yield element


def _is_said(element: HtmlElement, block: HtmlElement) -> bool:
    for ancestor in (element, *element.iterancestors()):
        if ancestor is block:
            return False
        if ancestor.tag == "span" and ancestor.get("class") == UTTERANCE_CLASS:
            return True
    return False


def _loose(holder: HtmlElement) -> Iterator[tuple[HtmlElement | None, list[HtmlElement]]]:
    """Runs of text and markup in an element with words and no marks: after what, which children."""
    after: HtmlElement | None = None
    text, run = holder.text or "", list[HtmlElement]()
    for child in holder:
        if _stands_alone(child):
            if has_words(text):
                yield after, run
            after, text, run = child, child.tail or "", []
        else:
            run.append(child)
            text += "".join(child.itertext()) + (child.tail or "")
    if has_words(text):
        yield after, run


def _stands_alone(child: HtmlElement) -> bool:
    """Whether an element holds marks, or has no part in what is said: breaks, numbers of notes."""
    if child.tag == "br" or (child.tag == "sup" and child.find("a[@href]") is not None):
        return True
    return any(map(_is_mark, child.iter("q", "span")))


def _wrap(holder: HtmlElement, found: tuple[HtmlElement | None, list[HtmlElement]]) -> None:
    after, run = found
    span: HtmlElement = html_parser.makeelement("span", {"class": UTTERANCE_CLASS})
    text = (holder.text if after is None else after.tail) or ""
    start = text[: len(text) - len(text.lstrip())]
    span.text = text[len(start) :]
    if after is None:
        holder.text = start
        holder.insert(0, span)
    else:
        after.tail = None
        after.addnext(span)  # insert() would count every child
        after.tail = start
    for child in run:
        span.append(child)
    last = run[-1] if run else None
    end = (span.text if last is None else last.tail) or ""
    rest = end[len(end.rstrip()) :]
    if last is None:
        span.text = end.rstrip()
    else:
        last.tail = end.rstrip()
    span.tail = rest
