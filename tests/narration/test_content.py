"""What content says: texts, attributes, counters and variables; and what is a chapter's title."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from audiostory.narration import load_stylesheet
from audiostory.narration.content import COUNTER_STYLES, content_of, resolved, text_of_content
from audiostory.narration.tokens import BadValueError
from tests.narration.helpers import article, script_of, stylesheet, texts, utterances

ITEMS = "<h1>T</h1><ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li><li>e</li></ul>"


def said(css: str, folder: Path, inner: str = ITEMS, language: str = "en") -> list[str]:
    """All that is said by a stylesheet, the heading left out."""
    sheet = stylesheet(folder, css)
    assert sheet.warnings == []
    return texts(script_of(article(inner, language), sheet))[1:]


def test_an_item_says_which_it_is_of_how_many(tmp_path: Path) -> None:
    css = 'li::before { content: attr(data-number) " of " attr(data-count) ": " }'
    assert said(css, tmp_path) == [
        *("1 of 3:", "a", "2 of 3:", "b", "1 of 2:", "c", "2 of 2:", "d", "3 of 3:", "e")
    ]


def test_the_counter_of_lists_is_there_without_asking(tmp_path: Path) -> None:
    css = """li::before { content: counter(list-item) }
             ol > li::before { content: counters(list-item, ' point ') }"""
    assert said(css, tmp_path) == ["1", "a", "2", "b", "2 point 1", "c", "2 point 2", "d", "3", "e"]


def test_a_counter_counts_what_a_stylesheet_says(tmp_path: Path) -> None:
    """CSS Lists 3, 4: of an element, its children and its later siblings."""
    css = """article { counter-reset: part } h2 { counter-increment: part; counter-reset: item }
             p { counter-increment: item 2 }
             p::before { content: counter(part, upper-roman) "." counter(item) }"""
    inner = "<h1>T</h1><h2>A</h2><p>a</p><p>b</p><h2>B</h2><p>c</p>"
    assert said(css, tmp_path, inner) == ["A", "I.2", "a", "I.4", "b", "B", "II.2", "c"]


def test_a_counter_may_be_set_and_made_by_counting(tmp_path: Path) -> None:
    css = """p { counter-increment: n } .footnotes { counter-set: n 9 }
             p::before { content: counter(n) counter(none) }"""
    assert said(css, tmp_path, "<h1>T</h1><p>a</p><p>b</p>") == ["10", "a", "20", "b"]


def test_what_is_not_spoken_counts(tmp_path: Path) -> None:
    css = "h2 { speak: none } p, h2 { counter-increment: n } p::before { content: counter(n) }"
    assert said(css, tmp_path, "<h1>T</h1><p>a</p><h2>B</h2><p>c</p>") == ["1", "a", "3", "c"]


def test_words_around_an_element_count_before_they_say_so(tmp_path: Path) -> None:
    css = "p::before { counter-increment: n; content: counter(n) } article { counter-reset: n 4 }"
    assert said(css, tmp_path, "<h1>T</h1><p>a</p><p>b</p>") == ["5", "a", "6", "b"]


@pytest.mark.parametrize(
    ("style", "numerals"),
    [
        ("decimal", "-1 0 1 27 4000"),
        ("decimal-leading-zero", "-01 00 01 27 4000"),
        ("upper-latin", "-1 0 A AA EWV"),
        ("lower-alpha", "-1 0 a aa ewv"),
        ("upper-roman", "-1 0 I XXVII 4000"),
        ("lower-roman", "-1 0 i xxvii 4000"),
    ],
)
def test_counter_styles(style: str, numerals: str) -> None:
    assert [COUNTER_STYLES[style](n) for n in (-1, 0, 1, 27, 4000)] == numerals.split()


# --- variables ------------------------------------------------------------------------------


def test_a_variable_holds_from_the_element_that_sets_it(tmp_path: Path) -> None:
    css = """article { --word: "Item " attr(data-number) ". " } ol { --word: "Inner. " }
             li::before { content: var(--word) }"""
    assert said(css, tmp_path) == [
        *("Item 1.", "a", "Item 2.", "b", "Inner.", "c", "Inner.", "d", "Item 3.", "e")
    ]


@pytest.mark.parametrize(
    ("css", "words"),
    [
        ("p::before { content: 'Now' var(--none) }", ["a"]),
        ("p::before { content: 'Now' var(--none, ' then') }", ["Now then", "a"]),
        ("article { --a: 'x' } p { --a: initial } p::before { content: var(--a) }", ["a"]),
        ("article { --a: red } p::before { content: var(--a, 'y') }", ["y", "a"]),
        ("article { --A: 'x'; --a: 'y' } p::before { content: var(--A) }", ["x", "a"]),
        ("p { --a: var(--b); --b: var(--a) } p::before { content: var(--a) }", ["a"]),
        ("p { --a: 'x'; --b: var(--a) var(--a) } p::before { content: var(--b) }", ["xx", "a"]),
        ("p { content: var(--none) }", ["a"]),
    ],
)
def test_content_with_a_variable_that_is_not_set_is_not_said(
    css: str, words: list[str], tmp_path: Path
) -> None:
    """CSS Custom Properties 1, 3: nothing is set in such a case, and it is never half said."""
    assert said(css, tmp_path, "<h1>T</h1><p>a</p>") == words


def test_variables_that_multiply_come_to_an_end() -> None:
    names = [chr(ord("a") + i) for i in range(26)]
    variables = {
        f"--{name}": content_of(tinycss2.parse_component_value_list(f"var(--{after})" * 8))
        for name, after in pairwise(names)
    }
    assert resolved(content_of(tinycss2.parse_component_value_list("var(--a)")), variables) is None


def test_words_from_variables_are_said_in_the_language_they_are_in(tmp_path: Path) -> None:
    """A French quotation in a German article is announced in German, by a German voice."""
    css = """article { --language: "de"; --quote: "Zitat. " }
             blockquote::before { content: var(--quote) } blockquote::after { content: "Fin." }"""
    inner = "<p>Ja.</p><blockquote lang=fr><p>Oui.</p></blockquote>"
    script = script_of(article(inner, "de"), stylesheet(tmp_path, css))
    assert [(u.text, u.language) for u in utterances(script)] == [
        *(("Ja.", "de"), ("Zitat.", "de"), ("Oui.", "fr"), ("Fin.", "fr"))
    ]


# --- chapters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("content()", "Rain"),
        ('"Part " counter(part) ": " content(text)', "Part 1: Rain"),
        ("attr(id)", "h-1"),
        ('""', "Rain"),
        ("var(--none)", "Rain"),
    ],
)
def test_a_bookmark_label_is_the_chapters_title(label: str, title: str, tmp_path: Path) -> None:
    """CSS Generated Content 3, 5.2. A chapter without a title would be none."""
    css = f"h1 {{ counter-increment: part; bookmark-level: 1; bookmark-label: {label} }}"
    source = article("<h1>Rain</h1><p>Fell.</p>")
    source.body[0].set("id", "h-1")
    chapter = script_of(source, stylesheet(tmp_path, css)).passages[0].chapter
    assert chapter is not None
    assert chapter.title == title


def test_a_label_without_a_level_makes_no_chapter(tmp_path: Path) -> None:
    sheet = stylesheet(tmp_path, "h1 { bookmark-label: 'One' }")
    assert script_of(article("<h1>Rain</h1><p>a</p>"), sheet).passages[0].chapter is None


# --- hard cases -----------------------------------------------------------------------------

_PARTS = ["'a'", "attr(id)", "attr(", "counter(n)", "counters(n, '.')", "var(--a)", "var(--a, 'b')"]
_PARTS += ["var(--a, var(--b, 'c'))", "content()", ",", "5", "(", ")", "url(x)", "{", "/"]


@given(st.lists(st.sampled_from(_PARTS) | st.text(max_size=4), max_size=12).map(" ".join))
def test_any_value_is_content_or_says_what_content_takes(value: str) -> None:
    element = fragment_fromstring("<p id='p-1'>Rain</p>")
    try:
        content = content_of(tinycss2.parse_component_value_list(value), of_element=True)
    except BadValueError:
        return
    parts = resolved(content, {"--a": ("A",), "--b": content})
    if parts is not None:
        assert isinstance(text_of_content(parts, element, lambda _name: (3,), "Rain"), str)


def test_a_name_may_be_any(tmp_path: Path) -> None:
    css = "p { --\\0: '\ud800'; --: 'x' } p::before { content: var(--\\0) var(--) }"
    (tmp_path / "house.css").write_text(css, "utf-8", errors="replace")
    sheet = load_stylesheet(tmp_path / "house.css")
    assert script_of(article("<h1>T</h1><p>a</p>"), sheet).passages
