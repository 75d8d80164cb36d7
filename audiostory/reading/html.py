"""Which part of a web page is the article, and what in it is furniture: HTML to an Article."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, builder, document_fromstring, tostring

from audiostory.errors import SourceError
from audiostory.model import Article, Rules
from audiostory.reading import language as languages
from audiostory.reading.classes import class_of
from audiostory.reading.clean import Cleaned, clean
from audiostory.reading.decode import decode
from audiostory.reading.embedded import embedded_article
from audiostory.reading.furniture import page_words
from audiostory.reading.judge import PageJudge
from audiostory.reading.marks import mark_lines, signed, standfirst
from audiostory.reading.metadata import Metadata, page_metadata
from audiostory.reading.place import find_place
from audiostory.reading.rules import drops_all, nothing_left, overruled
from audiostory.reading.selection import choose
from audiostory.reading.tree import html_parser, is_readable, opening, visible_text
from audiostory.reading.walls import wall

_NO_RULES = Rules()
# What stands before XHTML: HTML's parser would show the end of a DTD in brackets as text.
_DECLARATIONS = re.compile(
    r"\s*+(?:<\?xml[^>]*\?>\s*+)?(?:<!DOCTYPE[^\[>]*\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*+\]\s*>)?",
    re.IGNORECASE,
)
# What audiostory writes into the head of a script for a producer to edit.
_SCRIPT = re.compile(
    r"""<meta\s+name=["']?generator["']?\s+content=["']audiostory script""", re.IGNORECASE
)
_HEAD_CHARACTERS = 5000
_FEW_WORDS = 80  # of the article on a page: the rest may be in its data
_TEASER_WORDS = 400  # and the rest may be for subscribers
_FAR_MORE = 2
_OF_HEAD = frozenset(
    {"title", "meta", "link", "script", "style", "base", "template", "noscript", "basefont"}
    | {"bgsound", "noframes"}
)


def read_html(
    data: bytes, name: str, rules: Rules = _NO_RULES, charset: str | None = None
) -> Article:
    """Read a web page. rules: what its producer keeps and drops. charset: what a server said.

    Raises SourceError when there is no text in it.
    """
    decoded = decode(data, name, charset)
    return html_article(decoded.text, name, decoded.warnings, rules)


def html_article(
    text: str, name: str, warnings: tuple[str, ...] = (), rules: Rules = _NO_RULES
) -> Article:
    """Read the text of a web page, or of a producer's script."""
    if _SCRIPT.search(text, 0, _HEAD_CHARACTERS):
        from audiostory.reading.script_page import read_script

        return read_script(text, name, warnings, rules)
    page = parse_page(text, name)
    body = page.find("body")
    declared = languages.tag(page.get("lang") or page.get("{*}lang") or _meta_language(page))
    if body is None or not is_readable(body):
        return _behind_scripts(page, name, warnings, declared or "en")
    language = declared or languages.detect(visible_text(body))
    metadata = page_metadata(page, language)
    measures = choose(page, body)
    shown = measures[body].chosen
    if shown < _TEASER_WORDS:
        if shown < _FEW_WORDS and (hidden := _embedded(page, shown, language)) is not None:
            return html_article(hidden, name, warnings, rules)
        warnings += _wall_warnings(page, language, shown)
    place = find_place(body, measures, metadata.title)
    if place.headline is not None:
        place.headline.tag = "h1"
    if drops_all(body, rules):
        raise nothing_left(name)
    judge = PageJudge(place, page_words(language), metadata.canonical_url, body)
    cleaned = clean(body, overruled(judge.judge, body, rules), class_of, language)
    if not is_readable(cleaned.body):
        raise nothing_left(name) if rules.drop else _nothing(name)
    if place.headline is None and metadata.title:  # what is marked as one is the site's name
        for heading in cleaned.body.iter("h1"):
            heading.tag = "h2"
    headline = visible_text(place.headline) if place.headline is not None else ""
    if cleaned.language != language:
        warnings += (
            f"{name} says that its language is {language}, and is written in {cleaned.language}.",
        )
    return _article(cleaned, metadata, headline, cleaned.language, name, warnings)


def _article(
    cleaned: Cleaned,
    metadata: Metadata,
    found: str,
    language: str,
    name: str,
    warnings: tuple[str, ...],
) -> Article:
    """found: the text of the page's headline, which another h1, a site's name, may stand above."""
    headlines = [visible_text(h) for h in cleaned.body.iter("h1")]
    headline = found if found in headlines else next(iter(headlines), "")
    mark_lines(cleaned.body, metadata, language)
    authors, published = metadata.authors, metadata.published
    if not authors or published is None:
        signed_by, signed_at = signed(cleaned.body, language)
        authors, published = authors or signed_by, published or signed_at
    return Article(
        title=headline or metadata.title or opening(visible_text(cleaned.body)),
        language=language,
        source=name,
        body=cleaned.body,
        authors=authors,
        published=published,
        description=standfirst(cleaned.body) or metadata.description,
        canonical_url=metadata.canonical_url,
        modified=metadata.modified,
        section=metadata.section,
        site=metadata.site,
        licence=metadata.licence,
        image=metadata.image,
        omissions=cleaned.omissions,
        warnings=warnings,
    )


def _behind_scripts(
    page: HtmlElement, name: str, warnings: tuple[str, ...], language: str
) -> Article:
    """An article that only scripts show, or what stands before it. Raises SourceError."""
    if (hidden := _embedded(page, 0, language)) is not None:
        return html_article(hidden, name, warnings)
    _wall_warnings(page, language, 0)
    raise _nothing(name)


def _embedded(page: HtmlElement, shown: int, language: str) -> str | None:
    """The page of an article that is in a page's data, and has far more words than it shows."""
    found = embedded_article(page)
    if found is None or found.words < _FAR_MORE * shown:
        return None
    head = [builder.META(charset="utf-8"), builder.TITLE(found.title)]
    facts = {"author": ", ".join(found.authors), "date": found.published}
    head += [builder.META(name=key, content=value) for key, value in facts.items() if value]
    head += [link for link in page.iter("link") if link.get("rel") == "canonical"]
    headline = tostring(builder.H1(found.title), encoding="unicode")
    heads = "".join(tostring(element, encoding="unicode") for element in head)
    tag = languages.tag(found.language) or language
    content = f"<main><article>{headline}{found.html}</article></main>"
    return f'<html lang="{tag}"><head>{heads}</head><body>{content}</body></html>'


def _wall_warnings(page: HtmlElement, language: str, shown: int) -> tuple[str, ...]:
    """What to know of a wall before the article. Raises SourceError when there is no article."""
    found = wall(page, language)
    if found is None:
        return ()
    if found.kind == "paywall" and shown:
        message = "The article is for subscribers: what is on the page is only its beginning."
        return (f"{message} {found.hint}",)
    if found.is_whole:
        raise SourceError(found.message, found.hint)
    return (f"{found.message} {found.hint}",)


def parse_page(text: str, name: str) -> HtmlElement:
    """A page's tree, however broken its markup is. Raises SourceError when there is none."""
    text = _DECLARATIONS.sub("", text, count=1)
    parser = html_parser()
    try:
        page = document_fromstring(text, parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _nothing(name) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise SourceError(
            f"{name} cannot be read to its end: its elements are nested thousands deep.",
            "Copy the article's text from a browser, and save that as a .txt file.",
        )
    _begin_body(page)
    return page


def _begin_body(page: HtmlElement) -> None:
    """Where no tag ends the head, the first element that is none of its does (HTML, 13.2.6.4.4).

    libxml2 does not know that of article, main, section …
    """
    head, body = page.head, page.body
    assert head is not None
    assert body is not None  # the parser ensures both
    strays = [e for e in head if isinstance(e.tag, str) and e.tag not in _OF_HEAD]
    for stray in reversed(strays):
        body.insert(0, stray)
    if strays:
        strays[-1].tail = (strays[-1].tail or "") + (body.text or "")
        body.text = None


def _nothing(name: str) -> SourceError:
    return SourceError(
        f"There is no text in {name}.",
        "If the page shows text in a browser, save it from there once it is fully shown.",
    )


def _meta_language(page: HtmlElement) -> str | None:
    for element in page.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "content-language":
            return element.get("content")
        if (element.get("property") or "").lower() == "og:locale":
            return element.get("content")
    return None
