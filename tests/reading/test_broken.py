from time import process_time

from audiostory.reading.broken import rejoined
from audiostory.reading.furniture import page_words
from audiostory.reading.paragraphs import Paragraph, words_of


def join(*texts: str, language: str = "en") -> list[str]:
    found = [Paragraph(text, block=number) for number, text in enumerate(texts)]
    return [p.text for p in rejoined(found, page_words(language), words_of(" ".join(texts)))]


def test_a_sentence_that_goes_on_in_small_letters_is_joined():
    assert join("The keeper of the light went", "out.") == ["The keeper of the light went out."]


def test_bylines_and_dates_are_never_joined():
    for language, texts in (
        ("en", ("What the keeper of the lamp says", "by Robert Lee")),
        ("es", ("Lo que dice el guardián del faro", "el 3 de mayo de 2024")),
    ):
        assert join(*texts, language=language) == list(texts)


def seconds(count: int) -> float:
    body = [Paragraph("the lamp is lit by nobody and", block=n) for n in range(count)]
    words, vocabulary, start = page_words("en"), words_of("the lamp"), process_time()
    assert len(rejoined(body, words, vocabulary)) == 1
    return process_time() - start


def test_joining_takes_no_more_than_the_time_of_its_pieces():
    few = min(seconds(5_000) for _ in range(3))
    assert seconds(40_000) < 24 * few
