from audiostory.model import Respelling
from audiostory.narration.speakable import Replacement, first_of_each, respelt


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
