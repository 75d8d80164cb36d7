"""What the paragraphs of a text are: headline, byline, headings, lists, quotations, credits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from lxml.html import HtmlElement

from audiostory.model import Omission
from audiostory.reading import mail
from audiostory.reading.bars import without_bars
from audiostory.reading.broken import rejoined
from audiostory.reading.furniture import (
    PageWords,
    ends_in_age,
    essence,
    is_age,
    is_box_label,
    is_name,
    is_prose,
    is_stamp,
    page_words,
)
from audiostory.reading.head import (
    Part,
    head_end,
    head_length,
    head_parts,
    headline_at,
    is_button,
    is_signed,
)
from audiostory.reading.items import listed
from audiostory.reading.layout import unpaged
from audiostory.reading.lines import (
    author_names,
    dated,
    is_byline,
    is_credits,
    is_date_line,
    is_photo_line,
    plain_names,
)
from audiostory.reading.notes import without_marks
from audiostory.reading.paragraphs import Paragraph, is_ended, paragraphs, words_of
from audiostory.reading.sorting import HEAD, LINE, sort_out
from audiostory.reading.tree import append_element, new_element
from audiostory.reading.unmarked import quoted_after

_HEADING_WORDS = 12
_ROWS, _CELL_WORDS = 3, 4  # paragraphs that show that a line is in a table
_LONGEST_CREDIT = 80
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?$", re.IGNORECASE)
# Below a note, the way back to its number.
_BACK = re.compile(r"(?<![ \u00a0])[ \u00a0]*↩\ufe0e?(?=\s|$)")
_APART = re.compile(r" ?[·•|] ?")
_EMPHASIS = re.compile(r"(?<![\w_*])([_*])(?=[^\s_*])([^_*]{1,300})(?<=[^\s_*])\1(?![\w_*])")


@dataclass(frozen=True, slots=True)
class TextDocument:
    """A text's structure. root: a <div> of HTML; its classes are those of the vocabulary."""

    root: HtmlElement
    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    omissions: tuple[Omission, ...] = ()


def parse_text(text: str, language: str) -> TextDocument:
    """Find the structure of a text: of an ordinary one, or of the dump of a page.

    A form feed in the text ends a page of it.
    """
    words = page_words(language)
    text, of_pages = unpaged(_BACK.sub("", text))
    letter = mail.opened(text, words)
    text, of_notes = without_marks(without_bars(letter.text, words), words)
    found = list(_labelled(paragraphs(text, lambda line: _stands_alone(line, words)), words))
    if letter.title:
        found.insert(0, Paragraph(letter.title, "heading", 1, block=-1))
    kept, first, omissions = _sift(found, words, is_dump=bool(of_notes))
    parts = list(head_parts(kept[:first], words, language, text))
    parts += _body_parts(listed(rejoined(kept[first:], words, words_of(text))), words)
    return TextDocument(
        root=_tree(parts),
        title=next((_unmarked(p.text) for p in parts if p.role == "h1"), ""),
        description=next((_unmarked(p.text) for p in parts if p.role == "p.standfirst"), ""),
        authors=_authors(parts, words),
        published=_published(parts, words, language),
        omissions=(*of_pages, *letter.omissions, *of_notes, *omissions),
    )


def _stands_alone(line: str, words: PageWords) -> bool:
    """Whether a line goes on neither with the one above nor in the one below."""
    text = line.strip()
    if is_age(text, words) or is_name(text, words) or is_box_label(text, words):
        return True
    if is_stamp(text, words) or is_byline(text, words) or is_date_line(text, words):
        return True
    if _dates(text, words):
        return True
    return len(text) <= _LONGEST_CREDIT and is_photo_line(text, words) and is_credits(text, words)


def _labelled(found: Sequence[Paragraph], words: PageWords) -> Iterator[Paragraph]:
    """The paragraphs; a label "Photo:" or "Published" and what is on the next line are one."""
    label: Paragraph | None = None
    for paragraph in found:
        if label is not None:
            near = paragraph.kind == "text" and paragraph.block == label.block
            fits = not _dates(label.text, words) or is_date_line(paragraph.text, words)
            if near and fits and len(paragraph.text) <= _LONGEST_CREDIT:
                yield replace(label, text=f"{label.text} {paragraph.text}")
                label = None
                continue
            yield label
        label = paragraph if _is_label_of_next(paragraph.text, words) else None
        if label is None:
            yield paragraph
    if label is not None:
        yield label


def _is_label_of_next(text: str, words: PageWords) -> bool:
    return _dates(text, words) or (text.endswith(":") and essence(text) in words.photo)


def _dates(text: str, words: PageWords) -> bool:
    """ "Published": a line of its own above a date."""
    return len(text) <= _LONGEST_CREDIT and essence(text) in words.dated


def _sift(
    found: list[Paragraph], words: PageWords, *, is_dump: bool
) -> tuple[list[Paragraph], int, tuple[Omission, ...]]:
    """The article's paragraphs, how many of them are its head, and what is left out and why."""
    dump = sort_out(found, words, is_dump=is_dump)
    if dump is None:
        return list(found), head_length(found, words), ()
    reasons = dict(dump.reasons)
    headline = headline_at(found, dump.first_prose, words, reasons)
    end = head_end(found, headline, dump.first_prose, words)
    while end > headline + 1 and _CLOCK.match(found[end - 1].text):
        end -= 1  # the time of a live report's first entry
    stamps = _sift_head(found, headline, end, reasons, words)
    for number in range(dump.last_prose + 1, len(found)):
        text = found[number].text
        if is_credits(text, words) and not ends_in_age(text, words):
            reasons.pop(number, None)
    for number in range(end):
        if found[number].kind == "number":
            text = _with_number(found[number])
            found[number] = replace(found[number], kind="text", text=text, level=0)
    kept = [n for n in range(len(found)) if n not in reasons]
    omissions = tuple(
        Omission(_with_number(found[n]), reason)
        for n, reason in sorted(reasons.items())
        if found[n].text
    )
    return [found[n] for n in kept], sum(n < end for n in kept), (*omissions, *stamps)


def _sift_head(
    found: list[Paragraph], headline: int, end: int, reasons: dict[int, str], words: PageWords
) -> list[Omission]:
    """Sort the lines down to a head's end, in place; what is left out of lines that are kept."""
    stamps: list[Omission] = []
    for number in range(end):
        if number < headline:
            reasons[number] = HEAD
        elif number == headline:
            reasons.pop(number, None)
        elif date := _date_of(found[number].text, words):
            reasons.pop(number, None)
            stamps.append(_stamp_of(found[number].text, date))
            found[number] = replace(found[number], text=date)
        elif is_signed(found, number, words):
            found[number] = replace(found[number], kind="byline")
        elif is_button(found, number, words):
            reasons.setdefault(number, LINE)
    return stamps


def _date_of(text: str, words: PageWords) -> str:
    """The date in "4 March 2026 • 3 min read", or ""."""
    first, *others = _APART.split(text) if len(text) <= _LONGEST_CREDIT else [""]
    stamped = bool(others) and all(is_stamp(other, words) for other in others)
    return first if stamped and is_date_line(first, words) else ""


def _stamp_of(text: str, date: str) -> Omission:
    return Omission(text.removeprefix(date).strip(" ·•|"), LINE)


def _with_number(paragraph: Paragraph) -> str:
    """A paragraph's text, an item's number before it."""
    numbered = paragraph.kind == "number"
    return f"{paragraph.level}. {paragraph.text}" if numbered else paragraph.text


def _body_parts(body: Sequence[Paragraph], words: PageWords) -> Iterator[Part]:
    quoted, asks = quoted_after(body, words), _asks(body)
    if not any(_is_heading(body, number, asks=asks) for number in range(len(body))):
        body = [replace(p, is_low=p.is_apart) for p in body]  # no empty lines above headings
    last_prose = max((n for n, p in enumerate(body) if is_prose(p.text, words)), default=0)
    for number, paragraph in enumerate(body):
        text, kind = paragraph.text, paragraph.kind
        if kind == "heading":
            yield Part(text, f"h{min(6, max(2, paragraph.level))}")
        elif kind == "rule":
            yield Part("", "hr")
        elif kind == "image":
            yield Part(text, "img")
        elif kind in ("bullet", "number"):
            yield Part(text, "ul" if kind == "bullet" else "ol", paragraph.level)
        elif kind == "quote" or number in quoted:
            yield Part(text, "blockquote")
        elif kind in ("verse", "code"):
            yield Part(text, "p" if kind == "verse" else "pre")
        elif is_photo_line(text, words):
            yield Part(text, "figcaption")
        elif number > last_prose and is_credits(text, words):
            yield Part(text, "p.credits")
        elif _is_heading(body, number, asks=asks) and not (
            number > last_prose and _is_notes_number(body, number)
        ):
            yield Part(text, "h2")
        else:
            yield Part(text)


def _is_heading(body: Sequence[Paragraph], number: int, *, asks: bool) -> bool:
    """A short line without a full stop, with text below it that is none; or a time of day.

    asks: whether a question may be one.
    """
    text = body[number].text
    if number + 1 >= len(body) or len(text.split()) > _HEADING_WORDS or body[number].is_low:
        return False
    first = text.lstrip("\"'“‘«„¿¡(")[:1]
    if not (first.isupper() or first.isdigit()):
        return False
    below = body[number + 1]
    stands_over = _stands_over(body[number], below)
    if is_ended(text):
        return asks and text.endswith("?")
    if stands_over or (below.is_low and _is_ended_above(body, number)):
        return not _is_in_rows(body, number)
    longer = len(below.text.split(None, _HEADING_WORDS)) > _HEADING_WORDS
    apart = below.kind in ("bullet", "number", "quote", "verse")
    if not (apart or longer or is_ended(below.text) or _CLOCK.match(text)):
        return False
    return not _is_in_rows(body, number)


def _is_notes_number(body: Sequence[Paragraph], number: int) -> bool:
    """Whether a line is nothing but a number, over the note that has it."""
    text = body[number].text
    near = body[number + 1 : number + 2]
    return len(text) <= 3 and text.isdecimal() and any(p.block == body[number].block for p in near)


def _is_ended_above(body: Sequence[Paragraph], number: int) -> bool:
    return not number or body[number - 1].kind != "text" or is_ended(body[number - 1].text)


def _is_in_rows(body: Sequence[Paragraph], number: int) -> bool:
    """Whether names or numbers stand one by one above a line, as a table's cells do."""
    above = body[max(0, number - _ROWS) : number]
    cells = (p.kind == "text" and len(p.text.split()) <= _CELL_WORDS for p in above)
    return len(above) == _ROWS and all(cells) and not any(is_ended(p.text) for p in above)


def _asks(body: Sequence[Paragraph]) -> bool:
    """Whether most short questions of a printed page stand over text as headings do.

    Those of an interview stand alone, or below what was answered.
    """
    over: list[bool] = []
    for paragraph, below in pairwise(body):
        short = len(paragraph.text.split(None, _HEADING_WORDS)) <= _HEADING_WORDS
        if paragraph.kind == "text" and short and paragraph.text.endswith("?"):
            near = _stands_over(paragraph, below) or paragraph.space > below.space > 0
            over.append(near and not paragraph.is_low)
    return 2 * sum(over) > len(over)


def _stands_over(paragraph: Paragraph, below: Paragraph) -> bool:
    return below.is_low and below.block == paragraph.block


def _authors(parts: Sequence[Part], words: PageWords) -> tuple[str, ...]:
    """The names in the byline, or else in the credits."""
    for role in ("p.byline", "p.credits"):
        lines = [p.text for p in parts if p.role == role]
        names = [name for line in lines for name in author_names(line, words)]
        if role == "p.byline":
            plain = [re.sub(r"\s*\([^()]*\)$", "", line) for line in lines]
            names = names or [name for line in plain for name in plain_names(line)]
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def _published(parts: Sequence[Part], words: PageWords, language: str) -> datetime | None:
    """The date in the line that has it, or else beside the author's name."""
    lines = (p.text for role in ("p.dateline", "p.byline") for p in parts if p.role == role)
    return next((date for line in lines if (date := dated(line, words, language))), None)


# --- the tree -------------------------------------------------------------------------------

_HOLDERS = {"ul": "li", "ol": "li", "blockquote": "p"}


def _tree(parts: Sequence[Part]) -> HtmlElement:
    root = new_element("div")
    above: Part | None = None
    for part in parts:
        tag, _, class_ = part.role.partition(".")
        if tag in _HOLDERS:
            goes_on = above is not None and above.role == tag and _counts_on(above, part)
            holder = root[-1] if goes_on else _add(root, tag, "")
            if part.number > 1 and not goes_on:
                holder.set("start", str(part.number))
            _add(holder, _HOLDERS[tag], part.text)
        elif tag in ("figcaption", "img"):
            _figure(root, tag, part.text)
        else:
            element = _add(root, tag, part.text)
            if class_:
                element.set("class", class_)
        above = part
    return root


def _counts_on(above: Part, part: Part) -> bool:
    return not part.number or part.number == above.number + 1


def _figure(root: HtmlElement, tag: str, text: str) -> None:
    figure = _add(root, "figure", "")
    inner = _add(figure, tag, "" if tag == "img" else text)
    if tag == "img":
        inner.set("alt", text)


def _add(parent: HtmlElement, tag: str, text: str) -> HtmlElement:
    """Add an element: line ends in its text are breaks, _words_ between marks are stressed."""
    element = append_element(parent, tag)
    last: HtmlElement | None = None
    for number, line in enumerate(text.split("\n")):
        if number:
            last = new_element("br")
            element.append(last)
        last = _write(element, last, line)
    return element


def _write(element: HtmlElement, last: HtmlElement | None, line: str) -> HtmlElement | None:
    """Write a line below the last child of an element; the last child it then has."""
    end = 0
    for match in (*_EMPHASIS.finditer(line), None):
        text = line[end : match.start() if match else None]
        if last is None:
            element.text = text or None
        else:
            last.tail = text or None
        if match:
            last = new_element("em")
            last.text = match.group(2)
            element.append(last)
            end = match.end()
    return last


def _unmarked(text: str) -> str:
    return _EMPHASIS.sub(r"\2", text)
