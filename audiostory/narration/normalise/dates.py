"""Dates: "12 October 2022", "Oct. 12", "14.10.2022", "3. Mai", "12 октября"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from audiostory.narration.normalise.inflection import german_ordinal, said_year
from audiostory.narration.normalise.lexis import (
    DASH,
    SPACE,
    Lexis,
    any_of,
    begins,
    is_last,
    word_before,
)
from audiostory.narration.normalise.numerals import (
    Case,
    cardinal,
    ordinal,
    ordinal_in_case,
    year_in_words,
)
from audiostory.narration.speakable import Replacement

_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_ISO = re.compile(rf"(?<![\w.-])(?P<y>[12]\d{{3}})-(?P<m>0[1-9]|1[0-2])-(?P<d>{_DAY})(?![\w-])")
_NUMERIC = re.compile(
    r"(?<![\w./:-])(?P<d>\d{1,2})(?P<dot>[./-])(?P<m>\d{1,2})(?P=dot)"
    r"(?P<y>[12]\d{3}|\d\d(?!\d))(?![\w/-]|\.\d)"
)
_GERMAN_SHORT = re.compile(rf"(?<![\w.])(?P<d>{_DAY})\.(?P<m>1[0-2]|0?[1-9])\.(?!\d)")
_WEEKDAY = re.compile(
    r"\b(am|vom|zum|dem|den|bis|ab|seit)\s+\w+(?:tag|woch|abend),\s\Z", re.IGNORECASE
)
_CENTURY_SPLIT = 50  # 49 is 2049, 50 is 1950
_MONTHS = range(1, 13)
_DAYS = range(1, 32)


def dates(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for dates."""
    if not lexis.table("months"):
        return
    for found in _ISO.finditer(text):
        parts = int(found["d"]), int(found["m"]), int(found["y"])
        yield from _numeric(found, *parts, lexis)
    for found in _NUMERIC.finditer(text):
        if _may_be_either(found, lexis):
            yield Replacement(found.start(), found.end(), _as_numbers(found))
            continue
        yield from _numeric(found, *_day_month(found, lexis), _whole_year(found["y"]), lexis)
    if lexis.language == "de":
        for found in _GERMAN_SHORT.finditer(text):
            yield from _numeric(found, int(found["d"]), int(found["m"]), None, lexis)
    for found in _day_first(lexis).finditer(text):
        yield _written(found, lexis)
    for found in _first_of_two(lexis).finditer(text):
        said = _day(int(found["d"]), found.string, found.start(), lexis)
        yield Replacement(found.start(), found.end("d") + found["dot"].count("."), said)
    if lexis.language == "en":
        for found in _month_first(lexis).finditer(text):
            yield from _english(found, lexis)


def _day_month(found: re.Match[str], lexis: Lexis) -> tuple[int, int]:
    """American dates with slashes name the month first."""
    first, second = int(found["d"]), int(found["m"])
    american = lexis.american and found["dot"] == "/"
    if (american and first in _MONTHS) or second not in _MONTHS:
        return second, first
    return first, second


def _may_be_either(found: re.Match[str], lexis: Lexis) -> bool:
    """Whether nothing tells the day from the month: 12/03/2026 in an English of no region."""
    first, second = int(found["d"]), int(found["m"])
    both = first in _MONTHS and second in _MONTHS and first != second
    return both and found["dot"] == "/" and not lexis.regional


def _as_numbers(found: re.Match[str]) -> str:
    """ "twelve three twenty twenty-six": claims neither."""
    numbers = (cardinal(int(found[key]), "en") for key in ("d", "m"))
    year = _whole_year(found["y"])
    said = cardinal(year, "en") if year in range(2000, 2010) else year_in_words(year, "en")
    return " ".join((*numbers, said))


def _whole_year(written: str) -> int:
    year = int(written)
    return year if len(written) == 4 else year + (2000 if year < _CENTURY_SPLIT else 1900)


def _numeric(
    found: re.Match[str], day: int, month: int, year: int | None, lexis: Lexis
) -> Iterator[Replacement]:
    if month in _MONTHS and day in _DAYS:
        said = said_date(day, month, year, found.string, found.start(), lexis)
        yield Replacement(found.start(), found.end(), said)


def said_date(day: int, month: int, year: int | None, text: str, at: int, lexis: Lexis) -> str:
    """A date as it is said at a place in a text."""
    name = _month_name(month, lexis)
    said_day = _day(day, text, at, lexis)
    template = lexis.table("dates")["full" if year is not None else "short"]
    words = {"day": said_day, "month": name}
    if year is not None:
        words["year"] = said_year(year, lexis, "g")
    said = str(template).format(**words)
    return said.removeprefix("the ") if word_before(text, at).lower() == "the" else said


def _month_name(month: int, lexis: Lexis) -> str:
    return str(lexis.table("months")["names"][month - 1])


def _day(day: int, text: str, at: int, lexis: Lexis) -> str:
    """The day of a month, in the form that its place in the sentence asks for."""
    if lexis.in_words:
        return ordinal_in_case(day, lexis, _day_case(text, at, lexis), "n")
    if lexis.language == "de":
        return german_ordinal(day, _german_before(text, at), lexis, "m")
    if lexis.language == "en":
        return ordinal(day, "en")
    if days := lexis.words("dates", "days"):
        return days[day - 1]
    return str(lexis.table("dates").get("first", "1")) if day == 1 else str(day)


def _day_case(text: str, at: int, lexis: Lexis) -> Case:
    cases: Mapping[str, Case] = lexis.table("day_cases")
    return cases.get(word_before(text, at).lower(), "g")


def _german_before(text: str, at: int) -> str:
    """The word before, or that before the weekday: am Montag, dem 3. Mai; am Montag, 3. Mai."""
    weekday = _WEEKDAY.search(text, max(0, at - 30), at)
    return weekday[1].lower() if weekday else word_before(text, at).lower()


@cache
def _months(lexis: Lexis) -> dict[str, int]:
    table = lexis.table("months")
    names = {name: at + 1 for at, name in enumerate(table["names"])}
    return {**names, **table.get("short", {})}


@cache
def _month_pattern(lexis: Lexis) -> str:
    short = any_of(lexis.table("months").get("short", {}))
    return rf"(?:(?P<month>{any_of(lexis.table('months')['names'])})(?!\w)|(?P<short>{short})\b\.?)"


@cache
def _day_first(lexis: Lexis) -> re.Pattern[str]:
    """12 October 2022, 10–12 June, 3. Mai, 12 октября 2022 года."""
    dot = r"\." if lexis.language == "de" else ""
    table = lexis.table("dates")
    year_word = any_of(table.get("year_words", ()))
    joints = any_of(table.get("joints", ()))
    of = rf"(?:{SPACE}{table['of']})?" if table.get("of") else ""
    return re.compile(
        rf"(?<![\w.,:/-])(?:(?P<from>{_DAY}){dot}"
        rf"(?:{SPACE}?{DASH}{SPACE}?|(?P<joint>{SPACE}{joints}{SPACE})))?"
        rf"(?P<d>{_DAY}){dot}(?:er|st|nd|rd|th)?{of}{SPACE}{_month_pattern(lexis)}"
        rf"(?:,?{of}{SPACE}(?P<y>[12]\d{{3}})(?![\w%]|[.,]\d)(?:{SPACE}{year_word}(?!\w))?)?"
    )


@cache
def _first_of_two(lexis: Lexis) -> re.Pattern[str]:
    """The 10 of "с 10 по 12 июня", the 3. of "3. bis 5. Mai"."""
    table = lexis.table("dates")
    joints, dot = any_of(table.get("apart", ())), r"\." if lexis.language == "de" else ""
    months = any_of((*lexis.table("months")["names"], *lexis.table("months").get("short", ())))
    return re.compile(
        rf"(?<![\w.,:/-])(?P<d>{_DAY})(?P<dot>{dot})(?={SPACE}{joints}{SPACE}{_DAY}{dot}{SPACE}{months}\b)"
    )


def _written(found: re.Match[str], lexis: Lexis) -> Replacement:
    text, begin, end = found.string, found.start(), found.end()
    name = found["month"] or found["short"]
    month = _months(lexis)[name]
    year = int(found["y"]) if found["y"] else None
    if found["from"]:
        said = _range(found, month, year, lexis)
    else:
        said = said_date(int(found["d"]), month, year, text, begin, lexis)
    if text[end - 1] == "." and is_last(text, end):  # the dot ends the sentence, too
        end -= 1
    return Replacement(begin, end, said)


def _range(found: re.Match[str], month: int, year: int | None, lexis: Lexis) -> str:
    text, begin = found.string, found.start()
    first, last = int(found["from"]), int(found["d"])
    table = lexis.table("dates")
    if lexis.in_words:
        words = [ordinal_in_case(first, lexis, "g", "n"), ordinal_in_case(last, lexis, "a", "n")]
        days = f"{table['from']} {words[0]} {table['to']} {words[1]}"
        if word_before(text, begin).lower() in lexis.table("day_cases"):
            days = " – ".join(_day(day, text, begin, lexis) for day in (first, last))
    else:
        joint = (found["joint"] or "").strip() or lexis.number("range")
        again = "the " if lexis.language == "en" else ""
        days = f" {joint} {again}".join(_day(day, text, begin, lexis) for day in (first, last))
    template = str(table["full" if year is not None else "short"])
    said = template.format(
        day=days,
        month=_month_name(month, lexis),
        year=said_year(year, lexis, "g") if year is not None else "",
    )
    return said.removeprefix("the ") if word_before(text, begin).lower() == "the" else said


# --- English: the month may come first ------------------------------------------------------


@cache
def _month_first(lexis: Lexis) -> re.Pattern[str]:
    """October 12, 2022; Oct. 12; Oct. 2022; June 10–12."""
    after = rf"(?![\w%:]|[.,]\d|{DASH}\d)"
    day = rf"(?P<d>{_DAY})(?P<th>st|nd|rd|th)?(?:{DASH}(?P<to>{_DAY}))?{after}"
    year = r"(?:1[1-9]\d\d|20\d\d)(?![\w%]|[.,]\d)"
    return re.compile(
        rf"(?<!\w){_month_pattern(lexis)}{SPACE}"
        rf"(?:(?P<only>{year})|{day}(?:(?P<comma>,?){SPACE}(?P<y>{year}))?)"
    )


def _english(found: re.Match[str], lexis: Lexis) -> Iterator[Replacement]:
    name = found["month"] or found["short"]
    month = _month_name(_months(lexis)[name], lexis)
    if found["only"]:
        said = f"{month} {said_year(int(found['only']), lexis)}"
    else:
        day, last, suffixed = found["d"], found["to"], found["th"]
        if (suffixed and found["month"] and not found["y"]) or _is_no_date(found, lexis):
            return
        said = f"{month} {ordinal(int(day), 'en')}"
        said += f" to {ordinal(int(last), 'en')}" if last else ""
        said += f"{found['comma']} {said_year(int(found['y']), lexis)}" if found["y"] else ""
    yield Replacement(found.start(), found.end(), said)


def _is_no_date(found: re.Match[str], lexis: Lexis) -> bool:
    """ "May 5 people come in?" asks; "March 3 miles" commands."""
    name, text = found["month"], found.string
    if name not in lexis.table("months")["also_verbs"] or found["y"]:
        return False
    after = re.match(rf"{SPACE}([a-z]+)", text[found.end() : found.end() + 20])
    function_words = lexis.table("attributive")["function_words"]
    return bool(begins(text, found.start()) and after and after[1] not in function_words)
