"""The few words of our own on pages and in show notes: data in labels.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources

_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Labels:
    """Our own words in one language (a two-letter code)."""

    language: str
    listen: str
    chapters: str
    transcript: str
    subscribe: str
    omitted: str
    image: str
    original: str
    read: str
    download: str


def labels(language: str) -> Labels:
    """Our words in the language of a BCP 47 tag, or in English."""
    table = json.loads(resources.files(__package__).joinpath("labels.json").read_text("utf-8"))
    primary = language.lower().split("-")[0]
    known = primary if primary in table else _FALLBACK
    return Labels(known, **table[known])
