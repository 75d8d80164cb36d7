"""What in the dump of a page is not the article: menus, boxes with other stories, notices.

A text is taken for a dump only when at least two of its lines are known for furniture, and one
of them surely; of an ordinary text nothing is left out. The rules look at what lines are like
(labels, sentences, prose) and where they stand; the words that sites use are data by language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from audiostory.reading.paragraphs import Paragraph, is_ended

_FALLBACK = "en"  # sites in any language use English words around their articles
_EDGES = " \t.,:;!?…·•|–—-→›»«>+#*\"'“”"
_LETTERS = re.compile(r"[^\W\d_]")
_AGE_CHARACTERS = 40
_NOTICE_WORDS = 40
_PROSE_WORDS = 18
_LABEL_WORDS = 4
_CAPITALS_WORDS = 8
_STEPS = re.compile(r"\s[>›»/|]\s")  # "Home > News > Transport"
_STEP_WORDS = 3
_MANY = 5  # lines that might be a menu's, or an article's own
_BOX_LINES = 3
_BOX_WORDS = 32
_LONGEST_BOX = 200  # characters

HEAD, TAIL, BOX, LINE = "before the article", "after the article", "related story", "page furniture"


@dataclass(frozen=True, slots=True)
class PageWords:
    """What sites say around an article in one language, and in English."""

    furniture: frozenset[str]
    notices: re.Pattern[str]
    box: frozenset[str]
    ago: re.Pattern[str]
    by: tuple[str, ...]
    and_: tuple[str, ...]
    wrote: tuple[str, ...]
    credit: tuple[str, ...]
    photo: tuple[str, ...]
    dated: tuple[str, ...]
    says: tuple[str, ...]
    we: frozenset[str]


@lru_cache(maxsize=8)
def page_words(language: str) -> PageWords:
    """The words of a language, from data/page-words.toml; of one that it lacks, English."""
    tables = _tables()
    own = tables.get(language.split("-")[0].lower(), {})
    both = {key: (*own.get(key, ()), *tables[_FALLBACK][key]) for key in tables[_FALLBACK]}
    alone = {key: tuple(own.get(key) or tables[_FALLBACK][key]) for key in both}
    ago = "|".join(re.escape(a).replace(r"\{n\}", r"\d{1,3}") for a in both["ago"])
    return PageWords(
        furniture=frozenset(both["furniture"]),
        notices=re.compile("|".join(re.escape(n) for n in both["notices"])),
        box=frozenset(both["box"]),
        ago=re.compile(f"(?:{ago})$"),
        by=alone["by"],
        and_=alone["and"],
        wrote=alone["wrote"],
        credit=alone["credit"],
        photo=alone["photo"],
        dated=alone["dated"],
        says=alone["says"],
        we=frozenset(alone["we"]),
    )


def _tables() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = files("audiostory.reading").joinpath("data/page-words.toml").read_text("utf-8")
    return tomllib.loads(text)


def essence(text: str) -> str:
    """A line as the tables have it: case folded, no marks at its edges."""
    return text.casefold().replace("’", "'").strip(_EDGES)


def is_label(text: str) -> bool:
    """A name rather than a sentence: of a menu, a section, a button; or a row of them."""
    count = len(text.split(None, _CAPITALS_WORDS + 1))
    if is_ended(text) or not count:
        return False
    steps = _STEPS.split(text)
    if len(steps) > 1 and all(len(step.split()) <= _STEP_WORDS for step in steps):
        return True
    return count <= _LABEL_WORDS or (count <= _CAPITALS_WORDS and is_capitals(text))


def is_capitals(text: str) -> bool:
    """Whether all letters are capitals, and there are some."""
    return text.isupper() and len(_LETTERS.findall(text)) > 1


def is_age(text: str, words: PageWords) -> bool:
    """ "2 years ago": how old another story is."""
    return len(text) <= _AGE_CHARACTERS and words.ago.match(essence(text)) is not None


def is_box_label(text: str, words: PageWords) -> bool:
    """ "Read more": what is below is another story."""
    return len(text) <= 2 * _AGE_CHARACTERS and essence(text) in words.box


def is_box_line(text: str, words: PageWords) -> bool:
    """ "Read more: A ship comes in": another story in one line."""
    label, colon, rest = text.partition(":")
    return bool(colon and rest.strip()) and len(text) <= _LONGEST_BOX and is_box_label(label, words)


def is_furniture(text: str, words: PageWords) -> bool:
    """A line that sites put around articles: a menu's name, a notice on cookies."""
    if "©" in text and len(text) < 300:
        return True
    if len(text) > 400 or len(text.split()) > _NOTICE_WORDS:
        return False
    line = essence(text)
    return line in words.furniture or words.notices.search(line) is not None


def is_prose(text: str, words: PageWords) -> bool:
    """A paragraph of an article, surely: long, and it ends as sentences do."""
    if len(text.split(None, _PROSE_WORDS)) < _PROSE_WORDS:
        return False
    return is_ended(text) and not is_furniture(text, words)


@dataclass(frozen=True, slots=True)
class Sorted:
    """A dump, sorted: where its first prose is, and why each paragraph left out is left out."""

    first_prose: int
    last_prose: int
    reasons: Mapping[int, str]


def sort_out(found: Sequence[Paragraph], words: PageWords) -> Sorted | None:
    """Which paragraphs of a dump are no part of the article, or None when it is no dump.

    What stands before the first prose is left for the caller, who finds the headline in it.
    """
    texts = [paragraph.text for paragraph in found]
    known = [
        n
        for n, text in enumerate(texts)
        if is_age(text, words)
        or is_box_label(text, words)
        or is_box_line(text, words)
        or is_furniture(text, words)
    ]
    prose = [n for n, text in enumerate(texts) if is_prose(text, words)]
    sure = [n for n in known if essence(texts[n]) not in words.furniture]
    if len(known) < 2 or not (sure or len(known) >= _MANY) or not prose:
        return None
    reasons = dict.fromkeys(known, LINE)
    reasons |= _boxes(found, words, prose[0])
    tail = _tail(texts, prose, reasons)
    reasons |= dict.fromkeys(range(tail, len(texts)), TAIL)
    kept = [n for n in prose if n not in reasons]
    if not kept:
        return None
    return Sorted(kept[0], kept[-1], reasons)


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
    while end < len(found) and end <= label + _BOX_LINES and _could_be_boxed(found[end]):
        end += 1
        if is_age(found[end - 1].text, words):
            return range(label, end)
    blocks = {p.block for p in found[label + 1 : label + 2]} | {found[label].block}
    while end > label + 1 and found[end - 1].block not in blocks:
        end -= 1
    return range(label, end)


def _could_be_boxed(paragraph: Paragraph) -> bool:
    """Whether it may be another story's headline: no full stop, and not long."""
    short = len(paragraph.text.split(None, _BOX_WORDS)) < _BOX_WORDS
    return paragraph.kind == "text" and short and not is_ended(paragraph.text)


def _tail(texts: Sequence[str], prose: Sequence[int], reasons: Mapping[int, str]) -> int:
    """Where the page goes on after the article: the first furniture with no prose below."""
    last = max((n for n in prose if n not in reasons), default=0)
    tail = min((n for n in reasons if n > last), default=len(texts))
    while tail - 1 > last and is_capitals(texts[tail - 1]) and is_label(texts[tail - 1]):
        tail -= 1
    return tail
