from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostory.narration import NO_LEXICON, Lexicon, load_lexicons
from audiostory.narration.lexicon import Replacement
from audiostory.narration.pls import Lexeme
from audiostory.narration.speakable import respelt
from tests.narration.helpers import VOICES, assert_linear

KYIV = "ˈkiːjɪv"


def lexicon(*entries: tuple[str, str], language: str = "en") -> Lexicon:
    """Entries of a grapheme and IPA between slashes, or an alias."""
    return Lexicon(
        tuple(
            Lexeme(grapheme, language, f"a.pls, line {line}", ipa=said.strip("/"))
            if said.startswith("/")
            else Lexeme(grapheme, language, f"a.pls, line {line}", alias=said)
            for line, (grapheme, said) in enumerate(entries, 1)
        )
    )


def spoken(text: str, *entries: tuple[str, str], language: str = "en") -> str:
    """A text as it is said, IPA between slashes."""
    found = lexicon(*entries).replacements(text, language)
    said = (Replacement(r.begin, r.end, f"/{r.ipa}/" if r.ipa else r.said) for r in found)
    return respelt(text, said)[0]


def test_whole_words_are_found_and_no_others():
    assert spoken("Kyiv, Kyivan (Kyiv)", ("Kyiv", f"/{KYIV}/")) == f"/{KYIV}/, Kyivan (/{KYIV}/)"
    assert spoken("C++ or C", ("C++", "C plus plus")) == "C plus plus or C"
    assert spoken("see §5", ("§", "section ")) == "see section 5"


def test_an_apostrophe_is_the_same_in_print_and_from_a_typewriter():
    assert spoken("O’Neill, O'Neill", ("O'Neill", "oh neel")) == "oh neel, oh neel"
    assert spoken("O’Neill, O'Neill", ("O’Neill", "oh neel")) == "oh neel, oh neel"
    assert spoken("o’clock", ("o'clock", "x")) == "x"


def test_the_dot_of_a_short_form_may_end_a_sentence_too():
    entry = ("U.S.", "United States")
    assert spoken("He left the U.S. Then he came.", entry) == (
        "He left the United States. Then he came."
    )
    assert spoken("He left the U.S.", entry) == "He left the United States."
    assert spoken("“I left the U.S.”", entry) == "“I left the United States.”"
    assert spoken("The U.S. Senate sat.", entry) == "The United States Senate sat."
    assert spoken("the U.S. in May, and.", entry) == "the United States in May, and."


def test_the_longest_is_found_first():
    entries = (("Kyiv", "a"), ("Kyiv Oblast", "b"), ("Kyiv Oblast Council", "c"))
    assert spoken("Kyiv Oblast Council; Kyiv Oblast; Kyiv Opera", *entries) == "c; b; a Opera"


def test_a_capital_is_found_as_it_is_written_and_small_letters_in_any_case():
    assert spoken("US us Us", ("US", "U S")) == "U S us Us"
    assert spoken("nginx Nginx NGINX", ("nginx", "x")) == "x x x"
    assert spoken("nginx Unit nginx unit", ("nginx", "x"), ("nginx Unit", "y")) == "y x unit"
    assert spoken("İstanbul istanbul", ("İstanbul", "x")) == "x istanbul"


def test_the_first_of_two_entries_for_the_same_text_wins():
    assert spoken("Kyiv", ("Kyiv", "a"), ("Kyiv", "b")) == "a"
    assert spoken("us US", ("us", "a"), ("US", "b")) == "a a"
    assert spoken("us US", ("US", "b"), ("us", "a")) == "a b"


@pytest.mark.parametrize(
    ("language", "of_lexicon", "found"),
    [
        ("en", "en", True),
        ("en-GB", "en", True),
        ("en-gb", "en-GB".lower(), True),
        ("en", "en-gb", False),
        ("en-US", "en-gb", False),
        ("eng", "en", False),
        ("de", "en", False),
    ],
)
def test_a_lexicon_is_for_its_language_and_its_accents(language: str, of_lexicon: str, found: bool):
    entries = lexicon(("Kyiv", "x"), language=of_lexicon)
    assert bool(entries.replacements("Kyiv", language)) == found


def test_of_several_words_each_has_its_own_sounds():
    found = lexicon(("Xi Jinping", "/ʃiː dʒɪnˈpɪŋ/")).replacements("as Xi Jinping said", "en")
    assert found == [Replacement(3, 5, "Xi", "ʃiː"), Replacement(6, 13, "Jinping", "dʒɪnˈpɪŋ")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kyiv's mayor", "/ˈkiːjɪvz/ mayor"),
        ("Kyiv’s mayor", "/ˈkiːjɪvz/ mayor"),
        ("Bundesbank's vote", "/bæŋks/ vote"),
        ("Keir Bush's vote", "/kɪə bʊʃɪz/ vote"),
        ("Kyiv’sch", "/ˈkiːjɪv/’sch"),
    ],
)
def test_in_english_an_owner_keeps_its_sounds(text: str, said: str):
    entries = (("Kyiv", f"/{KYIV}/"), ("Bundesbank", "/bæŋk/"), ("Keir Bush", "/kɪə bʊʃ/"))
    assert spoken(text, *entries).replace("/ /", " ") == said


def test_an_entry_is_found_again_by_what_it_was_used_for():
    entries = lexicon(("Kyiv", "/a/"), ("Xi Jinping", "/ʃiː dʒɪnˈpɪŋ/"))
    text = "Kyiv met Xi Jinping"
    places = [entries.place(text, "en", r.begin) for r in entries.replacements(text, "en")]
    assert places == ["a.pls, line 1", "a.pls, line 2", "a.pls, line 2"]
    assert entries.place("nobody", "en", 0) is None


def test_files_named_first_win(tmp_path: Path):
    paths = []
    for name in ("own", "other"):
        paths.append(tmp_path / f"{name}.pls")
        paths[-1].write_text(
            '<lexicon version="1.0" alphabet="ipa" xml:lang="en" '
            'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"><lexeme>'
            f"<grapheme>Kyiv</grapheme><alias>{name}</alias></lexeme><lexeme/></lexicon>"
        )
    loaded = load_lexicons(paths)
    assert [r.said for r in loaded.replacements("Kyiv", "en")] == ["own"]
    assert len(loaded.warnings) == 2


@pytest.mark.parametrize("path", sorted((VOICES / "lexicons").glob("*.pls")), ids=lambda p: p.stem)
def test_the_built_in_lexicons_hold_for_their_language(path: Path):
    loaded = load_lexicons([path])
    assert not loaded.warnings
    graphemes = [lexeme.grapheme for lexeme in loaded.lexemes]
    assert len(graphemes) == len(set(graphemes)) > 8
    assert {lexeme.language for lexeme in loaded.lexemes} == {path.stem}


@given(st.text("aAbB '’ .é", max_size=40), st.lists(st.text("aAbB .", min_size=1), max_size=8))
def test_replacements_are_in_order_and_apart_and_stand_where_their_grapheme_is(
    text: str, graphemes: list[str]
):
    names = [name.strip() for name in graphemes if name.strip()]
    at = 0
    for found in lexicon(*((name, "x") for name in names)).replacements(text, "en"):
        assert at <= found.begin < found.end <= len(text)
        at = found.end
        written = text[found.begin : found.end].lower()
        assert {written, f"{written}."} & {name.lower() for name in names}


def test_a_large_lexicon_is_quick_on_any_text():
    names = [f"{a}{b}{c}lensky" for a in "KLMNPRST" for b in "aeiou" for c in "bdfgklmnprstvz"]
    entries = lexicon(*((name, "x") for name in names), ("aaa", "y"))
    entries.replacements("", "en")
    began = time.process_time()
    words = "Nobody in Kalensky spoke of it again that evening. " * 4000
    assert entries.replacements(words, "en") == []
    assert time.process_time() - began < 2  # 36,000 words: 300,000 take less than 20 s
    assert_linear(lambda size: entries.replacements("a" * size, "en"), 400_000)
    assert_linear(lambda size: entries.replacements("aaa " * size, "en"), 40_000)


def test_without_a_lexicon_all_is_said_as_it_is_written():
    assert NO_LEXICON.replacements("Kyiv", "en") == []
