"""Where a sentence ends."""

from __future__ import annotations

import re

_ENDED = re.compile(
    r"[.!?…。！？](?:\s?[\"'”’»“‘)\]*_]){0,4}$|[:;](?:\s?[\"'”’»“‘)\]*_]){0,3}$"
    r"|(?<!\d)[.!?…][\"'”’»]?\[?\d{1,3}\]?$"  # the number of a note
)


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _ENDED.search(text[-8:]) is not None
