"""Pronunciations in the International Phonetic Alphabet as espeak-ng's names for sounds.

espeak-ng 1.52 reads its own names ([[h@l'oU]]), not IPA: <phoneme alphabet="ipa"> is passed over.
Which sounds a voice has, and what each is in IPA, it tells itself: every name of the table in
data/espeak-phonemes.toml is spoken between others, and what comes back is the name's IPA.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
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


@dataclass(frozen=True, slots=True)
class Places:
    """Where stretches of what is spoken begin, in it and in the text; whether they are names."""

    spoken: tuple[int, ...] = (0,)
    written: tuple[int, ...] = (0,)
    named: tuple[bool, ...] = (False,)

    def written_at(self, offset: int) -> int:
        """Where in the text a place of what is spoken stands: in [[names]], where they begin."""
        at = max(0, bisect_right(self.spoken, offset) - 1)
        begin = self.written[at]
        return begin if self.named[at] else begin + offset - self.spoken[at]


def with_phonemes(
    text: str, pronunciations: Sequence[Pronunciation], sounds: Sounds
) -> tuple[str, Places]:
    """A text with [[names]] in place of words, and where each stretch of it stands in the text.

    espeak-ng takes them for names only after a space. Brackets that are the text's own are no
    longer read as an opening, and a word of which no sound is known stays as it is written.
    """
    stretches: list[tuple[str, int, bool]] = []
    at = 0
    for said in pronunciations:
        if names := phonemes(said.ipa, sounds)[0]:
            stretches.append((text[at : said.begin].replace("[[", "[ "), at, False))
            if said.begin and text[said.begin - 1] != " ":
                stretches.append((" ", said.begin, True))
            stretches.append((f"[[{names}]]", said.begin, True))
            at = said.end
    stretches.append((text[at:].replace("[[", "[ "), at, False))
    begins = accumulate((len(stretch) for stretch, _, _ in stretches), initial=0)
    return "".join(stretch for stretch, _, _ in stretches), Places(
        tuple(begins)[:-1],
        tuple(written for _, written, _ in stretches),
        tuple(named for _, _, named in stretches),
    )
