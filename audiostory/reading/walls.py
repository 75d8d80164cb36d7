"""What stands before an article instead of it: to pay, to consent, to log in, to be human.

A word is no proof: an article may be about cookies. So a page is taken for a wall as a whole
only when there is little on it besides, and it does not declare itself an article.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any, Literal
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from audiostory.reading.scripts import json_ld, things_of
from audiostory.reading.tree import folded

Kind = Literal["paywall", "consent", "login", "bot", "script"]
_FALLBACK = "en"
_LANGUAGES = ("en", "de", "fr", "es", "ru", "uk")
_CONSENT_WORDS = 900  # such a page lists what partners do, at length
_LOGIN_WORDS = 200
_BOT_WORDS = 250
_SHELL_WORDS = 60
_TEASER_WORDS = 350
_GATED_WORDS = 40
_SHORT_WORDS = 150
_FEW_WORDS = 40
_FEWEST_IN_LINE = 6
_CUT = 0.6  # of the words that the page says the article has
_NOTICE_CHARACTERS = 400
_MOST_STRINGS = 40
_SCRIPT_HEAD = 4000
_FEWEST_CONSENTS = 2
_SELECTOR = re.compile(r"[\w-]*([.#])([\w-]+)$")
_ARTICLES = re.compile(r"(Article|Posting|Report|Review|Recipe)$")
_BROWSER = "Open the link in a browser, and save the page from there once the article shows."
_UNREAD = frozenset({"script", "style", "template", "noscript", "head", "svg", "iframe", "option"})
_UNASKED = _UNREAD | {"dialog"}
_AROUND = frozenset({"header", "footer", "nav", "form", "aside", "head"})
_CONSENT_BOX = re.compile(
    r"cookie|consent|gdpr|\bcmp\b|privacy|onetrust|didomi|sourcepoint|usercentrics"
)
_PAYWALL_BOX = re.compile(r"paywall|regwall|pay-wall|reg-wall|offer|subscri|piano|tp-container")

_MESSAGES: Mapping[Kind, tuple[str, str]] = {
    "paywall": (
        "The article goes on for subscribers only: only its beginning could be read.",
        "If you are a subscriber, save the page from your browser, and give the file.",
    ),
    "consent": (
        "The site asks for consent to cookies before it shows the article.",
        "Open the link in a browser, decide, and save the page from there.",
    ),
    "login": ("The site asks to log in before it shows the article.", _BROWSER),
    "bot": ("The site checks whether a human is asking, and does not show the article.", _BROWSER),
    "script": (
        "The page has no text of its own: a script puts it there in a browser.",
        _BROWSER,
    ),
}
_PAID = "The article is for subscribers only, and none of it is on the page."


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands before an article.

    is_whole: there is nothing else on the page, so it cannot be read; otherwise message is a
    warning on what could be read.
    """

    kind: Kind
    message: str
    hint: str
    is_whole: bool = True


def wall(page: HtmlElement, language: str = _FALLBACK) -> Wall | None:
    """The wall that a page is or has, or None. language: of the page, a BCP 47 tag."""
    look = _look(page)
    judges: tuple[tuple[Kind, Callable[[_Look], bool]], ...] = (
        ("bot", _is_bot),
        ("consent", _is_consent),
        ("login", _is_login),
    )
    for kind, stands in judges:
        if stands(look):
            return _wall(kind)
    if paywall := _paywall(look, language):
        return paywall
    return _wall("script") if _is_shell(look) else None


def wall_at(address: str) -> Wall | None:
    """The wall that an address alone tells of: accounts.…, …/login, consent.…"""
    parts = urlsplit(address)
    place = f"{parts.hostname or ''}{parts.path}".lower()
    kinds: tuple[Kind, ...] = ("consent", "login")
    for kind in kinds:
        if any(re.search(pattern, place) for pattern in _data()["addresses"][kind]):
            return _wall(kind)
    return None


def _wall(kind: Kind, *, is_whole: bool = True) -> Wall:
    message, hint = _MESSAGES[kind]
    return Wall(kind, _PAID if kind == "paywall" and is_whole else message, hint, is_whole)


# --- what there is on the page --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """What of a page says whether it is a wall."""

    page: HtmlElement
    title: str
    headline: str
    text: str
    words: int
    is_article: bool
    things: tuple[dict[str, Any], ...]


def _look(page: HtmlElement) -> _Look:
    title = next((e.text or "" for e in page.iter("title")), "")
    headline = next(("".join(e.itertext()) for e in page.iter("h1", "h2")), "")
    text = _essence(" ".join(_strings(page, _UNREAD)))
    things = tuple(things_of(json_ld(page), _ARTICLES))
    is_article = bool(things) or _declares_article(page)
    return _Look(
        page, _essence(title), _essence(headline), text, len(text.split()), is_article, things
    )


def _declares_article(page: HtmlElement) -> bool:
    return any(
        (meta.get("property") or "").lower() == "og:type"
        and (meta.get("content") or "").lower() == "article"
        for meta in page.iter("meta")
    )


def _essence(text: str) -> str:
    return folded(text).casefold().replace("’", "'")


def _strings(root: HtmlElement, passed_over: frozenset[str]) -> Iterator[str]:
    """The text in a tree, in order, but for what is in some elements."""
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event == "start":
            if element.tag in passed_over or _is_consent_box(element, passed_over):
                walker.skip_subtree()
            else:
                yield element.text or ""
        elif element is not root:
            yield element.tail or ""


def _is_consent_box(element: HtmlElement, passed_over: frozenset[str]) -> bool:
    return passed_over is _UNASKED and _CONSENT_BOX.search(_named(element)) is not None


def _named(element: HtmlElement) -> str:
    """The class and id of a box; those of the page and the article are about other things."""
    if element.tag in ("html", "body", "main", "article"):
        return ""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def _says(look: _Look, kind: str, text: str | None = None) -> int:
    """How many of the phrases of a kind, in any language, are in a text, or on the page."""
    searched = look.text if text is None else text
    phrases = {p for language in _LANGUAGES for p in _data()[language].get(kind, ())}
    return sum(1 for phrase in phrases if phrase in searched)


def _is_titled(look: _Look, kind: str) -> bool:
    starts = tuple(_data()["titles"][kind])
    return look.title.startswith(starts) or look.headline.startswith(starts)


# --- the kinds ------------------------------------------------------------------------------


def _is_bot(look: _Look) -> bool:
    """A check for robots: its title, its words or its scripts, and not much besides."""
    if look.is_article or look.words > _BOT_WORDS:
        return False
    signs = _is_titled(look, "bot") + (_says(look, "bot", _with_noscript(look)) > 0)
    return signs + _has_mark(look.page, "bot") >= (1 if look.words < _FEW_WORDS else 2)


def _with_noscript(look: _Look) -> str:
    told = ("".join(e.itertext()) for e in look.page.iter("noscript"))
    return f"{look.text} {_essence(' '.join(told))}"


def _has_mark(page: HtmlElement, kind: str) -> bool:
    sources = (
        (e.get("src") or e.get("action") or "").lower() + (e.text or "")[:_SCRIPT_HEAD].lower()
        for e in page.iter("script", "iframe", "form")
    )
    marks = _data()["marks"][kind]
    return any(mark in source for source in sources for mark in marks)


def _is_consent(look: _Look) -> bool:
    """A page that asks for consent; a box over an article is none."""
    if look.is_article or look.words > _CONSENT_WORDS:
        return False
    if _is_titled(look, "consent"):
        return _says(look, "consent", look.text.replace(look.headline, " ", 1)) > 0
    asked = _says(look, "consent")
    rest = " ".join(_strings(look.page, _UNASKED)).split()
    return asked >= _FEWEST_CONSENTS and len(rest) < _FEW_WORDS


def _is_login(look: _Look) -> bool:
    """A page to log in on; a form beside an article is none."""
    if look.is_article or look.words > _LOGIN_WORDS:
        return False
    asked = _is_titled(look, "login") or _says(look, "login") > 0
    password = any((e.get("type") or "").lower() == "password" for e in look.page.iter("input"))
    return asked and (password or (look.words < _FEW_WORDS and _says(look, "login") > 0))


def _is_shell(look: _Look) -> bool:
    """A page that only a script fills."""
    if look.words > _SHELL_WORDS or next(look.page.iter("script"), None) is None:
        return False
    if _says(look, "script", _with_noscript(look)):
        return True
    shells = {*_data()["marks"]["shell"]}
    empty = (e for e in look.page.iter("div", "main") if not "".join(e.itertext()).strip())
    marked = any(shells & {e.get("id") or "", *(e.get("class") or "").split()} for e in empty)
    return marked or look.words == 0


# --- paywalls -------------------------------------------------------------------------------


def _paywall(look: _Look, language: str) -> Wall | None:
    """A paywall that has cut the article short.

    A page as a subscriber saved it declares a paywall too, and has all its text. So what
    counts is that text is missing: what is gated is not there, or there is little altogether.
    """
    closed = [t for t in look.things if _is_false(t.get("isAccessibleForFree"))]
    gated = [s for t in closed for s in _gated_selectors(t)]
    if sum(_words_at(look.page, selector) for selector in gated) >= _GATED_WORDS:
        return None
    prose = _prose_words(look.page)
    if not _is_cut(prose, look.things):
        return None
    boxed = _has_paywall_box(look.page)
    asked = _notices(look.page, language)
    if closed or (asked and boxed) or asked > 1 or (asked and prose < _SHORT_WORDS):
        return _wall("paywall", is_whole=prose < _FEW_WORDS)
    return None


def _is_false(value: object) -> bool:
    """schema.org's Boolean, as sites write it."""
    if isinstance(value, str):
        return value.strip().lower().rpartition("/")[2] in ("false", "no", "0")
    return value is False


def _gated_selectors(thing: Mapping[str, Any]) -> Iterator[str]:
    parts = thing.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and _is_false(part.get("isAccessibleForFree")):
            named = part.get("cssSelector")
            for selector in named if isinstance(named, list) else [named]:
                if isinstance(selector, str):
                    yield selector


def _words_at(page: HtmlElement, selector: str) -> int:
    """The words of what a simple selector (.class, #id) selects; of others none."""
    found = _SELECTOR.search(selector.strip())
    if found is None:
        return 0
    attribute = "class" if found.group(1) == "." else "id"
    for element in page.iter("*"):
        if found.group(2) in (element.get(attribute) or "").split():
            words = len(" ".join(_strings(element, _UNREAD)).split())
            if words >= _GATED_WORDS:
                return words
    return 0


def _prose_words(page: HtmlElement) -> int:
    """The words in paragraphs that are the article's own, as far as their place tells."""
    count = 0
    walker = etree.iterwalk(page, events=("start",), tag="*")
    for _, element in walker:
        if element.tag in _AROUND or _PAYWALL_BOX.search(_named(element)):
            walker.skip_subtree()
        elif element.tag in ("p", "li", "blockquote", "h2", "h3"):
            words = len("".join(element.itertext()).split())
            count += words if words >= _FEWEST_IN_LINE else 0
            walker.skip_subtree()
    return count


def _is_cut(prose: int, things: tuple[dict[str, Any], ...]) -> bool:
    counts = (str(t.get("wordCount", "")) for t in things)
    declared = next((int(count) for count in counts if count.isdecimal()), 0)
    return prose < _TEASER_WORDS or prose < _CUT * declared


def _has_paywall_box(page: HtmlElement) -> bool:
    marks = _data()["marks"]["paywall"]
    return any(
        any(mark in name for mark in marks)
        for element in page.iter("div", "section", "aside", "p")
        if (name := _named(element)).strip() and not _is_hidden(element)
    )


def _is_hidden(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


def _notices(page: HtmlElement, language: str) -> int:
    """How many phrases of a paywall's notice stand in lines of their own in the page."""
    own = language.split("-")[0].lower()
    phrases = {p for name in (own, _FALLBACK) for p in _data().get(name, {}).get("paywall", ())}
    said: set[str] = set()
    walker = etree.iterwalk(page, events=("start",), tag="*")
    for _, element in walker:
        if element.tag in _AROUND or element.tag in _UNREAD or _is_hidden(element):
            walker.skip_subtree()
            continue
        line = _essence(" ".join(islice(element.itertext(), _MOST_STRINGS)))
        if len(line) <= _NOTICE_CHARACTERS:
            said |= {phrase for phrase in phrases if phrase in line}
            walker.skip_subtree()
    return len(said)


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    text = files("audiostory.reading").joinpath("data/walls.toml").read_text("utf-8")
    return tomllib.loads(text)
