"""Casting: which voice of an engine speaks, given voice-family and a language.

Rules of the CSS Speech Module, section "voice-family": the language outranks the family, and
the alternatives of a family are tried in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from audiostory.errors import EngineError, UsageError
from audiostory.model import CastVoice, Company, EngineChoice, Voice, VoiceFamily, VoiceStyle
from audiostory.speech.engine import engine_names, voice_named, voices_of
from audiostory.speech.languages import ANY, Distance, distance


def cast(
    style: VoiceStyle, language: str, company: Company
) -> tuple[tuple[CastVoice, ...], tuple[str, ...]]:
    """Find the voices for a style: who speaks, and in order who speaks instead if that fails.

    language: BCP 47. Each alternative of the family that somebody can take is one; what names an
    engine ("piper/en_US-lessac-medium") is of that engine; the last is of the default one. With
    them come warnings, one for each alternative before the first that nobody could take, for a
    person to be shown once. Raises EngineError when no voice speaks the language.
    """
    default = company.default
    voices = voices_of(default.engine, default.options)
    speakers = _speakers(language, voices)
    found: list[CastVoice] = []
    missed: list[str] = []
    for family in style.family:
        choice, name = _engine_named(family, company)
        try:
            voice = _choose(name, language, choice, speakers if choice is default else None)
            why = f'No voice "{family}" of {choice.name} speaks "{language}"'
            why = f"{why}{_no_engine(family, choice, company)}:"
        except (EngineError, UsageError) as error:
            voice, why = None, f"{error.what} {error.advice}".strip()
        if voice is not None:
            found.append(_cast_voice(style, language, choice, voice))
        elif not found:
            missed.append(why)
    if not found and not speakers:
        raise _no_speaker(language, default.name, voices)
    own = (default.engine, default.options)
    if speakers and not any((voice.engine, voice.options) == own for voice in found):
        found.append(_cast_voice(style, language, default, speakers[0]))
    instead = f'"{found[0].voice_id}" speaks instead.'
    return tuple(dict.fromkeys(found)), tuple(f"{why} {instead}" for why in missed)


def _engine_named(family: VoiceFamily, company: Company) -> tuple[EngineChoice, VoiceFamily]:
    """Whose voice a family asks for, and which of its voices."""
    name, slash, voice = (family.name or "").partition("/")
    choice = company.named(name) if slash else None
    if choice is None and slash and name in engine_names():
        choice = EngineChoice(name, name)
    if choice is None:
        return company.default, family
    return choice, replace(family, name=voice)


def _no_engine(family: VoiceFamily, choice: EngineChoice, company: Company) -> str:
    """That what a family may take for an engine is none."""
    name, slash, _ = (family.name or "").partition("/")
    meant = slash and choice is company.default and company.named(name) is None
    return f', and there is no engine "{name}"' if meant and name not in engine_names() else ""


def _cast_voice(style: VoiceStyle, language: str, choice: EngineChoice, voice: Voice) -> CastVoice:
    return CastVoice(
        engine=choice.engine,
        voice_id=voice.id,
        language=language,
        rate=style.rate,
        pitch_st=style.pitch_st,
        range=style.range,
        options=choice.options,
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
    family: VoiceFamily, language: str, choice: EngineChoice, speakers: Sequence[Voice] | None
) -> Voice | None:
    """The voice of an engine that takes a family's part. speakers: its voices, if known."""
    if speakers is None:
        speakers = _speakers(language, voices_of(choice.engine, choice.options))
    candidates = list(_candidates(family, speakers))
    if not candidates and family.name is not None:
        # Beside those that it lists, an engine may know voices by name.
        unlisted = voice_named(choice.engine, choice.options, family.name)
        candidates = _speakers(language, [unlisted] if unlisted else [])
    return candidates[(family.variant - 1) % len(candidates)] if candidates else None


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
