"""Where sentences begin: what sentencex finds, but for short forms and ordinals with a dot.

sentencex knows many languages' short forms and not all of them. What ends no sentence ("100 tys.
osób", "am 3. Spieltag") is data: data/sentences.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import sentencex

_CLOSING = re.compile(r"(?:[’‘”“»«\"')\]]+(?=\s|$))?\s*")
_INITIAL = re.compile(r"(?:^|[\s(])[^\W\d_a-z]\.\s*$")  # "M. Le Gall", "J. Bon"
_WIDE_SPACE = re.compile(r"[^\S\n]")
_STRETCH_CHARACTERS = 20_000  # of text, in which sentences are sought
_LONGEST_SHORT_FORM = 16  # characters, with space after it
_SHORT_FORM = re.compile(
    r"(?:(?<=[\s(\[«„“‘\"'/–—-])|(?<!.))[^\W\d_](?:[^\W\d_]|[.-])*\.\s*\Z", re.DOTALL
)
_CLOSED = re.compile(r"[\s\"'»”’)\]]{0,8}\Z")
_NEXT_WORD = re.compile(r"[\"'»”’)\]]*\s+[«„“‘\"'(\[]*([^\W\d_]+)")
_CAPITAL = "[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-ЯЁЄІЇҐ]"
_NUMBER = re.compile(r"(?<![\w.,:/–-])\d{1,3}\.\s*\Z")
_WORD = re.compile(r"[«„“‘\"'(\[]*([^\W_]+)")
_BEFORE_NUMBER = re.compile(r"([^\W\d_]+)\s+(?:\d{1,3}\.\s+(?:und|bis|oder)\s+)?\d{1,3}\.\s*\Z")


@dataclass(frozen=True, slots=True)
class _Table:
    """What is known of a language: its short forms by kind, and the words that open sentences."""

    open: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    ordinals: bool = False
    ended: re.Pattern[str] | None = None  # a short form that is the last word


def sentence_starts(text: str, language: str) -> Iterator[int]:
    """Where sentences begin, and where the last one ends; never within a word.

    language: BCP 47. In order but for those that only a short form shows, which come last.
    """
    primary = language.lower().partition("-")[0]
    table = _table(primary)
    for edge in _found_starts(text, primary):
        if edge == len(text) or not _goes_on(text, edge, table, primary):
            yield edge
    if table.ended is not None:
        for found in table.ended.finditer(text):
            yield found.end()


def opens_sentence(text: str, at: int, language: str) -> bool:
    """Whether a word that surely opens a sentence comes next, or nothing that is said."""
    after = _NEXT_WORD.match(text, at, at + 40)
    openers = _table(language.lower().partition("-")[0]).openers
    return (after is not None and after[1] in openers) or _CLOSED.match(text, at) is not None


def _found_starts(text: str, language: str) -> Iterator[int]:
    """What sentencex finds.

    sentencex 1.0 panics at a no-break space after an initial ("J.\u00a0R."): it gets plain
    ones. Its time grows with the square of the quotation marks: it gets a stretch at a time.
    """
    plain = _WIDE_SPACE.sub(" ", text)
    begin = 0
    while begin < len(text):
        stretch = plain[begin : begin + _STRETCH_CHARACTERS]
        sentences = sentencex.segment(language, stretch)
        if len(sentences) > 1 and begin + len(stretch) < len(text):
            sentences.pop()  # it may go on in the next stretch
        for sentence in sentences:
            begin += len(sentence)
            edge = _CLOSING.match(text, begin).end()  # type: ignore[union-attr]  # matches ""
            if _INITIAL.search(text, max(0, edge - 5), edge):
                continue
            if not (text[edge - 1 : edge].isalnum() and text[edge : edge + 1].isalnum()):
                yield edge


def _goes_on(text: str, edge: int, table: _Table, language: str) -> bool:
    """Whether the sentence goes on after a short form or an ordinal."""
    if text[edge] in "ºª°":  # n.º 3
        return True
    before = text[max(0, edge - _LONGEST_SHORT_FORM) : edge]
    if "." not in before:
        return False
    after = _WORD.match(text, edge, edge + 40)
    word = after[1] if after else ""
    if word in table.openers or not word:
        return False
    if short := _SHORT_FORM.search(before):
        written = short.group().rstrip()
        forms = {written, written[:1].lower() + written[1:]}
        if not forms.isdisjoint(table.open | table.last):
            return True
        return not forms.isdisjoint(table.weak) and not word[0].isupper()
    if table.ordinals and _NUMBER.search(before):
        return word[0].islower() or (language == "de" and _is_ordinal(text, edge, word))
    return False


def _is_ordinal(text: str, edge: int, noun: str) -> bool:
    """Whether a German number with a dot before a capital is an ordinal: am 1. FC Köln."""
    from audiostory.narration.normalise.lexis import lexis_of

    lexis = lexis_of("de")
    assert lexis is not None
    if noun in lexis.table("ordinal_nouns") or noun in lexis.words("months", "names"):
        return True
    found = _BEFORE_NUMBER.search(text, max(0, edge - 60), edge)
    before = found[1] if found else ""
    is_genitive = before[:1].isupper() and before.endswith(("s", "x", "z")) and len(before) > 4
    return before.lower() in lexis.words("ordinal_endings", "articles") or is_genitive


@cache
def _table(language: str) -> _Table:
    # The package of all rules: loaded with the first text.
    from audiostory.narration.normalise.lexis import any_of

    data = _tables().get({"no": "nb", "nn": "nb", "bs": "hr"}.get(language, language))
    if data is None:
        return _Table()
    last, final = data.get("last", ()), data.get("final", ())
    opener = rf"{any_of(last)}\s+(?={any_of(data['openers'])}(?!\w))"
    ended = rf"(?<![\w.])(?:{opener}|{any_of(final)}\s+(?={_CAPITAL}))"
    return _Table(
        frozenset(data["open"]),
        frozenset((*last, *final)),
        frozenset(data.get("weak", ())),
        frozenset(data["openers"]),
        data.get("ordinals", False),
        re.compile(ended) if last or final else None,
    )


@cache
def _tables() -> dict[str, Any]:
    data = files("audiostory.narration") / "data" / "sentences.toml"
    return tomllib.loads(data.read_text("utf-8"))
