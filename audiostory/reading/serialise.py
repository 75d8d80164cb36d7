"""An article for people and programs: what was read, and what was not and why, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement, builder, tostring

from audiostory.model import Article, Omission
from audiostory.reading import vocabulary as known
from audiostory.reading.tree import visible_text

_HOLDERS = ("li", "dd", "blockquote", "aside")


def article_as_json(article: Article, *, omitted: bool) -> dict[str, Any]:
    """An article as JSON-ready data: its metadata, blocks and HTML; omissions when asked for."""
    data: dict[str, Any] = {
        "title": article.title,
        "language": article.language,
        "source": article.source,
        "authors": list(article.authors),
        "published": _date(article.published),
        "modified": _date(article.modified),
        "description": article.description,
        "canonical_url": article.canonical_url,
        "section": article.section,
        "site": article.site,
        "licence": article.licence,
        "image": asdict(article.image) if article.image else None,
        "blocks": [_block(element) for element in _blocks(article.body)],
        "html": tostring(article.body, encoding="unicode"),
        "warnings": list(article.warnings),
    }
    return {**data, "omitted": [asdict(o) for o in article.omissions]} if omitted else data


def article_as_text(article: Article, *, omitted: bool) -> str:
    """An article for a person: a block a line, its element before it; "-" before omissions."""
    lines = [article.title]
    facts = (", ".join(article.authors), _date(article.published), article.language, article.site)
    lines += [" · ".join(fact for fact in facts if fact), ""]
    after = _by_place(article.omissions) if omitted else {}
    lines += _left_out(after, None)
    for element in article.body.iter():
        if _is_block(element):
            lines.append(f"{_label(element):<12} {_block(element)['text']}")
        lines += _left_out(after, element.get("id"))
    return "\n".join(lines) + "\n"


def article_as_html(article: Article, *, omitted: bool) -> str:
    """An article as a page; what was left out is in <del class="omitted"> where it stood."""
    body = deepcopy(article.body)
    after = _by_place(article.omissions) if omitted else {}
    for element in [body, *body.iterdescendants()]:
        place = None if element is body else element.get("id")
        for omission in reversed(after.pop(place, [])):
            note = builder.DEL(omission.text, title=omission.reason)
            note.set("class", "omitted")
            _put(note, element, body)
    head = builder.HEAD(builder.META(charset="utf-8"), builder.TITLE(article.title))
    for name, value in _meta(article).items():
        head.append(builder.META(name=name, content=value))
    page = builder.HTML(head, builder.BODY(body), lang=article.language)
    return str(tostring(page, encoding="unicode", doctype="<!DOCTYPE html>")) + "\n"


def _put(note: HtmlElement, element: HtmlElement, body: HtmlElement) -> None:
    if element is body:
        body.insert(0, note)
        return
    while element.tag in ("td", "th", "tr", "li", "dt", "dd", "caption", "figcaption", "img"):
        parent = element.getparent()
        if parent is None or parent is body:
            break
        element = parent
    element.addnext(note)


def _meta(article: Article) -> Mapping[str, str]:
    facts = {
        "author": ", ".join(article.authors),
        "date": _date(article.published) or "",
        "description": article.description,
        "source": article.canonical_url or article.source,
    }
    return {name: value for name, value in facts.items() if value}


def _by_place(omissions: tuple[Omission, ...]) -> dict[str | None, list[Omission]]:
    found: dict[str | None, list[Omission]] = {}
    for omission in omissions:
        found.setdefault(omission.after, []).append(omission)
    return found


def _left_out(after: dict[str | None, list[Omission]], place: str | None) -> Iterator[str]:
    for omission in after.pop(place, []):
        yield f"- {omission.reason}: {omission.text}"


def _blocks(body: HtmlElement) -> Iterator[HtmlElement]:
    return (element for element in body.iter() if _is_block(element))


def _is_block(element: HtmlElement) -> bool:
    """A block that holds text itself, a row of a table, or a picture that is in neither."""
    if element.tag == "img":
        return bool(element.get("alt")) and not any(map(_is_block, element.iterancestors()))
    if element.tag in ("tr", "hr"):
        return True
    if element.tag in ("td", "th"):
        return False
    if element.tag in known.LEAVES:
        return not any(a.tag in ("td", "th") for a in element.iterancestors())
    return element.tag in known.MIXED and not any(e.tag in known.LEAVES for e in element)


def _label(element: HtmlElement) -> str:
    """What a block is, in a word; of a paragraph in a quotation, list or box: that."""
    holder = element.getparent()
    if class_ := element.get("class"):
        return class_
    inside = element.tag == "p" and holder is not None and holder.tag in _HOLDERS
    return str(holder.tag if inside and holder is not None else element.tag)


def _block(element: HtmlElement) -> dict[str, Any]:
    text = element.get("alt") or visible_text(element)
    if element.tag == "tr":
        text = " | ".join(visible_text(cell) for cell in element)
    return {
        "tag": element.tag,
        "id": element.get("id"),
        "class": element.get("class"),
        "text": text,
        "within": [str(a.tag) for a in element.iterancestors() if a.tag in known.CONTAINERS][::-1],
    }


def _date(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
