"""Markdown becomes a page, and then an Article.

CommonMark, with tables, footnotes, lists of definitions and of tasks, and front matter.
"""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement, builder
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from audiostory.errors import SourceError
from audiostory.model import Article, Omission
from audiostory.reading import language as languages
from audiostory.reading.decode import decode
from audiostory.reading.document import About, document_article
from audiostory.reading.front_matter import FrontMatter, Values, split_front_matter
from audiostory.reading.html import parse_page
from audiostory.reading.markdown_rules import keep_all
from audiostory.reading.metadata import parse_date
from audiostory.reading.tree import folded, has_words, visible_text


def read_markdown(data: bytes, name: str) -> Article:
    """Read a Markdown file. Raises SourceError when there is no text in it."""
    decoded = decode(data, name)
    front = split_front_matter(decoded.text)
    parser = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
    for plugin in (footnote_plugin, deflist_plugin, tasklists_plugin):
        parser.use(plugin)
    html = keep_all(parser).render(front.rest)
    page = _page(html, front.values, name)
    about = About(language=page.get("lang"))
    article = document_article(page, name, about, warnings=decoded.warnings)
    return _described(_complete(article, front), front.values)


def _page(html: str, front: Values, name: str) -> HtmlElement:
    """The rendered Markdown as a page: with a headline, and without what footnotes add."""
    page = parse_page(f"<html><body><article>{html}</article></body></html>", name)
    for added in page.xpath('//a[@class="footnote-backref"] | //hr[@class="footnotes-sep"]'):
        _remove(added)
    article = page.find(".//article")
    title = " ".join(front.get("title", ()))
    if title and article is not None and not list(page.iter("h1")):
        article.insert(0, builder.H1(title))
    if not has_words(visible_text(page)):
        raise SourceError(f"There is no text in {name}.", "Write its text, and save it.")
    if language := languages.tag(" ".join(front.get("lang", front.get("language", ())))):
        page.set("lang", language)
    return page


def _remove(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _complete(article: Article, front: FrontMatter) -> Article:
    """The article with the front matter that could not be read among what is left out."""
    if not front.problem:
        return article
    warning = f"{article.source}: its front matter cannot be read ({front.problem})."
    left_out = [Omission(folded(front.text), "front matter")] if has_words(front.text) else []
    return replace(
        article,
        omissions=(*left_out, *article.omissions),
        warnings=(*article.warnings, warning),
    )


def _described(article: Article, front: Values) -> Article:
    """The article with what its front matter says of it."""
    date = " ".join(front.get("date", front.get("published", ())))
    authors = front.get("authors", front.get("author", ()))
    url = " ".join(front.get("url", front.get("canonical_url", ())))
    moment = parse_date(date, article.language)
    unknown = f'{article.source}: its date, "{date}", is no day: write one such as 2024-05-03.'
    warnings = (unknown,) if date and moment is None else ()
    return replace(
        article,
        warnings=(*article.warnings, *warnings),
        authors=authors or article.authors,
        published=moment or article.published,
        description=folded(" ".join(front.get("description", ()))) or article.description,
        canonical_url=url if url.startswith(("http://", "https://")) else article.canonical_url,
    )
