"""What is broken in a producer's script is found with its line, and loses no text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audiostory.reading.markup import check_markup
from tests.narration.helpers import assert_linear

SOUND = """<!DOCTYPE html>
<html lang="en"><!-- Help: <p hidden>…</p> --><head><title>Five < six</title></head>
<body><article>
<p>One<br>two <img src="a.png" alt="a > b"> <q class='direct'>“three”</q>
<p>Four</p><ul><li>Five<li>Six</ul>
</article></body></html>"""


def problems(text: str) -> list[tuple[int, str]]:
    return check_markup(text).problems


def test_nothing_is_wrong_with_a_sound_page() -> None:
    markup = check_markup(SOUND)
    assert (markup.text, markup.problems, markup.commented) == (SOUND, [], [])


def test_an_end_tag_in_capitals_is_one() -> None:
    assert problems("<article><STYLE>a > b</STYLE><p>x</b></p></article>") == [
        (1, "</b> closes nothing")
    ]


def test_an_element_that_is_not_closed() -> None:
    assert problems('<article>\n<p>He said: <span class="u">Come in.</p>\n</article>') == [
        (2, "<span> is not closed")
    ]


def test_what_a_new_paragraph_closes_is_not_closed() -> None:
    assert problems("<p>one <q>two\n<p>three</p>") == [(1, "<q> is not closed")]


def test_an_end_tag_that_closes_nothing() -> None:
    assert problems("<p>one</p>\n\n<p>two</q></p>") == [(3, "</q> closes nothing")]


def test_a_block_that_is_open_at_the_end() -> None:
    assert problems("<article>\n<blockquote><p>one</p>\n</article>") == [
        (2, "<blockquote> is not closed")
    ]


def test_a_tag_without_its_end_is_text() -> None:
    markup = check_markup("<p>one</p>\n<p <span>two</span></p>")
    assert markup.problems[0] == (2, "a tag is not closed with >: it is read as text")
    assert markup.text == "<p>one</p>\n&lt;p <span>two</span></p>"


def test_a_quotation_mark_that_never_closes_is_text() -> None:
    markup = check_markup('<p>one</p><span class="u>two, three and the rest')
    assert markup.text == '<p>one</p>&lt;span class="u>two, three and the rest'


def test_a_sign_of_less_than_is_no_tag() -> None:
    assert problems("<p>3 < 4 <5</p>") == []


def test_what_is_commented_out_of_the_article_is_known() -> None:
    text = (
        "<!-- <p>help</p> --><article><p>One.</p><!-- <p>Two &amp; <q>three</q>.</p> --></article>"
    )
    assert check_markup(text).commented == ["Two & three."]


def test_a_note_in_a_comment_is_nobodys_text() -> None:
    assert check_markup("<article><!-- ask Ann --><p>One.</p></article>").commented == []


def test_a_comment_that_is_not_closed() -> None:
    markup = check_markup("<article><p>One.</p>\n<!-- <p>Two.</p></article>")
    assert (2, "a comment is not closed with -->") in markup.problems
    assert markup.commented == ["Two."]


@given(st.text(alphabet="<>/!-='\" abpq\n", max_size=200))
def test_any_text_can_be_checked_and_only_gets_longer(text: str) -> None:
    assert check_markup(text).text.replace("&lt;", "<") == text


def test_checking_is_linear_in_the_text() -> None:
    for piece in ("<", "<a ", '<a "', "<a '\"", "<!--", "</q>", "<q>", "<p><q>", "<style>", "\n"):
        assert_linear(lambda amount, piece=piece: check_markup(piece * amount), 80_000)
