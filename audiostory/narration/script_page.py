"""The script as a page that a producer can edit in any editor and give back as a source.

It is the article's annotated tree, a passage a paragraph, an utterance a line. The reader of such
pages (reading/script_page.py) takes it as it is: unedited, it sounds the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy

import lxml.html
from lxml.builder import ElementMaker
from lxml.html import HtmlElement

from audiostory.model import Article, Omission, Script
from audiostory.narration.annotated import UTTERANCE_CLASS
from audiostory.narration.tree import BLOCKS, folded, holds_text, printable, text_of

_E = ElementMaker(makeelement=lxml.html.html_parser.makeelement)
_FORMAT = 1
_DERIVED = frozenset(  # narration finds them anew
    {"data-columns", "data-rows", "data-header", "data-row-header", "data-count", "data-number"}
    | {"data-place", "data-voice", "data-voice-family"}
)
_INDENT = "  "
_HELP = """
  This is what will be said. Edit it, and give it back: audiostory make FILE

  Correct a word      in the text. What you write anew needs no marks: <p>New words.</p>
  Who says it         data-speaker="Ann Lee" on <q> or <blockquote>
  A quotation         <q class="direct">“…”</q> has a voice of its own, class="fragment" has none
  How it is said      <span data-spoken="Doctor">Dr</span>, and by its sounds in the
                      International Phonetic Alphabet <span data-ipa="ˈliːdz">Leeds</span>
  Say nothing of it   hidden on a paragraph, a sentence or a list: <p hidden>…</p>
  A break             <span style="pause: 800ms"></span>
  All else            style="…" on anything, in CSS Speech: voice-family, voice-rate, voice-pitch,
                      voice-volume, pause-before, pause-after, cue-before, bookmark-level, …

  Keep id="…" where it is: it joins the text to its sound. The headline is the title.
"""
_STYLE = """
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.1rem/1.6 sans-serif; }
q { quotes: none; background: #eef4ff; color: #123; }
q[data-speaker]::before, blockquote[data-speaker]::before {
  content: attr(data-speaker) ": "; font-size: smaller; font-weight: bold; }
[data-spoken], [data-ipa] { border-bottom: 2px dotted; }
[hidden] { display: revert; opacity: .5; text-decoration: line-through; }
"""


def script_as_html(article: Article, script: Script) -> str:
    """The script as an HTML document. article: as it was narrated."""
    body = deepcopy(article.body)
    body.tail = None
    _undress(body)
    listed = _listed(article.omissions, script)
    _lay_out(body)
    head = _E.head(*_lines(_head(article, body), _INDENT))
    head.text, head[-1].tail = f"\n{_INDENT}", "\n"
    page = _E.html({"lang": article.language}, head, _E.body(body, *listed))
    head.tail = page[1].text = body.tail = page[1].tail = "\n"
    text = lxml.html.tostring(page, encoding="unicode")
    text = text.replace("<head>", f"<!--{_HELP}-->\n<head>", 1)
    return f"<!DOCTYPE html>\n{text}\n"


def _undress(body: HtmlElement) -> None:
    """Take away what narration and reading give anew."""
    body.attrib.pop("lang", None)
    for element in body.iter():
        for name in _DERIVED.intersection(element.attrib):
            del element.attrib[name]
        if element.tag in ("tr", "td") and element.get("class") in ("header", "empty"):
            del element.attrib["class"]


def _head(article: Article, body: HtmlElement) -> Iterator[HtmlElement]:
    yield _E.meta(charset="utf-8")
    yield _E.meta(name="generator", content=f"audiostory script {_FORMAT}")
    yield _E.title(printable(article.title))
    yield _E.meta(name="viewport", content="width=device-width")
    headline = next(body.iter("h1"), None)
    if headline is None or folded(text_of(headline)) != article.title:
        yield _E.meta(property="og:title", content=printable(article.title))
    for author in article.authors:
        yield _E.meta(name="author", content=printable(author))
    for name, value in _facts(article):
        if value:
            kind = "property" if name.startswith(("og:", "article:")) else "name"
            yield _E.meta({kind: name, "content": printable(value)})
    if article.canonical_url:
        yield _E.link(rel="canonical", href=printable(article.canonical_url))
    yield _E.style(_STYLE)


def _facts(article: Article) -> Iterator[tuple[str, str]]:
    yield "dcterms.issued", article.published.isoformat() if article.published else ""
    yield "dcterms.modified", article.modified.isoformat() if article.modified else ""
    yield "description", article.description
    yield "article:section", article.section
    yield "og:site_name", article.site
    yield "dcterms.rights", article.licence
    yield "dcterms.source", article.source
    if article.image:
        yield "og:image", article.image.src
        yield "og:image:alt", article.image.alt


def _listed(omissions: Sequence[Omission], script: Script) -> Iterator[HtmlElement]:
    """What the reader left out; what the voice profile leaves out is in the text."""
    if not omissions:
        return
    count = script.coverage
    summary = (
        f"Left out when the article was read ({len(omissions)} of {count.words_in_article} words)"
    )
    items = _lines((_omission(omission) for omission in omissions), "")
    details = _E.details({"class": "omitted"}, _E.summary(summary), _E.ul(*items))
    details.text = details[0].tail = details[1].text = details[1].tail = details.tail = "\n"
    yield details


def _omission(omission: Omission) -> HtmlElement:
    item = _E.li(_E.b(printable(omission.reason)), f" {printable(omission.text)}")
    if omission.after:
        item.set("data-after", omission.after)
    return item


def _lines(elements: Iterator[HtmlElement], indent: str) -> list[HtmlElement]:
    """The elements, each on a line of its own."""
    found = list(elements)
    for element in found:
        element.tail = f"\n{indent}"
    return found


# --- white space for the eye ----------------------------------------------------------------


def _lay_out(body: HtmlElement) -> None:
    """Put each block on a line of its own, and in a block of several utterances each of them."""
    stack = [(body, "")]
    while stack:
        holder, indent = stack.pop()
        inner = f"\n{indent}{_INDENT}"
        children = list(holder)
        if not children or holder.tag == "pre":
            continue
        if holder.tag in BLOCKS and not holds_text(holder) and holder.tag != "img":
            for child in children:
                child.tail = inner
            holder.text, children[-1].tail = inner, f"\n{indent}"
            stack += [(child, indent + _INDENT) for child in children]
        elif any(_is_line(child) and (child.tail or "").endswith(" ") for child in children):
            _break_lines(holder, children, inner, indent)


def _break_lines(block: HtmlElement, children: list[HtmlElement], inner: str, indent: str) -> None:
    for child in children:
        tail = child.tail or ""
        if _is_line(child) and tail.endswith(" "):
            child.tail = tail[:-1] + inner
    block.text = inner + (block.text or "")
    children[-1].tail = (children[-1].tail or "") + f"\n{indent}"


def _is_line(element: HtmlElement) -> bool:
    return element.tag == "q" or element.get("class") == UTTERANCE_CLASS
