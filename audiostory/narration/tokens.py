"""What a token of a stylesheet names: a file, or an attribute."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

from tinycss2 import ast


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
    names = [it for it in token.arguments if it.type not in ("whitespace", "comment")]
    if len(names) != 1 or names[0].type != "ident" or "{" in names[0].value:  # lxml's namespaces
        return None
    return str(names[0].value)
