"""The narration script as data and as text. Both formats are stable: programs read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from audiostory.model import Article, Cue, Item, Passage, Pause, Script, Utterance, VoiceStyle


def script_as_json(article: Article, script: Script) -> dict[str, Any]:
    """The script as JSON-ready data, in the shape that README.md lays down."""
    return {
        "article": {
            "title": article.title,
            "language": article.language,
            "authors": list(article.authors),
            "published": article.published.date().isoformat() if article.published else None,
            "source": article.source,
        },
        "passages": [_passage(passage) for passage in script.passages],
        "omitted": [{"text": o.text, "reason": o.reason} for o in script.omitted],
        "coverage": asdict(script.coverage),
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "role": passage.role,
        "language": passage.language,
        "chapter": asdict(passage.chapter) if passage.chapter else None,
        "items": [_item(item) for item in passage.items],
    }


def _item(item: Item) -> dict[str, Any]:
    match item:
        case Utterance():
            return {
                "type": "speak",
                "id": item.id,
                "text": item.text,
                "spoken": item.spoken,
                "role": item.role,
                "speaker": item.speaker,
                "quote": item.quote,
                "language": item.language,
                "voice": _voice(item.voice),
            }
        case Cue():
            return {"type": "cue", "src": item.src.name, "gain_db": item.gain_db}
        case Pause():
            return {"type": "pause", "ms": item.ms}


def _voice(voice: VoiceStyle) -> dict[str, Any]:
    family = [str(family) for family in voice.family]
    return {**asdict(voice), "family": family, "speak_as": list(voice.speak_as)}


def script_as_text(article: Article, script: Script) -> str:
    """The script for a person: a passage a paragraph, an item a line."""
    lines = [article.title, f"{article.language}, {article.source}"]
    for passage in script.passages:
        lines += ["", *_passage_lines(passage, article.language)]
    if script.omitted:
        lines += ["", "Omitted:"]
        lines += [f"  {omission.reason}: {omission.text}" for omission in script.omitted]
    counts = script.coverage
    lines += [
        "",
        f"{counts.words_in_article} words: {counts.words_spoken} spoken, "
        f"{counts.words_omitted} omitted.",
    ]
    return "\n".join(lines) + "\n"


def _passage_lines(passage: Passage, language: str) -> Iterator[str]:
    chapter = f", chapter level {passage.chapter.level}" if passage.chapter else ""
    yield f"[{passage.role}{chapter}]"
    for item in passage.items:
        yield f"  {_item_line(item, language)}"


def _item_line(item: Item, language: str) -> str:
    match item:
        case Cue():
            gain = f" {item.gain_db:+g} dB" if item.gain_db else ""
            return f"♪ {item.src.stem}{gain}"
        case Pause():
            return f"… {item.ms} ms"
        case Utterance():
            written = f"{item.lead}{item.text}{item.trail}".strip()
            return f"{_label(item, language)}: {written}"


def _label(utterance: Utterance, language: str) -> str:
    """Who says it, and how: a language is named where it is not the article's."""
    family = str(utterance.voice.family[0]) if utterance.voice.family else "default"
    what = "announcement" if utterance.is_announcement else utterance.quote
    foreign = utterance.language if utterance.language != language else None
    names = [name for name in (what, utterance.speaker, foreign) if name]
    return f"{family} ({', '.join(names)})" if names else family
