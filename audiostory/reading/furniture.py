"""What in the dump of a page is not the article: menus, boxes with other stories, notices.

A text is taken for a dump only when at least two of its lines are known for furniture, and one
of them surely; of an ordinary text nothing is left out. The rules look at what lines are like
(labels, sentences, prose) and where they stand; the words that sites use are data by language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

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
_LONGEST_NAME = 60  # characters
_LONGEST_RIGHTS = 300
_TITLE_WORDS = 12
_BELOW_ADVERTISEMENT, _BELOW_BOX = 3, 8  # words of a sentence with which the article goes on
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$|[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_MANY = 5  # lines that might be a menu's, or an article's own
_BOX_LINES = 3
_BOX_WORDS = 32
_LONGEST_BOX = 200  # characters

HEAD, TAIL, BOX, LINE = "before the article", "after the article", "related story", "page furniture"


@dataclass(frozen=True, slots=True, eq=False)
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
    sure: frozenset[str]
    boxes: frozenset[str]
    alone: frozenset[str]
    reading: re.Pattern[str]
    end: re.Pattern[str]
    contents: frozenset[str]
    edit: tuple[str, ...]
    unsourced: tuple[str, ...]
    months: tuple[str, ...]
    mail: frozenset[str]
    subject: frozenset[str]
    forwarded: frozenset[str]
    signed: tuple[str, ...]


@lru_cache(maxsize=8)
def page_words(language: str) -> PageWords:
    """The words of a language, from data/page-words.toml; of one that it lacks, English."""
    tables = _tables()
    own = tables.get(language.split("-")[0].lower(), {})
    both = {key: (*own.get(key, ()), *tables[_FALLBACK][key]) for key in tables[_FALLBACK]}
    alone = {key: tuple(own.get(key) or tables[_FALLBACK][key]) for key in both}
    ago = "|".join(re.escape(a).replace(r"\{n\}", r"\d{1,3}") for a in both["ago"])
    count = r"\d{1,3}(?:\s?[–-]\s?\d{1,3})?"
    reading = "|".join(re.escape(r).replace(r"\{n\}", count) for r in both["reading"])
    end = "|".join(map(re.escape, both["end"]))
    return PageWords(
        furniture=frozenset(both["furniture"]),
        notices=re.compile("|".join(sorted(map(re.escape, both["notices"]), key=len)[::-1])),
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
        sure=frozenset(both["sure"]),
        boxes=frozenset(both["boxes"]),
        alone=frozenset(both["alone"]),
        reading=re.compile(f"(?:{reading})$"),
        end=re.compile(rf"(?:\d+\s+)?(?:{end})(?:\s*\(?\d+\)?)?$"),
        contents=frozenset(both["contents"]),
        edit=tuple(both["edit"]),
        unsourced=tuple(both["unsourced"]),
        months=tuple(both["months"]),
        mail=frozenset(both["mail"]),
        subject=frozenset(both["subject"]),
        forwarded=frozenset(both["forwarded"]),
        signed=tuple(both["signed"]),
    )


@cache
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


def is_name(text: str, words: PageWords) -> bool:
    """A menu's or a button's name: the whole of a line."""
    return len(text) <= _LONGEST_NAME and essence(text) in words.furniture


def is_stamp(text: str, words: PageWords) -> bool:
    """ "5 min read", or the address of the site."""
    if len(text) > 2 * _LONGEST_NAME:
        return False
    line = essence(text)
    return words.reading.match(line) is not None or _ADDRESS.match(line) is not None


def is_notice(text: str, words: PageWords) -> bool:
    """A line in which the site speaks of itself: of cookies, newsletters, rights.

    An article may speak of those things too: a sentence is a notice when it begins as one or has
    several of their phrases in it, and a long one only when it does both.
    """
    if "©" in text and len(text) < _LONGEST_RIGHTS:
        return True
    line = text.casefold().replace("’", "'").lstrip(" *>#|-")
    if is_stamp(text, words):
        return True
    count = len(text.split(None, _NOTICE_WORDS + 1))
    if len(text) > 2 * _LONGEST_BOX or count > _NOTICE_WORDS:
        return False
    hits = {hit.group() for hit in words.notices.finditer(line)}
    if not hits or not is_ended(text) or text[-1] == ":":
        return bool(hits) and count <= _TITLE_WORDS
    begins = any((" " in hit or hit[-1] == ":") and line.startswith(hit) for hit in hits)
    if count >= _PROSE_WORDS:
        return begins and len(hits) > 1
    return begins or len(hits) > 1


def is_furniture(text: str, words: PageWords) -> bool:
    """A line that sites put around articles: a menu's name, a notice on cookies."""
    return is_name(text, words) or is_notice(text, words)


def is_prose(text: str, words: PageWords) -> bool:
    """A paragraph of an article, surely: long, and it ends as sentences do."""
    if len(text.split(None, _PROSE_WORDS)) < _PROSE_WORDS and not _is_long_cjk(text):
        return False
    return is_ended(text) and not is_notice(text, words)


def _is_long_cjk(text: str) -> bool:
    """Whether a text without spaces between its words is as long as prose."""
    return len(text) >= 2 * _PROSE_WORDS and len(_CJK.findall(text)) * 2 > len(text)


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
    reasons |= _boxes(found, words, prose[0])
    tail = _tail(found, prose, reasons, words)
    reasons |= dict.fromkeys(range(tail, len(texts)), TAIL)
    kept = [n for n in prose if n not in reasons]
    if not kept:
        return None
    return Sorted(kept[0], kept[-1], reasons)


def _is_sure(text: str, words: PageWords) -> bool:
    """Whether a line is a site's wherever it stands."""
    if is_age(text, words) or is_box_label(text, words) or is_box_line(text, words):
        return True
    return is_notice(text, words) or is_interruption(text, words)


def is_interruption(text: str, words: PageWords) -> bool:
    """ "Advertisement": between two paragraphs of the article."""
    return len(text) <= _LONGEST_NAME and essence(text) in words.alone


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
    while end < len(found) and end <= label + _BOX_LINES and _could_be_boxed(found[end]):
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
        if len(text) > _LONGEST_NAME or not words.end.match(essence(text).strip("()")):
            continue
        above = sum(n < number for n in prose)
        if above * 2 >= len(prose) and any(n > number for n in reasons):
            return number
    return len(texts)


def _is_followed(
    found: Sequence[Paragraph], number: int, reasons: Mapping[int, str], words: PageWords
) -> bool:
    """Whether the article goes on below an advertisement or a box, be it with a short sentence."""
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
