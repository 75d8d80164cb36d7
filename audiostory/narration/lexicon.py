"""Pronunciation lexicons: which words of a text are said otherwise than the engine would.

A grapheme is found as a whole word, the longest first. One with a capital in it is found as it is
written; one all in small letters ("nginx") in any case. Of several entries for the same text, one
of the file that was named first wins, and in a file the first (PLS 1.0, 4.9.3).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from audiostory.narration.pls import Lexeme, read_pls
from audiostory.narration.sentences import opens_sentence
from audiostory.narration.speakable import Replacement


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lexemes, those first that win. warnings: what is wrong with single entries."""

    lexemes: tuple[Lexeme, ...] = ()
    warnings: tuple[str, ...] = ()
    _matchers: dict[str, _Matcher | None] = field(default_factory=dict, compare=False, repr=False)

    def replacements(self, text: str, language: str) -> list[Replacement]:
        """What is said otherwise in a text, in order and apart. language: BCP 47."""
        matcher = self._matcher(language)
        found = () if matcher is None else _matches(text, matcher)
        return [r for begin, lexeme in found for r in _replacements(text, begin, lexeme, language)]

    def place(self, text: str, language: str, at: int) -> str | None:
        """File and line of the entry that says how the word at a place of a text sounds."""
        matcher = self._matcher(language)
        for begin, lexeme in () if matcher is None else _matches(text, matcher):
            if begin <= at < begin + len(lexeme.grapheme):
                return lexeme.place
        return None

    def _matcher(self, language: str) -> _Matcher | None:
        if language not in self._matchers:
            self._matchers[language] = _matcher(self.lexemes, language)
        return self._matchers[language]


NO_LEXICON = Lexicon()


def load_lexicons(paths: Iterable[Path]) -> Lexicon:
    """The entries of PLS files; those of an earlier file win. Raises LexiconError."""
    read = [read_pls(path) for path in paths]
    return Lexicon(
        tuple(lexeme for file in read for lexeme in file.lexemes),
        tuple(warning for file in read for warning in file.warnings),
    )


# --- matching -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Matcher:
    """pattern: every grapheme, in any case. by_folded: the lexemes, by grapheme in small letters.

    shorter: by grapheme, those that it begins with, the longest first.
    """

    pattern: re.Pattern[str]
    by_folded: dict[str, list[Lexeme]]
    shorter: dict[str, list[str]]


def _matcher(lexemes: Iterable[Lexeme], language: str) -> _Matcher | None:
    tag = f"{language.lower()}-"
    by_folded: dict[str, list[Lexeme]] = {}
    for lexeme in lexemes:
        if tag.startswith(f"{lexeme.language}-"):
            by_folded.setdefault(_folded(_plain(lexeme.grapheme)), []).append(lexeme)
    if not by_folded:
        return None
    return _Matcher(
        re.compile(_alternatives(sorted(by_folded)), re.IGNORECASE),
        by_folded,
        _beginnings(sorted(by_folded)),
    )


def _alternatives(graphemes: Sequence[str], depth: int = 0) -> str:
    """A pattern of graphemes, the longest first: by first letters, so that few are tried."""
    if depth == 3 or len(graphemes) < 3:
        longest = sorted(graphemes, key=len, reverse=True)
        return "|".join(_bounded(grapheme, depth) for grapheme in longest)
    groups: dict[str, list[str]] = {}
    for grapheme in graphemes:
        groups.setdefault(grapheme[depth : depth + 1], []).append(grapheme)
    ended = groups.pop("", [])
    parts = [
        f"{_before(letter) if depth == 0 else ''}{re.escape(letter)}"
        f"(?:{_alternatives(group, depth + 1)})"
        for letter, group in groups.items()
    ]
    return "|".join([*parts, *(_bounded(grapheme, depth) for grapheme in ended)])


def _bounded(grapheme: str, depth: int) -> str:
    before = _before(grapheme[0]) if depth == 0 else ""
    return before + re.escape(grapheme[depth:]) + (r"(?!\w)" if _is_word(grapheme[-1]) else "")


def _before(letter: str) -> str:
    return r"(?<!\w)" if _is_word(letter) else ""


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _beginnings(graphemes: Sequence[str]) -> dict[str, list[str]]:
    """Of graphemes in alphabetical order, those that another begins with."""
    found: dict[str, list[str]] = {}
    open_: list[str] = []
    for grapheme in graphemes:
        while open_ and not grapheme.startswith(open_[-1]):
            open_.pop()
        if open_:
            found[grapheme] = open_[::-1]
        open_.append(grapheme)
    return found


def _plain(text: str) -> str:
    """With the apostrophe of a typewriter, so that O’Neill is O'Neill."""
    return text.replace("’", "'") if "’" in text else text


def _folded(text: str) -> str:
    """In small letters, each where it was: "İ" has none of its own."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _matches(text: str, matcher: _Matcher) -> Iterator[tuple[int, Lexeme]]:
    """Where lexemes stand in a text, in order and apart."""
    at = 0
    text = _plain(text)
    while found := matcher.pattern.search(text, at):
        chosen = _chosen(text, found.start(), _folded(found.group()), matcher)
        if chosen is not None:
            yield found.start(), chosen
        at = found.start() + (1 if chosen is None else len(chosen.grapheme))


def _chosen(text: str, begin: int, matched: str, matcher: _Matcher) -> Lexeme | None:
    """The lexeme of what was matched, or of what it begins with, that is written as it must be."""
    for grapheme in (matched, *matcher.shorter.get(matched, ())):
        end = begin + len(grapheme)
        if _is_word(grapheme[-1]) and text[end : end + 1] and _is_word(text[end]):
            continue
        for lexeme in matcher.by_folded.get(grapheme, ()):
            if _plain(lexeme.grapheme) in (text[begin:end], grapheme):
                return lexeme
    return None


def _replacements(text: str, begin: int, lexeme: Lexeme, language: str) -> Iterator[Replacement]:
    """What stands for a lexeme. Of several words each has its sounds, so that each is marked.

    The dot of "U.S." stays where it ends a sentence, too.
    """
    end = begin + len(lexeme.grapheme)
    if len(lexeme.grapheme) > 1 and text[end - 1] == "." and opens_sentence(text, end, language):
        end -= 1
    if lexeme.ipa is None:
        yield Replacement(begin, end, lexeme.alias or "")
        return
    ending, sounds = _ending(text, end, lexeme.ipa, language)
    written, said = text[begin:end].split(" "), lexeme.ipa.split()
    if len(written) != len(said):
        written, said = [text[begin:end]], [lexeme.ipa]
    written[-1] += ending
    said[-1] += sounds
    for word, ipa in zip(written, said, strict=True):
        yield Replacement(begin, begin + len(word), word, ipa)
        begin += len(word) + 1


def _ending(text: str, end: int, ipa: str, language: str) -> tuple[str, str]:
    """What is written after a word as part of it, and its sounds."""
    for ending in _endings().get(language.lower().partition("-")[0], ()):
        for written in ending["written"]:
            after = end + len(written)
            if text.startswith(written, end) and not text[after : after + 1].isalnum():
                rules = ending["sounds"]
                return written, next(r["ipa"] for r in rules if _ends_in(ipa, r["after"]))
    return "", ""


def _ends_in(ipa: str, sounds: str) -> bool:
    return not sounds or ipa[-1] in sounds


@cache
def _endings() -> dict[str, Any]:
    data = files("audiostory.narration") / "data" / "word-endings.toml"
    return tomllib.loads(data.read_text("utf-8"))
