"""Signs that are no words: citation marks, mathematics, emoji, trade marks, slashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from audiostory.narration.normalise.lexis import Lexis, any_of
from audiostory.narration.speakable import Replacement

_CITATION = re.compile(r"\s?\[\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,8}\](?!\()")
_NOTE = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?»”\"’)]))[¹²³⁰⁴-⁹]+(?:[,–][¹²³⁰⁴-⁹]+)*")
_POWER = re.compile(
    r"(?:(?<=\d)|(?<=\b[^\W\d_])|(?<=\b[^\W\d_]{2}))(?P<p>[²³](?![⁰¹²³⁴-⁹])|[⁻⁰¹²³⁴-⁹]+)"
)
_CARET = re.compile(r"(?<=\w)\^(?P<p>[-−]?\d{1,4})(?!\w)")
_EQUATION = re.compile(r"[^.;]{0,20}?=|\s?10[⁰¹²³⁴-⁹⁻^]")
# What a raised dot stands between where it multiplies: "3 · 4", "a · b", "5 · 10⁶ km". Else it
# parts what stands side by side, as in bylines: "Ann Lee · 16 May".
_FACTOR_BEFORE = re.compile(r"(?:\d[²³%]?|[²³π)\]]|(?<![^\W_])[^\W\d_])\s?$")
_FACTOR = re.compile(
    r"\s?(?:10[\^⁰¹²³⁴-⁹⁻]|(?:[\d.,]{0,12}\d|[^\W\d_]|[√(π])(?![^\W_])(?!\s[^\W\d_]{2}))"
)
_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SLASH = re.compile(r"(?<![\w/.:])(?P<a>[^\W\d_]{2,20})/(?P<b>[^\W\d_]{2,20})(?![\w/])")
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a-\u231b\u23e9-\u23f3]"
    "[\ufe0f\u200d\u20e3\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\U000e0020-\U000e007f]{0,30}"
)


def citations(text: str, _lexis: Lexis) -> Iterator[Replacement]:
    """Marks that point to sources are passed over: "as shown before [12]"."""
    for found in _CITATION.finditer(text):
        yield Replacement(found.start(), found.end(), "")


def symbols(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """What is said for signs; an empty text where nothing is."""
    for found in _NOTE.finditer(text):
        yield Replacement(found.start(), found.end(), "")
    yield from _fixed(text, lexis)
    yield from _maths(text, lexis)
    yield from _signs(text, lexis)
    yield from _slashes(text, lexis)
    yield from _emoji(text, lexis)


@cache
def _fixed_pattern(lexis: Lexis) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/]){any_of(lexis.table('fixed'))}(?![\w/])")


def _fixed(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _fixed_pattern(lexis).finditer(text):
        yield Replacement(found.start(), found.end(), str(lexis.table("fixed")[found.group()]))


# --- mathematics -----------------------------------------------------------------------------


@cache
def _maths_pattern(lexis: Lexis) -> re.Pattern[str]:
    signs = any_of(sign for sign in lexis.table("maths") if sign not in "²³")
    return re.compile(
        rf"(?:(?<=\s)|(?<=\d)|(?<=\()|^)(?P<sign>{signs})(?=\s?[\d√−]|(?<![~])\s\w|(?<![<>~])\w)"
    )


def _maths(text: str, lexis: Lexis) -> Iterator[Replacement]:
    table = lexis.table("maths")
    if not table:
        return
    for found in _POWER.finditer(text):
        yield Replacement(found.start(), found.end(), " " + _power(found["p"], lexis))
    for found in _CARET.finditer(text):
        if "^" in table:
            said = _power(found["p"].replace("-", "⁻").replace("−", "⁻"), lexis)
            yield Replacement(found.start(), found.end(), " " + said)
    for found in _maths_pattern(lexis).finditer(text):
        if found["sign"] == "·" and not _multiplies(text, found.start(), found.end()):
            continue
        said = str(table[found["sign"]])
        if _EQUATION.match(text, found.end()):
            said = str(lexis.table("maths_in_equations").get(found["sign"], said))
        if text[found.end() : found.end() + 1] != " ":  # "<5 %" is an amount, not a statement
            said = said.removeprefix("is ")
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        said = ("" if not before or before.isspace() or before == "(" else " ") + said
        yield Replacement(found.start(), found.end(), said + ("" if after.isspace() else " "))


def _multiplies(text: str, begin: int, end: int) -> bool:
    """Whether what stands at both sides of a raised dot are factors."""
    before = text[max(0, begin - 4) : begin]
    return bool(_FACTOR_BEFORE.search(before) and _FACTOR.match(text, end))


def _power(raised: str, lexis: Lexis) -> str:
    table = lexis.table("maths")
    if raised in ("²", "³"):
        return str(table.get(raised, raised))
    power = raised.translate(_RAISED).replace("-", f"{lexis.number('minus')} ")
    return f"{table.get('^', '^')} {power}"


# --- other signs -----------------------------------------------------------------------------


@cache
def _signs_pattern(lexis: Lexis) -> re.Pattern[str]:
    return re.compile(rf"(?P<space>\s?)(?P<sign>{any_of(lexis.table('signs'))})")


def _signs(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _signs_pattern(lexis).finditer(text):
        said = str(lexis.table("signs")[found["sign"]])
        begin = found.start("sign") if said else found.start()
        if said and text[found.end() : found.end() + 1].isspace():
            said = said.rstrip()
        elif said and text[found.end() : found.end() + 1].isalnum():
            said = said.rstrip() + " "
        if said and (begin == 0 or text[begin - 1].isspace()):
            said = said.lstrip()
        yield Replacement(begin, found.end(), said)


def _slashes(text: str, lexis: Lexis) -> Iterator[Replacement]:
    """Words side by side: "Berlin/Bonn"; the engine would say "slash"."""
    for found in _SLASH.finditer(text):
        yield Replacement(found.end("a"), found.start("b"), " ")


def _emoji(text: str, lexis: Lexis) -> Iterator[Replacement]:
    for found in _EMOJI.finditer(text):
        name = emoji_name(found.group(), lexis.language)
        if name is None:
            continue
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        said = ("" if not before or before.isspace() else " ") + name
        said += " " if after and (after.isalnum()) else ""
        yield Replacement(found.start(), found.end(), said)


@lru_cache(maxsize=1024)
def emoji_name(written: str, language: str) -> str | None:
    """CLDR's short names of emoji in a language, or None where there are none.

    In a language that has none here the engine says them by its own: no English amid Polish.
    """
    import emoji

    if language not in emoji.LANGUAGES:
        return None
    written = _TONES.sub("", written)
    if not written:
        return None
    if not emoji.is_emoji(written[0]) and not emoji.emoji_count(written):
        return None
    if language != "en":
        emoji.config.load_language(language)
    names = emoji.demojize(written, delimiters=("\x00", "\x00"), language=language)
    words = [
        word.strip()
        for word in names.replace("_", " ").split("\x00")
        if word.strip("\ufe0f \u200d")
    ]
    return ", ".join(dict.fromkeys(words)).replace("-", " ") or None
