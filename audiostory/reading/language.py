"""Which language a text is in, where nothing says so."""

from __future__ import annotations

import re

_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")
_SAMPLE_CHARACTERS = 4000
_FEWEST_CHARACTERS = 25  # of Latin letters; other scripts say more
_NOT_LATIN = re.compile("[\u0370-\u1cff\u2e80-\ud7ff]")
_DEFAULT = "en"


def tag(declared: str | None) -> str | None:
    """A declared language as a BCP 47 tag, or None when it is none."""
    if declared and _TAG.match(declared.strip()):
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
