"""Mark up the article's tree for speech: quotations and utterances get elements and ids.

Every block of text comes out as
    <p id="p-1a2b3c"><span id="p-1a2b3c-1">He said:</span>
      <q class="direct">“<span id="p-1a2b3c-2">Come in.</span>”</q></p>
so that stylesheets select q.direct, and every later edition points at the spans. A q has the
class direct, fragment, title or, within another or a block quotation, nested. Quotation marks
stay in the tree, outside the spans: they are written, not said. Where it is sure who speaks, the
q has data-speaker, data-voice and data-gender (voices.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree
from lxml.html import HtmlElement, html_parser

from audiostory.narration.annotated import UTTERANCE_CLASS, annotated_blocks, complete
from audiostory.narration.quotations import Quotation, find_quotations, in_a_block
from audiostory.narration.sentences import sentence_starts
from audiostory.narration.structures import mark_structures
from audiostory.narration.tree import (
    PASSAGES,
    Piece,
    has_words,
    holds_text,
    language_of,
    pieces,
)
from audiostory.narration.voices import Annotated, number_voices, set_speakers

_FULL_STOP = re.compile(r"[.!?…]+\s+(?=[^\W\d_a-z])")  # «… amable». La voz


def annotate(body: HtmlElement, language: str) -> HtmlElement:
    """A copy of an article's body in which every quotation and utterance is an element.

    What a producer's script has marked stays as it is marked.
    """
    body = deepcopy(body)
    body.set("lang", language)
    mark_structures(body)
    taken = {id_ for element in body.iter() if (id_ := element.get("id"))}
    marked = annotated_blocks(body)
    for block in [e for e in body.iter() if e in marked and _is_text_block(e)]:
        complete(block, taken)
    annotated: list[Annotated] = []
    for run in _runs(body, marked):
        flat = [list(pieces(block)) for block in run]
        # Where notes are referred to, spaces: "office.1 It" ends a sentence as "office. It" does.
        texts = ["".join(_without_references(parts)) for parts in flat]
        found = find_quotations(texts, language_of(run[0]))
        if next(run[0].iterancestors("blockquote"), None) is not None:
            found = [in_a_block(text, each) for text, each in zip(texts, found, strict=True)]
        for block, parts, text, quotations in zip(run, flat, texts, found, strict=True):
            segments = _segments(text, quotations, language_of(block))
            if wholes := list(_wholes(parts)):
                segments = _kept_whole(segments, wholes)
            _rebuild(_Writer(block, taken), parts, segments)
            annotated.append((block, text, quotations))
    set_speakers(annotated, language)
    if marked:
        number_voices(body, language)
    return body


def _without_references(parts: Sequence[Piece]) -> Iterator[str]:
    for piece in parts:
        is_reference = any(
            element.tag == "sup" and (element.find("a[@href]") is not None)
            for element in piece.chain
        )
        yield " " * len(piece.text) if is_reference else piece.text


def _runs(body: HtmlElement, marked: frozenset[HtmlElement]) -> list[list[HtmlElement]]:
    """Blocks of text that are not marked yet; paragraphs that follow one another in one parent
    are in one run.
    """
    runs: list[list[HtmlElement]] = []
    last: HtmlElement | None = None
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or not _is_text_block(element) or element in marked:
            continue
        follows = last is not None and element.tag == last.tag == "p"
        if follows and element.getprevious() is last:
            runs[-1].append(element)
        else:
            runs.append([element])
        last = element
    return runs


def _is_text_block(element: HtmlElement) -> bool:
    return element.tag in (PASSAGES | {"td", "th"}) - {"tr", "img"} and holds_text(element)


# --- one block ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of a block's text: in which quotations, the outermost first; whether it is said."""

    start: int
    end: int
    quotations: tuple[Quotation, ...]
    said: bool


def _rebuild(writer: _Writer, parts: Sequence[Piece], segments: Sequence[_Segment]) -> None:
    text = "".join(piece.text for piece in parts)
    at = 0
    queue = iter(segments)
    segment = next(queue, None)
    number = 0
    for piece in parts:
        if piece.atom is not None:
            writer.atom(piece, number, segment)
            at += len(piece.text)
            continue
        end = at + len(piece.text)
        while segment is not None and segment.end <= at:
            segment, number = next(queue, None), number + 1
        while segment is not None and at < end:
            upto = min(end, segment.end)
            writer.text(text[at:upto], piece.chain, segment, number)
            at = upto
            if at >= segment.end:
                segment, number = next(queue, None), number + 1
        at = end


def _segments(text: str, quotations: Sequence[Quotation], language: str) -> list[_Segment]:
    """The text divided into what is said at one go and the marks and spaces between."""
    cuts = {0, len(text), *sentence_starts(text, language)}
    for q in quotations:
        if q.kind in ("fragment", "title"):
            cuts -= set(_between(cuts, q.start, q.end))
        inner = text[q.inner_start : q.inner_end]
        if q.kind == "direct":
            cuts |= {q.inner_start + cut for cut in sentence_starts(inner, language)}
        cuts |= _edges(q)
        if ended := _FULL_STOP.match(text, q.end):
            cuts.add(ended.end())
    found: list[_Segment] = []
    waiting = list(reversed(quotations))
    inside: list[Quotation] = []
    for start, end in pairwise(sorted(cuts)):
        while inside and start >= inside[-1].end:
            inside.pop()
        while waiting and start >= waiting[-1].start:
            inside.append(waiting.pop())
            waiting.extend(reversed(inside[-1].nested))
        found.extend(_trimmed(text, start, end, tuple(inside)))
    return found


def _edges(quotation: Quotation) -> set[int]:
    """Where a quotation and those in it, and their marks, begin and end."""
    edges = {quotation.start, quotation.inner_start, quotation.inner_end, quotation.end}
    return edges.union(*map(_edges, quotation.nested))


def _wholes(parts: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """The stretches that a producer has said as a whole in other words, or by their sounds."""
    begin = at = 0
    within: HtmlElement | None = None
    for piece in parts:
        said = (e for e in piece.chain if e.get("data-spoken") or e.get("data-ipa"))
        element = next(said, None)
        if element is not within:
            if within is not None:
                yield begin, at
            begin, within = at, element
        at += len(piece.text)
    if within is not None:
        yield begin, at


def _kept_whole(segments: list[_Segment], wholes: Sequence[tuple[int, int]]) -> list[_Segment]:
    """The segments, those that divide a whole made one."""
    kept: list[_Segment] = []
    rest = iter(wholes)
    begin, end = next(rest)
    for segment in segments:
        while end <= segment.start and (following := next(rest, None)):
            begin, end = following
        if kept and begin < segment.start < end:
            said = kept[-1].said or segment.said
            kept[-1] = replace(kept[-1], end=segment.end, said=said)
        else:
            kept.append(segment)
    return kept


def _between(cuts: set[int], start: int, end: int) -> list[int]:
    return [cut for cut in range(start + 1, end) if cut in cuts]


def _trimmed(
    text: str, start: int, end: int, quotations: tuple[Quotation, ...]
) -> Iterator[_Segment]:
    """A segment without the white space around it; one without words is not said."""
    stretch = text[start:end]
    if not has_words(stretch):
        yield _Segment(start, end, quotations, said=False)
        return
    first = start + len(stretch) - len(stretch.lstrip())
    last = start + len(stretch.rstrip())
    if first > start:
        yield _Segment(start, first, quotations, said=False)
    yield _Segment(first, last, quotations, said=True)
    if last < end:
        yield _Segment(last, end, quotations, said=False)


class _Writer:
    """Writes a block's content anew, opening and closing elements as the text asks.

    taken: ids that are given: those of a block's utterances are not among them.
    """

    def __init__(self, block: HtmlElement, taken: Collection[str]) -> None:
        self._block = block
        self._taken = taken
        self._id = str(block.get("id") or block.tag)
        self._spoken = self._quoted = 0
        self._open: list[tuple[object, HtmlElement]] = []
        self._copied: set[HtmlElement] = set()
        for child in list(block):
            block.remove(child)
        block.text = None

    def text(self, text: str, chain: Sequence[HtmlElement], segment: _Segment, number: int) -> None:
        """Append text inside the elements that its segment and its markup ask for."""
        here = self._at(chain, segment, number)
        last = next(here.iterchildren(reversed=True), None)  # len() would count every child
        if last is not None:
            last.tail = (last.tail or "") + text
        else:
            here.text = (here.text or "") + text

    def atom(self, piece: Piece, number: int, segment: _Segment | None) -> None:
        """Append an element that holds no text."""
        assert piece.atom is not None
        here = self._at(piece.chain, segment, number)
        copy = deepcopy(piece.atom)
        copy.tail = None
        here.append(copy)

    def _at(
        self, chain: Sequence[HtmlElement], segment: _Segment | None, number: int
    ) -> HtmlElement:
        path: list[tuple[object, HtmlElement | None]] = []
        if segment is not None:
            path.extend((quotation, None) for quotation in segment.quotations)
        if segment is not None and segment.said:
            path.append((("u", number), None))
        path.extend((("e", element), element) for element in chain)
        shared = 0
        while shared < min(len(path), len(self._open)) and path[shared][0] == self._open[shared][0]:
            shared += 1
        del self._open[shared:]
        for key, original in path[shared:]:
            parent = self._open[-1][1] if self._open else self._block
            child = self._new(key, original)
            parent.append(child)
            self._open.append((key, child))
        return self._open[-1][1] if self._open else self._block

    def _new(self, key: object, original: HtmlElement | None) -> HtmlElement:
        if original is not None:
            copy = _element(str(original.tag), dict(original.attrib))
            if original in self._copied:
                copy.attrib.pop("id", None)
            self._copied.add(original)
            return copy
        if isinstance(key, Quotation):
            self._quoted += 1
            return _element("q", {"id": f"{self._id}-q{self._quoted}", "class": key.kind})
        self._spoken += 1
        while (name := f"{self._id}-{self._spoken}") in self._taken:
            self._spoken += 1  # a block of the same words may be called that
        return _element("span", {"id": name, "class": UTTERANCE_CLASS})


def _element(tag: str, attributes: dict[str, str]) -> HtmlElement:
    element = html_parser.makeelement(tag, attributes)
    assert isinstance(element, etree._Element)
    return element
