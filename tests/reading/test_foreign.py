"""Which blocks and quotations get a lang of their own, and which do not."""

from __future__ import annotations

import time

import pytest
from lxml.html import fragment_fromstring

from audiostory.model import Article
from audiostory.narration import narrate
from audiostory.reading.foreign import mark_languages
from audiostory.reading.html import html_article
from tests.narration.helpers import assert_linear, profile, utterances

ENGLISH = (
    "The council met on Tuesday, and nobody who was there agreed about what the bridge would cost"
    " or when it will open. It has been the subject of every meeting this year."
)
GERMAN = "Wir haben lange gewartet, aber jetzt ist die Brücke endlich für alle Leute wieder offen."
FRENCH = "Nous n’avons pas attendu longtemps, et l’ouvrage est de nouveau ouvert à tous les gens."
RUSSIAN = "Мост снова открыт."


def read(inner: str, language: str = "en") -> Article:
    return html_article(
        f"<html lang='{language}'><body><article><h1>The bridge</h1><p>{ENGLISH}</p>{inner}"
        f"<p>{ENGLISH}</p></article></body></html>",
        "bridge.html",
    )


def marked(article: Article) -> list[tuple[str, str, str]]:
    return [
        (str(e.tag), e.get("lang") or "", "".join(e.itertext()))
        for e in article.body.iterdescendants()
        if e.get("lang")
    ]


@pytest.mark.parametrize(
    ("inner", "tag"),
    [
        ("<p>{}</p>", "p"),
        ("<ul><li>{}</li><li>One.</li></ul>", "li"),
        ("<h2>{}</h2><p>It goes on in English, as it was before.</p>", "h2"),
        ("<blockquote><p>{}</p></blockquote>", "p"),
        ("<p><em>{}</em></p>", "p"),
    ],
)
@pytest.mark.parametrize(
    ("text", "language"), [(GERMAN, "de"), (FRENCH, "fr"), (RUSSIAN, "ru"), ("מִי אַתָּה", "he")]
)
def test_a_block_in_another_language_says_so(inner: str, tag: str, text: str, language: str):
    assert marked(read(inner.format(text))) == [(tag, language, text)]


@pytest.mark.parametrize(
    "text",
    [
        "Volodymyr Zelenskyj, Emmanuel Macron, Giorgia Meloni, Friedrich Merz, Pedro Sánchez.",
        "Der Spiegel, Die Zeit, Le Monde, La Repubblica, El País and Frankfurter Allgemeine.",
        "Brücke der Einheit",
        "Nous avons attendu.",
        "Zugspitzplatt, Höllentalklamm, Partnachklamm, Wettersteingebirge, Karwendelgebirge.",
        "He studied at the Escola Superior de Música e das Artes do Espetáculo do Porto.",
        "α, β and γ are angles.",
        "The angle Δ, the years 1990–95 and № 5 are 90 % of π.",
        "de la que el los las por con para",
    ],
)
def test_names_titles_and_short_phrases_turn_nothing(text: str):
    assert not marked(read(f"<p>{text}</p><h2>{text}</h2>"))


def test_a_quotation_in_another_language_gets_a_span():
    article = read(
        f"<p>“{FRENCH}” she said, <b>and</b> “{GERMAN}” later; “Мост”, “the bridge”.</p>"
    )
    assert marked(article) == [
        ("span", "fr", FRENCH),
        ("span", "de", GERMAN),
        ("span", "ru", "Мост"),
    ]
    paragraph = next(p for p in article.body.iter("p") if "she said" in "".join(p.itertext()))
    assert "".join(paragraph.itertext()) == (
        f"“{FRENCH}” she said, and “{GERMAN}” later; “Мост”, “the bridge”."
    )


def test_words_in_other_letters_get_a_span_so_that_nobody_spells_them():
    text = (
        "Kyiv (Київ, «Київ») means that, as 北京 does; Ελλάδα, <i>שלום</i> and مرحبا بك, α and Δ."
    )
    assert marked(read(f"<p>{text}</p>")) == [
        ("span", "uk", "Київ"),
        ("span", "uk", "Київ"),
        ("span", "zh", "北京"),
        ("span", "el", "Ελλάδα"),
        ("span", "he", "שלום"),
        ("span", "ar", "مرحبا بك"),
    ]
    russian = "<html lang='ru'><body><h1>Слово</h1><p>Слово Google, и New York Times.</p>"
    assert not marked(html_article(russian, "a.html"))


@pytest.mark.parametrize("marks", ["“”", "„“", "«»", "»«", '""', "「」", "‘’"])
def test_quotation_marks_of_any_language_hold_it(marks: str):
    text = f"<p>So she said {marks[0]}{FRENCH}{marks[1]} to the council’s own committee.</p>"
    assert marked(read(text)) == [("span", "fr", FRENCH)]


def test_what_is_marked_is_narrated_in_its_language():
    article = read(f"<p>{GERMAN}</p><p>“{FRENCH}” she said.</p>")
    said = utterances(narrate(article, profile("news"))[1])
    languages = {u.text: u.language for u in said if u.text in (GERMAN, FRENCH, "she said.")}
    assert languages == {GERMAN: "de", FRENCH: "fr", "she said.": "en"}


def test_what_the_source_says_is_left_as_it_is():
    article = read(f"<p lang='gsw'>{GERMAN}</p><blockquote lang='nl'><p>{FRENCH}</p></blockquote>")
    assert [(tag, lang) for tag, lang, _ in marked(article)] == [("p", "gsw"), ("blockquote", "nl")]


def test_code_is_in_no_language():
    assert not marked(read(f"<pre>{GERMAN}</pre><p>See <code>“{FRENCH}”</code>.</p>"))


def test_a_page_that_says_a_wrong_language_is_read_in_the_one_it_is_in():
    page = f"<html lang='de'><body><h1>Bridge</h1><p>{ENGLISH}</p><p>{GERMAN}</p><p>{ENGLISH}</p>"
    article = html_article(page, "bridge.html")
    assert article.language == "en"
    assert article.warnings == ("bridge.html says that its language is de, and is written in en.",)
    assert marked(article) == [("p", "de", GERMAN)]


def test_relatives_of_a_language_without_words_of_its_own_are_not_guessed():
    page = f"<html lang='gsw'><body><h1>Brugg</h1><p>{GERMAN}</p><p>{GERMAN}</p>"
    assert not marked(html_article(page, "bridge.html"))


def test_letters_tell_a_passage_from_an_article_without_words_of_its_own():
    page = "<html lang='el'><body><h1>Η γέφυρα</h1><p>{0}</p><p>{1}</p><p>{0}</p>"
    greek = "Η γέφυρα είναι ξανά ανοιχτή για όλους, είπε η δήμαρχος την Τρίτη το βράδυ. " * 3
    article = html_article(page.format(greek, ENGLISH), "bridge.html")
    assert marked(article) == [("p", "en", ENGLISH)]


def test_it_takes_little_time():
    inner = "".join(
        f"<p>{ENGLISH} “Yes,” says one. “No,” says another. {n}</p>" for n in range(300)
    )
    body = read(inner).body
    began = time.process_time()
    mark_languages(body, "en")
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "text", ["“a” ", "‘", "’", "“", '"', "«»", "„x‘ ", "a‘", "a “Мост”", "К ", "К, ", "Кα "]
)
def test_its_time_grows_with_the_text(text: str):
    def mark(size: int) -> None:
        body = fragment_fromstring("<article><p id='p-1'></p></article>")
        body[0].text = text * size
        mark_languages(body, "en")

    assert_linear(mark, 40_000)
