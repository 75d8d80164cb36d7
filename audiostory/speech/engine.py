"""What an engine is, and how engines are found.

An engine is registered in the entry-point group "audiostory.engines" under its name; the entry
is anything that, called with the options of show.toml as keyword arguments, gives an Engine: with
none where there are none. One that takes a table is told the show's name for it, for its messages.
Built-in engines come in through the same door.
"""

from __future__ import annotations

import inspect
import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Protocol

from audiostory.errors import EngineError, UsageError
from audiostory.model import NO_OPTIONS, TABLE, EngineChoice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiostory.model import CastVoice, Company, Price, Pronunciation, Speech, Voice

GROUP = "audiostory.engines"
_ADVICE = "Choose another engine, or tell who makes this one."


class Engine(Protocol):
    """Something that speaks.

    Opening an engine is cheap: programs, models and networks are first touched by version(),
    voices() or speak(). What cannot be done raises EngineError; options that cannot be used raise
    UsageError when it is opened. An engine whose speech takes long or costs money has an attribute
    costly = True: each utterance is then spoken, and kept, alone.
    """

    @property
    def name(self) -> str:
        """The name it is registered under; equal to CastVoice.engine."""
        ...

    def version(self, voice: CastVoice) -> str:
        """Changes whenever the same call with this voice may give other samples.

        Part of every cache key, and asked often: what is slow to find out is kept.
        """
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

    # An engine may have a method voice(name) -> Voice | None: it knows more voices by name than
    # are worth listing, and gives those that it lists by their ids. One that knows what its speech
    # costs has a method price() -> Price | None.


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """An engine that can be used, or what is wrong with it: one of the two is None.

    name: the show's own, where it has a table for it; kind: the one it is registered under.
    """

    name: str
    kind: str
    engine: Engine | None
    error: str | None


def engine_names() -> tuple[str, ...]:
    """Names of the engines that are installed, working or not, in alphabetical order."""
    return tuple(sorted(_entries()))


def open_engine(name: str, options: str = NO_OPTIONS) -> Engine:
    """The process's one engine of that name with those options (a JSON object).

    Raises UsageError when there is no such engine or it cannot have these options, EngineError
    when it cannot be loaded.
    """
    return _opened(name, options)


def check_company(company: Company) -> None:
    """Raises UsageError for an engine of a show that nobody has installed."""
    known = engine_names()
    for choice in company.others:
        if choice.engine not in known:
            raise UsageError(
                f"show.toml has a table [engines.{choice.name}], and there is no engine "
                f'"{choice.engine}".',
                f"Give it a type, one of: {', '.join(known)}.",
            )
    if company.default.engine not in known:
        names = sorted({*known, *(choice.name for choice in company.others)})
        raise UsageError(
            f'There is no engine "{company.default.name}".', f"Choose one of: {', '.join(names)}."
        )


@cache
def _opened(name: str, options: str) -> Engine:
    entries = _entries()
    if name not in entries:
        raise UsageError(
            f'There is no engine "{name}".', f"Choose one of: {', '.join(sorted(entries))}."
        )
    return _load(entries[name], json.loads(options))


def engine_of(voice: CastVoice) -> Engine:
    """The engine that speaks with a voice; raises as open_engine does."""
    return open_engine(voice.engine, voice.options)


def is_costly(engine: Engine) -> bool:
    """Whether each utterance is worth to be kept alone: its speech takes long or costs money."""
    return bool(getattr(engine, "costly", False))


def price_of(engine: Engine) -> Price | None:
    """What its speech costs, where the engine can tell (price)."""
    tell = getattr(engine, "price", None)
    with _guarded(f'The engine "{engine.name}" cannot tell its price', _ADVICE):
        found: Price | None = tell() if tell else None
    return found


def is_silent(engine: Engine) -> bool:
    """Whether silence is what it is meant to give."""
    return bool(getattr(engine, "silent", False))


def speak_safely(
    engine: Engine, text: str, voice: CastVoice, pronunciations: Sequence[Pronunciation]
) -> Speech:
    """As Engine.speak. Raises EngineError, whatever the engine raises."""
    with _guarded(f'The engine "{voice.table}" failed', _ADVICE):
        if not pronunciations:  # an engine that reads no IPA need not know of them
            return engine.speak(text, voice)
        return engine.speak(text, voice, pronunciations)


def engine_statuses(tables: Sequence[EngineChoice] = ()) -> tuple[EngineStatus, ...]:
    """Try a show's own engines, and every installed one as it is without options, by name.

    A broken one is reported here and harms no other. One that cannot be without options is left
    out where the show has a table for it.
    """
    named, kinds = {table.name for table in tables}, {table.engine for table in tables}
    plain = (_status(EngineChoice(name, name)) for name in engine_names() if name not in named)
    found = [*map(_status, tables), *(it for it in plain if it.engine or it.kind not in kinds)]
    return tuple(sorted(found, key=lambda status: status.name))


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _load(entry: EntryPoint, options: Mapping[str, Any]) -> Engine:
    advice = f"Reinstall or remove the package that provides {entry.value}."
    with _guarded(f'The engine "{entry.name}" could not be loaded', advice):
        make = entry.load()
        given = {name: option for name, option in options.items() if name != TABLE}
        taken = inspect.signature(make).parameters if options else {}
        table = str(options.get(TABLE, entry.name))
        _check_options(table, [name for name in taken if name != "table"], given)
        engine: Engine = make(**given, **({"table": table} if "table" in taken else {}))
        return engine


@contextmanager
def _guarded(what: str, advice: str) -> Iterator[None]:
    """Whatever a stranger's code raises in this block becomes an EngineError."""
    try:
        yield
    except (EngineError, UsageError):
        raise
    except Exception as error:  # It may be anything.
        raise EngineError(f"{what}: {type(error).__name__}: {error}", advice) from error


def _check_options(table: str, taken: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raises UsageError for an option that an engine has not."""
    for option in given:
        if option not in taken:
            raise UsageError(
                f'The engine "{table}" has no option "{option}".',
                f"It takes: {', '.join(taken) or 'none'}. See [engines.{table}] in show.toml.",
            )


def voices_of(name: str, options: str = NO_OPTIONS) -> tuple[Voice, ...]:
    """The voices of an engine. Raises UsageError and EngineError, whatever the engine raises."""
    engine = open_engine(name, options)
    with _guarded(f'The engine "{name}" cannot list its voices', _ADVICE):
        return engine.voices()


def voice_named(name: str, options: str, wanted: str) -> Voice | None:
    """A voice that an engine does not list but knows by name, where it can look one up (voice).

    name, options: the engine's, as of open_engine, and it raises as that does.
    """
    look_up = getattr(open_engine(name, options), "voice", None)
    with _guarded(f'The engine "{name}" cannot look up a voice', _ADVICE):
        found: Voice | None = look_up(wanted) if look_up else None
    return found


def unknown_sounds(engine: Engine, ipa: str, voice: CastVoice) -> str:
    """What of a pronunciation a voice cannot say: all of it, where its engine reads no IPA."""
    ask = getattr(engine, "unknown_sounds", None)
    with _guarded(f'The engine "{voice.table}" failed', _ADVICE):
        return ipa if ask is None else str(ask(ipa, voice))


def transcription(
    engine: Engine, text: str, voice: CastVoice, pronunciations: Sequence[Pronunciation] = ()
) -> str | None:
    """How a voice would say a text, in IPA, where its engine can tell (transcription)."""
    tell = getattr(engine, "transcription", None)
    with _guarded(f'The engine "{voice.table}" failed', _ADVICE):
        return None if tell is None else str(tell(text, voice, pronunciations))


def _status(choice: EngineChoice) -> EngineStatus:
    try:
        engine = open_engine(choice.engine, choice.options)
        voices_of(choice.engine, choice.options)
    except (EngineError, UsageError) as error:  # One that needs options is told of as well.
        return EngineStatus(choice.name, choice.engine, None, str(error))
    return EngineStatus(choice.name, choice.engine, engine, None)
