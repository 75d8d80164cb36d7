"""Which voice speaks a language: ranges and tags of BCP 47 (RFC 4647)."""

from __future__ import annotations

ANY = "*"

# The region meant when none is said (CLDR likely subtags), where voices of several are common.
_LIKELY_REGION = {
    "ar": "eg",
    "de": "de",
    "en": "us",
    "es": "es",
    "fr": "fr",
    "it": "it",
    "nl": "nl",
    "pt": "br",
    "zh": "cn",
}

Distance = tuple[int, bool, int]


def distance(wanted: str, tag: str) -> Distance | None:
    """How far a voice of one language is from speaking another; None if it does not.

    wanted, tag: BCP 47 tags, any case; tag may be "*". Smaller is closer: subtags of the range
    given up (the lookup of RFC 4647, section 3.4), then a script that was not asked for, then
    the likely region before others, then fewer subtags.
    """
    asked, offered = _subtags(wanted), _subtags(tag)
    if offered == [ANY]:
        return (len(asked), False, 0)
    if not asked or asked[0] != offered[0]:
        return None
    shared = _shared(asked, offered)
    extra = offered[shared:]
    foreign_script = any(len(subtag) == 4 and subtag.isalpha() for subtag in extra)
    return (len(asked) - shared, foreign_script, _remoteness(offered[0], extra))


def _subtags(tag: str) -> list[str]:
    return tag.lower().replace("_", "-").split("-") if tag else []


def _shared(asked: list[str], offered: list[str]) -> int:
    shared = 0
    for left, right in zip(asked, offered, strict=False):
        if left != right:
            break
        shared += 1
    return shared


def _remoteness(primary: str, extra: list[str]) -> int:
    if not extra:
        return 0
    likely = extra == [_LIKELY_REGION.get(primary)]
    return 1 if likely else 1 + len(extra)
