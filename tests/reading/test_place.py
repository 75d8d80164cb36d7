import pytest

from audiostory.model import Article
from audiostory.reading.html import html_article

TEXT = "The council met on Tuesday to decide what should become of the lamp on the quay. " * 3
TITLE = '<meta property="og:title" content="Seven secrets of the lamp on the quay">'


def article(body: str, head: str = "") -> Article:
    page = f"<html lang=en><head>{head}</head><body>{body}</body></html>"
    return html_article(page, "page.html")


def test_the_headline_may_have_a_word_more_than_the_title_that_the_page_declares():
    headline = "The seven secrets of the lamp on the quay"
    box = "<div><h1>Read more</h1></div>"
    main = f"<article><p>{TEXT}</p>{box}<p>{TEXT}</p></article>"
    found = article(f"<header><h1>{headline}</h1></header>{main}", TITLE)
    assert found.title == headline


def test_a_sites_name_above_the_headline_is_not_the_title():
    own = (
        f"<div><h1>The Lamp Courier</h1><h1>Seven secrets of the lamp on the quay</h1>{TEXT}</div>"
    )
    assert article(own, TITLE).title == "Seven secrets of the lamp on the quay"


@pytest.mark.parametrize("home", ["/", "https://courier.example", "https://courier.example/"])
def test_a_heading_that_links_to_the_first_page_is_the_sites_name(home: str):
    name = f'<h1><a href="{home}">The Lamp Courier</a></h1>'
    found = article(f"<div>{name}<div><p>{TEXT}</p></div></div>", TITLE)
    assert found.title == "Seven secrets of the lamp on the quay"


def test_a_headline_that_links_to_its_own_page_is_the_headline():
    linked = '<h1><a href="/2024/lamp">What became of the lamp</a></h1>'
    assert article(f"<div>{linked}<p>{TEXT}</p></div>", TITLE).title == "What became of the lamp"
