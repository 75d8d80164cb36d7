"""What stands at the head of a Markdown file, between two lines of dashes (YAML) or pluses (TOML).

Nothing of YAML is made into objects: its nodes are read as they are written, so that neither an
alias nor a tag can do more than name a text, and a title of 3.10 stays one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import islice

import yaml

from audiostory.reading.decode import printable
from audiostory.reading.tree import folded

Values = Mapping[str, tuple[str, ...]]

_FENCED = re.compile(
    r"(?P<fence>---|\+\+\+)[^\S\n]*\n(?P<text>.*?)^(?P=fence)[^\S\n]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_LARGEST_CHARACTERS = 65_536
_MOST_VALUES = 100
_NO_TEXT = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:bool")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Front matter. values: texts by key, in small letters; rest: what follows it.

    problem: why it cannot be read, in words; text is then all of it, and values are none.
    """

    rest: str
    text: str = ""
    values: Values = field(default_factory=dict)
    problem: str = ""


def split_front_matter(text: str) -> FrontMatter:
    """Front matter and what follows it; without it, all is what follows.

    Two rules with text between them, and no key in it, are not taken for front matter.
    """
    found = _FENCED.match(text)
    if found is None:
        return FrontMatter(text)
    inner, rest = found["text"], text[found.end() :]
    if len(inner) > _LARGEST_CHARACTERS:
        return FrontMatter(rest, inner, problem="it is too long")
    try:
        values = _yaml(inner) if found["fence"] == "---" else _toml(inner)
    except (yaml.YAMLError, ValueError) as error:
        return FrontMatter(rest, inner, problem=_reason(error))
    except RecursionError:
        return FrontMatter(rest, inner, problem="it nests too deeply")
    return FrontMatter(text) if values is None else FrontMatter(rest, inner, values)


def _reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return folded(str(error))
    return f"line {mark.line + 2}: {getattr(error, 'problem', '')}"


def _yaml(text: str) -> Values | None:
    """None where it is text without keys."""
    top = yaml.compose(text, Loader=yaml.SafeLoader)
    if top is None:
        return {}
    if not isinstance(top, yaml.MappingNode):
        return None
    pairs = ((key.value, _yaml_texts(value)) for key, value in top.value)
    return {key.lower(): texts for key, texts in pairs if isinstance(key, str)}


def _yaml_texts(node: yaml.Node) -> tuple[str, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(text for item in islice(items, _MOST_VALUES) if (text := _yaml_text(item)))


def _yaml_text(node: yaml.Node) -> str:
    """A scalar as it is written; of a mapping, such as an author, its name."""
    if isinstance(node, yaml.MappingNode):
        node = next((value for key, value in node.value if key.value == "name"), node)
    is_text = isinstance(node, yaml.ScalarNode) and node.tag not in _NO_TEXT
    return folded(printable(node.value)) if is_text else ""


def _toml(text: str) -> Values:
    return {key.lower(): tuple(_toml_texts(value)) for key, value in tomllib.loads(text).items()}


def _toml_texts(value: object) -> Iterator[str]:
    for item in islice(value, _MOST_VALUES) if isinstance(value, list) else [value]:
        named = item.get("name") if isinstance(item, dict) else item
        if isinstance(named, date | time):  # a datetime is a date
            named = named.isoformat()
        is_text = isinstance(named, str | int | float) and not isinstance(named, bool)
        if is_text and (text := folded(printable(str(named)))):
            yield text
