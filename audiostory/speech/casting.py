"""Casting: which voice of an engine speaks, given voice-family and a language.

Rules of the CSS Speech Module, section "voice-family": the language outranks the family, and
the alternatives of a family are tried in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audiostory.errors import EngineError
from audiostory.model import CastVoice, Voice, VoiceFamily, VoiceStyle
from audiostory.speech.languages import ANY, Distance, distance


def cast(
    style: VoiceStyle, language: str, engine_name: str, voices: Sequence[Voice]
) -> tuple[CastVoice, tuple[str, ...]]:
    """Find the voice for a style.

    language: BCP 47. voices: the engine's, the best first. Returns the voice and warnings, one
    for each alternative of the family that nobody could take, for a person to be shown once.
    Raises EngineError when no voice speaks the language.
    """
    speakers = _speakers(language, voices)
    if not speakers:
        raise _no_speaker(language, engine_name, voices)
    voice, missed = _choose(style.family, speakers)
    warnings = tuple(
        f'No voice "{family}" of {engine_name} speaks "{language}": "{voice.id}" speaks instead.'
        for family in missed
    )
    return _cast_voice(style, language, engine_name, voice), warnings


def _cast_voice(style: VoiceStyle, language: str, engine_name: str, voice: Voice) -> CastVoice:
    return CastVoice(
        engine=engine_name,
        voice_id=voice.id,
        language=language,
        rate=style.rate,
        pitch_st=style.pitch_st,
        range=style.range,
    )


def _speakers(language: str, voices: Sequence[Voice]) -> list[Voice]:
    """The voices that speak the language, the closest first, else in the engine's order."""
    near = [(_nearest(language, voice), voice) for voice in voices]
    ranked = [(gap, voice) for gap, voice in near if gap is not None]
    return [voice for _, voice in sorted(ranked, key=lambda pair: pair[0])]


def _nearest(language: str, voice: Voice) -> Distance | None:
    gaps = [distance(language, tag) for tag in voice.languages]
    return min((gap for gap in gaps if gap is not None), default=None)


def _choose(
    families: Sequence[VoiceFamily], speakers: Sequence[Voice]
) -> tuple[Voice, list[VoiceFamily]]:
    missed: list[VoiceFamily] = []
    for family in families:
        candidates = list(_candidates(family, speakers))
        if candidates:
            return candidates[(family.variant - 1) % len(candidates)], missed
        missed.append(family)
    return speakers[0], missed


def _candidates(family: VoiceFamily, speakers: Sequence[Voice]) -> Iterator[Voice]:
    if family.name is not None:
        wanted = family.name.casefold()
        named = (v for v in speakers if wanted in (v.id.casefold(), v.name.casefold()))
        yield from list(named)[:1]
        return
    matching = [v for v in speakers if family.gender in (None, v.gender)]
    # An age is a preference: it brings the voices of that age, and only them, to the front.
    yield from [v for v in matching if v.age == family.age] or matching


def _no_speaker(language: str, engine_name: str, voices: Sequence[Voice]) -> EngineError:
    spoken = sorted({tag.split("-")[0] for voice in voices for tag in voice.languages})
    listed = ", ".join(spoken) if spoken and ANY not in spoken else "nothing"
    return EngineError(
        f'No voice of the engine "{engine_name}" speaks "{language}".',
        f"It speaks: {listed}. Choose another engine, or say which language the text is in.",
    )
