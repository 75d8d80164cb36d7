"""Years, spans of years and decades: "in 1914", "2010–2014", "1990s", "в 1914 году"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from audiostory.narration.normalise.inflection import said_year
from audiostory.narration.normalise.lexis import (
    DASH,
    SPACE,
    Lexis,
    any_of,
    begins,
    is_last,
    word_before,
)
from audiostory.narration.normalise.numerals import Case, cardinal, ordinal_in_case, year_in_words
from audiostory.narration.speakable import Replacement

_YEAR = r"(?:1[1-9]\d\d|20\d\d)"
_SPAN = re.compile(
    rf"(?<![\w.,/$€£+-])(?P<a>{_YEAR})(?:{SPACE}?{DASH}{SPACE}?|/)(?P<b>{_YEAR}|\d\d)"
    rf"(?![\w%€$/-]|[.,]\d|{DASH})"
)
_ALONE = re.compile(rf"(?<![\w.,/:$€£#+–-])(?P<y>{_YEAR})(?![\w%€$°/:]|[.,]\d|{DASH}\d)")
_ENGLISH_DECADE = re.compile(r"(?<![\w.,$€£])['’‘]?(?P<y>[12]\d\d0|[1-9]0)['’]?s(?!\w)")
_GERMAN_DECADE = re.compile(r"(?<![\w.,])['’]?(?P<y>[12]\d\d0|[1-9]0)er(?!\w)")
_LOWER = re.compile(rf"{SPACE}([a-z]+)")
_CAPITAL = re.compile(rf"{SPACE}[A-ZÄÖÜ]")
_ARTICLES = ("the", "a", "this")
_PAIR = re.compile(rf"(?:[Bb]etween {_YEAR} and|[Ff]rom {_YEAR} (?:to|until|through))[ ]\Z")
_LIST = re.compile(rf"\b{_YEAR},? (?:and |or |to |through |until )?\Z")


def years(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for years, where it is not what the digits say."""
    if lexis.table("year_forms"):
        yield from _with_their_word(text, lexis)
    for found in _SPAN.finditer(text):
        yield from _span(found, lexis)
    if lexis.language in ("en", "de"):
        for found in _ALONE.finditer(text):
            if _is_year(found, lexis):
                said = said_year(int(found["y"]), lexis)
                yield Replacement(found.start(), found.end(), said)
    if lexis.language == "en":
        for found in _ENGLISH_DECADE.finditer(text):
            yield Replacement(found.start(), found.end(), _english_decade(int(found["y"])))
    if lexis.language == "de":
        for found in _GERMAN_DECADE.finditer(text):
            yield Replacement(found.start(), found.end(), _german_decade(int(found["y"])))


def _span(found: re.Match[str], lexis: Lexis) -> Iterator[Replacement]:
    first, last = int(found["a"]), int(found["b"])
    short = len(found["b"]) == 2
    if last <= (first % 100 if short else first):
        return
    if lexis.in_words:
        last = first // 100 * 100 + last if short else last
        said = f"{said_year(first, lexis)} – {said_year(last, lexis)}"
    else:
        second = str(last) if short else said_year(last, lexis)
        if short and lexis.language == "en":
            second = cardinal(last, "en")
        said = f"{said_year(first, lexis)} {lexis.number('range')} {second}"
    yield Replacement(found.start(), found.end(), said)


def _is_year(found: re.Match[str], lexis: Lexis) -> bool:
    """Whether a number is a year, by the words around it."""
    text, at, end = found.string, found.start(), found.end()
    before = word_before(text, at).lower()
    if before in lexis.words("years", "sure"):
        return True
    if lexis.language == "de":
        return not _CAPITAL.match(text, end) and before not in lexis.words("years", "never")
    if _PAIR.search(text, max(0, at - 30), at):
        return True
    after = _LOWER.match(text, end)
    is_noun = after and after[1] not in lexis.table("attributive")["function_words"]
    if before in lexis.words("years", "maybe"):
        is_round = int(found["y"]) % 100 == 0
        return not is_noun or (before in _ARTICLES and int(found["y"]) > 1900 and not is_round)
    if _LIST.search(text, max(0, at - 30), at):
        return not is_noun
    if begins(text, at):
        return after is not None and after[1] in lexis.words("months", "year_verbs")
    return text[at - 1 : at] == "(" or (text[at - 2 : at] == ", " and text[end : end + 1] in ",.")


@cache
def _english_decade(year: int) -> str:
    said = year_in_words(year, "en") if year > 100 else cardinal(year, "en")
    if year > 100 and year % 100 == 0:
        said = cardinal(year, "en") if year % 1000 == 0 else said
    return said[:-1] + "ies" if said.endswith("y") else said + "s"


@cache
def _german_decade(year: int) -> str:
    said = year_in_words(year, "de") if 1100 <= year < 2000 else cardinal(year, "de")
    return said + "er"


# --- languages that count years by ordinals -------------------------------------------------


@cache
def _phrase(lexis: Lexis) -> re.Pattern[str]:
    forms = any_of(lexis.table("year_forms"))
    return re.compile(
        rf"(?<![\w.,/])(?P<a>[1-9]\d{{2,3}})(?:{SPACE}?{DASH}{SPACE}?(?P<b>[1-9]\d{{2,3}}))?"
        rf"(?:-(?:й|го|м|му|ый|ом|ому|ого))?{SPACE}?(?P<word>{forms})(?!\w)"
    )


@cache
def _first_of_two(lexis: Lexis) -> re.Pattern[str]:
    """The 2010 of "с 2010 по 2014 год"."""
    forms, joints = any_of(lexis.table("year_forms")), any_of(lexis.table("dates")["apart"])
    return re.compile(
        rf"(?<![\w.,/])(?P<a>[1-9]\d{{3}})(?={SPACE}{joints}{SPACE}[1-9]\d{{3}}{SPACE}?{forms}(?!\w))"
    )


def _with_their_word(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _first_of_two(lexis).finditer(text):
        before = word_before(text, found.start()).lower()
        asked: Case = lexis.table("year_case").get(before, "g")
        said = ordinal_in_case(int(found["a"]), lexis, asked, "m")
        yield Replacement(found.start(), found.end(), said)
    for found in _phrase(lexis).finditer(text):
        begin, end = found.span()
        case, word = _year_case(found, lexis)
        numbers = [int(number) for number in (found["a"], found["b"]) if number]
        said = " – ".join(ordinal_in_case(number, lexis, case, "m") for number in numbers)
        if found["word"].endswith(".") and is_last(text, end):
            end -= 1
        yield Replacement(begin, end, f"{said} {word}")


def _year_case(found: re.Match[str], lexis: Lexis) -> tuple[Case, str]:
    """The case of a year, and its word in full."""
    forms = lexis.table("year_forms")
    entry = forms[found["word"]]
    before = word_before(found.string, found.start()).lower()
    case: Case = entry["after"].get(before, entry["case"])
    word = entry["words"].get(case, "") if "words" in entry else ""
    return case, word or found["word"]
