"""Whatever a text, a feed's entry or a print is made of, each of its words is read or listed."""

import json
import re
from collections import Counter
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from audiostory.reading.feed import entry_article, read_feed
from audiostory.reading.markdown import read_markdown
from audiostory.reading.pdf import read_pdf
from audiostory.reading.plain import read_text
from tests.reading.pdfs import written
from tests.reading.test_every_word_of_a_document import (
    PAGE_PIECES,
    PAGE_SHELLS,
    QUICK,
    SAID,
    article_of,
    assert_whole,
    within,
)
from tests.reading.test_feed import item, rss
from tests.reading.words import disordered, numbered, words

# --- Markdown -------------------------------------------------------------------------------

LINES = (
    *(f"{text}\n\n" for text in SAID),
    *("# Word word\n\n", "## Word\n\n", "Word word\n===\n\n", "Word\n---\n\n", "### word ###\n\n"),
    *("> Word word.\n> Word.\n\n", "> Word\nword\n\n", "> > word\n\n", "> — Word\n\n"),
    *(
        "- word\n- word\n\n",
        "1. Word\n2. word\n   - word\n\n",
        "* word\n\n  Word.\n\n",
        "7) word\n\n",
    ),
    *("    word word\n\n", "```\nword\nword\n```\n\n", "~~~\nword\n~~~\n\n"),
    *("*word* **word** ~~word~~ `word` __word__ _word_\n\n", "word\\*word\\* \\# word\n\n"),
    *("[word](/1 '2') [word][1] ![word word](1)\n\n", "![word](1 '2')\n\n"),
    *(
        "Word[^1] word.\n\n[^1]: Word word.\n\n",
        "[^9]: Word word.\n\n",
        "[^8]: Word\n\n    Word.\n\n",
    ),
    *("Word^[word word] word\n\n", "[1]: /2\n\n", "<b>word</b> <!-- gone --> word\n\n"),
    *("| word | word |\n|---|---|\n| word | word |\n\n", "| word |\n|---|\n| word | word |\n\n"),
    *("<div>\n\nword\n\n</div>\n\n", "<table><tr><td>word</td></tr></table>\n\n", "---\n\n"),
    *(
        "<p hidden>word</p>\n\n",
        "<details><summary>word</summary>word</details>\n\n",
        "word  \nword\n\n",
    ),
    *("<https://1.2/3> word\n\n", "word &amp; word&nbsp;word\n\n", "- [ ] word\n- [x] word\n\n"),
    *(
        "<svg><text>word</text></svg>\n\n",
        "<figure><img alt='word'><figcaption>word</figcaption></figure>\n\n",
    ),
    *(
        "[word]\n\n",
        "[word][word]\n\n",
        "$word$ ==word== word~word~\n\n",
        ": word\n\n",
        "Word\n: word\n\n",
    ),
)
FRONT = ("", "---\ntitle: 1\n---\n", "---\nlang: en\n---\n\n", "+++\ndraft = true\n+++\n")


def markdown(front: str, lines: list[str], end: str) -> bytes:
    """A file whose notes are each named once."""
    text, named = "", set[str]()
    for line in lines:
        names = set(re.findall(r"\[\^\d\]:|\[\d\]:", line))
        text += "" if names & named else line
        named |= names
    return (front + numbered(text + end)).encode()


def words_of_markdown(data: bytes) -> Counter[str]:
    """The file's words, but for what names, addresses and comments say."""
    text = re.sub(
        r"\A(---|\+\+\+)\n(?=\w).*?^\1$", "", data.decode(), flags=re.DOTALL | re.MULTILINE
    )
    text = re.sub(r"<!--.*?-->|</?[a-z][^<>]*?(?: alt='([^']*)')?>|<https?:[^>]*>", r" \1 ", text)
    return words(text.replace("&amp;", " ").replace("&nbsp;", " "))


@QUICK
@given(
    st.builds(
        markdown,
        st.sampled_from(FRONT),
        st.lists(st.sampled_from(LINES), max_size=9),
        st.sampled_from(("", "word", "```\nword\n")),
    )
)
def test_no_word_of_markdown_is_lost_or_doubled(data: bytes):
    article = article_of(read_markdown, data, "a.md")
    assert_whole(article, words_of_markdown(data), other=("x", "https"))


# --- texts and dumps ------------------------------------------------------------------------

PROSE = "Word said that the word was word, and that no word was lost on the way to word."
DUMPED = (
    *(f"{text}\n" for text in (*SAID, PROSE, PROSE, PROSE)),
    f"{PROSE}\n{PROSE}\n{PROSE}\n",
    *(
        "Word Word Word\n",
        "WORD WORD\n",
        "By Word Word\n",
        "March 3, 2024\n",
        "Updated 3 March 2024\n",
    ),
    *(
        "Share\n",
        "Advertisement\n",
        "Read more\n",
        "Most read\n",
        "Related stories\n",
        "Subscribe\n",
    ),
    *("Home\nNews\nSport\nWord\n", "Sign up for the newsletter\n", "2 hours ago\n", "Comments\n"),
    *(
        "Photo: Word Word\n",
        "Photo:\nWord Word\n",
        "- word\n- word\n",
        "1. word\n2. word\n",
        "* * *\n",
    ),
    *(
        "Word word, word:\n“Word word word,” word said.\n",
        "    Word word\n    word word\n",
        "> word\n",
    ),
    *(
        "# Word\n",
        "## Word word\n",
        "Word word[1]\n",
        "[1] Word word.\n",
        "Word[edit]\n",
        "\f",
        "7\n",
    ),
    *("1 Word word\n2 Word word\n3 Word word\n", "Contents\n1 Word\n1.1 Word\n2 Word\n"),
    *("Subject: Word word\nFrom: Word Word\nDate: Sun, 3 Mar 2024 10:00:00 +0000\n", "-- \nWord\n"),
    *(
        "Word word word word,\nword word.\n",
        "word | word | word\n",
        "Word\tword\tword\n",
        "© 2024 Word\n",
    ),
    *(
        "Read more: Word word word\n",
        "Tags: word, word\n",
        "RELATED\nWord word word word\n3 years ago\n",
    ),
    *("![word word](1)\n", "[word](1)\n", "_word_ *word* word_word\n", "All rights reserved\n"),
    *(
        "                      Word word                 7\n",
        "Word word ....... 7\n",
        "“Word”\n— Word Word\n",
    ),
)
DUMPS = st.lists(
    st.tuples(st.sampled_from(DUMPED), st.sampled_from(("", "\n", "\n\n"))), max_size=25
)


def dump(parts: list[tuple[str, str]]) -> bytes:
    return numbered("".join(f"{text}{gap}" for text, gap in parts)).encode()


@QUICK
@given(DUMPS.map(dump))
def test_no_word_of_a_text_is_lost_or_doubled(data: bytes):
    article = article_of(read_text, data, "a.txt")
    assert_whole(article, words(data.decode()))
    assert disordered(article) == []


# --- feeds ----------------------------------------------------------------------------------

ENTRIES = (
    *(p for p in PAGE_PIECES if "epub:" not in p),
    *(
        f"<p>{PROSE * 3}</p>",
        "<p>The post Word appeared first on Word.</p>",
        "<div class='ad'>word</div>",
    ),
    *(
        "<p>Read the full story</p>",
        "<script>gone</script>",
        "<iframe>word</iframe>",
        "<p>Word […]</p>",
    ),
)
CONTENTS = st.lists(
    st.recursive(
        st.sampled_from(ENTRIES),
        within(*(shell for shell in PAGE_SHELLS if "epub:" not in shell)),
        max_leaves=4,
    ),
    min_size=1,
    max_size=5,
).map("".join)
TITLES = st.sampled_from(("", "Word word", "Word <b>word</b>", "Word"))


def words_of_html(text: str) -> Counter[str]:
    """Its text and the descriptions of its pictures."""
    text = re.sub(r"<(script)>.*?</\1>", "", text)
    described = " ".join(re.findall(r" alt='([^']*)'", text))
    return words(f"{described} {re.sub(r'<[^<>]*>', ' ', text)}")


@QUICK
@given(TITLES, st.sampled_from(("", "Word word word.")), CONTENTS, st.booleans())
def test_no_word_of_a_feeds_entry_is_lost_or_doubled(
    title: str, summary: str, content: str, is_json: bool
):
    title, summary, content = numbered("\0".join((title, summary, content))).split("\0")
    if is_json:
        data = {"title": title, "summary": summary, "content_html": content, "id": "1"}
        version = "https://jsonfeed.org/version/1.1"
        feed = json.dumps({"version": version, "title": "1", "items": [data]}).encode()
    else:
        more = f"<description>{summary}</description>" if summary else ""
        feed = rss(item(content, title=escape(title), more=more, link=""))
    entry = read_feed(feed, "feed.xml")[0]
    wanted = words_of_html(title) + words_of_html(summary) + words_of_html(content)
    assert_whole(article_of(lambda _, name: entry_article(entry, name), b"", "a"), wanted)


# --- PDF ------------------------------------------------------------------------------------

DRAWN = (
    *SAID,
    PROSE,
    "Word Word",
    "WORD",
    "- word",
    "1. Word word",
    "Word word .... 7",
    "7",
    "1 Word word.",
)
ROWS = st.tuples(
    st.sampled_from(DRAWN),
    st.sampled_from((9, 12, 12, 12, 18, 24)),
    st.sampled_from((72, 72, 72, 90, 320)),
    st.sampled_from((14, 15, 15, 15, 30, 60, 200)),
)


def pdf(pages: list[tuple[bool, list[tuple[str, int, int, int]]]]) -> bytes:
    """Pages of lines of text, each some points below the last one; some with running headers."""
    streams: list[str] = []
    for number, (is_edged, rows) in enumerate(pages, 1):
        drawn = [("Word word", 9, 72, 770), (f"{number}", 9, 300, 20)] if is_edged else []
        height = 720
        for text, size, left, gap in rows:
            height -= max(gap, size * 5 // 4)
            if height > 40:
                drawn.append((text, size, left, height))
        streams.append("\n".join(f"BT /F {s} Tf {x} {y} Td ({t}) Tj ET" for t, s, x, y in drawn))
    return written(*numbered("\0".join(streams)).split("\0"))


def words_of_pdf(data: bytes) -> Counter[str]:
    return words(" ".join(re.findall(r"\((.*?)\) Tj", data.decode("latin-1"))))


@QUICK
@given(
    st.lists(
        st.tuples(st.booleans(), st.lists(ROWS, min_size=1, max_size=20)), min_size=1, max_size=4
    ).map(pdf)
)
def test_no_word_of_a_pdf_is_lost_or_doubled(data: bytes):
    assert_whole(article_of(read_pdf, data, "a.pdf"), words_of_pdf(data))
