"""So much of something: a number, or from one to another, with its noun in the right form."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from audiostory.narration.normalise.lexis import Lexis, any_of, word_after, word_before
from audiostory.narration.normalise.numerals import (
    Case,
    Gender,
    Noun,
    category_of,
    form_of,
    noun,
    said_number,
)

_ANDS = ("и", "і", "й", "та")
_BETWEEN = re.compile(r"\b(?:между|між)\s+\d[\d,]*\s+\w+\s+\Z", re.IGNORECASE)  # между 3 и 5
_VOWELS = tuple("aeiouyhéèêAEIOUYHÉ")


def case_at(text: str, at: int, lexis: Lexis) -> Case:
    """The case that the word before asks for; the nominative if none does."""
    cases = lexis.table("cases")
    before = word_before(text, at).lower() if cases else ""
    if before in _ANDS and cases and _BETWEEN.search(text, max(0, at - 40), at):
        return "i"
    case: Case = cases.get(before, "n")
    return case


def opening_at(text: str, at: int, numbers: tuple[str, ...], lexis: Lexis) -> str:
    """The word before a range, where none that is there already stands for it: de 10 a 15."""
    opening = lexis.number("range_from")
    before = word_before(text, at).lower() if opening else ""
    is_open = opening and len(numbers) == 2 and before not in lexis.words("ranges", "plain_after")
    return f"{opening} " if is_open else ""


def counted(
    numbers: tuple[str, ...],
    magnitude: str | None,
    thing: Noun | None,
    lexis: Lexis,
    case: Case = "n",
) -> str:
    """What is said for one number, or a range of two, of a thing, in thousands or millions.

    magnitude: its name in the table of magnitudes.
    """
    head = magnitude_noun(magnitude, lexis) if magnitude else thing
    gender: Gender = head.gender if head else "m"
    last = numbers[-1]
    if len(numbers) == 2 and lexis.in_words and case == "n":
        case = "g"
        words = lexis.table("number")["from"], lexis.number("range")
        first, second = (said_number(number, lexis, case, gender) for number in numbers)
        said = f"{words[0]} {first} {words[1]} {second}"
    else:
        joint = lexis.number("between") or f" {lexis.number('range')} "
        said = joint.join(said_number(number, lexis, case, gender) for number in numbers)
    if head is not None:
        said += " " + form_in_case(head, last, lexis, case)
    if magnitude and thing:
        said += " " + _linked(magnitude, thing, lexis)
    return said


def _linked(magnitude: str, thing: Noun, lexis: Lexis) -> str:
    """The noun after "million": "millions d'euros", "миллионов рублей"."""
    link = lexis.table("magnitudes")[magnitude].get("link", "")
    if link.endswith("e ") and lexis.language == "fr" and thing.many.startswith(_VOWELS):
        link = link[:-2] + "'"
    return f"{link}{thing.many}"


@cache
def magnitude_noun(magnitude: str, lexis: Lexis) -> Noun:
    """The noun of a magnitude."""
    entry: dict[str, Any] = lexis.table("magnitudes")[magnitude]
    return noun(entry["forms"], entry.get("gender", "m"))


def form_in_case(thing: Noun, number: str, lexis: Lexis, case: Case) -> str:
    """The noun after a number, in a case: of a Russian noun it is told from its plural."""
    category = category_of(number, lexis)
    if lexis.in_words and number[-2:] in (",5", ".5"):
        if case == "g":
            return thing.many  # около полутора миллионов
        whole = category_of(number[:-2], lexis)  # пять с половиной миллионов
        return thing.other if whole == "one" or number[:-2] == "0" else form_of(thing, whole)
    if not lexis.in_words or category == "other" or case == "n":
        return form_of(thing, category)
    if case == "g":
        return thing.other if category == "one" else thing.many
    if case == "a":
        return accusative(thing.one) if category == "one" else form_of(thing, category)
    return oblique(thing, lexis, case) or form_of(thing, category)


def accusative(one: str) -> str:
    """The accusative of a noun's singular, of things: тонна, тонну."""
    head, _, rest = one.partition(" ")
    if head.endswith("ая"):
        return f"{head[:-2]}ую {accusative(rest)}"
    changed = head[:-1] + {"а": "у", "я": "ю"}.get(head[-1:], head[-1:])
    return " ".join(filter(None, (changed, rest)))


def oblique(thing: Noun, lexis: Lexis, case: Case) -> str | None:
    """The plural in another case, told from the genitive: метров, метрах."""
    endings = lexis.table("oblique").get(case)
    found = re.match(r"(\w+?)(?:ов|ів)\b(.*)", thing.many)
    if endings is None or found is None:
        return None
    return f"{found[1]}{endings}{found[2]}"


def with_gender(thing: Noun, gender: Gender) -> Noun:
    """The noun with another gender."""
    return replace(thing, gender=gender)


def is_attributive(text: str, begin: int, end: int, lexis: Lexis) -> bool:
    """Whether an amount stands before a noun as an adjective does: "a 5 km race"."""
    words = lexis.table("attributive")
    if not words:
        return False
    after = word_after(text, end)
    if not after or after.lower() in words["function_words"] or text[end : end + 1] in ",.;:":
        return False
    before = word_before(text, begin).lower()
    is_participle = after.endswith("ed") or after in words["participles"]
    if text[max(0, begin - 1) : begin] in ("x", "×"):  # the 4x400m relay
        return True
    return before in words["always"] or (before in words["often"] and not is_participle)


@cache
def magnitude_pattern(lexis: Lexis) -> str:
    """A pattern for the sign of any magnitude."""
    return any_of(sign for entry in lexis.table("magnitudes").values() for sign in entry["signs"])


@cache
def _magnitudes(lexis: Lexis) -> dict[str, str]:
    table = lexis.table("magnitudes").items()
    return {squeezed(sign): name for name, entry in table for sign in entry["signs"]}


def magnitude_of(sign: str | None, lexis: Lexis) -> str | None:
    """The magnitude that a sign stands for."""
    return _magnitudes(lexis)[squeezed(sign)] if sign else None


def squeezed(text: str) -> str:
    """Text without spaces."""
    return re.sub(r"\s", "", text)
