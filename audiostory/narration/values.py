"""The properties of CSS Speech: what their values mean, what is inherited, what is initial.

A value is parsed to a function from what is inherited to what is computed, so that a
percentage or "+2st" means what the cascade says it means. Sources: CSS Speech Module
Level 1 (sections 4-9) and, for bookmark-*, CSS Generated Content for Paged Media 4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os.path import isfile
from pathlib import Path
from typing import Any

from tinycss2 import ast

from audiostory.model import Age, Gender, VoiceFamily, VoiceStyle
from audiostory.narration.tokens import BadValueError, attribute_of, file_of, url_of

Tokens = Sequence[ast.Node]
Compute = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class CueValue:
    """A cue: a sound file, decibels relative to the element's voice-volume."""

    src: Path
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Style:
    """The computed style of an element or of its ::before or ::after."""

    voice: VoiceStyle = field(default_factory=VoiceStyle)
    speak: bool = True
    pause_before_ms: int = 0
    pause_after_ms: int = 0
    rest_before_ms: int = 0
    rest_after_ms: int = 0
    cue_before: CueValue | None = None
    cue_after: CueValue | None = None
    bookmark_level: int | None = None
    content: tuple[ast.Node, ...] | None = None

    def inherit(self) -> Style:
        """What a child starts from: voice and speak pass on, the rest is initial."""
        return Style(voice=self.voice, speak=self.speak)


Parser = Callable[[Tokens, str], Mapping[str, Compute]]

_BREAKS_MS = {"none": 0, "x-weak": 50, "weak": 150, "medium": 300, "strong": 600, "x-strong": 1200}
_RATES = {"x-slow": 0.5, "slow": 0.75, "normal": 1.0, "medium": 1.0, "fast": 1.3, "x-fast": 1.7}
_PITCHES_ST = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "high": 3.0, "x-high": 6.0}
_RANGES = {"x-low": 0.4, "low": 0.7, "medium": 1.0, "high": 1.4, "x-high": 1.8}
_VOLUMES_DB = {"x-soft": -12.0, "soft": -6.0, "medium": 0.0, "loud": 3.0, "x-loud": 6.0}
_SPEAK = {"auto": None, "always": True, "normal": True, "never": False, "none": False}
_BALANCES = {"left": -100.0, "center": 0.0, "right": 100.0, "leftwards": -20.0, "rightwards": 20.0}
_GENDERS: dict[str, Gender] = {"male": "male", "female": "female", "neutral": "neutral"}
_AGES: dict[str, Age] = {"child": "child", "young": "young", "old": "old"}
_LONGEST_CONTENT = 1000
_MOST_PARTS = 32
_RATE_LIMITS = (0.2, 4.0)
_PITCH_LIMITS_ST = (-24.0, 24.0)


def parse(name: str, tokens: Tokens, base_url: str) -> Mapping[str, Compute]:
    """The computed fields that a declaration sets. base_url: of its stylesheet.

    Raises KeyError for an unknown property, BadValueError for a bad value.
    """
    values = [token for token in tokens if token.type not in ("whitespace", "comment")]
    if not values:
        raise BadValueError("a value")
    if len(values) == 1 and values[0].type == "ident":
        word = values[0].lower_value
        if word in ("inherit", "initial", "unset"):
            return {field: _wide(field, word) for field in _FIELDS[name]}
    return PARSERS[name](values, base_url)


def _constant(value: object) -> Compute:
    return lambda _inherited: value


def _words(tokens: Tokens) -> list[str]:
    return [token.lower_value for token in tokens if token.type == "ident"]


def _only(tokens: Tokens, expected: str) -> ast.Node:
    if len(tokens) != 1:
        raise BadValueError(expected)
    return tokens[0]


def _clamped(low: float, value: float, high: float) -> float:
    return max(low, min(high, value))


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


def _time(field: str) -> Parser:
    def parser(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
        return {field: _constant(_milliseconds(_only(tokens, "one time")))}

    return parser


def _times(prefix: str) -> Parser:
    def parser(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
        if len(tokens) > 2:
            raise BadValueError("one time, or two: before and after")
        before, after = _milliseconds(tokens[0]), _milliseconds(tokens[-1])
        return {
            f"{prefix}_before_ms": _constant(before),
            f"{prefix}_after_ms": _constant(after),
        }

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
            cues[-1] = replace(cues[-1], gain_db=_clamped(-60, token.value, 12))
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
        return {field: _constant(cues[0])}

    return parser


def _cue_pair(tokens: Tokens, base_url: str) -> Mapping[str, Compute]:
    cues = _cues(tokens, base_url)
    if len(cues) not in (1, 2):
        raise BadValueError("one cue, or two: before and after")
    return {"cue_before": _constant(cues[0]), "cue_after": _constant(cues[-1])}


# --- the voice ------------------------------------------------------------------------------


def _of_voice(field: str, compute: Callable[[Any], Any]) -> Mapping[str, Compute]:
    return {f"voice.{field}": compute}


def _voice_family(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    if _words(tokens) == ["preserve"]:
        return _of_voice("family", lambda inherited: inherited)
    families: list[VoiceFamily] = []
    group: list[ast.Node] = []
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            families.append(_family(group))
            group = []
        else:
            group.append(token)
    families.append(_family(group))
    return _of_voice("family", _constant(tuple(families)))


def _family(tokens: Tokens) -> VoiceFamily:
    expected = "voices' names, or [child|young|old] male|female|neutral and a number, with commas"
    if len(tokens) == 1 and tokens[0].type == "string" and tokens[0].value.strip():
        return VoiceFamily(name=tokens[0].value.strip())
    words = [token.value for token in tokens if token.type == "ident"]
    numbers = [token for token in tokens if token.type == "number"]
    lowered = [word.lower() for word in words]
    age = _AGES.get(lowered[0]) if lowered else None
    genders = lowered[1:] if age else lowered
    if len(genders) == 1 and genders[0] in _GENDERS and len(words) + len(numbers) == len(tokens):
        if len(numbers) > 1 or any(not n.is_integer or n.int_value < 1 for n in numbers):
            raise BadValueError(expected)
        variant = numbers[0].int_value if numbers else 1
        return VoiceFamily(gender=_GENDERS[genders[0]], age=age, variant=variant)
    if words and len(words) == len(tokens):
        return VoiceFamily(name=" ".join(words))
    raise BadValueError(expected)


def _scaled(field: str, keywords: Mapping[str, float], limits: tuple[float, float]) -> Parser:
    """A keyword (a factor of what is normal), a percentage (of what is inherited), or both."""
    expected = f"a percentage, or one of {', '.join(keywords)}"

    def parser(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
        keyword: float | None = None
        factor = 1.0
        for token in tokens:
            if token.type == "ident" and token.lower_value in keywords and keyword is None:
                keyword = keywords[token.lower_value]
            elif token.type == "percentage" and token.value > 0:
                factor = token.value / 100
            else:
                raise BadValueError(expected)
        return _of_voice(
            field,
            lambda inherited: _clamped(
                limits[0], (inherited if keyword is None else keyword) * factor, limits[1]
            ),
        )

    return parser


def _voice_pitch(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    expected = f"semitones such as +2st, a percentage, or one of {', '.join(_PITCHES_ST)}"
    keyword: float | None = None
    shift_st = 0.0
    for token in tokens:
        if token.type == "ident" and token.lower_value in _PITCHES_ST and keyword is None:
            keyword = _PITCHES_ST[token.lower_value]
        elif token.type == "dimension" and token.lower_unit == "st":
            shift_st = token.value
        elif token.type == "percentage" and token.value > 0:
            shift_st = 12 * math.log2(token.value / 100)
        elif token.type == "dimension" and token.lower_unit in ("hz", "khz"):
            raise BadValueError(f"{expected} (voices differ: no absolute frequency)")
        else:
            raise BadValueError(expected)
    return _of_voice(
        "pitch_st",
        lambda inherited: _clamped(
            _PITCH_LIMITS_ST[0],
            (inherited if keyword is None else keyword) + shift_st,
            _PITCH_LIMITS_ST[1],
        ),
    )


def _voice_volume(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    expected = f"silent, decibels such as -6dB, or one of {', '.join(_VOLUMES_DB)}"
    if _words(tokens) == ["silent"] and len(tokens) == 1:
        return _of_voice("volume_db", _constant(None))
    keyword: float | None = None
    shift_db = 0.0
    for token in tokens:
        if token.type == "ident" and token.lower_value in _VOLUMES_DB and keyword is None:
            keyword = _VOLUMES_DB[token.lower_value]
        elif token.type == "dimension" and token.lower_unit == "db":
            shift_db = token.value
        else:
            raise BadValueError(expected)

    def compute(inherited: float | None) -> float | None:
        if keyword is None and inherited is None:
            return None
        start = keyword if keyword is not None else inherited or 0.0
        return _clamped(-60, start + shift_db, 12)

    return _of_voice("volume_db", compute)


def _voice_balance(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    token = _only(tokens, "one number from -100 to 100")
    if token.type == "number" and -100 <= token.value <= 100:
        return _of_voice("balance", _constant(float(token.value)))
    if token.type == "ident" and token.lower_value in _BALANCES:
        return _of_voice("balance", _constant(_BALANCES[token.lower_value]))
    raise BadValueError(f"a number from -100 to 100, or one of {', '.join(_BALANCES)}")


# --- what is said, and what is a chapter ----------------------------------------------------


def _speak(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    token = _only(tokens, "one word")
    if token.type != "ident" or token.lower_value not in _SPEAK:
        raise BadValueError(f"one of {', '.join(_SPEAK)}")
    said = _SPEAK[token.lower_value]
    return {"speak": (lambda inherited: inherited) if said is None else _constant(said)}


def _content(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    if _words(tokens) in (["none"], ["normal"]) and len(tokens) == 1:
        return {"content": _constant(None)}
    for token in tokens:
        if token.type != "string" and not attribute_of(token):
            raise BadValueError('strings and attr(name), such as "Image: " attr(alt)')
    length = sum(len(token.value) for token in tokens if token.type == "string")
    if length > _LONGEST_CONTENT or len(tokens) > _MOST_PARTS:
        raise BadValueError(f"up to {_LONGEST_CONTENT} characters in up to {_MOST_PARTS} parts")
    return {"content": _constant(tuple(tokens))}


def _bookmark_level(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    token = _only(tokens, "none or a whole number")
    if token.type == "ident" and token.lower_value == "none":
        return {"bookmark_level": _constant(None)}
    if token.type == "number" and token.is_integer and token.int_value >= 1:
        return {"bookmark_level": _constant(token.int_value)}
    raise BadValueError("none, or a whole number from 1")


PARSERS: Mapping[str, Parser] = {
    "bookmark-level": _bookmark_level,
    "content": _content,
    "cue": _cue_pair,
    "cue-after": _cue("cue_after"),
    "cue-before": _cue("cue_before"),
    "pause": _times("pause"),
    "pause-after": _time("pause_after_ms"),
    "pause-before": _time("pause_before_ms"),
    "rest": _times("rest"),
    "rest-after": _time("rest_after_ms"),
    "rest-before": _time("rest_before_ms"),
    "speak": _speak,
    "voice-balance": _voice_balance,
    "voice-family": _voice_family,
    "voice-pitch": _voice_pitch,
    "voice-range": _scaled("range", _RANGES, (0.0, 2.0)),
    "voice-rate": _scaled("rate", _RATES, _RATE_LIMITS),
    "voice-volume": _voice_volume,
}


def computed(style: Style, declarations: Mapping[str, Compute], parent: Style) -> Style:
    """style (what is inherited) with the winning declarations of its element applied."""
    voice: dict[str, object] = {}
    own: dict[str, object] = {}
    for target, compute in declarations.items():
        if target.startswith("voice."):
            name = target.removeprefix("voice.")
            voice[name] = compute(getattr(parent.voice, name))
        else:
            own[target] = compute(getattr(parent, target))
    if voice:
        own["voice"] = replace(style.voice, **voice)  # type: ignore[arg-type]
    return replace(style, **own) if own else style  # type: ignore[arg-type]


def _wide(field: str, word: str) -> Compute:
    inherits = field.startswith("voice.") or field == "speak"
    if word == "inherit" or (word == "unset" and inherits):
        return lambda value: value
    if field.startswith("voice."):
        return _constant(getattr(VoiceStyle(), field.removeprefix("voice.")))
    return _constant(getattr(Style(), field))


_FIELDS: Mapping[str, Sequence[str]] = {
    "bookmark-level": ("bookmark_level",),
    "content": ("content",),
    "cue": ("cue_before", "cue_after"),
    "cue-after": ("cue_after",),
    "cue-before": ("cue_before",),
    "pause": ("pause_before_ms", "pause_after_ms"),
    "pause-after": ("pause_after_ms",),
    "pause-before": ("pause_before_ms",),
    "rest": ("rest_before_ms", "rest_after_ms"),
    "rest-after": ("rest_after_ms",),
    "rest-before": ("rest_before_ms",),
    "speak": ("speak",),
    "voice-balance": ("voice.balance",),
    "voice-family": ("voice.family",),
    "voice-pitch": ("voice.pitch_st",),
    "voice-range": ("voice.range",),
    "voice-rate": ("voice.rate",),
    "voice-volume": ("voice.volume_db",),
}
