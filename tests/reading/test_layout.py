import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostory.reading.layout import unpaged

LEFT = [
    "   The society was founded by a",
    "doctor who had been told that he",
    "had six months to live. He lived",
    "for forty years, and walked to",
    "his own funeral at his leisure.",
]
RIGHT = [
    "Its rules are few. Nobody may",
    "arrive first, and a member who",
    "sees another is required to look",
    "at a tree, of which the town has",
    "planted a good many.",
]


def side_by_side(left: list[str], right: list[str]) -> str:
    return "\n".join(f"{one:<36}{other}" for one, other in zip(left, right, strict=True))


def test_columns_side_by_side_are_read_one_after_the_other():
    text, omissions = unpaged(side_by_side(LEFT, RIGHT))
    assert [line for line in text.split("\n") if line] == [*LEFT, *RIGHT]
    assert not omissions


def test_what_stands_above_and_below_columns_stays_there():
    text, _ = unpaged(
        f"THE SOCIETY OF SLOW WALKERS, ITS FOUNDER AND ITS RULES\n\n{side_by_side(LEFT, RIGHT)}"
        "\n\nAll of this was written down in a book that lies in the hall for everyone to see."
    )
    lines = [line for line in text.split("\n") if line]
    assert lines[0].startswith("THE SOCIETY")
    assert lines[1:6] == LEFT
    assert lines[6:11] == RIGHT
    assert lines[11].startswith("All of this")


def test_three_columns():
    three = side_by_side(
        [line.strip() for line in LEFT], side_by_side(RIGHT, [f"{r} x" for r in RIGHT]).split("\n")
    )
    text, _ = unpaged(three)
    words = text.split()
    assert words == " ".join([*LEFT, *RIGHT, *(f"{r} x" for r in RIGHT)]).split()


@pytest.mark.parametrize(
    "text",
    [
        "Name        Age     Town\n" + "Ann         41      Leck\n" * 8,
        "The lamp  was lit.\nIt stood  on the quay, and  nobody\nowned it.  " * 5,
        "    def lamp():\n        return 1\n" * 6,
    ],
)
def test_tables_and_loose_text_are_no_columns(text: str):
    assert unpaged(text) == (text, ())


def pages(*bodies: str, head: str = "Annals of Lamps {n}", foot: str = "") -> str:
    made = [
        f"{head.format(n=n)}\n\n{body}\n\n{foot.format(n=n)}".strip("\n")
        for n, body in enumerate(bodies, start=11)
    ]
    return "\n\f".join(made)


def test_running_heads_and_page_numbers_are_left_out_with_reasons():
    text, omissions = unpaged(pages("One.", "Two.", "Three.", foot="- {n} -"))
    assert text.split() == ["One.", "Two.", "Three."]
    assert [(o.text, o.reason) for o in omissions[:2]] == [
        ("Annals of Lamps 11", "running header"),
        ("- 11 -", "page number"),
    ]
    assert len(omissions) == 6


def test_odd_and_even_pages_may_have_heads_of_their_own():
    text, omissions = unpaged("12 Lamps\nA.\f13 Quays\nB.\f14 Lamps\nC.\f15 Quays\nD.")
    assert text.split() == ["A.", "B.", "C.", "D."]
    assert {o.reason for o in omissions} == {"running header"}


@pytest.mark.parametrize("feet", [("Page 1 of 3", "Page 2 of 3"), ("iv", "v"), ("[7]", "[8]")])
def test_page_numbers_are_known_by_counting_up(feet: tuple[str, str]):
    text, omissions = unpaged(f"It burned.\n\n{feet[0]}\fIt went out.\n\n{feet[1]}")
    assert text.split() == ["It", "burned.", "It", "went", "out."]
    assert {o.reason for o in omissions} == {"page number"}


def test_numbers_that_do_not_count_up_are_the_texts():
    text, omissions = unpaged("They had\n40\f lamps and\n12\f keepers.")
    assert not omissions
    assert text.split() == ["They", "had", "40", "lamps", "and", "12", "keepers."]


def test_headings_that_count_chapters_are_no_running_heads():
    text, omissions = unpaged("Chapter 1\nA.\fChapter 2\nB.\fC.\fChapter 3\nD.\fE.")
    assert text.count("Chapter") + len(omissions) == 3
    text, omissions = unpaged("Chapter 1\nA.\fB.\fChapter 2\nC.\fD.\fE.\fChapter 3\nF.")
    assert text.count("Chapter") == 3
    assert not omissions


def test_a_line_at_one_pages_edge_only_stays():
    text, omissions = unpaged("The lamp\n\nIt burned.\fIt went out.\fIt was mended.")
    assert "The lamp" in text
    assert not omissions


def test_a_paragraph_goes_on_over_the_page():
    one = "The lamp has stood on the quay since 1911 and belongs to"
    text, _ = unpaged(f"{one}\f\nnobody in particular, which is how they like it there.")
    assert text.startswith(f"{one}\nnobody")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 \n\f\t."), max_size=400))
def test_no_letter_is_lost_whatever_the_pages(text: str):
    found, omissions = unpaged(text)
    kept = sorted(c for c in found + "".join(o.text for o in omissions) if c.isalnum())
    assert kept == sorted(c for c in text if c.isalnum())
    assert "\f" not in found
