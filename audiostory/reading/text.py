"""What the paragraphs of a text are: headline, byline, headings, lists, quotations, credits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lxml.html import HtmlElement, html_parser

from audiostory.model import Omission
from audiostory.reading.furniture import (
    HEAD,
    LINE,
    PageWords,
    is_age,
    is_capitals,
    is_furniture,
    is_label,
    is_prose,
    page_words,
    sort_out,
)
from audiostory.reading.lines import (
    author_names,
    dated,
    is_byline,
    is_credits,
    is_photo_line,
    split_headline,
)
from audiostory.reading.paragraphs import Paragraph, is_ended, join_lines, paragraphs, words_of
from audiostory.reading.unmarked import quoted_after

_HEADLINE_WORDS = 40
_HEADING_WORDS = 12
_LONG_WORDS = 12
_FEW_WORDS = 5
_HEAD_PARAGRAPHS = 5
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»]?\s+[\"'“‘«„]?[^\W\d_a-z]")


@dataclass(frozen=True, slots=True)
class TextDocument:
    """A text's structure. root: a <div> of HTML; its classes are those of the vocabulary."""

    root: HtmlElement
    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A block of the document to come. role: a tag, or a tag and a class."""

    text: str
    role: str = "p"


def parse_text(text: str, language: str) -> TextDocument:
    """Find the structure of a text: of an ordinary one, or of the dump of a page."""
    words = page_words(language)
    found = paragraphs(text, lambda line: is_age(line, words) or is_furniture(line, words))
    kept, first, omissions = _sift(found, words)
    vocabulary = words_of(text)
    head, body = kept[:first], kept[first:]
    parts = list(_head_parts(head, words, language, text))
    parts += _body_parts(_rejoined(body, words, vocabulary), words)
    return TextDocument(
        root=_tree(parts),
        title=next((p.text for p in parts if p.role == "h1"), ""),
        description=next((p.text for p in parts if p.role == "p.standfirst"), ""),
        authors=_authors(parts, words),
        published=next(
            (d for p in parts if p.role == "p.dateline" if (d := dated(p.text, words, language))),
            None,
        ),
        omissions=omissions,
    )


def _sift(
    found: Sequence[Paragraph], words: PageWords
) -> tuple[list[Paragraph], int, tuple[Omission, ...]]:
    """The article's paragraphs, how many of them are its head, and what is left out and why."""
    dump = sort_out(found, words)
    if dump is None:
        return list(found), _head_length(found, words), ()
    reasons = dict(dump.reasons)
    headline = _headline(found, dump.first_prose, words, reasons)
    for number in range(dump.first_prose):
        text = found[number].text
        if number < headline:
            reasons[number] = HEAD
        elif number > headline and _is_button(text, words):
            reasons.setdefault(number, LINE)
    for number in range(dump.last_prose + 1, len(found)):
        if is_credits(found[number].text, words):
            reasons.pop(number, None)
    kept = [n for n in range(len(found)) if n not in reasons]
    omissions = tuple(
        Omission(found[n].text, reason) for n, reason in sorted(reasons.items()) if found[n].text
    )
    return [found[n] for n in kept], sum(n < dump.first_prose for n in kept), omissions


def _is_button(text: str, words: PageWords) -> bool:
    """Whether a line below a headline is a label, and neither an author nor a date."""
    return is_label(text) and not _is_date(text) and not is_byline(text, words)


def _headline(
    found: Sequence[Paragraph], end: int, words: PageWords, reasons: dict[int, str]
) -> int:
    """The first of the last lines above the prose that are no labels, dates or furniture."""
    start: int | None = None
    for number in range(end - 1, -1, -1):
        text = found[number].text
        if found[number].kind == "heading":
            return number
        if number in reasons or is_label(text):
            if start is not None:
                break
        elif not (is_byline(text, words) or _is_date(text) or is_photo_line(text, words)):
            start = number
    if start is not None:
        return start
    labels = [n for n in range(end) if n not in reasons and not _is_date(found[n].text)]
    named = [n for n in labels if not is_byline(found[n].text, words)]
    return named[-1] if named else end


def _is_date(text: str) -> bool:
    """Whether a line could be a date: short, with a year and hardly a sentence."""
    return len(text) <= 100 and re.search(r"\b(?:19|20)\d\d\b", text) is not None


def _head_length(found: Sequence[Paragraph], words: PageWords) -> int:
    """How many paragraphs of an ordinary text are its headline and what stands below that."""
    if len(found) < 2 or not _could_be_headline(found[0]):
        return 0
    length = 1
    for number, paragraph in enumerate(found[1:_HEAD_PARAGRAPHS], start=2):
        if paragraph.kind != "text" or is_prose(paragraph.text, words):
            break
        if is_byline(paragraph.text, words) or _is_date(paragraph.text):
            length = number
    return length


def _could_be_headline(paragraph: Paragraph) -> bool:
    if paragraph.kind == "heading":
        return paragraph.level == 1
    text = paragraph.text
    short = len(text.split(None, _HEADLINE_WORDS)) < _HEADLINE_WORDS
    return paragraph.kind == "text" and short and (not is_ended(text) or text[-1] in "?!")


def _head_parts(
    head: Sequence[Paragraph], words: PageWords, language: str, prose: str
) -> Iterator[_Part]:
    """Headline, standfirst, byline, date; what else there is stays a paragraph."""
    standfirst = False
    for number, paragraph in enumerate(head):
        text = paragraph.text
        if number == 0:
            headline, rest = split_headline(text, prose)
            yield _Part(headline, "h1")
            if rest:
                standfirst = True
                yield _Part(rest, "p.standfirst")
        elif is_byline(text, words):
            yield _Part(text, "p.byline")
        elif _is_date(text) and dated(text, words, language):
            yield _Part(text, "p.dateline")
        elif is_photo_line(text, words):
            yield _Part(text, "figcaption")
        elif not standfirst:
            standfirst = True
            yield _Part(text, "p.standfirst")
        else:
            yield _Part(text)


def _rejoined(
    body: Sequence[Paragraph], words: PageWords, vocabulary: Counter[str]
) -> list[Paragraph]:
    """Paragraphs that the layout of a page broke in mid-sentence are made whole."""
    whole: list[Paragraph] = []
    for paragraph in body:
        if whole and _is_broken(whole[-1], paragraph, words):
            text = join_lines(whole[-1].text, paragraph.text, vocabulary)
            whole[-1] = replace(whole[-1], text=text)
        else:
            whole.append(paragraph)
    return whole


def _is_broken(first: Paragraph, second: Paragraph, words: PageWords) -> bool:
    """Whether a sentence goes on from one paragraph to the next."""
    if first.kind != "text" or second.kind != "text" or is_ended(first.text):
        return False
    if is_photo_line(first.text, words) or is_photo_line(second.text, words):
        return False
    if is_credits(second.text, words) or is_capitals(first.text):
        return False
    count = len(first.text.split(None, 2 * _LONG_WORDS))
    if second.text[:1].islower():
        return count >= _FEW_WORDS
    begun = _SENTENCE_END.search(first.text) is not None or count >= 2 * _LONG_WORDS
    return begun and count >= _LONG_WORDS and is_ended(second.text)


def _body_parts(body: Sequence[Paragraph], words: PageWords) -> Iterator[_Part]:
    quoted = quoted_after(body, words)
    last_prose = max((n for n, p in enumerate(body) if is_prose(p.text, words)), default=0)
    for number, paragraph in enumerate(body):
        text, kind = paragraph.text, paragraph.kind
        if kind == "heading":
            yield _Part(text, f"h{min(6, max(2, paragraph.level))}")
        elif kind == "rule":
            yield _Part("", "hr")
        elif kind == "image":
            yield _Part(text, "img")
        elif kind in ("bullet", "number"):
            yield _Part(text, "ul" if kind == "bullet" else "ol")
        elif kind == "quote" or number in quoted:
            yield _Part(text, "blockquote")
        elif is_photo_line(text, words):
            yield _Part(text, "figcaption")
        elif number > last_prose and is_credits(text, words):
            yield _Part(text, "p.credits")
        elif _is_heading(body, number):
            yield _Part(text, "h2")
        else:
            yield _Part(text)


def _is_heading(body: Sequence[Paragraph], number: int) -> bool:
    """A short line without a full stop, with text below it that is none."""
    text = body[number].text
    if number + 1 >= len(body) or len(text.split()) > _HEADING_WORDS:
        return False
    first = text.lstrip("\"'“‘«„¿¡(")[:1]
    if not (first.isupper() or first.isdigit()) or is_ended(text):
        return False
    below = body[number + 1]
    longer = len(below.text.split(None, _HEADING_WORDS)) > _HEADING_WORDS
    return below.kind in ("bullet", "number", "quote") or longer or is_ended(below.text)


def _authors(parts: Sequence[_Part], words: PageWords) -> tuple[str, ...]:
    """The names in the byline, or else in the credits."""
    for role in ("p.byline", "p.credits"):
        names = [name for p in parts if p.role == role for name in author_names(p.text, words)]
        if names:
            return tuple(dict.fromkeys(names))
    return ()


# --- the tree -------------------------------------------------------------------------------

_HOLDERS = {"ul": "li", "ol": "li", "blockquote": "p"}


def _tree(parts: Sequence[_Part]) -> HtmlElement:
    root = html_parser.makeelement("div")
    for part in parts:
        tag, _, class_ = part.role.partition(".")
        if tag in _HOLDERS:
            last = root[-1] if len(root) and root[-1].tag == tag else None
            holder = last if last is not None else _add(root, tag, "")
            _add(holder, _HOLDERS[tag], part.text)
        elif tag in ("figcaption", "img"):
            _figure(root, tag, part.text)
        else:
            element = _add(root, tag, part.text)
            if class_:
                element.set("class", class_)
    return root


def _figure(root: HtmlElement, tag: str, text: str) -> None:
    figure = _add(root, "figure", "")
    inner = _add(figure, tag, "" if tag == "img" else text)
    if tag == "img":
        inner.set("alt", text)


def _add(parent: HtmlElement, tag: str, text: str) -> HtmlElement:
    element: HtmlElement = html_parser.makeelement(tag)
    element.text = text or None
    parent.append(element)
    return element
