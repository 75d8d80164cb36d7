"""What stands above an article's prose: headline, standfirst, byline, date, picture."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from audiostory.reading.furniture import (
    PageWords,
    is_age,
    is_capitals,
    is_label,
    is_prose,
    is_stamp,
)
from audiostory.reading.furniture import is_name as is_button_name
from audiostory.reading.lines import (
    dated,
    is_byline,
    is_date_line,
    is_name,
    is_photo_line,
    plain_names,
    split_headline,
)
from audiostory.reading.paragraphs import Paragraph, is_ended

_HEADLINE_WORDS = 40
_HEADLINE_CHARACTERS = 255
_STANDFIRST_WORDS = 12
_SHORT_WORDS = 4  # of a headline above a standfirst that is no longer than one
_ROLE = re.compile(r"\s*\([^()]{3,60}\)$")  # "Ann Lee (Our editor in Leck)"
_STEPS = re.compile(r"\s[>›»/|]\s")
_HEAD_PARAGRAPHS = 6
_BELOW_STANDFIRST = 8  # paragraphs down to the byline, buttons included
_LAST_WORDS = 2  # of a headline, on its second line
_FIRST_WORDS = 5  # of it, on its first


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the document to come. role: a tag, or a tag and a class. number: of an item."""

    text: str
    role: str = "p"
    number: int = 0


def headline_at(
    found: Sequence[Paragraph], end: int, words: PageWords, known: Collection[int]
) -> int:
    """Where the headline of a dump is: among the lines above its prose (end), or else end.

    It is the first line of the last run that has neither labels, dates nor furniture (known), and
    above the byline or date where there is such a run; a label above a single standfirst is a
    short headline, where no menu has the same label.
    """
    end = _above_byline(found, end, words, known)
    start: int | None = None
    run = 0
    for number in range(end - 1, -1, -1):
        text = found[number].text
        if found[number].kind == "heading":
            return number
        if number in known or is_label(text) or len(text) > _HEADLINE_CHARACTERS:
            if start is not None:
                break
        elif not _is_about(text, words) and has_letters(text):
            start, run = number, run + 1
    if start is None:
        return _last_label(found, end, words, known)
    is_short = run == 1 and start - 1 not in known and _is_short_headline(found, start, words)
    return start - 1 if is_short else start


def _above_byline(
    found: Sequence[Paragraph], end: int, words: PageWords, known: Collection[int]
) -> int:
    """The first line that says who wrote the article or when, if a headline may be above it."""
    texts = [paragraph.text for paragraph in found[:end]]
    about = [n for n, text in enumerate(texts) if _is_about(text, words) or is_stamp(text, words)]
    ages = [n for n, text in enumerate(texts) if is_age(text, words)]
    first = next(iter(about or ages), end)
    lines = (n for n in range(first) if n not in known and not is_label(texts[n]))
    return first if any(has_letters(texts[n]) for n in lines) else end


def _last_label(
    found: Sequence[Paragraph], end: int, words: PageWords, known: Collection[int]
) -> int:
    """The last label that is neither a name above a date nor a number."""
    labels = [
        n
        for n in range(end)
        if n not in known
        and has_letters(found[n].text)
        and not _is_about(found[n].text, words)
        and not is_signed(found, n, words)
    ]
    return labels[-1] if labels else end


def has_letters(text: str) -> bool:
    """Whether a line is more than a number and marks."""
    return any(map(str.isalpha, text))


def _is_about(text: str, words: PageWords) -> bool:
    """Whether a line says who wrote the article, when, or who took the picture."""
    return is_byline(text, words) or is_date_line(text, words) or is_photo_line(text, words)


def _is_short_headline(found: Sequence[Paragraph], standfirst: int, words: PageWords) -> bool:
    """Whether the line above what may be a standfirst is a headline, and no section's name."""
    if not standfirst:
        return False
    text, below = found[standfirst - 1].text, found[standfirst].text
    alone = all(p.text != text for p in found[: standfirst - 1])
    if not alone or is_capitals(text) or _is_about(text, words) or not has_letters(text):
        return False
    long = is_ended(below) or len(below.split()) >= _STANDFIRST_WORDS
    count = len(text.split())
    return count > 1 and len(_STEPS.split(text)) == 1 and (long or count >= _SHORT_WORDS)


def is_button(found: Sequence[Paragraph], number: int, words: PageWords) -> bool:
    """Whether a line below a headline is a label, and neither an author nor a date."""
    text = found[number].text
    return is_label(text) and not _is_about(text, words) and not is_signed(found, number, words)


def is_signed(found: Sequence[Paragraph], number: int, words: PageWords) -> bool:
    """Whether a line is an author's name: beside a date or a time of reading, or with a role."""
    text = found[number].text
    if found[number].kind != "text":
        return False
    if is_name(_ROLE.sub("", text)) and _ROLE.search(text):
        return True
    if not plain_names(text):
        return False
    around = (*found[max(0, number - 1) : number], *found[number + 1 : number + 2])
    return any(
        is_date_line(p.text, words) or words.reading.match(p.text.casefold()) for p in around
    )


def head_end(found: Sequence[Paragraph], headline: int, prose: int, words: PageWords) -> int:
    """Where a dump's head ends: at its first prose, or below, where that is the standfirst."""
    end = prose
    for number in range(prose + 1, min(prose + _BELOW_STANDFIRST, len(found))):
        text = found[number].text
        if headline >= prose or is_prose(text, words):
            break
        if is_byline(text, words) or is_date_line(text, words):
            end = number + 1
        elif end == number and (is_button_name(text, words) or not has_letters(text)):
            end = number + 1  # buttons below the date
    return end


def head_length(found: Sequence[Paragraph], words: PageWords) -> int:
    """How many paragraphs of an ordinary text are its headline and what stands below that."""
    if len(found) < 2 or not _could_be_headline(found[0]):
        return 0
    length, prose = 1, 0
    for number, paragraph in enumerate(found[1:_HEAD_PARAGRAPHS], start=2):
        if paragraph.kind != "text" or prose > 1:
            break
        signed_above = 1 < length == number - 1
        dated_line = (signed_above or not prose) and is_date_line(paragraph.text, words)
        if is_byline(paragraph.text, words) or dated_line:
            length = number
        prose += is_prose(paragraph.text, words)
    return max(length, 1 + _has_kicker(found, words))


def _has_kicker(found: Sequence[Paragraph], words: PageWords) -> bool:
    """Whether the first line is a section's name, one word, and the headline is below it."""
    if len(found) < 2 or len(found[0].text.split()) > 1 or is_ended(found[0].text):
        return False
    headline = found[1]
    long = len(headline.text.split()) >= _SHORT_WORDS and _could_be_headline(headline)
    return long and headline.kind == "text" and not _is_about(headline.text, words)


def _could_be_headline(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if len(text) > _HEADLINE_CHARACTERS:
        return False
    if paragraph.kind == "heading":
        return paragraph.level == 1
    short = len(text.split(None, _HEADLINE_WORDS)) < _HEADLINE_WORDS
    return paragraph.kind == "text" and short and (not is_ended(text) or text[-1] in "?!")


def head_parts(
    head: Sequence[Paragraph], words: PageWords, language: str, prose: str
) -> Iterator[Part]:
    """Headline, standfirst, byline, date; what else there is stays a paragraph.

    prose: all of the text, to know words that are no names.
    """
    standfirst = False
    if _has_kicker(head, words):
        yield Part(head[0].text)
        head = head[1:]
    head = _with_whole_headline(head, words)
    for number, paragraph in enumerate(head):
        text = paragraph.text
        if number == 0:
            headline, rest = split_headline(text, prose)
            yield Part(headline, "h1")
            if rest:
                standfirst = True
                yield Part(rest, "p.standfirst")
        elif paragraph.kind == "byline" or is_byline(text, words) or is_signed(head, number, words):
            yield Part(text, "p.byline")
        elif is_date_line(text, words) or _is_dated(text, words, language):
            yield Part(text, "p.dateline")
        elif is_photo_line(text, words):
            yield Part(text, "figcaption")
        elif paragraph.kind not in ("text", "heading"):
            yield Part(text, "blockquote" if paragraph.kind == "quote" else "p")
        elif not standfirst:
            standfirst = True
            yield Part(text, "p.standfirst")
        else:
            yield Part(text)


def _is_dated(text: str, words: PageWords, language: str) -> bool:
    """Whether there is a date anywhere in a short line."""
    return len(text) <= 100 and any(map(str.isdigit, text)) and bool(dated(text, words, language))


def _with_whole_headline(head: Sequence[Paragraph], words: PageWords) -> Sequence[Paragraph]:
    """A headline's last word or two, left over for a second line above the byline, join it."""
    if len(head) < 3 or not is_byline(head[2].text, words):
        return head
    first, second = head[0], head[1]
    words_in = (len(first.text.split()), len(second.text.split()))
    if first.block != second.block or words_in[0] < _FIRST_WORDS or words_in[1] > _LAST_WORDS:
        return head
    if is_ended(first.text) or is_ended(second.text) or _is_about(second.text, words):
        return head
    return (replace(first, text=f"{first.text} {second.text}"), *head[2:])
