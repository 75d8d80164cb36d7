import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostory.speech.pieces import pieces


@given(st.text(alphabet="ab. !。」，\n", max_size=200), st.integers(1, 50))
def test_pieces_are_short_enough_and_together_the_text(text, most):
    found = list(pieces(text, most))
    assert "".join(found) == text
    assert all(len(piece) <= most for piece in found)


def test_a_sentence_is_not_cut_where_one_ends_in_time():
    text = "One is short. Two is not much longer. Three."
    assert list(pieces(text, 40)) == ["One is short. Two is not much longer. ", "Three."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他走了。她没有走！谁知道呢？没有人。", ["他走了。她没有走！", "谁知道呢？没有人。"]),
        ("「もう帰ろう。」と言った。雨だった。", ["「もう帰ろう。」", "と言った。雨だった。"]),
        ("一二三四，五六七八九十一二三", ["一二三四，", "五六七八九十一二三"]),
        ("Value 3.14159 is pi and so", ["Value ", "3.14159 is ", "pi and so"]),
    ],
)
def test_text_without_spaces_is_cut_after_its_stops(text, expected):
    assert list(pieces(text, 11)) == expected
