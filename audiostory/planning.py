"""All that comes before the sound: an article narrated, and a job for each passage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from audiostory.config import Settings
from audiostory.errors import EngineError, ProfileError
from audiostory.model import (
    Article,
    CastVoice,
    Passage,
    Respelling,
    Script,
    Utterance,
    VoiceStyle,
)
from audiostory.narration import Lexicon, Narrator, narrate
from audiostory.render import Job, Recording, plan
from audiostory.report import Report
from audiostory.show_elements import recording_of, with_elements
from audiostory.speech.casting import cast
from audiostory.speech.engine import engine_of, unknown_sounds


def write(article: Article, narrator: Narrator, report: Report) -> tuple[Article, Script]:
    """Narrate an article: it comes back with its quotations marked. Raises AudiostoryError."""
    report.step("narration", 0, 1)
    article, script = narrate(article, narrator.stylesheet, narrator.lexicon, narrator.casting)
    for warning in article.warnings:
        report.warn(warning)
    return article, script


def plan_episode(
    article: Article, settings: Settings, narrator: Narrator, report: Report
) -> tuple[Article, Script, tuple[Job | Recording, ...]]:
    """All that comes before the sound: the article as narrated, its script, a job for each passage.

    Raises AudiostoryError: ProfileError where the profile has nothing to say of the article.
    """
    article, script = write(article, narrator, report)
    if not script.passages:
        raise ProfileError(
            f"The voice profile {narrator.stylesheet.name} has nothing to say of {article.source}.",
            "Choose another with --profile.",
        )
    script = with_elements(script, article, settings.show, narrator, report.warn)
    jobs = plan_jobs(script, article.language, settings, report, narrator.lexicon)
    return article, script, jobs


def plan_jobs(
    script: Script,
    language: str,
    settings: Settings,
    report: Report,
    lexicon: Lexicon,
) -> tuple[Job | Recording, ...]:
    """A job for each passage, every utterance with its voice.

    language: the article's. What is in another one that no voice speaks is said in it, with a
    warning; so is a pronunciation that its voice has no sounds for. lexicon: where the warning
    finds its entry. Raises EngineError when no voice speaks the article's.
    """
    report.step("speech", 0, 1)
    warn = cache(report.warn)  # each warning once
    if settings.sound.channels == 1 and _is_placed(script):
        warn(
            "The profile places voices left and right (voice-balance), and the show is mono: "
            'they stay in the middle. Set "channels = 2" in show.toml for stereo.'
        )

    @cache
    def voices_of_style(style: VoiceStyle, language: str) -> tuple[CastVoice, ...]:
        voices, warnings = cast(style, language, settings.company)
        for warning in warnings:
            warn(warning)
        return voices

    def cast_utterance(utterance: Utterance) -> tuple[CastVoice, ...]:
        try:
            return voices_of_style(utterance.voice, utterance.language)
        except EngineError:
            if utterance.language == language:
                raise
            warn(f'No voice speaks "{utterance.language}": what is in it is read as {language}.')
            return voices_of_style(utterance.voice, language)

    def sayable(passage: Passage) -> Passage:
        items = (
            _sayable(item, cast_utterance(item)[0], lexicon, warn)
            if isinstance(item, Utterance) and any(r.ipa for r in item.respellings)
            else item
            for item in passage.items
        )
        return replace(passage, items=tuple(items))

    passages = map(sayable, script.passages)
    return tuple(
        recording_of(passage, settings) or plan(passage, cast_utterance, settings.sound)
        for passage in passages
    )


def _sayable(
    utterance: Utterance, voice: CastVoice, lexicon: Lexicon, warn: Callable[[str], None]
) -> Utterance:
    """The utterance without pronunciations that its voice has no sounds for."""
    engine = engine_of(voice)
    kept: list[Respelling] = []
    for said in utterance.respellings:
        unknown = unknown_sounds(engine, said.ipa, voice) if said.ipa else ""
        if not unknown:
            kept.append(said)
            continue
        place = lexicon.place(utterance.text, utterance.language, said.begin) or utterance.id
        word = utterance.text[said.begin : said.end]
        why = f'"{voice.voice_id}" of {voice.table} has no sound for "{unknown}"'
        warn(f"{place}: /{said.ipa}/: {why}. “{word}” is read as it is written.")
    return replace(utterance, respellings=tuple(kept))


def _is_placed(script: Script) -> bool:
    """Whether anything in a script is to be heard from the left or the right."""
    return any(u.voice.balance for passage in script.passages for u in passage.utterances)
