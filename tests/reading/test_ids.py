"""A block keeps its id when other parts of the article change, in whatever format it comes."""

import json
from collections.abc import Callable
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.model import Article
from audiostory.reading.docx import read_docx
from audiostory.reading.epub import read_epub
from audiostory.reading.feed import entry_article, read_feed
from audiostory.reading.html import read_html
from audiostory.reading.markdown import read_markdown
from audiostory.reading.odt import read_odt
from audiostory.reading.pdf import read_pdf
from audiostory.reading.plain import read_text
from audiostory.reading.rtf import read_rtf
from audiostory.reading.tree import visible_text
from tests.reading.documents import paragraph, word, zipped
from tests.reading.pdfs import lines, written
from tests.reading.test_epub import book
from tests.reading.test_odt import files

SENTENCES = tuple(
    f"The {thing} was seen by {who} on the quay in {month}, and nobody could say why it was there."
    for thing in ("lamp", "boat", "clock")
    for who in ("the keeper", "a diver", "two children", "the mayor")
    for month in ("May", "June")
)


def _html(texts: list[str]) -> Article:
    body = "".join(f"<p>{text}</p>" for text in texts)
    return read_html(f"<html lang=en><article><h1>Seen</h1>{body}</article>".encode(), "a.html")


def _markdown(texts: list[str]) -> Article:
    return read_markdown(("# Seen\n\n" + "\n\n".join(texts)).encode(), "a.md")


def _text(texts: list[str]) -> Article:
    return read_text(("Seen\n\n" + "\n\n".join(texts)).encode(), "a.txt")


def _docx(texts: list[str]) -> Article:
    return read_docx(word(paragraph("Seen", "Title") + "".join(map(paragraph, texts))), "a.docx")


def _odt(texts: list[str]) -> Article:
    content = "<text:h>Seen</text:h>" + "".join(f"<text:p>{text}</text:p>" for text in texts)
    return read_odt(zipped(files(content)), "a.odt")


def _rtf(texts: list[str]) -> Article:
    content = "".join(rf"\pard {text}\par " for text in texts)
    return read_rtf(rf"{{\rtf1\ansi \pard\outlinelevel0 Seen\par {content}}}".encode(), "a.rtf")


def _epub(texts: list[str]) -> Article:
    body = "".join(f"<p>{text}</p>" for text in texts)
    return read_epub(book({"a.xhtml": f"<body><h1>Seen</h1>{body}</body>"}), "a.epub")


def _pdf(texts: list[str]) -> Article:
    drawn = [lines("Seen", size=24, top=760)]
    for number, text in enumerate(texts):
        first, rest = text.split(", ", 1)
        drawn.append(lines(f"{first},", rest, top=720 - 50 * number))
    return read_pdf(written("\n".join(drawn)), "a.pdf")


def _feed(texts: list[str]) -> Article:
    content = "".join(f"<p>{escape(text)}</p>" for text in texts)
    item = {"id": "1", "title": "Seen", "content_html": content}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "1", "items": [item]}
    return entry_article(read_feed(json.dumps(feed).encode(), "feed.json")[0], "feed.json")


FORMATS = (_html, _markdown, _text, _docx, _odt, _rtf, _epub, _pdf, _feed)


def _ids(article: Article) -> dict[str, str]:
    return {visible_text(block): str(block.get("id")) for block in article.body}


@pytest.mark.parametrize("read", FORMATS)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_ids_stay_when_a_paragraph_changes_or_comes_or_goes(
    read: Callable[[list[str]], Article], data: st.DataObject
):
    texts = data.draw(st.lists(st.sampled_from(SENTENCES), min_size=4, max_size=12, unique=True))
    number = data.draw(st.integers(0, len(texts) - 1))
    before = _ids(read(texts))
    assert set(texts) <= set(before)
    added = (
        "Some said a stranger had come at night with a lantern, and had gone before the morning."
    )
    for changed in ([added], [added, texts[number]], []):
        after = _ids(read([*texts[:number], *changed, *texts[number + 1 :]]))
        same = (set(before) & set(after)) - {added}
        assert len(same) >= len(texts) - 1
        assert {text: before[text] for text in same} == {text: after[text] for text in same}


def test_of_blocks_with_the_same_text_the_first_keeps_its_id():
    texts = [SENTENCES[0], SENTENCES[1], SENTENCES[0]]
    first, _, third = (block.get("id") for block in list(_html(texts).body)[1:])
    assert third == f"{first}-2"
    changed = [block.get("id") for block in _html([texts[0], "Another.", texts[2]]).body]
    assert (changed[1], changed[3]) == (first, third)
