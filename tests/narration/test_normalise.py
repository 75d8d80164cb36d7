"""Words as they are said. What a narrator says for a sentence is in benchmarks/data/speakable."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostory.narration.normalise import lexis_of, normalised
from audiostory.narration.speakable import Replacement, respelt
from benchmarks.speakable import CASES, cases, wrong
from tests.narration.helpers import assert_linear

LANGUAGES = ("en", "de", "fr", "es", "ru", "uk", "it", "pt", "pl", "nl")
SHARE = 0.98  # of the cases

# What rules look for, so that chance finds it.
PIECES = (
    *"0123456789.,-–/$€£%:#@[]°²½ \u00a0IVXLabcABCмгЖя'’\"\u200b\u202e",
    *("St. ", "No. ", "May ", "3. ", "г. ", "млн ", " km", " h", "http://", "www.", "1914", "'90s"),
    *("Louis XIV", "World War I", "т. е.", "z. B.", "1er", "-й", "\U0001f600", "\ud800", "(", ")"),
)
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


def said(text: str, language: str = "en") -> str:
    return respelt(text, normalised(text, language))[0]


@pytest.mark.parametrize("language", sorted(path.stem for path in CASES.glob("*.toml")))
def test_a_language_is_said_as_a_careful_narrator_says_it(language: str) -> None:
    failures = list(wrong(language))
    assert len(failures) <= (1 - SHARE) * len(cases(language)), failures


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("$1.5m–$2m, $900k–$2m", "1.5 to 2 million dollars, 900 thousand to 2 million dollars"),
        ("It cost $1.3 million dollars.", "It cost 1.3 million dollars."),
        ("a £10m-a-year firm", "a 10 million pound a year firm"),
        ("the $5 million spent there", "the 5 million dollars spent there"),
        ("It sold 5m copies; a 5m pole.", "It sold 5 million copies; a 5 meter pole."),
        (
            "10^6, 5 × 10⁶, E=mc²",
            "10 to the power of 6, 5 times 10 to the power of 6, E=mc squared",
        ),
        (
            "By Ines Calder · 16 May 2026",
            "By Ines Calder · the sixteenth of May twenty twenty-six",
        ),
        ("News · Ann Lee · 5 min read", "News · Ann Lee · 5 minutes read"),
        ("Page 3 · 16 photos", "Page 3 · 16 photos"),
        ("3 · 4 = 12, a · b; (a + b) · c", "3 times 4 = 12, a times b; (a + b) times c"),
        ("about 5 · 10⁶ years", "about 5 times 10 to the power of 6 years"),
        ("a fall of <5%", "a fall of less than 5%"),
        ("from 10:30–11:45 a.m.", "from 10:30 to 11:45 a.m."),
        ("Between 1914 and 1918 he", "Between nineteen fourteen and nineteen eighteen he"),
        ("About 1990 cars and 2000 ships", "About 1990 cars and 2000 ships"),
        ("Is it true? No. 5 came.", "Is it true? No. 5 came."),
        ("Economic Co-operation", "Economic Co-operation"),
        ("Thumbs \U0001f44d\U0001f3fd up", "Thumbs thumbs up up"),
        ("t.co/daC7Qr7ZhZ and a.org/news", "t dot co and a dot org slash news"),
        ("https://t.co/daC7Qr7ZhZ", "t dot co"),
        ("I told Charles I knew.", "I told Charles I knew."),
        ("<tweet", "<tweet"),
    ],
)
def test_english_by_context(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("ru", "от 5 до 10 млн рублей", "от пяти до десяти миллионов рублей"),
        ("ru", "пять и 5,5 млн", "пять и пять с половиной миллионов"),
        ("ru", "около 1,5 млн", "около полутора миллионов"),
        ("ru", "с 2010 по 2014 год", "с две тысячи десятого по две тысячи четырнадцатый год"),
        ("ru", "с 1990-х годов", "с тысяча девятьсот девяностых годов"),
        ("ru", "в г. Туле и в г. Омск", "в городе Туле и в город Омск"),
        ("uk", "у м. Львові", "у місті Львові"),
        ("uk", "2 т", "дві тонни"),
        ("de", "80 Mio. Menschen", "80 Millionen Menschen"),
        ("de", "1½ Stunden, 1 Tonne", "eineinhalb Stunden, eine Tonne"),
        ("fr", "avec M. Dupont", "avec monsieur Dupont"),
        ("fr", "le plan M. Puis rien", "le plan M. Puis rien"),
        ("es", "con D. Juan", "con don Juan"),
        ("es", "91 123 45 67", "9 1, 1 2 3, 4 5, 6 7"),
        ("it", "3 mln di euro e 5 €", "3 milioni di euro e 5 euro"),
        ("pt", "R$ 5 milhões", "5 milhões de reais"),
        ("pl", "5 zł i 2 km", "5 złotych i 2 kilometry"),
        ("nl", "3 mln. euro, 5 km/h", "3 miljoen euro, 5 kilometer per uur"),
        ("en-GB", "25/12/2023", "the twenty-fifth of December twenty twenty-three"),
        ("en-GB", "1/2/2023", "the first of February twenty twenty-three"),
        ("en-US", "1/2/2023", "the second of January twenty twenty-three"),
    ],
)
def test_other_languages_by_context(language: str, written: str, spoken: str) -> None:
    assert said(written, language) == spoken


def test_a_language_without_a_table_is_said_as_written() -> None:
    assert normalised("$5.3bn og 12.10.2022", "is") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", ["1.234'567,5", "1,234'567.5", "1 234.567,5", "1'234 567,8.9"])
def test_a_number_whose_groups_are_parted_by_several_signs_is_none(
    number: str, language: str
) -> None:
    for text in (f"€{number}", f"{number} km", f"{number} %", number):
        assert said(text, language)


def test_varieties_of_a_language_share_its_table() -> None:
    """A page may name ten thousand of them, and patterns are kept for each table."""
    assert lexis_of("en-AU") is lexis_of("en_nz-x-abc") is lexis_of("en-GB")
    assert said("2/3/2026", "en-US") != said("2/3/2026", "en-GB")


@pytest.mark.parametrize(("sign", "spoken"), [("⅐", "one seventh"), ("⅒", "one tenth")])
def test_a_fraction_of_one_sign_is_said_in_a_text_without_digits(sign: str, spoken: str) -> None:
    assert said(f"About {sign} of it") == f"About {spoken} of it"


def test_an_emoji_is_left_to_the_engine_in_a_language_that_has_no_name_for_it() -> None:
    assert said("Bravo 😀", "it") == "Bravo faccina con un gran sorriso"
    assert said("Cześć 😀", "pl") == "Cześć 😀"


def test_a_replacement_covers_what_is_written() -> None:
    text = "It cost $5.3bn, he said."
    assert normalised(text, "en") == [Replacement(8, 14, "5.3 billion dollars")]


def test_plain_prose_needs_no_library() -> None:
    code = (
        "import sys; from audiostory.narration.normalise import normalised\n"
        "assert normalised('Nothing here is written short, I think.', 'en') == []\n"
        "print([name for name in ('num2words', 'babel', 'emoji') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(texts, st.sampled_from(LANGUAGES))
def test_replacements_are_in_order_apart_and_within_the_text(text: str, language: str) -> None:
    found = normalised(text, language)
    assert all(0 <= r.begin < r.end <= len(text) for r in found)
    assert all(a.end <= b.begin for a, b in pairwise(found))


@given(texts, st.sampled_from(LANGUAGES))
def test_what_is_not_replaced_is_said_as_written(text: str, language: str) -> None:
    spoken, respellings = respelt(text, normalised(text, language))
    at = spoken_at = 0
    for it in respellings:
        assert text[at : it.begin] == spoken[spoken_at : it.spoken_begin]
        at, spoken_at = it.end, it.spoken_end
    assert text[at:] == spoken[spoken_at:]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "piece",
    [
        "7",
        "a",
        "A",
        "1,234",
        "1.",
        "$5 ",
        "A. ",
        "1-",
        "XIV ",
        "[1]",
        "²",
        "a@",
        "a/",
        "St. ",
        "\u00a0",
        "👩\u200d",
    ],
)
def test_the_time_grows_with_the_text_only(piece: str, language: str) -> None:
    assert_linear(lambda size: normalised(piece * (size // len(piece)), language), 24_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("В 2026 г. На ремонт ждут.", "В две тысячи двадцать шестом году. На ремонт ждут."),
        ("В 2026 г. Путин ждал.", "В две тысячи двадцать шестом году Путин ждал."),
        ("Там были 1990-е гг. и он.", "Там были тысяча девятьсот девяностые годы и он."),
    ],
)
def test_a_short_forms_dot_may_end_a_sentence_too(text: str, said: str) -> None:
    assert respelt(text, normalised(text, "ru"))[0] == said


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("en-GB", "the twelfth of March twenty twenty-six"),
        ("en-AU", "the twelfth of March twenty twenty-six"),
        ("en-US", "the third of December twenty twenty-six"),
        ("en", "twelve three twenty twenty-six"),
    ],
)
def test_the_region_tells_a_day_from_a_month(language: str, spoken: str) -> None:
    assert said("On 12/03/2026 it rained.", language) == f"On {spoken} it rained."


def test_a_polish_date_of_figures_has_its_months_name() -> None:
    assert said("W dniu 14.07.2024 w Warszawie.", "pl") == (
        "W dniu czternastego lipca 2024 w Warszawie."
    )
