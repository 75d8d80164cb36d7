"""How a show sounds, as show.toml says it: sample rate, channels, bit rate, loudness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from audiostory.errors import UsageError
from audiostory.model import SoundFormat


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
