"""The default engine: espeak-ng by pyttsx3's binding, with word marks.

On Linux it needs nothing from the system: the wheel espeakng-loader carries espeak-ng and its
data. Elsewhere the system's own speech is used: see pyttsx3_public.py.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from audiostory.errors import EngineError
from audiostory.model import Age, CastVoice, Gender, Pronunciation, Speech, Voice
from audiostory.speech.espeak import Espeak, EspeakVoice, Settings
from audiostory.speech.phonemes import Places, Sounds, phonemes, sounds_of, with_phonemes
from audiostory.speech.pyttsx3_public import Pyttsx3PublicEngine
from audiostory.speech.words import word_marks, written_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Raise it when what this file, or data/espeak-phonemes.toml, does changes what is heard.
_REVISION = 1

WORDS_PER_MINUTE = 175
_RATE_LIMITS = (80, 450)
_NORMAL = 50
_PARAMETER_LIMITS = (0, 99)
# espeak-ng's table says 50 steps an octave, of which the median pitch of running speech follows
# 0.68 (measured: en-us, ru, +m7, +f3, +f4 between -4 and +8 semitones; its intonation is added
# unscaled). So one semitone is six steps, and the reach is about -6 to +8 semitones.
_STEPS_PER_SEMITONE = 6

# The variants that a language is offered in, the first of each gender first: chosen among
# espeak-ng's hundred for sounding apart (median pitch and long-term spectrum were compared) and
# for staying below full scale, where espeak-ng's gain control would set in.
_VARIANTS: tuple[tuple[str, str, Gender, Age | None], ...] = (
    ("", "", "male", None),
    ("f3", "female3", "female", None),
    ("m7", "male7", "male", None),
    ("f4", "female4", "female", None),
    ("m4", "male4", "male", None),
    ("Annie", "Annie", "female", None),
    ("Lee", "Lee", "male", None),
    ("linda", "Linda", "female", None),
    ("m2", "male2", "male", None),
    ("f2", "female2", "female", None),
    ("m3", "male3", "male", None),
    ("f5", "female5", "female", None),
    ("m8", "male8", "male", "old"),
    ("f1", "female1", "female", "old"),
    ("m1", "male1", "male", "old"),
)

_GENDERS: dict[str, Gender] = {"male": "male", "female": "female"}

# Tags that articles use for languages that espeak-ng knows by another.
_ALSO = {"cmn": ("zh",), "yue": ("zh-hk",), "nb": ("no", "nn"), "pt": ("pt-pt",)}

# espeak-ng reads control characters as commands (1) or as the end of the text (0).
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")


def open_pyttsx3(driver: str | None = None) -> Pyttsx3Engine | Pyttsx3PublicEngine:
    """The engine for this system: espeak-ng with word marks on Linux, else the system's speech.

    driver: pyttsx3's name for another way to speak, such as "avspeech" on macOS.
    """
    if driver is None and sys.platform.startswith("linux"):
        return Pyttsx3Engine()
    return Pyttsx3PublicEngine(driver)


class Pyttsx3Engine:
    """espeak-ng's languages, each in fifteen voices: "en-us", "en-us+f3", …

    Fifteen are listed. Every other variant of espeak-ng (some hundred: "en-us+whisper",
    "ru+grandpa", …) speaks as well when a stylesheet names it; voice() knows them.
    """

    name = "pyttsx3"

    def __init__(self) -> None:
        self._espeak: Espeak | None = None
        self._known_sounds: dict[str, Sounds] = {}
        self._named: dict[str, tuple[Voice, str] | None] = {}

    def version(self, _voice: CastVoice) -> str:
        """espeak-ng's version, and this engine's revision."""
        return f"espeak-ng {self._running().version}, {_REVISION}"

    def voices(self) -> tuple[Voice, ...]:
        """Every language in every variant."""
        return tuple(voice for voice, _ in self._catalogue.values())

    def voice(self, name: str) -> Voice | None:
        """A voice by its id, in any case: one that is listed, or a language in any variant.

        None when espeak-ng has no such language or no such variant.
        """
        entry = self._entry(name)
        return entry[0] if entry else None

    def speak(
        self, text: str, voice: CastVoice, pronunciations: Sequence[Pronunciation] = ()
    ) -> Speech:
        """Speech with word marks, 22,050 Hz; see Engine.speak.

        The rate is 175 words a minute times voice.rate, within 80-450; the pitch reaches about
        -6 to +8 semitones; the range is 0-2 times the voice's own.
        """
        espeak = self._running()
        settings = _settings(self._identifier(voice), voice)
        if not written_words(text):
            return Speech(np.zeros(0, np.float32), espeak.sample_rate_hz)
        plain = text.translate(_CONTROLS)
        places = Places()
        if pronunciations:
            plain, places = with_phonemes(plain, pronunciations, self._sounds(settings.voice))
        spoken = espeak.speak(plain, settings, phonemes=bool(pronunciations))
        rate = espeak.sample_rate_hz
        events = [(places.written_at(offset), at / rate) for offset, at in spoken.events]
        return Speech(spoken.samples, rate, word_marks(text, events, len(spoken.samples) / rate))

    def unknown_sounds(self, ipa: str, voice: CastVoice) -> str:
        """See Engine.unknown_sounds."""
        return phonemes(ipa, self._sounds(self._identifier(voice)))[1]

    def transcription(
        self, text: str, voice: CastVoice, pronunciations: Sequence[Pronunciation] = ()
    ) -> str:
        """How the voice says a text, in IPA, by espeak-ng's own account."""
        identifier = self._identifier(voice)
        spoken, _ = with_phonemes(
            text.translate(_CONTROLS), pronunciations, self._sounds(identifier)
        )
        return self._running().transcribe([spoken], identifier)[0]

    def _sounds(self, identifier: str) -> Sounds:
        """A voice's sounds; variants of a language have the same."""
        language = identifier.partition("+")[0]
        if language not in self._known_sounds:
            espeak = self._running()
            self._known_sounds[language] = sounds_of(
                lambda texts: espeak.transcribe(texts, language, parted=True)
            )
        return self._known_sounds[language]

    def _running(self) -> Espeak:
        """This process's espeak-ng, started on first use, and again after it failed."""
        espeak = self._espeak
        if espeak is None or not espeak.close.alive or espeak.owner_id != os.getpid():
            espeak = self._espeak = Espeak()
        return espeak

    @cached_property
    def _catalogue(self) -> dict[str, tuple[Voice, str]]:
        """Voices and espeak-ng's identifiers for them, by the voice's id."""
        languages = self._running().voices
        return {voice.id: (voice, name) for lang in languages for voice, name in _variants(lang)}

    def _identifier(self, voice: CastVoice) -> str:
        entry = self._entry(voice.voice_id)
        if entry is None:
            raise EngineError(
                f'The engine "pyttsx3" has no voice "{voice.voice_id}".',
                "`audiostory voices` lists its voices; any variant of espeak-ng may be named.",
            )
        return entry[1]

    def _entry(self, name: str) -> tuple[Voice, str] | None:
        """A voice and espeak-ng's identifier for it."""
        if name in self._catalogue:
            return self._catalogue[name]
        if name not in self._named:
            self._named[name] = self._unlisted(*name.casefold().partition("+"))
        return self._named[name]

    def _unlisted(self, language: str, plus: str, variant: str) -> tuple[Voice, str] | None:
        """A voice by the casefolded parts of its id."""
        base = self._catalogue.get(language)  # languages' own ids are lower case
        if base is None or not plus:
            return base
        voice, identifier = base
        for known, gender in self._variants.items():
            if known.casefold() == variant:
                suffix = f"+{known}"
                told = _GENDERS.get(gender or "")
                made = Voice(voice.id + suffix, known, voice.languages, told)
                return self._catalogue.get(made.id, (made, identifier + suffix))
        return None

    @cached_property
    def _variants(self) -> dict[str, str | None]:
        return self._running().variants()


def _variants(language: EspeakVoice) -> Iterator[tuple[Voice, str]]:
    tags = (language.tag, *_ALSO.get(language.tag, ()))
    for variant, name, gender, age in _VARIANTS:
        suffix = f"+{variant}" if variant else ""
        voice = Voice(language.tag + suffix, name or language.name, tags, gender, age)
        yield voice, language.identifier + suffix


def _settings(identifier: str, voice: CastVoice) -> Settings:
    return Settings(
        voice=identifier,
        rate=_within(_RATE_LIMITS, WORDS_PER_MINUTE * voice.rate),
        pitch=_within(_PARAMETER_LIMITS, _NORMAL + _STEPS_PER_SEMITONE * voice.pitch_st),
        range=_within(_PARAMETER_LIMITS, _NORMAL * voice.range),
    )


def _within(limits: tuple[int, int], value: float) -> int:
    return min(max(round(value), limits[0]), limits[1])
