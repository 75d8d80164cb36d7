"""Markdown (CommonMark, tables, footnotes, front matter) becomes a page, and then an Article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from lxml.html import HtmlElement, builder, tostring
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from audiostory.model import Article
from audiostory.reading import language as languages
from audiostory.reading.decode import decode
from audiostory.reading.html import html_article, parse_page
from audiostory.reading.metadata import parse_date
from audiostory.reading.tree import folded

_PAIR = re.compile(r"^([A-Za-z_-]+)\s*:\s*(.+)$")
_ITEM = re.compile(r"^\s*-\s+(.+)$")


def read_markdown(data: bytes, name: str) -> Article:
    """Read a Markdown file. Raises SourceError when there is no text in it."""
    decoded = decode(data, name)
    parser = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
    parser = parser.use(front_matter_plugin).use(footnote_plugin)
    tokens = parser.parse(decoded.text)
    front = _front_matter(tokens[0].content if tokens and tokens[0].type == "front_matter" else "")
    html = parser.renderer.render(tokens, parser.options, {})
    article = html_article(_page(html, front, name), name, decoded.warnings)
    return _described(article, front)


def _page(html: str, front: Mapping[str, tuple[str, ...]], name: str) -> str:
    """The rendered Markdown as a page: with a headline, and without what footnotes add."""
    page = parse_page(f"<html><body><article>{html}</article></body></html>", name)
    for added in page.xpath('//a[@class="footnote-backref"] | //hr[@class="footnotes-sep"]'):
        _remove(added)
    article = page.find(".//article")
    title = " ".join(front.get("title", ()))
    if title and article is not None and not list(page.iter("h1")):
        article.insert(0, builder.H1(title))
    if language := languages.tag(" ".join(front.get("lang", front.get("language", ())))):
        page.set("lang", language)
    return str(tostring(page, encoding="unicode"))


def _remove(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _front_matter(text: str) -> dict[str, tuple[str, ...]]:
    """Simple "key: value" lines; a list is in brackets, or on lines with dashes."""
    found: dict[str, tuple[str, ...]] = {}
    key = ""
    for line in text.splitlines():
        if pair := _PAIR.match(line):
            key = pair.group(1).lower()
            found[key] = _values(pair.group(2))
        elif line.rstrip().endswith(":") and not line.startswith((" ", "-")):
            key = line.rstrip()[:-1].strip().lower()
        elif key and (item := _ITEM.match(line)):
            found[key] = (*found.get(key, ()), *_values(item.group(1)))
    return found


def _values(text: str) -> tuple[str, ...]:
    text = text.strip()
    items = text[1:-1].split(",") if text.startswith("[") and text.endswith("]") else [text]
    return tuple(value for item in items if (value := item.strip().strip("\"'")))


def _described(article: Article, front: Mapping[str, tuple[str, ...]]) -> Article:
    """The article with what its front matter says of it."""
    date = " ".join(front.get("date", front.get("published", ())))
    authors = front.get("authors", front.get("author", ()))
    url = " ".join(front.get("url", front.get("canonical_url", ())))
    return replace(
        article,
        authors=authors or article.authors,
        published=parse_date(date, article.language) or article.published,
        description=folded(" ".join(front.get("description", ()))) or article.description,
        canonical_url=url if url.startswith(("http://", "https://")) else article.canonical_url,
    )
