"""What content, bookmark-label and custom properties say: texts, attributes, counters, var().

Sources: CSS Generated Content 3 (2 and 4), CSS Lists 3 (4.7), CSS Values 5 (7.7, attr()) and CSS
Custom Properties 1. Only what can be spoken is kept: no pictures, no leaders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lxml.html import HtmlElement
from tinycss2 import ast

from audiostory.narration.tokens import BadValueError, arguments_of, attribute_of

EXPECTED = 'strings, attr(name), counter(name) and var(--name), such as "Image: " attr(alt)'
LONGEST_TEXT = 1000
MOST_PARTS = 32
_DEEPEST_VAR = 8
_MOST_ROMAN = 3999


@dataclass(frozen=True, slots=True)
class Attribute:
    """attr(name): what an attribute of the element says."""

    name: str


@dataclass(frozen=True, slots=True)
class Counter:
    """counter(name, style), or counters(name, separator, style), with all that are in scope."""

    name: str
    style: str = "decimal"
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """var(--name, fallback)."""

    name: str
    fallback: Content | None = None


@dataclass(frozen=True, slots=True)
class ElementText:
    """content() in bookmark-label: the element's own text."""


Part: TypeAlias = str | Attribute | Counter | Variable | ElementText
Content: TypeAlias = tuple[Part, ...]
Variables: TypeAlias = Mapping[str, Content]
CountersInScope: TypeAlias = Callable[[str], Sequence[int]]


def content_of(tokens: Sequence[ast.Node], *, of_element: bool = False) -> Content:
    """The parts that tokens name. of_element: whether content() may be one of them.

    Raises BadValueError.
    """
    tokens = [token for token in tokens if token.type not in ("whitespace", "comment")]
    length = sum(len(token.value) for token in tokens if token.type == "string")
    if length > LONGEST_TEXT or len(tokens) > MOST_PARTS:
        raise BadValueError(f"up to {LONGEST_TEXT} characters in up to {MOST_PARTS} parts")
    return tuple(_part(token, of_element=of_element) for token in tokens)


def _part(token: ast.Node, *, of_element: bool) -> Part:
    if token.type == "string":
        return str(token.value)
    if (name := attribute_of(token)) is not None:
        return Attribute(name)
    if token.type == "function" and token.lower_name in ("counter", "counters"):
        return _counter(token)
    if token.type == "function" and token.lower_name == "var":
        return _variable(token, of_element=of_element)
    if of_element and _is_own_text(token):
        return ElementText()
    raise BadValueError(EXPECTED)


def _is_own_text(token: ast.Node) -> bool:
    """Whether a token is content() or content(text) (CSS Generated Content 3, 2.3)."""
    if token.type != "function" or token.lower_name != "content":
        return False
    return [getattr(it, "lower_value", "") for it in arguments_of(token)] in ([], ["text"])


def _counter(token: ast.FunctionBlock) -> Counter:
    """counter( name [, style]? ) or counters( name, string [, style]? )."""
    given = [it for it in arguments_of(token) if not (it.type == "literal" and it.value == ",")]
    commas = len(arguments_of(token)) - len(given)
    separator: str | None = None
    if token.lower_name == "counters":
        if len(given) < 2 or given[1].type != "string":
            raise BadValueError('counters(name, "."), with the text between in quotation marks')
        separator = str(given.pop(1).value)
        commas -= 1
    if not 1 <= len(given) <= 2 or commas != len(given) - 1 or given[0].type != "ident":
        raise BadValueError("counter(name), or counter(name, upper-roman)")
    style = given[1] if len(given) == 2 else None
    if style is None:
        return Counter(str(given[0].value), separator=separator)
    if style.type != "ident" or style.lower_value not in COUNTER_STYLES:
        raise BadValueError(f"counters in one of the styles {', '.join(COUNTER_STYLES)}")
    return Counter(str(given[0].value), str(style.lower_value), separator)


def _variable(token: ast.FunctionBlock, *, of_element: bool) -> Variable:
    name, *rest = arguments_of(token) or [None]
    if name is None or name.type != "ident" or not name.value.startswith("--"):
        raise BadValueError("var(--name), or var(--name, what to say where it is not set)")
    if not rest:
        return Variable(str(name.value))
    if rest[0].type != "literal" or rest[0].value != ",":
        raise BadValueError("var(--name, what to say where it is not set)")
    return Variable(str(name.value), content_of(rest[1:], of_element=of_element))


# --- at an element --------------------------------------------------------------------------


def resolved(content: Content, variables: Variables) -> Content | None:
    """The content with what its variables hold in their places; None where one holds nothing.

    So is content that goes round in a circle, nests deeply or has grown too long.
    """
    room = [MOST_PARTS]
    try:
        return tuple(_resolved(content, variables, 0, room))
    except LookupError:
        return None


def _resolved(
    content: Content, variables: Variables, depth: int, room: list[int]
) -> Iterator[Part]:
    if depth > _DEEPEST_VAR:
        raise LookupError
    for part in content:
        room[0] -= 1
        if room[0] < 0:
            raise LookupError
        if not isinstance(part, Variable):
            yield part
            continue
        value = variables.get(part.name, part.fallback)
        if value is None:
            raise LookupError(part.name)
        yield from _resolved(value, variables, depth + 1, room)


def text_of_content(
    content: Content, element: HtmlElement, counters: CountersInScope, own_text: str = ""
) -> str:
    """What resolved content says at an element. own_text: what content() stands for."""
    return "".join(_said(part, element, counters, own_text) for part in content)


def _said(part: Part, element: HtmlElement, counters: CountersInScope, own_text: str) -> str:
    match part:
        case str():
            return part
        case Attribute(name):
            return str(element.get(name, ""))
        case Counter(name, style, separator):
            numbers = counters(name) or (0,)
            shown = numbers if separator is not None else numbers[-1:]
            return (separator or "").join(COUNTER_STYLES[style](number) for number in shown)
        case ElementText():
            return own_text
        case Variable():
            return ""


# --- counter styles (CSS Counter Styles 3, 6) -----------------------------------------------


def _alphabetic(number: int) -> str:
    if number < 1:
        return str(number)
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters


_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def _roman(number: int) -> str:
    if not 1 <= number <= _MOST_ROMAN:
        return str(number)
    numeral = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        numeral += letters * times
    return numeral


COUNTER_STYLES: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimal-leading-zero": lambda number: f"{number:03}" if number < 0 else f"{number:02}",
    "lower-alpha": _alphabetic,
    "lower-latin": _alphabetic,
    "upper-alpha": lambda number: _alphabetic(number).upper(),
    "upper-latin": lambda number: _alphabetic(number).upper(),
    "lower-roman": _roman,
    "upper-roman": lambda number: _roman(number).upper(),
}
