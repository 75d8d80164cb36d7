from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement

from audiostory.narration.annotate import annotate
from audiostory.narration.roles import quote_of
from audiostory.narration.tree import folded
from audiostory.narration.tree import words as words_in
from tests.narration.helpers import article, assert_linear, one_paragraph


def marked(inner: str, language: str = "en") -> HtmlElement:
    source = article(inner, language)
    return annotate(source.body, source.language)


def markup(body: HtmlElement) -> str:
    """The body's content, without ids."""
    text = "".join(etree.tostring(child, encoding="unicode") for child in body)
    return re.sub(r' (id|class)="(?!direct|fragment|title|nested|header)[^"]*"', "", text)


def sentences(inner: str, language: str = "en") -> list[str]:
    spans = marked(inner, language).iterfind(".//span[@class='u']")
    return [folded("".join(span.itertext())) for span in spans]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Mr. Smith ran. He fell!", ["Mr. Smith ran.", "He fell!"]),
        ("en", "It cost 3.5 million. Why?", ["It cost 3.5 million.", "Why?"]),
        ("en", "J.\u00a0R. Smith ran. He fell.", ["J. R. Smith ran.", "He fell."]),
        ("de", "Am 3. Oktober fiel er. Dann nicht.", ["Am 3. Oktober fiel er.", "Dann nicht."]),
        ("ru", "Он шёл. Она стояла.", ["Он шёл.", "Она стояла."]),
        ("de", "Es war der 2. Weltkrieg. Er endete.", ["Es war der 2. Weltkrieg.", "Er endete."]),
        ("de", "Im 19. Jh. lebten hier viele.", ["Im 19. Jh. lebten hier viele."]),
        ("de", "Er spielt beim 1. FC Köln.", ["Er spielt beim 1. FC Köln."]),
        ("de", "Am 3. Spieltag gewann er.", ["Am 3. Spieltag gewann er."]),
        ("de", "Er wurde 3. Dann ging er.", ["Er wurde 3.", "Dann ging er."]),
        ("de", "Sie wurde 45. Peter sang.", ["Sie wurde 45.", "Peter sang."]),
        (
            "pl",
            "Przyszło 100 tys. osób. Zajął 3. miejsce.",
            ["Przyszło 100 tys. osób.", "Zajął 3. miejsce."],
        ),
        ("pl", "To był p. Kowalski z ok. 5 osób.", ["To był p. Kowalski z ok. 5 osób."]),
        ("pl", "Było to w 1968 r. Potem wrócił.", ["Było to w 1968 r.", "Potem wrócił."]),
        ("sv", "Den kl. 10.30 dvs. nu kom ca 5.", ["Den kl. 10.30 dvs. nu kom ca 5."]),
        ("it", "Al n. 3 di pag. 4 è.", ["Al n. 3 di pag. 4 è."]),
        ("es", "Vive en el n.º 3. Dña. Ana habló.", ["Vive en el n.º 3.", "Dña. Ana habló."]),
        ("uk", "Про XX ст. Потім була ст. 5 закону.", ["Про XX ст.", "Потім була ст. 5 закону."]),
        (
            "uk",
            "Це 200 тис. людей і 5 грн. Ціна росте.",
            ["Це 200 тис. людей і 5 грн.", "Ціна росте."],
        ),
        ("ru", "В 2020 г. Потом ушёл в г. Москву.", ["В 2020 г.", "Потом ушёл в г. Москву."]),
        ("en", "He said No. He left.", ["He said No.", "He left."]),
        ("ja", "雨が降る。風が吹く。", ["雨が降る。", "風が吹く。"]),
    ],
)
def test_every_sentence_is_an_utterance(language: str, text: str, expected: list[str]) -> None:
    assert sentences(f"<p>{text}</p>", language) == expected


def test_speech_and_the_words_around_it_are_apart() -> None:
    body = marked("<p>He said: “Come in. Sit.” She sat.</p>")
    assert markup(body) == (
        '<p><span>He said:</span> <q class="direct">“<span>Come in.</span> <span>Sit.</span>”</q>'
        " <span>She sat.</span></p>"
    )


def test_a_quoted_phrase_is_one_utterance_whatever_stands_in_it() -> None:
    body = marked("<p>They sang “Oh! what a night” again.</p>")
    assert markup(body) == (
        '<p><span>They sang</span> <q class="fragment">“<span>Oh! what a night</span>”</q>'
        " <span>again.</span></p>"
    )


def test_a_title_stays_in_the_narrators_sentence() -> None:
    body = marked("<p>He read the novel “Who? What?” twice.</p>")
    assert markup(body) == (
        '<p><span>He read the novel</span> <q class="title">“<span>Who? What?</span>”</q>'
        " <span>twice.</span></p>"
    )


def test_a_quotation_within_speech_is_an_element_of_its_own() -> None:
    body = marked("<p>“She said, ‘Come in,’ and I did. It <em>was ‘nice’</em>.”</p>")
    assert markup(body) == (
        '<p><q class="direct">“<span>She said,</span>'
        ' <q class="nested">‘<span>Come in,</span>’</q> <span>and I did.</span>'
        " <span>It <em>was</em></span><em> </em>"
        '<q class="nested"><em>‘</em><span><em>nice</em></span><em>’</em></q>'
        "<span/>.”</q></p>"
    ).replace("<span/>.", ".")


def test_speech_after_a_dash_ends_where_the_narrator_begins() -> None:
    body = marked("<p>— Привет, — сказал он. — Пойдём.</p>", "ru")
    assert markup(body) == (
        '<p><q class="direct">— <span>Привет,</span></q> <span>— сказал он.</span> —'
        ' <q class="direct"><span>Пойдём.</span></q></p>'
    )


def test_a_quotation_in_a_block_quotation_is_nested_but_not_the_blocks_own_marks() -> None:
    body = marked(
        "<p>He wrote:</p><blockquote><p>“It is done.”</p></blockquote>"
        "<p>She wrote:</p><blockquote><p>He said, “It is done.” I read “Dune” and the"
        " novel “Emma”.</p></blockquote>"
    )
    kinds = [(q.get("class"), quote_of(q)) for q in body.iter("q")]
    assert kinds == [
        ("direct", "block"),
        ("nested", "nested"),
        ("nested", "nested"),
        ("title", "block"),
    ]


def test_what_an_element_is_quoted_as() -> None:
    body = marked("<p>“I said ‘no’,” he said of the novel “Dune”, a “classic”.</p>")
    assert [quote_of(q) for q in body.iter("q")] == ["direct", "nested", "title", "fragment"]


def test_markup_goes_on_in_each_utterance_that_it_crosses() -> None:
    body = marked("<p>One <em>two. Three</em> four.</p>")
    assert markup(body) == (
        "<p><span>One <em>two.</em></span><em> </em><span><em>Three</em> four.</span></p>"
    )


def test_ids_say_which_block_and_which_utterance() -> None:
    body = marked("<p>One. <a href='#x'>Two</a>.</p>")
    block = next(body.iter("p")).get("id")
    assert [span.get("id") for span in body.iterfind(".//span")] == [f"{block}-1", f"{block}-2"]


def test_the_article_itself_is_not_changed() -> None:
    source = article("<p>He said: “Come in.”</p>")
    before = etree.tostring(source.body)
    annotate(source.body, "en")
    assert etree.tostring(source.body) == before


def test_a_cell_knows_the_header_of_its_column() -> None:
    body = marked(
        "<p>Rain.</p><table><tr><th>Day</th><th colspan=2>Rain <b>in mm</b></th></tr>"
        "<tr><td>Monday</td><td>3</td><td>4</td><td>5</td></tr>"
        "<tr><th>Tuesday</th><td colspan=x>6</td></tr></table>"
    )
    assert [row.get("class") for row in body.iter("tr")] == ["header", None, None]
    assert [cell.get("data-header") for cell in body.iter("td")] == [
        "Day",
        "Rain in mm",
        "Rain in mm",
        None,
        "Rain in mm",
    ]


def test_a_number_of_a_note_does_not_join_two_sentences() -> None:
    note = '<sup><a href="#n1">1</a></sup>'
    assert sentences(f"<p>He took office.{note} It rained.</p>") == [
        "He took office.",
        "It rained.",
    ]


def text_of(body: HtmlElement) -> list[str]:
    blocks = body.iter("p", "li", "h1", "pre")
    return [folded("".join(block.itertext())) for block in blocks]


_TEXT = st.text(st.sampled_from("aB.!? “”'\"«»‘’,—1\u00a0") | st.characters(codec="utf-8"))
_SPEECH = st.lists(
    st.sampled_from(
        ["— ", "«", "»", "„", "“", "'", '"', "Да", " сказал он", ", ", ". ", "! ", "dit-il"]
    )
).map("".join)


@given(
    st.lists(_TEXT | _SPEECH, min_size=1, max_size=4),
    st.sampled_from(["en", "de", "ru", "fr", "xx"]),
)
@settings(max_examples=60, deadline=None)
def test_no_character_is_lost_and_every_word_is_in_an_utterance(
    paragraphs: list[str], language: str
) -> None:
    page = etree.tostring(_page(paragraphs), encoding="unicode", method="html")
    source = article(page, language)
    body = annotate(source.body, language)
    assert text_of(body) == text_of(source.body)
    said = ["".join(span.itertext()) for span in body.iterfind(".//span[@class='u']")]
    assert sum(map(words_in, said)) == sum(map(words_in, text_of(body)))


def _page(paragraphs: list[str]) -> HtmlElement:
    section = etree.Element("section")
    etree.SubElement(section, "h1").text = "Rain"
    for text in paragraphs:
        allowed = "".join(c for c in text if c.isprintable())
        etree.SubElement(section, "p").text = allowed
    return section


@pytest.mark.parametrize(
    ("text", "times", "language"),
    [
        ("word ", 200_000, "en"),
        ("a", 1_000_000, "en"),
        ("word “", 160_000, "en"),
        ("He said yes. ", 25_000, "en"),
        ("“I said ‘no’ then,” he said. ", 8_000, "en"),
        ("am 3. Spieltag 5 Mio. Tore. ", 8_000, "de"),
        ("в 5 тыс. км, г. Тверь, 5 руб. ", 8_000, "ru"),
    ],
    ids=[
        *("no sentence ends", "one word", "open quotations", "sentences", "quotations"),
        *("ordinals", "short forms"),
    ],
)
def test_time_grows_with_a_paragraph_and_not_with_its_square(
    text: str, times: int, language: str
) -> None:
    def work(amount: int) -> None:
        body = annotate(one_paragraph(text * amount).body, language)
        assert text_of(body) == [folded(text * amount)]

    assert_linear(work, times)
