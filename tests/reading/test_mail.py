import pytest

from audiostory.reading.furniture import page_words
from audiostory.reading.mail import opened

BODY = "The lamp is lit again.\n\nCome and see."


@pytest.mark.parametrize(
    ("language", "head", "title"),
    [
        ("en", "From: Ann <a@a.example>\nTo: Bo\nDate: today\nSubject: Fwd: The lamp", "The lamp"),
        ("de", "Von: Ann\nAn: Bo\nGesendet: heute\nBetreff: AW: WG: Die Lampe", "Die Lampe"),
        ("fr", "De : Ann\nÀ : Bo\nDate : hier\nObjet : TR: La lampe", "La lampe"),
        ("es", "De: Ann\nPara: Bo\nFecha: hoy\nAsunto: RV: La lámpara", "La lámpara"),
        ("ru", "От: Ann\nКому: Bo\nДата: сегодня\nТема: Лампа", "Лампа"),
        ("uk", "Від: Ann\nКому: Bo\nДата: сьогодні\nТема: Лампа", "Лампа"),
        ("sv", "From: Ann\nTo: Bo\nSubject: Lampan", "Lampan"),
    ],
)
def test_a_letters_subject_is_the_headline(language: str, head: str, title: str):
    letter = opened(f"{head}\n\n{BODY}", page_words(language))
    assert letter.title == title
    assert letter.text.strip() == BODY
    assert {o.reason for o in letter.omissions} == {"mail header"}
    said = " ".join([letter.title, *(o.text for o in letter.omissions)]).split()
    assert sorted(said) == sorted(head.split())


@pytest.mark.parametrize(
    "text",
    [BODY, "To: everybody\n\nThe lamp is lit.", "Date: a fruit\nFrom: a word\n\nThat is all."],
)
def test_a_text_that_is_no_letter_stays_as_it_is(text: str):
    assert opened(text, page_words("en")).text == text


def test_a_line_that_a_telephone_adds_is_a_signature():
    letter = opened(f"{BODY}\n\nSent from my lamp", page_words("en"))
    assert letter.text.strip() == BODY
    assert [(o.text, o.reason) for o in letter.omissions] == [("Sent from my lamp", "signature")]


def test_an_article_that_the_letter_quotes_is_no_quotation():
    head = "From: Ann\nTo: Bo\nDate: today\nSubject: The lamp\n\n"
    quoted = "\n".join(f"> {line}".rstrip() for line in BODY.split("\n"))
    assert opened(head + quoted, page_words("en")).text.strip() == BODY


def test_traces_of_quoted_printable_are_decoded():
    letter = opened("The=20\nlamp=E2=80=99s li=\nght is =D7=20\nout = 3.", page_words("en"))
    assert letter.text == "The\nlamp’s light is \ufffd\nout = 3."


def test_equals_signs_of_an_ordinary_text_stay():
    text = "Two and two =\nfour, and E=20 is a number."
    assert opened(text, page_words("en")).text == text


def test_the_subject_of_the_letter_around_a_letter_is_listed():
    head = "Subject: {}\nFrom: Ann Lee\nDate: 3 March 2024\n"
    letter = opened(
        head.format("Fwd: The old lamp") + head.format("The lamp") + "\nIt burns.", page_words("en")
    )
    assert letter.title == "The lamp"
    assert "The old lamp" in [omission.text for omission in letter.omissions]
