"""RTF: its text in any code page, its structure, what is not article; hostile files end soon."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from striprtf.striprtf import rtf_to_text

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading.rtf import read_rtf
from tests.reading.documents import left_out, lost, pandoc, said, shape
from tests.round_trip import PAGES, printed_part


def read(text: str | bytes) -> Article:
    data = text.encode("latin-1") if isinstance(text, str) else text
    return read_rtf(b"{\\rtf1\\ansi " + data + b"}", "a.rtf")


def test_paragraphs_headings_and_lists():
    article = read(
        r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2\sbasedon0 Quote;}}"
        r"{\pard\s1 The tide clock\par}{\pard It was {\b the} harbour {\i master}.\par}"
        r"\pard\s2 Water is never late.\par\pard\outlinelevel1 Inside\par"
        r"\pard{\listtext 1.\tab}one\par{\listtext 2.\tab}two\par\pard\bullet\tab three\par"
    )
    assert shape(article) == [
        ("h1", "The tide clock"),
        ("p", "It was the harbour master."),
        ("p", "Water is never late."),
        ("h2", "Inside"),
        ("li", "one"),
        ("li", "two"),
        ("li", "three"),
    ]
    assert [e.tag for e in article.body] == ["h1", "p", "blockquote", "h2", "ol", "ul"]


@pytest.mark.parametrize(
    "text",
    [
        r"\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2",
        r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}\f1 \'cf\'f0\'e8\'e2\'e5\'f2",
        r"\ansicpg1251 \u1055?\u1088?\u1080?\u1074?\u1077?\u1090?",
        r"\uc2 \u1055\'cf\'cf\u1088??\u1080??\u1074??\u1077??\u1090??",
        r"\ansicpg65001 " + "Привет".encode().decode("latin-1"),
        r"\ansicpg1251 " + "Привет".encode("cp1251").decode("latin-1"),
    ],
)
def test_letters_in_any_code_page(text: str):
    assert said(read(text + r"\par")) == "Привет"


def test_letters_of_two_units():
    assert said(read(r"Owl \u-10179?\u-8703?.\par")) == "Owl \U0001f601."
    assert said(read(r"Owl \u-10179? and \u-8703?.\par")) == "Owl � and �."


def test_tables_have_rows_and_heads():
    article = read(
        r"Text.\par\trowd\trhdr\cellx1\cellx2\intbl Place\cell Level\cell\row"
        r"\trowd\cellx1\cellx2\intbl Quay\cell 4 m\cell\row\pard After.\par"
    )
    assert [[c.text_content() for c in row] for row in article.body.iter("tr")] == [
        ["Place", "Level"],
        ["Quay", "4 m"],
    ]
    assert [e.tag for e in article.body] == ["p", "table", "p"]
    assert len(list(article.body.iter("th"))) == 2


def test_notes_are_read_and_headers_and_comments_are_left_out():
    article = read(
        r"{\header The Daily Tide\par}{\footer Page 1\par}Nobody knew"
        r"{\super\chftn}{\footnote\pard {\super\chftn} Bo did.}, they said."
        r"{\*\annotation Really?}\par Next.\par"
    )
    assert said(article) == "Nobody knew[1], they said. Next. Bo did."
    assert left_out(article) == [
        ("page header", "The Daily Tide"),
        ("page footer", "Page 1"),
        ("comment", "Really?"),
    ]


def test_hidden_and_deleted_text_is_left_out():
    article = read(r"Seen{\v  hidden}{\deleted  gone}.\par")
    assert said(article) == "Seen."
    assert left_out(article) == [("hidden text", "hidden"), ("deleted text", "gone")]


def test_text_boxes_fields_and_pictures():
    article = read(
        r"Before {\field{\*\fldinst HYPERLINK x}{\fldrslt a link}}."
        r"{\shp{\*\shpinst{\shptxt In the box.\par}}{\shprslt In the box.\par}}\par"
        r"{\*\shppict{\pict{\*\picprop{\sp{\sn wzDescription}{\sv A clock}}}\pngblip 89504e47}}\par"
    )
    assert said(article) == "Before a link. In the box. A clock"
    assert [e.get("alt") for e in article.body.iter("img")] == ["A clock"]


def test_a_document_says_who_wrote_it_and_when():
    article = read(
        r"{\info{\title The tide clock}{\author Ann Lee;Bo Chan}{\subject Tides}"
        r"{\creatim\yr2024\mo3\dy3\hr9\min30}{\revtim\yr2024\mo4\dy1}}The tide clock\par Text.\par"
    )
    assert (article.title, article.authors) == ("The tide clock", ("Ann Lee", "Bo Chan"))
    assert article.published == datetime(2024, 3, 3, 9, 30, tzinfo=UTC)
    assert article.modified == datetime(2024, 4, 1, tzinfo=UTC)
    assert (article.description, shape(article)[0]) == ("Tides", ("h1", "The tide clock"))


def test_binary_data_is_stepped_over():
    data = b"Before.\\par{\\pict\\bin9 }}}{{{\\\\\\}\\par After.\\par"
    assert said(read(data)) == "Before. After."


@pytest.mark.parametrize("page", PAGES[::5], ids=lambda page: page.stem)
def test_every_text_of_real_documents_is_read(page, tmp_path):
    source = tmp_path / "page.html"
    source.write_text(printed_part(page), "utf-8")
    data = pandoc(source, "rtf", tmp_path)
    numbers = re.compile(r"^\d+\.\t", re.MULTILINE)  # of items: their list has them
    assert not lost(numbers.sub("", rtf_to_text(data.decode("ascii"))), read_rtf(data, "a.rtf"))


@pytest.mark.parametrize(
    "data",
    [b"", b"plain text", b"{\\rtf1}", b"{\\rtf1 \\par}", b"{\\rtf1{\\v}", b"\xd0\xcf\x11\xe0"],
)
def test_what_cannot_be_read_is_said(data: bytes):
    with pytest.raises(SourceError):
        read_rtf(data, "a.rtf")


@pytest.mark.parametrize(
    "data",
    [
        b"{" * 200_000 + b"Text.",
        b"{\\field{\\*\\fldinst HYPERLINK " * 20_000 + b"}Text.",
        b"\\bin99999999999999 Text.",
        b"Text.\\bin-5 \\u99999999 \\uc-3 \\'zz \\fcharset999 \\ansicpg0 \\s99999999999 \\",
        b"{\\footnote " * 5000 + b"Text.",
        b"Text.\\cell" * 20_000,
    ],
)
def test_hostile_files_end_soon(data: bytes):
    with suppress(SourceError):
        read(data)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [r"\par", "{", "}", r"\cell", r"\row", r"\intbl", r"{\footnote ", r"{\shptxt ", r"\v ",
             r"\u55357?", r"\'ff", r"\uc9", "text ", r"\s1 ", r"{\stylesheet", r"{\info", r"\*",
             r"{\listtext", r"\bin3 ", r"\outlinelevel2 ", r"{\header ", r"\pard", r"{\result "]
        )
    )
)  # fmt: skip
def test_any_run_of_control_ends_in_an_article_or_in_words(parts: list[str]):
    with suppress(SourceError):
        read("".join(parts))


def test_a_long_paragraph_of_single_letters_is_read_in_seconds():
    started = time.process_time()
    assert said(read(r"\u1055? " * 40_000)).count("П") == 40_000
    assert time.process_time() - started < 30


def test_comments_are_listed_where_they_stand():
    article = read(r"One{\*\annotation A.} and{\*\annotation B.} more.\par Two.\par")
    first = article.body[0].get("id")
    assert [(o.text, o.reason, o.after) for o in article.omissions] == [
        ("A.", "comment", first),
        ("B.", "comment", first),
    ]
    assert said(article) == "One and more. Two."


def test_notes_and_page_headers_side_by_side_are_apart():
    article = read(r"{\headerl Left}{\headerr Right}One{\footnote A.}{\footnote B.} two.\par")
    assert said(article).endswith("A. B.")
    assert [text for _, text in left_out(article)] == ["Left", "Right"]


def tags(article: Article) -> list[str]:
    return [str(element.tag) for element in article.body]


QUOTED = r"\pard\li720\ri720 We broke the ice with poles, and then by hand.\par"


def test_paragraphs_that_are_set_in_are_a_quotation():
    more = r"\pard Nobody asked her to.\par\pard\li720 Not I.\par"
    article = read(
        r"\pard She said it plainly.\par" + QUOTED + r" And so we came through.\par" + more
    )
    assert tags(article) == ["p", "blockquote", "p", "p"]
    assert [p.tag for p in article.body[1]] == ["p", "p"]


@pytest.mark.parametrize(
    "words", [r"\li720\fi-360", r"\li720\qc", r"\li5000", r"\li240", r"\li720\intbl", r"\li0"]
)
def test_other_places_on_the_page_make_no_quotation(words: str):
    line = r"\pard" + words + r" We broke the ice with poles, and then by hand.\par"
    article = read(r"\pard She said it plainly.\par\pard He did not.\par" + line)
    assert next(article.body.iter("blockquote"), None) is None


def test_what_goes_on_with_an_item_of_a_list_is_no_quotation():
    items = r"\pard\li720\fi-360\bullet\tab One.\par\bullet\tab Two.\par\pard\li720 "
    article = read(
        r"\pard So.\par\pard And.\par" + items + r"It goes on with the second.\par" + QUOTED
    )
    assert next(article.body.iter("blockquote"), None) is None
    again = read(
        r"\pard So we asked her at the quay.\par"
        + items
        + r"It goes on.\par\pard And so.\par"
        + QUOTED
    )
    assert [p.tag for p in again.body][-1] == "blockquote"


def test_a_quotation_of_pandocs_is_one(tmp_path):
    text = "It stood there.\n\n> We broke the ice with poles, and by hand.\n>\n> — Ole\n\nSo it is."
    article = read_rtf(pandoc(text, "rtf", tmp_path), "a.rtf")
    assert tags(article) == ["p", "blockquote", "p"]
