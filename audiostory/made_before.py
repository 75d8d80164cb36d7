"""Whether all that makes an episode is as it was when it was made: then nothing is done again.

A record of each source is kept in the cache. Its key is a hash of the source's bytes, the
settings, what they refer to, and the program; in it is what narrating the source brought up
(voices, cues, speakers), and the files that came of it. Links are not known in this way: what is
there now must be fetched to be known.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from math import isfinite
from pathlib import Path
from typing import Any

from audiostory.cache import ClipCache, RecordCache
from audiostory.config import Settings
from audiostory.errors import AudiostoryError, EngineError
from audiostory.model import CastVoice
from audiostory.narration import Narrator
from audiostory.pipeline import Basis, Made
from audiostory.publishing import layout
from audiostory.publishing.identity import feed_url
from audiostory.publishing.manifest import read_manifest
from audiostory.publishing.site import Published
from audiostory.reading import is_link
from audiostory.speaking import identity
from audiostory.speech.engine import engine_statuses

_REVISION = 2


def key_of(source: str, circumstances: str) -> str | None:
    """The key of a source's record; None where it has none, since it is no file.

    circumstances: what circumstances() gave for the run.
    """
    if is_link(source) or not os.path.isfile(source):
        return None
    try:
        with open(source, "rb") as file:
            bytes_ = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    parts = (os.path.realpath(source), source, bytes_, circumstances)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def circumstances(settings: Settings, narrator: Narrator) -> str:
    """A hash of all that is the same for each source of a run."""
    show = settings.show
    elements = (it.file for it in (show.intro, show.outro) if it)
    files = [*narrator.stylesheet.rules, settings.profile, show.artwork, *elements]
    told = (
        _REVISION,
        _program(),
        replace(
            settings,
            output=settings.output.absolute(),
            workers=1,
            cache=Path(),
            cache_limit_bytes=0,
        ),
        {str(path): _digest(path) for path in files if path},
        narrator.stylesheet.warnings,  # a cue may have been missing
        narrator.lexicon,
        tuple(_voices(settings)),
    )
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()


def _voices(settings: Settings) -> Iterator[tuple[str, object]]:
    """The voices of each engine that a profile may name, or why it has none."""
    company = settings.company
    for status in engine_statuses((company.default, *company.others)):
        try:
            yield status.name, status.engine.voices() if status.engine else status.error
        except EngineError as error:
            yield status.name, str(error)


def _program() -> tuple[str, ...]:
    """What runs: Python, what is installed beside us, and our own files as they are."""
    installed = (name for path in sys.path for name in _listed(path) if name.endswith("-info"))
    ours = Path(__file__).parent
    files = (path for path in ours.rglob("*") if path.suffix != ".pyc" and path.is_file())
    states = (f"{path.relative_to(ours)} {_state(path)}" for path in files)
    return (sys.version, *sorted(installed), *sorted(states))


def _listed(folder: str) -> Sequence[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return ()


def _digest(path: Path) -> str:
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return ""


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of a file, None when it is not there."""
    with suppress(OSError):
        status = path.stat()
        return status.st_size, status.st_mtime_ns
    return None


def recall(
    key: str, settings: Settings, narrator: Narrator, warn: Callable[[str], None]
) -> tuple[Made, ...] | None:
    """What was made under a key, when all of it is as it was; else None.

    Warnings that there were then are told again. The clips that it was made of stay in use.
    """
    record = RecordCache(settings.cache).get(key)
    if record is None or not (settings.output / settings.show.slug / layout.FEED).is_file():
        return None
    try:
        if not all(_is_as_it_was(one, narrator) for one in record["episodes"]):
            return None
        made = tuple(_made(one, settings) for one in record["episodes"])
        ClipCache(settings.cache).touch(key for one in record["episodes"] for key in one["clips"])
    except (AttributeError, KeyError, TypeError, ValueError, AudiostoryError):
        return None
    if not made:  # a source of which nothing was made has no record
        return None
    for one in record["episodes"]:
        for warning in one["warnings"]:
            warn(warning)
    return made


def _is_as_it_was(one: Mapping[str, Any], narrator: Narrator) -> bool:
    speakers = one["speakers"]
    cast = narrator.casting(list(speakers)) if speakers else {}
    return (
        all(_state(Path(path)) == tuple(state) for path, state in one["files"].items())
        and all(_digest(Path(path)) == digest for path, digest in one["cues"].items())
        and {name: repr(member) for name, member in cast.items()} == speakers
        and all(identity(CastVoice(**voice)) == told for voice, told in one["voices"])
    )


def _made(one: Mapping[str, Any], settings: Settings) -> Made:
    manifest = read_manifest(Path(one["manifest"]))
    folder = settings.output / settings.show.slug
    directory = folder / layout.EPISODES / manifest.directory  # as it was named, not resolved
    published = Published(
        manifest=manifest,
        directory=directory,
        audio=directory / manifest.audio.file,
        feed=folder / layout.FEED,
        feed_url=feed_url(settings.show),
        changed=False,
    )
    return Made(
        published=published,
        title=manifest.title,
        passages=int(one["passages"]),
        rendered=0,
        characters=int(one["characters"]),
        duration_s=_number(one["duration_s"]),
        loudness_lufs=None if one["loudness_lufs"] is None else _number(one["loudness_lufs"]),
    )


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not isfinite(value):
        raise TypeError(f"{value!r} is no number")
    return value


def keep(key: str, made: Sequence[Made], settings: Settings, began: float) -> None:
    """Keep what was made under a key, if all of it went as it was asked for.

    began: when the run did, in seconds since the epoch. A cue that has changed since may be
    another than the one that is heard.
    """
    episodes = [_episode(one, one.basis) for one in made if one.basis is not None]
    cues = {path for one in episodes for path in one["cues"]}
    steady = all(os.path.getmtime(path) < began for path in cues)
    if steady and len(episodes) == len(made):
        RecordCache(settings.cache).put(key, {"episodes": episodes})


def _episode(made: Made, basis: Basis) -> dict[str, Any]:
    manifest, folder = made.published.manifest, made.published.directory
    names = (manifest.audio.file, manifest.transcript_file, manifest.chapters_file)
    editions = (edition.file for edition in manifest.editions)
    paths = [folder / name for name in (*names, manifest.page_file, *editions, layout.MANIFEST)]
    return {
        "manifest": str((folder / layout.MANIFEST).resolve()),
        "files": {str(path.resolve()): _state(path) for path in paths},
        "voices": [[asdict(voice), identity(voice)] for voice in basis.voices],
        "cues": {str(path): _digest(path) for path in basis.cues},
        "speakers": {name: repr(member) for name, member in basis.speakers.items()},
        "warnings": list(basis.warnings),
        "clips": list(basis.clips),
        "passages": made.passages,
        "characters": made.characters,
        "duration_s": made.duration_s,
        "loudness_lufs": made.loudness_lufs,
    }
