"""How a show sounds, as show.toml says it: its format, its intro and its outro."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from string import Formatter
from typing import Any

from audiostory.errors import UsageError
from audiostory.model import Article, Show, ShowElement, SoundFormat


@dataclass(frozen=True, slots=True)
class _Choice:
    """Bit rates that go with some sample rates, and the one that is usual."""

    sample_rates_hz: tuple[int, ...]
    channels: int
    bit_rates_kbps: tuple[int, ...]
    usual_kbps: int

    def __str__(self) -> str:
        sounds = "mono (channels = 1)" if self.channels == 1 else "stereo (channels = 2)"
        rates, bit_rates = _either(self.sample_rates_hz), _either(self.bit_rates_kbps)
        return f"{rates} Hz in {sounds} with {bit_rates} kbit/s"


def _either(numbers: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} or {numbers[-1]}"


# What Apple Podcasts takes in mono, and up to twice as much in stereo; of the bit rates that MPEG-2
# has at the lower sample rates and MPEG-1 at the higher ones.
_CHOICES = (
    _Choice((22050, 24000), 1, (40, 48, 56, 64, 80), 64),
    _Choice((22050, 24000), 2, (64, 80, 96, 112, 128, 144, 160), 96),
    _Choice((44100, 48000), 1, (64, 80, 96, 112, 128), 96),
    _Choice((44100, 48000), 2, (96, 112, 128, 160, 192, 224, 256), 128),
)
SAMPLE_RATES_HZ = tuple(sorted({hz for choice in _CHOICES for hz in choice.sample_rates_hz}))
BIT_RATES_KBPS = tuple(sorted({kbps for choice in _CHOICES for kbps in choice.bit_rates_kbps}))


def formats() -> Iterator[SoundFormat]:
    """Every format that a show may have, at the usual loudness."""
    for choice in _CHOICES:
        for rate in choice.sample_rates_hz:
            for kbps in choice.bit_rates_kbps:
                yield SoundFormat(rate, kbps, choice.channels)


def sound_format(values: Mapping[str, Any]) -> SoundFormat:
    """The format of values that are each possible; a bit rate that is not given suits the rest.

    Raises UsageError for a bit rate that does not go with the sample rate and the channels.
    """
    names = ("sample_rate_hz", "channels", "bit_rate_kbps", "loudness_lufs")
    form = replace(SoundFormat(), **{name: values[name] for name in names if name in values})
    choice = next(
        it
        for it in _CHOICES
        if form.sample_rate_hz in it.sample_rates_hz and it.channels == form.channels
    )
    if "bit_rate_kbps" not in values:
        return replace(form, bit_rate_kbps=choice.usual_kbps)
    if form.bit_rate_kbps not in choice.bit_rates_kbps:
        sounds = "mono" if form.channels == 1 else "stereo"
        raise UsageError(
            f"{form.bit_rate_kbps} kbit/s do not go with {form.sample_rate_hz} Hz in {sounds}.",
            f"What goes together in show.toml: {'; '.join(map(str, _CHOICES))}.",
        )
    return form


# --- intro and outro ------------------------------------------------------------------------

_ELEMENT_KEYS = {"file", "text", "fade_in_s", "fade_out_s"}
_LONGEST_FADE_S = 60
_PLACES = ("title", "authors", "show")
ELEMENT_EXPECTED = (
    "a table with either file (the path of a sound) or text in it; with a file also fade_in_s and "
    f"fade_out_s, seconds from 0 to {_LONGEST_FADE_S}"
)


def element_table(value: object) -> dict[str, Any] | None:
    """The values of a table [intro] or [outro]; None when they are not what it takes."""
    if not isinstance(value, dict) or not value.keys() <= _ELEMENT_KEYS:
        return None
    texts = [value[name] for name in ("file", "text") if name in value]
    fades = [value[name] for name in ("fade_in_s", "fade_out_s") if name in value]
    if len(texts) != 1 or not isinstance(texts[0], str) or not texts[0].strip():
        return None
    if not all(map(_is_fade, fades)) or ("text" in value and fades):
        return None
    return value


def _is_fade(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value <= _LONGEST_FADE_S  # type: ignore[operator]


def show_element(table: Mapping[str, Any], folder: Path, name: str) -> ShowElement:
    """The element of a table; its file is relative to the folder. name: intro or outro.

    Raises UsageError for a file that is not there and for a text with other places to fill than
    {title}, {authors} and {show}.
    """
    fades = (float(table.get("fade_in_s", 0)), float(table.get("fade_out_s", 0)))
    if "text" in table:
        text = table["text"].strip()
        _check_places(text, name)
        return ShowElement(text=text)
    file = folder / table["file"].strip()
    if not os.path.isfile(file):  # Path's raises for a long name
        raise UsageError(
            f"The sound {file} of [{name}] is not there.",
            "Put it there, or take it out of show.toml.",
        )
    return ShowElement(file, None, *fades)


def _check_places(text: str, name: str) -> None:
    known = ", ".join(f"{{{place}}}" for place in _PLACES)
    advice = f"Known: {known}. Write {{{{ and }}}} for braces that are to be said."
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise UsageError(f"The text of [{name}] has a brace alone: {error}.", advice) from error
    for _, place, spec, conversion in parts:
        if place is not None and (place not in _PLACES or spec or conversion):
            raise UsageError(f'The text of [{name}] has "{{{place}}}" in it.', advice)


def element_text(text: str, article: Article, show: Show) -> str:
    """What is to be said: a text of [intro] or [outro] with the article's and the show's data.

    An article of unknown authors is the show's author's, as in its tags.
    """
    authors = ", ".join(article.authors) or show.author
    return text.format(title=article.title, authors=authors, show=show.title)
