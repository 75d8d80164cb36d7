"""What an engine gets to say: an utterance's text, with what is not said as it is written respelt.

"$5.3bn" becomes "5.3 billion dollars". The text itself stays as it was written, and each respelling
remembers where it stood, so that word marks still point at the written word.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiostory.model import Respelling, Utterance

if TYPE_CHECKING:
    from audiostory.narration.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is said in place of text[begin:end]. ipa: its sounds, where a lexicon gives them."""

    begin: int
    end: int
    said: str
    ipa: str | None = None


def speakable(utterance: Utterance, lexicon: Lexicon) -> Utterance:
    """The utterance with what the engine is to get as spoken."""
    found = _replacements(utterance, lexicon)
    if utterance.respellings:  # a producer knows better
        found = first_of_each(given(utterance), tuple(found))
    spoken, respellings = respelt(utterance.text, found)
    return replace(utterance, spoken=spoken, respellings=respellings)


def _replacements(utterance: Utterance, lexicon: Lexicon) -> Iterable[Replacement]:
    # They import Replacement from here, and are loaded with the first utterance.
    from audiostory.narration.normalise import normalised
    from audiostory.narration.normalise.speak_as import spoken_as

    text, language, ways = utterance.text, utterance.language, utterance.voice.speak_as
    if "spell-out" in ways:
        return spoken_as(text, ways, language)
    asked = list(spoken_as(text, ways, language)) if ways else []
    return first_of_each(asked, lexicon.replacements(text, language), normalised(text, language))


def given(utterance: Utterance) -> tuple[Replacement, ...]:
    """What an utterance already has said otherwise: a producer wrote it so."""
    return tuple(
        Replacement(it.begin, it.end, utterance.spoken[it.spoken_begin : it.spoken_end], it.ipa)
        for it in utterance.respellings
    )


def respelt(text: str, replacements: Iterable[Replacement]) -> tuple[str, tuple[Respelling, ...]]:
    """The text with replacements made, and where each stands. They are in order, and apart."""
    parts: list[str] = []
    respellings: list[Respelling] = []
    at = length = 0
    for found in replacements:
        parts += [text[at : found.begin], found.said]
        begin = length + found.begin - at
        length = begin + len(found.said)
        respellings.append(Respelling(found.begin, found.end, begin, length, found.ipa))
        at = found.end
    parts.append(text[at:])
    return "".join(parts), tuple(respellings)


def first_of_each(*sources: Sequence[Replacement]) -> Iterator[Replacement]:
    """The replacements of several sources in order; of two that overlap, the earlier source's."""
    taken: list[Replacement] = []
    for source in sources:
        begins = [replacement.begin for replacement in taken]
        ends = [replacement.end for replacement in taken]
        # In order and apart: those taken that end after a begin are before those that begin at end.
        taken += [r for r in source if bisect_right(ends, r.begin) >= bisect_left(begins, r.end)]
        taken.sort(key=lambda replacement: replacement.begin)
    yield from taken
