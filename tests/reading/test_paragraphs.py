from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.reading.paragraphs import is_ended, paragraphs


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in paragraphs(text)]


WRAPPED = """\
It was the week before the lamps were lit that I first went up to the
tower, and found that the keeper had gone. Nobody in the village could
say where, or would.

The next day it rained, and the road to the tower was closed until the
evening.
"""


def test_wrapped_lines_are_joined():
    first, second = texts(WRAPPED)
    assert first.endswith("Nobody in the village could say where, or would.")
    assert second.startswith("The next day it rained, and the road to the tower was closed until")


def test_a_line_a_paragraph_where_nothing_is_wrapped():
    long = "A sentence that goes on for quite a while, as such sentences do. " * 4
    assert len(texts(f"{long}\n{long}\n{long}")) == 3


def test_short_lines_stay_apart_where_the_next_word_would_have_fitted():
    assert texts(f"{WRAPPED}\nHome\nNews\nSport\n")[2:] == ["Home", "News", "Sport"]


def test_a_line_in_small_letters_goes_on_with_the_one_above():
    assert texts("Feel like the world\nis falling apart?") == [
        "Feel like the world is falling apart?"
    ]


def test_lines_set_in_begin_paragraphs():
    text = (
        "The first one begins here and runs on to the end of this line\n"
        "and further, until it stops in the middle of another line, so.\n"
        "  The second one is set in by two spaces, as in a printed book,\n"
        "and runs on in the same way until there is no more to be said.\n"
        "A fifth line keeps most of them from being set in, as it must.\n"
    )
    assert [t.split()[1] for t in texts(text)] == ["first", "second"]


def test_a_word_divided_at_the_end_of_a_line_is_made_whole():
    text = WRAPPED.replace("tower, and found that", "re-\nnowned tower, and found that")
    assert "the renowned tower" in texts(text)[0]


def test_a_compound_keeps_its_hyphen():
    text = "They say that the well-known keeper, who is as I say a well-\nknown man, has gone away."
    assert texts(text) == [text.replace("\n", "")]


def test_parts_that_are_words_of_the_text_keep_their_hyphen():
    text = (
        "The wind power of the north, and wind of the south, and power lines, are old wind-\n"
        "power things."
    )
    assert "old wind-power things" in texts(text)[0]


def test_lists_with_dashes_and_numbers():
    assert kinds("- one\n- two\n  goes on\n\n1. first\n2. second") == [
        ("bullet", "one"),
        ("bullet", "two goes on"),
        ("number", "first"),
        ("number", "second"),
    ]


def test_a_dash_alone_is_dialogue():
    assert kinds("- No, I said.\n\nThen I left.")[0] == ("text", "- No, I said.")


def test_a_number_alone_is_part_of_a_heading():
    assert kinds("1. The beginning\n\nIt began.")[0] == ("text", "1. The beginning")


def test_a_bullet_alone_is_a_list():
    assert kinds("• A single thing") == [("bullet", "A single thing")]


def test_quotations_marked_as_in_mail():
    assert kinds("> We are keepers,\n> he wrote.\n>\n> So it goes.") == [
        ("quote", "We are keepers, he wrote."),
        ("quote", "So it goes."),
    ]


def test_headings_with_marks_and_underlined():
    assert kinds("# One #\n\nTwo\n===\n\nThree\n-----\nText.") == [
        ("heading", "One"),
        ("heading", "Two"),
        ("heading", "Three"),
        ("text", "Text."),
    ]
    assert [p.level for p in paragraphs("# One\n\nTwo\n===\n\nThree\n---")] == [1, 1, 2]


def test_rows_of_stars_part_sections():
    assert [kind for kind, _ in kinds("A.\n\n* * *\n\nB.\n\n⁂\n\nC.\n\n-----\n\nD.")] == [
        *("text", "rule", "text", "rule", "text", "rule", "text")
    ]


def test_traces_of_markdown_are_taken_away():
    assert texts("|Story| by **Ann Lee**, see [the site](https://a.example/x).") == [
        "Story by Ann Lee, see the site."
    ]
    assert kinds("![A lamp](lamp.jpg)") == [("image", "A lamp")]


def test_chinese_lines_are_joined_without_a_space():
    assert (
        texts("这是第一行文字而且它一直写到这里\n为止然后继续。" + "\n\n" + "短")[0].count(" ") == 0
    )


def test_what_ends_a_sentence():
    for text in ("Yes.", "Yes!”", "Yes?)", "Yes…", "he said:", "Yes.[2]", "是。"):
        assert is_ended(text), text
    for text in ("READ MORE", "the occupied", "a, b,", "2022"):
        assert not is_ended(text), text


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("aZ é-–•*>#=|[]()_.:\n 1“\t日"), max_size=300))
def test_no_letter_is_lost_whatever_the_text(text: str):
    def letters(text: str) -> list[str]:
        return [c for c in text if c.isalpha()]

    links = any(mark in text for mark in "[](")
    found = letters("".join(texts(text)))
    assert found == letters(text) or links


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=500))
def test_any_text_is_read(text: str):
    assert all(p.text or p.kind in ("rule", "image") for p in paragraphs(text))


def test_an_item_that_counts_on_with_a_list_is_one_of_it():
    found = kinds("1. Work.\n2. Boil.\n\nStir.\n\n3. Eat.\n\nRest.\n\n7. The end\n")
    assert ("number", "Eat.") in found
    assert ("text", "7. The end") in found
