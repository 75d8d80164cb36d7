"""A producer's script: the page that audiostory wrote, edited, and given back.

It is read as it is: nothing in it is furniture, and its quotations, speakers and pronunciations
are kept. What cannot be used is a warning with its line, and no word is lost in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from audiostory.errors import SourceError
from audiostory.model import Article, Omission, Picture, Rules
from audiostory.reading import language as languages
from audiostory.reading import vocabulary as known
from audiostory.reading.clean import clean_script, in_order
from audiostory.reading.decode import printable
from audiostory.reading.finish import complete_ids
from audiostory.reading.html import parse_page
from audiostory.reading.markup import check_markup
from audiostory.reading.metadata import parse_date
from audiostory.reading.rules import overruled
from audiostory.reading.tree import folded, has_words, is_readable, opening, visible_text

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
_CLASSES = re.compile(r"[A-Za-z][\w-]{0,49}( [A-Za-z][\w-]{0,49}){0,7}", re.ASCII)
_MARKUP = re.compile(r"<[^<>]*>?")
_MOST_WARNINGS = 50
_HOLD_TEXT = known.LEAVES | known.MIXED | known.INLINE | {"q"}
_EVERYWHERE = known.SCRIPT_ATTRIBUTES | {"lang"}
_MAY_HOLD_TAGS = ("alt", "title", "content")
_COMMENTED = "commented out in the script"
_SWALLOWED = "in a tag whose quotation mark is not closed"


def read_script(text: str, name: str, warnings: tuple[str, ...], rules: Rules) -> Article:
    """Read the text of a script. Raises SourceError when there is no text in it."""
    markup = check_markup(text)
    page = parse_page(markup.text, name)
    body = page.find("body")
    if body is None or not is_readable(body):
        raise SourceError(f"There is no text in {name}.", "Write the script anew, and edit that.")
    language = languages.tag(page.get("lang")) or languages.detect(visible_text(body))
    listed = tuple(_listed(body))
    check = _Check(name)
    check.page(body)
    cleaned = clean_script(body, overruled(lambda _element: None, body, rules), language)
    if not is_readable(cleaned.body):
        raise SourceError(f"The rules drop all text of {name}.", "Give --drop a narrower one.")
    _keep_style(body, cleaned.body)
    complete_ids(cleaned.body)
    problems = sorted((*markup.problems, *check.problems), key=lambda problem: problem[0])
    lost = [Omission(printable(words), _COMMENTED) for words in markup.commented]
    lost += [Omission(printable(words), _SWALLOWED) for words in check.swallowed]
    omissions = in_order(cleaned.body, (*listed, *lost, *cleaned.omissions))
    return _article(
        page, cleaned.body, language, name, omissions, (*warnings, *_told(name, problems))
    )


def _told(name: str, problems: list[tuple[int, str]]) -> Iterator[str]:
    for line, problem in problems[:_MOST_WARNINGS]:
        yield f"{name}:{line}: {problem}."
    if len(problems) > _MOST_WARNINGS:
        yield f"{name}: {len(problems) - _MOST_WARNINGS} more of that kind."


# --- what is edited -------------------------------------------------------------------------


class _Check:
    """What in a script's elements cannot be used: it is taken away, and told with its line.

    swallowed: words that a quotation mark left open took into an attribute.
    """

    def __init__(self, name: str) -> None:
        self.problems: list[tuple[int, str]] = []
        self.swallowed: list[str] = []
        self._name = name
        self._ids = {"article"}

    def page(self, body: HtmlElement) -> None:
        """Check all elements of a page's body, in place."""
        article = next(body.iter("article"), body)
        article.attrib.pop("id", None)
        for element in body.iterdescendants():
            if not isinstance(element.tag, str):
                continue
            self._element(element)
            for name in list(element.attrib) if element.tag not in known.SILENT else ():
                self._attribute(element, str(name))
            if element.get("style"):
                element.set("data-place", f"{self._name}:{element.sourceline or 0}")
            if element.tag == "q" and not element.get("class"):
                element.set("class", "direct")  # who writes a q means that somebody says it
            if element.tag in known.DIVISIONS and element.attrib.pop("hidden", None) is not None:
                for child in element:
                    child.set("hidden", "")

    def _element(self, element: HtmlElement) -> None:
        tag = str(element.tag)
        if tag in known.SILENT:
            self._warn(element, f"<{tag}> is left out")
        elif tag not in _HOLD_TEXT | known.BLOCKS | known.DIVISIONS | {*known.RENAMED, "br", "img"}:
            self._warn(element, f"<{tag}> is not known here: what is in it is kept")

    def _attribute(self, element: HtmlElement, name: str) -> None:
        tag = known.RENAMED.get(str(element.tag), str(element.tag))
        value = element.get(name, "")
        if "<" in value and name not in _MAY_HOLD_TAGS:
            words = folded(_MARKUP.sub(" ", value))
            self.swallowed += [words] if has_words(words) else []
            problem = f"the quotation mark of {name}= is not closed"
        elif name not in _EVERYWHERE | known.ATTRIBUTES.get(tag, frozenset()):
            problem = f"{_shown(name)} is not known on <{tag}>; it is left out"
        else:
            problem = self._value(element, tag, name, folded(value))
        if problem:
            del element.attrib[name]
            self._warn(element, problem)

    def _value(self, element: HtmlElement, tag: str, name: str, value: str) -> str:
        """What is wrong with an attribute, or ""."""
        if name == "id":
            if not _ID.fullmatch(value):
                return (
                    f"id={_shown(value)} cannot be used; it takes a letter, then letters or digits"
                )
            if value in self._ids:
                return f"id={_shown(value)} is there twice; the second one gets another"
            self._ids.add(value)
        elif name == "class" and not _CLASSES.fullmatch(value):
            return f"class={_shown(value)} cannot be used; it takes names with spaces between"
        elif name == "lang" and not languages.tag(value):
            return f"lang={_shown(value)} is no language; it takes one such as en or de-CH"
        elif name == "data-speaker" and tag not in ("q", "blockquote"):
            return f"data-speaker belongs on <q> or <blockquote>, not on <{tag}>; it is left out"
        elif name in ("data-spoken", "data-ipa") and (
            not has_words(value) or tag not in _HOLD_TEXT
        ):
            where = "" if not has_words(value) else f"; on <{tag}> it is left out"
            return (
                f"{name} takes the words or sounds of a text, on <span> or a block of text{where}"
            )
        elif name == "style" and tag in known.DIVISIONS - {"article"}:
            return f"style has no effect on <{tag}>; give it to what is in it"
        return ""

    def _warn(self, element: HtmlElement, problem: str) -> None:
        self.problems.append((int(element.sourceline or 0), problem))


def _shown(value: str) -> str:
    return repr(value if len(value) <= 40 else f"{value[:40]}…")


def _keep_style(source: HtmlElement, body: HtmlElement) -> None:
    article = next(source.iter("article"), None)
    for name in ("style", "data-place"):
        if article is not None and article.get(name):
            body.set(name, printable(folded(article.get(name, ""))))


def _listed(body: HtmlElement) -> Iterator[Omission]:
    """What the page lists as left out; the list is taken out of it."""
    for details in [d for d in body.iter("details") if d.get("class") == "omitted"]:
        for item in details.iter("li"):
            reason = next(item.iter("b"), None)
            said = folded("".join(reason.itertext())) if reason is not None else ""
            if reason is not None:
                reason.drop_tree()
            text = folded("".join(item.itertext()))
            if has_words(text):
                yield Omission(printable(text), said or "left out", item.get("data-after") or None)
        details.drop_tree()


# --- what is known of it --------------------------------------------------------------------


def _article(
    page: HtmlElement,
    body: HtmlElement,
    language: str,
    name: str,
    omissions: tuple[Omission, ...],
    warnings: tuple[str, ...],
) -> Article:
    said = _said(page)
    published, modified = (
        _date(said, key, language) for key in ("dcterms.issued", "dcterms.modified")
    )
    dates = (("dcterms.issued", published), ("dcterms.modified", modified))
    warnings += tuple(
        f"{name}: {_shown(said[key][0])} is no date; it takes one such as 2026-02-03."
        for key, found in dates
        if key in said and found is None
    )

    def first(key: str) -> str:
        return said.get(key, [""])[0]

    headline = next((visible_text(h) for h in body.iter("h1")), "")
    return Article(
        title=first("og:title") or headline or _title(page) or opening(visible_text(body)),
        language=language,
        source=_source(first("dcterms.source")) or name,
        body=body,
        authors=tuple(said.get("author", ())),
        published=published,
        description=first("description"),
        canonical_url=_canonical(page),
        modified=modified,
        section=first("article:section"),
        site=first("og:site_name"),
        licence=first("dcterms.rights"),
        image=Picture(first("og:image"), first("og:image:alt")) if first("og:image") else None,
        omissions=omissions,
        warnings=warnings,
    )


def _said(page: HtmlElement) -> dict[str, list[str]]:
    """What the meta elements say, by name; an author has one each."""
    found: dict[str, list[str]] = {}
    for element in page.iter("meta"):
        key = element.get("property") or element.get("name")
        content = folded(element.get("content") or "")
        if key and content:
            found.setdefault(key.lower(), []).append(content)
    return found


def _date(said: dict[str, list[str]], key: str, language: str) -> datetime | None:
    return parse_date(said[key][0], language) if key in said else None


def _title(page: HtmlElement) -> str:
    title = next(page.iter("title"), None)
    return folded(title.text or "") if title is not None else ""


def _source(source: str) -> str:
    """A link, or a file's name, or "": never a path, for it is published."""
    if source.lower().startswith(("http://", "https://")):
        return source
    name = source.partition("#")[0]
    return "" if not name or re.search(r"[/\\:]", source) or name.startswith(".") else source


def _canonical(page: HtmlElement) -> str | None:
    for link in page.iter("link"):
        href = (link.get("href") or "").strip()
        try:
            known_scheme = urlsplit(href).scheme.lower() in ("http", "https")
        except ValueError:
            continue
        if (link.get("rel") or "").lower() == "canonical" and known_scheme:
            return href
    return None
