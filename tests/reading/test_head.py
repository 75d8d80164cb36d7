from audiostory.reading.furniture import page_words
from audiostory.reading.head import head_length, headline_at
from audiostory.reading.paragraphs import Paragraph
from audiostory.reading.plain import read_text

PROSE = (
    "The council met on Tuesday to decide what should become of the lamp, which has stood "
    "on the quay since 1911 and belongs to nobody in particular."
)


def lines(*texts: str) -> list[Paragraph]:
    return [Paragraph(text, block=number) for number, text in enumerate(texts)]


def headline(*texts: str) -> str:
    return texts[headline_at(lines(*texts), len(texts), page_words("en"), {0})]


def test_a_short_headline_above_its_standfirst():
    standfirst = "Fireflies have come back to a valley that everybody had given up for good"
    assert headline("Home", "Slow lights", standfirst, "By Ann Lee") == "Slow lights"


def test_a_section_that_the_menu_names_too_is_no_headline():
    standfirst = "Fireflies have come back to a valley that everybody had given up for good"
    assert headline("Home", "Slow News", "Sport", "Slow News", standfirst) == standfirst


def test_a_first_paragraph_that_is_too_long_is_no_headline():
    assert head_length(lines("lamp " * 60, PROSE), page_words("en")) == 0


def test_a_byline_below_a_long_standfirst_is_in_the_head():
    assert head_length(lines("The lamp", PROSE, "By Ann Lee", PROSE), page_words("en")) == 3
    assert head_length(lines("The lamp", PROSE, "3 March 1911", PROSE), page_words("en")) == 1


def test_two_names_above_a_date_are_the_authors():
    head = "The ferry that would not sink\n\nAnn Lee; Bo Chan\n\n2024-05-06\n\n"
    text = head + "It floats on. " * 30
    assert read_text(text.encode(), "ferry.txt").authors == ("Ann Lee", "Bo Chan")
