"""What in the dump of a page is not the article: menus, boxes with other stories, notices.

A text is taken for a dump only when at least two of its lines are known for furniture, and one
of them surely; of an ordinary text nothing is left out. The rules look at what lines are like
(labels, sentences, prose) and where they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audiostory.reading.furniture import (
    AGE_CHARACTERS,
    LONGEST_NAME,
    PageWords,
    essence,
    is_age,
    is_box_label,
    is_box_line,
    is_capitals,
    is_interruption,
    is_label,
    is_name,
    is_notice,
    is_plea,
    is_prose,
)
from audiostory.reading.paragraphs import Paragraph, is_ended

_MANY = 5  # lines that might be a menu's, or an article's own
_BOX_LINES = 3
_MOST_BOXED = 12  # lines, where they are headlines with dates
_BOX_WORDS = 32
_BUTTONS = 8  # below what a site asks of its readers
_BELOW_ADVERTISEMENT, _BELOW_BOX = 3, 8  # words of a sentence with which the article goes on

HEAD, TAIL, BOX, LINE = "before the article", "after the article", "related story", "page furniture"


@dataclass(frozen=True, slots=True)
class Sorted:
    """A dump, sorted: where its first prose is, and why each paragraph left out is left out."""

    first_prose: int
    last_prose: int
    reasons: Mapping[int, str]


def sort_out(
    found: Sequence[Paragraph], words: PageWords, *, is_dump: bool = False
) -> Sorted | None:
    """Which paragraphs of a dump are no part of the article, or None when it is no dump.

    is_dump: that it is one is known already.

    What stands before the first prose is left for the caller, who finds the headline in it.
    """
    texts = [paragraph.text for paragraph in found]
    prose = [n for n, text in enumerate(texts) if is_prose(text, words)]
    reasons = known_furniture(found, words, is_dump=is_dump)
    if reasons is None:
        return None
    tail = _tail(found, prose, reasons, words)
    reasons |= dict.fromkeys(range(tail, len(texts)), TAIL)
    kept = [n for n in prose if n not in reasons]
    if not kept:
        return None
    return Sorted(kept[0], kept[-1], reasons)


def known_furniture(
    found: Sequence[Paragraph], words: PageWords, *, is_dump: bool = False
) -> dict[int, str] | None:
    """The lines that are a site's by what they say, and its boxes; None when it is no dump."""
    texts = [paragraph.text for paragraph in found]
    prose = [n for n, text in enumerate(texts) if is_prose(text, words)]
    if not prose:
        return None
    sure = {n for n, p in enumerate(found) if p.kind != "verse" and _is_sure(p.text, words)}
    named = _named(found, sure, prose, words)
    known = sorted(sure | named)
    proofs = sure or any(essence(texts[n]) in words.sure for n in named)
    shown = len(known) > 1 and (proofs or len(known) >= _MANY or _has_row(named))
    if not known or not (shown or is_dump):
        return None
    reasons = dict.fromkeys(known, LINE)
    reasons |= dict.fromkeys(_between(found, [n for n in known if n > prose[0]], words), LINE)
    return reasons | _boxes(found, words, prose[0])


def _is_sure(text: str, words: PageWords) -> bool:
    """Whether a line is a site's wherever it stands."""
    if is_age(text, words) or is_box_label(text, words) or is_box_line(text, words):
        return True
    return is_notice(text, words) or is_interruption(text, words)


def _named(
    found: Sequence[Paragraph], sure: set[int], prose: Sequence[int], words: PageWords
) -> set[int]:
    """The names of menus and buttons; one alone between paragraphs is the article's heading."""
    names = {n for n, p in enumerate(found) if p.kind != "verse" and is_name(p.text, words)}
    around = names | sure
    return {
        n
        for n in names
        if not prose[0] < n < prose[-1]
        or n - 1 in around
        or (n + 1 in around and n + 1 not in sure)
    }


def _has_row(named: set[int]) -> bool:
    """Whether three buttons stand in a row."""
    return any(n + 1 in named and n + 2 in named for n in named)


def _between(found: Sequence[Paragraph], known: Sequence[int], words: PageWords) -> Iterator[int]:
    """Short lines between two of a site's in one block: what its box says."""
    for first, last in pairwise(known):
        inner = range(first + 1, last)
        if len(inner) > _BOX_LINES or any(found[n].block != found[last].block for n in inner):
            continue
        if found[first].block == found[last].block:
            yield from (n for n in inner if not is_prose(found[n].text, words))


def _boxes(found: Sequence[Paragraph], words: PageWords, start: int) -> dict[int, str]:
    """Boxes with other stories: from their label down, and from their age up."""
    boxes: dict[int, str] = {}
    for number in range(start, len(found)):
        text = found[number].text
        if is_box_label(text, words):
            boxes |= dict.fromkeys(_below_label(found, words, number), BOX)
        elif is_box_line(text, words):
            boxes[number] = BOX
        elif is_age(text, words):
            boxes[number] = BOX
            for above in range(number - 1, max(number - _BOX_LINES, start), -1):
                if not _could_be_boxed(found[above]):
                    break
                if above < number - 1 and not is_capitals(found[above].text):
                    break
                boxes[above] = BOX
    return boxes


def _below_label(found: Sequence[Paragraph], words: PageWords, label: int) -> range:
    """A box's label and what is in the box: down to an age, or else one block of lines."""
    end = label + 1
    while end < len(found) and _is_in_box(found, end, label, words):
        end += 1
        if is_age(found[end - 1].text, words):
            return range(label, end)
    if end < len(found) and end > label + 2 and essence(found[label].text) not in words.boxes:
        after, last = found[end], found[end - 1]
        if after.block == last.block and is_prose(after.text, words):
            end -= 1  # one story, and the article's next heading
    blocks = {p.block for p in found[label + 1 : label + 2]} | {found[label].block}
    while end > label + 1 and found[end - 1].block not in blocks:
        end -= 1
    return range(label, end)


def _is_in_box(found: Sequence[Paragraph], number: int, label: int, words: PageWords) -> bool:
    """Whether a line may be of a box: one of few, or of pairs of a headline and a date."""
    if not _could_be_boxed(found[number]):
        return False
    if number <= label + _BOX_LINES:
        return True
    pair = found[number : number + 2]
    return number <= label + _MOST_BOXED and any(_is_dated(p.text, words) for p in pair)


def _is_dated(text: str, words: PageWords) -> bool:
    """Whether a short line has a day and a month, or another story's age."""
    if len(text) > AGE_CHARACTERS or not any(map(str.isdigit, text)):
        return False
    return is_age(text, words) or any(
        word.strip(".,") in words.months for word in text.lower().split()
    )


def _could_be_boxed(paragraph: Paragraph) -> bool:
    """Whether it may be another story's headline: no full stop, and not long."""
    short = len(paragraph.text.split(None, _BOX_WORDS)) < _BOX_WORDS
    return paragraph.kind == "text" and short and not is_ended(paragraph.text)


def _tail(
    found: Sequence[Paragraph], prose: Sequence[int], reasons: Mapping[int, str], words: PageWords
) -> int:
    """Where the page goes on after the article: the first furniture with no prose below."""
    texts = [paragraph.text for paragraph in found]
    comments = _comments(texts, prose, reasons, words)
    last = max((n for n in prose if n not in reasons and n < comments), default=0)
    tail = comments
    for number in sorted(n for n in reasons if last < n < comments):
        if not _is_followed(found, number, reasons, words):
            tail = number
            break
    while tail - 1 > last and is_capitals(texts[tail - 1]) and is_label(texts[tail - 1]):
        tail -= 1
    return tail


def _comments(
    texts: Sequence[str], prose: Sequence[int], reasons: Mapping[int, str], words: PageWords
) -> int:
    """Where readers' comments begin, below most of the prose and above more furniture."""
    for number in range(prose[0] + 1, len(texts)):
        text = texts[number]
        if len(text) > LONGEST_NAME or not words.end.match(essence(text).strip("()")):
            continue
        above = sum(n < number for n in prose)
        if above * 2 >= len(prose) and any(n > number for n in reasons):
            return number
    return len(texts)


def _is_followed(
    found: Sequence[Paragraph], number: int, reasons: Mapping[int, str], words: PageWords
) -> bool:
    """Whether the article goes on below an advertisement or a box, be it with a short sentence."""
    if plea := _plea_of(found, number, reasons, words):
        return _goes_on_below(found, plea[-1], reasons)
    if not (reasons[number] == BOX or is_interruption(found[number].text, words)):
        return False
    least = _BELOW_BOX if reasons[number] == BOX else _BELOW_ADVERTISEMENT
    below = number + 1
    while below in reasons and reasons[below] == BOX:
        below += 1
    if below >= len(found) or below in reasons:
        return False
    text = found[below].text
    if found[below].block == found[number].block and text[-1:] in "?!":
        return False  # one more story
    return is_ended(text) and len(text.split(None, least)) >= least


def _plea_of(
    found: Sequence[Paragraph], number: int, reasons: Mapping[int, str], words: PageWords
) -> range:
    """The run of pleas and their buttons that a line is in, from the first plea down."""
    start, end = number, number + 1
    while number - start < _BUTTONS and start in reasons and is_name(found[start].text, words):
        start -= 1
    if start not in reasons or not is_plea(found[start].text, words):
        return range(0)
    while end - start < _BUTTONS and end in reasons and _is_asking(found[end].text, words):
        end += 1
    return range(start, end)


def _is_asking(text: str, words: PageWords) -> bool:
    return is_name(text, words) or is_plea(text, words)


def _goes_on_below(found: Sequence[Paragraph], plea: int, reasons: Mapping[int, str]) -> bool:
    """Whether a paragraph of the article stands below a plea, perhaps below a heading of its own.

    It and the heading stand alone: what a site says below its article stands with the site's name.
    """
    below = plea + 1
    if _is_alone(found, below, reasons) and _could_be_boxed(found[below]):
        below += 1
    if not _is_alone(found, below, reasons):
        return False
    text = found[below].text
    return is_ended(text) and len(text.split(None, _BELOW_BOX)) >= _BELOW_BOX


def _is_alone(found: Sequence[Paragraph], number: int, reasons: Mapping[int, str]) -> bool:
    """Whether there is such a paragraph, no furniture, and nothing else is in its block."""
    if number >= len(found) or number in reasons:
        return False
    block = found[number].block
    return all(
        p.block != block for p in (*found[number - 1 : number], *found[number + 1 : number + 2])
    )
