"""Sums of money: "$5.3bn", "3 Mio. Euro", "1,5 млрд руб.", "99 ¢"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from audiostory.narration.normalise.lexis import (
    DASH,
    SPACE,
    Lexis,
    any_of,
    is_last,
    word_after,
    word_before,
)
from audiostory.narration.normalise.numerals import Case, Noun, noun, number_pattern, said_number
from audiostory.narration.normalise.quantities import (
    case_at,
    counted,
    is_attributive,
    magnitude_of,
    magnitude_pattern,
    opening_at,
    squeezed,
)
from audiostory.narration.speakable import Replacement

_TWO_PLACES = re.compile(r"(.*\d)[.,](\d\d)")
# "5m people" are millions, and "a 5m pole" is not.
_MILLIONS_OF = re.compile(
    r"(?<![\w.,])(?P<n>\d{1,3}(?:\.\d+)?)m"
    r"(?:(?=-strong\b)|(?= (?P<of>people|[a-z]{4,}s|[A-Z][a-z]{3,}ns|men|women|children)\b))"
)
_PER = re.compile(r"/(?P<unit>[^\W\d_]{2,12}|h|t)(?!\w)")
_START = r"(?<![\w.,/])"


def money(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for sums of money."""
    for found in _before(lexis).finditer(text):
        yield _replacement(found, _noun(found["sign"], lexis), found["sign"], lexis)
    for found in _after(lexis).finditer(text):
        yield _replacement(found, _noun(found["sign"], lexis), found["sign"], lexis)
    for found in _cents(lexis).finditer(text):
        code = lexis.table("cents").get(found["sign"]) or lexis.table("cent_signs")[found["sign"]]
        cents = lexis.table("currencies").get(code, {}).get("cents")
        if cents:
            yield _replacement(found, noun(cents), found["sign"], lexis)
    for found in _alone(lexis).finditer(text):
        yield _replacement(found, None, "", lexis)
    if lexis.language == "en":
        for found in _MILLIONS_OF.finditer(text):
            if found["of"] in lexis.words("magnitudes_alone", "never_of"):
                continue
            yield Replacement(found.start(), found.end(), f"{found['n']} million")


@cache
def _number(lexis: Lexis) -> str:
    number = number_pattern(lexis)
    signs = any_of(lexis.table("currency_signs"))
    first = rf"(?:{SPACE}?(?P<mag1>{magnitude_pattern(lexis)}){SPACE}?{DASH}|{SPACE}?{DASH})"
    return rf"(?P<a>{number})(?:{first}{SPACE}?(?:{signs}{SPACE}?)?(?P<b>{number}))?"


@cache
def _before(lexis: Lexis) -> re.Pattern[str]:
    signs = any_of(lexis.table("currency_signs"))
    magnitude = magnitude_pattern(lexis)
    return re.compile(
        rf"(?<![\w$€£])(?P<sign>{signs}){SPACE}?{_number(lexis)}"
        rf"(?:(?:{SPACE}|-)?(?P<mag>{magnitude})(?!\w))?(?![\w%])"
    )


@cache
def _after(lexis: Lexis) -> re.Pattern[str]:
    magnitude = magnitude_pattern(lexis)
    signs = any_of({*lexis.table("currency_signs"), *lexis.table("currency_words")})
    links = {entry.get("link", "").strip() for entry in lexis.table("magnitudes").values()}
    links |= {"d'", "d’"} if "de" in links else set()  # 3 millions d’€
    of = rf"(?:{SPACE}{any_of(links - {''})})?"  # 2 millones de €
    return re.compile(
        rf"{_START}{_number(lexis)}(?:(?:{SPACE}|-)?(?P<mag>{magnitude}){of})?"
        rf"{SPACE}?(?P<sign>{signs})(?![\w$])"
    )


@cache
def _cents(lexis: Lexis) -> re.Pattern[str]:
    signs = any_of({*lexis.table("cent_signs"), *lexis.table("cents")})
    return re.compile(
        rf"{_START}{_number(lexis)}(?P<mag>(?!))?{SPACE}?(?P<sign>{signs})(?!\w|\.{SPACE}?\w)"
    )


@cache
def _alone(lexis: Lexis) -> re.Pattern[str]:
    """A number with a short sign for millions, of whatever follows: 5bn people."""
    signs = any_of(lexis.words("magnitudes_alone", "signs"))
    before_of = any_of(lexis.words("magnitudes_alone", "before_of"))
    signs = rf"(?:{signs}|{before_of}(?={SPACE}d(?:e{SPACE}|['’])))"
    return re.compile(rf"{_START}{_number(lexis)}{SPACE}?(?P<mag>{signs})(?!\w)")


@cache
def _noun(sign: str, lexis: Lexis) -> Noun:
    words, signs = lexis.table("currency_words"), lexis.table("currency_signs")
    by_sign = {squeezed(key): code for key, code in {**signs, **words}.items()}
    code = by_sign[squeezed(sign)]
    entry: dict[str, Any] = lexis.table("currencies").get(code, {})
    if not entry:
        return _named_by_babel(code, lexis.language)
    full = sign in lexis.words("currency_full_names", "signs")
    return noun(
        entry.get("full", entry["forms"]) if full else entry["forms"], entry.get("gender", "m")
    )


def _named_by_babel(code: str, language: str) -> Noun:
    from babel.numbers import get_currency_name

    one, few, many = (str(get_currency_name(code, count=n, locale=language)) for n in (1, 2, 5))
    return noun((one, few, many, few))


def _replacement(found: re.Match[str], thing: Noun | None, sign: str, lexis: Lexis) -> Replacement:
    text, (begin, end) = found.string, found.span()
    numbers = tuple(number for number in (found["a"], found["b"]) if number)
    magnitude = magnitude_of(found["mag"], lexis)
    with_cents = _with_cents(found, thing, sign, lexis)
    if with_cents:
        said = with_cents
    else:
        case = case_at(text, begin, lexis)
        if thing and is_attributive(text, begin, end, lexis):
            thing = noun((thing.one, thing.one))
        said = opening_at(text, begin, numbers, lexis)
        first = magnitude_of(found["mag1"], lexis)
        if first and first != magnitude and not lexis.in_words:  # from 900 thousand to 2 million
            said += f"{counted(numbers[:1], first, None, lexis)} {lexis.number('range')} "
            numbers = numbers[1:]
        said += counted(numbers, magnitude, thing, lexis, case)
        said = _accusative(said, text, begin, lexis)
    if thing and (again := word_after(text, end)) and again in (thing.one, thing.many):
        end = text.index(again, end) + len(again)  # "$1.3 million dollars"
    if text[end : end + 3] == "-a-":  # a $5-a-day habit
        return Replacement(
            begin, end + 3, said.replace("dollars", "dollar").replace("pounds", "pound") + " a "
        )
    if per := _PER.match(text, end):
        word = lexis.number("per")
        unit = str(lexis.table("per").get(per["unit"], per["unit"]))
        return Replacement(begin, per.end(), f"{said} {word or '/'} {unit}")
    at_end = is_last(text, end) or lexis.language != "de"  # where nouns have capitals
    if text[end - 1] == "." and at_end and _ends_sentence(text, end):
        end -= 1
    return Replacement(begin, end, said)


def _accusative(said: str, text: str, begin: int, lexis: Lexis) -> str:
    """German "ein Euro" is "einen Euro" after verbs and prepositions that say so."""
    table = lexis.table("accusative")
    if table and said.startswith(table["one"] + " ") and word_before(text, begin) in table["after"]:
        return str(table["said"]) + said[len(table["one"]) :]
    return said


def _with_cents(found: re.Match[str], thing: Noun | None, sign: str, lexis: Lexis) -> str | None:
    """ "$5.99": dollars and cents; None where that is not what is written."""
    split = _TWO_PLACES.fullmatch(found["a"])
    if split is None or found["b"] or found["mag"] or thing is None:
        return None
    code = str({**lexis.table("currency_signs"), **lexis.table("currency_words")}.get(sign))
    if lexis.in_words:
        return _with_kopecks(split, code, thing, case_at(found.string, found.start(), lexis), lexis)
    cents = lexis.table("currencies").get(code, {}).get("cents")
    if not cents:
        return None
    whole, part = split[1], split[2]
    if part == "00":
        return counted((whole,), None, thing, lexis)
    some = said_number(str(int(part)), lexis)
    joined = re.match("-[a-z]", found.string[found.end() : found.end() + 2])  # $3.50-an-hour
    if joined or is_attributive(found.string, found.start(), found.end(), lexis):  # a $3.50 coffee
        thing, named = noun((thing.one, thing.one)), noun((cents[0], cents[0]))
        said = counted((whole,), None, thing, lexis)
        return counted((some,), None, named, lexis) if whole == "0" else f"{said} {some}"
    if whole == "0":
        return counted((some,), None, noun(cents), lexis)
    said = counted((whole,), None, thing, lexis)
    joint = lexis.number("with_cents")
    if lexis.number("cents_unnamed"):
        return " ".join(filter(None, (said, joint, str(int(part)))))
    return f"{said} {joint} {counted((some,), None, noun(cents), lexis)}"


def _with_kopecks(
    split: re.Match[str], code: str, thing: Noun, case: Case, lexis: Lexis
) -> str | None:
    """12,50 грн: дванадцять гривень п'ятдесят копійок."""
    currencies = lexis.table("currencies")
    entry = currencies.get(currencies.get(code, {}).get("cents_as"))
    if entry is None:
        return None
    whole, part = split[1], str(int(split[2]))
    cents = counted((part,), None, noun(entry["forms"], entry["gender"]), lexis, case)
    if whole == "0":
        return cents
    said = counted((whole,), None, thing, lexis, case)
    return said if part == "0" else f"{said} {cents}"


def _ends_sentence(text: str, end: int) -> bool:
    """Whether a dot that belongs to a short form ends the sentence, too."""
    return (
        re.match(r"[\"'»”’)\]]*(?:\s*\Z|\s+[\"'«„“(]*[A-ZÀ-ÖØ-ÞА-ЯЁЄІЇҐ])", text[end : end + 8])
        is not None
    )
