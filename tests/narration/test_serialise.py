from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from audiostory.model import Article, Script
from audiostory.narration import narrate, script_as_json, script_as_text
from tests.narration.helpers import article, stylesheet

CSS = """article { voice-family: old male 2, "Ann" } h1 { bookmark-level: 1; pause-after: 700ms }
p { cue-before: url(beep.wav) -6.5dB } aside { speak: none }
p::before { content: "Text: " } q.direct { voice-family: "Ann"; voice-volume: silent }"""
INNER = "<h1>Rain</h1><p>She said: “It is wet.”</p><aside><p>Or not.</p></aside>"


def narrated(folder: Path) -> tuple[Article, Script]:
    source = replace(
        article(INNER), authors=("Ann Lee",), published=datetime(2026, 2, 3, 23, tzinfo=UTC)
    )
    return narrate(source, stylesheet(folder, CSS))


def test_the_text_has_a_passage_a_paragraph_and_an_item_a_line(tmp_path: Path) -> None:
    assert (
        script_as_text(*narrated(tmp_path))
        == """\
Rain
en, story.html

[heading, chapter level 1]
  old male 2: Rain
  … 700 ms

[paragraph]
  ♪ beep -6.5 dB
  old male 2 (announcement): Text:
  old male 2: She said:
  Ann (direct): “It is wet.”

Omitted:
  the voice profile gives it no volume: “It is wet.”
  the voice profile does not speak it: Or not.

8 words: 3 spoken, 5 omitted.
"""
    )


def test_the_data_has_the_shape_that_the_readme_lays_down(tmp_path: Path) -> None:
    data = script_as_json(*narrated(tmp_path))
    assert data == json.loads(json.dumps(data))
    assert list(data) == ["article", "passages", "omitted", "coverage"]
    assert data["article"] == {
        "title": "Rain",
        "language": "en",
        "authors": ["Ann Lee"],
        "published": "2026-02-03",
        "source": "story.html",
    }
    assert data["coverage"] == {"words_in_article": 8, "words_spoken": 3, "words_omitted": 5}
    assert data["omitted"][1] == {
        "text": "Or not.",
        "reason": "the voice profile does not speak it",
    }


def test_a_passage_as_data(tmp_path: Path) -> None:
    heading, paragraph = script_as_json(*narrated(tmp_path))["passages"]
    assert {name: heading[name] for name in ("role", "language", "chapter")} == {
        "role": "heading",
        "language": "en",
        "chapter": {"level": 1, "title": "Rain"},
    }
    assert heading["items"][1] == {"type": "pause", "ms": 700}
    assert paragraph["chapter"] is None
    assert paragraph["items"][0] == {"type": "cue", "src": "beep.wav", "gain_db": -6.5}
    speech = paragraph["items"][-1]
    assert speech == {
        "type": "speak",
        "id": f"{paragraph['id']}-2",
        "text": "It is wet.",
        "spoken": "It is wet.",
        "role": "quotation",
        "speaker": None,
        "quote": "direct",
        "language": "en",
        "voice": {
            "family": ["Ann"],
            "rate": 1.0,
            "pitch_st": 0.0,
            "range": 1.0,
            "volume_db": None,
            "balance": 0.0,
            "speak_as": [],
            "letter_s": None,
        },
    }


def test_an_article_without_a_date_or_a_profile_without_a_voice(tmp_path: Path) -> None:
    marked, script = narrate(article("<p>Rain.</p>"), stylesheet(tmp_path, ""))
    assert script_as_json(marked, script)["article"]["published"] is None
    assert "  default: Rain.\n" in script_as_text(marked, script)
