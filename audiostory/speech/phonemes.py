"""Pronunciations in the International Phonetic Alphabet as espeak-ng's names for sounds.

espeak-ng 1.52 reads its own names ([[h@l'oU]]), not IPA: <phoneme alphabet="ipa"> is passed over.
Which sounds a voice has, and what each is in IPA, it tells itself: every name of the table in
data/espeak-phonemes.toml is spoken between others, and what comes back is the name's IPA.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from audiostory.model import Pronunciation

# Texts, each phonemes in [[ ]], to their IPA with "_" between sounds: an espeak-ng voice.
Transcribe = Callable[[Sequence[str]], Sequence[str]]

_VOWELS = "aäeiouyæøœɐɑɒɔəɘɛɜɝɚɞɤɨɪɯɵʉʊʌʏɶᵻ"
_SYLLABIC = "\u0329"
_STRESSES = {"ˈ": "'", "'": "'", "ˌ": ","}
# Written without an effect on which sound it is: syllables, ties, shades of a sound.
_PASSED = frozenset(".‿|/[]()\u0361\u035c\u032a\u032f\u0325\u030aʰʷˤˑ\u200d")
_SUFFIXES = {"ː": ":", "ʲ": ";"}
_SAME = str.maketrans({"g": "ɡ", ":": "ː", "ʼ": "'", "’": "'"})
_LONGEST = 6  # characters of a sound
# How a sound is met, so that its name can be told: (before, after, what IPA then is around it).
_STRESSED = ("[[t|'", "|t]]", re.compile(r"t_ˈ?([^_\d.#`^-]+)_t"))
_UNSTRESSED = ("[[t|", "|t|'i]]", re.compile(r"t_([^_\d.#`^-]+)_t_ˈ\w+"))
_BETWEEN = ("[[i|", "|'i]]", re.compile(r"\w+?_([^_\d.#`^-]+)_ˈ\w+"))
_FIRST = ("[[", "|'i]]", re.compile(r"([^_\d.#`^-]+)_ˈ\w+"))


@dataclass(frozen=True, slots=True)
class Sounds:
    """What a voice can say: espeak-ng's names by IPA, canonically decomposed."""

    names: Mapping[str, str]


def sounds_of(transcribe: Transcribe) -> Sounds:
    """Ask a voice for its sounds."""
    table = _table()
    vowels, consonants = table["vowels"].split(), table["consonants"].split()
    names: dict[str, str] = {}
    for listed, (before, after, around) in (
        (vowels, _STRESSED),
        (consonants, _BETWEEN),
        (vowels, _UNSTRESSED),
        (consonants, _FIRST),
    ):
        heard = transcribe([f"{before}{name}{after}" for name in listed])
        for name, ipa in zip(listed, heard, strict=True):
            if found := around.fullmatch(ipa.strip()):
                names.setdefault(_canonical(found[1]), name)
    return Sounds({**_near(names), **names})


def _near(names: Mapping[str, str]) -> dict[str, str]:
    """For sounds that a voice has not, the nearest that it has."""
    near: dict[str, str] = {}
    for ipa, alternatives in _table()["near"].items():
        parts = (_canonical(alternative).split() for alternative in alternatives)
        fitting = next((p for p in parts if all(sound in names for sound in p)), None)
        if fitting:
            near[_canonical(ipa)] = "|".join(names[sound] for sound in fitting)
    return near


@cache
def _table() -> dict[str, Any]:
    data = files("audiostory.speech") / "data" / "espeak-phonemes.toml"
    return tomllib.loads(data.read_text("utf-8"))


def _canonical(ipa: str) -> str:
    plain = unicodedata.normalize("NFD", ipa).translate(_SAME)
    return "".join(character for character in plain if character not in _PASSED)


def phonemes(ipa: str, sounds: Sounds) -> tuple[str, str]:
    """A pronunciation in espeak-ng's names, and the symbols that it has none for.

    In IPA a stress mark stands before its syllable, in espeak-ng before its vowel. A word of one
    syllable, where none is written, is stressed.
    """
    text = unicodedata.normalize("NFD", ipa).translate(_SAME)
    names: list[str] = []
    unknown: list[str] = []
    vowels: list[int] = []
    stress = ""
    at = 0
    while at < len(text):
        sign = text[at]
        length, name = _longest(text, at, sounds)
        if name:
            if sign in _VOWELS or _SYLLABIC in text[at : at + length]:
                vowels.append(len(names))
                name, stress = stress + name, ""
            names.append(name)
        elif sign in _STRESSES:
            stress = _STRESSES[sign]
        elif sign.isspace():
            names.append(" ")
        elif sign in _SUFFIXES and names:
            names[-1] += _SUFFIXES[sign]
        elif sign not in _PASSED and not unicodedata.combining(sign):
            unknown.append(sign)
        at += length
    if len(vowels) == 1 and not names[vowels[0]].startswith(tuple(_STRESSES.values())):
        names[vowels[0]] = "'" + names[vowels[0]]
    return "|".join(names).replace("| |", " ").strip(" |"), "".join(unknown)


def _longest(text: str, at: int, sounds: Sounds) -> tuple[int, str]:
    """How many characters at a place are one sound, and its name; (1, "") when they are none."""
    for end in range(min(len(text), at + _LONGEST), at, -1):
        tied = text[at:end].replace("\u0361", "").replace("\u035c", "")
        if name := sounds.names.get(tied):
            return end - at, name
    return 1, ""


def with_phonemes(
    text: str, pronunciations: Sequence[Pronunciation], sounds: Sounds
) -> tuple[str, list[tuple[int, int]]]:
    """A text with [[names]] in place of words, and where each stretch began: (in it, in text).

    What is not known of a pronunciation is left out of it. Brackets that are the text's own
    are no longer read as an opening.
    """
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    length = at = 0

    def add(part: str, begin: int) -> None:
        nonlocal length
        places.append((length, begin))
        parts.append(part)
        length += len(part)

    for said in pronunciations:
        add(text[at : said.begin].replace("[[", "[ "), at)
        add(f"[[{phonemes(said.ipa, sounds)[0]}]]", said.begin)
        at = said.end
    add(text[at:].replace("[[", "[ "), at)
    return "".join(parts), places


def written_at(offset: int, places: Sequence[tuple[int, int]]) -> int:
    """Where in the text a place of what was spoken stands: in [[names]], where they begin."""
    for index in range(len(places) - 1, -1, -1):
        begin, written = places[index]
        if begin <= offset:
            return written if index % 2 else written + offset - begin
    return offset
