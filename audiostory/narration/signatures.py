"""Lines that say who is quoted above them: — Anna Weiss, the mayor."""

from __future__ import annotations

import re

_SIGNED = re.compile(r"\s*(?:[—–―-]+|\()?\s*(?:by\s+)?([^,;(\n—–|]{2,80})", re.IGNORECASE)
_SIGNATURE = re.compile(r"\s*[—–―-]+\s*(?=[^\W\d_])")
_LONGEST_SIGNATURE = 80  # characters


def signature(text: str) -> str | None:
    """The name in a line that says who is quoted: — Anna Weiss, the mayor."""
    found = _SIGNED.match(text)
    name = found.group(1).strip(" .:\u00a0") if found else ""
    return name if any(letter.isalpha() for letter in name) else None


def is_signature(text: str) -> bool:
    """Whether a paragraph is a dash and a name."""
    return len(text) <= _LONGEST_SIGNATURE and _SIGNATURE.match(text) is not None
