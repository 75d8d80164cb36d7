"""Numbers as they are written, and as they are said: digits the engine reads, or words.

num2words and babel carry the words and the plurals; they are loaded when a number first needs
them. Where a language's numbers agree with their noun (Russian, Ukrainian) they are said in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from audiostory.narration.normalise.lexis import SPACE, Lexis

Case = Literal["n", "g", "d", "a", "i", "p"]
Gender = Literal["m", "f", "n"]
_MOST_DIGITS = 18  # Longer ones are said as they are written.
_SPACES = re.compile(SPACE)


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted. forms by CLDR's plural category: one, few, many, other."""

    one: str
    few: str
    many: str
    other: str
    gender: Gender = "m"


def noun(forms: list[str] | tuple[str, ...], gender: Gender = "m") -> Noun:
    """A noun of two forms (one, other) or four (one, few, many, other)."""
    if len(forms) == 2:
        return Noun(forms[0], forms[1], forms[1], forms[1], gender)
    one, few, many, other = forms
    return Noun(one, few, many, other, gender)


@cache
def number_pattern(lexis: Lexis) -> str:
    """A pattern for a number as this language writes it, with groups of thousands or not.

    One sign parts all groups of a number: "1.234'567,5" is none.
    """
    decimal, group = re.escape(lexis.number("decimal", ".")), re.escape(lexis.number("group", ","))
    groups = "|".join(rf"(?:{sign}\d{{3}}(?!\d)){{1,6}}" for sign in (group, SPACE, "['’]"))
    grouped = rf"\d{{1,3}}(?:{groups})(?:{decimal}\d{{1,9}})?"
    return rf"(?:{grouped}|\d{{1,18}}(?:[.,]\d{{1,9}})?)(?!\d|[.,]\d)"


def value_of(written: str, lexis: Lexis) -> Decimal:
    """The value of what number_pattern matched."""
    plain = re.sub(rf"{SPACE}|['’]", "", written)
    group, decimal = lexis.number("group", ","), lexis.number("decimal", ".")
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(decimal)}\d+)?", plain):
        plain = plain.replace(group, "")
    return Decimal(plain.replace(",", "."))


def category_of(written: str, lexis: Lexis) -> str:
    """CLDR's plural category of a number as written."""
    return _category(value_of(written, lexis), lexis.language)


@lru_cache(maxsize=4096)
def _category(value: Decimal, language: str) -> str:
    if value == value.to_integral_value() and value.as_tuple().exponent == 0:
        return _plural_form(language)(int(value))
    return _plural_form(language)(value)


@cache
def _plural_form(language: str) -> Callable[[int | Decimal], str]:
    from babel.core import Locale

    form: Callable[[int | Decimal], str] = Locale.parse(language).plural_form
    return form


def form_of(noun: Noun, category: str) -> str:
    """The form of a noun for a plural category."""
    forms = {"one": noun.one, "few": noun.few, "many": noun.many}
    return forms.get(category, noun.other)


def said_number(written: str, lexis: Lexis, case: Case = "n", gender: Gender = "m") -> str:
    """A number before a noun: digits where the engine reads them right, words otherwise."""
    if lexis.in_words:
        return in_words(value_of(written, lexis), lexis, case, gender)
    plain = _SPACES.sub("", written)
    exact = lexis.table("counts_" + gender).get(plain)
    if exact is not None:
        return str(exact)
    if plain.isdigit() and len(plain) < _MOST_DIGITS and lexis.language == "es":
        return _spanish(int(plain), gender)
    return plain


def _spanish(value: int, gender: Gender) -> str:
    """Spanish numbers agree where they end in one, and their hundreds do."""
    ends_in_one = value % 10 == 1 and value % 100 != 11
    if not ends_in_one and (gender == "m" or value % 1000 < 200):
        return str(value)
    words = cardinal(value, "es")
    if gender == "f":
        return re.sub(r"uno$", "una", words.replace("cientos", "cientas"))
    return re.sub(r"uno$", "ún" if words.endswith("veintiuno") else "un", words)


@lru_cache(maxsize=4096)
def cardinal(value: int, language: str) -> str:
    """A whole number in words, in the nominative."""
    from num2words import num2words

    return str(num2words(value, lang=language))


@lru_cache(maxsize=4096)
def ordinal(value: int, language: str) -> str:
    """An ordinal in words, in the form that a dictionary has."""
    from num2words import num2words

    return str(num2words(value, lang=language, to="ordinal"))


@lru_cache(maxsize=4096)
def year_in_words(value: int, language: str) -> str:
    """A year in words, as num2words has it."""
    from num2words import num2words

    return str(num2words(value, lang=language, to="year"))


# --- languages whose numbers have cases ------------------------------------------------------

_CASES_UK = {
    "n": "nominative",
    "g": "genitive",
    "d": "dative",
    "a": "accusative",
    "i": "instrumental",
    "p": "locative",
}


@lru_cache(maxsize=8192)
def cardinal_in_case(value: int, language: str, case: Case, gender: Gender) -> str:
    """A whole number in words, in a case and gender; Russian and Ukrainian."""
    from num2words import num2words

    if language == "ru":
        said = num2words(value, lang="ru", case=case, gender=gender, animate=False)
    else:
        sex = "feminine" if gender == "f" else "masculine"
        said = num2words(value, lang="uk", case=_ukrainian_case(value, case), gender=sex)
        if case == "g":  # двохсот, where num2words has "двохста"
            said = re.sub(r"(?<=\w)ста\b", "сот", str(said))
        said = said.replace("один", "одне") if gender == "n" and said.endswith("один") else said
    return re.sub(r"^од\w+ (?=т[ыи]сяч)", "", str(said))


def _ukrainian_case(value: int, case: Case) -> str:
    """Things that are no persons have the nominative for the accusative."""
    feminine_one = value % 10 == 1 and value % 100 != 11
    return _CASES_UK["n" if case == "a" and not feminine_one else case]


def in_words(value: Decimal, lexis: Lexis, case: Case, gender: Gender) -> str:
    """A number in words that agree with a noun of that case and gender."""
    _, figures, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0:
        return cardinal_in_case(int(value), lexis.language, case, gender)
    whole, part = int(value), int("".join(map(str, figures))[exponent:])
    if part == 5 and exponent == -1 and whole:
        return _and_a_half(whole, lexis, case, gender)
    return _decimal(whole, part, -exponent, lexis, "n" if case == "a" else case)


def _and_a_half(whole: int, lexis: Lexis, case: Case, gender: Gender) -> str:
    halves = lexis.table("halves")
    if whole == 1:
        key = gender if case in ("n", "a") else "oblique"
        return str(halves[key])
    return f"{cardinal_in_case(whole, lexis.language, case, gender)} {halves['and_a_half']}"


def _decimal(whole: int, part: int, places: int, lexis: Lexis, case: Case) -> str:
    """5.3: five whole (units), three tenths."""
    names = lexis.table("decimals")["places"]
    if places > len(names):
        digits = " ".join(cardinal_in_case(int(d), lexis.language, "n", "m") for d in str(part))
        return (
            f"{cardinal_in_case(whole, lexis.language, 'n', 'm')} {lexis.number('point')} {digits}"
        )
    case = case if case in ("n", "g") else "n"
    return " ".join(
        cardinal_in_case(number, lexis.language, case, "f") + " " + _feminine(number, forms, case)
        for number, forms in ((whole, lexis.table("decimals")["whole"]), (part, names[places - 1]))
    )


def _feminine(number: int, forms: list[str], case: Case) -> str:
    """forms: nominative singular, genitive plural, genitive singular, of an adjective."""
    if number % 10 != 1 or number % 100 == 11:
        return forms[1]
    return forms[0] if case == "n" else forms[2]


@lru_cache(maxsize=8192)
def ordinal_in_case(
    value: int, lexis: Lexis, case: Case, gender: Gender, *, plural: bool = False
) -> str:
    """An ordinal in words, in a case and gender; Russian and Ukrainian."""
    if lexis.language == "ru":
        from num2words import num2words

        said = num2words(
            value, lang="ru", to="ordinal", case=case, gender=gender, plural=plural, animate=False
        )
        return re.sub(r"^одна (?=тысяча )", "", str(said))
    endings = lexis.table("ordinal_endings")
    base = re.sub("^одна (?=тисяча )", "", ordinal(value, lexis.language))
    base = str(lexis.table("ordinals").get(base, base))
    stem = base[:-2]
    table = endings["pl" if plural else gender]
    soft = endings["soft_pl" if plural else f"soft_{gender}"] if base.endswith("ій") else table
    return stem + str(soft[case])
