"""The writing of an article's body: it is opened and closed as the source asks.

Nothing gets in that is not of the vocabulary, and text always has a block of its own.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from audiostory.reading import language as languages
from audiostory.reading import vocabulary as known
from audiostory.reading.decode import printable
from audiostory.reading.tree import QUOTES, folded, has_words, new_element, squeezed

# Around a quotation, and around one in it; in deeper ones they take turns.
_MARKS = {
    "de": ("„“", "‚‘"),
    "es": ("«»", "“”"),
    "fr": ("«»", "“”"),
    "it": ("«»", "“”"),
    "ru": ("«»", "„“"),
    "uk": ("«»", "„“"),
}
_DEEPEST = 24  # blocks in blocks, markup in markup; what is deeper is written at that depth
_LONGEST = 12_000  # characters in a paragraph, some twelve minutes: memory stays bounded
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)\]]*(?:\s+|(?<=[。！？]))")


class BodyWriter:
    """Writes a body: opens and closes blocks and inline markup as the source asks.

    annotated: the source is a producer's script: its quotations and utterances are marked, and
    how they are said; all that is kept as it is.
    """

    def __init__(self, language: str, *, annotated: bool = False) -> None:
        self._annotated = annotated
        self._longest = _LONGEST * (2 if annotated else 1)  # a source's may be half as long again
        self._deepest = _DEEPEST * (2 if annotated else 1)  # quotations and utterances go around
        self._quotes = _MARKS.get(language.split("-")[0].lower(), (QUOTES, "‘’"))
        self._quoted = 0  # quotations open around the text
        self._body = new_element("article")
        self._blocks: list[tuple[HtmlElement | None, HtmlElement]] = [(None, self._body)]
        self._leaf: HtmlElement | None = None  # where text goes now
        self._leaf_source: HtmlElement | None = None
        self._inline: list[HtmlElement] = []  # source elements open around the text
        self._written: list[tuple[HtmlElement, HtmlElement]] = []  # of these, in this leaf
        self._length = 0  # characters in this leaf
        self._pending: list[str] = []  # text not yet written: a node's grows by copying it all
        self._pending_in = self._body
        self._classes: list[tuple[HtmlElement, str]] = []
        self.leaves: list[HtmlElement] = []  # blocks that were written, in order

    @property
    def body(self) -> HtmlElement:
        """What is written so far."""
        self._flush()
        return self._body

    @property
    def begun(self) -> int:
        """How many blocks of text were begun; one without text so far does not count."""
        leaf = self._leaf
        if leaf is None or next(leaf.iter("img"), None) is not None:
            return len(self.leaves)
        written = any(text.strip() for text in (*leaf.itertext(), *self._pending))
        return len(self.leaves) - (not written)

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
        elif tag == "q" and not self._annotated:
            self._put(self._quotes[self._quoted % 2][0])
            self._quoted += 1
        elif self._is_inline(tag) and len(self._inline) < self._deepest and not _is_around(element):
            if tag == "cite" and class_:
                self._start_line()
            self._inline.append(element)

    def end(self, element: HtmlElement) -> None:
        """A source element ends."""
        tag = known.RENAMED.get(str(element.tag), str(element.tag))
        if tag == "q" and not self._annotated:
            self._quoted -= 1
            self._put(self._quotes[self._quoted % 2][1])
        elif self._inline and self._inline[-1] is element:
            if self._annotated and element.get("style"):
                self._here()  # it may be a break, which has no text
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
        self._put(printable(text if keep else squeezed(text)))

    def _is_inline(self, tag: str) -> bool:
        return tag in known.INLINE or (tag == "q" and self._annotated)

    def _copy(self, source: HtmlElement, tag: str) -> HtmlElement:
        copy = _copy(source, tag)
        if self._annotated:
            for name, value in source.attrib.items():
                if name in known.SCRIPT_ATTRIBUTES:
                    copy.set(name, printable(folded(value)))
        return copy

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
            self._blocks[-1][1].append(self._copy(element, "hr"))
        else:
            block = self._copy(element, tag)
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
        leaf = self._copy(source, tag) if source is not None else new_element(tag)
        self._mark(leaf)
        self._parent_for(tag).append(leaf)
        self._leaf, self._leaf_source, self._written, self._length = leaf, source, [], 0
        self.leaves.append(leaf)

    def _close_leaf(self) -> None:
        self._flush()
        self._leaf = self._leaf_source = None
        self._written, self._length = [], 0

    def _parent_for(self, tag: str) -> HtmlElement:
        """The block to write in: a list, a table or a row holds nothing but its own parts."""
        parent = self._blocks[-1][1]
        wants = {"ul": "li", "ol": "li", "table": "tr", "tr": "td"}.get(str(parent.tag))
        own = {"tr": ("tr", "caption"), "td": ("td", "th"), "li": ("li",)}.get(wants or "", ())
        if wants is None or tag in own:
            return parent
        item = new_element(wants)
        parent.append(item)
        return item if wants != "tr" else self._cell_of(item)

    def _cell_of(self, row: HtmlElement) -> HtmlElement:
        cell = new_element("td")
        row.append(cell)
        return cell

    def _mark(self, block: HtmlElement) -> None:
        if self._classes and block.tag in ("p", "li", "ol", "ul", "aside"):
            block.set("class", self._classes[-1][1])

    def _put(self, text: str) -> None:
        """Write text; a paragraph that would be very long goes on in another one."""
        while len(text) > (room := self._longest - self._length) and self._may_divide():
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
        if here is not self._pending_in:
            self._flush()
            self._pending_in = here
        self._pending.append(text)

    def _flush(self) -> None:
        """Write the text that waits, before anything is put after it."""
        text, here = "".join(self._pending), self._pending_in
        self._pending.clear()
        if not text:
            return
        if (last := _last(here)) is not None:
            last.tail = (last.tail or "") + text
        else:
            here.text = (here.text or "") + text

    def _here(self) -> HtmlElement:
        """The element that text goes to: the leaf, or the inline markup that is open in it."""
        if self._leaf is None:
            self._open_leaf("p", None)
        assert self._leaf is not None
        for source in self._inline[len(self._written) :]:
            tag = known.RENAMED.get(str(source.tag), str(source.tag))
            copy = self._copy(source, tag)
            self._flush()
            (self._written[-1][1] if self._written else self._leaf).append(copy)
            self._written.append((source, copy))
        return self._written[-1][1] if self._written else self._leaf

    def _start_line(self) -> None:
        """What has a class of its own is a paragraph of its own: a quotation's author."""
        if self._leaf is None or self._leaf.tag != "p":
            return
        if any(text.strip() for text in (*self._leaf.itertext(), *self._pending)):
            source = self._leaf_source
            self._close_leaf()
            self._open_leaf("p", None)
            self._leaf_source = source
        else:
            self._mark(self._leaf)

    def _image(self, element: HtmlElement) -> None:
        alt = printable(folded(element.get("alt") or ""))
        in_figure = any(block.tag == "figure" for _, block in self._blocks)
        if not has_words(alt) and not in_figure:
            return
        image = self._copy(element, "img")
        image.set("alt", alt)
        if element.get("class") == known.FORMULA:
            image.set("class", known.FORMULA)
        if self._leaf is not None:
            here = self._here()
            self._flush()
            here.append(image)
        else:
            self._parent_for("img").append(image)
            self.leaves.append(image)

    def _break(self, element: HtmlElement) -> None:
        """One line break is a break; two are the end of a paragraph."""
        if self._leaf is None:
            return
        if self._leaf.tag == "pre":
            self._put("\n")
        elif self._leaf.tag == "p" and not self._annotated and _is_doubled(element):
            source = self._leaf_source
            self._close_leaf()
            self._open_leaf("p", None)
            self._leaf_source = source
        else:
            self._flush()
            if self._annotated or self._leaf.text or _last(self._leaf) is not None:
                self._here().append(self._copy(element, "br"))


def _last(element: HtmlElement) -> HtmlElement | None:
    """An element's last child; len() would count them all."""
    return next(element.iterchildren(reversed=True), None)


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
    element = new_element(tag)
    allowed = known.ATTRIBUTES.get(tag, frozenset())
    for name in source.attrib:  # items() looks for each value from the first one on
        value = source.get(name, "") if name in allowed else ""
        if name in allowed and (name not in ("href", "src", "cite") or _is_safe(tag, value)):
            element.set(name, printable(folded(value)))
    lang = source.get("lang") or source.get("{http://www.w3.org/XML/1998/namespace}lang")
    if lang := languages.tag(lang):
        element.set("lang", lang)
    return element


def _is_safe(tag: str, url: str) -> bool:
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return False
    return scheme in known.SCHEMES or (tag == "img" and scheme == "data")
