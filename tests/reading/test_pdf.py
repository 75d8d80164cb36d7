"""PDFs: by their tags, by the places of their lines, and those that cannot be read."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.model import Article
from audiostory.reading import pdf, read
from audiostory.reading.pdf import read_pdf
from audiostory.reading.tree import visible_text
from tests.reading.pdfs import PICTURE, lines, printed, scan, written

ROUND_TRIP = Path(__file__).parents[1] / "articles" / "round_trip"
COLUMNS = Path(__file__).parent / "fixtures" / "bridges-two-columns.html"
PLAIN = "--no-pdf-header-footer"
UNTAGGED = "--disable-pdf-tagging"


@pytest.fixture(scope="session")
def prints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("prints")
    pages = {name: ROUND_TRIP / f"{name}.html" for name in ("owl-clocks", "offline-notes")}
    return {
        "owls": printed(pages["owl-clocks"], folder, PLAIN),
        "owls, with headers": printed(pages["owl-clocks"], folder),
        "owls, no tags": printed(pages["owl-clocks"], folder, PLAIN, UNTAGGED),
        "notes": printed(pages["offline-notes"], folder, PLAIN),
        "notes, no tags": printed(pages["offline-notes"], folder, PLAIN, UNTAGGED),
        "columns": printed(COLUMNS, folder, PLAIN, UNTAGGED),
        "columns, tagged": printed(COLUMNS, folder, PLAIN),
    }


def texts(article: Article, tag: str) -> list[str]:
    return [" ".join("".join(e.itertext()).split()) for e in article.body.iter(tag)]


# --- tags -----------------------------------------------------------------------------------


def test_tags_tell_headings_tables_captions_and_notes(prints):
    article = read_pdf(prints["owls"], "owls.pdf")
    assert article.title == "Barn owls keep two clocks, and one of them is the farmer’s"
    assert texts(article, "h2") == ["The hour that was not there", "Mice, probably"]
    assert texts(article, "caption") == ["When owls left the roost, in minutes after sunset"]
    assert texts(article, "th") == ["Land", "Owls", "Before the change", "After it"]
    assert len(texts(article, "tr")) == 4
    assert texts(article, "figcaption") == ["One of the 46: a female known as R17, at Hobb’s End."]
    (image,) = article.body.iter("img")
    assert image.get("alt").startswith("A pale owl sits on a gate post")
    (notes,) = article.body.iter("ol")
    assert texts(article, "li")[1].endswith("who were not told what for.")
    assert notes.get("start") is None


def test_byline_and_date_beside_one_another(prints):
    article = read_pdf(prints["owls"], "owls.pdf")
    assert article.authors == ("Ruairi Penhale", "Sofie Brandvold")
    assert article.published == datetime(2026, 4, 2, 12, tzinfo=UTC)
    assert article.language == "en-GB"


def test_a_table_cut_by_a_page_keeps_its_caption(prints):
    article = read_pdf(prints["owls"], "owls.pdf")
    (table,) = article.body.iter("table")
    assert table[0].tag == "caption"


def test_a_raised_number_is_a_note_s(prints):
    article = read_pdf(prints["owls"], "owls.pdf")
    assert texts(article, "sup") == ["1", "2"]
    assert "closely.1" in visible_text(article.body)


def test_code_keeps_its_lines_and_lists_their_lists(prints):
    article = read_pdf(prints["notes"], "notes.pdf")
    codes = ["".join(e.itertext()) for e in article.body.iter("pre")]
    assert codes[1].startswith("def merge(logs):\n")
    assert [item.tag for item in article.body.find(".//ol")] == ["li"] * 3
    assert len(article.body.findall(".//ol/li/ul/li")) == 2


def test_the_browser_s_header_and_footer_are_listed(prints):
    article = read_pdf(prints["owls, with headers"], "owls.pdf")
    assert {omission.reason for omission in article.omissions} == {"running header"}
    assert len(article.omissions) == 4
    assert "file://" not in visible_text(article.body)
    plain = read_pdf(prints["owls"], "owls.pdf")
    assert visible_text(article.body) == visible_text(plain.body)


# --- places ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["columns", "columns, tagged"])
def test_columns_are_read_one_after_the_other(prints, name):
    article = read_pdf(prints[name], "bridges.pdf")
    assert article.title == "A Study of Well-Known Bridges in the Northern Counties"
    assert article.authors == ("Maria Tolliver",)
    assert article.published == datetime(2024, 3, 12, 12, tzinfo=UTC)
    assert texts(article, "h2") == [
        "1 Introduction",
        "2 Methods",
        "3 Results",
        "4 Discussion",
        "5 Conclusion",
    ]
    paragraphs = texts(article, "p")
    assert any(
        p.startswith("Of the forty-two bridges") and p.endswith("station at Ember.")
        for p in paragraphs
    )
    assert any(
        p.startswith("Paint is a slow kind") and p.endswith("not measured any others.")
        for p in paragraphs
    )


@pytest.mark.parametrize("name", ["columns", "columns, tagged"])
def test_divided_words_are_whole_and_compounds_keep_their_hyphen(prints, name):
    text = visible_text(read_pdf(prints[name], "bridges.pdf").body)
    assert "well-known to travellers" in text
    for word in ("contractors", "characterization", "international", "misunderstanding"):
        assert word in text


def test_without_tags_lists_quotations_tables_captions_and_notes_are_found(prints):
    article = read_pdf(prints["columns"], "bridges.pdf")
    assert texts(article, "li")[:3] == [
        "the length of the main span in metres;",
        "the number of rivets in a panel, as counted by two persons who did not know of each"
        " other;",
        "the colour.",
    ]
    (quotation,) = texts(article, "blockquote")
    assert quotation.startswith("We were told")
    assert quotation.endswith("explain to us.")
    assert texts(article, "th") == ["Colour", "Bridges", "Railway"]
    assert texts(article, "figcaption") == [
        "Figure 1. The bridge at Sarn, seen from the south bank in winter."
    ]
    assert article.body[-1].get("class") == "footnotes"
    assert texts(article, "li")[-1].startswith("This is the text of the first footnote")


def test_running_headers_and_page_numbers_are_listed(prints):
    article = read_pdf(prints["columns"], "bridges.pdf")
    found = Counter((o.text, o.reason) for o in article.omissions)
    assert found[("Journal of Northern Bridges, vol. 7", "running header")] == 2
    assert sorted(o.text for o in article.omissions if o.reason == "page number") == ["1", "2"]


def test_without_tags_a_page_reads_much_as_with_them(prints):
    tagged = read_pdf(prints["notes"], "notes.pdf")
    bare = read_pdf(prints["notes, no tags"], "notes.pdf")
    for tag in ("h1", "h2", "pre"):
        assert texts(bare, tag) == texts(tagged, tag)
    assert bare.authors == tagged.authors


PROSE = "The keeper of the bridge wrote all of this down on the day that it happened"


def body_of(*pages: str) -> Article:
    return read_pdf(written(*pages), "a.pdf")


def test_a_word_divided_at_a_line_s_end_is_whole():
    page = lines(
        f"{PROSE}, and it was a charac-", "teristic hand, well-known to all in the coun-", "ty."
    )
    assert texts(body_of(page), "p")[0].endswith(
        "and it was a characteristic hand, well-known to all in the county."
    )


def test_a_word_in_capitals_is_divided_as_others_are():
    page = lines(f"{PROSE}, and it is an OP-", f"TIONAL part of it. {PROSE}.")
    assert "an OPTIONAL part" in texts(body_of(page), "p")[0]


def test_a_compound_that_occurs_elsewhere_keeps_its_hyphen():
    page = lines(f"The well-known man came. {PROSE} and well-", f"known to us all was he. {PROSE}.")
    assert "and well-known to us all" in texts(body_of(page), "p")[0]


def test_where_words_are_not_divided_a_hyphen_at_a_line_s_end_is_a_compound_s():
    text = [f"{PROSE} and then" for _ in range(12)]
    page = lines(*text, f"{PROSE} and seventy-", "three of them.")
    assert texts(body_of(page), "p")[0].endswith("and seventy-three of them.")


def test_bullets_in_a_numbered_item_are_its_own():
    outer = ["1. the first of them", "2. the second of them:"]
    page = "\n".join(
        (
            lines(f"{PROSE}:", top=715),
            lines(*outer, left=90),
            lines("* one part of it;", "* and another.", top=670, left=120),
            lines("3. the third of them", top=640, left=90),
        )
    )
    article = body_of(page)
    assert len(article.body.findall("ol/li")) == 3
    assert len(article.body.findall("ol/li/ul/li")) == 2


def test_a_paragraph_goes_on_over_a_page():
    first = lines(f"{PROSE}, and he", size=12)
    second = lines("went home after that. He did not say", "a word more.", size=12)
    assert texts(body_of(first, second), "p") == [
        f"{PROSE}, and he went home after that. He did not say a word more."
    ]


def test_headings_may_stand_out_of_the_text():
    text = [f"{PROSE} and then", f"{PROSE} too", f"{PROSE}."]
    page = lines("1. A heading", size=18, left=40) + "\n" + lines(*text, top=650, left=100)
    article = body_of(page)
    assert texts(article, "h1") == ["1. A heading"]
    assert not texts(article, "blockquote")


def test_first_lines_set_in_begin_paragraphs():
    pages = "\n".join(
        lines(f"{PROSE} today", size=10, top=700 - 45 * n, left=87)
        + "\n"
        + lines(f"{PROSE} and so on", f"and on {n}.", size=10, top=685 - 45 * n)
        for n in range(4)
    )
    article = body_of(pages)
    assert len(texts(article, "p")) == 4
    assert not texts(article, "blockquote")


def test_a_table_of_contents_is_listed():
    rows = [f"{n} Chapter {'. ' * 20}{n * 7}" for n in range(1, 5)]
    article = body_of(lines(*rows), lines(f"{PROSE}.", f"{PROSE}."))
    assert [o.reason for o in article.omissions] == ["table of contents"] * 4
    assert "Chapter" not in visible_text(article.body)


def test_headers_with_the_page_s_number_are_headers_though_each_says_another_thing():
    names = ("Rivers", "Bridges", "Paint", "Letters")
    pages = [
        lines(f"Part on {name} {n + 5}", size=9, top=770) + "\n" + lines(f"{PROSE} {name}.")
        for n, name in enumerate(names)
    ]
    article = body_of(*pages)
    assert [o.text for o in article.omissions] == [
        f"Part on {name} {n + 5}" for n, name in enumerate(names)
    ]


def test_a_number_in_small_type_at_the_foot_is_a_note_only_when_the_text_has_it():
    text = lines(f"{PROSE}.", f"{PROSE}.")
    raised = "BT /F 7 Tf 470 705 Td (3) Tj ET"
    note = lines("3 Some say that it was another day.", size=8, top=60)
    with_note = body_of(f"{text}\n{raised}\n{note}")
    assert with_note.body[-1].get("class") == "footnotes"
    assert with_note.body[-1].get("start") == "3"
    assert body_of(f"{text}\n{note}").body[-1].get("class") != "footnotes"


# --- every word -----------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+")


def letters(text: str) -> Counter[str]:
    """Words, with those divided at a hyphen as one."""
    return Counter(_WORD.findall(re.sub(r"[-‐\x02\ufffe]\s*", "", text)))


def extracted(data: bytes) -> str:
    with closing(pypdfium2.PdfDocument(data)) as document:
        parts = []
        for number in range(len(document)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                parts.append(text.get_text_range())
    return "\n".join(parts)


def said(article: Article) -> str:
    numbers = [
        str(int(held.get("start", "1")) + n)
        for held in article.body.iter("ol")
        for n, _ in enumerate(held.findall("li"))
    ]
    for image in article.body.iter("img"):
        image.attrib.pop("alt", None)
    left_out = [omission.text for omission in article.omissions]
    return " ".join((visible_text(article.body), *left_out, *numbers))


def test_every_word_of_a_print_is_in_the_body_or_listed(prints):
    for name, data in prints.items():
        article = read_pdf(data, "a.pdf")
        assert letters(said(article)) == letters(extracted(data)), name


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text("abcdefgh ABC.,12-", min_size=1, max_size=40),
            st.integers(6, 30),
            st.integers(20, 780),
            st.integers(10, 500),
        ),
        min_size=1,
        max_size=25,
    )
)
@example(drawn=[("-", 6, 24, 10), ("1", 6, 20, 10), ("A2", 6, 24, 11)])
def test_wherever_lines_stand_no_letter_is_lost(drawn):
    content = "\n".join(lines(t, size=s, top=y, left=x) for t, s, y, x in drawn)
    data = written(content, lines("A second page", "of words."))
    article = read_pdf(data, "a.pdf")

    def only(text: str) -> Counter[str]:
        return Counter(character for character in text if character.isalpha())

    assert only(said(article)) == only(extracted(data))


# --- what a document says of itself ---------------------------------------------------------


def test_a_title_that_is_a_file_s_name_is_none():
    page = lines("The heading", size=30) + "\n" + lines("The text goes on here.", top=600)
    for name in ("Microsoft Word - draft.docx", "report final.pdf", "untitled"):
        assert read_pdf(written(page, info=f"/Title({name})"), "a.pdf").title == "The heading"


def test_a_declared_language_that_is_evidently_wrong_loses():
    german = ["Die Bruecke wurde im vergangenen Jahr von der Bahn gruen gestrichen."] * 12
    assert read_pdf(written(lines(*german)), "a.pdf").language == "de"
    assert read_pdf(written(lines("Ein kurzes Wort.")), "a.pdf").language == "en-GB"


# --- what cannot be read --------------------------------------------------------------------


def test_a_scan_is_named_with_what_to_do():
    with pytest.raises(SourceError, match="scan") as error:
        read_pdf(scan(), "scan.pdf")
    assert "ocrmypdf" in str(error.value)


def test_pages_that_are_pictures_are_named():
    text = lines("The first page has a line of text that is long enough.", "And another one.")
    article = read_pdf(written(text, PICTURE, PICTURE), "a.pdf")
    (warning,) = article.warnings
    assert "pages 2 and 3" in warning
    assert "ocrmypdf" in warning


def test_a_password_is_asked_for_nowhere():
    locked = "/Encrypt<</Filter/Standard/V 1/R 2/O(" + "o" * 32 + ")/U(" + "u" * 32 + ")/P -4>>"
    data = written(lines("secret"), trailer=f"{locked}/ID[(a)(a)]")
    with pytest.raises(SourceError, match="password"):
        read_pdf(data, "a.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", b"", b"no PDF at all"])
def test_a_damaged_file_is_named(data):
    with pytest.raises(SourceError, match="damaged"):
        read_pdf(data, "a.pdf")


def test_a_page_that_cannot_be_read_is_named_and_the_others_are_read():
    article = read_pdf(written(lines("Words of the first page."), extra_kid="77 0 R"), "a.pdf")
    assert "page 2 cannot be read" in article.warnings[0]
    assert "Words of the first page." in visible_text(article.body)


def test_an_empty_page_has_no_text():
    with pytest.raises(SourceError, match="no text"):
        read_pdf(written(""), "a.pdf")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_file_with_broken_bytes_is_read_or_refused(data):
    whole = bytearray(written(lines("Some text of a page.", "More of it."), PICTURE))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(SourceError):
        read_pdf(bytes(whole), "a.pdf")


def test_a_pdf_is_read_by_its_extension(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(written(lines("Words of a page.")))
    assert visible_text(read(path).body) == "Words of a page."


def test_what_was_left_out_at_the_edges_of_pages_is_listed_where_it_stood():
    pages = [
        "\n".join(
            (
                lines(f"The lamp of page {n} burns all night, and nobody knows why.", top=600),
                lines(f"- {n} -", top=20, left=290),
                lines("The Harbour Gazette", top=780),
            )
        )
        for n in ("1", "2", "3")
    ]
    article = read_pdf(written(*pages), "a.pdf")
    first, second, third = (block.get("id") for block in article.body)
    assert [(o.text, o.after) for o in article.omissions] == [
        ("The Harbour Gazette", None),
        ("- 1 -", first),
        ("The Harbour Gazette", first),
        ("- 2 -", second),
        ("The Harbour Gazette", second),
        ("- 3 -", third),
    ]


def test_what_is_laid_over_a_page_is_listed():
    over = ("Text/Contents(A comment)", "Widget/FT/Tx/T(a)/V(The answer)", "Link/Contents(No)")
    notes = "".join(f"<</Type/Annot/Rect[9 9 99 99]/Subtype/{note}>>" for note in over)
    article = read_pdf(written(lines("The lamp stands here."), page=f"/Annots[{notes}]"), "a.pdf")
    assert [(o.reason, o.text) for o in article.omissions] == [
        ("comment", "A comment"),
        ("field of a form", "The answer"),
    ]


def test_how_far_a_long_pdf_was_read_is_said(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    article = read_pdf(written(*(lines(f"Lamp number {n} stands.") for n in range(4))), "a.pdf")
    assert "read as far as page 2 of 4" in article.warnings[0]
