"""How well articles are read: what is found of pages whose text is known.

    python benchmarks/reading.py --corpus DIR      pages and their texts, scored by 4-grams
    python benchmarks/reading.py --structure DIR   pages and clean HTML, scored by kind of block

--corpus takes the layout of scrapinghub/article-extraction-benchmark: html/NAME.html[.gz] and
ground-truth.json, {NAME: {"articleBody": text}}. --structure takes that of mozilla/readability's
test-pages: NAME/source.html and NAME/expected.html. Corpora are never part of the project.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import html as lxml_html
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from audiostory.errors import AudiostoryError
from audiostory.model import Article
from audiostory.reading.html import read_html

_WORD = re.compile(r"\w+")
_GRAM = 4
# An item is found when this share of its words is the same, of its words and the other's.
_SAME = 0.9
KINDS = {
    "headings": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "block_quotes": ("blockquote",),
    "list_items": ("li",),
    "captions": ("figcaption",),
    "tables": ("table",),
    "alt_texts": ("img",),
}
_EDITING = frozenset({"[edit]", "[citationneeded]"})
# What a corpus of article texts does not count as text: the gold has headings and quotations.
_SIGNED = frozenset({"byline", "dateline"})
_BESIDE = _SIGNED | {"credits", "caption", "standfirst"}


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, 0…1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def main() -> int:
    """Score one corpus, and print a table or one JSON object."""
    parser = argparse.ArgumentParser(description="Score the reading of web pages.")
    corpus = parser.add_mutually_exclusive_group(required=True)
    corpus.add_argument("--corpus", type=Path, help="pages and texts")
    corpus.add_argument("--structure", type=Path, help="pages and clean HTML")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--pages", action="store_true", help="print each page's score too")
    arguments = parser.parse_args()
    if arguments.corpus:
        found = score_texts(arguments.corpus, arguments.pages)
    else:
        found = score_structure(arguments.structure, arguments.pages)
    if arguments.json:
        print(json.dumps(found))
    else:
        print(_table(found))
    return 0


# --- texts ----------------------------------------------------------------------------------


def score_texts(folder: Path, each: bool = False) -> dict[str, object]:
    """F1, precision and recall of 4-grams, the mean of the pages; and pages a second.

    trafilatura's own pages a second (precision, on the same pages) tell how fast the machine is.
    """
    gold = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    _warm_up()
    scores: list[Score] = []
    seconds = theirs = 0.0
    for name, page in gold.items():
        data = _page(folder / "html", name)
        begin = time.process_time()
        article = _read(data, name)
        seconds += time.process_time() - begin
        begin = time.process_time()
        bare_extraction(data, favor_precision=True, include_comments=False)
        theirs += time.process_time() - begin
        scores.append(score_text(page.get("articleBody") or "", article_text(article)))
        if each:
            _say_page(name, scores[-1], page.get("url", ""))
    mean = _mean(scores)
    return {
        "pages": len(scores),
        "f1": round(mean.f1, 4),
        "precision": round(mean.precision, 4),
        "recall": round(mean.recall, 4),
        "pages_per_s": round(len(scores) / seconds, 1),
        "trafilatura_pages_per_s": round(len(scores) / theirs, 1),
    }


def article_text(article: Article | None) -> str:
    """An article's running text: without headline, standfirst, byline, captions, pictures."""
    return " ".join(_running(article.body, _BESIDE)) if article else ""


def _running(element: HtmlElement, without: frozenset[str]) -> Iterator[str]:
    first = next(element.iter("h1"), None)
    for inner in element.iter(
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "td", "th", "dt", "dd", "blockquote"
    ):
        beside = any(e.tag == "figcaption" for e in inner.iterancestors())
        if inner is first or beside or inner.get("class") in without:
            continue
        yield " ".join(_own_text(inner))


def _own_text(element: HtmlElement) -> Iterator[str]:
    """Text of a block, but for the blocks in it."""
    blocks = (
        "p",
        "li",
        "ul",
        "ol",
        "dl",
        "table",
        "blockquote",
        "figure",
        "figcaption",
        "pre",
        "aside",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "td",
        "th",
        "dt",
        "dd",
    )
    parts = [element.text or ""]
    for child in element:
        if child.tag not in blocks:
            parts.append("".join(_inline(child)))
        parts.append((" " if child.tag in (*blocks, "br") else "") + (child.tail or ""))
    yield "".join(parts)


def _inline(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield from _inline(child)
        yield (" " if child.tag == "br" else "") + (child.tail or "")


def score_text(true: str, found: str) -> Score:
    """How many of a text's 4-grams were found, and how many of those found are right."""
    wanted, got = _grams(true), _grams(found)
    common = sum((wanted & got).values())
    if not wanted and not got:
        return Score(1.0, 1.0)
    return Score(common / max(1, sum(got.values())), common / max(1, sum(wanted.values())))


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    grams = (tuple(words[at : at + _GRAM]) for at in range(max(1, len(words) - _GRAM + 1)))
    return Counter(gram for gram in grams if gram)


# --- structure ------------------------------------------------------------------------------


def score_structure(folder: Path, each: bool = False) -> dict[str, object]:
    """F1 of the text, recall and precision of each kind of block over all pages."""
    texts: list[Score] = []
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    seconds = 0.0
    pages = sorted(path for path in folder.iterdir() if (path / "expected.html").exists())
    _warm_up()
    for page in pages:
        begin = time.process_time()
        article = _read((page / "source.html").read_bytes(), page.name)
        seconds += time.process_time() - begin
        gold = lxml_html.fromstring((page / "expected.html").read_text("utf-8"))
        _drop_editing(gold)
        body = article.body if article else lxml_html.fromstring("<article></article>")
        found_text = " ".join((*_running(body, _SIGNED), *_captions(body)))
        texts.append(score_text(_text(gold), found_text))
        title = _folded(article.title) if article else ""
        for kind in KINDS:
            wanted, got = _items(gold, kind), _items(body, kind)
            if title in got and title not in wanted:
                got.remove(title)  # this gold has no headline
            both = _matched(wanted, got)
            counts[kind].update(wanted=len(wanted), got=len(got), both=both)
            if each and (both < len(wanted) or both < len(got)):
                print(f"{page.name:40} {kind:12} {both}/{len(wanted)} of {len(got)}")
        if each:
            _say_page(page.name, texts[-1], "")
    found: dict[str, object] = {
        "pages": len(pages),
        "text_f1": round(_mean(texts).f1, 4),
        "text_precision": round(_mean(texts).precision, 4),
        "text_recall": round(_mean(texts).recall, 4),
    }
    for kind, count in counts.items():
        found[kind] = {
            "recall": round(count["both"] / max(1, count["wanted"]), 4),
            "precision": round(count["both"] / max(1, count["got"]), 4),
            "wanted": count["wanted"],
        }
    return {**found, "pages_per_s": round(len(pages) / seconds, 1)}


def _drop_editing(gold: HtmlElement) -> None:
    """This gold keeps an encyclopedia's links to edit, and what it asks of its writers."""
    for element in list(gold.iter("span", "sup")):
        if (
            "".join("".join(element.itertext()).split()) in _EDITING
            and element.getparent() is not None
        ):
            element.drop_tree()


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _captions(body: HtmlElement) -> Iterator[str]:
    return (" ".join(caption.itertext()) for caption in body.iter("figcaption"))


def _items(tree: HtmlElement, kind: str) -> list[str]:
    """The texts of one kind of block, as words."""
    found = tree.iter(*KINDS[kind])
    if kind == "alt_texts":
        texts: Iterable[str] = (image.get("alt") or "" for image in found)
    else:
        texts = (" ".join(element.itertext()) for element in found)
    return [text for text in map(_folded, texts) if text]


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _matched(wanted: list[str], got: list[str]) -> int:
    """How many of the wanted are among what was got, each taken once: the same, then alike."""
    left = Counter(got)
    rest = []
    for text in wanted:
        if left[text]:
            left[text] -= 1
        else:
            rest.append(text)
    alike = [Counter(text.split()) for text in left.elements()]
    matched = len(wanted) - len(rest)
    for text in rest:
        words = Counter(text.split())
        best = max(alike, key=lambda other: _likeness(words, other), default=None)
        if best is not None and _likeness(words, best) >= _SAME:
            alike.remove(best)
            matched += 1
    return matched


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    return 2 * sum((one & other).values()) / max(1, one.total() + other.total())


# --- both -----------------------------------------------------------------------------------


def _page(folder: Path, name: str) -> bytes:
    packed = folder / f"{name}.html.gz"
    if packed.exists():
        return gzip.decompress(packed.read_bytes())
    return (folder / f"{name}.html").read_bytes()


def _warm_up() -> None:
    """Load what is loaded once a process, such as the languages' model: it is no page's time."""
    text = b"<p>The ferry leaves the island at nine, and it comes back in the evening.</p>" * 20
    _read(b"<html><body><p>Updated on 3 May 2024</p>%s" % text, "warm-up")


def _read(data: bytes, name: str) -> Article | None:
    try:
        return read_html(data, name)
    except AudiostoryError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return None


def _mean(scores: list[Score]) -> Score:
    return Score(
        statistics.mean(score.precision for score in scores),
        statistics.mean(score.recall for score in scores),
    )


def _say_page(name: str, score: Score, url: str) -> None:
    print(f"{score.f1:.3f} {score.precision:.3f} {score.recall:.3f} {name[:40]} {url}")


def _table(found: dict[str, object]) -> str:
    lines = []
    for key, value in found.items():
        if isinstance(value, dict):
            value = "  ".join(f"{name} {number}" for name, number in value.items())
        lines.append(f"{key:24} {value}")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
