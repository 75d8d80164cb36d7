"""What Markdown's own rules drop without a word: cells beyond a table's columns, unused notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from audiostory.reading.document import LEFT_OUT

_UNUSED = f'<div {LEFT_OUT}="note that nothing refers to">'
_AROUND = re.compile(r"^[\s>]*\|?|\|?\s*$")  # a row, in a quotation or not
_OPEN, _CLOSE = "footnote_reference_open", "footnote_reference_close"


def keep_all(parser: MarkdownIt) -> MarkdownIt:
    """Add rules to a parser that has the plugin of footnotes: what it drops is kept or marked."""
    parser.core.ruler.before("footnote_tail", "unused_notes", _mark_unused_notes)
    parser.core.ruler.before("inline", "further_cells", _add_cells)
    return parser


def _mark_unused_notes(state: StateCore) -> None:
    """Notes that nothing refers to stay where they are, and are marked as left out."""
    numbers = state.env.get("footnotes", {}).get("refs", {})
    opened = [token for token in state.tokens if token.type == _OPEN]
    last = {token.meta["label"]: token for token in opened}  # of notes of one name
    unused: list[bool] = []  # of the notes around
    for token in state.tokens:
        is_open = token.type == _OPEN
        if is_open:
            label = token.meta["label"]
            unused.append(last[label] is not token or numbers.get(f":{label}", -1) < 0)
        if (is_open or token.type == _CLOSE) and (unused[-1] if is_open else unused.pop()):
            token.type, token.content = "html_block", _UNUSED if is_open else "</div>"


def _add_cells(state: StateCore) -> None:
    """Cells beyond those of a table's head, which GFM (4.10) ignores, are cells of their row."""
    lines = state.src.split("\n")
    tokens: list[Token] = []
    cells, line = 0, ""
    for token in state.tokens:
        if token.type == "tr_open":
            cells, line = 0, lines[token.map[0]] if token.map else ""
        cells += token.type == "td_open"
        if token.type == "tr_close" and cells:
            for text in escapedSplit(_AROUND.sub("", line))[cells:]:
                tokens += _cell(text.strip())
        tokens.append(token)
    state.tokens = tokens


def _cell(text: str) -> Iterator[Token]:
    yield Token("td_open", "td", 1)
    yield Token("inline", "", 0, content=text, children=[])
    yield Token("td_close", "td", -1)
