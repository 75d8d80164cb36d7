"""Whether a speaker is a man or a woman, where the text or a first name surely says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from audiostory.narration.mentions import gender_told
from audiostory.narration.names import Cast
from audiostory.narration.reporting import Gender, Reporting, reporting_in

Told = Literal["male", "female"]

_TOLD: Mapping[Gender, Told] = {"m": "male", "f": "female"}


def gender_of_speaker(speaker: str, cast: Cast, pronouns: frozenset[Gender]) -> Told | None:
    """What a speaker's first name, title or description says, and the pronouns used of him or
    her. None where they say nothing, or not the same.

    pronouns: the genders of those that surely mean the speaker.
    """
    names = [p for p in cast.by_surname.get(_last(speaker), []) if p.name == speaker]
    said = {_own(speaker, cast.reporting), *(person.gender for person in names), *pronouns}
    said.discard(None)
    gender = said.pop() if len(said) == 1 else None
    return _TOLD[gender] if gender else None


def gender_of_name(speaker: str, language: str) -> Told | None:
    """What a name says that a producer gives a speaker. language: BCP 47."""
    reporting = reporting_in(language)
    gender = _own(speaker, reporting) if reporting is not None else None
    return _TOLD[gender] if gender else None


def _last(speaker: str) -> str:
    words = speaker.split()
    return words[-1].casefold() if words else ""


def _own(speaker: str, words: Reporting) -> Gender | None:
    """What the words of a name or a description say themselves."""
    named = speaker.split()
    if not named or (len(named) == 1 and named[0].casefold() in words.surnames_too):
        return None
    first = named[0].casefold()
    if first in words.men and first in words.women:
        return None
    if not named[-1][:1].isupper() or first in words.determiners:
        return gender_told(named, words)
    return words.gender_of(first) if first not in words.pronouns else None
