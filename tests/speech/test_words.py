from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audiostory.speech.words import word_marks, written_words


def words(text: str) -> list[str]:
    return [text[offset : offset + length] for offset, length in written_words(text)]


def test_a_written_word_has_no_punctuation_around_it() -> None:
    text = '"It\'s $5.3bn," she said — a well-known 50% rise… (AT&T) 😀'
    expected = ["It's", "$5.3bn", "she", "said", "a", "well-known", "50%", "rise", "AT&T", "😀"]
    assert words(text) == expected


def test_han_and_kana_are_marked_singly() -> None:
    assert words("人人 カナ, ok") == ["人", "人", "カ", "ナ", "ok"]


def test_the_first_event_of_a_word_counts() -> None:
    marks = word_marks("in 2022 again", [(0, 0.0), (3, 0.5), (4, 0.7), (4, 0.9), (8, 1.5)], 2.0)
    assert [mark.begin_s for mark in marks] == [0.0, 0.5, 1.5]


def test_a_word_without_an_event_begins_between_its_neighbours() -> None:
    marks = word_marks("one of the five", [(0, 0.0), (11, 1.1)], 2.0)
    assert [round(mark.begin_s, 6) for mark in marks] == [0.0, 0.4, 0.7, 1.1]


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-2, 70), st.floats(0, 9)), max_size=12),
    st.floats(0.1, 9),
)
def test_marks_are_in_order_and_inside(
    text: str, events: list[tuple[int, float]], duration_s: float
) -> None:
    marks = word_marks(text, events, duration_s)
    begins = [mark.begin_s for mark in marks]
    assert begins == sorted(begins)
    assert all(0 <= begin <= duration_s for begin in begins)
    assert [(mark.offset, mark.length) for mark in marks] == written_words(text)
