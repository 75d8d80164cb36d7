"""Where quotations begin and end in a paragraph, and which of them are somebody's speech.

Speech stands in marks, or after a dash that opens a paragraph (quotation_marks.py,
dialogue.py); what the narrator says in between ("— сказал он —") is no part of it. Each
quotation is told by what it holds and by what stands around it (quotation_kinds.py). What is
left open at the end of a paragraph is no quotation, unless the next paragraph goes on with
the same mark: a mistake stays within its paragraph.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from audiostory.narration.dialogue import Stretch, interruptions, opening, spoken_paragraphs
from audiostory.narration.quotation_kinds import (
    Kind,
    Place,
    is_announced_title,
    is_title,
    kind_of,
)
from audiostory.narration.quotation_marks import Span, continuations, paired
from audiostory.narration.quotation_words import WORD, QuotationWords, quotation_words

__all__ = ["Kind", "Quotation", "find_quotations"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation in a text. start, end: with its marks; inner_*: without them.

    Where the narrator breaks in, each part is a quotation: then start may be inner_start, and
    end inner_end. nested: the quotations in a direct one, in order.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    kind: Kind
    nested: tuple[Quotation, ...] = ()


def find_quotations(texts: Sequence[str], language: str) -> list[tuple[Quotation, ...]]:
    """The outermost quotations of each paragraph, in order, for paragraphs that follow on.

    texts: the paragraphs. language: BCP 47.
    """
    words = quotation_words(language)
    spoken = spoken_paragraphs(texts, words)
    found: list[tuple[Quotation, ...]] = []
    carried: str | None = None
    for text, following, by_dash in zip(texts, [*texts, ""][1:], spoken, strict=False):
        goes_on = carried if carried and text.startswith(continuations(carried)) else None
        spans, carried = paired(text, language, following, goes_on)
        if by_dash:
            found.append(tuple(_said_after_dash(text, spans, words)))
        else:
            found.append(tuple(_told(text, spans, words, goes_on is not None, carried is not None)))
    return found


def _told(
    text: str, spans: Sequence[Span], words: QuotationWords, goes_on: bool, left_open: bool
) -> Iterator[Quotation]:
    """What each pair of marks holds. goes_on, left_open: the first, the last is a part."""
    previous: Span | None = None
    is_speech = False
    for index, span in enumerate(spans):
        is_part = (goes_on and span.start == 0) or (left_open and index == len(spans) - 1)
        following = spans[index + 1].start if index + 1 < len(spans) else -1
        place = Place(text, span, words, previous, is_speech, following)
        kind: Kind = "direct" if is_part else kind_of(place)
        previous, is_speech = span, kind == "direct"
        if is_speech:
            yield from _said(text, span, words)
        else:
            yield Quotation(span.start, span.end, span.inner_start, span.inner_end, kind)


def _said(text: str, span: Span, words: QuotationWords) -> Iterator[Quotation]:
    """The speech in a pair of marks, in the parts that the narrator leaves of it."""
    start, end = span.inner_start, span.inner_end
    breaks = [
        each
        for each in interruptions(text, start, end, words, to_end=False)
        if not _cuts(each, span.nested)
    ]
    said = list(_outside(text, start, end, breaks))
    if len(said) < 2:
        yield Quotation(
            span.start, span.end, start, end, "direct", _nested(text, span.nested, words)
        )
        return
    for index, (first, last) in enumerate(said):
        inner = _within(span.nested, first, last)
        opens, closes = index == 0, index == len(said) - 1
        yield Quotation(
            span.start if opens else first,
            span.end if closes else last,
            start if opens else first,
            end if closes else last,
            "direct",
            _nested(text, inner, words),
        )


def _said_after_dash(
    text: str, spans: Sequence[Span], words: QuotationWords
) -> Iterator[Quotation]:
    """The speech of a paragraph that a dash opens, and what is quoted in the narrator's words."""
    begin, end = opening(text), len(text.rstrip())
    dash = len(text) - len(text.lstrip())
    breaks = interruptions(text, begin, end, words, to_end=True)
    said = list(_outside(text, begin, end, breaks))
    found: list[Quotation] = []
    for first, last in said:
        inner = [s for s in _within(spans, first, last) if s.end - s.start < last - first]
        start = dash if first == begin else first
        found.append(Quotation(start, last, first, last, "direct", _nested(text, inner, words)))
    for span in (s for first, last in breaks for s in _within(spans, first, last)):
        kind: Kind = "title" if is_title(_alone(text, span, words)) else "fragment"
        found.append(Quotation(span.start, span.end, span.inner_start, span.inner_end, kind))
    return iter(sorted(found, key=lambda quotation: quotation.start))


def _outside(text: str, start: int, end: int, breaks: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is left from start to end without the breaks, and without the spaces around."""
    at = start
    for first, last in [*breaks, (end, end)]:
        said = text[at:first]
        if WORD.search(said):
            yield at + len(said) - len(said.lstrip()), at + len(said.rstrip())
        at = last


def _nested(text: str, spans: Sequence[Span], words: QuotationWords) -> tuple[Quotation, ...]:
    """What is quoted in what is said; a title that a noun announces is no quotation there."""
    return tuple(
        Quotation(
            span.start,
            span.end,
            span.inner_start,
            span.inner_end,
            "title" if is_announced_title(_alone(text, span, words)) else "nested",
            _nested(text, span.nested, words),
        )
        for span in spans
    )


def _alone(text: str, span: Span, words: QuotationWords) -> Place:
    return Place(text, span, words, None, follows_speech=False, following=-1)


def _within(spans: Sequence[Span], first: int, last: int) -> Sequence[Span]:
    """Of spans in order, those from first to last."""
    begin = bisect_left(spans, first, key=lambda span: span.start)
    end = bisect_right(spans, last, key=lambda span: span.end)
    return spans[begin:end]


def _cuts(stretch: Stretch, spans: Sequence[Span]) -> bool:
    """Whether a stretch has a part of a span in it."""
    before = bisect_left(spans, stretch[1], key=lambda span: span.start)
    return before > 0 and spans[before - 1].end > stretch[0]


def in_a_block(text: str, quotations: Sequence[Quotation]) -> tuple[Quotation, ...]:
    """A paragraph's quotations where it is part of a block quotation: then they are nested.

    Marks around the whole paragraph are the block's own; what they hold is as it was.
    """
    return tuple(
        each if each.kind == "title" or _is_whole(text, each) else replace(each, kind="nested")
        for each in quotations
    )


def _is_whole(text: str, quotation: Quotation) -> bool:
    if quotation.kind != "direct" or WORD.search(text, 0, quotation.start):
        return False
    return WORD.search(text, quotation.end) is None
