"""An article that a page carries as data, for a script to show: found, and written as HTML.

Read are JSON-LD's articleBody (schema.org), Next.js' __NEXT_DATA__, Nuxt's __NUXT_DATA__, and
JSON that scripts put on window (__APOLLO_STATE__, __PRELOADED_STATE__ …). Nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from audiostory.reading.blocks import Effort, html_of, words_in
from audiostory.reading.scripts import json_ld, json_value, leading_json
from audiostory.reading.tree import folded

_ASSIGNED = re.compile(
    r"""(?:(?:window|self|globalThis)\s*(?:\.\s*|\[\s*["'])|\bvar\s+)"""
    r"""(?P<name>_{0,2}[A-Za-z][\w$]*)(?:["']\s*\])?\s*=(?!=)\s*"""
)
_STATES = re.compile(
    r"state|data|nuxt|props|context|apollo|fusion|content|store|article|page", re.IGNORECASE
)
_MOST_ASSIGNED = 40
_MOST_NODES = 200_000
_FEWEST_WORDS = 80
_TITLES = ("headline", "headlines", "title", "name", "heading", "hed")
_BODIES = (
    *("articleBody", "body", "content", "bodyHtml", "body_html", "contentHtml", "content_html"),
    *("html", "text", "articleText", "fullText", "paragraphs", "blocks", "content_elements"),
    *("contentElements", "components", "elements", "sections", "richText", "document", "bodyText"),
    *("storyBody", "story", "markup", "rendered", "mainContent", "articleContent", "children"),
)
_AUTHORS = ("author", "authors", "byline", "bylines", "creator", "contributors", "writers")
_PUBLISHED = (
    *("datePublished", "publishedAt", "published_at", "publishDate", "publicationDate", "pubDate"),
    *("firstPublished", "first_published", "firstPublishedAt", "display_date", "published", "date"),
    *("publishedDate", "publish_date", "createdAt"),
)
_TITLE_METAS = ("og:title", "twitter:title")
_STANDFIRSTS = ("standfirst", "dek", "subtitle", "subheadline", "description", "lead", "summary")
_LANGUAGES = ("inLanguage", "language", "lang", "locale")
_PERSONS = ("name", "full_name", "fullName", "displayName", "title", "text")
_MOST_AUTHORS = 20
_EXCERPT = 0.5  # of the words that the page shows
_MUCH_MORE = 2.0
_NEARLY = 0.7  # of the longest's words: as good as whole
_PARAGRAPH = re.compile(r"<(?:p|h[1-6]|br|div)\b", re.IGNORECASE)
_FEWEST_PARAGRAPHS = 3


@dataclass(frozen=True, slots=True)
class Embedded:
    """An article as a page's data has it.

    html: its body only, without headline, made of the vocabulary's elements or the site's own
    HTML. words: how many it has, to compare with what the page shows. published, language: as
    written there, or empty.
    """

    title: str
    html: str
    words: int
    authors: tuple[str, ...] = ()
    published: str = ""
    description: str = ""
    language: str = ""


def embedded_article(page: HtmlElement) -> Embedded | None:
    """The article in a page's data, or None. It has the page's headline, or there is no other.

    None also where the page itself shows much more: then the data has an excerpt of it.
    A page behind a paywall may carry its text for search engines: ask walls.wall first.
    """
    titles = _page_titles(page)
    effort = Effort()
    things = list(_things(page))
    found = [a for thing in things if (a := _article(thing, effort)) and a.title]
    found = found or [a for thing in things if (a := _article(thing, effort))]
    same = [article for article in found if _is_same(article.title, titles)]
    longest = max((article.words for article in same or found), default=0)
    shown = _shown_words(page)
    another = shown > _FEWEST_WORDS and titles and not same
    if longest < shown * (_MUCH_MORE if another else _EXCERPT):
        return None
    whole = [article for article in same or found if article.words >= _NEARLY * longest]
    return min(whole, key=_rank, default=None)


def _rank(article: Embedded) -> tuple[bool, int]:
    """With paragraphs before without; then the one with the least around it."""
    return len(_PARAGRAPH.findall(article.html)) < _FEWEST_PARAGRAPHS, article.words


def _shown_words(page: HtmlElement) -> int:
    return sum(words_in("".join(p.itertext())) for p in page.iter("p"))


def _article(thing: Mapping[str, Any], effort: Effort) -> Embedded | None:
    """A dict as an article, if it has a long body; of some sites its title is elsewhere."""
    bodies = (html_of(thing[key], effort) for key in _BODIES if thing.get(key))
    html = max(bodies, key=words_in, default="")
    words = words_in(html)
    if words < _FEWEST_WORDS:
        return None
    return Embedded(
        title=_first_text(thing, _TITLES),
        html=html,
        words=words,
        authors=_names(next((thing[key] for key in _AUTHORS if thing.get(key)), None)),
        published=_first_text(thing, _PUBLISHED),
        description=_first_text(thing, _STANDFIRSTS),
        language=_first_text(thing, _LANGUAGES),
    )


def _first_text(thing: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := _plain(thing.get(key)))), "")


def _plain(value: object) -> str:
    """A text, or the one in {"rendered": …}, {"basic": …}, {"text": …}; without its tags."""
    if isinstance(value, dict):
        inner = (
            value.get(key) for key in ("rendered", "basic", "text", "full", "value", "default")
        )
        value = next((text for text in inner if isinstance(text, str)), "")
    if not isinstance(value, str) or len(value) > 2000:
        return ""
    return folded(re.sub(r"<[^<>]*>", "", value))


def _names(value: object) -> tuple[str, ...]:
    """The names of people, however they are listed."""
    names: dict[str, None] = {}
    queue = [value]
    for item in queue:
        if isinstance(item, list):
            queue.extend(item[:_MOST_AUTHORS])
        elif isinstance(item, dict):
            name = _first_text(item, _PERSONS)
            names.setdefault(name)
            queue.append(None if name else item.get("by") or item.get("person"))
        elif isinstance(item, str) and "://" not in item:
            names.setdefault(_plain(item))
        if len(queue) > _MOST_AUTHORS * _MOST_AUTHORS:
            break
    return tuple(name for name in names if name)


# --- whose article it is --------------------------------------------------------------------


def _page_titles(page: HtmlElement) -> tuple[str, ...]:
    """What the page calls itself."""
    titles = [_essence("".join(e.itertext())) for e in page.iter("title", "h1")]
    metas = (m for m in page.iter("meta") if (m.get("property") or m.get("name")) in _TITLE_METAS)
    titles += [_essence(meta.get("content") or "") for meta in metas]
    return tuple(title for title in titles if title)


def _essence(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _is_same(title: str, titles: tuple[str, ...]) -> bool:
    """Whether a title is the page's: a page's often has the site's name after it."""
    essence = _essence(title)
    return bool(essence) and any(essence in other or other in essence for other in titles)


# --- where data is ---------------------------------------------------------------------------


def _things(page: HtmlElement) -> Iterator[Mapping[str, Any]]:
    """Every dict in the page's data, each once, up to a number of them."""
    yield from json_ld(page)
    for value in _values(page):
        stack, seen = [value], {id(value)}
        _put_referred_in_place(value)
        while stack and len(seen) < _MOST_NODES:
            item = stack.pop()
            if isinstance(item, dict):
                yield item
            inner = _inner(item)
            stack.extend(v for v in inner if id(v) not in seen)
            seen.update(map(id, inner))


def _inner(item: Any) -> list[Any]:
    values = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return [value for value in values if isinstance(value, dict | list)]


def _put_referred_in_place(root: Any) -> None:
    """Join what refers to one another in Apollo's normalised cache ({"__ref": key})."""
    if not isinstance(root, dict):
        return
    stores = [root, *(v for v in root.values() if isinstance(v, dict))]
    targets = {key: v for store in stores for key, v in store.items() if isinstance(v, dict)}
    stack: list[Any] = [root]
    while stack:
        item = stack.pop()
        for key, value in list(item.items() if isinstance(item, dict) else enumerate(item)):
            if isinstance(value, dict) and isinstance(value.get("__ref"), str):
                item[key] = targets.get(value["__ref"])
            elif isinstance(value, dict | list):
                stack.append(value)


def _values(page: HtmlElement) -> Iterator[Any]:
    """The JSON in script elements: as their text, and as what a script puts on window."""
    for script in page.iter("script"):
        kind = (script.get("type") or "").lower()
        text = script.text or ""
        if "ld+json" in kind or not text.strip():
            continue
        if script.get("id") == "__NUXT_DATA__" or script.get("data-nuxt-data") is not None:
            yield _unflattened(json_value(text))
        elif "json" in kind:
            yield json_value(text)
        elif not kind or "javascript" in kind or kind == "module":
            yield from _assigned(text)


def _assigned(text: str) -> Iterator[Any]:
    for number, found in enumerate(_ASSIGNED.finditer(text)):
        if number >= _MOST_ASSIGNED:
            return
        if _STATES.search(found.group("name")):
            yield leading_json(text[found.end() :])


def _unflattened(flat: Any) -> Any:
    """Nuxt's payload as it was: a list whose numbers are places in it (devalue's format).

    What is referred to twice is one value here too, so nothing grows, and circles stay.
    """
    if not isinstance(flat, list) or len(flat) > _MOST_NODES:
        return None
    found: list[Any] = [
        [] if isinstance(v, list) else {} if isinstance(v, dict) else v for v in flat
    ]

    def at(place: Any) -> Any:
        is_place = type(place) is int and 0 <= place < len(flat)
        return found[place] if is_place else None

    for whole, value in zip(found, flat, strict=True):
        if isinstance(value, dict):
            whole.update((key, at(place)) for key, place in value.items())
        elif isinstance(value, list):
            is_wrapped = bool(value) and isinstance(value[0], str)  # ["Reactive", 5]
            whole.extend(at(place) for place in value[is_wrapped:])
    return found
