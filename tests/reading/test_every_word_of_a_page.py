"""Whatever a page is made of, each of its words is in the body or listed, and once."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading.html import html_article
from audiostory.reading.tree import visible_text
from tests.reading.words import disordered, misplaced

UNREAD = ("script", "style", "template", "head")
VOID = ("br", "hr", "img", "wbr", "source", "track", "embed", "input", "col", "area")
TAGS = (
    *("div", "p", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th"),
    *("figure", "figcaption", "blockquote", "pre", "aside", "footer", "header", "section", "nav"),
    *("picture", "svg", "text", "video", "audio", "object", "canvas", "progress"),
    *("meter", "map", "noscript", "form", "button", "label", "details", "summary", "em", "a"),
    *("del", "s", "ins", "cite", "h1"),
    *("span", "sup", "q", "abbr", "article", "main", "x-card", "ruby", "rt", "center", "font"),
    *("script", "style"),
)
CLASSES = (
    "",
    "ad",
    "share",
    "comments",
    "caption",
    "byline",
    "wp-caption",
    "pullquote",
    "card",
    "post-meta",
)


def tag(name: str, class_: str) -> str:
    return f"<{name} class='{class_}'>" if class_ else f"<{name}>"


PIECES = st.lists(
    st.one_of(
        st.builds(tag, st.sampled_from(TAGS), st.sampled_from(CLASSES)),
        st.sampled_from([f"</{name}>" for name in TAGS if name not in ("script", "style")]),
        st.sampled_from([f"<{name}>" for name in VOID]),
        st.just("word "),
        st.just("<img src=a.jpg alt='word'>"),
        st.just("<iframe>word</iframe>"),
        st.just("<script>let word;</script>"),
        st.just("Word, said the word. A word is a word, and word after word makes a word. "),
        st.just("<a href=/elsewhere>word word word word word</a>"),
    ),
    max_size=60,
).filter(lambda pieces: "<script>" not in pieces and "<style>" not in pieces)


class Shown(HTMLParser):
    """The words of a page by another parser: of its text and its descriptions."""

    def __init__(self) -> None:
        super().__init__()
        self.words: Counter[str] = Counter()
        self._unread = 0

    def handle_starttag(self, tag, attrs):
        self._unread += tag in UNREAD
        self.words.update(re.findall(r"\w+", dict(attrs).get("alt") or ""))

    def handle_endtag(self, tag):
        self._unread -= tag in UNREAD

    def handle_data(self, data):
        if not self._unread:
            self.words.update(re.findall(r"\w+", data))


def numbered(html: str) -> str:
    """Every word gets a number of its own, so that each is accounted for by itself."""
    count = iter(range(10_000))
    return re.sub(r"(?i)\bword\b", lambda _: f"word{next(count)}", html)


def accounted(article: Article) -> Counter[str]:
    omitted = " ".join(omission.text for omission in article.omissions)
    return Counter(re.findall(r"\w+", f"{visible_text(article.body)} {omitted}"))


def shown(html: str) -> Counter[str]:
    parser = Shown()
    parser.feed(html)
    return parser.words


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_no_word_is_lost_or_doubled(pieces: list[str]):
    html = numbered(f"<body>{' '.join(pieces)} <p>Word at the end.</p></body>")
    try:
        article = html_article(html, "page.html")
    except SourceError:  # an element that is not read was never closed
        reject()
    assert accounted(article) == shown(html)
    assert misplaced(article) == []
    assert disordered(article) == []


@pytest.mark.parametrize(
    "markup",
    [
        "Donau<wbr>dampfschiff sinkt",
        "<picture><source srcset=a.webp><img src=a.jpg alt='A ship'></picture> sinks",
        "<video><source src=a.mp4><track src=a.vtt>Your browser plays no video.</video> Text",
        "A <embed src=a> B",
        "<progress value=7>Seven of ten</progress> done",
        "<meter value=3>three stars</meter> given",
        "<map name=m>The <b>map's</b> text<area href=x alt='A harbour'></map>",
        "<noframes>No frames</noframes> here",
        "<svg><text>Drawn</text></svg>",
        "<div hidden>Hidden <svg><text>drawing</text></svg></div>",
    ],
)
def test_words_beside_elements_that_the_parser_mistakes_are_kept(markup: str):
    html = f"<body><h1>The lamp</h1><p>A first paragraph, long enough.</p><p>{markup}</p></body>"
    words = accounted(html_article(html, "page.html"))
    expected = shown(html.replace("<wbr>", ""))
    assert words == expected


def test_what_stands_before_a_paragraphs_first_word_is_listed_before_it():
    html = "<h1>The lamp</h1><p><em> <iframe>Elsewhere</iframe> A first paragraph.</em></p>"
    article = html_article(html, "page.html")
    heading = article.body[0].get("id")
    assert [(o.text, o.after) for o in article.omissions] == [("Elsewhere", heading)]


def test_a_page_of_frames_says_what_to_do():
    with pytest.raises(SourceError, match="no text"):
        html_article("<frameset><frame src=a><noframes></noframes></frameset>", "page.html")
