"""What is known of a language's short forms: its table in data/spoken, and what all share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_NOTHING: Mapping[str, Any] = {}
# What joins two ends of a range.
DASH = r"[-\u2010-\u2015\u2212]"
# A space within a number or before a unit: one that may not break, mostly.
SPACE = r"[ \u00a0\u2009\u202f]"


@dataclass(frozen=True, slots=True, eq=False)
class Lexis:
    """A language's data. language: the primary subtag; american: whether 2/3 is 3 February.

    regional: whether the tag said which variety it is; if not, 2/3 may be either day.
    """

    language: str
    data: Mapping[str, Any]
    american: bool = False
    regional: bool = True

    def table(self, name: str) -> Mapping[str, Any]:
        """The table of that name, or one with nothing in it."""
        found: Mapping[str, Any] = self.data.get(name, _NOTHING)
        return found

    def words(self, table: str, key: str) -> tuple[str, ...]:
        """A list in a table, or nothing."""
        return tuple(self.table(table).get(key, ()))

    def number(self, key: str, default: str = "") -> str:
        """A word of the table of numbers."""
        return str(self.table("number").get(key, default))

    @property
    def in_words(self) -> bool:
        """Whether numbers beside a noun are said in words, for their case and gender."""
        return bool(self.table("number").get("in_words"))


def lexis_of(language: str) -> Lexis | None:
    """What is known of a language (BCP 47), or None."""
    tag = language.lower().replace("_", "-")
    return _lexis(tag.partition("-")[0], tag in ("en", "en-us"), tag != "en")


@cache  # and patterns with it: so a page may name any number of varieties
def _lexis(primary: str, american: bool, regional: bool) -> Lexis | None:
    own = _table(primary) if re.fullmatch("[a-z]{2,3}", primary) else None
    if own is None:
        return None
    common = _table("common") or {}
    data = {
        name: {**common.get(name, {}), **own.get(name, {})}
        if isinstance(own.get(name, common.get(name)), dict)
        else own.get(name, common.get(name))
        for name in {*common, *own}
    }
    return Lexis(primary, data, american, regional)


def _table(name: str) -> dict[str, Any] | None:
    file = files("audiostory.narration") / "data" / "spoken" / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else None


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these, the longest first; nothing matches if there are none."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(_flexible, ordered)) + ")" if ordered else r"(?!)"


def _flexible(word: str) -> str:
    """A pattern for a word; a space in it may be left out or not break."""
    return SPACE.join(map(re.escape, word.split(" "))).replace(SPACE, SPACE + "?")


def word_before(text: str, at: int) -> str:
    """The word right before that place, with only space between, or nothing."""
    found = _BEFORE.search(text, max(0, at - 40), at)
    return found[1] if found else ""


def word_after(text: str, at: int) -> str:
    """The word right after that place, with only space (or a hyphen) between, or nothing."""
    found = _AFTER.match(text, at, at + 40)
    return found[1] if found else ""


def is_last(text: str, at: int) -> bool:
    """Whether nothing is said after that place: marks that close may follow."""
    return _CLOSED.match(text, at) is not None


def begins(text: str, at: int) -> bool:
    """Whether a sentence begins at that place."""
    before = text[max(0, at - 8) : at].rstrip(" \u00a0\"'“‘«„(")
    return not before or before[-1] in ".!?…"


_CLOSED = re.compile(r"[\s\"'»”“’)\]]{0,8}\Z")
_BEFORE = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)?)\.?[ \u00a0\u202f]*\Z")
_AFTER = re.compile(r"[ \u00a0\u202f-]{0,3}([^\W\d_]+)")
