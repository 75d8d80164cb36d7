"""A producer's rules, on documents of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiostory.errors import SourceError
from audiostory.model import Article, ReadingOptions, Rules
from audiostory.reading import read
from audiostory.reading.sources import read_all
from audiostory.reading.tree import visible_text
from tests.reading.documents import pandoc
from tests.reading.words import accounted, narrated

STORY = """\
# The lamp on the quay

It stands there, and *it belongs to* nobody. It has stood there since 1911.

- The lamp
- The quay

> Who lit it?

The council met on Tuesday to decide what should become of it.
"""


def dropped(path: Path, *selectors: str) -> Article:
    return read(path, ReadingOptions(Rules(drop=selectors)))


def omitted(article: Article) -> list[str]:
    return [o.text for o in article.omissions if o.reason == "dropped by a rule"]


@pytest.mark.parametrize("suffix", ["md", "docx", "odt", "rtf", "epub", "txt"])
def test_rules_drop_elements_of_any_document(suffix: str, tmp_path: Path):
    path = tmp_path / f"story.{suffix}"
    path.write_bytes(STORY.encode() if suffix in ("md", "txt") else pandoc(STORY, suffix, tmp_path))
    whole, article = read(path, ReadingOptions()), dropped(path, "li")
    assert next(article.body.iter("ul", "li"), None) is None
    assert omitted(article) == ["The lamp", "The quay"]
    assert accounted(article) == accounted(whole) == narrated(article)


def test_what_is_dropped_is_listed_where_it_stood(tmp_path: Path):
    path = tmp_path / "story.md"
    path.write_text(STORY)
    article = dropped(path, "ul", "blockquote", "em")
    first = next(p for p in article.body.iter("p"))
    assert visible_text(first) == "It stands there, and nobody. It has stood there since 1911."
    assert [omission.after for omission in article.omissions] == [first.get("id")] * 3
    assert omitted(article) == ["it belongs to", "The lamp The quay", "Who lit it?"]


@pytest.mark.parametrize("suffix", ["md", "html"])
@pytest.mark.parametrize("selector", ["body", "html", "body *"])
def test_rules_that_drop_all_of_a_document_are_named(selector: str, suffix: str, tmp_path: Path):
    path = tmp_path / f"story.{suffix}"
    path.write_text(STORY if suffix == "md" else f"<body><p>{STORY}</p></body>")
    with pytest.raises(SourceError, match="rules drop all text of story"):
        dropped(path, selector)


def test_a_rule_that_can_keep_nothing_is_said(tmp_path: Path):
    path = tmp_path / "story.md"
    path.write_text(STORY)
    article = read(path, ReadingOptions(Rules(keep=("p.note",))))
    assert article.warnings == (
        'story.md is no web page: nothing of it is left out that "p.note" could keep.',
    )
    assert not article.omissions


def test_rules_hold_for_a_books_chapters_and_a_feeds_articles(tmp_path: Path):
    book, feed = tmp_path / "book.epub", tmp_path / "feed.xml"
    book.write_bytes(pandoc(f"{STORY}\n# Two\n\nMore.\n\n- One\n- Two\n", "epub", tmp_path))
    feed.write_text(
        "<rss version='2.0'><channel><title>The Quay</title><item><title>Lamp</title>"
        f"<description>&lt;p&gt;{STORY * 9}&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Listed"
        "</description></item></channel></rss>"
    )
    options = ReadingOptions(Rules(drop=("li",)), chapters=True)
    for source in (book, feed):
        for article in read_all(str(source), options):
            assert isinstance(article, Article)
            assert next(article.body.iter("li"), None) is None
            assert {o.reason for o in article.omissions} == {"dropped by a rule"}
