"""The voices that show.toml names for an engine which cannot list its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from audiostory.errors import EngineError, UsageError
from audiostory.model import Age, Gender, Voice
from audiostory.speech.languages import ANY

Voices = Sequence[str] | Mapping[str, Mapping[str, Any]]
_KEYS = {"languages", "gender", "age", "voice"}


def voice_map(engine: str, voices: Voices) -> dict[str, tuple[Voice, str]]:
    """Each voice by its id, with the engine's own name for it.

    voices: a list of names, of voices that speak any language; or a table by id of tables with
    "languages" (BCP 47), "gender", "age", and "voice", where the engine has another name for it.
    Raises UsageError.
    """
    tables: Mapping[str, Mapping[str, Any]]
    tables = voices if isinstance(voices, Mapping) else {str(name): {} for name in voices}
    if not tables or isinstance(voices, str):  # a text is a list of its letters
        raise UsageError(
            f'The engine "{engine}" has no voices.',
            f'Name them in show.toml: [engines.{engine}] voices = ["one", "another"].',
        )
    return {name: _voice(engine, name, table) for name, table in tables.items()}


def _voice(engine: str, name: str, table: Mapping[str, Any]) -> tuple[Voice, str]:
    languages = table.get("languages", [ANY]) if isinstance(table, Mapping) else None
    usable = (
        isinstance(languages, list)
        and languages
        and all(isinstance(tag, str) and tag.strip() for tag in languages)
        and table.keys() <= _KEYS
        and table.get("gender") in (None, *get_args(Gender))
        and table.get("age") in (None, *get_args(Age))
        and isinstance(table.get("voice", ""), str)
    )
    if not usable:
        raise UsageError(
            f'The voice "{name}" of the engine "{engine}" cannot be used as it is described.',
            'Write such as {languages = ["en-US"], gender = "female", voice = "af_heart"}.',
        )
    gender, age = cast("Gender | None", table.get("gender")), cast("Age | None", table.get("age"))
    return Voice(name, name, tuple(languages), gender, age), table.get("voice", name)


def own_name(engine: str, known: Mapping[str, tuple[Voice, str]], voice_id: str) -> str:
    """The engine's own name for a voice. Raises EngineError when it has no such voice."""
    if voice_id not in known:
        raise EngineError(
            f'The engine "{engine}" has no voice "{voice_id}".', f"It has: {', '.join(known)}."
        )
    return known[voice_id][1]
