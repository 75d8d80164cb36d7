"""Which heading of a page is the article's headline."""

import pytest

from audiostory.model import Article
from audiostory.reading.html import html_article

STORY = "".join(
    f"<p>On day {day} the keeper counted the ships that went by, and wrote in his book what "
    f"each of them carried, and who had waved to him from its rail.</p>"
    for day in range(1, 9)
)


def page(before: str, inside: str, title: str) -> Article:
    head = f"<head><title>{title}</title></head>"
    main = f"<div class=story>{inside}</div>"
    return html_article(f"<html lang=en>{head}<body>{before}{main}</body></html>", "page.html")


@pytest.mark.parametrize(
    ("before", "inside"),
    [
        ("<h1>Harbour News</h1>", f"<h2>The keeper’s book</h2>{STORY}"),
        ("<h1>Harbour News</h1><h2>The keeper’s book</h2>", STORY),
        ("<h1 class=site-title>Harbour</h1>", f"<h1>The keeper’s book</h1>{STORY}"),
        ("<h1>The keeper’s book</h1>", f"{STORY}<h1>Read more</h1>"),
        ("<h1 itemprop=headline>The keeper’s book</h1>", f"{STORY}<h1>More of this</h1>"),
    ],
)
def test_the_headline_is_what_the_title_says(before: str, inside: str):
    article = page(before, inside, "The keeper’s book | Ships | Harbour News")
    assert article.title == "The keeper’s book"
    assert next(article.body.iter("h1")).text == "The keeper’s book"


def test_a_headline_may_say_it_otherwise_than_the_title():
    article = page(
        "<h1>The book that the keeper wrote</h1>",
        STORY + "<h1>Our shop</h1>",
        "The keeper wrote a book",
    )
    assert article.title == "The book that the keeper wrote"


def test_a_heading_below_the_text_is_no_headline():
    article = page("", STORY + "<h1>We need to talk</h1>", "What ships carry")
    assert article.title == "What ships carry"


def test_an_h1_above_the_text_is_the_headline_whatever_the_title_is():
    article = page("", "<h1>The keeper’s book</h1>" + STORY, "Home")
    assert article.title == "The keeper’s book"
