"""A producer's selectors: before a reader's own judgement of a page, or on what was read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from lxml.html import HtmlElement, builder

from audiostory.errors import SourceError, UsageError
from audiostory.model import Article, Omission, Rules
from audiostory.reading import vocabulary as known
from audiostory.reading.clean import Judge, in_order
from audiostory.reading.finish import drop_empty
from audiostory.reading.tree import has_words, is_readable, opening, visible_text

_LIST_IN_NOT = re.compile(r":not\([^()]*,", re.IGNORECASE)
DROPPED = "dropped by a rule"


def overruled(judge: Judge, root: HtmlElement, rules: Rules) -> Judge:
    """A judge that follows the rules, and judge where they say nothing.

    Raises UsageError for a selector that is none.
    """
    if rules == Rules():
        return judge
    dropped = _matching(root, rules.drop)
    kept = _matching(root, rules.keep)
    around = {above for element in kept for above in element.iterancestors()}

    def overruling(element: HtmlElement) -> str | None:
        if element in dropped:
            return DROPPED
        if element in kept:
            kept.update(element.iterdescendants())
            return None
        return None if element in around else judge(element)

    return overruling


def drops_all(body: HtmlElement, rules: Rules) -> bool:
    """Whether the rules drop a page's whole body."""
    dropped = _matching(body.getroottree().getroot(), rules.drop)
    return any(element in dropped for element in (body, *body.iterancestors()))


def without_dropped(article: Article, rules: Rules) -> Article:
    """An article of no web page, without what the rules drop of its body: that becomes omissions.

    There is nothing that they could keep: a warning says so. Raises SourceError when no text is
    left.
    """
    if rules.keep:
        article = replace(article, warnings=(*article.warnings, _cannot_keep(article, rules)))
    if not rules.drop:
        return article
    body = deepcopy(article.body)
    page = builder.HTML(builder.BODY(body))
    dropped = _matching(page, rules.drop)
    if dropped & {page, page[0], body}:
        raise nothing_left(article.source)
    outer = [e for e in body.iter() if e in dropped and dropped.isdisjoint(e.iterancestors())]
    omissions = [Omission(visible_text(e), DROPPED, e.get("id") or _around(e)) for e in outer]
    for element in outer:
        _take_out(element)
    drop_empty(body)
    page[0].remove(body)
    if not is_readable(body):
        raise nothing_left(article.source)
    said = (omission for omission in omissions if has_words(omission.text))
    ordered = in_order(article.body, (*said, *article.omissions))
    return replace(article, body=body, omissions=tuple(_placed(ordered, article.body, body)))


def nothing_left(name: str) -> SourceError:
    """What is said when the rules drop all there is."""
    return SourceError(
        f"The rules drop all text of {name}.", "Give --drop, or drop in show.toml, a narrower one."
    )


def _cannot_keep(article: Article, rules: Rules) -> str:
    shown = ", ".join(f'"{selector}"' for selector in rules.keep)
    return f"{article.source} is no web page: nothing of it is left out that {shown} could keep."


def _around(element: HtmlElement) -> str | None:
    """The id of the block that an element is in."""
    return next((e.get("id") for e in element.iterancestors() if e.get("id")), None)


def _take_out(element: HtmlElement) -> None:
    """Take an element out of its tree; the text behind it stays, apart from that before it."""
    parent, above = element.getparent(), element.getprevious()
    assert parent is not None
    tail = (element.tail or "") if element.tag in known.RUNS_ON else f" {element.tail or ''}"
    parent.remove(element)
    if above is not None:
        above.tail = (above.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


def _placed(omissions: Iterable[Omission], read: HtmlElement, body: HtmlElement) -> list[Omission]:
    """Omissions, those behind a block that is gone behind the one before it. read: all blocks."""
    left = {element.get("id") for element in body.iter()}
    place: str | None = None
    places: dict[str, str | None] = {}
    for element in read.iter():
        if name := element.get("id"):
            if name in left and element.tag in known.LEAVES | known.MIXED | {"img"}:
                place = name
            places[name] = name if name in left else place
    return [replace(o, after=places.get(o.after or "", o.after)) for o in omissions]


def check_rules(rules: Rules) -> None:
    """Raises UsageError for a selector that is none (Selectors Level 3)."""
    _matching(builder.P(), (*rules.keep, *rules.drop))


def _matching(root: HtmlElement, selectors: tuple[str, ...]) -> set[HtmlElement]:
    found: set[HtmlElement] = set()
    for selector in selectors:
        try:
            found.update(CSSSelector(selector, translator="html")(root))
        except (SelectorError, XPathError, ValueError, RecursionError) as error:
            raise _unusable(selector, error) from error
    return found


def _unusable(selector: str, error: Exception) -> UsageError:
    advice = 'Give one such as "aside.note" or "#comments > p".'
    reason = "it nests too deeply" if isinstance(error, RecursionError) else opening(str(error))
    if _LIST_IN_NOT.search(selector):
        reason = "a list of selectors in :not() is not supported"
        advice = 'Give one :not() after another: "div:not(.x):not(.y)".'
    return UsageError(
        f'The selector "{opening(selector)}" cannot be used: {reason.rstrip(".")}.', advice
    )
