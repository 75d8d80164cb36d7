"""What is put right in a body once it is written: images, attributions, empty blocks, ids."""

from __future__ import annotations

import hashlib
import re
from itertools import takewhile

from lxml.html import HtmlElement

from audiostory.model import Omission
from audiostory.reading import vocabulary as known
from audiostory.reading.bylines import settle_bylines
from audiostory.reading.furniture import page_words
from audiostory.reading.tree import folded, has_words

_WORD = re.compile(r"\w+")
_FEWEST = 4  # words of a description that can be told from another
_NEARLY = 0.75
_DASH = re.compile(r"\s*(?:[—–―]|--)\s*\w[^\n]{0,150}$")


def finish(body: HtmlElement, language: str) -> list[Omission]:
    """Put a body right, in place; what that leaves out is handed back."""
    settle_bylines(body, page_words(language))
    repeated = _repeated_alts(body)
    captions = _repeated_captions(body)
    _find_attributions(body)
    _frame_images(body)
    repeated += _listed_captions(body)
    drop_empty(body)
    give_ids(body)
    reason = "the caption says the same as the image's description"
    alts = [Omission(alt, reason, image.get("id")) for image, alt in repeated]
    return alts + [Omission(text, "caption repeated", end_of(f)) for f, text in captions]


def end_of(block: HtmlElement) -> str | None:
    """The id of what is read last in a block: of a figure its picture's or its caption's."""
    inner = [block, *block] if block.tag == "figure" else [block]
    return next((e.get("id") for e in reversed(inner) if e.get("id")), None)


def _repeated_alts(body: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """An image's description that its caption says too is said once."""
    found: list[tuple[HtmlElement, str]] = []
    for figure in body.iter("figure"):
        caption = folded(" ".join("".join(c.itertext()) for c in figure.iter("figcaption")))
        for image in figure.iter("img"):
            alt = image.get("alt") or ""
            said = re.escape(folded(alt).casefold().rstrip("."))
            if has_words(alt) and re.search(rf"(?<!\w){said}(?!\w)", caption.casefold()):
                found.append((image, alt))
                image.set("alt", "")
    return found


def _listed_captions(body: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """A list of one item below pictures that says what they show is their caption.

    What it says nearly as their descriptions do is said once.
    """
    found: list[tuple[HtmlElement, str]] = []
    for list_ in [e for e in body.iter("ul") if len(e) == 1]:
        line = list_[0][0] if len(list_[0]) == 1 and list_[0][0].tag == "p" else list_[0]
        if line.tag == "li" and any(e.tag in known.BLOCKS for e in line.iterdescendants()):
            continue
        caption = set(_WORD.findall("".join(line.itertext()).casefold()))
        pictures = takewhile(_is_bare_picture, list_.itersiblings(preceding=True))
        images = [image for picture in pictures for image in picture.iter("img")]
        alike = [image for image in images if _is_said(image.get("alt") or "", caption)]
        if not alike:
            continue
        line.tag = "p"
        line.set("class", "caption")
        list_.getparent().replace(list_, line)  # type: ignore[union-attr]
        for image in alike:
            found.append((image, image.get("alt") or ""))
            image.set("alt", "")
    return found


def _is_bare_picture(element: HtmlElement) -> bool:
    return element.tag in ("figure", "img") and next(element.iter("figcaption"), None) is None


def _is_said(alt: str, caption: set[str]) -> bool:
    """Whether nearly all words of a description are a caption's."""
    words = _WORD.findall(alt.casefold())
    return len(words) >= _FEWEST and sum(w in caption for w in words) >= _NEARLY * len(words)


def _repeated_captions(body: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """A figure's caption that another of its captions says too is said once."""
    found: list[tuple[HtmlElement, str]] = []
    for figure in body.iter("figure"):
        captions = [(c, folded("".join(c.itertext()))) for c in figure.iter("figcaption")]
        captions.sort(key=lambda caption: -len(caption[1]))
        kept: list[str] = []
        for element, text in captions:
            if text and any(text.casefold() in other.casefold() for other in kept):
                found.append((figure, text))
                element.getparent().remove(element)  # type: ignore[union-attr]
            kept.append(text)
    return found


def _find_attributions(body: HtmlElement) -> None:
    """The last line of a quotation says whose it is: with a dash before it, or as a cite."""
    for quotation in body.iter("blockquote"):
        lines = [p for p in quotation if p.tag == "p"]
        signed = [p for p in lines if _DASH.match("".join(p.itertext())) or _is_cite(p)]
        if len(lines) > 1 and signed == lines[-1:] and not signed[0].get("class"):
            signed[0].set("class", "attribution")
        if len(lines) > 1 and lines[-1].get("class") == "attribution":
            _move_dash(lines[-2], lines[-1])


def _move_dash(above: HtmlElement, attribution: HtmlElement) -> None:
    """A dash that a quotation ends with belongs to its author's line."""
    last = above[-1] if len(above) else None
    text = (above.text if last is None else last.tail) or ""
    kept = text.rstrip()
    if not kept.endswith(("—", "–", "―")):
        return
    if last is None:
        above.text = kept[:-1].rstrip()
    else:
        last.tail = kept[:-1].rstrip()
    attribution.text = f"{kept[-1]} {attribution.text or ''}"


def _is_cite(paragraph: HtmlElement) -> bool:
    """Whether a paragraph is nothing but a <cite>."""
    text = "".join(paragraph.itertext())
    return any(folded("".join(cite.itertext())) == folded(text) for cite in paragraph.iter("cite"))


def _frame_images(body: HtmlElement) -> None:
    """A paragraph of nothing but an image is a figure."""
    for paragraph in [p for p in body.iter("p") if len(p) == 1 and p[0].tag == "img"]:
        if (paragraph.text or "").strip() or (paragraph[0].tail or "").strip():
            continue
        parent = paragraph.getparent()
        if parent is not None and parent.tag == "figure":
            parent.replace(paragraph, paragraph[0])
        else:
            paragraph.tag = "figure"


def drop_empty(body: HtmlElement) -> None:
    """Remove blocks without text or image, from the inside out, and white space at edges."""
    for element in list(body.iter())[::-1]:
        if element is body or element.tag in ("hr", "br", "img"):
            continue
        text = "".join(element.itertext())
        empty = all(child.tag == "br" and not child.get("style") for child in element)
        empty = empty and not has_words(text)
        if empty and element.tag in known.BLOCKS - {"td", "th"}:
            if text.strip() and element.tag in ("p", "li"):
                continue  # a mark alone, such as an ornament: harmless
            element.getparent().remove(element)  # type: ignore[union-attr]
        elif element.tag in known.LEAVES | known.MIXED and element.tag != "pre":
            _strip_edges(element)


def _strip_edges(element: HtmlElement) -> None:
    element.text = (element.text or "").lstrip() or None
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() or None
    elif element.text:
        element.text = element.text.rstrip()


def _pictured(element: HtmlElement) -> str:
    images = element.iter("img")
    return " ".join(image.get("alt") or image.get("src") or "" for image in images)


def give_ids(body: HtmlElement) -> None:
    """Ids out of each block's own content: they stay when other parts of the article change."""
    used: dict[str, int] = {}
    for element in body.iter():
        if _has_id(element):
            name = _name_of(element)
            used[name] = used.get(name, 0) + 1
            element.set("id", name if used[name] == 1 else f"{name}-{used[name]}")
    body.set("id", "article")


def complete_ids(body: HtmlElement) -> None:
    """Ids for the blocks that have none; of two that are the same the later one is new."""
    taken = {"article"}
    without: list[HtmlElement] = []
    body.attrib.pop("id", None)
    for element in body.iter():
        name = element.get("id")
        if name and name not in taken:
            taken.add(name)
        else:
            element.attrib.pop("id", None)
            without += [element] if _has_id(element) else []
    numbers: dict[str, int] = {}
    for element in without:
        name = own = _name_of(element)
        while own in taken:
            numbers[name] = numbers.get(name, 1) + 1
            own = f"{name}-{numbers[name]}"
        taken.add(own)
        element.set("id", own)
    body.set("id", "article")


def _has_id(element: HtmlElement) -> bool:
    return element.tag in known.BLOCKS or element.tag == "img"


def _name_of(element: HtmlElement) -> str:
    content = folded("".join(element.itertext())) or _pictured(element)
    digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{element.tag!s}-{digest}"
