"""What an engine is, and how engines are found.

An engine is registered in the entry-point group "audiostory.engines" under its name; the entry
is anything that, called with no arguments, gives an Engine. Built-in engines come in through
the same door.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Protocol

from audiostory.errors import EngineError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiostory.model import CastVoice, Pronunciation, Speech, Voice

GROUP = "audiostory.engines"


class Engine(Protocol):
    """Something that speaks.

    Opening an engine is cheap: programs, models and networks are first touched by version,
    voices() or speak(). What cannot be done raises EngineError.
    """

    @property
    def name(self) -> str:
        """The name it is registered under; equal to CastVoice.engine."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same call may give other samples: part of every cache key."""
        ...

    def voices(self) -> tuple[Voice, ...]:
        """Every voice, the best of each language and gender first.

        A voice whose languages hold "*" speaks any language.
        """
        ...

    def speak(
        self, text: str, voice: CastVoice, pronunciations: Sequence[Pronunciation] = ()
    ) -> Speech:
        """Say plain text, where pronunciations say so as they say: in order, and apart.

        An engine that cannot follow them may do without the parameter: it is then never given.
        Word marks point into text and begin in order. A call depends on its arguments alone:
        the same call gives the same samples, whatever was said before. Text with nothing to
        say gives a Speech without samples.
        """
        ...

    def unknown_sounds(self, ipa: str, voice: CastVoice) -> str:
        """What of a pronunciation the voice has no sounds for; "" where it can say it all.

        An engine that reads no IPA has no such method, and is given no pronunciations.
        """
        ...


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """An engine that can be used, or what is wrong with it: one of the two is None."""

    name: str
    engine: Engine | None
    error: str | None


def engine_names() -> tuple[str, ...]:
    """Names of the engines that are installed, working or not, in alphabetical order."""
    return tuple(sorted(_entries()))


@cache
def open_engine(name: str) -> Engine:
    """The process's one engine of that name.

    Raises UsageError when there is no such engine, EngineError when it cannot be loaded.
    """
    entries = _entries()
    if name not in entries:
        raise UsageError(
            f'There is no engine "{name}".', f"Choose one of: {', '.join(sorted(entries))}."
        )
    return _load(entries[name])


def engine_statuses() -> tuple[EngineStatus, ...]:
    """Try every installed engine. A broken one is reported here and harms no other."""
    return tuple(_status(name) for name in engine_names())


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _load(entry: EntryPoint) -> Engine:
    try:
        engine: Engine = entry.load()()
    except EngineError:
        raise
    except Exception as error:  # A stranger's code may raise anything.
        raise EngineError(
            f'The engine "{entry.name}" could not be loaded: {type(error).__name__}: {error}',
            f"Reinstall or remove the package that provides {entry.value}.",
        ) from error
    return engine


def voices_of(name: str) -> tuple[Voice, ...]:
    """The voices of an engine. Raises UsageError and EngineError, whatever the engine raises."""
    engine = open_engine(name)
    try:
        return engine.voices()
    except EngineError:
        raise
    except Exception as error:  # A stranger's code may raise anything.
        raise EngineError(
            f'The engine "{name}" cannot list its voices: {type(error).__name__}: {error}',
            "Reinstall or remove the package that provides it, or choose another with --engine.",
        ) from error


def unknown_sounds(engine: Engine, ipa: str, voice: CastVoice) -> str:
    """What of a pronunciation a voice cannot say: all of it, where its engine reads no IPA."""
    ask = getattr(engine, "unknown_sounds", None)
    return ipa if ask is None else str(ask(ipa, voice))


def transcription(
    engine: Engine, text: str, voice: CastVoice, pronunciations: Sequence[Pronunciation] = ()
) -> str | None:
    """How a voice would say a text, in IPA, where its engine can tell (transcription)."""
    tell = getattr(engine, "transcription", None)
    return None if tell is None else str(tell(text, voice, pronunciations))


def _status(name: str) -> EngineStatus:
    try:
        engine = open_engine(name)
        voices_of(name)
    except EngineError as error:
        return EngineStatus(name, None, str(error))
    return EngineStatus(name, engine, None)
