"""One article in every format, and how alike its narration scripts are.

The pages in articles/round_trip are printed, converted and dumped as a reader of theirs would;
each copy is read again, and the passages of its script are laid beside those of the page's.
What a format cannot carry is in CARRIED, and nowhere else.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

from lxml import html
from lxml.html import HtmlElement

from audiostory.model import Article, Passage, Utterance
from audiostory.narration import load_stylesheet, narrate
from audiostory.narration.stylesheet import Stylesheet
from audiostory.reading.metadata import page_metadata

ROOT = Path(__file__).parents[1]
PAGES = tuple(sorted((ROOT / "tests" / "articles" / "round_trip").glob("*.html")))
AT_ONCE = 2
_TIMEOUT_S = 120

# --- the formats ----------------------------------------------------------------------------


def as_html(page: Path, folder: Path) -> Path:
    """The page itself."""
    return page


def as_pdf(page: Path, folder: Path) -> Path:
    """The page as a browser prints it."""
    pdf = folder / f"{page.stem}.pdf"
    if not pdf.exists():
        profile = folder / f"browser-{page.stem}"
        _run(
            *(_browser(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *(f"--user-data-dir={profile}", "--no-pdf-header-footer"),
            *(f"--print-to-pdf={pdf}", page.as_uri()),
        )
        shutil.rmtree(profile, ignore_errors=True)
    return pdf


def as_text(page: Path, folder: Path) -> Path:
    """The text of the print, paragraph under paragraph."""
    return _dumped(page, folder, "plain")


def as_layout(page: Path, folder: Path) -> Path:
    """The text of the print, each word where it stands on the paper."""
    return _dumped(page, folder, "layout", "-layout")


def as_docx(page: Path, folder: Path) -> Path:
    """The article as a document of a word processor."""
    return _converted(page, folder, "docx", "--metadata", f"lang={_language(page)}")


def as_epub(page: Path, folder: Path) -> Path:
    """The article as a book."""
    return _converted(page, folder, "epub", *_metadata(page))


def as_markdown(page: Path, folder: Path) -> Path:
    """The article as Markdown, with front matter."""
    return _converted(page, folder, "md", "--to=gfm", "--standalone", *_metadata(page))


FORMATS: Mapping[str, Callable[[Path, Path], Path]] = {
    "html": as_html,
    "pdf": as_pdf,
    "text": as_text,
    "layout": as_layout,
    "docx": as_docx,
    "epub": as_epub,
    "markdown": as_markdown,
}


def in_format(format_: str, pages: Iterable[Path], folder: Path) -> list[Path]:
    """The pages in a format, in their order, some at once. folder: where files are made."""
    with ThreadPoolExecutor(AT_ONCE) as workers:
        return list(workers.map(lambda page: FORMATS[format_](page, folder), pages))


@cache
def _browser() -> str:
    """Chromium, whatever it is called here."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((name for name in names if shutil.which(name)), names[0])


def _dumped(page: Path, folder: Path, name: str, *options: str) -> Path:
    text = folder / f"{page.stem}.{name}.txt"
    if not text.exists():
        _run("pdftotext", *options, as_pdf(page, folder), text)
    return text


def _converted(page: Path, folder: Path, suffix: str, *options: str) -> Path:
    result = folder / f"{page.stem}.{suffix}"
    source = folder / f"{page.stem}.{suffix}.html"
    source.write_text(printed_part(page), "utf-8")
    _run("pandoc", source, *options, f"--resource-path={page.parent}", f"--output={result}")
    return result


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)


def _metadata(page: Path) -> list[str]:
    """What the page says of itself, for pandoc."""
    said = page_metadata(_tree(page), _language(page))
    values = [("lang", _language(page)), ("title", said.title)]
    values += [("author", author) for author in said.authors]
    if said.published:
        values.append(("date", said.published.date().isoformat()))
    return [part for name, value in values for part in ("--metadata", f"{name}={value}")]


def _language(page: Path) -> str:
    return str(_tree(page).get("lang"))


def _tree(page: Path) -> HtmlElement:
    return html.document_fromstring(page.read_text("utf-8"))


def printed_part(page: Path) -> str:
    """The page's body without what its style sheet hides in print, and without its head."""
    tree = _tree(page)
    selectors = _hidden_in_print(page)
    for element in [e for e in tree.iter() if _is_hidden(e, selectors)]:
        element.drop_tree()
    body = "".join(html.tostring(body, encoding="unicode") for body in tree.iter("body"))
    return f'<!DOCTYPE html>\n<html lang="{_language(page)}">{body}</html>\n'


def _hidden_in_print(page: Path) -> set[str]:
    rule = re.search(r"@media print \{ ([^{]+) \{ display: none", page.read_text("utf-8"))
    assert rule, page
    return {selector.strip() for selector in rule[1].split(",")}


def _is_hidden(element: HtmlElement, selectors: set[str]) -> bool:
    """Whether a selector fits: a tag, a class, or "body > tag"."""
    if not isinstance(element.tag, str):
        return False
    names = {element.tag, *(f".{name}" for name in (element.get("class") or "").split())}
    parent = element.getparent()
    if parent is not None and parent.tag == "body":
        names.add(f"body > {element.tag}")
    return not selectors.isdisjoint(names)


# --- what a format carries ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carried:
    """What is lost on the way to a format.

    roles: what a role may be taken for, as nothing in the file tells the two apart.
    gone: roles whose text is not in the file.
    spare: roles whose text a reader may find in the file, though it is not to be seen.
    joined: roles whose text has become one with the block before.
    cells: a row of a table has become a line for each cell.
    note_numbers: the number of a note has become a part of the word before it.
    ends: where the last line of a block is full, nothing says that the block ends there.
    like_headings: roles of short lines that nothing tells from headings.
    hyphens: a compound at a line's end is one word in the file itself, its hyphen gone.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    spare: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    cells: bool = False
    note_numbers: bool = False
    ends: bool = False
    like_headings: frozenset[str] = frozenset()
    hyphens: bool = False


_IMAGE = frozenset({"image"})
_UNCLASSED = {
    "standfirst": "paragraph",  # a class of the page
    "dateline": "byline",  # a date on a line below a name
    "note": "paragraph",  # an <aside> looks like a paragraph
}
_PRINTED = {
    **_UNCLASSED,
    "attribution": "blockquote",  # nothing on paper parts it from the words it is of
    "term": "paragraph",  # a line above an indent
    "definition": "paragraph",  # an indent
}
_DUMPED = {
    **_UNCLASSED,
    "listitem": "paragraph",  # bullets are drawn, not written
    "blockquote": "paragraph",  # an indent
    "attribution": "paragraph",  # a line below the indent
    "caption": "paragraph",  # small print
    "code": "paragraph",  # a typeface
    "term": "paragraph",
    "definition": "paragraph",
    "row": "paragraph",  # places on the paper
}
CARRIED: Mapping[str, Carried] = {
    "html": Carried({"numbered": "listitem"}),  # what is expected names roles alone
    # Chromium writes descriptions of images into the tags of a PDF.
    "pdf": Carried(_PRINTED, gone=_IMAGE, spare=_IMAGE),
    "text": Carried(
        _DUMPED,
        gone=_IMAGE,
        cells=True,
        note_numbers=True,
        ends=True,
        like_headings=frozenset({"attribution", "term"}),  # no indent is left in it
        hyphens=True,  # pdftotext writes "fortyone" for "forty-" above "one", on one line
    ),
    "layout": Carried(_DUMPED, gone=_IMAGE, note_numbers=True),
    # pandoc knows no <footer>, and puts a figure's caption for its image's description.
    "docx": Carried({**_UNCLASSED, "attribution": "blockquote"}, gone=_IMAGE, spare=_IMAGE),
    "epub": Carried({**_UNCLASSED, "attribution": "blockquote"}, gone=_IMAGE, spare=_IMAGE),
    "markdown": Carried(
        {
            **_UNCLASSED,
            "attribution": "blockquote",
            "caption": "paragraph",  # a table's is a paragraph, a figure's is its image's text
            "image": "paragraph",
            "term": "paragraph",  # no such lists in GFM: a term and what it means are one
        },
        gone=_IMAGE,
        joined=frozenset({"definition"}),
    ),
}

# --- the comparison -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A passage, as it is compared. parts: its text by the elements that it is of."""

    role: str
    text: str
    parts: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"[{self.role}] {self.text}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many blocks of a copy are those of the page; of all: the longer of the two."""

    same: int
    of: int
    differences: tuple[str, ...]

    @property
    def share(self) -> float:
        """Same blocks of all, 0…1."""
        return self.same / self.of if self.of else 1.0


def blocks_of(article: Article) -> list[Block]:
    """The passages of an article's narration script, without what a profile adds to them."""
    _, script = narrate(article, _stylesheet())
    return [_block(passage) for passage in script.passages]


def _block(passage: Passage) -> Block:
    numbered = any(_NUMBER.match(u.text) for u in passage.utterances if not _is_own(u))
    role = "numbered" if passage.role == "listitem" and numbered else passage.role
    said = [(u.id, f"{u.lead}{u.text}{u.trail}") for u in passage.utterances if _is_own(u)]
    parts = ("".join(text for _, text in part) for _, part in groupby(said, itemgetter(0)))
    return Block(role, _folded("".join(text for _, text in said)), tuple(map(_folded, parts)))


def _is_own(utterance: Utterance) -> bool:
    """Whether it is in the article: not its profile's word."""
    return not utterance.is_announcement


def _folded(text: str) -> str:
    return " ".join(text.split())


@cache
def _stylesheet() -> Stylesheet:
    return load_stylesheet(ROOT / "voices" / "news.css")


def compare(
    page: Sequence[Block], copy: Sequence[Block], carried: Carried, lines: Sequence[str] = ()
) -> Comparison:
    """Lay a copy's blocks beside the page's, in order, but for what its format lost.

    lines: of the copy, where carried.ends asks which of them are full, and carried.hyphens which
    words are in it.
    """
    wanted = _carried(page, carried, carried.gone)
    if carried.hyphens:
        wanted = [Block(b.role, _as_in(b.text, lines)) for b in wanted]
    found = _carried(copy, carried, carried.spare)
    short = {block.text for block in page if block.role in carried.like_headings}
    found = [Block("paragraph", b.text) if b.text in short else b for b in found]
    if carried.ends:
        found = _parted(found, wanted, lines)
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    differences: list[str] = []
    for operation, begin, end, other_begin, other_end in matcher.get_opcodes():
        if operation != "equal":
            differences += [f"- {block}" for block in wanted[begin:end]]
            differences += [f"+ {block}" for block in found[other_begin:other_end]]
    same = sum(match.size for match in matcher.get_matching_blocks())
    return Comparison(same, max(len(wanted), len(found)), tuple(differences))


_FULL = 0.93  # of the longest line: types are not all as wide
_TWO_LINES = 1.25  # of nearly all lines: it was two, until a hyphen between them went
_NUMBER = re.compile(r"\d+\.\s*$")
# A number of one or two digits right after a word or the mark that ends it: "closely.1".
_NOTE_NUMBER = re.compile(r"(?<=[^\W\d_])([.,;:!?”»\"]*)\d{1,2}(?=\s|$)")


def _carried(blocks: Iterable[Block], carried: Carried, without: frozenset[str]) -> list[Block]:
    """Blocks as a format can tell them apart."""
    result: list[Block] = []
    for block in blocks:
        role = carried.roles.get(block.role, block.role)
        if block.role in without:
            continue
        if block.role in carried.joined and result:
            result[-1] = Block(result[-1].role, f"{result[-1].text} {block.text}")
        elif block.role == "row" and carried.cells:
            result += [Block(role, cell) for cell in block.parts if cell]
        else:
            text = _NOTE_NUMBER.sub(r"\1", block.text) if carried.note_numbers else block.text
            result.append(Block(role, text))
    return result


def _as_in(text: str, lines: Sequence[str]) -> str:
    """A text, without those hyphens that are not in the file that it was dumped to."""
    written = set(re.findall(r"[\w-]+", " ".join(lines)))
    for compound in re.findall(r"\w+(?:-\w+)+", text):
        parts = compound.split("-")
        for number in range(1, len(parts)):
            joined = "-".join(parts[:number]) + "-".join(parts[number:])
            if joined in written and compound not in written:
                text = re.sub(rf"\b{compound}\b", joined, text)
    return text


def _parted(found: list[Block], wanted: list[Block], lines: Sequence[str]) -> list[Block]:
    """What was found, apart where two blocks became one and no line says where the first ends."""
    full = _full(lines)
    parted: list[Block] = []
    for block in found:
        rest = block
        for one, other in pairwise(wanted):
            joined = rest.text.startswith(f"{one.text} {other.text}")
            if joined and rest.role == one.role == other.role and _ends_in(one, full):
                parted.append(one)
                rest = Block(rest.role, rest.text[len(one.text) + 1 :])
        parted.append(rest)
    return parted


def _full(lines: Sequence[str]) -> set[str]:
    """The lines that the next line's first word would not have fitted on."""
    lengths = sorted(len(line) for line in lines if line.strip())
    most = _TWO_LINES * lengths[int(0.9 * len(lengths))] if lengths else 0
    room = _FULL * max((length for length in lengths if length <= most), default=0)
    followed = ((one, other.split(None, 1)[0]) for one, other in pairwise(lines) if other.strip())
    return {line.strip() for line, word in followed if len(f"{line} {word}") >= room}


def _ends_in(block: Block, lines: Iterable[str]) -> bool:
    return any(block.text.endswith(line) for line in lines)


def lines_of(copy: Path) -> list[str]:
    """The lines of a text file; none of a file of another format."""
    return copy.read_text("utf-8").splitlines() if copy.suffix == ".txt" else []


def expected_blocks(page: Path) -> list[Block]:
    """The blocks that a page's own .expected.json lays down."""
    data = json.loads(page.with_suffix(".expected.json").read_text("utf-8"))
    return [Block(role, _folded(text)) for role, text in data["blocks"]]
