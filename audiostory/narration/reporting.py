"""What a language says who says what with: reporting verbs, pronouns, titles, first names.

The words are data (data/speech-LANGUAGE.toml); a language without such a file has none, and
nobody is named by rules there.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Literal

_DECLINED = (
    "у",
    "ю",
    "ом",
    "ем",
    "ём",
    "ой",
    "ей",
    "е",
    "ы",
    "и",
    "а",
    "я",
    "ові",
    "еві",
    "ою",
    "ею",
    "і",
)
_NOMINATIVE = ("", "й", "ь", "а", "я", "о")
_SHORTEST_FORM = 4  # letters of a first name in another case

Gender = Literal["m", "f"]


@dataclass(frozen=True, slots=True)
class Reporting:
    """The words of one language, lower case. What each is for stands in its data file."""

    said: frozenset[str]
    beside: frozenset[str]
    saying: frozenset[str]
    plain: frozenset[str]
    according_to: tuple[tuple[str, ...], ...]
    as_said: frozenset[str]
    quoting: tuple[tuple[str, ...], ...]
    others: tuple[tuple[str, ...], ...]
    whose: frozenset[str]
    documents: frozenset[str]
    signed: tuple[tuple[str, ...], ...]
    that: frozenset[str]
    passive: frozenset[str]
    infinitive: frozenset[str]
    beside_with: frozenset[str]
    introducers: frozenset[str]
    participle_endings: tuple[str, ...]
    noun_markers: frozenset[str]
    elisions: tuple[str, ...]
    inversions: tuple[str, ...]
    title_endings: tuple[str, ...]
    he: frozenset[str]
    she: frozenset[str]
    they: frozenset[str]
    who: frozenset[str]
    selves: frozenset[str]
    no_speaker: frozenset[str]
    determiners: frozenset[str]
    definite: frozenset[str]
    articles: frozenset[str]
    prepositions: frozenset[str]
    ties: frozenset[str]
    openers: frozenset[str]
    breaks: frozenset[str]
    auxiliaries: frozenset[str]
    between: frozenset[str]
    adverbs: frozenset[str]
    adverb_endings: tuple[str, ...]
    speech_nouns: frozenset[str]
    conjunctions: frozenset[str]
    titles: frozenset[str]
    persons: frozenset[str]
    bodies: frozenset[str]
    things: frozenset[str]
    close: frozenset[str]
    terms: tuple[tuple[str, ...], ...]
    verb_endings: tuple[str, ...]
    title_phrases: tuple[tuple[str, ...], ...]
    male: frozenset[str]
    female: frozenset[str]
    suffixes: frozenset[str]
    particles: frozenset[str]
    not_names: frozenset[str]
    surnames_too: frozenset[str]
    no_persons: frozenset[str]
    men: frozenset[str]
    women: frozenset[str]
    possessives: tuple[str, ...]
    inflects: bool
    breaks_in: bool
    drops_subjects: bool
    capitalises_nouns: bool

    pronouns: frozenset[str] = field(init=False)
    titled: frozenset[str] = field(init=False)  # words that tell a man or a woman

    def __post_init__(self) -> None:
        object.__setattr__(self, "pronouns", self.he | self.she | self.they)
        object.__setattr__(self, "titled", self.male | self.female)

    def is_title(self, low: str) -> bool:
        """Whether a word in lower case is a title or an office (also as the last of a compound)."""
        if low in self.titles or low.rpartition("-")[2] in self.titles:
            return True
        return bool(self.title_endings) and low.endswith(self.title_endings)

    def is_person(self, low: str) -> bool:
        """Whether a noun in lower case is one of persons: a title, wife, neighbour."""
        return low in self.persons or low in self.titled or self.is_title(low)

    def is_first_name(self, low: str) -> bool:
        """Whether a word in lower case is somebody's first name."""
        return low in self.men or low in self.women

    def is_first_name_in_a_case(self, word: str) -> bool:
        """Whether a word may be a first name in another case: Сергею."""
        low = word.casefold()
        if not self.inflects or len(low) < _SHORTEST_FORM:
            return False
        forms = [low[:-1], low[:-2], *(low[:-1] + ending for ending in "йьая")]
        return any(self.is_first_name(form) for form in forms)

    def is_first_name_declined(self, low: str) -> bool:
        """Whether a word in lower case is a first name in a case that no subject stands in."""
        if not self.inflects or len(low) < _SHORTEST_FORM or self.is_first_name(low):
            return False
        stems = [low.removesuffix(ending) for ending in _DECLINED if low.endswith(ending)]
        return any(self.is_first_name(stem + ending) for stem in stems for ending in _NOMINATIVE)

    def gender_of(self, word: str) -> Gender | None:
        """What a title, a first name or a pronoun (in lower case) says of a person."""
        if word in self.men or word in self.male or word in self.he:
            return "m"
        return "f" if word in self.women or word in self.female or word in self.she else None


@cache
def reporting_in(language: str) -> Reporting | None:
    """The words of a language (BCP 47), or None where they are not known."""
    path = files("audiostory.narration") / "data" / f"speech-{language.split('-')[0].lower()}.toml"
    if not path.is_file():
        return None
    data: dict[str, str | list[str] | bool] = tomllib.loads(path.read_text("utf-8"))
    known = (it for it in fields(Reporting) if it.init)
    return Reporting(**{it.name: _value(str(it.type), data.get(it.name, "")) for it in known})  # type: ignore[arg-type]


def _value(kind: str, value: str | list[str] | bool) -> object:
    if kind == "bool":
        return bool(value)
    words = value.split() if isinstance(value, str) else list(value) if value else []  # type: ignore[arg-type]
    if kind.startswith("tuple[tuple"):
        return tuple(sorted((tuple(w.split()) for w in words), key=len, reverse=True))
    return tuple(words) if kind.startswith("tuple") else frozenset(words)
