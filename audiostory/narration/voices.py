"""Write into the annotated tree who says what: data-speaker, data-voice and data-gender.

    <q class="direct" data-speaker="Anna Weiss" data-voice="2" data-gender="female">…

Only where the attribution is sure. Voices are numbered 1, 2, 3 … in the order in which their
speakers first appear, so that a stylesheet can give the second one another voice. data-gender
("female" or "male") stands only where the text or a first name surely says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree
from lxml.html import HtmlElement

from audiostory.narration.genders import Told, gender_of_name
from audiostory.narration.quotations import Quotation
from audiostory.narration.speakers import Attribution, Block, attribute_blocks

Annotated = tuple[HtmlElement, str, Sequence[Quotation]]


def set_speakers(annotated: Sequence[Annotated], language: str) -> None:
    """Set the speakers of an article's quotations.

    annotated: its blocks in reading order, each with its text as quotations were sought in
    it. language: BCP 47.
    """
    numbers: dict[HtmlElement, int] = {}
    blocks = [_block(*each, numbers) for each in annotated]
    found = attribute_blocks(blocks, language)
    voices: dict[str, int] = {}
    blockquotes = {number: element for element, number in numbers.items()}
    for (element, _, quotations), block, said in zip(
        annotated, blocks, found.quotations, strict=True
    ):
        if block.blockquote in blockquotes and block.blockquote in found.blockquotes:
            quoted = blockquotes.pop(block.blockquote)
            _set_speaker(quoted, found.blockquotes[block.blockquote], voices, found.genders)
        if any(said):
            spoken = dict(_elements(element, quotations))
            for index, attribution in enumerate(said):
                if attribution is not None and index in spoken:
                    _set_speaker(spoken[index], attribution, voices, found.genders)


def number_voices(body: HtmlElement, language: str) -> None:
    """Number the voices anew, where a producer has named speakers: in the order of the text.

    What a name itself says of the gender goes before what is written. language: BCP 47.
    """
    voices: dict[str, int] = {}
    for element in body.iter("q", "blockquote"):
        speaker = element.get("data-speaker")
        gender: str | None = gender_of_name(speaker, language) if speaker else None
        if gender is None and element.get("data-gender") in ("female", "male"):
            gender = element.get("data-gender")
        if gender is not None:
            element.set("data-gender", gender)
        elif "data-gender" in element.attrib:
            del element.attrib["data-gender"]
        if speaker:
            element.set("data-voice", str(voices.setdefault(speaker, len(voices) + 1)))


def _block(
    element: HtmlElement,
    text: str,
    quotations: Sequence[Quotation],
    numbers: dict[HtmlElement, int],
) -> Block:
    quoted = next(element.iterancestors("blockquote"), None)
    if quoted is None:
        return Block(text, quotations)
    within = (element, *element.iterancestors())
    signs = any("attribution" in (each.get("class") or "").split() for each in within)
    return Block(text, quotations, numbers.setdefault(quoted, len(numbers)), signs)


def _elements(
    block: HtmlElement, quotations: Sequence[Quotation]
) -> Iterator[tuple[int, HtmlElement]]:
    """The direct quotations of a block, by their place among all, and their elements."""
    starts = {q.start: index for index, q in enumerate(quotations) if q.kind == "direct"}
    at = 0
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            if element.tag == "q" and element.get("class") == "direct" and at in starts:
                yield starts[at], element
            at += 1 if element.tag == "br" else len(element.text or "")
        elif element is not block:
            at += len(element.tail or "")


def _set_speaker(
    element: HtmlElement, found: Attribution, voices: dict[str, int], genders: dict[str, Told]
) -> None:
    if found.is_sure:
        element.set("data-speaker", found.speaker)
        element.set("data-voice", str(voices.setdefault(found.speaker, len(voices) + 1)))
        if gender := genders.get(found.speaker):
            element.set("data-gender", gender)
