from datetime import datetime
from pathlib import Path

import pytest
from lxml.html import tostring

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.narration import load_stylesheet, narrate
from audiostory.reading import read
from audiostory.reading.html import html_article
from audiostory.reading.tree import visible_text

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "tests" / "articles"
LONG = "The council met on Tuesday to decide what should become of the lamp on the quay. " * 3


def page(inside: str, *, head: str = "", around: str = "") -> Article:
    return html_article(
        f"<html lang=en><head>{head}</head><body>{around}"
        f"<main><article><h1>The lamp</h1><p>{LONG}</p>{inside}</article></main></body></html>",
        "page.html",
    )


def body(article: Article) -> str:
    """The body without ids, the headline and the first paragraph."""
    for element in article.body.iter():
        element.attrib.pop("id", None)
    return "".join(tostring(e, encoding="unicode") for e in article.body[2:])


def omitted(article: Article) -> list[tuple[str, str]]:
    return [(omission.text, omission.reason) for omission in article.omissions]


@pytest.mark.parametrize(
    ("furniture", "reason"),
    [
        ("<nav>Home News</nav>", "menu"),
        ("<div class='related-stories'>A ship comes in</div>", "related story"),
        ("<aside class='newsletter'>Sign up</aside>", "newsletter form"),
        ("<ul class='share-bar'><li>Post</li></ul>", "share buttons"),
        ("<div class='ad ad-top'>Buy oilskins</div>", "advertisement"),
        ("<section id='comments'>First!</section>", "comments"),
        ("<div class='cookie-consent'>We use cookies</div>", "consent box"),
        ("<form><label>Search</label></form>", "form"),
        ("<footer>© 2024</footer>", "page footer"),
        ("<div hidden>Draft</div>", "hidden on the page"),
        ("<p style='display: none'>Draft</p>", "hidden on the page"),
        ("<span aria-hidden=true>Draft</span>", "hidden on the page"),
        ("<div role=dialog>Subscribe now</div>", "box over the page"),
        ("<div class='video-js vjs-paused'><p>Current Time 0:00</p></div>", "video player"),
    ],
)
def test_furniture_in_the_article_is_left_out_with_a_reason(furniture: str, reason: str):
    article = page(furniture)
    assert [why for _, why in omitted(article)] == [reason]
    assert body(article) == ""


def test_what_is_outside_the_article_is_left_out():
    article = page("", around="<p>Welcome to our site</p><header>The Quay</header>")
    assert omitted(article) == [
        ("Welcome to our site", "outside the article"),
        ("The Quay", "page header"),
    ]


def test_a_list_of_links_to_other_pages_is_left_out():
    links = "<ul><li><a href=/>Home</a><li><a href=/n>News</a></ul>"
    article = html_article(f"<body>{links}<h1>Lamp</h1><p>{LONG}</p>{links}</body>", "a.html")
    assert [text for text, _ in omitted(article)] == ["Home News", "Home News"]


@pytest.mark.parametrize(
    "heading",
    [
        "<h2><span>History</span><span class=mw-editsection>[<a href=/e>edit</a>]</span></h2>",
        "<div class=mw-heading><h2>History</h2><span class=mw-editsection>[edit]</span></div>",
        "<h2>History <small>[edit]</small></h2>",
        "<h2>History[<a href=/e>edit</a>]</h2>",
    ],
)
def test_a_heading_is_read_without_its_link_to_edit(heading: str):
    article = page(f"{heading}<p>{LONG}</p>")
    assert [visible_text(h) for h in article.body.iter("h2")] == ["History"]
    assert [(text.strip("[ ]"), why) for text, why in omitted(article)] == [
        ("edit", "link to edit")
    ]


def test_a_heading_about_editing_is_read():
    assert not omitted(page(f"<h2>How to <a href=/edit>edit</a> a page</h2><p>{LONG}</p>"))


@pytest.mark.parametrize(
    "note",
    ["<sup class=noprint>[<i><a href=/w>citation needed</a></i>]</sup>", "<sup>[who?]</sup>"],
)
def test_what_an_encyclopedia_asks_of_its_writers_is_left_out(note: str):
    article = page(f"<p>It was built in 1911.{note} It still stands.</p>")
    assert body(article) == "<p>It was built in 1911. It still stands.</p>"
    assert [why for _, why in omitted(article)] == ["note to editors"]


@pytest.mark.parametrize("tag", ["del", "s", "strike"])
def test_what_a_page_strikes_out_is_left_out_and_what_it_puts_in_is_read(tag: str):
    article = page(f"<p>It costs <{tag}>£50</{tag}> <ins>£40</ins> in all.</p>")
    assert visible_text(article.body[2]) == "It costs £40 in all."
    assert omitted(article) == [("£50", "deleted text")]


def test_paragraphs_may_be_struck_out_but_hardly_the_article():
    assert omitted(page("<del><p>It was blue.</p></del>")) == [("It was blue.", "deleted text")]
    assert omitted(page(f"<s><p>{LONG * 3}</p></s>")) == []


@pytest.mark.parametrize(
    "furniture",
    [
        "<div><a href=#more>Continue reading the main story</a></div>",
        "<p class=wide>Loading Comments...</p>",
        "<a href=#comments>View <span>Comments</span></a>",
        "<figure><img src=a.gif alt=line height=2 width=464></figure>",
        "<p><img src=a.gif alt='Divider'></p>",
    ],
)
def test_what_only_the_page_says_between_paragraphs_is_left_out(furniture: str):
    article = page(f"{furniture}<p>{LONG}</p>")
    assert len(article.body) == 3
    assert len(omitted(article)) == 1


def test_a_count_of_comments_and_a_section_in_a_list_above_the_text_are_left_out():
    items = "<li>24 July 2015</li><li>From the section <a href=/w>World</a></li><li>941 comments"
    article = html_article(
        f"<html lang=en><body><main><h1>The lamp</h1><ul class=info>{items}</ul>"
        f"<p>{LONG}</p><p>{LONG}</p></main>",
        "page.html",
    )
    assert [visible_text(item) for item in article.body.iter("li")] == ["24 July 2015"]
    assert [text for text, _ in omitted(article)] == ["From the section World", "941 comments"]


def test_an_items_count_within_the_text_is_read():
    assert not omitted(page(f"<ul><li>941 comments</li><li>Two letters</li></ul><p>{LONG}</p>"))


def test_a_box_with_sentences_that_asks_for_an_address_is_left_out():
    asks = "<h2>Cities are changing fast. Keep up with them, every day, in our daily letter.</h2>"
    box = f"<section class=newsletter--cta>{asks}<form><input name=email></form></section>"
    article = page(f"{box}<p>{LONG * 3}</p>")
    assert [why for _, why in omitted(article)] == ["newsletter form"]


def test_a_list_of_one_item_below_a_picture_that_says_the_same_is_its_caption():
    alt = "A herring gull (Larus) on the old lamp."
    article = page(
        f"<figure><a href=/a><img src=a.jpg alt='{alt}'></a></figure>"
        f"<ul><li><p>A herring gull, <em>Larus</em>, on the lamp</p></li></ul><p>{LONG}</p>"
    )
    caption = article.body[3]
    assert (caption.tag, caption.get("class")) == ("p", "caption")
    assert omitted(article) == [(alt, "the caption says the same as the image's description")]


def test_a_list_of_one_item_below_a_picture_of_something_else_is_a_list():
    picture = "<figure><img src=a.jpg alt='A herring gull on the lamp'></figure>"
    article = page(f"{picture}<ul><li>The council meets again in May.</li></ul><p>{LONG}</p>")
    assert article.body[3].tag == "ul"
    assert not omitted(article)


WORK = "Others have written of this at length, and we have learned from all of them."


def test_a_section_of_prose_is_the_articles_whatever_it_is_called():
    section = f"<section class=related-work><h2>Related work</h2><p>{WORK}</p></section>"
    assert omitted(page(section)) == []


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (f"<h2>Related stories</h2><p>{WORK}</p>", "related story"),
        (f"<h2>The bell</h2><p>{WORK} <a href=/bell>The bell</a></p>", "related story"),
        (f"<h2>The bell</h2><img src=a><p>{WORK}</p>", "related story"),
        (f"<p>{WORK}</p>", "related story"),
    ],
)
def test_a_box_that_leads_elsewhere_is_none_of_the_articles(inside: str, reason: str):
    article = page(f"<section class=related-work>{inside}</section>")
    assert [why for _, why in omitted(article)] == [reason]


def test_a_box_that_holds_most_of_the_text_is_no_furniture():
    article = html_article(
        f"<body><div class='share'><h1>Lamp</h1><p>{LONG}</p><p>{LONG}</p></div></body>", "a.html"
    )
    assert not article.omissions


def test_a_pull_quote_that_repeats_the_text_is_left_out_and_another_kept():
    again = page(f"<p>{LONG} “It is a promise.”</p><div class=pullquote>“It is a promise.”</div>")
    assert omitted(again) == [("“It is a promise.”", "pull quote that repeats the text")]
    once = page("<div class=pullquote>“It is a promise.”</div>")
    assert not once.omissions


@pytest.mark.parametrize(
    ("markup", "cleaned"),
    [
        ("<div>Text</div>", "<p>Text</p>"),
        ("Loose <b>text</b>", "<p>Loose <strong>text</strong></p>"),
        ("<div>One<p>Two</p>Three</div>", "<p>One</p><p>Two</p><p>Three</p>"),
        ("<p>One<br>two</p>", "<p>One<br>two</p>"),
        ("<p>One<br><br>two</p>", "<p>One</p><p>two</p>"),
        ("<p>Say <q>so</q></p>", "<p>Say “so”</p>"),
        ("<p onclick='x()' style='color:red'>Text</p>", "<p>Text</p>"),
        ("<p>A <a href='javascript:x()'>text</a></p>", "<p>A <a>text</a></p>"),
        ("<p>A<script>x()</script>B</p>", "<p>AB</p>"),
        ("<h3>Head <em>line</em></h3>", "<h3>Head <em>line</em></h3>"),
        ("<li>One<li>Two", "<ul><li>One</li><li>Two</li></ul>"),
        ("<ul><li>One<ul><li>Two</ul></ul>", None),
        ("<table><tr><th>A<td>1</table>", "<table><tr><th>A</th><td>1</td></tr></table>"),
        ("<p lang=fr>Oui</p>", '<p lang="fr">Oui</p>'),
        ("<p class='wp-dek'>Sub</p><p class='byline'>By Ann Lee</p>", None),
        ("<p><img src=a.jpg alt='A lamp'></p>", '<figure><img src="a.jpg" alt="A lamp"></figure>'),
        ("<img src=pixel.gif alt=''>", ""),
        ("<p>Note.<a href='#ref'>↩</a></p>", "<p>Note.</p>"),
    ],
)
def test_any_markup_becomes_the_vocabulary(markup: str, cleaned: str | None):
    if markup.startswith("<li>"):
        markup = f"<ul>{markup}</ul>"
    if cleaned is not None:
        assert body(page(markup)) == cleaned


def test_standfirst_byline_and_credits_are_known_by_their_classes():
    article = page(
        "<p class='article__standfirst standfirst'>Nobody owns it.</p><div class=byline>By Ann Lee"
        "</div><footer class=credits>Photographs by Bo Chan</footer>"
    )
    assert [p.get("class") for p in article.body[2:]] == ["standfirst", "byline", "credits"]
    assert article.description == "Nobody owns it."
    assert article.authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("language", "lines", "authors", "day"),
    [
        (
            "de",
            "<p class=autor>Von Katrin Öhler, 7. März 2026</p>",
            ("Katrin Öhler",),
            "2026-03-07",
        ),
        (
            "fr",
            "<p>Par Zoé Le Bris</p><p>Publié le 3 mars 2024</p>",
            ("Zoé Le Bris",),
            "2024-03-03",
        ),
        ("ru", "<p>Зоя Лапина</p><p>Автор: Зоя Лапина</p>", ("Зоя Лапина",), None),
    ],
)
def test_a_byline_below_the_headline_is_known_by_its_words(language, lines, authors, day):
    article = html_article(
        f"<html lang={language}><body><h1>A</h1>{lines}<p>{LONG}</p></body></html>", "a.html"
    )
    assert article.authors == authors
    assert (article.published.date().isoformat() if article.published else None) == day


@pytest.mark.parametrize(
    "quotation",
    [
        "<blockquote><p>A promise.</p><footer>— Anna Berg</footer></blockquote>",
        "<blockquote><p>A promise.</p><p><cite>Anna Berg</cite></p></blockquote>",
        "<blockquote><p>A promise.</p><cite>Anna Berg</cite></blockquote>",
        "<blockquote><p>A promise.</p><p>— Anna Berg</p></blockquote>",
        "<blockquote>A promise. <cite>Anna Berg</cite></blockquote>",
        "<blockquote>A promise <cite>Anna Berg</cite></blockquote>",
        "<blockquote><p>A promise. — <cite>Anna Berg</cite></p></blockquote>",
        "<blockquote><p>A promise.<br><cite>Anna Berg</cite></p></blockquote>",
        "<blockquote><p>“A promise.” <cite><a href=/a>Anna Berg</a></cite></p></blockquote>",
        "<blockquote>A promise. <footer>— <cite>Anna Berg</cite></footer></blockquote>",
        "<blockquote><p>A promise.</p><footer><a href=/a>Anna Berg</a></footer></blockquote>",
    ],
)
def test_a_quotations_author_is_its_attribution(quotation: str):
    quote = page(quotation).body.find("blockquote")
    assert [p.get("class") for p in quote] == [None, "attribution"]
    assert visible_text(quote[0]).strip("“”.") == "A promise"
    assert visible_text(quote[1]).strip("— ") == "Anna Berg"


@pytest.mark.parametrize(
    "quotation",
    [
        "<p>As <cite>Emma</cite> has it.</p>",
        "<p>Nobody has read <cite>Emma</cite>.</p>",
        "As <cite>Jane Eyre</cite> has it.",
        "I never read <cite>Emma</cite>",
    ],
)
def test_the_title_of_a_work_in_a_quotation_is_no_attribution(quotation: str):
    quote = page(f"<blockquote>{quotation}</blockquote>").body[-1]
    assert [p.get("class") for p in quote] == [None]


def test_an_alt_text_that_the_caption_repeats_is_said_once():
    article = page("<figure><img src=a.jpg alt='A lamp.'><figcaption>A lamp. Photo</figure>")
    assert omitted(article) == [("A lamp.", "the caption says the same as the image's description")]
    assert article.body.find(".//img").get("alt") == ""


def test_metadata_of_the_pages_head():
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": '
        '"NewsArticle", "headline": "H", "author": [{"name": "Ann Lee"}, "Bo Chan"], '
        '"datePublished": "2024-03-03T10:00:00+01:00", "description": "D"}]}</script>'
        "<link rel=canonical href='https://quay.example/lamp'>"
    )
    article = page("", head=head)
    assert article.title == "The lamp"
    assert article.authors == ("Ann Lee", "Bo Chan")
    assert article.published == datetime.fromisoformat("2024-03-03T10:00:00+01:00")
    assert article.description == "D"
    assert article.canonical_url == "https://quay.example/lamp"


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"broken</script>',
        '<script type="application/ld+json">[3, null]</script>',
        '<script type="application/ld+json">{"@type": "Article", "author": 3}</script>',
    ],
)
def test_broken_metadata_is_passed_over(head: str):
    assert page("", head=head).title == "The lamp"


def test_a_headline_over_two_lines_is_two_words():
    assert html_article(f"<h1>The<br>lamp</h1><p>{LONG}", "a.html").title == "The lamp"


def test_the_example_reads_as_its_page_shows_it():
    article = read(ROOT / "examples" / "night-train.html")
    assert article.title == "The night train is back, and it is full"
    assert article.authors == ("Ines Calder",)
    assert article.published == datetime.fromisoformat("2026-05-16T06:30:00+02:00")
    assert article.canonical_url == "https://example.org/2026/05/night-train"
    tags = [element.tag for element in article.body]
    for tag in ("h1", "h2", "blockquote", "ul", "figure"):
        assert tag in tags
    assert {o.reason for o in article.omissions} >= {"related story", "page footer"}


def test_a_page_of_a_real_cms_keeps_its_article_and_nothing_else():
    article = read(ARTICLES / "festival.html")
    text = " ".join("".join(article.body.itertext()).split())
    for kept in ("emptying water", "Take one step back", "310 kg", "found in 2003", "Jory Blount"):
        assert kept in text
    for left_out in ("Oilskins", "Share this", "pibroch_pete", "squeezebox", "Draft", "Most read"):
        assert left_out not in text
    assert article.body.xpath('string(.//span[@lang="fr"])') == "un bourdon mal élevé"


def test_ids_stay_when_another_part_of_the_article_changes():
    before = page("<p>One.</p><p>Two.</p>").body
    after = page("<p>Zero.</p><p>One, changed.</p><p>Two.</p>").body
    assert before[-1].get("id") == after[-1].get("id")
    ids = [element.get("id") for element in page("<p>Same.</p><p>Same.</p>").body]
    assert len(set(ids)) == len(ids)


def test_markup_that_never_closes_is_read():
    article = read(ARTICLES / "unclosed.html")
    assert article.title == "The clock that lost an hour"
    assert len(article.body.findall("p")) >= 4


@pytest.mark.parametrize("text", ["<html><body></body></html>", "<p> </p>", "<!"])
def test_a_page_without_text_is_an_error_that_says_what_to_do(text: str):
    with pytest.raises(SourceError, match="save it from there"):
        html_article(text, "empty.html")


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "li", "q"])
def test_deep_nesting_is_read(tag: str):
    article = page(f"<p>{f'<{tag}>' * 1000}Deep down{f'</{tag}>' * 1000}")
    assert "Deep down" in "".join(article.body.itertext())
    _, script = narrate(article, load_stylesheet(ROOT / "voices" / "news.css"))
    assert script.coverage.words_spoken == script.coverage.words_in_article


def test_nesting_that_cannot_be_read_is_an_error_and_no_half_an_article():
    with pytest.raises(SourceError, match="nested thousands deep"):
        page("<div>" * 100_000 + "Deep down" + "</div>" * 100_000)


def test_characters_that_no_document_may_hold_are_left_out():
    assert body(page("<p>a&#1;b&#12;c</p>")) == "<p>ab c</p>"


def test_words_in_drawings_and_players_are_listed():
    article = page(
        "<figure><svg role=img><title>x</title><text>Sales doubled</text></svg></figure>"
        "<video aria-label='An interview'></video><iframe title='A map'></iframe>"
        "<object><p>No plug-in</p></object><svg><path d='M0'/></svg>"
    )
    assert omitted(article) == [
        ("Sales doubled", "drawing"),
        ("An interview", "video"),
        ("A map", "embedded document"),
        ("No plug-in", "embedded document"),
    ]


def test_quotations_marked_up_get_the_marks_of_the_language():
    for language, marks in (("en", "“x”"), ("de-AT", "„x“"), ("fr", "«x»")):
        text = f"<html lang={language}><body><h1>T</h1><p>{LONG} <q>x</q></p></body></html>"
        assert "".join(html_article(text, "a.html").body[1].itertext()).endswith(marks)


def test_a_header_without_heading_or_byline_is_the_pages():
    assert omitted(page("<header>The Daily Blah</header>")) == [("The Daily Blah", "page header")]
    assert not page("<section><header><h2>Part two</h2></header><p>x</p></section>").omissions


def test_a_word_within_a_word_of_the_caption_does_not_say_the_same():
    article = page("<figure><img src=a alt='Map'><figcaption>A mapmaker</figcaption></figure>")
    assert not article.omissions


@pytest.mark.parametrize("lang", ["&#1;", "English language", "{{lang}}"])
def test_a_language_that_is_none_is_passed_over(lang: str):
    assert page(f'<p lang="{lang}">x</p>').body[-1].get("lang") is None


STORIES = "".join(
    f"<li><h2>{number}/4 Another story</h2><p>{LONG}</p></li>" for number in range(1, 5)
)


def test_pictures_of_other_stories_in_the_midst_of_the_article_are_left_out():
    article = page(f"<div class='photo-gallery'><ul>{STORIES}</ul></div><p>{LONG * 4}</p>")
    assert [why for _, why in omitted(article)] == ["picture gallery"]
    assert "Another" not in body(article)


def test_an_article_that_is_a_gallery_is_read():
    article = html_article(
        f"<html lang=en><body><h1>Four ships</h1><div class=photo-gallery><ul>{STORIES}</ul></div>",
        "page.html",
    )
    assert [h.text for h in article.body.iter("h2")] == [
        f"{n}/4 Another story" for n in range(1, 5)
    ]


def test_a_list_of_pictures_with_captions_is_figures():
    item = "<li><img src=a.jpg alt='A ship'><div class=caption>The ship at noon.</div></li>"
    article = page(f"<ul>{item}{item.replace('noon', 'night')}</ul>")
    captions = [caption.text for caption in article.body.iter("figcaption")]
    assert captions == ["The ship at noon.", "The ship at night."]
    assert not list(article.body.iter("li"))


def test_a_formula_in_a_saved_page_of_mathjax_is_no_menu():
    formula = "<mjx-assistive-mml><math><mi>a</mi><mo>≠</mo><mn>0</mn></math></mjx-assistive-mml>"
    container = f'<mjx-container class="MathJax CtxtMenu_Attached_0">{formula}</mjx-container>'
    article = page(f"<p>When {container}, there are two solutions.</p>")
    assert body(article) == "<p>When a≠0, there are two solutions.</p>"
    assert omitted(article) == []


def test_of_mediawikis_formula_the_mathml_is_read_and_not_the_tex_of_its_picture():
    source = '<annotation encoding="application/x-tex">{\\displaystyle A}</annotation>'
    formula = f"<math><semantics><mi>A</mi>{source}</semantics></math>"
    hidden = f'<span class="mwe-math-mathml-a11y" style="display: none;">{formula}</span>'
    shown = '<img class="mwe-math-fallback-image-inline" src="a.svg" alt="{\\displaystyle A}">'
    article = page(f'<p>Take <span class="mwe-math-element">{hidden}{shown}</span> twice.</p>')
    assert "".join(article.body[2].itertext()) == "Take A twice."
    (picture,) = article.body[2].iter("img")
    assert (picture.get("class"), picture.get("alt")) == ("formula-source", "{\\displaystyle A}")
    _, script = narrate(article, load_stylesheet(ROOT / "voices" / "news.css"))
    assert [o.text for o in script.omitted] == ["{\\displaystyle A}"]
    assert "displaystyle" not in repr(script.passages)


@pytest.mark.parametrize("entity", ['"a [word] > b"', 'SYSTEM "file:///etc/passwd"'])
def test_nothing_of_a_document_type_declaration_is_read(entity: str):
    declared = f"<?xml version='1.0'?>\n<!DOCTYPE html [ <!ENTITY lamp {entity}> ]>"
    article = html_article(f"{declared}<html lang=en><h1>The lamp</h1><p>{LONG}", "page.html")
    assert visible_text(article.body).startswith("The lamp")


@pytest.mark.parametrize("tag", ["article", "main", "section", "header", "x-story"])
def test_where_no_tag_begins_the_body_its_first_element_does(tag: str):
    article = html_article(
        f"<!doctype html><title>Sale</title><{tag}><h1>Sale</h1><p>The lamp costs less.</p></{tag}>"
        "<p>It was reduced again.</p>",
        "page.html",
    )
    assert [block.text for block in article.body] == [
        *("Sale", "The lamp costs less.", "It was reduced again.")
    ]
