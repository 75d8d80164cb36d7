"""speak-as, as CSS Speech has it: letters, digits and punctuation apart."""

from __future__ import annotations

import pytest

from audiostory.model import SpeakAs, Utterance, VoiceStyle
from audiostory.narration.lexicon import load_lexicons
from audiostory.narration.speakable import speakable


def spoken(text: str, *ways: SpeakAs, language: str = "en") -> str:
    voice = VoiceStyle(speak_as=ways)
    utterance = Utterance("p-1", text, text, "paragraph", language, voice)
    return speakable(utterance, load_lexicons([])).spoken


@pytest.mark.parametrize(
    ("language", "written", "letters"),
    [
        ("en", "Ada 42", "A.D.A 4 2"),
        ("de", "Ada 42", "A D A 4 2"),
        ("ru", "Да", "дэ а"),
        ("is", "Ada", "A D A"),
    ],
)
def test_spell_out_says_one_letter_at_a_time(language: str, written: str, letters: str) -> None:
    assert spoken(written, "spell-out", language=language) == letters


def test_digits_are_said_one_by_one_and_the_rest_as_ever() -> None:
    assert spoken("Room 1914, Main St.", "digits") == "Room 1 9 1 4, Main Street."


def test_literal_punctuation_is_named() -> None:
    assert spoken("Yes, no.", "literal-punctuation") == "Yes comma no dot"
    assert spoken("Да, нет.", "literal-punctuation", language="ru") == "Да запятая нет точка"


def test_no_punctuation_is_passed_over_and_still_parts_words() -> None:
    assert spoken("“Yes”, don't — no/never!", "no-punctuation") == "Yes don't  no never"


def test_ways_go_together() -> None:
    assert spoken("Ada, 42", "spell-out", "literal-punctuation") == "A.D.A comma 4 2"


def test_without_them_an_utterance_is_said_as_a_narrator_says_it() -> None:
    assert spoken("It cost $5.3bn.") == "It cost 5.3 billion dollars."
