from audiostory.model import Respelling
from audiostory.narration.speakable import Replacement, first_of_each, respelt
from tests.narration.helpers import assert_linear


def test_replacements_are_made_and_remember_where_they_stood():
    made = respelt(
        "From $5 to £6!", [Replacement(5, 7, "5 dollars"), Replacement(11, 13, "6 pounds")]
    )
    assert made == (
        "From 5 dollars to 6 pounds!",
        (Respelling(5, 7, 5, 14), Respelling(11, 13, 18, 26)),
    )


def test_of_replacements_that_overlap_the_earlier_source_wins():
    lexicon = [Replacement(2, 6, "A")]
    numbers = [Replacement(0, 3, "B"), Replacement(6, 8, "C")]
    assert [r.said for r in first_of_each(lexicon, numbers)] == ["A", "C"]


def test_three_sources_take_what_is_left_in_the_order_of_the_text():
    sources = [
        [Replacement(4, 6, "A")],
        [Replacement(0, 2, "B"), Replacement(5, 7, "C")],
        [Replacement(1, 3, "D"), Replacement(2, 4, "E"), Replacement(6, 8, "F")],
    ]
    assert [r.said for r in first_of_each(*sources)] == ["B", "E", "A", "F"]


def test_many_replacements_take_time_in_proportion():
    def work(size: int) -> object:
        every = [Replacement(at, at + 1, "") for at in range(0, size, 2)]
        other = [Replacement(at, at + 2, "") for at in range(0, size, 3)]
        return list(first_of_each(every, other))

    assert_linear(work, 80_000)
