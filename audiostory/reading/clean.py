"""The one door into the vocabulary: any HTML tree becomes an article's clean body.

A body is written anew, element by element. What is left out is handed back as omissions, so
that every word of the tree is in the body or among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from lxml.html import HtmlElement

from audiostory.model import Omission
from audiostory.reading import vocabulary as known
from audiostory.reading.decode import printable
from audiostory.reading.finish import drop_empty, end_of, finish
from audiostory.reading.foreign import mark_languages
from audiostory.reading.tree import folded, has_words, visible_text
from audiostory.reading.writer import BodyWriter

# What to do with an element: None (keep), or why it is left out.
Judge = Callable[[HtmlElement], str | None]
# The class that an element gives to the text in it, or None.
Classify = Callable[[HtmlElement], str | None]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A body (an <article>) and what was left out of it, in reading order.

    language: that most of it is in.
    """

    body: HtmlElement
    omissions: tuple[Omission, ...]
    language: str


def clean(root: HtmlElement, judge: Judge, classify: Classify, language: str = "en") -> Cleaned:
    """Write the body of a tree. judge says what is left out, classify gives text its class.

    language: the article's, as declared; blocks and quotations that are in another are marked.
    """
    writer = BodyWriter(language)
    omissions, before = _write(writer, root, judge, classify)
    repeated = finish(writer.body, language)
    language = mark_languages(writer.body, language)
    return _cleaned(writer, omissions, before, repeated, language)


def clean_script(root: HtmlElement, judge: Judge, language: str) -> Cleaned:
    """Write the body of a producer's script: marked as it is for speech, and safe all the same.

    Its ids are those of the script; a block without one has none.
    """
    writer = BodyWriter(language, annotated=True)
    omissions, before = _write(writer, root, judge, lambda _element: None, annotated=True)
    drop_empty(writer.body)
    return _cleaned(writer, omissions, before, (), language)


def _write(
    writer: BodyWriter,
    root: HtmlElement,
    judge: Judge,
    classify: Classify,
    *,
    annotated: bool = False,
) -> tuple[list[Omission], list[int]]:
    """Write a tree; what was left out, and of each omission how many blocks were written before."""
    omissions: list[Omission] = []
    before: list[int] = []
    for event, element, text in _walk(root, judge, omissions, annotated):
        if len(omissions) > len(before):
            before += [writer.begun] * (len(omissions) - len(before))
        if event == "text":
            writer.text(text)
        elif event == "start":
            writer.start(element, classify(element))
        else:
            writer.end(element)
    return omissions, before


def _cleaned(
    writer: BodyWriter,
    omissions: list[Omission],
    before: list[int],
    repeated: Iterable[Omission],
    language: str,
) -> Cleaned:
    body = writer.body
    placed = _placed(omissions, before, writer.leaves, body)
    return Cleaned(body, in_order(body, (*placed, *repeated)), language)


def in_order(body: HtmlElement, omissions: Iterable[Omission]) -> tuple[Omission, ...]:
    """Omissions by where they stood in the body."""
    named = (element.get("id") for element in body.iter())
    order = {name: number for number, name in enumerate(named, 1) if name}
    return tuple(sorted(omissions, key=lambda omission: order.get(omission.after or "", 0)))


def _placed(
    omissions: list[Omission], before: list[int], leaves: list[HtmlElement], body: HtmlElement
) -> Iterator[Omission]:
    """Each omission with the id of the block before it; one that was empty is gone by now."""
    place: str | None = None
    passed = 0
    for omission, count in zip(omissions, before, strict=True):
        for block in leaves[passed:count]:
            if any(ancestor is body for ancestor in block.iterancestors()):
                place = end_of(block)
        passed = count
        yield replace(omission, after=place)


def _walk(
    root: HtmlElement, judge: Judge, omissions: list[Omission], annotated: bool
) -> Iterator[tuple[str, HtmlElement, str]]:
    """The elements to keep and their text, in order; what judge leaves out is noted."""
    yield "start", root, ""
    yield "text", root, root.text or ""
    stack: list[tuple[HtmlElement, Iterator[HtmlElement]]] = [(root, iter(root))]
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element, ""
            if stack:
                yield "text", element, element.tail or ""
            continue
        tag = str(child.tag)
        silent = not isinstance(child.tag, str) or tag in known.SILENT
        reason = None if silent else judge(child)
        if silent or reason or (not annotated and _is_back_link(child)):
            if tag in known.SEEN:
                omissions += _seen(child, known.SEEN[tag])
            elif reason is not None:
                omissions += _left_out(child, reason)
            yield "text", child, _gap(child) + (child.tail or "")
            continue
        yield "start", child, ""
        if child.text:
            yield "text", child, child.text
        stack.append((child, iter(child)))


def _seen(element: HtmlElement, reason: str) -> list[Omission]:
    """The words in a drawing or a player, or else what it is called."""
    unread = ("script", "style", "title", "metadata")
    read = [e for e in element.iter() if isinstance(e.tag, str) and e.tag not in unread]
    texts = [f"{e.text or ''} {e.get('alt') or ''}" for e in read]
    tails = [e.tail or "" for e in element.iterdescendants()]
    name = element.get("aria-label") or element.get("title") or ""
    text = folded(" ".join((*texts, *tails))) or folded(name)
    return [Omission(printable(text), reason)] if has_words(text) else []


def _left_out(element: HtmlElement, reason: str) -> list[Omission]:
    """The words of an element that is not read, those in its drawings and players included."""
    seen = [e for e in element.iter(*known.SEEN) if not _is_in_seen(e, element)]
    inside = [omission.text for inner in seen for omission in _seen(inner, reason)]
    text = folded(" ".join((visible_text(element), *inside)))
    return [Omission(printable(text), reason)] if has_words(text) else []


def _is_in_seen(element: HtmlElement, within: HtmlElement) -> bool:
    above = takewhile(lambda e: e is not within, element.iterancestors())
    return any(ancestor.tag in known.SILENT for ancestor in above)


def _is_back_link(element: HtmlElement) -> bool:
    """The arrow after a note that leads back to where it belongs."""
    to_page = element.tag == "a" and (element.get("href") or "").startswith("#")
    return to_page and not has_words(visible_text(element))


def _gap(element: HtmlElement) -> str:
    """What parts the words around something left out: in a sentence nothing, else a space."""
    unseen = ("script", "style", "template", "wbr")
    inline = not isinstance(element.tag, str) or element.tag in known.RUNS_ON
    return "" if inline or element.tag in unseen else " "
