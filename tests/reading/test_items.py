from audiostory.reading.items import listed
from audiostory.reading.paragraphs import Paragraph


def kinds(*texts: str, block: int = 0) -> list[str]:
    return [p.kind for p in listed([Paragraph(text, block=block) for text in texts])]


def test_lines_with_quantities_are_a_list():
    assert kinds("200 g flour", "3 eggs", "a pinch of salt", "½ tsp soda") == ["bullet"] * 4


def test_the_heading_below_ingredients_is_no_ingredient():
    assert kinds("200 g flour", "3 eggs", "salt", "Method", "Beat the eggs.") == [
        *("bullet", "bullet", "bullet", "text", "text")
    ]


def test_short_lines_after_a_colon_are_a_list():
    assert kinds("You need:", "a pen", "a lamp", "a boat") == ["text", *["bullet"] * 3]


def test_times_years_and_sentences_are_no_quantities():
    assert kinds("10:15", "11:20", "12:40") == ["text"] * 3
    assert kinds("1911 was wet.", "1912 was dry.", "1913 was neither.") == ["text"] * 3
    assert kinds("2019 lamps", "2020 quays", "2021 boats") == ["text"] * 3


def test_a_line_alone_is_no_list():
    assert kinds("200 g flour") == ["text"]
