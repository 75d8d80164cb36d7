"""The page of an episode: the article to read, the audio to hear, and what was left out.

It works without scripts, and nothing is loaded from elsewhere: a picture whose data is not in
the page itself is replaced by its alt text, since a relative address would lead nowhere and a
remote one would tell a third party who reads. A Content Security Policy holds the browser to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from urllib.parse import quote, urljoin, urlsplit

import lxml.html
from lxml.builder import ElementMaker
from lxml.html import HtmlElement

from audiostory.model import Article, Episode, Omission, Show
from audiostory.publishing import layout
from audiostory.publishing.chapters import chapter_title
from audiostory.publishing.labels import Labels, labels
from audiostory.publishing.text import clean, clock, fold

_E = ElementMaker(makeelement=lxml.html.html_parser.makeelement)
_TO_SHOW = "../../"
_POLICY = (
    "default-src 'none'; img-src data:; media-src 'self' file:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)
_LINK_SCHEMES = ("http", "https", "mailto", "tel")
# What a producer wrote of how it is spoken; a browser would take some of it for itself.
_SAID_HOW = frozenset({"style", "hidden", "data-place", "data-spoken", "data-ipa"})
_RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi")
)
_REASONS_LANGUAGE = "en"

# Contrast of text: at least 7:1 on its ground, light and dark; links at least 4.5:1.
_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --text: #1d1d1f; --quiet: #55555c;
  --link: #0b57a4; --line: #c9c9cf; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16161a; --text: #ececf1; --quiet: #b4b4bd; --link: #8fc1ff;
    --line: #45454d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 42rem; padding: 1.5rem 1rem 4rem; background: var(--ground);
  color: var(--text); font: 1.125rem/1.6 system-ui, sans-serif; overflow-wrap: break-word; }
a[href] { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; }
:target { scroll-margin-top: 7rem; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; text-wrap: balance; }
audio { display: block; width: 100%; min-height: 54px; }
.player { position: sticky; top: 0; padding: .75rem 0; background: var(--ground);
  border-bottom: 1px solid var(--line); z-index: 1; }
.label { font-size: 1rem; font-weight: bold; margin: 1.5rem 0 .5rem; }
nav ol { list-style: none; margin: 0; padding: 0; }
nav li { display: flex; gap: 1rem; justify-content: space-between; padding: .25rem 0; }
nav time, .reason, footer { color: var(--quiet); font-variant-numeric: tabular-nums; }
blockquote { margin: 1.5rem 0; padding-inline-start: 1rem;
  border-inline-start: 4px solid var(--line); }
figure { margin: 1.5rem 0; }
figcaption { margin-top: .4rem; color: var(--quiet); font-size: 1rem; }
.image { display: block; padding: 1rem; border: 1px dashed var(--line); color: var(--quiet); }
img { max-width: 100%; height: auto; }
pre { overflow-x: auto; }
q { quotes: none; }
table { border-collapse: collapse; }
th, td { padding: .35rem .6rem; border: 1px solid var(--line); text-align: start; }
details, footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
summary { cursor: pointer; min-height: 24px; }
footer ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; }
"""


def page(
    episode: Episode,
    show: Show,
    *,
    title: str,
    audio: str,
    editions: Mapping[str, str] | None = None,
) -> bytes:
    """The episode as an HTML document in UTF-8; the article's tree is left as it is.

    title: the episode's. audio: the name of its audio file, beside the page; editions: those of
    its other forms, by what people call them. The page's own words are in the article's language
    when we have them, else in English and marked so.
    """
    words = labels(episode.article.language)
    document = _E.html(
        {"lang": episode.article.language, "dir": _direction(episode.article.language)},
        _head(episode.article, show, title),
        _E.body(
            _E.main(*_main(episode, title, audio, words)),
            _footer(episode.article, show, audio, editions or {}, words),
        ),
    )
    text = lxml.html.tostring(document, doctype="<!DOCTYPE html>", encoding="unicode")
    return text.encode("utf-8", "xmlcharrefreplace") + b"\n"


def _head(article: Article, show: Show, title: str) -> HtmlElement:
    feed = {
        "type": "application/rss+xml",
        "title": fold(show.title),
        "href": _TO_SHOW + layout.FEED,
    }
    head = _E.head(
        _E.meta(charset="utf-8"),
        _E.meta({"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        _E.meta(name="viewport", content="width=device-width, initial-scale=1"),
        _E.title(f"{fold(title)} – {fold(show.title)}"),
        _E.link({"rel": "alternate", **feed}),
        _E.style(_STYLE),
    )
    if article.description:
        head.append(_E.meta(name="description", content=fold(article.description)))
    if article.canonical_url:
        head.append(_E.link(rel="canonical", href=clean(article.canonical_url)))
    return head


def _main(episode: Episode, title: str, audio: str, words: Labels) -> Iterator[HtmlElement]:
    body = readable(episode.article, words)
    if body.find(".//h1") is None:
        yield _E.h1(fold(title))
    yield _player(audio, words)
    if episode.chapters:
        yield _chapters(episode, words)
    yield body
    if episode.script.omitted:
        yield _omissions(episode.script.omitted, words)


def _player(audio: str, words: Labels) -> HtmlElement:
    source = quote(audio)
    return _E.section(
        {"class": "player", "aria-label": words.listen, **_language(words)},
        _E.audio(_E.a(words.download, href=source), controls="", preload="metadata", src=source),
    )


def _chapters(episode: Episode, words: Labels) -> HtmlElement:
    items = (
        _E.li(
            _E.a(chapter_title(mark), href="#" + quote(mark.id)),
            _E.time(clock(mark.begin_s), datetime=f"PT{round(mark.begin_s, 3)}S"),
        )
        for mark in episode.chapters
    )
    name = _E.p(words.chapters, {"class": "label", "id": "episode-chapters"}, _language(words))
    return _E.nav(name, _E.ol(*items), {"aria-labelledby": "episode-chapters"})


def _omissions(omitted: tuple[Omission, ...], words: Labels) -> HtmlElement:
    items = (
        _E.li(
            fold(omission.text),
            " — ",
            _E.span(fold(omission.reason), {"class": "reason", "lang": _REASONS_LANGUAGE}),
        )
        for omission in omitted
    )
    summary = _E.summary(f"{words.omitted} ({len(omitted)})", _language(words))
    return _E.details(summary, _E.ul(*items))


def _footer(
    article: Article, show: Show, audio: str, editions: Mapping[str, str], words: Labels
) -> HtmlElement:
    links = [
        _E.li(_E.a(words.transcript, href=layout.TRANSCRIPT)),
        _E.li(_E.a(words.download, href=quote(audio))),
        *(
            _E.li(_E.a(f"{words.download} ({name})", href=quote(file)))
            for name, file in editions.items()
        ),
        _E.li(_E.a(words.subscribe, href=_TO_SHOW + layout.FEED)),
    ]
    if article.canonical_url:
        links.append(_E.li(_E.a(words.original, href=clean(article.canonical_url))))
    return _E.footer(_E.p(fold(show.title), lang=show.language), _E.ul(*links, **_language(words)))


def _language(words: Labels) -> dict[str, str]:
    return {"lang": words.language}


def _direction(language: str) -> str:
    return "rtl" if language.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def readable(article: Article, words: Labels) -> HtmlElement:
    """A copy of the article's tree for a page of its own: safe pictures, links that lead there."""
    body = deepcopy(article.body)
    body.tail = None
    ids = {element.get("id") for element in body.iter()}
    for element in body.iter():
        for name in _SAID_HOW.intersection(element.attrib):
            del element.attrib[name]
    for image in list(body.iter("img")):
        if not image.get("src", "").startswith("data:image/"):
            _replace_image(image, words)
    for link in body.iter("a"):
        _lead(link, article.canonical_url, ids)
    return body


def _replace_image(image: HtmlElement, words: Labels) -> None:
    """Put the alt text in the picture's place, under its id."""
    alt = fold(image.get("alt", ""))
    stand_in = _E.span({"class": "image"}, f"{words.image}: {alt}") if alt else _E.span()
    if name := image.get("id"):
        stand_in.set("id", name)
    stand_in.tail = image.tail
    parent = image.getparent()
    if parent is not None:
        parent.replace(image, stand_in)


def _lead(link: HtmlElement, base_url: str | None, ids: set[str | None]) -> None:
    """Make a link absolute; one that leads nowhere from here is text."""
    href = link.attrib.pop("href", "").strip()
    if href.startswith("#") and href[1:] in ids:
        link.set("href", href)
        return
    try:
        target = urljoin(base_url or "", href)
        known = urlsplit(target).scheme in _LINK_SCHEMES
    except ValueError:  # such as http://[
        return
    if href and known:
        link.set("href", target)
