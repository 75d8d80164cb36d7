"""show.toml: which keys it may have, and what each of them takes."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from audiostory.errors import UsageError
from audiostory.model import TABLE, EditionKind, EngineChoice, Rules
from audiostory.show_sound import (
    BIT_RATES_KBPS,
    ELEMENT_EXPECTED,
    SAMPLE_RATES_HZ,
    element_table,
    show_element,
)

_LARGEST_SHOW_BYTES = 2**20
_LANGUAGE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"  # RFC 5646, but for what nobody has
_EMAIL = r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*"  # HTML 4.10.5.1.5
_SHOWN_CHARACTERS = 80
_MOST_GB = 10**6


def _string(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _matching(pattern: str) -> Callable[[object], str | None]:
    """Takes a text that is all of a pattern."""

    def check(value: object) -> str | None:
        text = _string(value)
        return text if text and re.fullmatch(pattern, text) else None

    return check


def _strings(value: object) -> tuple[str, ...] | None:
    items = [value] if isinstance(value, str) else value
    if isinstance(items, list) and items and all(isinstance(i, str) and i.strip() for i in items):
        return tuple(items)
    return None


def _editions(value: object) -> tuple[EditionKind, ...] | None:
    """Kinds of editions, each once; none in an empty list."""
    if value == []:
        return ()
    kinds = _strings(value) or ()
    known = tuple(kind for kind in get_args(EditionKind) if kind in kinds)
    return known if known and len(known) == len(kinds) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _one_of(*known: int) -> Callable[[object], int | None]:
    """Takes one of some whole numbers."""

    def check(value: object) -> int | None:
        return value if type(value) is int and value in known else None

    return check


def _loudness(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and -30 <= value <= -10 else None


def gigabytes(value: object) -> float | None:
    """A number of gigabytes, or None when it is none that a cache may have."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < _MOST_GB else None


def _sites(value: object) -> tuple[tuple[str, Rules], ...] | None:
    """Tables of rules by host."""
    if not isinstance(value, dict):
        return None
    found = []
    for host, table in value.items():
        if not isinstance(table, dict) or not table.keys() <= {"keep", "drop"}:
            return None
        rules = {name: _strings(selectors) for name, selectors in table.items()}
        if None in rules.values():
            return None
        found.append((host.lower(), Rules(rules.get("keep") or (), rules.get("drop") or ())))
    return tuple(found)


def _engines(value: object) -> tuple[EngineChoice, ...] | None:
    """Tables of options by the show's name for an engine; type: its own, if that is another."""
    if not isinstance(value, dict):
        return None
    found = []
    for name, table in value.items():
        kind = _string(table.get("type", name)) if isinstance(table, dict) else None
        if kind is None or "/" in name:
            return None
        options = {key: option for key, option in table.items() if key != "type"}
        options |= {} if name == kind else {TABLE: name}
        try:
            text = json.dumps(options, sort_keys=True)
        except TypeError:  # dates
            return None
        found.append(EngineChoice(name, kind, text))
    return tuple(found)


_KEYS: Mapping[str, tuple[Callable[[object], Any], str]] = {
    "title": (_string, "a text"),
    "slug": (_string, "a text"),
    "author": (_string, "a text"),
    "description": (_string, "a text"),
    "language": (_matching(_LANGUAGE), 'a language tag such as "en" or "pt-BR"'),
    "base_url": (_string, "a URL"),
    "category": (_strings, "a text or a list of texts"),
    "artwork": (_string, "the path of a JPEG or PNG file"),
    "email": (_matching(_EMAIL), 'an address such as "ann@example.org"'),
    "explicit": (_flag, "true or false"),
    "profile": (_string, "a profile's name or the path of a CSS file"),
    "engine": (_string, "an engine's name"),
    "engines": (_engines, "tables such as [engines.http] with the engine's options in them"),
    "bit_rate_kbps": (_one_of(*BIT_RATES_KBPS), f"one of {', '.join(map(str, BIT_RATES_KBPS))}"),
    "sample_rate_hz": (
        _one_of(*SAMPLE_RATES_HZ),
        f"a number of samples a second, one of {', '.join(map(str, SAMPLE_RATES_HZ))}",
    ),
    "cache_limit_gb": (gigabytes, "a number of gigabytes greater than 0"),
    "channels": (_one_of(1, 2), "1, or 2 for stereo"),
    "intro": (element_table, ELEMENT_EXPECTED),
    "outro": (element_table, ELEMENT_EXPECTED),
    "editions": (_editions, f"a list of {' and '.join(map(json.dumps, get_args(EditionKind)))}"),
    "loudness_lufs": (_loudness, "a number from -30 to -10"),
    "keep": (_strings, "a CSS selector or a list of them"),
    "drop": (_strings, "a CSS selector or a list of them"),
    "chapters": (_flag, "true or false"),
    "lexicons": (_strings, "the path of a PLS file or of a folder of them, or a list of paths"),
    "site": (_sites, 'tables such as [site."example.org"] with keep and drop in them'),
}


_OF_NO_TABLE = frozenset(
    ("title", "slug", "base_url", "category", "artwork", "email", "explicit", "editions")
)


def read_show(path: Path) -> dict[str, Any]:
    """The values of a show.toml, checked. Paths in it are relative to it.

    Raises UsageError for a file that cannot be read and for what a key cannot have.
    """
    data = _toml(path)
    for name in ("intro", "outro", "site", "engines"):
        _check_places(data.get(name), name, path)
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in _KEYS:
            raise UsageError(f'{path} has an unknown key "{key}".', f"Known: {', '.join(_KEYS)}.")
        check, expected = _KEYS[key]
        values[key] = check(value)
        if values[key] is None:
            raise UsageError(f'{path}: "{key}" is {_shown(value)}.', f"It takes {expected}.")
    _check_categories(values.get("category", ()), path)
    if "artwork" in values:
        values["artwork"] = _artwork(path.parent / values["artwork"])
    for name in ("intro", "outro"):
        if name in values:
            values[name] = show_element(values[name], path.parent, name)
    if "lexicons" in values:
        values["lexicons"] = [path.parent / name for name in values["lexicons"]]
    if str(values.get("profile", "")).endswith(".css"):
        values["profile"] = str(path.parent / values["profile"])
    return values


def _toml(path: Path) -> dict[str, Any]:
    """What a TOML file holds; a device or a pipe, which may never end, is no file."""
    advice = "Give its path with --show."
    if os.path.exists(path) and not os.path.isfile(path):  # Path's raise for a long name
        raise UsageError(f"The show file {path} is no file that can be read.", advice)
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_SHOW_BYTES + 1)
        if len(data) > _LARGEST_SHOW_BYTES:
            raise UsageError(f"{path} is too large for a show file.", advice)
        return tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        what = f"The show file {path} cannot be read: {error.strerror}."
        raise UsageError(what, advice) from error
    except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError, a number of 5,000 digits
        raise UsageError(f"{path} is not valid TOML: {error}.", "Mend that line.") from error
    except RecursionError as error:
        raise UsageError(f"{path} nests too deeply.", "Take out the brackets.") from error


def _check_places(value: object, table: str, path: Path) -> None:
    """Raises UsageError for a key of the show that stands below the line of a table.

    An engine may have options of such names, but for base_url.
    """
    keys = {"base_url"} if table.startswith("engines") else _OF_NO_TABLE
    for key, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, dict):
            _check_places(inner, f"{table}.{key}", path)
        elif key in keys:
            raise UsageError(
                f'{path}: "{key}" stands in the table [{table}].',
                "What comes after a line in [brackets] belongs to it: write it above the first.",
            )


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)  # as TOML has it, nearly
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _check_categories(categories: Sequence[str], path: Path) -> None:
    """Raises UsageError for a category that Apple's directory does not have, or is there twice."""
    tree = tomllib.loads(files("audiostory").joinpath("apple-categories.toml").read_text("utf-8"))
    known = [*tree, *(f"{name} > {part}" for name, parts in tree.items() for part in parts)]
    seen: set[str] = set()
    for category in categories:
        name = re.sub(r"\s*>\s*", " > ", category.strip())
        if name not in known:
            near = get_close_matches(name[:_SHOWN_CHARACTERS], known, n=5, cutoff=0.4)
            raise UsageError(
                f'{path}: Apple Podcasts has no category "{name[:_SHOWN_CHARACTERS]}".',
                f"Near to it: {', '.join(near or tree)}.",
            )
        if name in seen:
            raise UsageError(f'{path} has the category "{name}" twice.', "Take one of them out.")
        seen.add(name)


def _artwork(path: Path) -> Path:
    if not os.path.isfile(path):  # Path's raises for a long name
        raise UsageError(
            f"The artwork {path} is not there.", "Put it there, or take it out of show.toml."
        )
    return path
