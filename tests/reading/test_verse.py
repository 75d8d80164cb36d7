import pytest

from audiostory.reading.verse import is_free_verse, is_stanza, is_verse

STANZA = [
    "Two rakes that never liked each other much,",
    "A tin of nails my father meant to sort,",
    "The smell of string, the bicycle, the crutch",
    "He walked on for a week and then for sport.",
]
FREE = ["the kettle has opinions", "but keeps them", "under the lid until", "somebody listens"]
PROSE = [
    "The society was founded in 1931 by a",
    "doctor who had been told that he had",
    "six months to live and wished them to",
    "last. He lived until 1974.",
]


def test_verse():
    assert is_verse(STANZA)
    assert is_free_verse(FREE)
    assert not is_verse(FREE)
    assert is_stanza(["The rakes have made it up.", "The string is mine."])


@pytest.mark.parametrize(
    "lines",
    [
        PROSE,
        ["Home", "News", "Sport", "Contact us"],
        ["The lamp is lit.", "The keeper sleeps.", "Nobody knows."],
        ["200 g flour,", "3 Eggs, beaten", "A pinch of salt"],
        ["Acme Ltd,", "12 High Street,", "Leck"],
        [
            "Harbour cat elected by mistake",
            "Five walks that end at a shop",
            "The Sea so loud this year",
        ],
    ],
)
def test_what_is_no_verse(lines: list[str]):
    assert not is_verse(lines)
    assert not is_free_verse(lines)
