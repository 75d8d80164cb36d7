"""The properties of CSS Speech: what their values mean, what is inherited, what is initial.

A value is parsed to a function from what is inherited to what is computed, so that a
percentage or "+2st" means what the cascade says it means. Sources: CSS Speech Module
Level 1 (sections 5-12); for bookmark-*, CSS Generated Content 3 (5); for counters, CSS Lists 3 (4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from os.path import isfile

from tinycss2 import ast

from audiostory.model import VoiceStyle
from audiostory.narration.content import content_of
from audiostory.narration.style import Compute, CueValue, Style
from audiostory.narration.tokens import (
    BadValueError,
    Tokens,
    clamped,
    constant,
    file_of,
    only,
    url_of,
    words_of,
)
from audiostory.narration.voice_values import VOICE_PARSERS, Parser

_BREAKS_MS = {"none": 0, "x-weak": 50, "weak": 150, "medium": 300, "strong": 600, "x-strong": 1200}
_SPEAK = {"auto": None, "always": True, "normal": True, "never": False, "none": False}
_MOST_COUNTERS = 32
_LARGEST_COUNT = 10**6
# CSS Cascade 5, 7.3. What is reverted is as if it had not been set: there is one origin here.
_WIDE = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
_NO_COUNTERS = frozenset({"none", *_WIDE})
# What no engine here can do, and what CSS 2 called what CSS Speech calls otherwise.
UNEXPRESSED = frozenset({"voice-stress", "bookmark-state"})
_OLD_NAMES = {
    "azimuth": "voice-balance",
    "pitch": "voice-pitch",
    "pitch-range": "voice-range",
    "play-during": "cue",
    "richness": "voice-range",
    "speak-numeral": "speak-as",
    "speak-punctuation": "speak-as",
    "speech-rate": "voice-rate",
    "stress": "voice-stress",
    "volume": "voice-volume",
}


def parse(name: str, tokens: Tokens, base_url: str) -> Mapping[str, Compute]:
    """The computed fields that a declaration sets. base_url: of its stylesheet.

    Raises KeyError for an unknown property, BadValueError for a bad value.
    """
    values = [token for token in tokens if token.type not in ("whitespace", "comment")]
    if name.startswith("--"):
        return {name: _variable(name, values)}
    if not values:
        raise BadValueError("a value")
    if len(values) == 1 and values[0].type == "ident":
        word = values[0].lower_value
        if word in _WIDE:
            return {field: _wide(field, word) for field in _FIELDS[name]}
    return PARSERS[name](values, base_url)


def near_to(name: str) -> str | None:
    """The property that somebody may have meant by an unknown name."""
    if name in _OLD_NAMES:
        return _OLD_NAMES[name]
    found = get_close_matches(name, PARSERS, n=1, cutoff=0.7)
    return found[0] if found else None


def _variable(name: str, tokens: Tokens) -> Compute:
    """What a custom property holds, where content could say it; else it is not set."""
    if len(tokens) == 1 and tokens[0].type == "ident" and tokens[0].lower_value == "inherit":
        return lambda inherited: inherited
    try:
        return constant(content_of(tokens))
    except BadValueError:
        return constant(None)


# --- times: pause, rest ---------------------------------------------------------------------


def _milliseconds(token: ast.Node) -> int:
    if token.type == "ident" and token.lower_value in _BREAKS_MS:
        return _BREAKS_MS[str(token.lower_value)]
    if token.type == "dimension" and token.lower_unit in ("ms", "s") and token.value >= 0:
        ms: float = token.value * (1000 if token.lower_unit == "s" else 1)
        return round(min(60_000, ms))
    if token.type == "number" and token.value == 0:
        return 0
    raise BadValueError(f"a time up to 60s, or one of {', '.join(_BREAKS_MS)}")


def _time(place: str) -> Parser:
    """A pause, which keeps whether it is a strength or a time, or a rest."""

    def parser(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
        token = only(tokens, "one time")
        fields = {f"{place}_ms": constant(_milliseconds(token))}
        if place.startswith("pause"):
            fields[f"{place}_named"] = constant(token.type == "ident")
        return fields

    return parser


def _times(kind: str) -> Parser:
    before, after = _time(f"{kind}_before"), _time(f"{kind}_after")

    def parser(tokens: Tokens, base: str) -> Mapping[str, Compute]:
        if len(tokens) > 2:
            raise BadValueError("one time, or two: before and after")
        return {**before(tokens[:1], base), **after(tokens[-1:], base)}

    return parser


# --- cues -----------------------------------------------------------------------------------


def _cues(tokens: Tokens, base_url: str) -> list[CueValue | None]:
    cues: list[CueValue | None] = []
    for token in tokens:
        url = url_of(token)
        if url is not None:
            src = file_of(url, base_url)
            if not isfile(src):
                raise BadValueError(f"a WAV file that exists; there is no {src.name} there")
            cues.append(CueValue(src))
        elif token.type == "dimension" and token.lower_unit == "db" and cues and cues[-1]:
            cues[-1] = replace(cues[-1], gain_db=clamped(-60, token.value, 12))
        elif token.type == "ident" and token.lower_value == "none":
            cues.append(None)
        else:
            raise BadValueError('none, or url("a.wav") with decibels after it, such as -6dB')
    return cues


def _cue(field: str) -> Parser:
    def parser(tokens: Tokens, base_url: str) -> Mapping[str, Compute]:
        cues = _cues(tokens, base_url)
        if len(cues) != 1:
            raise BadValueError("one cue")
        return {field: constant(cues[0])}

    return parser


def _cue_pair(tokens: Tokens, base_url: str) -> Mapping[str, Compute]:
    cues = _cues(tokens, base_url)
    if len(cues) not in (1, 2):
        raise BadValueError("one cue, or two: before and after")
    return {"cue_before": constant(cues[0]), "cue_after": constant(cues[-1])}


# --- what is said, counted, and what is a chapter --------------------------------------------


def _speak(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    token = only(tokens, "one word")
    if token.type != "ident" or token.lower_value not in _SPEAK:
        raise BadValueError(f"one of {', '.join(_SPEAK)}")
    said = _SPEAK[token.lower_value]
    return {"speak": (lambda inherited: inherited) if said is None else constant(said)}


def _content(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    if words_of(tokens) in (["none"], ["normal"]) and len(tokens) == 1:
        return {"content": constant(None)}
    return {"content": constant(content_of(tokens))}


def _counters(field: str, unsaid: int) -> Parser:
    """none, or names, each with a whole number or else the unsaid one."""
    expected = "none, or counters' names, each with a whole number after it or none"

    def parser(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
        if words_of(tokens) == ["none"] and len(tokens) == 1:
            return {field: constant(())}
        changes: list[tuple[str, int]] = []
        has_number = True
        for token in tokens[: 2 * _MOST_COUNTERS]:
            if token.type == "ident" and token.lower_value not in _NO_COUNTERS:
                changes.append((str(token.value), unsaid))
                has_number = False
            elif token.type == "number" and token.is_integer and not has_number:
                number = int(clamped(-_LARGEST_COUNT, token.int_value, _LARGEST_COUNT))
                changes[-1] = (changes[-1][0], number)
                has_number = True
            else:
                raise BadValueError(expected)
        return {field: constant(tuple(changes))}

    return parser


def _bookmark_level(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    token = only(tokens, "none or a whole number")
    if token.type == "ident" and token.lower_value == "none":
        return {"bookmark_level": constant(None)}
    if token.type == "number" and token.is_integer and token.int_value >= 1:
        return {"bookmark_level": constant(token.int_value)}
    raise BadValueError("none, or a whole number from 1")


def _bookmark_label(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    return {"bookmark_label": constant(content_of(tokens, of_element=True))}


PARSERS: Mapping[str, Parser] = {
    **VOICE_PARSERS,
    "bookmark-label": _bookmark_label,
    "bookmark-level": _bookmark_level,
    "content": _content,
    "counter-increment": _counters("counter_increment", 1),
    "counter-reset": _counters("counter_reset", 0),
    "counter-set": _counters("counter_set", 0),
    "cue": _cue_pair,
    "cue-after": _cue("cue_after"),
    "cue-before": _cue("cue_before"),
    "pause": _times("pause"),
    "pause-after": _time("pause_after"),
    "pause-before": _time("pause_before"),
    "rest": _times("rest"),
    "rest-after": _time("rest_after"),
    "rest-before": _time("rest_before"),
    "speak": _speak,
}

_FIELDS: Mapping[str, Sequence[str]] = {
    "bookmark-label": ("bookmark_label",),
    "bookmark-level": ("bookmark_level",),
    "content": ("content",),
    "counter-increment": ("counter_increment",),
    "counter-reset": ("counter_reset",),
    "counter-set": ("counter_set",),
    "cue": ("cue_before", "cue_after"),
    "cue-after": ("cue_after",),
    "cue-before": ("cue_before",),
    "pause": (
        *("pause_before_ms", "pause_before_named"),
        *("pause_after_ms", "pause_after_named"),
    ),
    "pause-after": ("pause_after_ms", "pause_after_named"),
    "pause-before": ("pause_before_ms", "pause_before_named"),
    "rest": ("rest_before_ms", "rest_after_ms"),
    "rest-after": ("rest_after_ms",),
    "rest-before": ("rest_before_ms",),
    "speak": ("speak",),
    "speak-as": ("voice.speak_as",),
    "voice-balance": ("voice.balance",),
    "voice-duration": ("duration_s",),
    "voice-family": ("voice.family", "preserved", "language"),
    "voice-pitch": ("voice.pitch_st",),
    "voice-range": ("voice.range",),
    "voice-rate": ("voice.rate",),
    "voice-volume": ("voice.volume_db",),
}


def _wide(field: str, word: str) -> Compute:
    inherits = field.startswith("voice.") or field in ("speak", "preserved", "language")
    if word == "inherit" or (word != "initial" and inherits):
        return lambda value: value
    if field.startswith("voice."):
        return constant(getattr(VoiceStyle(), field.removeprefix("voice.")))
    return constant(getattr(Style(), field))
