from audiostory.model import Article
from audiostory.reading.html import html_article
from audiostory.reading.serialise import article_as_text

TEXT = "The council met on Tuesday to decide what should become of the lamp on the quay."


def page(inside: str) -> Article:
    return html_article(
        f"<html lang=en><body><article><h1>The lamp</h1><p>{TEXT}</p>{inside}"
        f"<p>{TEXT}</p></article></body></html>",
        "page.html",
    )


def lines(inside: str) -> list[str]:
    """The blocks between the first paragraph and the last."""
    return article_as_text(page(inside), omitted=False).splitlines()[5:-1]


def test_a_quotations_paragraphs_are_told_from_others():
    assert lines("<blockquote><p>It shines.</p><p>— Iris Vale</p></blockquote>") == [
        "blockquote   It shines.",
        "attribution  — Iris Vale",
    ]


def test_an_item_with_paragraphs_is_an_item():
    assert lines("<ul><li><p>Oil</p></li><li><p>Wick</p></li></ul>") == [
        "li           Oil",
        "li           Wick",
    ]


def test_lines_of_a_cell_are_words_apart():
    table = "<table><tr><th>Lamp</th><th>Hour</th></tr><tr><td>North<br>quay</td><td>6</td></tr>"
    assert lines(f"{table}</table>") == ["tr           Lamp | Hour", "tr           North quay | 6"]


def test_a_paragraph_of_nothing_but_line_breaks_is_none():
    assert lines("<p><br></p><p>It shines.</p><p><br><br></p>") == ["p            It shines."]


def test_a_picture_within_a_line_is_told_with_it_and_once():
    assert lines("<p>When <img src=f.svg alt='a is 0'> it is dark.</p>") == [
        "p            When a is 0 it is dark."
    ]
