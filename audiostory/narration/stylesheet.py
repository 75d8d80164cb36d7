"""A voice profile: a CSS Speech stylesheet, read and matched against the article's tree.

What cannot be used is a warning with file and line, and the rest of the stylesheet holds
(CSS Syntax 3, section 2.2: error handling).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os.path import exists, isfile, realpath
from pathlib import Path
from typing import Any

import cssselect2
import tinycss2
from lxml.html import HtmlElement
from tinycss2 import ast

from audiostory.errors import ProfileError
from audiostory.narration import values
from audiostory.narration.inline import inline_style, problems_of
from audiostory.narration.media import is_for_speech
from audiostory.narration.style import Compute, Style, computed
from audiostory.narration.tokens import BadValueError, file_of, url_of

_PSEUDO_ELEMENTS = frozenset({None, "before", "after"})
_DEEPEST_IMPORT = 8
_LARGEST_BYTES = 32 * 2**20
_MOST_FILES = 100
_LONGEST_SHOWN = 80

Declarations = Mapping[str, Compute]


@dataclass(frozen=True, slots=True)
class _Rule:
    normal: Declarations
    important: Declarations


@dataclass(frozen=True, slots=True)
class Problem:
    """What in a stylesheet could not be used, and where: line and column from 1."""

    path: Path
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Styles:
    """The computed styles of an element and, where there are any, of its pseudo-elements."""

    own: Style
    before: Style | None
    after: Style | None


class Stylesheet:
    """The rules of a profile and of what it imports. problems: what could not be used.

    library: where an import is looked for that is not beside its stylesheet. rules: how many of
    each file are used. room_bytes, room_files: how much may still be read. folder: where it is.
    """

    def __init__(self, name: str, library: Path | None = None, folder: Path | None = None) -> None:
        self.name = name
        self.library = library
        self.problems: list[Problem] = []
        self.rules: Counter[Path] = Counter()
        folders = [at for at in (folder, library) if at is not None] or [Path.cwd()]
        self._base_urls = tuple(f"{at.absolute().as_uri()}/" for at in folders)
        self.room_bytes = _LARGEST_BYTES
        self.room_files = _MOST_FILES
        self._matcher = cssselect2.Matcher()

    @property
    def warnings(self) -> list[str]:
        """The problems, a line each."""
        return [str(problem) for problem in self.problems]

    def styles(self, element: cssselect2.ElementWrapper, parent: Style) -> Styles:
        """The cascade for one element, from its parent's computed style."""
        rules: dict[str | None, list[_Rule]] = {}
        for _specificity, _order, pseudo, rule in self._matcher.match(element):
            rules.setdefault(pseudo, []).append(rule)
        if css := element.etree_element.get("style"):
            inline = inline_style(css, self._base_urls)
            rules.setdefault(None, []).append(_Rule(inline.normal, inline.important))
        own = _cascade(rules.get(None, []), parent)
        before, after = (
            _cascade(rules[pseudo], own) if pseudo in rules else None
            for pseudo in ("before", "after")
        )
        return Styles(own, before, after)

    def silences(self, element: HtmlElement) -> bool:
        """Whether the style attribute of an element says that nothing in it is spoken."""
        css = element.get("style")
        return bool(css) and inline_style(css or "", self._base_urls).silences

    def problems_in(self, body: HtmlElement) -> tuple[str, ...]:
        """What cannot be used of the style attributes in a tree."""
        return tuple(problems_of(body, self._base_urls))

    def add_rule(self, prelude: list[ast.Node], rule: _Rule) -> None:
        """Add a rule under its selectors.

        Raises cssselect2.SelectorError; SyntaxError for one of 80 parts; NotImplementedError.
        """
        selectors = cssselect2.compile_selector_list(prelude)
        for selector in selectors:
            if selector.pseudo_element not in _PSEUDO_ELEMENTS:
                name = selector.pseudo_element
                raise cssselect2.SelectorError(f"::{name} is not spoken, but ::before and ::after")
        for selector in selectors:
            self._matcher.add_selector(selector, rule)


def _cascade(rules: list[_Rule], parent: Style) -> Style:
    declared: dict[str, Compute] = {}
    for rule in rules:
        declared.update(rule.normal)
    for rule in rules:
        declared.update(rule.important)
    return computed(parent.inherit(), declared, parent)


def load_stylesheet(path: Path, library: Path | None = None) -> Stylesheet:
    """Read a profile. Raises ProfileError when the file cannot be read at all.

    library: the folder of the built-in profiles, which any profile may import by name.
    """
    sheet = Stylesheet(path.name, library, path.parent)
    _read_file(sheet, Path(realpath(path)), ())
    return sheet


def _read_file(sheet: Stylesheet, path: Path, importing: tuple[Path, ...]) -> None:
    css = _css_of(sheet, path)
    try:
        rules, _encoding = tinycss2.parse_stylesheet_bytes(
            css, skip_comments=True, skip_whitespace=True
        )
    except ValueError as error:  # a number that is too long for Python
        sheet.problems.append(Problem(path, 1, 1, f"the file cannot be parsed ({error})"))
        return
    _add_rules(sheet, rules, path, (*importing, path))


def _css_of(sheet: Stylesheet, path: Path) -> bytes:
    """What a file holds; a device or a pipe, which may never end, is no file."""
    advice = "Give the name of a built-in profile or the path of a CSS file."
    if exists(path) and not isfile(path):
        raise ProfileError(f"The voice profile {path} is no file that can be read.", advice)
    try:
        with path.open("rb") as file:
            css = file.read(sheet.room_bytes + 1 if sheet.room_files else 0)
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise ProfileError(f"The voice profile {path} {reason}.", advice) from error
    if len(css) > sheet.room_bytes or not sheet.room_files:
        raise ProfileError(
            f"With {path.name} the voice profile is too large.",
            f"Make do with {_LARGEST_BYTES // 2**20} MB and {_MOST_FILES} files.",
        )
    sheet.room_bytes -= len(css)
    sheet.room_files -= 1
    return css


def _add_rules(
    sheet: Stylesheet, rules: list[ast.Node], path: Path, importing: tuple[Path, ...]
) -> None:
    for rule in rules:
        try:
            _add_rule(sheet, rule, path, importing)
        except RecursionError:
            _warn(sheet, path, rule, "this nests too deeply; it is left out")


def _add_rule(sheet: Stylesheet, rule: ast.Node, path: Path, importing: tuple[Path, ...]) -> None:
    if rule.type == "error":
        _warn(sheet, path, rule, f"cannot be parsed ({rule.message})")
    elif rule.type == "qualified-rule":
        _add_qualified_rule(sheet, rule, path)
    elif rule.lower_at_keyword == "import":
        _import(sheet, rule, path, importing)
    elif rule.lower_at_keyword == "media":
        if is_for_speech(rule.prelude):
            nested = tinycss2.parse_rule_list(
                rule.content or [], skip_comments=True, skip_whitespace=True
            )
            _add_rules(sheet, nested, path, importing)
    elif rule.lower_at_keyword != "charset":
        _warn(sheet, path, rule, f"@{rule.at_keyword} is not known here; it is left out")


def _import(sheet: Stylesheet, rule: ast.AtRule, path: Path, importing: tuple[Path, ...]) -> None:
    tokens = [token for token in rule.prelude if token.type not in ("whitespace", "comment")]
    url = _imported(tokens[0]) if tokens else None
    if not url:
        return _warn(sheet, path, rule, "@import names no file")
    if rule.content is not None:
        return _warn(sheet, path, rule, f"@import of {url} has no semicolon, and is left out")
    if not is_for_speech(tokens[1:]):
        return None
    try:
        imported = Path(realpath(file_of(url, path.as_uri())))
        if sheet.library and not exists(imported) and isfile(sheet.library / url):
            imported = Path(realpath(sheet.library / url))
        if imported in importing or len(importing) > _DEEPEST_IMPORT:
            return _warn(sheet, path, rule, f"@import of {url} goes round in a circle")
        _read_file(sheet, imported, importing)
    except (ProfileError, BadValueError) as error:
        _warn(sheet, path, rule, f"@import of {url} is left out: {error}")
    return None


def _imported(token: ast.Node) -> str | None:
    return str(token.value) if token.type == "string" else url_of(token)


def _add_qualified_rule(sheet: Stylesheet, rule: ast.QualifiedRule, path: Path) -> None:
    normal: dict[str, Compute] = {}
    important: dict[str, Compute] = {}
    for declaration in _declarations(sheet, rule, path):
        parsed = _parsed(sheet, declaration, path)
        (important if declaration.important else normal).update(parsed)
    try:
        sheet.add_rule(rule.prelude, _Rule(normal, important))
        sheet.rules[path] += 1
    except (cssselect2.SelectorError, SyntaxError, NotImplementedError) as error:
        selector = _shortened(tinycss2.serialize(rule.prelude).strip())
        reasons = {SyntaxError: "too long", NotImplementedError: "a namespace"}
        reason = reasons.get(type(error)) or error.args[-1]
        _warn(sheet, path, rule, f"the selector {selector!r} cannot be used ({reason})")


def _declarations(
    sheet: Stylesheet, rule: ast.QualifiedRule, path: Path
) -> Iterator[ast.Declaration]:
    nodes = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    for node in nodes:
        if node.type == "declaration":
            yield node
        else:
            _warn(sheet, path, node, getattr(node, "message", "a rule inside a rule is left out"))


def _parsed(sheet: Stylesheet, declaration: ast.Declaration, path: Path) -> Declarations:
    name = declaration.name if declaration.name.startswith("--") else declaration.lower_name
    try:
        return values.parse(name, declaration.value, path.as_uri())
    except KeyError:
        _warn(sheet, path, declaration, _unknown(name))
    except BadValueError as error:
        value = _shortened(tinycss2.serialize(declaration.value).strip())
        _warn(sheet, path, declaration, f"{name}: {value!r} cannot be used; it takes {error}")
    return {}


def _unknown(name: str) -> str:
    """Why a property is left out."""
    if name in values.UNEXPRESSED:
        return f"no engine expresses {name}; it is left out"
    near = values.near_to(name)
    hint = f"; did you mean {near}?" if near else ""
    return f"the property {_shortened(name)} is not known; it is left out{hint}"


def _shortened(text: str) -> str:
    """A value as a warning can carry it."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _warn(sheet: Stylesheet, path: Path, node: Any, message: str) -> None:
    sheet.problems.append(Problem(path, node.source_line, node.source_column, message))
