"""The words that tell speech, titles and quoted phrases apart: data/quotations.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

WORD = re.compile(r"\w+(?:['’]\w+)*")
_PART = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class WordSet:
    """Words, beginnings of words ("сказал-") and ends of words ("-zeitung")."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    def __contains__(self, word: str) -> bool:
        word = word.lower()
        return (
            word in self.words
            or word.startswith(self.beginnings)
            or (bool(self.ends) and word.endswith(self.ends))
        )

    def any_of(self, words: Iterable[str]) -> bool:
        """Whether one of the words is in the set."""
        return any(word in self for word in words)


@dataclass(frozen=True, slots=True)
class QuotationWords:
    """A language's words; what each set is for is said in data/quotations.toml."""

    conjunctions: WordSet
    subjects: WordSet
    finite: WordSet
    reporting: WordSet
    works: WordSet
    names: WordSet
    sayings: WordSet
    titled: WordSet
    naming: WordSet
    articles: WordSet
    goes_on: WordSet
    particles: WordSet
    title_case: bool = False
    dialogue: bool = False
    loose_dash: bool = False
    inverts: bool = False
    dash_after: bool = False


_FLAGS = ("title_case", "dialogue", "loose_dash", "inverts", "dash_after")
_SETS = tuple(each.name for each in fields(QuotationWords) if each.name not in _FLAGS)


def quotation_words(language: str) -> QuotationWords:
    """The words of a language, by its BCP 47 tag; for one that is not known, few."""
    primary = language.split("-")[0].lower()
    return _words(primary if primary in _table() else "und")


@cache
def _words(name: str) -> QuotationWords:
    table = _table()[name]
    flags = {name: True for name in _FLAGS if table.get(name)}
    sets = {name: _word_set(table.get(name, ())) for name in _SETS}
    return QuotationWords(**sets, **flags)  # type: ignore[arg-type]  # sets and flags apart


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    data = files("audiostory.narration") / "data" / "quotations.toml"
    table: dict[str, dict[str, list[str]]] = tomllib.loads(data.read_text("utf-8"))
    return table


def _word_set(entries: Iterable[str]) -> WordSet:
    entries = tuple(entries)
    return WordSet(
        frozenset(entry for entry in entries if "-" not in (entry[0], entry[-1])),
        tuple(entry[:-1] for entry in entries if entry[-1] == "-"),
        tuple(entry[1:] for entry in entries if entry[0] == "-"),
    )


def parts(text: str) -> list[str]:
    """The words of a text, those with an apostrophe or a hyphen in parts: dit-il, it's."""
    return _PART.findall(text)
