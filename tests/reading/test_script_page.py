"""A producer's script is read as it is; what cannot be used in it is told with its line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml.html import tostring

from audiostory.errors import SourceError
from audiostory.model import Article, Omission, Picture, Rules
from audiostory.reading.html import html_article
from audiostory.reading.serialise import article_as_text

HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="generator" content="audiostory script 1">
<title>Rain</title></head><body><article id="article">
"""
FIRST = HEAD.count("\n") + 1  # the line on which the article's content begins


def read(inner: str, *, rules: Rules | None = None, head: str = HEAD) -> Article:
    page = f"{head}{inner}\n</article></body></html>"
    return html_article(page, "a.script.html", (), rules or Rules())


def body_of(article: Article) -> str:
    return "".join(tostring(child, encoding="unicode") for child in article.body)


def warned(inner: str) -> list[str]:
    """The warnings of a page, without the page's name; lines are counted from the article's."""
    found = []
    for warning in read(inner).warnings:
        name, line, problem = warning.split(":", 2)
        assert name == "a.script.html"
        found.append(f"{int(line) - FIRST + 1}:{problem}")
    return found


def test_what_is_marked_stays_as_it_is_marked() -> None:
    inner = (
        '<p id="p-1"><span id="p-1-1" class="u">He said:</span> <q class="direct" '
        'data-speaker="Ann Lee">“<span id="p-1-2" class="u">Come in.</span>”</q></p>'
    )
    article = read(inner)
    assert body_of(article) == inner
    assert article.warnings == ()


def test_how_it_is_said_is_kept() -> None:
    inner = (
        '<p class="note" id="p-1" hidden="">One.</p>'
        '<p id="p-2"><span data-spoken="Doctor" data-ipa="ˈdɒktə">Dr</span> Lee</p>'
    )
    assert body_of(read(inner)) == inner


def test_a_style_knows_its_place_in_the_page() -> None:
    article = read('<p id="p-1">One\n<span style="pause: 2s"></span> two.</p>')
    assert f'style="pause: 2s" data-place="a.script.html:{FIRST + 1}"' in body_of(article)


def test_an_ordinary_page_keeps_nothing_of_it() -> None:
    page = (
        '<html lang="en"><body><article><p id="x" style="speak: none" data-spoken="No">'
        'One <q data-speaker="Ann">two</q> <span class="u" style="pause: 2s">three</span>.'
        "</p></article></body></html>"
    )
    body = body_of(html_article(page, "a.html"))
    for left in ("style", "data-", "<q", 'class="u"', 'id="x"'):
        assert left not in body


def test_whatever_could_act_is_taken_away() -> None:
    article = read(
        '<p id="p-1" onclick="go()">One <a href="javascript:go()">two</a>'
        "<script>go()</script><iframe src='x'></iframe> three.</p>"
    )
    assert body_of(article) == '<p id="p-1">One <a>two</a> three.</p>'
    assert [warning.split(": ", 1)[1] for warning in article.warnings] == [
        "'onclick' is not known on <p>; it is left out.",
        "<script> is left out.",
        "<iframe> is left out.",
    ]


def test_a_new_block_gets_an_id_of_its_own() -> None:
    article = read('<p id="p-1">One.</p><p>Two.</p>')
    ids = [element.get("id") for element in article.body.iter("p")]
    assert ids[0] == "p-1"
    assert ids[1] is not None
    assert ids[1].startswith("p-")


def test_a_q_that_a_producer_writes_is_speech() -> None:
    assert '<q class="direct">Come in</q>' in body_of(read("<p>She said <q>Come in</q>.</p>"))


def test_a_box_that_is_hidden_hides_what_is_in_it() -> None:
    assert 'hidden=""' in body_of(read("<div hidden><p>One.</p></div><p>Two.</p>"))


TAKES = "data-spoken takes the words or sounds of a text, on <span> or a block of text"
BROKEN = {
    '<p id="a">One.</p>\n<p id="a">Two.</p>': (
        "2: id='a' is there twice; the second one gets another."
    ),
    '<p id="1 2">One.</p>': (
        "1: id='1 2' cannot be used; it takes a letter, then letters or digits."
    ),
    "<p>One\n<foo>two</foo></p>": "2: <foo> is not known here: what is in it is kept.",
    '<p speaker="Ann">One.</p>': "1: 'speaker' is not known on <p>; it is left out.",
    '<p data-speaker="Ann">One.</p>': (
        "1: data-speaker belongs on <q> or <blockquote>, not on <p>; it is left out."
    ),
    '<p><span data-spoken="">One</span></p>': f"1: {TAKES}.",
    '<ul data-spoken="One"><li>1</li></ul>': f"1: {TAKES}; on <ul> it is left out.",
    '<p lang="some words">One.</p>': (
        "1: lang='some words' is no language; it takes one such as en or de-CH."
    ),
    '<p class="&">One.</p>': "1: class='&' cannot be used; it takes names with spaces between.",
    '<section style="pause: 1s"><p>One.</p></section>': (
        "1: style has no effect on <section>; give it to what is in it."
    ),
    "<p>One <span>two</p>": "1: <span> is not closed.",
    "<p>One</q> two</p>": "1: </q> closes nothing.",
}


@pytest.mark.parametrize(("inner", "warning"), BROKEN.items())
def test_a_broken_edit_is_told_with_its_line(inner: str, warning: str) -> None:
    assert warned(inner) == [warning]


def test_words_that_an_open_quotation_mark_swallows_are_not_lost() -> None:
    article = read('<p>One.</p>\n<p class="note>Two.</p>\n<p>The 12"> three.</p>')
    where = f"a.script.html:{FIRST + 2}"  # there the tag ends
    assert article.warnings[0] == f"{where}: the quotation mark of class= is not closed."
    assert [o.text for o in article.omissions] == ["note>Two. The 12"]


def test_words_after_an_open_quotation_mark_are_read() -> None:
    article = read('<p>One.</p>\n<p class="note>Two <b>three</b>.</p>\n<p id="p-4">Four.</p>')
    assert (
        f"a.script.html:{FIRST + 1}: a tag is not closed with >: it is read as text."
        in article.warnings
    )
    assert "Two <strong>three</strong>." in body_of(article)
    assert '<p id="p-4">Four.</p>' in body_of(article)


def test_what_is_commented_out_is_listed() -> None:
    article = read("<p>One.</p><!-- <p>Two.</p> -->")
    assert article.omissions == (Omission("Two.", "commented out in the script"),)


def test_very_many_problems_are_counted() -> None:
    warnings = read("<p x=1>One.</p>" * 60).warnings
    assert len(warnings) == 51
    assert warnings[-1] == "a.script.html: 10 more of that kind."


def test_what_was_left_out_before_is_read_back() -> None:
    inner = (
        '<p id="p-1">One.</p></article><details class="omitted"><summary>Left out</summary><ul>'
        '<li data-after="p-1"><b>menu</b> News Travel</li><li>Sign up</li></ul></details><article>'
    )
    article = read(inner)
    assert article.omissions == (
        Omission("Sign up", "left out"),
        Omission("News Travel", "menu", "p-1"),
    )
    assert "News" not in body_of(article)


def test_all_that_is_known_of_the_article_comes_along() -> None:
    facts = """<meta name="author" content="Smith and Sons, Ltd">
<meta name="author" content="Ann Lee">
<meta name="dcterms.issued" content="2026-02-03T23:00:00+01:00">
<meta name="dcterms.modified" content="2026-02-04"><meta name="description" content="Wet.">
<meta property="article:section" content="Weather"><meta property="og:site_name" content="The Post">
<meta name="dcterms.rights" content="CC BY 4.0"><meta name="dcterms.source" content="rain.pdf">
<meta property="og:image" content="a.png"><meta property="og:image:alt" content="A street">
<link rel="canonical" href="https://example.org/rain"></head>"""
    article = read("<h1>Rain, again</h1><p>One.</p>", head=HEAD.replace("</head>", facts))
    assert article.authors == ("Smith and Sons, Ltd", "Ann Lee")
    assert article.published == datetime.fromisoformat("2026-02-03T23:00:00+01:00")
    assert article.modified == datetime(2026, 2, 4, 12, tzinfo=UTC)
    assert (article.title, article.description, article.source) == (
        "Rain, again",
        "Wet.",
        "rain.pdf",
    )
    assert (article.section, article.site, article.licence) == ("Weather", "The Post", "CC BY 4.0")
    assert article.image == Picture("a.png", "A street")
    assert article.canonical_url == "https://example.org/rain"


@pytest.mark.parametrize("source", ["/etc/passwd", "../a.html", "c:\\a.html", "#part", ".."])
def test_a_source_is_a_name_or_a_link_and_no_path(source: str) -> None:
    head = HEAD.replace("</head>", f'<meta name="dcterms.source" content="{source}"></head>')
    assert read("<p>One.</p>", head=head).source == "a.script.html"


def test_a_date_that_is_none_is_told() -> None:
    head = HEAD.replace("</head>", '<meta name="dcterms.issued" content="soon"></head>')
    article = read("<p>One.</p>", head=head)
    assert article.published is None
    assert article.warnings == (
        "a.script.html: 'soon' is no date; it takes one such as 2026-02-03.",
    )


def test_a_producers_rules_hold_for_it_too() -> None:
    article = read('<p id="p-1">One.</p><p class="note">Two.</p>', rules=Rules(drop=(".note",)))
    assert article.omissions == (Omission("Two.", "dropped by a rule", "p-1"),)


def test_a_script_without_text_is_none() -> None:
    with pytest.raises(SourceError, match="There is no text"):
        read("<p></p>")


def test_it_can_be_read_for_a_person() -> None:
    article = read('<p>She said: <q class="direct">“<span class="u">Come in.</span>”</q></p>')
    assert "p            She said: “Come in.”\n" in article_as_text(article, omitted=False)


def test_deep_nesting_is_refused_in_words() -> None:
    with pytest.raises(SourceError):
        read("<q>" * 10_000 + "One.")
