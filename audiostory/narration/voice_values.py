"""The properties of an element's voice (CSS Speech Module Level 1, sections 6, 7, 11 and 12)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from tinycss2 import ast

from audiostory.model import Age, Gender, SpeakAs, VoiceFamily
from audiostory.narration.style import Compute
from audiostory.narration.tokens import BadValueError, Tokens, clamped, constant, only, words_of

Parser = Callable[[Tokens, str], Mapping[str, Compute]]

_RATES = {"x-slow": 0.5, "slow": 0.75, "normal": 1.0, "medium": 1.0, "fast": 1.3, "x-fast": 1.7}
_PITCHES_ST = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "high": 3.0, "x-high": 6.0}
_RANGES = {"x-low": 0.4, "low": 0.7, "medium": 1.0, "high": 1.4, "x-high": 1.8}
_VOLUMES_DB = {"x-soft": -12.0, "soft": -6.0, "medium": 0.0, "loud": 3.0, "x-loud": 6.0}
_BALANCES = {"left": -100.0, "center": 0.0, "right": 100.0}
_SHIFTS = {"leftwards": -20.0, "rightwards": 20.0}
_GENDERS: dict[str, Gender] = {"male": "male", "female": "female", "neutral": "neutral"}
_AGES: dict[str, Age] = {"child": "child", "young": "young", "old": "old"}
_SPEAK_AS: Mapping[str, SpeakAs] = {
    "spell-out": "spell-out",
    "digits": "digits",
    "literal-punctuation": "literal-punctuation",
    "no-punctuation": "no-punctuation",
}
_RATE_LIMITS = (0.2, 4.0)
_RANGE_LIMITS = (0.0, 2.0)
_LEAST = 2.0**-10  # of a pitch or a range: "-100%" would leave none
_MOST_ST = 120.0
_PITCH_LIMITS_ST = (-24.0, 24.0)
_FURTHEST = 100.0
_LONGEST_DURATION_S = 600.0


def _of_voice(field: str, compute: Callable[[Any], Any]) -> Mapping[str, Compute]:
    return {f"voice.{field}": compute}


def _voice_family(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    if words_of(tokens) == ["preserve"] and len(tokens) == 1:
        return {"voice.family": lambda inherited: inherited, "preserved": constant(True)}
    families: list[VoiceFamily] = []
    group: list[ast.Node] = []
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            families.append(_family(group))
            group = []
        else:
            group.append(token)
    families.append(_family(group))
    return {
        "voice.family": constant(tuple(families)),
        "preserved": constant(False),
        "language": constant(None),
    }


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


def _voice_rate(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    """A keyword, a percentage (50% is half of what is inherited), or both (11.2)."""
    keyword, token = _keyword_and_change(tokens, _RATES)
    if token is not None and (token.type != "percentage" or token.value <= 0):
        raise BadValueError(f"a percentage, or one of {', '.join(_RATES)}")
    factor = 1.0 if token is None else token.value / 100
    return _of_voice("rate", _factor(keyword, factor, _RATE_LIMITS))


def _voice_range(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    """A keyword, a change (50% is half more than what is inherited), or both (11.4)."""
    keyword, token = _keyword_and_change(tokens, _RANGES)
    shift_st = 0.0 if token is None else _semitones(token, _RANGES)
    return _of_voice("range", _factor(keyword, 2 ** (shift_st / 12), _RANGE_LIMITS))


def _factor(keyword: float | None, factor: float, limits: tuple[float, float]) -> Compute:
    low, high = limits
    return lambda inherited: clamped(
        low, (inherited if keyword is None else keyword) * factor, high
    )


def _keyword_and_change(
    tokens: Tokens, keywords: Mapping[str, float]
) -> tuple[float | None, ast.Node | None]:
    """What a keyword stands for, and the token beside it; None where there is none."""
    keyword: float | None = None
    change: ast.Node | None = None
    for token in tokens:
        if token.type == "ident" and token.lower_value in keywords and keyword is None:
            keyword = keywords[token.lower_value]
        elif token.type in ("percentage", "dimension") and change is None:
            change = token
        else:
            raise BadValueError(f"one change, or one of {', '.join(keywords)}, or both")
    return keyword, change


def _semitones(token: ast.Node, keywords: Mapping[str, float]) -> float:
    """How far a change goes: "+2st", or "50%", which is half more, or "-50%", half less."""
    expected = f"semitones such as +2st, a percentage, or one of {', '.join(keywords)}"
    if token.type == "percentage":
        return 12 * math.log2(max(_LEAST, 1 + token.value / 100))
    if token.lower_unit == "st":
        return clamped(-_MOST_ST, token.value, _MOST_ST)
    if token.lower_unit in ("hz", "khz"):
        raise BadValueError(f"{expected} (voices differ: no frequency)")
    raise BadValueError(expected)


def _voice_pitch(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    """A keyword, a change of what is inherited, or both (11.3)."""
    keyword, token = _keyword_and_change(tokens, _PITCHES_ST)
    shift_st = 0.0 if token is None else _semitones(token, _PITCHES_ST)
    low, high = _PITCH_LIMITS_ST
    return _of_voice(
        "pitch_st",
        lambda inherited: clamped(
            low, (inherited if keyword is None else keyword) + shift_st, high
        ),
    )


def _voice_volume(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    expected = f"silent, decibels such as -6dB, or one of {', '.join(_VOLUMES_DB)}"
    if words_of(tokens) == ["silent"] and len(tokens) == 1:
        return _of_voice("volume_db", constant(None))
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
        return clamped(-60, start + shift_db, 12)

    return _of_voice("volume_db", compute)


def _voice_balance(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    """leftwards and rightwards move from what is inherited; nothing is beyond the edges."""
    token = only(tokens, "one number from -100 to 100")
    if token.type == "number":
        return _of_voice("balance", constant(clamped(-_FURTHEST, float(token.value), _FURTHEST)))
    word = token.lower_value if token.type == "ident" else ""
    if word in _BALANCES:
        return _of_voice("balance", constant(_BALANCES[word]))
    if word in _SHIFTS:
        return _of_voice(
            "balance",
            lambda inherited: clamped(-_FURTHEST, inherited + _SHIFTS[word], _FURTHEST),
        )
    raise BadValueError(f"a number from -100 to 100, or one of {', '.join([*_BALANCES, *_SHIFTS])}")


def _voice_duration(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    token = only(tokens, "auto, or one time")
    if token.type == "ident" and token.lower_value == "auto":
        return {"duration_s": constant(None)}
    if token.type == "dimension" and token.lower_unit in ("ms", "s") and token.value > 0:
        seconds = token.value / (1000 if token.lower_unit == "ms" else 1)
        return {"duration_s": constant(min(_LONGEST_DURATION_S, seconds))}
    raise BadValueError("auto, or a time such as 4s")


def _speak_as(tokens: Tokens, _base: str) -> Mapping[str, Compute]:
    """normal | spell-out || digits || [ literal-punctuation | no-punctuation ] (7.2)."""
    expected = f"normal, or of {', '.join(_SPEAK_AS)} each once, and one about punctuation"
    words = words_of(tokens)
    if words == ["normal"] and len(tokens) == 1:
        return _of_voice("speak_as", constant(()))
    known = [_SPEAK_AS[word] for word in words if word in _SPEAK_AS]
    once = len(set(known)) == len(known) == len(tokens)
    if not once or {"literal-punctuation", "no-punctuation"} <= set(known):
        raise BadValueError(expected)
    return _of_voice("speak_as", constant(tuple(sorted(known))))


VOICE_PARSERS: Mapping[str, Parser] = {
    "speak-as": _speak_as,
    "voice-balance": _voice_balance,
    "voice-duration": _voice_duration,
    "voice-family": _voice_family,
    "voice-pitch": _voice_pitch,
    "voice-range": _voice_range,
    "voice-rate": _voice_rate,
    "voice-volume": _voice_volume,
}
