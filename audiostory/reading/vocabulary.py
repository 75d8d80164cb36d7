"""The elements and attributes that an article's body is made of, and what others become."""

from __future__ import annotations

from collections.abc import Mapping

# Hold text only.
LEAVES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "figcaption", "caption", "dt", "pre"})
# Hold text, or blocks.
MIXED = frozenset({"li", "dd", "td", "th"})
# Hold blocks only.
CONTAINERS = frozenset({"blockquote", "ul", "ol", "dl", "table", "tr", "figure", "aside"})
BLOCKS = LEAVES | MIXED | CONTAINERS | {"hr"}
INLINE = frozenset(
    {"a", "abbr", "bdi", "cite", "code", "del", "dfn", "em", "ins", "kbd", "mark", "s", "samp"}
    | {"small", "strong", "sub", "sup", "time", "u", "var", "span"}
)
RENAMED: Mapping[str, str] = {
    "b": "strong",
    "i": "em",
    "strike": "s",
    "tt": "code",
    "summary": "p",
    "menu": "ul",
    "dir": "ul",
    "listing": "pre",
    "xmp": "pre",
    "acronym": "abbr",
}
# Phrasing content (HTML, 4.5) that is not kept as markup, and what came before it.
_PASSED = frozenset({"bdo", "big", "blink", "data", "font", "nobr", "output", "q", "slot"})
_RUBY = frozenset({"rb", "rp", "rt", "rtc", "ruby"})
# All that goes with the text around it, as a page has it.
RUNS_ON = INLINE | _PASSED | _RUBY | {old for old, new in RENAMED.items() if new in INLINE}
# Take part in the layout of a page as blocks do: text in them stands alone.
DIVISIONS = frozenset(
    {"address", "article", "body", "center", "details", "dialog", "div", "fieldset", "footer"}
    | {"form", "header", "hgroup", "legend", "main", "nav", "noscript", "search", "section"}
    | {"tbody", "tfoot", "thead", "html", "optgroup", "option"}
)
# Hold nothing that is read on the page.
SILENT = frozenset(
    {"script", "style", "template", "head", "title", "meta", "link", "base", "iframe", "object"}
    | {"embed", "canvas", "video", "audio", "source", "track", "param", "area", "svg"}
    | {"col", "colgroup", "input", "noframes", "frameset", "frame", "progress", "meter", "wbr"}
    | {"annotation", "annotation-xml", "datalist", "textarea", "rp", "rt", "rtc"}
)
# Of these, what shows on the page though it is not read: its words are listed as left out.
SEEN: Mapping[str, str] = {
    "svg": "drawing",
    "video": "video",
    "audio": "audio",
    "object": "embedded document",
    "canvas": "drawing",
    "iframe": "embedded document",
    "embed": "embedded document",
    "progress": "gauge",
    "meter": "gauge",
    "noframes": "frame",
    "frameset": "frame",
    "frame": "frame",
    "title": "page title",
    "area": "link in a picture",
    "annotation": "formula's source",
    "annotation-xml": "formula's source",
    "rt": "how characters are read",
    "rtc": "how characters are read",
    "datalist": "form",
    "textarea": "form",
}
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "abbr": frozenset({"title"}),
    "blockquote": frozenset({"cite"}),
    "del": frozenset({"datetime"}),
    "img": frozenset({"src", "alt"}),
    "ins": frozenset({"datetime"}),
    "ol": frozenset({"start", "reversed"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
}
# What a producer may say, on any element of a script's page, of how it is spoken. style: CSS
# Speech. data-spoken: said in place of the text; data-ipa: its sounds. hidden: it is silenced.
SCRIPT_ATTRIBUTES = frozenset(
    {"id", "class", "hidden", "style", "data-speaker", "data-gender"}
    | {"data-spoken", "data-ipa", "data-place"}
)
# The class of a picture of a formula that is read from its MathML beside it.
FORMULA = "formula-source"
# The class of what a page calls meta: a byline, a date, or neither. No body that is done has it.
META = "meta"
SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
