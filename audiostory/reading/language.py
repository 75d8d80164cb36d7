"""Which language a text is in, where nothing says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Language, script, region and variants; extensions; private use (RFC 5646, 2.1).
_TAG = re.compile(
    r"[a-z]{2,3}([-_][a-z0-9]{2,8})*([-_][a-wyz0-9]([-_][a-z0-9]{2,8})+)*([-_]x([-_][a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
_SAMPLE_CHARACTERS = 4000
_FEWEST_CHARACTERS = 25  # of Latin letters; other scripts say more
_NOT_LATIN = re.compile("[\u0370-\u1cff\u2e80-\ud7ff]")
_DEFAULT = "en"


def tag(declared: str | None) -> str | None:
    """A declared language as a BCP 47 tag, or None when it is none."""
    if declared and _TAG.fullmatch(declared.strip()):
        return declared.strip().replace("_", "-")
    return None


def detect(text: str) -> str:
    """The language of a text, as a BCP 47 tag; of a very short one in Latin letters, English."""
    sample = text.strip()[:_SAMPLE_CHARACTERS]
    if len(sample) < _FEWEST_CHARACTERS and not _NOT_LATIN.search(sample):
        return _DEFAULT
    import py3langid  # loads its model: not for those who need none

    language, _score = py3langid.classify(sample)
    return str(language)


def rank(text: str) -> Sequence[tuple[str, float]]:
    """Languages by how likely a text is in them, the likeliest first, with log probabilities."""
    import py3langid

    ranked: Sequence[tuple[str, float]] = py3langid.rank(text.strip()[:_SAMPLE_CHARACTERS])
    return ranked
