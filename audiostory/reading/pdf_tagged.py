"""The body of a tagged PDF: its structure tree with its text, and what no tag covers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from lxml.html import HtmlElement, builder

from audiostory.model import Omission
from audiostory.reading.pdf_blocks import Content, TagWriter
from audiostory.reading.pdf_edges import edge_lines
from audiostory.reading.pdf_lines import Line, PageText, Run
from audiostory.reading.pdf_tags import Mark, Tag
from audiostory.reading.pdf_text import Place


def tagged_body(tags: Tag, pages: Sequence[PageText]) -> tuple[HtmlElement, tuple[Omission, ...]]:
    """The document as HTML, and the lines at the edges of its pages that were left out."""
    covered = set(tags.marks())
    edges = edge_lines(pages)
    content, omissions = _content(tags, pages, covered, edges)
    right = {
        number: max((line.right for line in page.lines), default=0.0)
        for number, page in enumerate(pages)
    }
    root = builder.DIV()
    TagWriter(content, right).write_all(root, tags)
    return root, omissions


def _content(
    tags: Tag, pages: Sequence[PageText], covered: set[Mark], edges: dict[Place, str]
) -> tuple[Content, tuple[Omission, ...]]:
    """Where each mark's text stands. What no tag covers is left out at an edge, or is added."""
    content: dict[Mark, list[tuple[Place, Line, tuple[Run, ...]]]] = {}
    omissions: list[Omission] = []
    loose: dict[Mark | None, list[Mark]] = {}
    last: Mark | None = None
    for number, page in enumerate(pages):
        for index, line in enumerate(page.lines):
            for found, group in groupby(line.runs, key=lambda run: run.mark):
                runs = tuple(group)
                mark = (number, found)
                if mark in covered:
                    last = mark
                elif (reason := edges.get((number, index))) is not None:
                    text = "".join(run.text for run in runs).strip()
                    omissions += [Omission(text, reason)] if text else []
                    continue
                else:
                    mark = (number, -2 - index)
                    if mark not in loose.get(last, ()):
                        loose.setdefault(last, []).append(mark)
                content.setdefault(mark, []).append(((number, index), line, runs))
    _insert(tags, loose)
    return content, tuple(omissions)


def _insert(tags: Tag, loose: dict[Mark | None, list[Mark]]) -> None:
    """Put what no tag covers below what is drawn before it, as paragraphs of the document."""
    tops = tags.inner()
    while len(tops) == 1 and isinstance(tops[0], Tag) and tops[0].role not in ("P", "L", "Table"):
        tags = tops[0]
        tops = tags.inner()
    parts: list[Tag | Mark] = [Tag("P", parts={0: mark}) for mark in loose.pop(None, [])]
    for part in tops:
        parts.append(part)
        marks = part.marks() if isinstance(part, Tag) else iter((part,))
        for mark in [m for m in marks if m in loose]:
            below = loose.pop(mark)
            parts.append(Tag("P", parts=dict(enumerate(below))))
    tags.parts = dict(enumerate(parts))
