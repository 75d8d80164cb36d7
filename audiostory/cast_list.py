"""cast.toml, beside show.toml: the voices of those who are quoted, from episode to episode.

    ["Olena Markova"]
    voice = 2
    voice-family = "female 3"
    ipa = "oˈlɛnə ˈmarkəvə"

New speakers are added at the end with a number; what the producer writes stays, and wins.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from audiostory.errors import PublishingError, UsageError
from audiostory.narration import Casting, CastMember, Lexeme, voice_family
from audiostory.publishing.files import locked, write_files

CAST_FILE = "cast.toml"
_LARGEST_BYTES = 2**22
_HEAD = """\
# Who is quoted, and in which voice: audiostory adds new speakers. A profile says what its voice 1,
# 2, 3 … are; voice-family = "female 3" chooses another, ipa = "…" or alias = "…" says how a name
# is spoken.
"""
# Numbers that profiles tell apart: speakers of one episode get different ones, as far as they go.
_VOICES = 12  # voices/cast.css
_MOST = 999


@dataclass(frozen=True, slots=True)
class CastEntry:
    """A speaker of the show. place: file and line."""

    member: CastMember
    place: str
    ipa: str | None = None
    alias: str | None = None


def read_cast(path: Path) -> dict[str, CastEntry]:
    """The speakers in a cast.toml, none where there is no file. Raises UsageError, with the line.

    Names are in the normal form C of Unicode.
    """
    text = _text(path)
    return _entries(_parsed(text, path), text, path)


def cast_lexemes(entries: Mapping[str, CastEntry], language: str) -> tuple[Lexeme, ...]:
    """How speakers' names are said: whole, and, where each word has its sounds, the last alone."""
    tag = language.lower()
    lexemes: list[Lexeme] = []
    for name, entry in entries.items():
        said = entry.ipa or entry.alias
        if not said:
            continue
        names, sounds = name.split(), said.split()
        pairs = [(name, said)]
        if len(names) == len(sounds) > 1:
            pairs.append((names[-1], sounds[-1]))
        for grapheme, sound in pairs:
            ipa, alias = (sound, None) if entry.ipa else (None, sound)
            lexemes.append(Lexeme(grapheme, tag, entry.place, ipa, alias))
    return tuple(lexemes)


def show_casting(path: Path, warn: Callable[[str], None], *, writes: bool) -> Casting:
    """The casting of a show. writes: whether new speakers are added to its cast.toml.

    Where it cannot be written that is a warning, and new speakers have their numbers for now.
    """

    def casting(speakers: Sequence[str]) -> Mapping[str, CastMember]:
        names = [_normal(speaker) for speaker in speakers]
        try:
            members = _added(path, names) if writes else _members(read_cast(path), names)
        except PublishingError as error:
            warn(f"{error.what} New speakers may have other voices in other episodes.")
            members = _members(read_cast(path), names)
        return {speaker: members[name] for speaker, name in zip(speakers, names, strict=True)}

    return casting


def _added(path: Path, names: Sequence[str]) -> dict[str, CastMember]:
    """The parts of an episode's speakers; those that are new are in the file, too.

    Raises PublishingError where it cannot be written, and then nothing is.
    """
    with locked(path.parent):
        text = _text(path)
        tables = _parsed(text, path)
        entries = _entries(tables, text, path)
        members = _members(entries, names)
        keys = {_normal(key): key for key in tables}
        new = {n: m for n, m in members.items() if n not in keys or m != entries[n].member}
        if new:
            document = _document(text, path)
            for name, member in new.items():
                if name not in keys:
                    document[name] = tomlkit.item({"voice": member.voice})
                else:
                    document[keys[name]]["voice"] = member.voice
            write_files({path: tomlkit.dumps(document).encode()})
    return members


def _members(entries: Mapping[str, CastEntry], names: Sequence[str]) -> dict[str, CastMember]:
    """The parts of an episode's speakers. One who has none gets the number used the least.

    Two of them have the same only if the producer says so.
    """
    used = Counter(entry.member.voice for entry in entries.values())
    members = {name: entries[name].member for name in names if name in entries}
    taken = {member.voice for member in members.values() if member.voice is not None}
    for name in names:
        member = members.get(name, CastMember())
        if member == CastMember():
            free = [voice for voice in range(1, _VOICES + 1) if voice not in taken]
            voice = min(free, key=lambda v: (used[v], v)) if free else max(taken) + 1
            member = CastMember(voice)
            used[voice] += 1
            taken.add(voice)
        members[name] = member
    return members


# --- reading --------------------------------------------------------------------------------


def _text(path: Path) -> str:
    if not path.exists():
        return _HEAD
    advice = "Mend it, or move it away: it was not changed."
    if not path.is_file():
        raise UsageError(f"{path} is no file that can be read.", advice)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", advice) from error
    if len(data) > _LARGEST_BYTES:
        raise UsageError(f"{path} is too large for a cast.", advice)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{path}, line {line}: this is not UTF-8.", advice) from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)  # whose errors all have a line
    except (ValueError, RecursionError) as error:
        raise _invalid(path, error) from error


def _document(text: str, path: Path) -> tomlkit.TOMLDocument:
    """The file with its comments and its order, to be changed. It takes far longer than _parsed."""
    try:
        return tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise _invalid(path, error) from error


def _invalid(path: Path, error: Exception) -> UsageError:
    advice = "Mend that line: the file was not changed."
    return UsageError(f"{path} is not valid TOML: {error}.", advice)


def _entries(tables: Mapping[str, Any], text: str, path: Path) -> dict[str, CastEntry]:
    found: dict[str, CastEntry] = {}
    lines = _lines(text)
    for name, table in tables.items():
        line = lines.get(name, 1)
        place = f"{path}, line {line}"
        if not isinstance(table, dict):
            raise UsageError(f'{place}: "{name}" is no table.', f'Write ["{name}"] above its keys.')
        for key, value in table.items():
            if wrong := _misses(key, value):
                what, advice = wrong
                place = f"{path}, line {_line_of_key(text, line, key)}"
                raise UsageError(f"{place}: {what}.", advice)
        member = CastMember(table.get("voice"), table.get("voice-family", ""))
        found[_normal(name)] = CastEntry(member, place, table.get("ipa"), table.get("alias"))
    return found


def _misses(key: str, value: Any) -> tuple[str, str] | None:
    """What is wrong with a key, and what to do; None where a speaker can have it."""
    takes = {
        "voice": f"a whole number from 1 to {_MOST}",
        "voice-family": 'a voice-family of CSS, such as "female 2"',
        "ipa": "the sounds of the name, a text",
        "alias": "other words for the name, a text",
    }
    if key not in takes:
        return f'"{key}" is not known', f"Known: {', '.join(takes)}."
    if key == "voice":
        good = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST
    else:
        good = isinstance(value, str) and bool(value.strip())
    if good and key == "voice-family":
        try:
            voice_family(value)
        except ValueError:
            good = False
    return None if good else (f"{key} is {value!r:.80}", f"It takes {takes[key]}.")


def _lines(text: str) -> dict[str, int]:
    """The line that each speaker's table begins in: as near as a line alone can tell."""
    found: dict[str, int] = {}
    is_inside = False
    for number, line in enumerate(text.split("\n"), 1):
        is_header = line.lstrip().startswith("[")
        if is_inside and not is_header:
            continue
        is_inside = is_inside or is_header
        try:
            name = next(iter(tomllib.loads(line)), None)
        except (ValueError, RecursionError):  # part of a text or a table of several lines
            continue
        if name is not None:
            found.setdefault(name, number)
    return found


def _line_of_key(text: str, header: int, key: str) -> int:
    """The line of a key in a speaker's table that begins in the line of that number."""
    for number, line in enumerate(text.split("\n")[header:], header + 1):
        if line.lstrip().startswith("["):
            break
        if line.partition("=")[0].strip(" \t\"'") == key:
            return number
    return header


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))
