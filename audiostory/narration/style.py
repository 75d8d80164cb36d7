"""The computed style of an element: what its voice is, what sounds around it, what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from audiostory.model import VoiceStyle
from audiostory.narration.content import Content, Variables

# From what is inherited to what is computed.
Compute = Callable[[Any], Any]

CounterChanges = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class CueValue:
    """A cue: a sound file, decibels relative to the element's voice-volume."""

    src: Path
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Style:
    """The computed style of an element or of its ::before or ::after.

    language: of whose voice speaks all in the element, where voice-family: preserve keeps it.
    duration_s: what all that is said of the element is to take. pause_…_named: whether it is
    given as a strength, such as weak, and not as a time. bookmark_label, content: None
    where the element's own text serves. variables: the custom properties that are set.
    """

    voice: VoiceStyle = field(default_factory=VoiceStyle)
    speak: bool = True
    variables: Variables = field(default_factory=dict)
    preserved: bool = False
    language: str | None = None
    duration_s: float | None = None
    pause_before_ms: int = 0
    pause_before_named: bool = False
    pause_after_ms: int = 0
    pause_after_named: bool = False
    rest_before_ms: int = 0
    rest_after_ms: int = 0
    cue_before: CueValue | None = None
    cue_after: CueValue | None = None
    bookmark_level: int | None = None
    bookmark_label: Content | None = None
    content: Content | None = None
    counter_reset: CounterChanges = ()
    counter_increment: CounterChanges = ()
    counter_set: CounterChanges = ()

    def inherit(self) -> Style:
        """What a child starts from: what is of the voice passes on, the rest is initial."""
        return Style(self.voice, self.speak, self.variables, self.preserved, self.language)


def computed(style: Style, declarations: Mapping[str, Compute], parent: Style) -> Style:
    """style (what is inherited) with the winning declarations of its element applied."""
    voice: dict[str, object] = {}
    own: dict[str, object] = {}
    variables: dict[str, Content | None] = {}
    for target, compute in declarations.items():
        if target.startswith("voice."):
            name = target.removeprefix("voice.")
            voice[name] = compute(getattr(parent.voice, name))
        elif target.startswith("--"):
            variables[target] = compute(parent.variables.get(target))
        else:
            own[target] = compute(getattr(parent, target))
    if voice:
        own["voice"] = replace(style.voice, **voice)  # type: ignore[arg-type]
    if variables:
        merged = {**style.variables, **variables}
        own["variables"] = {name: value for name, value in merged.items() if value is not None}
    return replace(style, **own) if own else style  # type: ignore[arg-type]
