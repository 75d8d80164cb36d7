import pytest

from audiostory.reading.furniture import page_words
from audiostory.reading.notes import without_marks

PAGE = """\
Contents
1 {one}
2 {two}
{one}[{edit}]
It was built in 1862.[1][a]
{two}[{edit}]
It has 168 steps.[{missing}]"""


@pytest.mark.parametrize(
    ("language", "edit", "missing", "contents"),
    [
        ("en", "edit", "citation needed", "Contents"),
        ("de", "Bearbeiten | Quelltext bearbeiten", "Beleg fehlt", "Inhaltsverzeichnis"),
        ("fr", "modifier | modifier le code", "réf. nécessaire", "Sommaire"),
        ("es", "editar", "cita requerida", "Índice"),
        ("ru", "править | править код", "источник не указан", "Содержание"),
        ("uk", "ред. | ред. код", "джерело?", "Зміст"),
    ],
)
def test_marks_of_an_encyclopedia(language: str, edit: str, missing: str, contents: str):
    page = PAGE.format(one="History", two="Tower", edit=edit, missing=missing)
    text, omissions = without_marks(page.replace("Contents", contents), page_words(language))
    assert [line for line in text.split("\n") if line] == [
        *("## History", "It was built in 1862.", "## Tower", "It has 168 steps.")
    ]
    reasons = [omission.reason for omission in omissions]
    assert reasons.count("table of contents") == 3
    assert reasons.count("page furniture") == 2
    assert reasons.count("note number") == 2


def test_brackets_in_any_other_text_stay():
    text = "He wrote it [sic] in 1862.[1]\n\nSo it is.[2]"
    assert without_marks(text, page_words("en")) == (text, ())
