"""Roman numerals: "Louis XIV", "World War II", "Chapter IV", "XXI век", "XXe siècle"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from audiostory.narration.normalise.inflection import said_ordinal
from audiostory.narration.normalise.lexis import (
    DASH,
    SPACE,
    Lexis,
    any_of,
    is_last,
    word_after,
    word_before,
)
from audiostory.narration.normalise.numerals import Case, Gender, cardinal, ordinal_in_case
from audiostory.narration.speakable import Replacement

_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3}|(?:XL|LX{0,3})(?:IX|IV|V?I{1,3}|V)?|L)"
_LONG = re.compile(rf"(?<![\w.&'’-])(?P<r>(?=[IVX]{{2}}){_ROMAN})(?![\w&]|[-'’]\w)")
_SMALL = 10  # As far as Spanish counts centuries and kings by ordinals.
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_NAME = re.compile(rf"(?:[^\W\d_]+{SPACE})?[^\W\d_]+{SPACE}\Z")


def romans(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for Roman numerals, where something shows that they are."""
    if not lexis.table("romans"):
        return
    yield from _centuries(text, lexis)
    yield from _rulers(text, lexis)
    for found in _keyed(lexis).finditer(text):
        if found["r"] == "I" and _may_be_pronoun(found, lexis):
            continue
        yield _replaced(found, cardinal_said(value_of(found["r"]), found["key"], lexis))
    if lexis.table("romans").get("bare", True):
        for found in _LONG.finditer(text):
            if found["r"] not in ("XXX", "LL"):
                yield _replaced(found, str(value_of(found["r"])))


def _replaced(found: re.Match[str], said: str) -> Replacement:
    return Replacement(found.start("r"), found.end("r"), said)


def value_of(roman: str) -> int:
    """The value of a Roman numeral."""
    values = [_VALUES[letter] for letter in roman]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def cardinal_said(number: int, key: str, lexis: Lexis) -> str:
    """World War Two; Chapter 4."""
    if key in lexis.words("romans", "words_after"):
        return cardinal(number, lexis.language).capitalize()
    if key.lower() in lexis.words("romans", "ordinal_after") and number <= _SMALL:
        return said_ordinal(number, "", 0, lexis)
    return cardinal(number, lexis.language) if lexis.in_words else str(number)


@cache
def _keyed(lexis: Lexis) -> re.Pattern[str]:
    """What a numeral of one letter may follow: Chapter V, World War I."""
    words = {
        *lexis.words("romans", "cardinal_after"),
        *lexis.words("romans", "words_after"),
        *lexis.words("romans", "ordinal_after"),
    }
    lower = (word[:1].lower() + word[1:] for word in words)
    both = any_of({*words, *lower, *map(str.upper, words)})
    return re.compile(rf"(?<!\w)(?P<key>{both}){SPACE}(?P<r>{_ROMAN})(?![\w&]|[-'’]\w|\.\w)")


# --- rulers ----------------------------------------------------------------------------------


@cache
def _ruler(lexis: Lexis) -> re.Pattern[str]:
    names = any_of(lexis.words("romans", "regnal"))
    ending = lexis.table("romans").get("name_endings", "")
    first = lexis.table("romans").get("suffix", "")
    return re.compile(
        rf"(?<!\w)(?P<name>(?:{names}){ending}){SPACE}(?P<r>{_ROMAN})(?P<dot>{first})"
        rf"(?![\w&]|-\w|\.\w)"
    )


def _rulers(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _ruler(lexis).finditer(text):
        if found["r"] == "I" and _is_pronoun(found, lexis):
            continue
        if _is_initial(found, lexis):
            continue
        if f"{found['name']} {found['r']}" in lexis.words("romans", "not_regnal"):
            continue
        end = found.end()
        if found["dot"] == "." and is_last(text, end):
            end -= 1  # it ends the sentence, too
        said = _ruler_said(value_of(found["r"]), found, lexis)
        yield Replacement(found.start("r"), end, said)


def _is_pronoun(found: re.Match[str], lexis: Lexis) -> bool:
    """ "I told Charles I knew": only English has a pronoun that looks so."""
    if lexis.language != "en":
        return False
    title = word_before(found.string, found.start())
    after = re.match(r" [a-z]|['’](?:d|m|ll|ve)\b", found.string[found.end() : found.end() + 4])
    return after is not None and title not in lexis.words("romans", "titles_of_rulers")


_AFTER_NUMERAL = (
    "of",
    "is",
    "and",
    "to",
    "in",
    "by",
    "for",
    "or",
    "as",
    "on",
    "at",
    "with",
    "from",
)


def _may_be_pronoun(found: re.Match[str], lexis: Lexis) -> bool:
    """ "What a figure I must seem": as _is_pronoun, after "part", "figure", "phase"."""
    key, end = found["key"], found.end()
    if lexis.language != "en" or key in lexis.words("romans", "words_after"):
        return False
    after = word_after(found.string, end)
    is_word = after and found.string[end : end + 1].isspace() and after not in _AFTER_NUMERAL
    return key[0].islower() or bool(is_word and after.islower())


def _is_initial(found: re.Match[str], lexis: Lexis) -> bool:
    """John L. Sullivan, James V. Forrestal."""
    text, end = found.string, found.end()
    if found["r"] == "L" or len(found["r"]) > 1 or found["dot"] or text[end : end + 1] != ".":
        return found["r"] == "L"
    name = word_after(text, end + 1)
    return name[:1].isupper() and name not in lexis.words("sentence_starters", "words")


def _ruler_said(number: int, found: re.Match[str], lexis: Lexis) -> str:
    table = lexis.table("romans")
    name = found["name"]
    if lexis.in_words:
        case, gender = _case_of_name(name, lexis)
        return ordinal_in_case(number, lexis, case, gender).title().replace("'Я", "'я")
    gender = "f" if name.split(" ")[-1] in table.get("feminine", ()) else "m"
    if lexis.language == "de":
        return _german_ruler(number, name, gender, found, lexis)
    if number > table.get("ordinals_to", 10**6):
        return str(number)
    said = said_ordinal(number, found.string, found.start("r"), lexis, "n", gender)
    return str(table["word"]).format(ordinal=said)


def _german_ruler(
    number: int, name: str, gender: Gender, found: re.Match[str], lexis: Lexis
) -> str:
    before = word_before(found.string, found.start()).lower()
    oblique = before in lexis.table("ordinal_endings")["en"] or before in lexis.words(
        "romans", "dative_after"
    )
    if name.endswith("s") and name not in lexis.words("romans", "regnal"):
        article, ending = ("der" if gender == "f" else "des"), "en"
    elif oblique:
        article, ending = ("der" if gender == "f" else "dem"), "en"
    else:
        article, ending = ("die" if gender == "f" else "der"), "e"
    stem = said_ordinal(number, "der ", 4, lexis, "n", "m").removesuffix("e")
    return f"{article} {(stem + ending).capitalize()}"


def _case_of_name(name: str, lexis: Lexis) -> tuple[Case, Gender]:
    """The case that a name's ending shows."""
    stems = lexis.words("romans", "feminine")
    feminine = any(name.split(" ")[-1].startswith(stem) for stem in stems)
    gender: Gender = "f" if feminine else "m"
    endings = lexis.table("romans")["case_endings_f" if feminine else "case_endings_m"]
    for ending, case in endings.items():
        if ending and name.endswith(ending):
            return case, gender
    return endings[""], gender


# --- centuries and other nouns ----------------------------------------------------------------


@cache
def _century(lexis: Lexis) -> re.Pattern[str]:
    nouns = any_of(lexis.table("roman_nouns"))
    suffix = lexis.table("romans").get("ordinal_suffix", "")
    one = rf"(?!L)(?:{_ROMAN})"  # "Le siècle" has no numeral
    joint = rf"(?:{SPACE}?{DASH}{SPACE}?|{SPACE}(?:{lexis.number('joints') or 'and'}){SPACE})"
    return re.compile(
        rf"(?<![\w.])(?P<a>{one}){suffix}(?:(?P<joint>{joint})(?P<b>{one}){suffix})?"
        rf"{SPACE}(?P<noun>{nouns})(?!\w)"
    )


def _centuries(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """XX век, XIXe et XXe siècles, XIX century, II Guerra Mundial."""
    if not lexis.table("roman_nouns"):
        return
    if lexis.table("romans").get("ordinal_suffix"):
        for found in _bare_ordinals(lexis).finditer(text):
            said = said_ordinal(value_of(found["r"]), text, found.start(), lexis)
            yield Replacement(found.start(), found.end(), said)
    for found in _century(lexis).finditer(text):
        entry = lexis.table("roman_nouns")[found["noun"]]
        before = word_before(text, found.start()).lower()
        case: Case = entry.get("after", {}).get(before, entry.get("case", "n"))
        gender: Gender = entry.get("gender", "m")
        for key in ("a", "b"):
            if found[key]:
                said = _in_form(value_of(found[key]), found, entry, case, gender, lexis)
                end = found.end(key) + _suffix_length(text, found.end(key), lexis)
                yield Replacement(found.start(key), end, said)
        if word := entry.get("words", {}).get(case):
            end = found.end("noun")
            end -= found["noun"].endswith(".") and is_last(text, end)
            yield Replacement(found.start("noun"), end, word)


@cache
def _bare_ordinals(lexis: Lexis) -> re.Pattern[str]:
    """The Ve alone, by its ending."""
    return re.compile(rf"(?<![\w.'-])(?!L)(?P<r>{_ROMAN})(?:e|ème)(?![\w-])")


def _in_form(
    number: int,
    found: re.Match[str],
    entry: dict[str, str],
    case: Case,
    gender: Gender,
    lexis: Lexis,
) -> str:
    said = said_ordinal(number, found.string, found.start("a"), lexis, case, gender)
    return said.capitalize() if entry.get("capital") else said


def _suffix_length(text: str, at: int, lexis: Lexis) -> int:
    suffix = lexis.table("romans").get("ordinal_suffix", "")
    found = re.compile(suffix).match(text, at) if suffix else None
    return len(found.group()) if found else 0
