"""Pages that a browser printed: their menus and boxes are listed, other PDFs are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml.html import HtmlElement, fromstring

from audiostory.model import Omission
from audiostory.reading.document import LEFT_OUT
from audiostory.reading.pdf import read_pdf
from audiostory.reading.pdf_furniture import mark_furniture, tidy
from audiostory.reading.tree import visible_text
from tests.narration.helpers import assert_linear
from tests.reading.pdfs import printed
from tests.reading.words import accounted, words

PROSE = (
    "The council met on Tuesday to decide what should become of the lamp, which has stood "
    "on the quay since 1911 and belongs to nobody."
)
BODY = f"""
<ul><li>Home</li><li>Sport</li></ul><p>Council</p>
<h1>The lamp on the quay</h1><p>By Ann Lee</p><p>Share on Facebook</p><p>{PROSE}</p>
<h3>Read more</h3><ul><li>Floods remembered</li><li>Bills to rise by 4%</li></ul>
<h2>Who pays?</h2><p>The council does.</p><ul><li>Half of it</li><li>A third of it</li></ul>
<h3>Sign up to our newsletter</h3><p>Get the news.</p><p>Sign up</p>
<p>Work begins in June and should end by May.</p><blockquote><p>Share</p></blockquote>
<p>© 2026 The Quay. All rights reserved.</p><p>Privacy</p>
"""
FURNITURE = [
    *("Home", "Sport", "Share on Facebook", "Read more", "Floods remembered"),
    *("Bills to rise by 4%", "Sign up to our newsletter", "Get the news.", "Sign up"),
    *("© 2026 The Quay. All rights reserved.", "Privacy"),
]
PRINTED = [Omission("https://quay.example/lamp 1/2", "running header")]


def marked(body: str, edges: list[Omission] = PRINTED) -> list[str]:
    root = fromstring(f"<div>{body}</div>")
    mark_furniture(root, edges, "en")
    return [str(e.text_content()) for e in root.iter() if e.get(LEFT_OUT)]


def test_a_printed_pages_furniture_is_left_out_and_nothing_else():
    assert marked(BODY) == FURNITURE


def test_without_an_address_at_an_edge_a_menu_proves_a_page():
    assert marked(BODY, []) == FURNITURE
    assert not marked(BODY.replace("Home", "Hall").replace("Privacy", "Quay"), [])


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>The lamp</h1><p>{PROSE}</p><h2>About</h2><p>Short.</p><h2>News</h2><p>{PROSE}</p>",
        f"<h1>Cookies</h1><p>{PROSE}</p><h2>How sites use cookies</h2><p>{PROSE}</p>",
        f"<h1>The lamp</h1><p>{PROSE}</p><h2>See also</h2><p>{PROSE}</p><p>© 2024 Lee</p>",
        f"<p>Menu</p><h1>Lamps</h1><p>{PROSE}</p><table><tr><td>Share</td></tr></table>",
    ],
)
def test_headings_and_lines_of_an_article_stay(body: str):
    kept = [line for line in marked(body) if "©" not in line and line != "Menu"]
    assert not kept


def test_a_print_is_read_without_its_sites_menu(tmp_path: Path):
    page = tmp_path / "lamp.html"
    page.write_text(f"<!doctype html><html lang=en><title>Lamp</title><body>{BODY}")
    article = read_pdf(printed(page, tmp_path), "lamp.pdf")
    listed = [o.text for o in article.omissions if o.reason != "running header"]
    assert listed == FURNITURE
    assert article.title == "The lamp on the quay"
    said = words(visible_text(fromstring(f"<div>{BODY}</div>")))
    assert all(accounted(article)[word] >= count for word, count in said.items())


def tidied(inner: str) -> HtmlElement:
    root = fromstring(f"<div>{inner}</div>")
    tidy(root)
    return root


def test_a_caption_that_no_tag_covers_is_the_pictures():
    for inner in ("<p>A lamp.</p><figure><img alt='A lamp'></figure>",) * 2:
        root = tidied(inner)
        assert [e.tag for e in root] == ["figure"]
        assert [e.tag for e in root[0]] == ["img", "figcaption"]
    assert [e.tag for e in tidied("<p>Two</p><figure><img alt='A lamp'></figure>")] == [
        *("p", "figure")
    ]


def test_the_way_back_from_a_note_is_not_read():
    root = tidied("<ol><li><p>If it holds.↩\ufe0e</p></li><li>See <em>it</em>. ↩</li></ol>")
    assert [" ".join(li.text_content().split()) for li in root[0]] == ["If it holds.", "See it."]


@pytest.mark.parametrize(
    "inner", ["<p>Share</p>", "<ul><li>Home</ul>", "<p>2 days ago</p>", "<h2>Related</h2>"]
)
def test_time_grows_with_the_lines_and_not_with_their_square(inner: str):
    assert_linear(lambda count: marked(f"<h1>Lamp</h1>{inner * count}<p>{PROSE}</p>"), 4_000)
