"""In the box of a byline stand more things than names."""

import pytest

from audiostory.model import Article
from audiostory.reading.html import html_article
from audiostory.reading.tree import visible_text

PROSE = "The council met on Tuesday to decide what should become of the lamp on the quay. " * 3


def page(box: str) -> Article:
    return html_article(
        f"<html lang=en><body><main><h1>The lamp</h1>{box}<p>{PROSE}</p><p>{PROSE}</p></main>",
        "page.html",
    )


def head(article: Article) -> list[tuple[str | None, str]]:
    """The lines between the headline and the prose, and their classes."""
    lines = [e for e in article.body.iter("p", "li") if len(visible_text(e)) < 200]
    return [(line.get("class"), visible_text(line)) for line in lines]


def omitted(article: Article) -> list[str]:
    return [omission.text for omission in article.omissions]


def test_buttons_to_share_are_none_of_the_byline():
    article = page(
        "<div class='meta-container byline'><p class=byline>Ann Lee</p><ul class=meta__tools>"
        "<li><a href=/f><span>Share on Facebook</span></a></li>"
        "<li><a href=/e>Share via Email</a></li></ul></div>"
    )
    assert head(article) == [("byline", "Ann Lee")]
    assert omitted(article) == ["Share on Facebook", "Share via Email"]


def test_counts_and_buttons_in_the_line_of_the_author_are_left_out():
    article = page(
        "<div class=post-meta><span class=author>By Ann Lee</span> <a href=#c>12 Comments</a> "
        "<a href='javascript:print()'>Print this article</a></div>"
    )
    assert head(article) == [("byline", "By Ann Lee")]
    assert article.authors == ("Ann Lee",)
    assert omitted(article) == ["12 Comments", "Print this article"]


@pytest.mark.parametrize(
    "beside",
    ["Share Tweet Share", "0 comments", "14", "195Shares", "Supported by", "Topics: Cars Leeds"],
)
def test_what_names_nobody_is_no_byline(beside: str):
    article = page(f"<div class=byline>By Ann Lee</div><div class=post-meta>{beside}</div>")
    assert head(article) == [("byline", "By Ann Lee")]
    assert omitted(article) == [beside]


def test_the_times_of_a_recipe_are_a_paragraph():
    article = page("<div class=recipe-meta><span>Prep time: 15 mins</span> <i>Serves 8</i></div>")
    assert head(article) == [(None, "Prep time: 15 mins Serves 8")]


def test_a_by_on_a_line_of_its_own_begins_the_next():
    article = page("<div class=byline><span>By</span><div class=author>Bo Chan</div></div>")
    assert head(article) == [("byline", "By Bo Chan")]
    assert article.authors == ("Bo Chan",)


@pytest.mark.parametrize("date", ["18 Nov 2019", "5:50 PM", "Published: 3 March 2024 at 8:59 pm"])
def test_a_date_in_the_box_of_a_byline_is_a_date(date: str):
    article = page(f"<div class=entry-meta><p>Ann Lee</p><p>{date}</p></div>")
    assert head(article) == [("byline", "Ann Lee"), ("dateline", date)]


@pytest.mark.parametrize(
    "name",
    ["Associated Press", "@annlee", "Posted by Ann Lee on March 10", "5:45 PM PST by Ann Lee"],
)
def test_a_line_that_names_somebody_stays_a_byline(name: str):
    assert head(page(f"<div class=entry-meta>{name}</div>")) == [("byline", name)]


def test_a_number_within_a_byline_stays_where_it_belongs():
    line = "By Ann Lee, aged <b>14</b>"
    assert head(page(f"<p class=byline>{line}</p>")) == [("byline", "By Ann Lee, aged 14")]


def test_a_button_above_the_headline_is_left_out_though_nothing_is_around_it():
    article = html_article(
        f"<html lang=en><body><main><a href=#r>Jump to recipe</a><h1>Cake</h1><p>{PROSE}</p>",
        "page.html",
    )
    assert omitted(article) == ["Jump to recipe"]
