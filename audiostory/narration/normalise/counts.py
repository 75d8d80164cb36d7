"""Numbers that are no amounts: ordinals, ranges, scores, fractions, signs, grouped thousands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from audiostory.narration.normalise.inflection import said_ordinal
from audiostory.narration.normalise.lexis import DASH, SPACE, Lexis, any_of, word_before
from audiostory.narration.normalise.numerals import (
    Case,
    Gender,
    cardinal,
    cardinal_in_case,
    in_words,
    ordinal_in_case,
    said_number,
    value_of,
)
from audiostory.narration.normalise.quantities import case_at, opening_at
from audiostory.narration.speakable import Replacement

_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5",
    "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8",
    "⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip
_FRACTION = re.compile(
    rf"(?<![\w.,/-])(?:(?P<whole>\d{{1,6}})(?:{SPACE}?(?=[½⅓⅔¼¾⅕-⅞⅐⅑⅒])|{SPACE}(?=\d/)))?"
    r"(?:(?P<sign>[½⅓⅔¼¾⅕-⅞⅐⅑⅒])|(?P<a>\d{1,2})[/⁄](?P<b>\d{1,2}))(?![\w/⁄]|[.,]\d|(?<!½)-)"
)
_RANGE = re.compile(
    rf"(?<![\w.,:/$€£+@#-])(?<![\u2010-\u2015])(?P<a>\d{{1,6}}(?:[.,]\d{{1,2}})?)"
    rf"(?:{SPACE}?%(?={SPACE}?{DASH}{SPACE}?\d+(?:[.,]\d+)?{SPACE}?%))?"
    rf"(?P<dash>{SPACE}?{DASH}{SPACE}?)"
    rf"(?P<b>\d{{1,6}}(?:[.,]\d{{1,2}})?)(?![\w/:]|[.,]\d|{DASH}[\w\d])"
)
_SCORE = re.compile(r"(?<![\w.,:/-])(?P<a>\d{1,2}):(?P<b>\d{1,2})(?![\w/:]|[.,]\d)")
_NEGATIVE = re.compile(r"(?<![\w.,)\]%°])[-\u2212](?=\d)")
_GROUPED = re.compile(rf"(?<![\w.,])\d{{1,3}}(?:{SPACE}\d{{3}}){{1,5}}(?![\w]|{SPACE}\d|[.,]\d)")
_ONE = re.compile(r"(?<![\w.,/:-])1(?= (?P<noun>[A-ZÄÖÜ][a-zäöüß]{2,}))")
_DECIMAL = re.compile(
    rf"(?<![\w.,/])(?P<n>\d{{1,9}},\d{{1,4}})(?![\w]|[.,]\d)(?:{SPACE}(?P<noun>[а-яіїєґ]{{3,}}))?"
)
_CROSS = re.compile(
    r"(?<![^\W\d_])(?<!\b0)(?<=\d)(?P<x>[xх×])(?:(?P<second>(?=\d))|(?= |\Z|[,;)]|\.(?!\d)))"
)
_SHORT_DIGITS = 2


def fractions(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """1/2, ½ and 3¾, where the language has words for them."""
    names = lexis.table("fractions")
    for found in _FRACTION.finditer(text):
        written = _VULGAR[found["sign"]] if found["sign"] else f"{found['a']}/{found['b']}"
        said = names.get(written)
        if found["sign"] == "½" and not found["whole"]:
            said = lexis.table("half_sign").get("said", said)
        if said is None or (found["whole"] is None and _is_date_like(found, lexis)):
            continue
        if found["whole"]:
            mixed = lexis.table("mixed").get(written, f"{lexis.number('and')} {said}")
            said = f"{found['whole']} {mixed}"
            if lexis.in_words and written == "1/2":  # полтора
                said = in_words(Decimal(f"{found['whole']}.5"), lexis, "n", "m")
            if lexis.language == "de" and written == "1/2":  # eineinhalb
                whole = cardinal(int(found["whole"]), "de")
                said = ("ein" if whole == "eins" else whole) + mixed
        yield Replacement(found.start(), found.end(), _agreeing(said, found, lexis))


def _agreeing(said: str, found: re.Match[str], lexis: Lexis) -> str:
    """German "einen halben Liter", "eine halbe Stunde"."""
    table = lexis.table("half_before")
    after = re.match(rf"{SPACE}(\w+)", found.string[found.end() : found.end() + 24])
    return str(table.get(after[1], said)) if after and said in table.values() else said


def _is_date_like(found: re.Match[str], lexis: Lexis) -> bool:
    return found["sign"] is None and word_before(
        found.string, found.start()
    ).lower() in lexis.words("fractions_not", "after")


def ranges(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """10–12, 3-1; "10-12" only where it is no telephone number, no name and no date."""
    for found in _RANGE.finditer(text):
        first, last = found["a"], found["b"]
        if first.startswith("0") and first[1:2].isdigit():
            continue
        is_score = max(len(first), len(last)) <= _SHORT_DIGITS
        if "-" in found["dash"] and not is_score and not _rises(first, last):
            if lexis.number("range"):
                yield Replacement(found.start(), found.end(), f"{first} {last}")
        elif first == last == "50":  # fifty-fifty
            yield Replacement(found.start(), found.end(), f"{first} {last}")
        elif said := _said_range(found, first, last, lexis):
            yield Replacement(found.start(), found.end(), said)


def _rises(first: str, last: str) -> bool:
    return float(first.replace(",", ".")) < float(last.replace(",", "."))


def _said_range(found: re.Match[str], first: str, last: str, lexis: Lexis) -> str | None:
    text, begin = found.string, found.start()
    before = word_before(text, begin).lower()
    if lexis.in_words:
        return _range_in_words(text, before, found, lexis)
    is_score = not _rises(first, last) or before in lexis.words("scores", "after")
    opening = "" if is_score else opening_at(text, begin, ("", ""), lexis)
    return f"{opening}{first} {lexis.number('range')} {last}"


def _range_in_words(text: str, before: str, found: re.Match[str], lexis: Lexis) -> str | None:
    """от десяти до двенадцати, before a noun and where no preposition has asked for a case."""
    noun_follows = re.match(rf"{SPACE}[а-яіїєґё]{{2,}}", text[found.end() : found.end() + 4])
    if not (noun_follows and found["a"].isdigit() and found["b"].isdigit()):
        return None
    first, last = int(found["a"]), int(found["b"])
    if first >= last:
        return None
    asked: Case = lexis.table("cases").get(before, "n")
    if before in lexis.words("ranges", "plain_after"):
        if asked != "g":
            return None
        return " – ".join(cardinal_in_case(n, lexis.language, "g", "m") for n in (first, last))
    words = [cardinal_in_case(number, lexis.language, "g", "m") for number in (first, last)]
    return f"{lexis.number('from')} {words[0]} {lexis.number('range')} {words[1]}"


def crossed(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """4x100, 3×4, 2x faster."""
    by, times = lexis.table("maths").get("×"), lexis.number("times")
    for found in _CROSS.finditer(text):
        if by and found["second"] is not None:
            yield Replacement(found.start("x"), found.end("x"), f" {by} ")
        elif times and found["second"] is None:
            yield Replacement(found.start("x"), found.end("x"), f" {times}")


def scores(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """3:1, where it isn't said as two numbers side by side."""
    between = lexis.table("scores").get("colon")
    if between is None:
        return
    near = frozenset(lexis.words("scores", "near"))
    for found in _SCORE.finditer(text):
        is_time = (
            len(found["b"]) == 2 and int(found["a"]) < 24 and lexis.table("scores").get("times")
        )
        if not is_time and (not near or _is_near(found, near)):
            first, second = (_goals(found[key], lexis) for key in ("a", "b"))
            yield Replacement(found.start(), found.end(), f"{first}{between}{second}")


def _goals(written: str, lexis: Lexis) -> str:
    return said_number(written, lexis) if lexis.in_words else written


def _is_near(found: re.Match[str], near: frozenset[str]) -> bool:
    around = found.string[max(0, found.start() - 60) : found.end() + 40]
    return any(word.lower() in near for word in re.findall(r"[^\W\d_]+", around))


def negatives(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """The minus of a number, where the engine doesn't say it."""
    word = lexis.number("minus")
    for found in _NEGATIVE.finditer(text):
        if word and (found.group() == "−" or lexis.number("minus_unsaid")):
            yield Replacement(found.start(), found.end(), word + " ")


def grouped(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """1 200: the engine would read two numbers. What it can't count so far is put in words."""
    for found in _GROUPED.finditer(text):
        plain = re.sub(SPACE, "", found.group())
        yield Replacement(found.start(), found.end(), _readable(plain, lexis))
    if limit := lexis.table("number").get("reads_below"):
        for found in re.finditer(r"(?<![\w.,])\d{7,15}(?![\w.,])", text):
            if int(found.group()) >= limit:
                yield Replacement(found.start(), found.end(), _readable(found.group(), lexis))
    if lexis.in_words:
        for found in _DECIMAL.finditer(text):
            case: Case = "g" if case_at(text, found.start(), lexis) == "g" else "n"
            gender: Gender = "f" if (found["noun"] or "").endswith(("ы", "и", "і")) else "m"
            said = in_words(value_of(found["n"], lexis), lexis, case, gender)
            yield Replacement(found.start(), found.end("n"), said)


def _readable(plain: str, lexis: Lexis) -> str:
    limit = lexis.table("number").get("reads_below")
    if limit and int(plain) >= limit:
        return cardinal_in_case(int(plain), lexis.language, "n", "m")
    return plain


# --- ordinals --------------------------------------------------------------------------------


def ordinals(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """2-й, 2e, 1.er, 4. Platz; English ones are read right."""
    if lexis.in_words:
        yield from _slavic(text, lexis)
    elif lexis.language == "de":
        yield from _german(text, lexis)
    elif lexis.table("ordinal_signs"):
        yield from _with_signs(text, lexis)


@cache
def _signed(lexis: Lexis) -> re.Pattern[str]:
    signs = any_of(lexis.table("ordinal_signs"))
    return re.compile(rf"(?<![\w.,/-])(?P<n>\d{{1,4}})(?P<sign>{signs})(?![\w])")


def _with_signs(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _signed(lexis).finditer(text):
        number, form = int(found["n"]), str(lexis.table("ordinal_signs")[found["sign"]])
        said = said_ordinal(number, text, found.start(), lexis, "n", "f" if "f" in form else "m")
        after = re.match(rf"{SPACE}[a-záéíóúñ]{{3}}", text[found.end() : found.end() + 4])
        if "short" in form or (lexis.language == "es" and form == "m" and after):  # primer, tercer
            said = re.sub("(primer|tercer)o$", r"\1", said)
        if "pl" in form:
            said += "s"
        yield Replacement(found.start(), found.end(), said)


@cache
def _german_nouns(lexis: Lexis) -> re.Pattern[str]:
    nouns = any_of(lexis.table("ordinal_nouns"))
    return re.compile(
        rf"(?<![\w.,/-])(?:(?P<first>\d{{1,3}})\.(?P<joint>{SPACE}(?:und|bis|oder){SPACE}))?"
        rf"(?P<n>\d{{1,3}})\.(?={SPACE}(?P<noun>{nouns})(?!\w))"
    )


# "beim 1. FC Köln": the article shows the ending, whatever the noun.
_AFTER_ARTICLE = re.compile(
    rf"(?<=[a-z]{SPACE})(?P<n>\d{{1,3}})\.(?={SPACE}(?P<noun>[^\W\d_][\w-]+))"
)
_FEMININE = ("ung", "heit", "keit", "schaft", "tät", "ion", "in", "ei", "ie", "e", "Liga")


def _german(text: str, lexis: Lexis) -> Iterator[Replacement]:
    ones = lexis.table("one_before")
    for found in _ONE.finditer(text):
        said = "eine" if found["noun"].endswith("e") else ones.get(found["noun"])
        if said:
            yield Replacement(found.start(), found.end(), str(said))
    for found in _german_nouns(lexis).finditer(text):
        gender: Gender = lexis.table("ordinal_nouns")[found["noun"]]
        numbers = [int(number) for number in (found["first"], found["n"]) if number]
        said = (found["joint"] or "").join(
            said_ordinal(number, text, found.start(), lexis, "n", gender) for number in numbers
        )
        yield Replacement(found.start(), found.end(), said)
    for found in _AFTER_ARTICLE.finditer(text):
        article, following = word_before(text, found.start()).lower(), found["noun"]
        is_opener = following in lexis.words("sentence_starters", "words")
        if article in lexis.words("ordinal_endings", "articles") and not is_opener:
            feminine = _FEMININE if following[0].isupper() else "en"  # der 3. großen Partei
            guess: Gender = "f" if following.endswith(feminine) else "m"
            said = said_ordinal(int(found["n"]), text, found.start(), lexis, "n", guess)
            yield Replacement(found.start(), found.end(), said)


@cache
def _suffixed(lexis: Lexis) -> re.Pattern[str]:
    endings = any_of(lexis.table("ordinal_suffixes"))
    return re.compile(rf"(?<![\w.,/])(?P<n>\d{{1,4}})-(?P<end>{endings})(?!\w)")


@cache
def _compound(lexis: Lexis) -> re.Pattern[str]:
    stems = "|".join(lexis.words("compounds", "stems"))
    return re.compile(rf"(?<![\w.,/])(?P<n>\d{{1,4}})-(?={stems})")


def _slavic(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _suffixed(lexis).finditer(text):
        number = int(found["n"])
        case, gender, plural = _form(number, found, lexis)
        said = ordinal_in_case(number, lexis, case, gender, plural=plural)
        yield Replacement(found.start(), found.end(), said)
    for found in _compound(lexis).finditer(text):
        yield Replacement(found.start(), found.end(), _prefix(int(found["n"]), lexis))
    for found in _percents(lexis).finditer(text):
        table = lexis.table("percent_adjective")
        ending = table["short"].get(found["end"], found["end"])
        said = f"{_prefix(int(found['n']), lexis)}{table['stem']}{ending}"
        yield Replacement(found.start(), found.end(), said)
    yield from _agreeing_numbers(text, lexis)


@cache
def _percents(lexis: Lexis) -> re.Pattern[str]:
    """5%-ный, 5 %-го."""
    table = lexis.table("percent_adjective")
    endings = any_of((*table["endings"], *table["short"]))
    return re.compile(rf"(?<![\w.,/])(?P<n>\d{{1,3}}){SPACE}?%-н?(?P<end>{endings})(?!\w)")


def _form(number: int, found: re.Match[str], lexis: Lexis) -> tuple[Case, Gender, bool]:
    """The form that an ending stands for: -го is a genitive, -х is a plural's."""
    case, gender, plural = lexis.table("ordinal_suffixes")[found["end"]]
    is_decade = number % 10 == 0 and number > 10
    if plural == "decade":
        after = re.match(rf"{SPACE}(\w+)", found.string[found.end() : found.end() + 30])
        neuter = after and after[1].lower() in lexis.words("ordinal_neuter", "nouns")
        return case, gender, is_decade and not neuter
    return case, gender, bool(plural)


def _prefix(number: int, lexis: Lexis) -> str:
    """20-летний: двадцатилетний."""
    words = cardinal_in_case(number, lexis.language, "g", "m").split(" ")
    fixed = lexis.table("compounds").get("fixed", {})
    return "".join(fixed.get(word, word) for word in words)


# --- numbers whose noun shows their case ----------------------------------------------------


def _agreeing_numbers(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """в 5 городах, более 20 человек, 2 минуты."""
    for found in _from_to(lexis).finditer(text):
        said = said_number(found["n"], lexis, "g", "m")
        yield Replacement(found.start(), found.end(), said)
    for found in _BETWEEN.finditer(text):
        yield Replacement(
            found.start("n"), found.end("n"), said_number(found["n"], lexis, "i", "m")
        )
    for found in _BEFORE_NOUN.finditer(text):
        written, following = found["n"], found["noun"].lower()
        if place := lexis.table("ordinal_before").get(following):
            said = ordinal_in_case(int(re.sub(SPACE, "", written)), lexis, *place)
            yield Replacement(found.start(), found.end("n"), said)
            continue
        before = word_before(text, found.start()).lower()
        case, gender = _shown_case(written, before, following, lexis)
        if case != "n" or gender != "m":
            said = said_number(written, lexis, case, gender)
            yield Replacement(found.start(), found.end("n"), said)


_BETWEEN = re.compile(
    rf"\b(?:между|між){SPACE}(?P<n>\d{{1,3}})(?={SPACE}(?:и|і|й|та){SPACE}\d)", re.IGNORECASE
)


@cache
def _from_to(lexis: Lexis) -> re.Pattern[str]:
    """The 5 of "от 5 до 10 млн"."""
    begins = "|".join(rf"(?<=\b{word}{SPACE})" for word in lexis.words("ranges", "from"))
    return re.compile(rf"(?:{begins})(?P<n>\d{{1,6}})(?={SPACE}до{SPACE}\d)")


_BEFORE_NOUN = re.compile(
    rf"(?<![\w.,/:-])(?<![\u2010-\u2015])(?P<n>\d{{1,3}}(?:{SPACE}\d{{3}}){{0,2}}|\d{{1,6}})"
    rf"{SPACE}(?P<noun>[а-яіїєґё'’]{{3,}})(?!\w)"
)


def _shown_case(written: str, before: str, noun: str, lexis: Lexis) -> tuple[Case, Gender]:
    """The case and gender that a number's neighbours show: their endings, a preposition."""
    table = lexis.table("shown")
    if noun in table["not_nouns"]:
        return "n", "m"
    oblique: tuple[Case, ...] = ("i", "p", "d")
    for case in oblique:
        if noun.endswith(tuple(table[case])):
            return case, "m"
    asked: Case = lexis.table("cases").get(before, "n")
    if asked == "g":
        return "g", "m"
    value = int(re.sub(SPACE, "", written))
    if value % 10 == 2 and value % 100 != 12 and noun.endswith(tuple(table["feminine_two"])):
        return "n", "f"
    if value % 10 == 1 and value % 100 != 11 and noun.endswith(tuple(table["feminine_one"])):
        return ("a", "f") if noun.endswith(("у", "ю")) else ("n", "f")
    return "n", "m"
