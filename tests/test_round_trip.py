"""An article reads to the same script in whatever format it comes, but for what that lost."""

import json
from functools import cache
from pathlib import Path

import pytest

from audiostory.reading import read
from tests.round_trip import (
    CARRIED,
    FORMATS,
    PAGES,
    Block,
    Carried,
    Comparison,
    blocks_of,
    compare,
    expected_blocks,
    in_format,
    lines_of,
)

SAME = 0.97  # of all blocks
TOLD = 0.95  # of titles, authors and dates


@pytest.fixture(scope="session")
def copies(tmp_path_factory) -> Path:
    """Where copies of the articles are made: prints once, for PDF and for what is dumped of it."""
    return tmp_path_factory.mktemp("copies")


_article = cache(read)  # of copies, which more than one test reads


@pytest.mark.parametrize("format_", FORMATS)
def test_an_article_reads_the_same_in_every_format(format_: str, copies: Path):
    compared: list[Comparison] = []
    for page, copy in zip(PAGES, in_format(format_, PAGES, copies), strict=True):
        wanted = expected_blocks(page) if format_ == "html" else blocks_of(read(page))
        found = blocks_of(_article(copy))
        compared.append(compare(wanted, found, CARRIED[format_], lines_of(copy)))
    differences = [line for comparison in compared for line in comparison.differences]
    share = sum(c.same for c in compared) / sum(c.of for c in compared)
    told = "\n".join([f"{share:.1%} are the same", *differences])
    assert share >= SAME, told


@pytest.mark.parametrize("format_", FORMATS)
def test_title_author_and_date_are_right(format_: str, copies: Path):
    wrong: list[str] = []
    for page, copy in zip(PAGES, in_format(format_, PAGES, copies), strict=True):
        expected = json.loads(page.with_suffix(".expected.json").read_text("utf-8"))
        article = _article(copy)
        found = {
            "title": article.title,
            "authors": list(article.authors),
            "published": article.published and article.published.date().isoformat(),
        }
        expected["published"] = (expected["published"] or "")[:10] or None
        wrong += [f"{page.stem}: {k} {found[k]}" for k in found if found[k] != expected[k]]
    share = 1 - len(wrong) / (3 * len(PAGES))
    told = "\n".join([f"{share:.1%} are right", *wrong])
    assert share >= TOLD, told


def test_twenty_articles_and_more_are_compared():
    assert len(PAGES) >= 20


def test_blocks_are_the_same_with_the_same_role_and_text_in_the_same_place():
    page = [Block("heading", "One"), Block("paragraph", "Two."), Block("paragraph", "Three.")]
    copy = [Block("heading", "One"), Block("heading", "Two."), Block("paragraph", "Three.")]
    compared = compare(page, copy, Carried())
    assert (compared.same, compared.of) == (2, 3)
    assert compared.differences == ("- [paragraph] Two.", "+ [heading] Two.")


def test_what_a_copy_has_besides_counts_against_it():
    page = [Block("paragraph", "Two.")]
    assert compare(page, [*page, Block("paragraph", "1/2")], Carried()).share == 0.5


def test_what_a_format_lost_does_not_count():
    page = [
        Block("standfirst", "A tale."),
        Block("image", "A cat."),
        Block("term", "Cat"),
        Block("definition", "A small lion."),
        Block("row", "1 2", ("1", "2")),
        Block("paragraph", "So it is said.3 In 1984."),
    ]
    copy = [Block("paragraph", text) for text in ("A tale.", "Cat A small lion.", "1", "2")]
    copy.append(Block("paragraph", "So it is said. In 1984."))
    carried = Carried(
        {"standfirst": "paragraph", "term": "paragraph", "row": "paragraph"},
        gone=frozenset({"image"}),
        joined=frozenset({"definition"}),
        cells=True,
        note_numbers=True,
    )
    assert compare(page, copy, carried).differences == ()


def test_where_a_full_line_ends_a_block_of_a_dump_nothing_says_so():
    lines = ["One line, as long as others.", "And one more, that is as long", "as it is."]
    page = [Block("paragraph", lines[0]), Block("paragraph", " ".join(lines[1:]))]
    copy = [Block("paragraph", " ".join(lines))]
    assert compare(page, copy, Carried(ends=True), lines).same == 2
    assert (
        compare(
            page, copy, Carried(ends=True), ["A much longer line, that none of them is", *lines]
        ).same
        == 0
    )


def test_a_short_line_that_nothing_tells_from_a_heading_may_be_taken_for_one():
    page = [Block("attribution", "Ann Lee, diver"), Block("heading", "The deep")]
    copy = [Block("heading", "Ann Lee, diver"), Block("heading", "The deep")]
    carried = Carried({"attribution": "paragraph"}, like_headings=frozenset({"attribution"}))
    assert compare(page, copy, carried).same == 2


def test_a_hyphen_that_is_not_in_the_dump_itself_does_not_count():
    page = [Block("paragraph", "At forty-one, in Ash-on-Sea.")]
    copy = [Block("paragraph", "At fortyone, in Ash-on-Sea.")]
    carried = Carried(hyphens=True)
    assert compare(page, copy, carried, ["At fortyone, in Ash-on-Sea."]).same == 1
    assert compare(page, copy, carried, ["At forty-", "one, in Ash-on-Sea."]).same == 0
