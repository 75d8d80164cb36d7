"""A producer's selectors, before a reader's own judgement."""

from __future__ import annotations

import re

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from lxml.html import HtmlElement, builder

from audiostory.errors import UsageError
from audiostory.model import Rules
from audiostory.reading.clean import Judge
from audiostory.reading.tree import opening

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
