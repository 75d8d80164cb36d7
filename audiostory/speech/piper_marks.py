"""Which written word each phoneme belongs to, so that word marks say when words are heard."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from audiostory.speech.words import Event, written_words

# A phoneme and the second that it begins at.
Sound = tuple[str, float]
# The phonemes of a word that is said alone.
Spell = Callable[[str], Sequence[str]]


def word_events(text: str, sounds: Sequence[Sound], spell: Spell | None) -> list[Event]:
    """For each word of text that is found in what was heard, its offset and when it begins.

    Each word is spelled alone, and the row of all their phonemes is laid beside what was heard:
    in a sentence words are joined, weakened and stressed otherwise, but most phonemes remain.
    A written word may be several spoken ones (2022). spell: None where words cannot be spelled
    alone.
    """
    if spell is None:
        return []
    heard = [sound for sound in sounds if _is_voiced(sound[0])]
    spelled = [
        (phoneme, offset, place)
        for offset, length in written_words(text)
        for place, phoneme in enumerate(_voiced(spell(text[offset : offset + length])))
    ]
    matcher = SequenceMatcher(
        None, [it[0] for it in spelled], [it[0] for it in heard], autojunk=False
    )
    begins: dict[int, float] = {}
    for one, other, size in matcher.get_matching_blocks():
        for i in range(size):
            _, offset, place = spelled[one + i]
            begins.setdefault(offset, heard[max(0, other + i - place)][1])
    return sorted(begins.items())


def _voiced(phonemes: Sequence[str]) -> list[str]:
    return [phoneme for phoneme in phonemes if _is_voiced(phoneme)]


def _is_voiced(phoneme: str) -> bool:
    """Whether it is a sound: no space, no stop, no mark of stress or length."""
    return unicodedata.category(phoneme[0])[:2] in ("Ll", "Lu", "Lo", "Nd") if phoneme else False
