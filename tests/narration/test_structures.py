"""What stylesheets can say of tables and lists."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement, fragment_fromstring

from audiostory.narration.structures import mark_structures
from tests.narration.helpers import assert_linear


def marked(inner: str) -> HtmlElement:
    body = fragment_fromstring(f"<article>{inner}</article>")
    mark_structures(body)
    return body


def said(element: HtmlElement) -> tuple[str | None, str | None, str | None]:
    """What is in a cell, and its headers."""
    return element.text, element.get("data-header"), element.get("data-row-header")


def test_a_table_says_its_size_without_the_row_of_headers() -> None:
    table = marked(
        "<table><tr><th>Day<th>mm<th>km/h</tr><tr><td>Mon<td>3<td>9</tr><tr><td>Tue<td>4</tr></table>"
    )[0]
    assert (table.get("data-columns"), table.get("data-rows")) == ("3", "2")
    bare = marked("<table><tbody><tr><td colspan=2>a</td><td>b</td></tr></tbody></table>")[0]
    assert (bare.get("data-columns"), bare.get("data-rows")) == ("3", "1")


def test_a_cell_knows_the_headers_of_its_column_and_row() -> None:
    table = "<tr><th>Day<th>mm<th>Wind</tr><tr><th>Mon<td>3<td>calm</tr><tr><td>Tue<td>4</tr>"
    assert [said(cell) for cell in marked(f"<table>{table}</table>").iter("td")] == [
        ("3", "mm", "Mon"),
        ("calm", "Wind", "Mon"),
        ("Tue", "Day", None),
        ("4", "mm", None),
    ]


def test_cells_that_span_rows_and_columns_move_the_others() -> None:
    table = (
        "<tr><th>Day<th colspan=2>Rain<th>Wind</tr>"
        "<tr><td rowspan=2>Mon<td>3<td>4<td>calm</tr>"
        "<tr><td>5<td>6<td>gale</tr>"
    )
    assert [said(cell)[:2] for cell in marked(f"<table>{table}</table>").iter("td")] == [
        *(("Mon", "Day"), ("3", "Rain"), ("4", "Rain"), ("calm", "Wind")),
        *(("5", "Rain"), ("6", "Rain"), ("gale", "Wind")),
    ]


def test_a_cell_across_all_columns_is_of_none() -> None:
    table = "<tr><th>Ward<th>Votes</tr><tr><td colspan=2>Recount pending</tr>"
    assert [said(cell)[:2] for cell in marked(f"<table>{table}</table>").iter("td")] == [
        ("Recount pending", None)
    ]


def test_one_header_over_all_columns_is_not_every_cells_name() -> None:
    table = "<tr><th colspan=2>Weather</tr><tr><th>Day<th>mm</tr><tr><td>Mon<td>3</tr>"
    body = marked(f"<table>{table}</table>")
    assert [said(cell)[:2] for cell in body.iter("td")] == [("Mon", "Day"), ("3", "mm")]
    assert [row.get("class") for row in body.iter("tr")] == [None, "header", None]
    one = marked("<table><tr><th>Day</tr><tr><td>Mon</tr></table>")
    assert [said(cell)[:2] for cell in one.iter("td")] == [("Mon", "Day")]


@pytest.mark.parametrize("span", ["0", "-1", "x", "²", "1e9", "9" * 5000, ""])
def test_a_span_that_is_no_number_is_one(span: str) -> None:
    table = f"<tr><th>Day<th>mm</tr><tr><td colspan='{span}' rowspan='{span}'>Mon<td>3</tr>"
    body = marked(f"<table>{table}</table>")
    assert [said(cell)[1] for cell in body.iter("td")] == ["Day", "mm"]


def test_a_table_in_a_table_has_its_own_size() -> None:
    inner = "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"
    outer, within = marked(f"<table><tr><td>{inner}</td><td>c</td></tr></table>").iter("table")
    assert (outer.get("data-columns"), outer.get("data-rows")) == ("2", "1")
    assert (within.get("data-columns"), within.get("data-rows")) == ("1", "2")


def test_a_paragraph_is_no_name_for_a_cell() -> None:
    table = f"<tr><th>{'word ' * 60}<th>mm</tr><tr><td>Mon<td>3</tr>"
    cells = marked(f"<table>{table}</table>").iter("td")
    assert [said(cell)[1] for cell in cells] == [None, "mm"]


@pytest.mark.parametrize(
    ("markup", "numbers"),
    [
        ("<ol><li>a<li>b</ol>", ["1", "2"]),
        ("<ul><li>a<li>b</ul>", ["1", "2"]),
        ("<ol start=3><li>a<li>b</ol>", ["3", "4"]),
        ("<ol reversed><li>a<li>b</ol>", ["2", "1"]),
        ("<ol start=9 reversed><li>a<li>b</ol>", ["9", "8"]),
        ("<ol start=x><li>a<li>b</ol>", ["1", "2"]),
    ],
)
def test_items_have_their_number_and_how_many_there_are(markup: str, numbers: list[str]) -> None:
    body = marked(markup)
    assert body[0].get("data-count") == "2"
    assert [item.get("data-number") for item in body.iter("li")] == numbers
    assert [item.get("data-count") for item in body.iter("li")] == ["2", "2"]


def test_lists_in_lists_count_their_own_items() -> None:
    outer = marked("<ul><li>a<ol><li>b<li>c<li>d</ol><li>e</ul>")[0]
    assert [item.get("data-count") for item in outer.iter("li")] == ["2", "3", "3", "3", "2"]


def test_a_list_of_terms_counts_its_terms() -> None:
    assert marked("<dl><dt>a<dd>1<dd>2<dt>b<dd>3</dl>")[0].get("data-count") == "2"


def test_time_grows_with_the_table() -> None:
    def work(size: int) -> None:
        cells = "<td rowspan=9999 colspan=9999>" * (size // 2)
        rows = "<tr><td>a" * (size // 2)
        marked(f"<table><tr>{cells}{rows}</table>")

    assert_linear(work, 40_000)
