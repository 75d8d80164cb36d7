"""How a body is written, seen through the door: clean."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from audiostory.reading.clean import clean
from audiostory.reading.html import html_article
from tests.narration.helpers import assert_linear

LONG = "The lamp stands on the quay, and it belongs to nobody in particular. " * 3


def written(inner: str, language: str = "en") -> str:
    """The text of a page's last paragraph, as it comes into the body."""
    page = f"<html lang={language}><body><h1>T</h1><p>{LONG}</p><p>{inner}</p></body></html>"
    return "".join(html_article(page, "story.html").body[-1].itertext())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“So ‘no’ and ‘a “b”’,” he"),
        ("de", "„So ‚no‘ and ‚a „b“‘,“ he"),
        ("ru", "«So „no“ and „a «b»“,» he"),
        ("fr", "«So “no” and “a «b»”,» he"),
        ("xx", "“So ‘no’ and ‘a “b”’,” he"),
    ],
)
def test_a_quotation_in_a_quotation_gets_the_inner_marks(language: str, text: str) -> None:
    inner = "<q>So <q>no</q> and <q>a <q>b</q></q>,</q> he"
    assert written(inner, language) == text
    assert written(f"{inner} {inner}", language) == f"{text} {text}"


@pytest.mark.parametrize("block", ["p", "ul><li", "pre"])
@pytest.mark.parametrize(
    "inner",
    [
        *("<a href=x>w</a> ", "a<br>", "<em>a</em> ", "<q>a</q> ", "a<script></script> "),
        *("<img src=x alt=lamp> ", "a<img src=x alt=lamp>", "<q><b>a</b></q>"),
    ],
)
def test_time_grows_with_the_markup_in_a_block_and_not_with_its_square(inner: str, block: str):
    def read(amount: int) -> None:
        html_article(f"<h1>T</h1><{block}>{inner * amount}", "story.html")

    assert_linear(read, 16_000)


def test_time_grows_with_the_attributes_of_an_element_and_not_with_their_square():
    trees = {}
    for count in (4_000, 32_000):
        attributes = " ".join(f"a{number}=1" for number in range(count))
        trees[count] = document_fromstring(f"<h1 {attributes} lang=de>T</h1><p>{LONG}</p>")

    def read(amount: int) -> None:
        body = clean(trees[amount], lambda _: None, lambda _: None).body
        assert body[0].get("lang") == "de"

    assert_linear(read, 32_000)
