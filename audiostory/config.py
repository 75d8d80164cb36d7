"""Options resolved once, into frozen Settings: defaults < show.toml < environment < flags."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from audiostory.errors import UsageError
from audiostory.model import Company, EngineChoice, ReadingOptions, Rules, Show, SoundFormat
from audiostory.show_file import gigabytes, read_show
from audiostory.show_sound import sound_format

SHOW_FILE = "show.toml"
_CACHE_LIMIT_GB = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run works with. workers: processes; cache: folder of clips; profile: CSS file.

    lexicons: PLS files, those first that win. show_folder: where show.toml is, if there is one.
    now: what counts as now for an article without a date, where SOURCE_DATE_EPOCH says so.
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
    now: datetime | None = None
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
    if epoch := environment.get("SOURCE_DATE_EPOCH"):
        found["now"] = _moment(epoch)
    return found


def _moment(epoch: str) -> datetime:
    """A moment by which builds can be repeated (reproducible-builds.org, SOURCE_DATE_EPOCH)."""
    if not re.fullmatch(r"[0-9]{1,10}", epoch):
        raise UsageError(
            f"SOURCE_DATE_EPOCH is {epoch!r}.", "Give whole seconds since the start of 1970."
        )
    return datetime.fromtimestamp(int(epoch), UTC)


def _whole_number(name: str, text: str) -> int:
    if not re.fullmatch(r"0*[1-9][0-9]{0,3}", text):
        raise UsageError(f"{name} is {text!r}.", "Give a whole number from 1.")
    return int(text)


def _decimal_gigabytes(name: str, text: str) -> float:
    is_number = re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text)
    size = gigabytes(float(text)) if is_number else None
    if size is None:
        raise UsageError(f"{name} is {text!r}.", "Give a number of gigabytes greater than 0.")
    return size


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
        now=values.get("now"),
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
    return tuple(
        f"The show's {name} is longer than the {most:,} {unit} that apps take: shorten it."
        for name, (length, most, unit) in lengths.items()
        if length > most
    )


def is_local(base_url: str) -> bool:
    """Whether only this machine reaches what is served there."""
    host = urlsplit(base_url).hostname or ""
    return host == "localhost" or bool(re.fullmatch(r"127\..*|\[?::1\]?", host))


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
        if not os.path.exists(path):  # Path's raises for a long name
            raise UsageError(f"There is no lexicon {path}.", 'See "lexicons" in show.toml.')
    folders = [*paths, voices_folder() / "lexicons"]
    return tuple(
        file
        for path in folders
        for file in (sorted(path.glob("*.pls")) if path.is_dir() else [path])
    )
