"""A show's cast: who speaks keeps one voice from episode to episode.

An article's annotated tree numbers its speakers' voices by order of appearance (data-voice). A
show knows better: its number takes the place, and its voice-family goes before the profile's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import tinycss2
from lxml.html import HtmlElement

from audiostory.model import VoiceFamily, VoiceStyle
from audiostory.narration import values
from audiostory.narration.style import Style
from audiostory.narration.stylesheet import Styles
from audiostory.narration.tokens import BadValueError

_FAMILY = "data-voice-family"


@dataclass(frozen=True, slots=True)
class CastMember:
    """A speaker's voice: its number in the show, and a voice-family (CSS) or ""."""

    voice: int | None = None
    family: str = ""


# From an article's speakers, in order of appearance, to the parts that they have in the show.
Casting = Callable[[Sequence[str]], Mapping[str, CastMember]]


def nobody(_speakers: Sequence[str]) -> Mapping[str, CastMember]:
    """The casting where there is no show."""
    return {}


def set_cast(body: HtmlElement, casting: Casting) -> None:
    """Give the quotations of an annotated body the voices that their speakers have in the show."""
    quotations = [e for e in body.iter("q", "blockquote") if e.get("data-speaker")]
    speakers = list(dict.fromkeys(str(e.get("data-speaker")) for e in quotations))
    members = casting(speakers) if speakers else {}
    for element in quotations:
        member = members.get(str(element.get("data-speaker")))
        if member is None:
            continue
        if member.voice is not None:
            element.set("data-voice", str(member.voice))
        if member.family:
            element.set(_FAMILY, member.family)


def recast(element: HtmlElement, styles: Styles, inherited: Style) -> Styles:
    """An element's styles in the voice-family that its speaker has in the show.

    A profile that gives the element no voice of its own, as one with one voice does, gives its
    speaker none. What a stylesheet adds (::before) keeps its voice.
    """
    css = element.get(_FAMILY)
    if not css or styles.own.voice.family == inherited.voice.family:
        return styles
    voice = replace(styles.own.voice, family=voice_family(css))
    return replace(styles, own=replace(styles.own, voice=voice))


@lru_cache(maxsize=1000)
def voice_family(css: str) -> tuple[VoiceFamily, ...]:
    """The value of a voice-family declaration. Raises BadValueError: it says what is taken."""
    tokens = tinycss2.parse_component_value_list(css, skip_comments=True)
    try:
        compute = values.parse("voice-family", tokens, "")["voice.family"]
    except ValueError as error:
        raise BadValueError(str(error)) from error
    families: tuple[VoiceFamily, ...] = compute(VoiceStyle().family)
    if not families:
        raise BadValueError("a voice's name, or male, female or neutral")
    return families
