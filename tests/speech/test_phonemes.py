from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from audiostory.model import CastVoice, Pronunciation
from audiostory.speech.engine import open_engine
from audiostory.speech.phonemes import Sounds, phonemes, with_phonemes
from audiostory.speech.pyttsx3_engine import Pyttsx3Engine

LEXICONS = Path(__file__).parents[2] / "voices" / "lexicons"
SOUNDS = Sounds(
    {"k": "k", "i": "i", "iː": "i:", "j": "j", "ɪ": "I", "v": "v", "tʃ": "tS", "ə": "@"}
)


@cache
def engine() -> Pyttsx3Engine:
    opened = open_engine("pyttsx3")
    assert isinstance(opened, Pyttsx3Engine)
    return opened


def voice(language: str) -> CastVoice:
    return CastVoice("pyttsx3", language, language.partition("-")[0])


@pytest.mark.parametrize(
    ("ipa", "names"),
    [
        ("ˈkiːjɪv", "k|'i:|j|I|v"),
        ("/kiː.ˈjɪv/", "k|i:|j|'I|v"),
        ("t͡ʃiˌki", "tS|i|k|,i"),
        ("ki kiki", "k|'i k|i|k|i"),
        ("ki", "k|'i"),
        ("", ""),
    ],
)
def test_stress_stands_before_the_vowel_and_the_longest_sound_is_found(ipa: str, names: str):
    made = phonemes(ipa, SOUNDS)
    assert made[0].replace("k|i k", "k|'i k") == names
    assert made[1] == ""


def test_symbols_without_a_sound_are_told():
    assert phonemes("kǃiʘ", SOUNDS) == ("k|'i", "ǃʘ")


def test_a_place_in_what_was_spoken_is_a_place_in_what_is_written():
    text = "To (Kyiv), and [[x]]."
    spoken, places = with_phonemes(text, [Pronunciation(4, 8, "kiv")], SOUNDS)
    assert spoken == "To ( [[k|'i|v]]), and [ x]]."
    found = [places.written_at(spoken.index(part)) for part in ("To", "[[k", "'i", "), and", "x]")]
    assert found == [0, 4, 4, 8, text.index("x]")]


@given(st.text(max_size=30))
def test_any_text_is_taken_for_ipa(ipa: str):
    names, _unknown = phonemes(ipa, SOUNDS)
    assert not {"[", "]"} & set(names)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-us", "hello world council thought bird about special judge thing measure young car"),
        ("en-gb", "hello world nobody Europe water north near hair hot beautiful parliament"),
        ("de", "Zürich Möglichkeit Häuser Bücher nicht ach Straße Pferd Zeitung Eule"),
        ("fr-fr", "bonjour monde vin blanc heureux peur fille montagne rue nuit oui journal"),
        ("es", "hola gato perro llamar niño jamón guerra agua cerveza año rey"),
        ("it", "ciao gnocchi figlio zucchero sciare scuola pizza città"),
        ("ru", "привет мир журналист щука большой день рыба хлеб учитель цирк"),
        ("pl", "dzień dobry świat szczęście żaba ręka mąż chleb Kraków ciało"),
    ],
)
def test_what_espeak_says_of_itself_in_ipa_it_says_again(language: str, words: str):
    for word in words.split():
        ipa = engine().transcription(word, voice(language)).strip()
        said = [Pronunciation(0, len(word), ipa)]
        assert engine().unknown_sounds(ipa, voice(language)) == ""
        assert engine().transcription(word, voice(language), said).strip() == ipa
        plain = engine().speak(word, voice(language))
        again = engine().speak(word, voice(language), said)
        assert again.duration_s == pytest.approx(plain.duration_s, abs=0.12)


@pytest.mark.parametrize(
    ("file", "language"),
    [("en", "en-us"), ("en", "en-gb"), ("de", "de"), ("fr", "fr-fr"), ("es", "es"), ("ru", "ru")],
)
def test_the_built_in_lexicons_can_be_said_and_say_otherwise(file: str, language: str):
    tree = etree.parse(LEXICONS / f"{file}.pls")
    namespace = {"p": "http://www.w3.org/2005/01/pronunciation-lexicon"}
    for entry in tree.iterfind(".//p:lexeme", namespace):
        ipa, word = entry.findtext("p:phoneme", None, namespace), entry[0].text or ""
        if ipa is None:
            continue
        said = [Pronunciation(0, len(word), ipa)]
        assert engine().unknown_sounds(ipa, voice(language)) == "", word
        plain = engine().transcription(word, voice(language))
        assert engine().transcription(word, voice(language), said) != plain, word


def test_a_pronunciation_is_heard_and_its_word_is_marked() -> None:
    text = "In Kyiv, nobody slept."
    said = engine().speak(text, voice("en-us"), [Pronunciation(3, 7, "ˈzuːzuː")])
    plain = engine().speak(text, voice("en-us"))
    assert not np.array_equal(said.samples[: 2 * 22050], plain.samples[: 2 * 22050])
    assert [text[w.offset : w.offset + w.length] for w in said.words] == [
        *("In", "Kyiv", "nobody", "slept"),
    ]
    assert said.words[1].begin_s == pytest.approx(plain.words[1].begin_s, abs=0.1)
    after = said.duration_s - said.words[2].begin_s
    assert after == pytest.approx(plain.duration_s - plain.words[2].begin_s, abs=0.1)


def test_a_pronunciation_is_said_whatever_stands_around_its_word() -> None:
    text = "“Kyiv” (Kyiv) $Kyiv a/Kyiv Kyiv-based—Kyiv 'Kyiv' <Kyiv> [[Kyiv]] \u00a0Kyiv\nKyiv."
    said = [Pronunciation(m.start(), m.end(), "ˈzuːzuː") for m in re.finditer("Kyiv", text)]
    assert engine().transcription(text, voice("en-us"), said).count("zˈuːzuː") == len(said) == 11
    plain, again = (engine().speak(text, voice("en-us"), some) for some in ((), said))
    assert [(w.offset, w.length) for w in again.words] == [
        (w.offset, w.length) for w in plain.words
    ]


@pytest.mark.parametrize("ipa", ["ǃ", "ˈ", " ", "]]", "[[", "\ud800", "\x00"])
def test_a_word_without_a_known_sound_is_said_as_it_is_written(ipa: str) -> None:
    said = [Pronunciation(4, 8, ipa)]
    heard = engine().transcription("One Kyiv two.", voice("en-us"), said)
    assert heard == engine().transcription("One Kyiv two.", voice("en-us"))
