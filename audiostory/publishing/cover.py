"""The show's cover: the producer's artwork, or one that is drawn from the show's name.

Apple Podcasts asks for a square JPEG or PNG, 1400 to 3000 pixels wide, in RGB, with the
extension of its type, under 512 kB, and for a new file name when it changes.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing import drawing

SIDE_PX = 3000
SMALL_SIDE_PX = 600
MIN_SIDE_PX, MAX_SIDE_PX = 1400, 3000
MAX_BYTES = 512_000
_LARGEST_BYTES = 50_000_000  # more than a picture of the largest size has

_QUALITIES = (90, 85, 80, 70, 60, 45)
_TYPES = {
    "JPEG": ("image/jpeg", ".jpg", (".jpg", ".jpeg")),
    "PNG": ("image/png", ".png", (".png",)),
}


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture of the show. mime: its media type. warnings: what apps may not like in it."""

    data: bytes
    mime: str
    file_name: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Covers:
    """A show's cover for its feed, and one of 600 × 600 for audio files (ID3v2.3, APIC)."""

    full: Cover
    small: Cover


def cover(show: Show) -> Cover:
    """The show's cover for its feed: its artwork as it is, or a generated one, 3000 × 3000.

    A generated cover carries the show's title and author; words for which no font can be found
    (Pillow's own has little more than ASCII) are left out and the picture stands alone. Its
    name is a hash of all that is drawn; that of artwork, of its bytes. Raises PublishingError
    when the artwork cannot be used.
    """
    if show.artwork is not None:
        return _artwork(show.artwork)
    return _generated(drawing.draw(show, SIDE_PX), show)


def covers(show: Show) -> Covers:
    """The show's cover, as cover() has it, and the small one. Raises PublishingError."""
    if show.artwork is None:
        picture = drawing.draw(show, SIDE_PX)
        full = _generated(picture, show)
    else:
        full = _artwork(show.artwork)
        picture = _opened(show.artwork, full.data)
    data = _jpeg(picture.resize((SMALL_SIDE_PX, SMALL_SIDE_PX), Image.Resampling.LANCZOS))
    return Covers(full, Cover(data, "image/jpeg", f"cover-small-{_hash(data)}.jpg"))


def generated_name(show: Show) -> str:
    """The file name of the cover that is drawn for a show, without drawing it."""
    return f"cover-{_hash(drawing.plan(show).encode())}.jpg"


def _generated(picture: Image.Image, show: Show) -> Cover:
    return Cover(_jpeg(picture), "image/jpeg", generated_name(show))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


def _jpeg(picture: Image.Image) -> bytes:
    """The picture as a JPEG, as good as fits the limit."""
    for quality in _QUALITIES:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() < MAX_BYTES:
            break
    return file.getvalue()


def _artwork(path: Path) -> Cover:
    data = _bytes_of(path)
    picture = _opened(path, data)
    mime, extension, extensions = _TYPES[picture.format or ""]
    if path.suffix.lower() not in extensions:
        raise _unfit(path, f"is a {picture.format} file", f"Rename it to {path.stem}{extension}.")
    _check_picture(path, picture)
    warnings = () if len(data) < MAX_BYTES else (_too_heavy(path, len(data)),)
    return Cover(data, mime, f"cover-{_hash(data)}{extension}", warnings)


def _bytes_of(path: Path) -> bytes:
    """What a file holds; a device or a pipe, which may never end, is no file."""
    advice = "Set artwork in show.toml to a JPEG or PNG file, or remove it for a generated cover."
    if os.path.exists(path) and not os.path.isfile(path):
        raise _unfit(path, "is no file that can be read", advice)
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise _unfit(path, f"cannot be read: {error.strerror or error}", advice) from error
    if len(data) > _LARGEST_BYTES:
        raise _unfit(path, f"has more than {_LARGEST_BYTES // 10**6} MB", _size_advice())
    return data


def _opened(path: Path, data: bytes) -> Image.Image:
    advice = "Save it as a JPEG or PNG file."
    try:
        return Image.open(io.BytesIO(data), formats=list(_TYPES))
    except Image.DecompressionBombError:
        raise _unfit(path, "is far too large", _size_advice()) from None
    except OSError:
        raise _unfit(path, "is not a JPEG or PNG picture", advice) from None


def _check_picture(path: Path, picture: Image.Image) -> None:
    width, height = picture.size
    if width != height:
        raise _unfit(path, f"is {width} × {height} pixels, not square", "Crop it to a square.")
    if not MIN_SIDE_PX <= width <= MAX_SIDE_PX:
        raise _unfit(path, f"is {width} × {height} pixels", _size_advice())
    if picture.mode != "RGB":
        advice = "Save it in RGB colours, without transparency."
        raise _unfit(path, f"has colours in the mode {picture.mode}", advice)
    try:
        picture.load()
    except OSError:
        raise _unfit(path, "is damaged: its picture ends early", "Save it again.") from None


def _size_advice() -> str:
    return f"Scale it to {MIN_SIDE_PX} to {MAX_SIDE_PX} pixels on each side."


def _unfit(path: Path, what: str, advice: str) -> PublishingError:
    return PublishingError(f"The artwork {path.name} {what}.", advice)


def _too_heavy(path: Path, size: int) -> str:
    return (
        f"The artwork {path.name} has {size // 1000} kB: Apple asks for less than "
        f"{MAX_BYTES // 1000} kB. Save it as a JPEG of lower quality."
    )
