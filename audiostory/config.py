"""Options resolved once, into frozen Settings: defaults < show.toml < environment < flags."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from audiostory.errors import UsageError
from audiostory.model import (
    Company,
    EditionKind,
    EngineChoice,
    ReadingOptions,
    Rules,
    Show,
    SoundFormat,
)
from audiostory.show_sound import (
    BIT_RATES_KBPS,
    ELEMENT_EXPECTED,
    SAMPLE_RATES_HZ,
    element_table,
    show_element,
    sound_format,
)

SHOW_FILE = "show.toml"
_LARGEST_SHOW_BYTES = 2**20
_LANGUAGE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"  # RFC 5646, but for what nobody has
_EMAIL = r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*"  # HTML 4.10.5.1.5
_SHOWN_CHARACTERS = 80
_CACHE_LIMIT_GB, _MOST_GB = 10, 10**6


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run works with. workers: processes; cache: folder of clips; profile: CSS file.

    lexicons: PLS files, those first that win. show_folder: where show.toml is, if there is one.
    """

    show: Show
    output: Path
    cache: Path
    workers: int
    company: Company
    cache_limit_bytes: int
    profile: Path
    sound: SoundFormat
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    lexicons: tuple[Path, ...] = ()
    show_folder: Path | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flags:
    """What was given on the command line; None where nothing was."""

    show: Path | None = None
    output: Path | None = None
    cache: Path | None = None
    workers: int | None = None
    engine: str | None = None
    profile: str | None = None
    base_url: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    chapters: bool | None = None


@dataclass(slots=True)
class _Draft:
    """Values on their way: the last to be set wins."""

    values: dict[str, Any] = field(default_factory=dict)

    def update(self, values: Mapping[str, Any]) -> None:
        self.values.update({name: value for name, value in values.items() if value is not None})


def resolve(flags: Flags, environment: Mapping[str, str], here: Path) -> Settings:
    """The settings of a run. here: the folder where show.toml is looked for.

    Raises UsageError for what cannot be: it names the option, the variable or the line.
    """
    draft = _Draft()
    show_file = _show_file(flags, environment, here)
    if show_file is not None:
        draft.update({**read_show(show_file), "show_folder": show_file.parent})
    draft.update(_from_environment(environment))
    given = {name: getattr(flags, name) for name in ("output", "cache", "workers", "engine")}
    draft.update({**given, "profile": flags.profile, "base_url": flags.base_url})
    draft.update({"chapters": flags.chapters})
    for name in ("keep", "drop"):
        draft.update({name: (*draft.values.get(name, ()), *getattr(flags, name))})
    return _settings(draft.values)


def _show_file(flags: Flags, environment: Mapping[str, str], here: Path) -> Path | None:
    named = flags.show or (
        Path(environment["AUDIOSTORY_SHOW"]) if environment.get("AUDIOSTORY_SHOW") else None
    )
    if named is not None:
        return named / SHOW_FILE if named.is_dir() else named
    return here / SHOW_FILE if (here / SHOW_FILE).is_file() else None


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    names = ("output", "cache", "engine", "profile", "base_url", "workers", "cache_limit_gb")
    found: dict[str, Any] = {}
    for name in names:
        if value := environment.get(f"AUDIOSTORY_{name.upper()}"):
            found[name] = value
    if "workers" in found:
        found["workers"] = _whole_number("AUDIOSTORY_WORKERS", found["workers"])
    if "cache_limit_gb" in found:
        name = "AUDIOSTORY_CACHE_LIMIT_GB"
        found["cache_limit_gb"] = _decimal_gigabytes(name, found["cache_limit_gb"])
    return found


def _whole_number(name: str, text: str) -> int:
    if not re.fullmatch(r"0*[1-9][0-9]{0,3}", text):
        raise UsageError(f"{name} is {text!r}.", "Give a whole number from 1.")
    return int(text)


def _decimal_gigabytes(name: str, text: str) -> float:
    is_number = re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text)
    size = _gigabytes(float(text)) if is_number else None
    if size is None:
        raise UsageError(f"{name} is {text!r}.", "Give a number of gigabytes greater than 0.")
    return size


# --- show.toml ------------------------------------------------------------------------------


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


def _gigabytes(value: object) -> float | None:
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
    "cache_limit_gb": (_gigabytes, "a number of gigabytes greater than 0"),
    "channels": (_one_of(1, 2), "1, or 2 for stereo"),
    "intro": (element_table, ELEMENT_EXPECTED),
    "outro": (element_table, ELEMENT_EXPECTED),
    "editions": (_editions, f"a list of {' and '.join(map(repr, get_args(EditionKind)))}"),
    "loudness_lufs": (_loudness, "a number from -30 to -10"),
    "keep": (_strings, "a CSS selector or a list of them"),
    "drop": (_strings, "a CSS selector or a list of them"),
    "chapters": (_flag, "true or false"),
    "lexicons": (_strings, "the path of a PLS file or of a folder of them, or a list of paths"),
    "site": (_sites, 'tables such as [site."example.org"] with keep and drop in them'),
}


def read_show(path: Path) -> dict[str, Any]:
    """The values of a show.toml, checked. Paths in it are relative to it."""
    data = _toml(path)
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


def _shown(value: object) -> str:
    text = repr(value)
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
    if not path.is_file():
        raise UsageError(
            f"The artwork {path} is not there.", "Put it there, or take it out of show.toml."
        )
    return path


# --- from values to settings ----------------------------------------------------------------


def _settings(values: Mapping[str, Any]) -> Settings:
    workers = values.get("workers", 0)
    show = _show(values)
    return Settings(
        show=show,
        output=Path(values.get("output", "output")),
        cache=Path(values["cache"]) if "cache" in values else default_cache(),
        cache_limit_bytes=round(values.get("cache_limit_gb", _CACHE_LIMIT_GB) * 10**9),
        workers=workers or _cores(),
        company=_company(values.get("engine", "pyttsx3"), values.get("engines", ())),
        profile=find_profile(values.get("profile", "news")),
        sound=sound_format(values),
        reading=ReadingOptions(
            Rules(values.get("keep", ()), values.get("drop", ())),
            values.get("site", ()),
            values.get("chapters", False),
        ),
        lexicons=find_lexicons(values.get("lexicons"), values.get("show_folder")),
        show_folder=values.get("show_folder"),
        warnings=_warnings(show),
    )


def _company(default: str, engines: Sequence[EngineChoice]) -> Company:
    """The default engine, and those that show.toml has tables for."""
    known = {choice.name: choice for choice in engines}
    return Company(known.get(default, EngineChoice(default, default)), tuple(engines))


def _show(values: Mapping[str, Any]) -> Show:
    texts = ("title", "author", "description", "language", "email")
    names = (*texts, "artwork", "explicit", "editions")
    show = replace(Show(), **{name: values[name] for name in names if name in values})
    if "title" in values or "slug" in values:
        show = replace(show, slug=_slug(values.get("slug", show.title)))
    if "category" in values:
        show = replace(show, categories=values["category"])
    show = replace(show, intro=values.get("intro"), outro=values.get("outro"))
    return replace(show, base_url=_base_url(values.get("base_url", show.base_url)))


def _slug(text: str) -> str:
    from slugify import slugify

    slug = slugify(text, max_length=60, word_boundary=True)
    if not slug:
        raise UsageError(f'No folder name can be made of "{text}".', 'Give show.toml a "slug".')
    return slug


def _base_url(url: str) -> str:
    if not _is_folder_url(url):
        raise UsageError(
            f'The base URL "{url}" cannot be used.',
            "Give one such as https://example.org/podcast/, where the show's folder is served.",
        )
    return url if url.endswith("/") else f"{url}/"


def _is_folder_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # of brackets that don't close, or a port out of range
        return False
    if not url.isprintable() or re.search(r"\s|%(?![0-9A-Fa-f]{2})", url):
        return False
    if parts.query or parts.fragment:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _warnings(show: Show) -> tuple[str, ...]:
    lengths = {
        "title": (len(show.title), 255, "characters"),  # PSP-1
        "author": (len(show.author), 255, "characters"),
        "description": (len(show.description.encode()), 4000, "bytes"),  # Apple Podcasts
    }
    warnings = [
        f"The show's {name} is longer than the {most:,} {unit} that apps take: shorten it."
        for name, (length, most, unit) in lengths.items()
        if length > most
    ]
    host = urlsplit(show.base_url).hostname or ""
    if host == "localhost" or re.fullmatch(r"127\..*|\[?::1\]?", host):
        warnings.append(
            f"The feed's base URL is {show.base_url}: apps on other devices cannot reach it. "
            "Set base_url in show.toml to where the show's folder is served."
        )
    return tuple(warnings)


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def default_cache() -> Path:
    """Where clips are kept unless one says otherwise: the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("audiostory", appauthor=False) / "clips"


# --- profiles -------------------------------------------------------------------------------


def voices_folder() -> Path:
    """Where the built-in profiles and cues are: in the package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "voices"
    return installed if installed.is_dir() else package.parent / "voices"


def sample_file(language: str) -> Path:
    """The text that a profile is heard with, in that language, else in English."""
    folder = voices_folder() / "preview"
    names = (language.lower(), language.lower().partition("-")[0])
    found = (folder / f"{name}.md" for name in names if name.isascii() and name.isalpha())
    return next((path for path in found if path.is_file()), folder / "en.md")


def profiles() -> tuple[str, ...]:
    """Names of the built-in profiles."""
    parts = {"base", "labels", "structure-labels"}
    return tuple(sorted(p.stem for p in voices_folder().glob("*.css") if p.stem not in parts))


def find_profile(name: str) -> Path:
    """The file of a built-in profile's name, or of a path. Raises UsageError."""
    if name in profiles():
        return voices_folder() / f"{name}.css"
    path = Path(name)
    if path.suffix == ".css" and path.is_file():
        return path
    raise UsageError(
        f'There is no voice profile "{name}".',
        f"Choose one of {', '.join(profiles())}, or give the path of a CSS file.",
    )


def find_lexicons(named: Sequence[Path] | None, show_folder: Path | None) -> tuple[Path, ...]:
    """PLS files: those named, or else in the folder "lexicons" of the show; then the built-in ones.

    Raises UsageError for a path where there is none.
    """
    own = show_folder / "lexicons" if show_folder else None
    paths = named if named is not None else [own] if own and own.is_dir() else []
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no lexicon {path}.", 'See "lexicons" in show.toml.')
    folders = [*paths, voices_folder() / "lexicons"]
    return tuple(
        file
        for path in folders
        for file in (sorted(path.glob("*.pls")) if path.is_dir() else [path])
    )
