"""The engine that says nothing, in the time it would take: for dry runs and tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audiostory.errors import EngineError
from audiostory.model import CastVoice, Gender, Pronunciation, Speech, Voice
from audiostory.speech.languages import ANY
from audiostory.speech.words import word_marks, written_words

SAMPLE_RATE_HZ = 22050
WORDS_PER_MINUTE = 175
# A word of six characters, its space included, is the usual measure of words a minute.
_CHARACTERS_PER_WORD = 6

_GENDERS: tuple[tuple[Gender, int], ...] = (("male", 3), ("female", 3), ("neutral", 1))
_VOICES = tuple(
    Voice(id=f"{gender}-{i}", name=f"Silent {gender} {i}", languages=(ANY,), gender=gender)
    for gender, count in _GENDERS
    for i in range(1, count + 1)
)


def speaking_s(text: str, rate: float) -> float:
    """How long a text takes to say, in seconds. rate: a factor of 175 words a minute."""
    if not written_words(text):
        return 0.0
    words = max(1.0, len(text) / _CHARACTERS_PER_WORD)
    return words * 60 / (WORDS_PER_MINUTE * rate)


class SilentEngine:
    """Silence as long as speech at 175 words a minute, with word marks spread over it."""

    name = "silent"
    silent = True

    def version(self, _voice: CastVoice) -> str:
        """The same as long as its words a minute are."""
        return "1"

    def voices(self) -> tuple[Voice, ...]:
        """Three male, three female and one neutral voice, each of which speaks any language."""
        return _VOICES

    def speak(
        self, text: str, voice: CastVoice, _pronunciations: Sequence[Pronunciation] = ()
    ) -> Speech:
        """Samples of zero; see Engine.speak."""
        if voice.voice_id not in {known.id for known in _VOICES}:
            known_ids = ", ".join(known.id for known in _VOICES)
            raise EngineError(
                f'The engine "silent" has no voice "{voice.voice_id}".',
                f"Choose one of: {known_ids}.",
            )
        if not written_words(text):
            return Speech(np.zeros(0, np.float32), SAMPLE_RATE_HZ)
        samples = np.zeros(round(speaking_s(text, voice.rate) * SAMPLE_RATE_HZ), np.float32)
        duration_s = len(samples) / SAMPLE_RATE_HZ
        return Speech(samples, SAMPLE_RATE_HZ, word_marks(text, [(0, 0.0)], duration_s))

    def unknown_sounds(self, _ipa: str, _voice: CastVoice) -> str:
        """See Engine.unknown_sounds: any sound can be silence."""
        return ""
