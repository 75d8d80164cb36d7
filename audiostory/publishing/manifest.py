"""What is kept of an episode: episode.json, from which the feed is built.

A manifest is public, as all beside it: it holds no path of the machine it was made on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import MAXYEAR, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from audiostory.errors import PublishingError
from audiostory.model import ChapterMark, Coverage, Span
from audiostory.publishing import layout
from audiostory.publishing.text import clean

FORMAT = 1
_FIRST_YEAR = 1900  # RFC 5322, 3.3

_MISSED = "its episode is not in the feed"

_FILE_NAME = re.compile(r"[^/\\\x00-\x1f]+")
_LONGEST_NAME = 255  # bytes, as file systems have it
_LONGEST_S = 10**9


@dataclass(frozen=True, slots=True)
class AudioFile:
    """An episode's audio. file: its name, beside the manifest. bytes: its size.

    bit_rate_bps: of the sound alone, bits a second, where it is known.
    """

    file: str
    bytes: int
    duration_s: float
    sha256: str
    type: str = "audio/mpeg"
    bit_rate_bps: int | None = None


@dataclass(frozen=True, slots=True)
class EditionFile:
    """The audio in another form. type: its media type; codecs: as RFC 6381 names them.

    kind: of model.Edition; a later version may know others. key: a hash of what it was made of.
    """

    kind: str
    file: str
    bytes: int
    duration_s: float
    sha256: str
    type: str
    codecs: str
    bit_rate_bps: int
    key: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """An episode as published.

    guid, directory (its folder's name) and published never change once they are given.
    title: as feed and tags say it, unlike that of any other episode of the same day;
    article_title: as the article says it. identities: hashes of where the article was found,
    the latest last. text_hash: of its text. omitted: how many texts were left out. timeline:
    utterances, times in seconds rounded to the millisecond.
    """

    guid: str
    title: str
    article_title: str
    language: str
    authors: tuple[str, ...]
    published: datetime
    source: str
    canonical_url: str | None
    identities: tuple[str, ...]
    text_hash: str
    description: str
    directory: str
    audio: AudioFile
    loudness_lufs: float | None
    chapters: tuple[ChapterMark, ...]
    coverage: Coverage
    omitted: int
    timeline: tuple[Span, ...]
    editions: tuple[EditionFile, ...] = ()
    transcript_file: str = layout.TRANSCRIPT
    chapters_file: str = layout.CHAPTERS
    page_file: str = layout.PAGE


@dataclass(frozen=True, slots=True)
class Shelf:
    """The episodes of a show, in order of their folders, and what is wrong with the others."""

    manifests: tuple[Manifest, ...]
    warnings: tuple[str, ...]


def manifest_json(manifest: Manifest) -> str:
    """The manifest as JSON for people and programs; the same in, the same out."""
    document = {
        "format": FORMAT,
        "guid": manifest.guid,
        "title": manifest.title,
        "article_title": manifest.article_title,
        "language": manifest.language,
        "authors": list(manifest.authors),
        "published": manifest.published.isoformat(),
        "source": manifest.source,
        "canonical_url": manifest.canonical_url,
        "identities": list(manifest.identities),
        "text_hash": manifest.text_hash,
        "description": manifest.description,
        "directory": manifest.directory,
        "audio": _given(asdict(manifest.audio)),
        **({"editions": [asdict(it) for it in manifest.editions]} if manifest.editions else {}),
        "loudness_lufs": manifest.loudness_lufs,
        "transcript_file": manifest.transcript_file,
        "chapters_file": manifest.chapters_file,
        "page_file": manifest.page_file,
        "coverage": asdict(manifest.coverage),
        "omitted": manifest.omitted,
        "chapters": [asdict(mark) for mark in manifest.chapters],
        "timeline": [
            {"id": span.id, "begin_s": span.begin_s, "end_s": span.end_s}
            for span in manifest.timeline
        ],
    }
    lines = ",\n".join(f"  {_dumps(key)}: {_value(value)}" for key, value in document.items())
    return f"{{\n{lines}\n}}\n"


def _given(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _value(value: object) -> str:
    """A value on one line; a list of objects with one a line."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"    {_dumps(item)}" for item in value) + "\n  ]"
    return _dumps(value)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_manifests(show_dir: Path) -> Shelf:
    """All episodes of a show that can be read, and a warning for each that cannot.

    A warning names the file and says what to do. Of two manifests with one guid the first
    counts.
    """
    manifests: dict[str, Manifest] = {}
    warnings = []
    for path in sorted((show_dir / layout.EPISODES).glob(f"*/{layout.MANIFEST}")):
        try:
            manifest = read_manifest(path)
            if manifest.guid in manifests:
                raise _copied(path, manifests[manifest.guid].directory)
        except PublishingError as error:
            warnings.append(str(error))
        else:
            manifests[manifest.guid] = manifest
    return Shelf(tuple(manifests.values()), tuple(warnings))


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file. Raises PublishingError when it is broken, foreign or misplaced."""
    name = f"{path.parent.name}/{path.name}"
    try:
        document = json.loads(path.read_bytes())
        if isinstance(document, dict) and document.get("format") not in (None, FORMAT):
            raise _foreign(name, document["format"])
        manifest = _parsed(document)
    except OSError as error:
        raise PublishingError(
            f"{name} cannot be read ({error.strerror or error}): {_MISSED}.",
            "See that the file may be read, then run again.",
        ) from error
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise PublishingError(
            f"{name} is not a whole manifest ({_reason(error)}): {_MISSED}.",
            "Restore the file from a copy, or delete it and make the article again.",
        ) from error
    if manifest.directory != path.parent.name:
        raise _moved(name, manifest.directory)
    return manifest


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _foreign(name: str, form: object) -> PublishingError:
    return PublishingError(
        f"{name} has the format {form!r}, which this version of audiostory does not know: "
        f"{_MISSED}.",
        "Use the version that made it, or a later one.",
    )


def _moved(name: str, directory: str) -> PublishingError:
    return PublishingError(
        f"{name} belongs in the folder {directory}: {_MISSED}.",
        f"Rename its folder to {directory}, or delete it if it is a copy.",
    )


def _copied(path: Path, directory: str) -> PublishingError:
    return PublishingError(
        f"{path.parent.name}/{path.name} has the same guid as the episode in {directory}: "
        f"{_MISSED}.",
        "Delete the folder that is the copy.",
    )


def _parsed(document: Mapping[str, Any]) -> Manifest:
    audio, coverage = document["audio"], document["coverage"]
    return Manifest(
        guid=_text(document["guid"]),
        title=_text(document["title"]),
        article_title=_text(document["article_title"]),
        language=_text(document["language"]),
        authors=_texts(document["authors"]),
        published=_moment(document["published"]),
        source=_text(document["source"]),
        canonical_url=_optional_text(document["canonical_url"]),
        identities=_texts(document["identities"]),
        text_hash=_text(document["text_hash"]),
        description=_text(document["description"]),
        directory=_text(document["directory"]),
        audio=AudioFile(
            file=_file_name(audio["file"]),
            bytes=_count(audio["bytes"]),
            duration_s=_seconds(audio["duration_s"]),
            sha256=_text(audio["sha256"]),
            type=_text(audio["type"]),
            bit_rate_bps=_optional_count(audio.get("bit_rate_bps")),
        ),
        editions=tuple(_edition(edition) for edition in document.get("editions", ())),
        loudness_lufs=_optional_number(document["loudness_lufs"]),
        chapters=tuple(_chapter(mark) for mark in document["chapters"]),
        coverage=Coverage(**{key: _count(value) for key, value in coverage.items()}),
        omitted=_count(document["omitted"]),
        timeline=tuple(_span(span) for span in document["timeline"]),
        transcript_file=_file_name(document["transcript_file"]),
        chapters_file=_file_name(document["chapters_file"]),
        page_file=_file_name(document["page_file"]),
    )


def _edition(edition: Mapping[str, Any]) -> EditionFile:
    return EditionFile(
        kind=_text(edition["kind"]),
        file=_file_name(edition["file"]),
        bytes=_count(edition["bytes"]),
        duration_s=_seconds(edition["duration_s"]),
        sha256=_text(edition["sha256"]),
        type=_text(edition["type"]),
        codecs=_text(edition["codecs"]),
        bit_rate_bps=_count(edition["bit_rate_bps"]),
        key=_text(edition["key"]),
    )


def _chapter(mark: Mapping[str, Any]) -> ChapterMark:
    begin_s, end_s = _seconds(mark["begin_s"]), _seconds(mark["end_s"])
    return ChapterMark(
        _text(mark["id"]), _text(mark["title"]), _count(mark["level"]), begin_s, end_s
    )


def _span(span: Mapping[str, Any]) -> Span:
    return Span(_text(span["id"]), _seconds(span["begin_s"]), _seconds(span["end_s"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    if clean(value) != value:
        raise ValueError(f"{value!r} has characters that a feed cannot carry")
    return value


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is not a list")
    return tuple(_text(value) for value in values)


def _file_name(value: object) -> str:
    name = _text(value)
    is_long = len(name.encode()) > _LONGEST_NAME
    if is_long or not _FILE_NAME.fullmatch(name) or name in (".", ".."):
        raise ValueError(f"{name!r} is not a file's name")
    return name


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a count")
    return value


def _optional_count(value: object) -> int | None:
    return None if value is None else _count(value)


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a number")
    if not isfinite(value):
        raise ValueError(f"{value!r} is not a number")
    return float(value)


def _optional_number(value: object) -> float | None:
    return None if value is None else _number(value)


def _seconds(value: object) -> float:
    number = _number(value)
    if not 0 <= number <= _LONGEST_S:
        raise ValueError(f"{value!r} is not a time")
    return number


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    if not _FIRST_YEAR <= moment.year < MAXYEAR:
        raise ValueError(f"{value!r} is no date that a feed can say")
    return moment
