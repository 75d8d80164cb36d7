"""What one line of a text says: who wrote it, when, who took the picture, a headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from audiostory.reading.furniture import PageWords
from audiostory.reading.metadata import parse_date
from audiostory.reading.paragraphs import is_ended

_LONGEST_LINE = 200
_LONGEST_BYLINE = 120
_BYLINE_WORDS = 14
_NAME = re.compile(r"[^\W\d_][\w.'’-]*$")
_PARTICLE = re.compile(
    r"(?:al|bin|da|de|del|della|den|der|di|do|dos|du|el|la|le|ten|ter|van|von|y)$|[dl]['’]\w"
)
_BETWEEN = re.compile(r"\s*[·•|–—]\s*|\s{3,}")
_PARTED = re.compile(r"\s*[;,&]\s*")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_FEWEST_WORDS = 4
_LONGEST_DATE = 100
_AFTER_DATE = 6  # words
_ABRIDGED = re.compile(r"\b(?:г|р|год|min|мин|хв|uhr|h|[ap]\.?m|gmt)\.$|\)$", re.IGNORECASE)


def _alternatives(words: Sequence[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)


@lru_cache(maxsize=8)
def _by(words: PageWords) -> re.Pattern[str]:
    return re.compile(rf"(?:{_alternatives(words.by)})\s*(?::\s*|\s)(?=\S)", re.IGNORECASE)


@lru_cache(maxsize=8)
def _credit(words: PageWords) -> re.Pattern[str]:
    named = _alternatives((*words.wrote, *words.credit, *words.photo))
    by = _alternatives((*words.by, "by"))
    label = rf"(?P<label>{named})(?:\s+(?:{by}))?\s*:\s*|(?P<before>{named})\s+(?:{by})\s+"
    return re.compile(rf"(?:{label}|(?:{_alternatives(words.credit)})\s+)(?=\S)", re.IGNORECASE)


@lru_cache(maxsize=8)
def _photo(words: PageWords) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[.!?…)\s])(?:{_alternatives(words.photo)})\s*:\s*\S", re.IGNORECASE)


def is_byline(text: str, words: PageWords) -> bool:
    """A line with the author's name: "By Ann Lee and Bo Chan"."""
    if len(text) > _LONGEST_BYLINE or len(text.split()) > _BYLINE_WORDS:
        return False
    if signed_and_dated(text, words):
        return True
    return bool(_byline_names(text, words)) and (text[-1:] not in "!?;:" if text else False)


def signed_and_dated(text: str, words: PageWords) -> str:
    """The name in a line such as "Ann Lee — 3 March 2024", or ""."""
    name, *others = _BETWEEN.split(text, maxsplit=3)
    if others and is_name(name) and any(is_date_line(other, words) for other in others):
        return name
    return ""


def is_credits(text: str, words: PageWords) -> bool:
    """A line that says who did what: "Translation by Sam Lee", "Foto: Eva Braun"."""
    if len(text) > _LONGEST_LINE:
        return False
    match = _credit(words).match(text)
    if match is None:
        return is_byline(text, words)
    return any(is_name(name) for name in _divided(text[match.end() :], words))


def is_photo_line(text: str, words: PageWords) -> bool:
    """A picture's caption with the photographer's name at its end, or that name alone."""
    return len(text) <= 3 * _LONGEST_LINE and _photo(words).search(text) is not None


def author_names(text: str, words: PageWords) -> tuple[str, ...]:
    """The names of those who wrote the article, from a byline or a line of credits.

    Of a line in parts, "Words by Ann Lee | Pictures by Bo Chan", the part that says so counts.
    """
    if (match := _credit(words).match(text)) is None:
        name = signed_and_dated(text, words)
        return _byline_names(text, words) or ((name,) if name else ())
    first, *others = _BETWEEN.split(text) if len(text) <= _LONGEST_LINE else [text]
    label = (match.group("label") or match.group("before") or "").casefold()
    if label in words.wrote:
        named = first[match.end() : _date_at(first, words)]
        return tuple(name for name in _divided(named, words) if is_name(name))
    credited = (author_names(part, words) for part in others if _credit(words).match(part))
    return next(filter(None, credited), ())


def _byline_names(text: str, words: PageWords) -> tuple[str, ...]:
    match = _by(words).match(text)
    if match is None:
        return ()
    first = _BETWEEN.split(text[match.end() :])[0]
    first = first[: _date_at(first, words)].strip()
    names = list(_divided(first, words))
    return tuple(name for name in names if is_name(name)) if names and is_name(names[0]) else ()


def _date_at(text: str, words: PageWords) -> int:
    """Where a date begins that is the end of a line, or else the line's length."""
    if len(text) > _LONGEST_BYLINE or not any(map(str.isdigit, text)):
        return len(text)
    begins = re.compile(rf"(?<=\s)(?:\d|(?:{_alternatives(words.months)})\b)", re.IGNORECASE)
    starts = (match.start() for match in begins.finditer(text))
    return next((n for n in starts if is_date_line(text[n:], words)), len(text))


def without_date(text: str, words: PageWords) -> str:
    """A line without the date at its end."""
    return text[: _date_at(text, words)]


def _divided(text: str, words: PageWords) -> Iterator[str]:
    for piece in re.split(rf",|;|&|/|\s(?:{_alternatives(words.and_)})\s", text):
        if name := piece.strip(" .*"):
            yield name


def is_name(text: str) -> bool:
    """Two to five words that begin with capitals, as people's names do."""
    parts = text.split()
    if not 1 < len(parts) <= 5 or not all(_NAME.match(part) for part in parts):
        return False
    return all(part[0].isupper() or _PARTICLE.match(part) for part in parts)


def plain_names(text: str) -> tuple[str, ...]:
    """The names in a line of nothing else, such as "Ann Lee; Bo Chan"; or none."""
    names = tuple(_PARTED.split(text.strip()))
    return names if all(map(is_name, names)) else ()


@lru_cache(maxsize=8)
def _date(words: PageWords) -> re.Pattern[str]:
    """A line that begins with a date, after a word or two, with nothing but marks behind it."""
    month = rf"(?:{_alternatives(words.months)})\b\.?"
    day = r"\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?"
    named = rf"{day}\s*(?:(?:de|of)\s+)?{month}|{month}\s+{day}(?!\d)"
    core = rf"(?:{named}|\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})\b|\d{{4}}-\d\d-\d\d)"
    lead = rf"(?:(?:{_alternatives(words.dated)})\b\s*:?\s*)?"
    clock = r"(?:\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?[\s,·|–—-]+)?"
    weekday = r"(?:(?:on|le|el|den|am)\s+)?(?:[^\W\d_]+[,.]?\s+)?"
    year = r"(?:[\s,.]*(?:(?:de|del|of)\s+)?\d{4}(?:\s*(?:г|р|року|года)\b\.?)?)?"
    rest = r"(?:\s*[,·•|–—(/]|\s+(?:at|um|à|a\s+las?|в|о|об|\d)|T\d)?"
    return re.compile(rf"\W*{lead}{clock}{weekday}{core}{year}(?P<rest>{rest})", re.IGNORECASE)


def is_date_line(text: str, words: PageWords) -> bool:
    """A line that is a date, such as "Publié le 3 mai 2024 à 06h30", and no sentence.

    Unlike dated it need not be a whole date, and takes hardly any time.
    """
    if len(text) > _LONGEST_DATE or not any(map(str.isdigit, text)):
        return False
    match = _date(words).match(text)
    if match is None:
        return False
    rest = text[match.end() :].strip(" .,")
    if rest and not match.group("rest"):
        return False
    sentence = text[-1] in ".!?…" and not _ABRIDGED.search(text)
    return len(rest.split()) <= _AFTER_DATE and not (rest and sentence)


def dated(text: str, words: PageWords, language: str) -> datetime | None:
    """The date in a line such as "7:53 am, October 14, 2022 · Source: Reuters", or None."""
    lead = re.compile(rf"(?:{_alternatives(words.dated)})\s*:?\s+", re.IGNORECASE)
    pieces = [text, *_BETWEEN.split(text)]
    if is_byline(text, words):
        pieces.append(text[_date_at(text, words) :])
    pieces += [piece.split(",", 1)[1].strip() for piece in pieces if "," in piece]
    for piece in pieces:
        match = lead.match(piece)
        if moment := parse_date(piece[match.end() :] if match else piece, language):
            return moment
    return None


def split_headline(text: str, prose: str) -> tuple[str, str]:
    """A headline and the standfirst that was joined to it; "" when there is none.

    The standfirst begins with a capital letter amid words in small letters, and the text writes
    that same word in small letters: no name.
    """
    words = list(re.finditer(r"\S+", text))
    if len(words) < 2 * _FEWEST_WORDS or text.isupper():
        return text, ""
    begun = [m.group()[0].isupper() for m in words]
    if sum(begun[1:]) * 2 > len(words):
        return text, ""  # every word has a capital letter, as in American headlines
    for number in range(_FEWEST_WORDS, len(words) - _FEWEST_WORDS + 1):
        word = _WORD.match(words[number].group())
        before = words[number - 1].group()
        if word is None or not begun[number] or (word.group().isupper() and len(word.group()) > 1):
            continue
        is_common = word.group() != "I" and _is_written_small(word.group(), prose)
        if is_common and (before[-1].isalnum() or is_ended(before) or before[-1] in "”’»\"'"):
            return text[: words[number - 1].end()], text[words[number].start() :]
    return text, ""


def _is_written_small(word: str, prose: str) -> bool:
    return len(re.findall(rf"\b{re.escape(word.lower())}\b", prose)) > 1
