from audiostory.reading.joining import divides, join_lines, words_of

NONE = words_of("")


def test_a_word_that_a_line_end_divides_is_made_whole():
    assert join_lines("It was re-", "nowned.", NONE) == "It was renowned."
    assert join_lines("It was res‐", "tored.", NONE, divides=False) == "It was restored."


def test_where_no_word_is_divided_a_hyphen_is_a_words_own():
    assert (
        join_lines("quatre-vingt-", "quatre ans", NONE, divides=False) == "quatre-vingt-quatre ans"
    )
    assert join_lines("for forty-", "one years", NONE, divides=False) == "for forty-one years"


def test_words_are_divided_where_many_lines_end_in_hyphens():
    line = "A line that is as long as others are"
    assert divides([line, f"{line} in-"] * 4)
    assert not divides([line] * 200 + [f"{line} forty-"] * 3)
    assert not divides([line, f"{line} forty-"])
