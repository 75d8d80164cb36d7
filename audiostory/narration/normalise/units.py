"""Numbers with a unit: "120 km/h", "−5 °C", "50–60 %", "6ft". CLDR's names of units, by babel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from audiostory.narration.normalise.lexis import DASH, SPACE, Lexis, any_of, is_last, word_before
from audiostory.narration.normalise.numerals import Case, Noun, noun, number_pattern
from audiostory.narration.normalise.quantities import (
    case_at,
    counted,
    is_attributive,
    oblique,
    opening_at,
    squeezed,
    with_gender,
)
from audiostory.narration.speakable import Replacement

_MINUS = r"(?:(?<![\w\u00a0.,)])[-\u2212\u2013](?=\d))"
_UNCOUNTED = re.compile(
    r"(?<![\w/])(?:km/h|m/s|км/ч|м/с|км/год|kWh|(?:km|m|cm|км|м|см)[²³])(?![\w/])"
)
_SAMPLES = (Decimal(1), Decimal(2), Decimal(5), Decimal("1.5"))
_CATEGORIES = ("one", "few", "many", "other")


def units(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for numbers with units, and for percentages that have a case."""
    for found in _pattern(lexis).finditer(text):
        begin, end = found.span()
        sign = squeezed(found["unit"])
        if _is_no_unit(found, sign, lexis):
            continue
        thing = unit_noun(sign, lexis)
        if is_attributive(text, begin, end, lexis) or found["hyphen"]:
            thing = noun((thing.one, thing.one), thing.gender)
        numbers = tuple(number for number in (found["a"], found["b"]) if number)
        case = _case(text, found, thing, lexis)
        said = opening_at(text, begin, numbers, lexis)
        said += counted(numbers, None, thing, lexis, case)
        if text[end - 1] == "." and is_last(text, end):
            end -= 1
        yield Replacement(begin, end, _signed(said, found["minus"], lexis))
    for found in _UNCOUNTED.finditer(text):
        if found.group() in lexis.table("units"):
            yield Replacement(found.start(), found.end(), unit_noun(found.group(), lexis).many)
    if percent := lexis.table("percent").get("forms"):
        yield from _percentages(text, percent, lexis)


def _signed(said: str, minus: str | None, lexis: Lexis) -> str:
    return f"{lexis.number('minus')} {said}" if minus else said


def _percentages(text: str, forms: list[str], lexis: Lexis) -> Iterator[Replacement]:
    thing = noun(forms)
    for found in _percent_pattern(lexis).finditer(text):
        numbers = tuple(number for number in (found["a"], found["b"]) if number)
        said = counted(numbers, None, thing, lexis, case_at(text, found.start(), lexis))
        yield Replacement(found.start(), found.end(), _signed(said, found["minus"], lexis))


@cache
def _amount(lexis: Lexis) -> str:
    number = number_pattern(lexis)
    return (
        rf"(?:(?P<minus>{_MINUS})|(?<![\w.,/$€£])|(?<=\d[x×]))(?P<a>{number})"
        rf"(?:{SPACE}?{DASH}{SPACE}?(?P<b>{number}))?"
    )


@cache
def _pattern(lexis: Lexis) -> re.Pattern[str]:
    signs = any_of(lexis.table("units"))
    hyphen = "-" if lexis.table("attributive") else "(?!)"
    return re.compile(
        rf"{_amount(lexis)}(?:{SPACE}|(?P<hyphen>{hyphen}))?(?P<unit>{signs})(?![\w/²³°])"
    )


@cache
def _percent_pattern(lexis: Lexis) -> re.Pattern[str]:
    return re.compile(rf"{_amount(lexis)}{SPACE}?%(?![\w%]|-[^\W\d_])")


def _is_no_unit(found: re.Match[str], sign: str, lexis: Lexis) -> bool:
    """Whether what looks like a unit is something else: a year's "г.", a plural's "m"."""
    text, end = found.string, found.end()
    doubtful = lexis.table("doubtful_units").get(sign)
    if doubtful is None:
        return False
    if found["a"].isdigit() and int(found["a"]) >= doubtful.get("below", 10**18):
        return True
    dotted = text[end : end + 1] == "." and not is_last(text, end)
    return dotted and bool(doubtful.get("no_dot"))


@cache
def unit_noun(sign: str, lexis: Lexis) -> Noun:
    """The noun that a unit's sign stands for, in the forms that CLDR has."""
    table = {squeezed(key): name for key, name in lexis.table("units").items()}
    name = table[sign]
    own = lexis.table("unit_names").get(name)
    thing = noun(own["forms"], own.get("gender", "m")) if own else _named(name, lexis)
    gender = lexis.table("feminine")
    if gender and any(thing.one.split(" ")[0].endswith(end) for end in gender["endings"]):
        return with_gender(thing, "f")
    return thing


def _named(name: str, lexis: Lexis) -> Noun:
    from babel.core import Locale
    from babel.units import format_unit

    locale = Locale.parse(lexis.language)
    forms: dict[str, str] = {}
    for sample in _SAMPLES:
        value = int(sample) if sample == sample.to_integral_value() else sample
        said = str(format_unit(value, name, length="long", locale=locale))
        forms.setdefault(str(locale.plural_form(value)), re.sub(r"^[\d.,]+\s*", "", said))
    other = forms["other"].replace("\u00a0", " ")
    return noun(tuple(forms.get(key, other).replace("\u00a0", " ") for key in _CATEGORIES))


def _case(text: str, found: re.Match[str], thing: Noun, lexis: Lexis) -> Case:
    """The case before a unit; a place is "в пяти километрах от"."""
    at = found.start()
    table = lexis.table("place")
    if table and word_before(text, at).lower() in table["in"] and oblique(thing, lexis, "p"):
        after = re.match(rf"{SPACE}(\w+)", text[found.end() : found.end() + 12])
        if after and after[1] in table["from"]:
            return "p"
    return case_at(text, at, lexis)
