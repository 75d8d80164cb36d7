"""The one door into the vocabulary: any HTML tree becomes an article's clean body.

A body is written anew, element by element: nothing gets in that is not of the vocabulary, and
text always has a block of its own. What is left out is handed back as omissions, so that every
word of the tree is in the body or among them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement, html_parser

from audiostory.model import Omission
from audiostory.reading import vocabulary as known
from audiostory.reading.decode import printable

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]")
_DEEPEST = 24  # blocks in blocks, markup in markup; what is deeper is written at that depth
_DASH = re.compile(r"\s*(?:[—–―]|--)\s*\w[^\n]{0,150}$")
_LONGEST = 12_000  # characters in a paragraph, some twelve minutes: memory stays bounded
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)\]]*(?:\s+|(?<=[。！？]))")
_QUOTES = "“”"

# What to do with an element: None (keep), or why it is left out.
Judge = Callable[[HtmlElement], str | None]
# The class that an element gives to the text in it, or None.
Classify = Callable[[HtmlElement], str | None]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A body (an <article>) and what was left out of it, in reading order."""

    body: HtmlElement
    omissions: tuple[Omission, ...]


def clean(root: HtmlElement, judge: Judge, classify: Classify) -> Cleaned:
    """Write the body of a tree. judge says what is left out, classify gives text its class."""
    writer = _Writer()
    omissions: list[Omission] = []
    for event, element, text in _walk(root, judge, omissions):
        if event == "text":
            writer.text(text)
        elif event == "start":
            writer.start(element, classify(element))
        else:
            writer.end(element)
    body = writer.body
    omissions += _repeated_alts(body)
    _find_attributions(body)
    _frame_images(body)
    _drop_empty(body)
    _give_ids(body)
    return Cleaned(body, tuple(omissions))


def folded(text: str) -> str:
    """A text with white space folded."""
    return _SPACE.sub(" ", text).strip()


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in a text."""
    return _WORD.search(text) is not None


def visible_text(element: HtmlElement) -> str:
    """All that is read in an element, alt texts included, with spaces between blocks."""
    parts: list[str] = []
    for event, inner in _shown(element):
        tag = str(inner.tag)
        inline = known.RENAMED.get(tag, tag) in known.INLINE or tag == "q"
        if event == "start":
            parts += [_before(inner) if inline else " ", (inner.text or "")]
            parts += [f" {inner.get('alt') or ''} "] if tag == "img" else []
        else:
            parts += ["”"] if tag == "q" else []
            parts += ["" if inline else " ", (inner.tail or "") if inner is not element else ""]
    return folded("".join(parts))


def _before(element: HtmlElement) -> str:
    """What parts inline elements from what is before: links side by side are two things."""
    if element.tag == "q":
        return _QUOTES[0]
    previous = element.getprevious()
    beside = element.tag == "a" and previous is not None and not previous.tail
    return " " if beside else ""


def _shown(element: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Start and end of each element in one that shows; of a silent one only its end."""
    stack: list[tuple[HtmlElement, Iterator[HtmlElement]]] = [(element, iter(element))]
    yield "start", element
    while stack:
        child = next(stack[-1][1], None)
        if child is None:
            yield "end", stack.pop()[0]
        elif not isinstance(child.tag, str) or child.tag in known.SILENT:
            yield "end", child
        else:
            yield "start", child
            stack.append((child, iter(child)))


def _walk(
    root: HtmlElement, judge: Judge, omissions: list[Omission]
) -> Iterator[tuple[str, HtmlElement, str]]:
    """The elements to keep and their text, in order; what judge leaves out is noted."""
    yield "start", root, ""
    yield "text", root, root.text or ""
    stack: list[tuple[HtmlElement, Iterator[HtmlElement]]] = [(root, iter(root))]
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element, ""
            if stack:
                yield "text", element, element.tail or ""
            continue
        reason = judge(child) if isinstance(child.tag, str) else None
        silent = not isinstance(child.tag, str) or child.tag in known.SILENT
        if silent or reason or _is_back_link(child):
            if reason and has_words(text := visible_text(child)):
                omissions.append(Omission(text, reason))
            yield "text", child, _gap(child) + (child.tail or "")
            continue
        yield "start", child, ""
        if child.text:
            yield "text", child, child.text
        stack.append((child, iter(child)))


def _is_back_link(element: HtmlElement) -> bool:
    """The arrow after a note that leads back to where it belongs."""
    to_page = element.tag == "a" and (element.get("href") or "").startswith("#")
    return to_page and not len(element) and not has_words(element.text or "")


def _gap(element: HtmlElement) -> str:
    """What parts the words around something left out: in a sentence nothing, else a space."""
    unseen = ("script", "style", "template", "wbr")
    inline = not isinstance(element.tag, str) or element.tag in known.INLINE
    return "" if inline or element.tag in unseen else " "


# --- writing --------------------------------------------------------------------------------


class _Writer:
    """Writes a body: opens and closes blocks and inline markup as the source asks."""

    def __init__(self) -> None:
        self.body = _element("article")
        self._blocks: list[tuple[HtmlElement | None, HtmlElement]] = [(None, self.body)]
        self._leaf: HtmlElement | None = None  # where text goes now
        self._leaf_source: HtmlElement | None = None
        self._inline: list[HtmlElement] = []  # source elements open around the text
        self._written: list[tuple[HtmlElement, HtmlElement]] = []  # of these, in this leaf
        self._length = 0  # characters in this leaf
        self._classes: list[tuple[HtmlElement, str]] = []

    def start(self, element: HtmlElement, class_: str | None) -> None:
        """A source element begins."""
        tag = known.RENAMED.get(str(element.tag), str(element.tag))
        if class_:
            self._classes.append((element, class_))
        if tag in known.BLOCKS or tag in known.DIVISIONS:
            self._start_block(element, tag)
        elif tag == "img":
            self._image(element)
        elif tag == "br":
            self._break(element)
        elif tag == "q":
            self._put(_QUOTES[0])
        elif tag in known.INLINE and len(self._inline) < _DEEPEST and not _is_around(element):
            self._inline.append(element)

    def end(self, element: HtmlElement) -> None:
        """A source element ends."""
        tag = known.RENAMED.get(str(element.tag), str(element.tag))
        if tag == "q":
            self._put(_QUOTES[1])
        elif self._inline and self._inline[-1] is element:
            self._inline.pop()
            del self._written[len(self._inline) :]
        elif tag in known.BLOCKS or tag in known.DIVISIONS:
            self._end_block(element)
        if self._classes and self._classes[-1][0] is element:
            self._classes.pop()

    def text(self, text: str) -> None:
        """Text of the source: white space is folded, but for preformatted text."""
        if self._leaf is None and not text.strip():
            return
        keep = self._leaf is not None and self._leaf.tag == "pre"
        text = text.replace("\x0c", "\n")
        self._put(printable(text if keep else _SPACE.sub(" ", text)))

    def _start_block(self, element: HtmlElement, tag: str) -> None:
        if self._leaf_source is not None:
            self._put(" ")  # a block in a block of text is text of it
            return
        self._close_leaf()
        if tag in known.DIVISIONS or len(self._blocks) > _DEEPEST:
            return
        if tag in known.LEAVES or (tag in known.MIXED and not _has_blocks(element)):
            self._open_leaf(tag, element)
        elif tag == "hr":
            self._blocks[-1][1].append(_element("hr"))
        else:
            block = _copy(element, tag)
            self._mark(block)
            self._parent_for(tag).append(block)
            self._blocks.append((element, block))

    def _end_block(self, element: HtmlElement) -> None:
        if self._leaf_source is not None:
            if self._leaf_source is element:
                self._close_leaf()
            else:
                self._put(" ")
            return
        self._close_leaf()
        if self._blocks[-1][0] is element:
            self._blocks.pop()

    def _open_leaf(self, tag: str, source: HtmlElement | None) -> None:
        leaf = _copy(source, tag) if source is not None else _element(tag)
        self._mark(leaf)
        self._parent_for(tag).append(leaf)
        self._leaf, self._leaf_source, self._written, self._length = leaf, source, [], 0

    def _close_leaf(self) -> None:
        self._leaf = self._leaf_source = None
        self._written, self._length = [], 0

    def _parent_for(self, tag: str) -> HtmlElement:
        """The block to write in: a list, a table or a row holds nothing but its own parts."""
        parent = self._blocks[-1][1]
        wants = {"ul": "li", "ol": "li", "table": "tr", "tr": "td"}.get(str(parent.tag))
        own = {"tr": ("tr", "caption"), "td": ("td", "th"), "li": ("li",)}.get(wants or "", ())
        if wants is None or tag in own:
            return parent
        item = _element(wants)
        parent.append(item)
        return item if wants != "tr" else self._cell_of(item)

    def _cell_of(self, row: HtmlElement) -> HtmlElement:
        cell = _element("td")
        row.append(cell)
        return cell

    def _mark(self, block: HtmlElement) -> None:
        if self._classes and block.tag in ("p", "li", "ol", "ul", "aside"):
            block.set("class", self._classes[-1][1])

    def _put(self, text: str) -> None:
        """Write text; a paragraph that would be very long goes on in another one."""
        while len(text) > (room := _LONGEST - self._length) and self._may_divide():
            cut = _cut(text, max(0, room))
            if cut >= len(text):
                break
            self._append(text[:cut])
            tag, source = str(self._leaf.tag) if self._leaf is not None else "p", self._leaf_source
            self._close_leaf()
            self._open_leaf(tag, None)
            self._leaf_source = source
            text = text[cut:].lstrip(" ")
        self._append(text)

    def _may_divide(self) -> bool:
        return self._leaf is None or self._leaf.tag in ("p", "pre")

    def _append(self, text: str) -> None:
        if not text:
            return
        if self._leaf is None:
            if not text.strip():
                return
            self._open_leaf("p", None)
            text = text.lstrip()
        self._length += len(text)
        here = self._here()
        if len(here):
            here[-1].tail = (here[-1].tail or "") + text
        else:
            here.text = (here.text or "") + text

    def _here(self) -> HtmlElement:
        """The element that text goes to: the leaf, or the inline markup that is open in it."""
        assert self._leaf is not None
        for source in self._inline[len(self._written) :]:
            tag = known.RENAMED.get(str(source.tag), str(source.tag))
            copy = _copy(source, tag)
            (self._written[-1][1] if self._written else self._leaf).append(copy)
            self._written.append((source, copy))
        return self._written[-1][1] if self._written else self._leaf

    def _image(self, element: HtmlElement) -> None:
        alt = printable(folded(element.get("alt") or ""))
        in_figure = any(block.tag == "figure" for _, block in self._blocks)
        if not has_words(alt) and not in_figure:
            return
        image = _copy(element, "img")
        image.set("alt", alt)
        if self._leaf is not None:
            self._here().append(image)
        else:
            self._parent_for("img").append(image)

    def _break(self, element: HtmlElement) -> None:
        """One line break is a break; two are the end of a paragraph."""
        if self._leaf is None:
            return
        if self._leaf.tag == "pre":
            self._put("\n")
        elif self._leaf.tag == "p" and _is_doubled(element):
            source = self._leaf_source
            self._close_leaf()
            self._open_leaf("p", None)
            self._leaf_source = source
        elif len(self._leaf) or self._leaf.text:
            self._here().append(_element("br"))


def _cut(text: str, start: int) -> int:
    """Where to divide a long text: after a sentence, or else after a word, or else anywhere."""
    for pattern, end in ((_SENTENCE_END, start + _LONGEST // 2), (_SPACE, start + _LONGEST)):
        if found := pattern.search(text, start, end):
            return found.end()
    return start + _LONGEST


def _is_doubled(element: HtmlElement) -> bool:
    following = element.getnext()
    is_break = following is not None and following.tag == "br"
    return is_break and not (element.tail or "").strip()


def _is_around(element: HtmlElement) -> bool:
    """Whether a link is around blocks: around a whole story, or left open."""
    return element.tag == "a" and _has_blocks(element)


def _has_blocks(element: HtmlElement) -> bool:
    return any(
        isinstance(inner.tag, str) and (known.RENAMED.get(inner.tag, inner.tag) in known.BLOCKS)
        for inner in element.iterdescendants()
    )


def _copy(source: HtmlElement, tag: str) -> HtmlElement:
    element = _element(tag)
    allowed = known.ATTRIBUTES.get(tag, frozenset())
    for name, value in source.attrib.items():
        if name in allowed and (name not in ("href", "src", "cite") or _is_safe(tag, value)):
            element.set(name, printable(folded(value)))
    lang = source.get("lang") or source.get("{http://www.w3.org/XML/1998/namespace}lang")
    if lang:
        element.set("lang", lang)
    return element


def _is_safe(tag: str, url: str) -> bool:
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return False
    return scheme in known.SCHEMES or (tag == "img" and scheme == "data")


def _element(tag: str) -> HtmlElement:
    element = html_parser.makeelement(tag)
    assert isinstance(element, etree._Element)
    return element


# --- after the writing ----------------------------------------------------------------------


def _repeated_alts(body: HtmlElement) -> list[Omission]:
    """An image's description that its caption says too is said once."""
    found: list[Omission] = []
    for figure in body.iter("figure"):
        caption = folded(" ".join("".join(c.itertext()) for c in figure.iter("figcaption")))
        for image in figure.iter("img"):
            alt = image.get("alt") or ""
            if has_words(alt) and folded(alt).casefold().rstrip(".") in caption.casefold():
                found.append(Omission(alt, "the caption says the same as the image's description"))
                image.set("alt", "")
    return found


def _find_attributions(body: HtmlElement) -> None:
    """The last line of a quotation says whose it is: with a dash before it, or as a cite."""
    for quotation in body.iter("blockquote"):
        lines = [p for p in quotation if p.tag == "p"]
        signed = [p for p in lines if _DASH.match("".join(p.itertext())) or _is_cite(p)]
        if len(lines) > 1 and signed == lines[-1:] and not signed[0].get("class"):
            signed[0].set("class", "attribution")


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


def _drop_empty(body: HtmlElement) -> None:
    """Remove blocks without text or image, from the inside out, and white space at edges."""
    for element in list(body.iter())[::-1]:
        if element is body or element.tag in ("hr", "br", "img"):
            continue
        empty = not len(element) and not has_words(element.text or "")
        if empty and element.tag in known.BLOCKS - {"td", "th"}:
            if (element.text or "").strip() and element.tag in ("p", "li"):
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


def _give_ids(body: HtmlElement) -> None:
    """Ids out of each block's own content: they stay when other parts of the article change."""
    used: dict[str, int] = {}
    for element in body.iter():
        if element.tag in known.BLOCKS or element.tag == "img":
            content = folded("".join(element.itertext())) or _pictured(element)
            digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:6]
            name = f"{element.tag}-{digest}"
            used[name] = used.get(name, 0) + 1
            element.set("id", name if used[name] == 1 else f"{name}-{used[name]}")
    body.set("id", "article")
