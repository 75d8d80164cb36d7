"""The options of the engine "command", checked: what cannot be used raises UsageError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from audiostory.errors import UsageError
from audiostory.model import Age, Gender, Voice
from audiostory.speech.languages import ANY

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

_DEFAULT = Voice("default", "Default", (ANY,))
_EXAMPLE = 'Write it as a list: command = ["espeak-ng", "-w", "{out}", "-f", "{text_file}"].'


def checked_command(
    command: object, placeholders: Sequence[str], placeholder: re.Pattern[str]
) -> tuple[str, ...]:
    """A program and its arguments. placeholders: the names that may stand in them, in braces."""
    if not isinstance(command, list) or not command:
        raise UsageError('The engine "command" needs a command.', _EXAMPLE)
    if not all(isinstance(part, str) and "\0" not in part for part in command) or not command[0]:
        raise UsageError('The command of the engine "command" is no list of texts.', _EXAMPLE)
    for name in (name for part in command for name in placeholder.findall(part)):
        if name not in placeholders:
            raise UsageError(
                f'The engine "command" cannot fill in {{{name}}}.',
                f"It knows: {', '.join(f'{{{known}}}' for known in placeholders)}.",
            )
    return tuple(command)


def checked_timeout(timeout_s: object) -> float:
    """Seconds, more than none."""
    number = isinstance(timeout_s, int | float) and not isinstance(timeout_s, bool)
    if not number or not 0 < float(timeout_s) < float("inf"):  # type: ignore[arg-type]
        raise UsageError(
            f'The engine "command" cannot use timeout_s = {timeout_s!r}.',
            "It is a number of seconds: timeout_s = 60.",
        )
    return float(timeout_s)  # type: ignore[arg-type]


def checked_voices(voices: object) -> tuple[Voice, ...]:
    """The voices of a list of names, or of a table of names to what is known of each."""
    if voices is None or voices in ([], {}):
        return (_DEFAULT,)
    if isinstance(voices, list) and all(isinstance(name, str) and name for name in voices):
        return tuple(Voice(name, name, (ANY,)) for name in dict.fromkeys(voices))
    if isinstance(voices, dict):
        return tuple(_voice(name, known) for name, known in voices.items())
    raise UsageError(
        'The voices of the engine "command" are no list of names.',
        'Write voices = ["name"], or voices = { name = { languages = ["en"], gender = "male" } }.',
    )


def _voice(name: str, known: object) -> Voice:
    if not isinstance(known, dict):
        raise _bad_voice(name, "is no table")
    unknown = sorted(set(known) - {"languages", "gender", "age"})
    if unknown:
        raise _bad_voice(name, f'has no "{unknown[0]}"')
    return Voice(
        id=name,
        name=name,
        languages=_languages(name, known.get("languages", [ANY])),
        gender=_one_of(name, "gender", known, get_args(Gender)),
        age=_one_of(name, "age", known, get_args(Age)),
    )


def _languages(name: str, tags: object) -> tuple[str, ...]:
    if (
        not isinstance(tags, list)
        or not tags
        or not all(tag and isinstance(tag, str) for tag in tags)
    ):
        raise _bad_voice(name, "needs languages as a list of tags")
    return tuple(tag.lower() for tag in tags)


def _one_of(name: str, field: str, known: dict[str, Any], choices: Sequence[str]) -> Any:
    value = known.get(field)
    if value is not None and value not in choices:
        raise _bad_voice(name, f"has a {field} that is none of {', '.join(choices)}")
    return value


def _bad_voice(name: str, why: str) -> UsageError:
    return UsageError(
        f'The voice "{name}" of the engine "command" {why}.',
        'Write it as { languages = ["en-gb"], gender = "female", age = "old" }.',
    )
