"""SAPI5 on Windows and NSSpeech on macOS, by pyttsx3's public interface alone.

What the interface does not give is not there: pitch and range stay the voice's own, and words
have their times in proportion to their characters. SAPI5's rate goes in steps of 11 %.
"""

from __future__ import annotations

import contextlib
import io
import locale
import platform
import re
import sys
import tempfile
import weakref
from functools import cached_property
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiostory.errors import EngineError
from audiostory.model import Age, CastVoice, Gender, Speech, Voice
from audiostory.speech.encoded import decode
from audiostory.speech.words import word_marks, written_words

if TYPE_CHECKING:
    from collections.abc import Iterable

# Raise it when what this file does changes what is heard.
_REVISION = 1

WORDS_PER_MINUTE = 175
_RATE_LIMITS = (80, 440)  # what SAPI5's steps from -10 to 10 reach
_SILENT_RATE_HZ = 22050  # of a text with nothing to say
_UNSAYABLE = dict.fromkeys([*range(32), *range(127, 160), *range(0xD800, 0xE000)], " ")
# NSSpeech obeys what stands between these, and SAPI5 reads as XML what begins with the other.
_COMMANDS = re.compile(r"(?<=\[)(?=\[)|(?<=\])(?=\])")
_MARKUP = re.compile(r"^\s*<")

_LCID = re.compile(r"(?=.*\d)[0-9A-Fa-f]{3,4}")
_UNKNOWN_LCID = re.compile(r"Unknown Locale: (\d+)")
_PRIMARY_LANGUAGE = 0x3FF  # of an LCID; the sublanguage is above
_DEFAULT_SUBLANGUAGE = 0x400
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_UNDETERMINED = "und"

_AGES: dict[str, Age] = {"child": "child", "teen": "young", "senior": "old"}
_YEARS: tuple[tuple[int, Age | None], ...] = ((13, "child"), (26, "young"), (60, None))


class Pyttsx3PublicEngine:
    """The voices that a system has for its own speech."""

    name = "pyttsx3"

    def __init__(self, driver: str | None = None) -> None:
        """driver: pyttsx3's name for it ("sapi5", "nsss"); None is the system's own."""
        self._driver = driver
        self._faults: list[BaseException] = []
        self._started: list[Any] = []
        # pyttsx3's engine fails, and says so, when it is left to the end of the interpreter.
        self._close = weakref.finalize(self, self._started.clear)

    def version(self, _voice: CastVoice) -> str:
        """Versions of pyttsx3 and of the system, which brings the voices, and this revision."""
        system = f"{platform.system()} {platform.release()} {platform.version()}"
        return f"pyttsx3 {version_of('pyttsx3')}, {self._driver}, {system}, {_REVISION}"

    def voices(self) -> tuple[Voice, ...]:
        """The system's voices, in its order."""
        return tuple(voice for voice, _ in self._catalogue.values())

    def speak(self, text: str, voice: CastVoice) -> Speech:
        """Say a text; see Engine.speak. The rate is 175 words a minute times voice.rate."""
        entry = self._catalogue.get(voice.voice_id)
        if entry is None:
            raise EngineError(
                f'The engine "pyttsx3" has no voice "{voice.voice_id}".',
                "`audiostory voices` lists those that it has.",
            )
        if not written_words(text):
            return Speech(np.zeros(0, np.float32), _SILENT_RATE_HZ)
        samples, rate = decode(self._sound(_plain(text), entry[1], voice.rate))
        return Speech(samples, rate, word_marks(text, [(0, 0.0)], len(samples) / rate))

    def _sound(self, text: str, voice_id: str, rate: float) -> bytes:
        """What the system writes of a text: WAV, on macOS AIFF.

        A driver keeps one text until it runs, so each runs alone. It tells of errors only by
        notification.
        """
        speaker, faults = self._speaker, self._faults
        faults.clear()
        with tempfile.TemporaryDirectory(prefix="audiostory-") as folder:
            # NSSpeech writes AIFF into a file of any name.
            file = Path(folder, "speech.aiff" if sys.platform == "darwin" else "speech.wav")
            with _quiet():
                speaker.setProperty("voice", voice_id)
                speaker.setProperty("rate", _words_per_minute(rate))
                speaker.save_to_file(text, str(file))
                speaker.runAndWait()
            sound = file.read_bytes() if file.is_file() else b""
        if faults or not sound:
            why = f"{type(faults[0]).__name__}: {faults[0]}" if faults else "it wrote no sound"
            raise EngineError(
                f"The system's speech failed: {why}.",
                "See that the voice is installed whole, or choose another.",
            )
        return sound

    @property
    def _speaker(self) -> Any:
        """pyttsx3's engine, started on first use. Raises EngineError."""
        if not self._started:
            self._started.append(_start(self._driver, self._faults))
        return self._started[0]

    @cached_property
    def _catalogue(self) -> dict[str, tuple[Voice, str]]:
        """Voices, and the system's own identifiers for them, by the voice's id."""
        with _quiet():
            found = self._speaker.getProperty("voices")
        catalogue: dict[str, tuple[Voice, str]] = {}
        for known in found:
            # SAPI5's are paths in the registry, of which the last part tells them apart.
            short = str(known.id).rpartition("\\")[2]
            voice_id = str(known.id) if short in catalogue else short
            catalogue[voice_id] = (_voice(voice_id, known), known.id)
        return catalogue


def _start(driver: str | None, faults: list[BaseException]) -> Any:
    """pyttsx3's engine, which adds what goes wrong to faults."""
    try:
        import pyttsx3

        with _quiet():
            speaker = pyttsx3.init(driver)
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise EngineError(
            f"The system's speech could not be started: {type(error).__name__}: {error}.",
            'Reinstall pyttsx3, or choose another engine, such as "piper" or "command".',
        ) from error
    speaker.connect("error", lambda name, exception: faults.append(exception))
    return speaker


def _voice(voice_id: str, known: Any) -> Voice:
    return Voice(
        id=voice_id,
        name=known.name or voice_id,
        languages=_languages(known.languages),
        gender=_gender(known.gender),
        age=_age(known.age),
    )


def _languages(told: Iterable[object]) -> tuple[str, ...]:
    """BCP 47 tags, lower case, of what drivers give: "en_US", "en-US", an LCID ("409")."""
    names = [part.strip() for one in told or () for part in _text(one).split(";")]
    tags = dict.fromkeys(tag for tag in map(_tag, names) if tag)
    return tuple(tags) or (_UNDETERMINED,)


def _text(told: object) -> str:
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told or "")
    return "".join(char for char in text if char.isprintable())  # espeak's begin with a priority


def _tag(name: str) -> str | None:
    unknown = _UNKNOWN_LCID.fullmatch(name)
    if unknown or _LCID.fullmatch(name):
        lcid = int(unknown[1]) if unknown else int(name, 16)
        alike = lcid & _PRIMARY_LANGUAGE | _DEFAULT_SUBLANGUAGE
        known = locale.windows_locale
        name = known.get(lcid) or known.get(alike, "").partition("_")[0]
    tag = _TAG.fullmatch(name.partition(".")[0].partition("@")[0])
    return tag[0].replace("_", "-").lower() if tag else None


def _gender(told: object) -> Gender | None:
    """Of "Female", "VoiceGenderFemale", "VoiceGenderNeuter", …"""
    word = str(told or "").lower()
    if "female" in word:
        return "female"
    if "male" in word:
        return "male"
    return "neutral" if "neut" in word else None


def _age(told: object) -> Age | None:
    """Of SAPI5's words and NSSpeech's years; None of a grown-up."""
    word = str(told or "").lower()
    if not word.isdecimal():
        return _AGES.get(word)
    return next((age for limit, age in _YEARS if int(word) < limit), "old")


def _words_per_minute(rate: float) -> int:
    low, high = _RATE_LIMITS
    return min(max(round(WORDS_PER_MINUTE * rate), low), high)


def _plain(text: str) -> str:
    return _MARKUP.sub(" ", _COMMANDS.sub(" ", text.translate(_UNSAYABLE)))


def _quiet() -> contextlib.AbstractContextManager[io.StringIO]:
    """pyttsx3 prints what it does; standard output is the program's own."""
    return contextlib.redirect_stdout(io.StringIO())
