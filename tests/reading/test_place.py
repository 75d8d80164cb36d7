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


TEXT = "The council met on Tuesday to decide what should become of the lamp on the quay. " * 3
TITLE = '<meta property="og:title" content="Seven secrets of the lamp on the quay">'


def read_page(body: str, head: str = "") -> Article:
    page = f"<html lang=en><head>{head}</head><body>{body}</body></html>"
    return html_article(page, "page.html")


def test_the_headline_may_have_a_word_more_than_the_title_that_the_page_declares():
    headline = "The seven secrets of the lamp on the quay"
    box = "<div><h1>Read more</h1></div>"
    main = f"<article><p>{TEXT}</p>{box}<p>{TEXT}</p></article>"
    found = read_page(f"<header><h1>{headline}</h1></header>{main}", TITLE)
    assert found.title == headline


def test_a_sites_name_above_the_headline_is_not_the_title():
    own = (
        f"<div><h1>The Lamp Courier</h1><h1>Seven secrets of the lamp on the quay</h1>{TEXT}</div>"
    )
    assert read_page(own, TITLE).title == "Seven secrets of the lamp on the quay"


@pytest.mark.parametrize("home", ["/", "https://courier.example", "https://courier.example/"])
def test_a_heading_that_links_to_the_first_page_is_the_sites_name(home: str):
    name = f'<h1><a href="{home}">The Lamp Courier</a></h1>'
    found = read_page(f"<div>{name}<div><p>{TEXT}</p></div></div>", TITLE)
    assert found.title == "Seven secrets of the lamp on the quay"


def test_a_headline_that_links_to_its_own_page_is_the_headline():
    linked = '<h1><a href="/2024/lamp">What became of the lamp</a></h1>'
    assert read_page(f"<div>{linked}<p>{TEXT}</p></div>", TITLE).title == "What became of the lamp"
