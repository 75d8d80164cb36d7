"""The tokens of a value: what they name, and what they may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

from tinycss2 import ast

Tokens = Sequence[ast.Node]


class BadValueError(ValueError):
    """A value that the property doesn't take; the message says what it takes."""


def url_of(token: ast.Node) -> str | None:
    """What a url(…) token names, or None where it is another token."""
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name == "url":
        strings = [argument for argument in token.arguments if argument.type == "string"]
        return str(strings[0].value) if strings else None
    return None


def file_of(url: str, base_url: str) -> Path:
    """The file that a stylesheet's url(…) names; only files can be named."""
    expected = "a file beside the stylesheet; nothing is fetched"
    try:
        parts = urlsplit(urljoin(base_url, url))
    except ValueError as error:
        raise BadValueError(expected) from error
    path = url2pathname(parts.path)
    if parts.scheme != "file" or "\0" in path:
        raise BadValueError(expected)
    return Path(path)


def attribute_of(token: ast.Node) -> str | None:
    """The attribute that attr(name) names (CSS Values 5, 7.7), or None for another token."""
    if token.type != "function" or token.lower_name != "attr":
        return None
    names = arguments_of(token)
    if len(names) != 1 or names[0].type != "ident" or "{" in names[0].value:  # lxml's namespaces
        return None
    return str(names[0].value)


def arguments_of(token: ast.FunctionBlock) -> list[ast.Node]:
    """What stands in a function's brackets, without white space and comments."""
    return [it for it in token.arguments if it.type not in ("whitespace", "comment")]


def words_of(tokens: Tokens) -> list[str]:
    """The keywords among tokens, in small letters."""
    return [token.lower_value for token in tokens if token.type == "ident"]


def only(tokens: Tokens, expected: str) -> ast.Node:
    """The one token there is. Raises BadValueError where there are more."""
    if len(tokens) != 1:
        raise BadValueError(expected)
    return tokens[0]


def constant(value: object) -> Callable[[Any], Any]:
    """A computed value that does not hang on what is inherited."""
    return lambda _inherited: value


def clamped(low: float, value: float, high: float) -> float:
    """The value, within limits."""
    return max(low, min(high, value))
