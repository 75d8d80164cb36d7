"""Editions beside an episode's MP3: what they are called, and those that were published before."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audiostory.errors import PublishingError
from audiostory.model import Edition, EditionKind
from audiostory.publishing import layout
from audiostory.publishing.files import sha256_and_size
from audiostory.publishing.manifest import EditionFile, read_manifest


@dataclass(frozen=True, slots=True)
class _Kind:
    """type: its media type. codecs: as RFC 6381 names them. name: what people call it."""

    type: str
    codecs: str
    name: str


_KINDS: Mapping[EditionKind, _Kind] = {
    "m4b": _Kind("audio/mp4", "mp4a.40.2", "M4B"),
    "opus": _Kind("audio/ogg; codecs=opus", "opus", "Opus"),
}


def edition_name(kind: str) -> str:
    """What people call a kind of edition."""
    return next((known.name for name, known in _KINDS.items() if name == kind), kind)


def edition_file(edition: Edition, slug: str, duration_s: float) -> EditionFile:
    """What a manifest says of an edition; its name begins with the slug and has its hash.

    Raises PublishingError when it cannot be read.
    """
    digest, size = sha256_and_size(edition.path)
    kind = _KINDS[edition.kind]
    return EditionFile(
        kind=edition.kind,
        file=layout.audio_name(slug, digest, edition.kind),
        bytes=size,
        duration_s=duration_s,
        sha256=digest,
        type=kind.type,
        codecs=kind.codecs,
        bit_rate_bps=edition.bit_rate_bps,
        key=edition.key,
    )


def published_edition(directory: Path, kind: EditionKind, key: str) -> Edition | None:
    """The edition of that kind and key in an episode's folder, if it is there whole."""
    with suppress(PublishingError):
        for found in read_manifest(directory / layout.MANIFEST).editions:
            path = directory / found.file
            is_asked_for = (found.kind, found.key) == (kind, key) and path.is_file()
            if is_asked_for and sha256_and_size(path) == (found.sha256, found.bytes):
                return Edition(kind, path, key, found.bit_rate_bps)
    return None
