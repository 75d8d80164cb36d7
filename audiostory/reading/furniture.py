"""What one line of a page's dump is like: a menu's name, a notice, a label, prose.

The words that sites use are data by language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from audiostory.reading.paragraphs import is_ended

_FALLBACK = "en"  # sites in any language use English words around their articles
_EDGES = " \t.,:;!?…·•|–—-→›»«>+#*\"'“”"
_LETTERS = re.compile(r"[^\W\d_]")
AGE_CHARACTERS = 40
_NOTICE_WORDS = 40
_PROSE_WORDS = 18
_LABEL_WORDS = 4
_CAPITALS_WORDS = 8
_STEPS = re.compile(r"\s[>›»/|]\s")  # "Home > News > Transport"
_STEP_WORDS = 3
LONGEST_NAME = 60  # characters
_LONGEST_RIGHTS = 300
_TITLE_WORDS = 12
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$|[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LONGEST_BOX = 200  # characters


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
    buttons: frozenset[str]
    counts: re.Pattern[str]
    labelled: re.Pattern[str]
    ends_label: re.Pattern[str]
    has_by: re.Pattern[str]
    rules: frozenset[str]
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
        buttons=frozenset((*both["furniture"], *both["buttons"])),
        counts=re.compile(rf"\d[\d.,]*\s?[km]?\s*(?:{_any(both['counts'])})$"),
        labelled=re.compile(rf"(?:{_any(both['labels'])})(?:\s*:|\s|$)"),
        ends_label=re.compile(rf"(?:^|\s)(?:{_any(both['sponsors'])})$"),
        has_by=re.compile(rf"\b(?:{_any(alone['by'])})\s"),
        rules=frozenset(both["rules"]),
        contents=frozenset(both["contents"]),
        edit=tuple(both["edit"]),
        unsourced=tuple(both["unsourced"]),
        months=tuple(both["months"]),
        mail=frozenset(both["mail"]),
        subject=frozenset(both["subject"]),
        forwarded=frozenset(both["forwarded"]),
        signed=tuple(both["signed"]),
    )


def _any(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, words))


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
    return len(text) <= AGE_CHARACTERS and words.ago.match(essence(text)) is not None


def ends_in_age(text: str, words: PageWords) -> bool:
    """ "By Ann Lee · Launched 2 years ago": a short line with an age at its end."""
    return len(text) <= _LONGEST_BOX and words.ago.search(essence(text)) is not None


def is_plea(text: str, words: PageWords) -> bool:
    """A sentence in which a site asks its readers for something, as between two paragraphs."""
    return is_ended(text) and is_appeal(text, words)


def is_box_label(text: str, words: PageWords) -> bool:
    """ "Read more": what is below is another story."""
    return len(text) <= 2 * AGE_CHARACTERS and essence(text) in words.box


def is_box_line(text: str, words: PageWords) -> bool:
    """ "Read more: A ship comes in": another story in one line."""
    label, colon, rest = text.partition(":")
    return bool(colon and rest.strip()) and len(text) <= _LONGEST_BOX and is_box_label(label, words)


def is_name(text: str, words: PageWords) -> bool:
    """A menu's or a button's name: the whole of a line."""
    return len(text) <= LONGEST_NAME and essence(text) in words.furniture


def is_stamp(text: str, words: PageWords) -> bool:
    """ "5 min read", or the address of the site."""
    if len(text) > 2 * LONGEST_NAME:
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
    return is_stamp(text, words) or is_appeal(text, words)


def is_appeal(text: str, words: PageWords) -> bool:
    """A line that asks readers to subscribe, to share, to accept, or says what they may not."""
    line = text.casefold().replace("’", "'").lstrip(" *>#|-")
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


def is_count(text: str, words: PageWords) -> bool:
    """ "941 comments", "From the section World": what a page says of an article in its head."""
    if len(text) > LONGEST_NAME:
        return False
    line = essence(text)
    return bool(words.end.match(line) or words.counts.match(line) or words.labelled.match(line))


def is_interruption(text: str, words: PageWords) -> bool:
    """ "Advertisement": between two paragraphs of the article."""
    return len(text) <= LONGEST_NAME and essence(text) in words.alone
