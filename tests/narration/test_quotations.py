from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.narration.quotations import find_quotations
from tests.narration.helpers import assert_linear

MARKS = "“”„«»‘’‚‹›「」『』\"'"


def quoted(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Each quotation of one paragraph with its marks, and its kind."""
    return quoted_in([text], language)[0]


def quoted_in(texts: list[str], language: str = "en") -> list[list[tuple[str, str]]]:
    found = find_quotations(texts, language)
    return [
        [(text[q.start : q.end], q.kind) for q in quotations]
        for text, quotations in zip(texts, found, strict=True)
    ]


@pytest.mark.parametrize(
    ("language", "text", "speech"),
    [
        ("en", "“Come in,” she said. “It’s cold.”", ["“Come in,”", "“It’s cold.”"]),
        ("en-GB", "‘Come in,’ she said. ‘It’s cold.’", ["‘Come in,’", "‘It’s cold.’"]),
        ("en", '"Come in," she said. "It\'s cold."', ['"Come in,"', '"It\'s cold."']),
        ("en", "'Come in,' she said. 'It's cold.'", ["'Come in,'", "'It's cold.'"]),
        ("de", "Er sagte: „Das ist gut.“ Dann ging er.", ["„Das ist gut.“"]),
        ("de", "Er sagte: »Das ist gut.« Dann ging er.", ["»Das ist gut.«"]),
        ("de-CH", "Er sagte: «Das ist gut.» Dann ging er.", ["«Das ist gut.»"]),
        ("fr", "Il a dit : « Je ne sais pas. » Puis rien.", ["« Je ne sais pas. »"]),
        ("fr", "« Bonjour\u202f! », dit-elle.", ["« Bonjour\u202f! »"]),
        ("es", "Dijo: «Me voy.» Y se fue.", ["«Me voy.»"]),
        ("es", "Dijo: “Me voy.” Y se fue.", ["“Me voy.”"]),
        ("ru", "«Мы дома», — сказала она.", ["«Мы дома»"]),
        ("uk", "«Ми вдома», — сказала вона.", ["«Ми вдома»"]),
        ("ja", "「おはよう。」と彼は言った。", ["「おはよう。」"]),
        ("es", "“¿Cómo vamos a pagar?”, preguntó Ana.", ["“¿Cómo vamos a pagar?”"]),
        ("es", "«¡Vámonos!», dijo.", ["«¡Vámonos!»"]),
        ("de", "«Grüezi», sagte sie.", ["«Grüezi»"]),
        ("de-CH", "«Grüezi», sagte sie.", ["«Grüezi»"]),
        ("de", "Er sagte: “Das ist gut.” Dann ging er.", ["“Das ist gut.”"]),
        ("ru", "Он сказал: “Мы дома, и всё хорошо”.", ["“Мы дома, и всё хорошо”"]),
        ("uk", "“Ми вдома”, — сказала вона. „Так“.", ["“Ми вдома”", "„Так“"]),
        ("en", "“[We] lost,” he says.", ["“[We] lost,”"]),
        ("en", "“… and so on,” she said.", ["“… and so on,”"]),
        ("en", "“...and so on,” she said.", ["“...and so on,”"]),
        ("en", "(“Not me,” she adds.)", ["“Not me,”"]),
        ("en", "According to Lee, “the plan is dead.”", ["“the plan is dead.”"]),
        ("en", '"Really?" "Yes, really."', ['"Really?"', '"Yes, really."']),
        ("en", '"I think" — she paused — "we lost," said Lee.', ['"I think"', '"we lost,"']),
        ("en", "“I think”—she paused—“we lost,” said Lee.", ["“I think”", "“we lost,”"]),
    ],
)
def test_speech_is_found_in_the_marks_of_its_language(
    language: str, text: str, speech: list[str]
) -> None:
    assert quoted(text, language) == [(words, "direct") for words in speech]


@pytest.mark.parametrize(
    "text",
    [
        "In the '90s rock 'n' roll was the boys' music.",
        "In the ’90s rock ’n’ roll was the boys’ music.",
        "In the ‘90s rock ‘n’ roll was new.",
        "'Tis the season, he wrote, and 'twas the night.",
        "It's the writers' house, isn't it?",
        'He is 6\'2" tall and the disc is 12" wide.',
        "The wall is 6' high and the nail 3\" long.",
        'The 12" disc and the 7" disc.',
        "L'homme qu'il a vu n'est pas d'ici.",
    ],
)
def test_apostrophes_feet_and_inches_are_no_quotations(text: str) -> None:
    assert quoted(text) == []


def test_a_possessive_does_not_close_a_quotation() -> None:
    text = "He said: 'The boys' toys are here.' Then he left."
    assert quoted(text) == [("'The boys' toys are here.'", "direct")]


def test_a_quotation_can_hold_apostrophes() -> None:
    text = "It was ‘rock ’n’ roll’ that she loved."
    assert quoted(text) == [("‘rock ’n’ roll’", "fragment")]


@pytest.mark.parametrize("apostrophe", "'‘’")
def test_a_decade_in_a_quotation_opens_none(apostrophe: str) -> None:
    opening, closing = ("'", "'") if apostrophe == "'" else ("‘", "’")
    text = f"{opening}I loved it, and it is the {apostrophe}90s again.{closing}"
    assert quoted(f"{text} Then he left.") == [(text, "direct")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“She told me, ‘Come in,’ and I did.”"),
        ("en-GB", "‘She told me, “Come in,” and I did.’"),
        ("de", "„Er sagte ‚nein‘ und ging.“"),
        ("de", "»Wir sagten ›nein‹ dazu und gingen.«"),
        ("fr", "« Il a dit “non”, puis il est parti. »"),
        ("ru", "«Она сказала: „Мы дома“, — и ушла.»"),
        ("es", "«Me dijo “no” y se fue a casa.»"),
    ],
)
def test_a_quotation_in_a_quotation_is_part_of_it(language: str, text: str) -> None:
    assert quoted(text, language) == [(text, "direct")]


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "She called it a “full-scale offensive” on Monday.", "fragment"),
        ("en", "The “Tale of Two Cities” sold well.", "fragment"),
        ("en", "“The Hobbit” is a book.", "fragment"),
        ("de", "Sie nannte es eine „Zeitenwende“.", "fragment"),
        ("ru", "Он назвал это «специальной операцией».", "fragment"),
        ("fr", "Le « grand » soir.", "fragment"),
        ("ru", "Он сказал, что «всё хорошо».", "fragment"),
        ("ru", "«Единая Россия» — партия власти.", "fragment"),
        ("en", "In his words, “a mess.”", "fragment"),
        ("en", "The party (“Yes, we can.”) lost.", "fragment"),
        ("en", "“No.”", "direct"),
        ("en", "She said, “No.”", "direct"),
        ("en", "He said that “we will never give up on this.”", "direct"),
        ("es", "Dijo que “no es verdad que nos vayamos”.", "direct"),
        ("en", "It was “all good. We were very glad” to him.", "direct"),
    ],
)
def test_a_quoted_phrase_is_told_apart_from_speech(language: str, text: str, kind: str) -> None:
    assert [kind for _, kind in quoted(text, language)] == [kind]


def test_speech_that_the_narrator_interrupts_goes_on() -> None:
    assert quoted("“We go,” she said, “and we stay.”") == [
        ("“We go,”", "direct"),
        ("“and we stay.”", "direct"),
    ]


def test_speech_over_several_paragraphs_opens_each_and_closes_once() -> None:
    texts = ["He wrote: “It began in spring.", "“It went on.", "“It ended.”", "Then “rest”."]
    assert quoted_in(texts) == [
        [("“It began in spring.", "direct")],
        [("“It went on.", "direct")],
        [("“It ended.”", "direct")],
        [("“rest”", "fragment")],
    ]


def test_french_paragraphs_go_on_with_the_mark_that_closes() -> None:
    texts = ["Il a dit : « Je suis venu.", "» Je repars.", "» Demain, donc. » Puis rien."]
    assert quoted_in(texts, "fr") == [
        [("« Je suis venu.", "direct")],
        [("» Je repars.", "direct")],
        [("» Demain, donc. »", "direct")],
    ]


@pytest.mark.parametrize(
    "broken", ["“Never closed, she said.", "Never opened,” she said.", "“", "”"]
)
def test_an_unbalanced_mark_stays_within_its_paragraph(broken: str) -> None:
    assert quoted_in([broken, "The “new” house.", broken]) == [[], [("“new”", "fragment")], []]


def test_a_wrong_mark_at_a_paragraphs_start_does_not_spread() -> None:
    assert quoted("Il dit » bonjour « et part.", "fr") == []


def test_no_text_has_no_quotation() -> None:
    assert quoted_in(["", " ", "Plain."]) == [[], [], []]


@pytest.mark.parametrize("language", ["", "xx", "en-", "zh-Hant-TW", "i-klingon"])
def test_an_unknown_language_has_the_marks_that_all_know(language: str) -> None:
    assert quoted("He said: “We go now.”", language) == [("“We go now.”", "direct")]


@given(
    st.lists(st.text(st.sampled_from(MARKS + "aB .,!?—\u00a0") | st.characters(), max_size=60)),
    st.sampled_from(["en", "de", "fr", "es", "ru", "uk", "fi", "sv", "he", "xx"]),
)
@settings(max_examples=60, deadline=None)
def test_quotations_lie_in_order_within_any_text(texts: list[str], language: str) -> None:
    found = find_quotations(texts, language)
    assert len(found) == len(texts)
    for text, quotations in zip(texts, found, strict=True):
        edge = 0
        for q in quotations:
            assert edge <= q.start < q.inner_start <= q.inner_end <= q.end <= len(text)
            assert text[q.start] in MARKS
            edge = q.end


@pytest.mark.parametrize(
    ("text", "times"),
    [("“", 200_000), ("'a' ", 50_000), ("“‘", 100_000), ("No. a ", 30_000), ("'s ", 60_000)],
    ids=["openers", "quoted letters", "nested", "sentences in one", "apostrophes"],
)
def test_time_grows_with_the_marks_and_not_with_their_square(text: str, times: int) -> None:
    assert_linear(lambda amount: find_quotations([f"“{text * amount}”"], "en"), times)
