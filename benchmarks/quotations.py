"""How well quotations are found, and how often the right speaker is named.

    python -m benchmarks.quotations [--json]            articles of our own, by language
    python -m benchmarks.quotations --polnear DIR       networkdynamics/PolNeAR
    python -m benchmarks.quotations --litbank DIR       dbamman/litbank
    python -m benchmarks.quotations --adaq DIR          pixelmagenta/adaq

benchmarks/data/quotations/LANGUAGE.xml has articles with everything in quotation marks, or
after a dash, marked: d is direct speech (by: who says it; none: the text names nobody), f a
quoted fragment, t a title, n what is quoted within speech. Detection is of d: found is what
is called direct from the same first to the same last word. A speaker is right when the last
word of the name agrees; where the text names nobody, when none is named. Every third article
was not looked at while the rules were made: the table has it apart.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from lxml.html import HtmlElement, html_parser

from audiostory.narration.annotate import annotate

DATA = Path(__file__).parent / "data" / "quotations"
KINDS = {"d": "direct", "f": "fragment", "t": "title", "n": "nested"}
_HELD_BACK = 3  # every third article


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation in a paragraph, from its first to its last letter or digit."""

    start: int
    end: int
    kind: str
    speaker: str | None = None


@dataclass(slots=True)
class Count:
    """What was found of what is there. kinds: of fragments, titles and nested ones alone."""

    right: int = 0
    found: int = 0
    there: int = 0
    named: int = 0
    kinds_right: int = 0
    kinds: int = 0

    def add(self, other: Count) -> None:
        """Add another count."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def scores(self) -> dict[str, float]:
        """Precision, recall and F1 of direct speech; the share of it with the right speaker."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.right / self.there if self.there else 0.0
        both = precision + recall
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / both if both else 0.0, 4),
            "attribution": round(self.named / self.there if self.there else 0.0, 4),
        }


def main() -> int:
    """Score our own articles, or a corpus, and print a table or one JSON object."""
    parser = argparse.ArgumentParser(description="Score quotations and their speakers.")
    corpus = parser.add_mutually_exclusive_group()
    for name in ("polnear", "litbank", "adaq"):
        corpus.add_argument(f"--{name}", type=Path, metavar="DIR", help=f"score {name} instead")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--wrong", action="store_true", help="print what is wrong too")
    arguments = parser.parse_args()
    for name in ("polnear", "litbank", "adaq"):
        if folder := getattr(arguments, name):
            from benchmarks import quotation_corpora

            print(json.dumps(getattr(quotation_corpora, f"score_{name}")(folder), indent=2))
            return 0
    counts = {path.stem: score(path, arguments.wrong) for path in sorted(DATA.glob("*.xml"))}
    if arguments.json:
        print(json.dumps({language: _sum(c).scores() for language, c in counts.items()}))
    else:
        print(_table(counts))
    return 0


def score(path: Path, wrong: bool = False) -> tuple[Count, Count]:
    """What was found in a language's articles: those looked at, and those held back."""
    counts = Count(), Count()
    language = path.stem
    for number, article in enumerate(etree.parse(path).getroot().iter("article"), 1):
        count = counts[number % _HELD_BACK == 0]
        body = _annotated(article, language)
        for gold, block in zip(article, body, strict=True):
            marked, told = list(_gold(gold)), list(_told(block))
            if "".join(gold.itertext()) != "".join(block.itertext()):
                raise ValueError(f"text was changed: {''.join(block.itertext())}")
            count.add(_compared(marked, told))
            if wrong:
                _say(marked, told, "".join(gold.itertext()))
    return counts


def _annotated(article: etree._Element, language: str) -> HtmlElement:
    body = html_parser.makeelement("article")
    for number, block in enumerate(article):
        element = etree.SubElement(body, block.tag, {"id": f"b-{number}"})
        element.text = "".join(block.itertext())
    return annotate(body, language)


def _gold(block: etree._Element) -> Iterator[Found]:
    for element, start, end in _stretches(block):
        if element.tag in KINDS:
            yield Found(start, end, KINDS[element.tag], element.get("by"))


def _told(block: etree._Element) -> Iterator[Found]:
    for element, start, end in _stretches(block):
        if element.tag == "q":
            yield Found(start, end, element.get("class", ""), element.get("data-speaker"))


def _stretches(block: etree._Element) -> Iterator[tuple[etree._Element, int, int]]:
    """Each element with where its first letter or digit is, and its last ends."""
    at = 0
    starts: dict[etree._Element, int] = {}
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            starts[element] = at
            at += len(element.text or "")
            continue
        text = "".join(element.itertext())
        letters = [index for index, letter in enumerate(text) if letter.isalnum()]
        if letters:
            yield element, starts[element] + letters[0], starts[element] + letters[-1] + 1
        at += len(element.tail or "") if element is not block else 0


def _compared(marked: Sequence[Found], told: Sequence[Found]) -> Count:
    there = {(f.start, f.end): f for f in marked if f.kind == "direct"}
    found = {(f.start, f.end): f for f in told if f.kind == "direct"}
    others = {(f.start, f.end, f.kind) for f in told}
    right = there.keys() & found.keys()
    return Count(
        right=len(right),
        found=len(found),
        there=len(there),
        named=sum(_same_name(there[key].speaker, found[key].speaker) for key in right),
        kinds_right=sum((f.start, f.end, f.kind) in others for f in marked if f.kind != "direct"),
        kinds=sum(f.kind != "direct" for f in marked),
    )


def _same_name(name: str | None, told: str | None) -> bool:
    if not name or not told:
        return not name and not told
    return name.split()[-1].casefold() == told.split()[-1].casefold()


def _say(marked: Sequence[Found], told: Sequence[Found], text: str) -> None:
    ours = {(f.start, f.end, f.kind) for f in told}
    theirs = {(f.start, f.end, f.kind) for f in marked}
    for sign, only in (("-", theirs - ours), ("+", ours - theirs)):
        for start, end, kind in sorted(only):
            print(f"{sign} {kind}: {text[start:end]}  ({text})", file=sys.stderr)


def _sum(counts: Sequence[Count]) -> Count:
    total = Count()
    for count in counts:
        total.add(count)
    return total


def _table(counts: dict[str, tuple[Count, Count]]) -> str:
    lines = ["| language | direct | precision | recall | F1 | attribution | other kinds |"]
    lines.append("|---" * 7 + "|")
    for language, (seen, held_back) in counts.items():
        for name, count in ((language, _sum((seen, held_back))), ("held back", held_back)):
            numbers = " | ".join(f"{value:.3f}" for value in count.scores().values())
            kinds = f"{count.kinds_right} of {count.kinds}"
            lines.append(f"| {name} | {count.there} | {numbers} | {kinds} |")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
