"""All text of a WordprocessingML part made plain: no text box, field or formula is left."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from lxml import etree
from lxml.etree import _Element as Element

from audiostory.reading import word
from audiostory.reading.word import DRAWING, MATH, MC, OFFICE, PLACED, VML, Style, W

# Elements whose content stays when they go: mammoth does not look into them.
_WRAPPERS = ("fldSimple", "dir", "bdo", "smartTag", "customXml", "ins", "moveTo")
_DRAWINGS = (f"{W}drawing", f"{W}pict", f"{W}object")
_GONE = ("moveFrom", "delInstrText")  # what was moved is read where it is now
_HOLDERS = (
    f"{W}body",
    f"{W}tc",
    f"{W}footnote",
    f"{W}endnote",
    f"{W}txbxContent",
)


def make_plain(root: Element, styles: Mapping[str, Style]) -> None:
    """Put a part in the form that mammoth reads whole, in place."""
    _choose_alternatives(root)
    for element in list(root.iter(*(f"{W}{name}" for name in _GONE))):
        _drop(element)
    _mark_deleted(root)
    _lift_text_boxes(root)
    for formula in list(root.iter(f"{MATH}oMathPara", f"{MATH}oMath")):
        word.replace_by(
            formula, [word.run("".join(t.text or "" for t in formula.iter(f"{MATH}t")))]
        )
    for ruby in list(root.iter(f"{W}ruby")):
        _read_ruby(ruby)
    for wrapper in list(root.iter(*(f"{W}{name}" for name in _WRAPPERS))):
        _unwrap(wrapper)
    _part_words(root)
    _free_cells(root)
    for paragraph in root.iter(f"{W}p"):
        _style_paragraph(paragraph, styles)
    for run in root.iter(f"{W}r"):
        _style_run(run, styles)
    _name_pictures(root)  # in runs of a style that the document's styles know nothing of


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is None or parent.tag == f"{W}rPr" or parent.tag == f"{W}trPr":
        return  # what marks a paragraph or a row as deleted: mammoth goes by it
    parent.remove(element)


def _mark_deleted(root: Element) -> None:
    """What tracked changes deleted (17.13.5.14) is in runs of a style that leaves it out."""
    for mark in list(root.iter(f"{W}del"))[::-1]:
        parent = mark.getparent()
        if parent is not None and parent.tag == f"{W}trPr":
            parent.remove(mark)
            _delete_row(parent.getparent())
    for deletion in list(root.iter(f"{W}del"))[::-1]:
        parent = deletion.getparent()
        if parent is not None and parent.tag != f"{W}rPr":
            run = word.run(f" {word.text_of(deletion)} ", "deleted")
            run.set("deleted", "1")
            word.replace_by(deletion, [run])
        elif parent is not None and _is_last(parent):
            parent.remove(deletion)  # mammoth joins it to the next paragraph: there is none
    for left in list(root.iter(f"{W}delText")):
        left.tag = f"{W}t"


def _delete_row(row: Element | None) -> None:
    for run in [] if row is None else list(row.iter(f"{W}r")):
        deletion = etree.Element(f"{W}del")
        word.replace_by(run, [deletion])
        deletion.append(run)


def _is_last(properties: Element) -> bool:
    """Whether no paragraph follows the one whose mark has these properties."""
    paragraph = next(properties.iterancestors(f"{W}p"), None)
    following = None if paragraph is None else paragraph.getnext()
    return following is None or following.tag != f"{W}p"


def _unwrap(element: Element) -> None:
    parent = element.getparent()
    if parent is not None and parent.tag not in (f"{W}rPr", f"{W}trPr"):
        word.replace_by(element, list(element))


def _choose_alternatives(root: Element) -> None:
    """Of two forms of the same (mc:AlternateContent, Part 3, 7.2) the one with more text."""
    for element in list(root.iter(f"{MC}AlternateContent"))[::-1]:
        forms = [e for e in element if e.tag in (f"{MC}Choice", f"{MC}Fallback")]
        best = max(forms, key=lambda form: len(word.text_of(form)), default=None)
        word.replace_by(element, list(best) if best is not None else [])


def _lift_text_boxes(root: Element) -> None:
    """What is in a text box follows the paragraph that it is anchored in."""
    for box in list(root.iter(f"{W}txbxContent"))[::-1]:
        anchor = _outermost(box)
        children = list(box)
        _drop(box)
        if anchor is not None:
            for paragraph in (p for child in children for p in child.iter(f"{W}p")):
                paragraph.set("boxed", "1")
            for child in reversed(children):
                anchor.addnext(child)


def _outermost(box: Element) -> Element | None:
    """The paragraph around a text box that stands among blocks."""
    around = list(takewhile(lambda e: e.tag not in _HOLDERS, box.iterancestors()))
    return next((e for e in reversed(around) if e.tag == f"{W}p"), None)


def _read_ruby(ruby: Element) -> None:
    """Text with how it is read (17.3.3.25): that comes after it, in brackets."""
    base = "".join(word.text_of(e) for e in ruby.iter(f"{W}rubyBase"))
    reading = "".join(word.text_of(e) for e in ruby.iter(f"{W}rt"))
    text = etree.Element(f"{W}t")
    text.text = f"{base} ({reading})" if reading else base
    word.replace_by(ruby, [text])


def _part_words(root: Element) -> None:
    """Words that a page's end, a column's or a tab parts stay two: mammoth knows none of these."""
    for mark in list(root.iter(f"{W}br", f"{W}cr", f"{W}ptab")):
        if mark.tag == f"{W}cr":
            mark.tag = f"{W}br"
        elif mark.tag == f"{W}ptab" or mark.get(f"{W}type") in ("page", "column"):
            mark.tag = f"{W}tab"


def _free_cells(root: Element) -> None:
    """A cell that is merged with the one above is a cell of its own where it has text."""
    for merged in list(root.iter(f"{W}vMerge")):
        cell = next(merged.iterancestors(f"{W}tc"), None)
        if word.value(merged) != "restart" and cell is not None and word.text_of(cell):
            _drop(merged)


def _name_pictures(root: Element) -> None:
    """A drawing becomes a run with its description, and one with its title."""
    for run in list(root.iter(f"{W}r")):
        if any(child.tag in _DRAWINGS for child in run):
            word.replace_by(run, _parted(run))
    for drawing in list(root.iter(*_DRAWINGS)):
        word.replace_by(drawing, _pictures(drawing))


def _pictures(drawing: Element) -> list[Element]:
    said = drawing_text(drawing)
    texts = [said, *(t.text or "" for t in drawing.iter(f"{DRAWING}t"))]
    runs = [word.run(" ".join(" ".join(texts).split()) or "\u2060", "picture")]
    titles = (p.get("title") or "" for p in drawing.iter(f"{PLACED}docPr"))
    return runs + [word.run(f" {title} ", "name") for title in titles if title.strip() not in said]


def _parted(run: Element) -> list[Element]:
    """A run's content as runs that are drawings, and runs without."""
    properties = run.find(f"{W}rPr")
    parts: list[Element] = []
    open_ = None
    for child in list(run):
        if child.tag in _DRAWINGS:
            parts += _pictures(child)
            open_ = None
        elif child is not properties:
            if open_ is None:
                open_ = etree.Element(f"{W}r")
                if properties is not None:
                    open_.append(_copied(properties))
                parts.append(open_)
            open_.append(child)
    return parts


def drawing_text(drawing: Element) -> str:
    """What a drawing's description says, or else its title; not its automatic name."""
    for properties in drawing.iter(f"{PLACED}docPr"):
        if said := (properties.get("descr") or "").strip() or properties.get("title"):
            return said
    for shape in drawing.iter(f"{VML}shape", f"{VML}imagedata", f"{VML}rect"):
        if said := shape.get("alt") or shape.get(f"{OFFICE}title"):
            return said
    return ""


def _copied(element: Element) -> Element:
    return etree.fromstring(etree.tostring(element))


def _style_paragraph(paragraph: Element, styles: Mapping[str, Style]) -> None:
    role = word.paragraph_role(styles, paragraph)
    if role is None and paragraph.get("boxed"):
        role = "box"
    _number(paragraph, styles)
    if role:
        word.set_style(paragraph, role)
    else:
        for style in paragraph.findall(f"{W}pPr/{W}pStyle"):
            _drop(style)


def _number(paragraph: Element, styles: Mapping[str, Style]) -> None:
    """A style's numbering is that of its paragraphs; number 0 means none (17.9.18)."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return
    own = properties.find(f"{W}numPr")
    if own is None:
        style_id = word.value(properties.find(f"{W}pStyle"))
        inherited = (s.numbering for s in word.chain(styles, style_id) if s.numbering is not None)
        if (numbering := next(inherited, None)) is not None:
            own = _copied(numbering)
            properties.append(own)
    if own is not None and word.value(own.find(f"{W}numId")) in (None, "0"):
        properties.remove(own)


def _style_run(run: Element, styles: Mapping[str, Style]) -> None:
    """A run's marks, those of its style included; what is hidden gets a style for that."""
    properties = run.find(f"{W}rPr")
    if properties is None or run.get("deleted"):
        return
    style_id = word.value(properties.find(f"{W}rStyle"))
    marks: dict[str, bool] = {}
    for style in [*word.chain(styles, style_id)][::-1]:
        marks |= style.marks
    marks |= word.marks_of(properties)
    for old in [e for e in properties if e.tag in (f"{W}rStyle", f"{W}b", f"{W}i")]:
        properties.remove(old)
    if marks.get("vanish"):
        etree.SubElement(properties, f"{W}rStyle").set(f"{W}val", "hidden")
    for tag in ("b", "i"):
        if marks.get(tag):
            etree.SubElement(properties, f"{W}{tag}")
