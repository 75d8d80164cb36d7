"""How a generated cover is drawn: a sound wave under the show's name, in colours of its own."""

from __future__ import annotations

import colorsys
import hashlib
import math
import unicodedata
from collections.abc import Iterator, Sequence

from PIL import Image, ImageDraw, ImageFont

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing.text import fold

_DESIGN = "1"  # Another number gives every generated cover another name.
_FONTS = (
    "DejaVuSans-Bold.ttf",
    "NotoSans-Bold.ttf",
    "LiberationSans-Bold.ttf",
    "FreeSansBold.ttf",
    "NotoSansCJK-Bold.ttc",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansDevanagari-Bold.ttf",
    "wqy-zenhei.ttc",
    "segoeuib.ttf",
    "arialbd.ttf",
    "Arial Bold.ttf",
    "msyhbd.ttc",
    "malgunbd.ttf",
    "Arial Unicode.ttf",
    "PingFang.ttc",
    "AppleSDGothicNeo.ttc",
)
_MISSING = "\uffff"  # No font has it.
_PROBE_PX = 40

# In thousandths of the picture's side.
_MARGIN = 90
_TITLE_HEIGHT = 470
_TITLE_SIZES = range(150, 40, -6)
_AUTHOR_SIZE = 44
_LEADING = 1.16
_WAVE_MIDDLE = 700
_WAVE_HEIGHT = 290
_BARS = 41
_BAR_SHARE = 0.52

_INK = (255, 255, 255)
_Font = ImageFont.FreeTypeFont
_Colour = tuple[int, int, int]


def plan(show: Show) -> str:
    """All that decides how a cover looks, as text: shows with the same plan look the same."""
    title, author = fold(show.title), fold(show.author)
    return "\n".join((_DESIGN, title, author, _font_name(title), _font_name(author)))


def draw(show: Show, side_px: int) -> Image.Image:
    """A square picture, RGB; the same for the same title and author (and fonts)."""
    title, author = fold(show.title), fold(show.author)
    seed = hashlib.sha256(title.encode()).digest()
    picture = _ground(seed, side_px)
    canvas = ImageDraw.Draw(picture)
    _draw_wave(canvas, seed, side_px)
    _draw_title(canvas, title, side_px)
    _draw_author(canvas, author, side_px)
    return picture


def _ground(seed: bytes, side_px: int) -> Image.Image:
    """A dark gradient: white on it has a contrast of 7:1 and more, whatever the hue."""
    hue = seed[0] / 256
    top = Image.new("RGB", (1, side_px), _colour(hue, 0.72, 0.36))
    bottom = Image.new("RGB", (1, side_px), _colour(hue + 0.12, 0.85, 0.14))
    column = Image.composite(bottom, top, Image.linear_gradient("L").resize((1, side_px)))
    return column.resize((side_px, side_px), Image.Resampling.NEAREST)


def _colour(hue: float, saturation: float, value: float) -> _Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _draw_wave(canvas: ImageDraw.ImageDraw, seed: bytes, side_px: int) -> None:
    unit = side_px / 1000
    step = (1000 - 2 * _MARGIN) / _BARS
    width = step * _BAR_SHARE
    hue = seed[0] / 256
    for number, height in enumerate(_heights(seed)):
        left = _MARGIN + number * step + (step - width) / 2
        half = max(width / 2, height * _WAVE_HEIGHT / 2)
        box = (left, _WAVE_MIDDLE - half, left + width, _WAVE_MIDDLE + half)
        colour = _colour(hue + 0.42 + 0.16 * number / _BARS, 0.55, 1.0)
        canvas.rounded_rectangle(
            [round(edge * unit) for edge in box], radius=width * unit / 2, fill=colour
        )


def _heights(seed: bytes) -> Iterator[float]:
    """Heights 0…1 of a wave like that of speech: syllables that swell and fade."""
    first, second = seed[1] / 40, seed[2] / 40
    for number in range(_BARS):
        place = number / (_BARS - 1)
        envelope = math.sin(math.pi * place) ** 0.6
        syllables = 0.55 + 0.45 * math.sin(first + place * (14 + seed[3] % 8))
        grain = 0.6 + 0.4 * math.sin(second + number * 2.1) * (seed[4 + number % 24] / 255)
        yield max(0.0, envelope * syllables * grain)


def _draw_title(canvas: ImageDraw.ImageDraw, title: str, side_px: int) -> None:
    name = _font_name(title)
    if name == _MISSING:
        return
    unit = side_px / 1000
    font, lines = _fitted(title, name, unit)
    for number, line in enumerate(lines):
        top = _MARGIN * unit + number * font.size * _LEADING
        _write(canvas, line, font, top, side_px)


def _fitted(title: str, font_name: str, unit: float) -> tuple[_Font, list[str]]:
    """The title in lines, as large as fits its room; too long a title ends where it is full."""
    width, height = (1000 - 2 * _MARGIN) * unit, _TITLE_HEIGHT * unit
    for size in _TITLE_SIZES:
        font = _font(font_name, size * unit)
        lines = _wrapped(title, font, width)
        if lines and len(lines) * font.size * _LEADING <= height:
            return font, lines
    font = _font(font_name, _TITLE_SIZES[-1] * unit)
    return font, _cut_lines(title, font, width)[: int(height / (font.size * _LEADING))]


def _draw_author(canvas: ImageDraw.ImageDraw, author: str, side_px: int) -> None:
    name = _font_name(author)
    if name == _MISSING:
        return
    unit = side_px / 1000
    font = _font(name, _AUTHOR_SIZE * unit)
    line = _cut_lines(author, font, (1000 - 2 * _MARGIN) * unit)[:1]
    top = (1000 - _MARGIN - _AUTHOR_SIZE) * unit
    _write(canvas, "".join(line), font, top, side_px)


def _write(canvas: ImageDraw.ImageDraw, line: str, font: _Font, top: float, side_px: int) -> None:
    margin = _MARGIN * side_px / 1000
    left, anchor = (side_px - margin, "ra") if _is_right_to_left(line) else (margin, "la")
    canvas.text((left, top), line, font=font, fill=_INK, anchor=anchor)


def _is_right_to_left(text: str) -> bool:
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((it for it in directions if it in ("L", "R", "AL")), "L") != "L"


def _wrapped(text: str, font: _Font, width: float) -> list[str]:
    """The text in lines by words; none when a word alone is too wide."""
    lines: list[str] = []
    for word in text.split():
        if font.getlength(word) > width:
            return []
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut_lines(text: str, font: _Font, width: float) -> list[str]:
    """The text in lines by letters, for what has no spaces to break at."""
    lines = [""]
    for letter in text:
        if lines[-1] and font.getlength(lines[-1] + letter) > width:
            lines.append("")
        lines[-1] += letter
    return [line.strip() for line in lines]


def _font(name: str, size_px: float) -> _Font:
    """A system's font by its file's name, or Pillow's own by none."""
    if name:
        return ImageFont.truetype(name, size_px)
    font = ImageFont.load_default(size_px)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise PublishingError(
            "This Pillow draws no text: it was built without FreeType.",
            "Install Pillow's wheel, or set artwork in show.toml.",
        )
    return font


def _font_name(text: str) -> str:
    """A font with every letter of the text: "" for Pillow's own, U+FFFF when there is none."""
    for name in ("", *_FONTS):
        try:
            font = _font(name, _PROBE_PX)
        except OSError:
            continue
        if _has_all(font, text):
            return name
    return _MISSING


def _has_all(font: _Font, text: str) -> bool:
    missing = _look(font, _MISSING)
    return all(_look(font, letter) != missing for letter in _visible(text))


def _visible(text: str) -> Sequence[str]:
    return sorted(
        {c for c in text if not c.isspace() and unicodedata.category(c) not in ("Mn", "Me", "Cf")}
    )


def _look(font: _Font, letter: str) -> tuple[bytes, float]:
    return bytes(font.getmask(letter)), font.getlength(letter)
