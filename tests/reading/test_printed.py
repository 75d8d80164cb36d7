"""Lines of pages that browsers printed, as pdftotext writes them down."""

from __future__ import annotations

from collections import Counter
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from audiostory.reading.paragraphs import paragraphs
from audiostory.reading.printed import headed, is_one, parted, stretches
from audiostory.reading.text import parse_text

WIDTH = 73.8  # of this page, in average letters

PROSE = [
    "A las doce y cuatro minutos del lunes, el notario leyó en voz alta la última cifra y",
    "nadie levantó la mano. El faro de Punta Clara, apagado desde 2019, pertenece",
    "desde ayer a los vecinos del pueblo.",
    "«Durante cien años nos dijo dónde estaba la costa», declaró Marisa Ontañón,",
    "presidenta de la cooperativa. «Lo menos que podíamos hacer era decirle nosotros",
    "que seguimos aquí».",
]


def groups(*lines: str) -> list[str]:
    marked = (line for line in lines if line.strip()[:2] in ("1.", "2."))
    marks = set(marked)
    return [
        " ".join(line.strip() for line in group)
        for group, _ in parted(lines, WIDTH, lambda line: "number" if line in marks else "")
    ]


def test_a_paragraph_ends_where_the_next_word_would_have_fitted():
    first, second = groups(*PROSE)
    assert first.endswith("del pueblo.")
    assert second.startswith("«Durante")


def test_items_are_apart_though_their_bullets_were_drawn():
    items = [
        "daba derecho a tres cosas:",
        "     subir a la linterna;",
        "     votar;",
        "     y ver.",
    ]
    assert groups(*items) == [item.strip() for item in items]


def test_what_is_set_in_has_a_column_of_its_own():
    assert groups(
        "    ¿Solo? Tengo dos mil trescientos dueños. El problema va a ser la",
        "    cafetera.",
    ) == ["¿Solo? Tengo dos mil trescientos dueños. El problema va a ser la cafetera."]


def test_an_item_goes_on_below_its_text_and_what_is_set_in_further_does_not():
    assert groups(
        "  1. We forgot that people delete apps. A log without a device is read",
        "     after a year.",
        "          the snapshot is one entry a note;",
        "  2. The end.",
    ) == [
        "1. We forgot that people delete apps. A log without a device is read after a year.",
        "the snapshot is one entry a note;",
        "2. The end.",
    ]


def test_a_headline_is_parted_from_what_stands_below_it_in_smaller_type():
    lines = [
        "Los vecinos de Punta Clara compran",
        "su faro",
        "El Estado lo sacó a subasta por 180.000 euros. Lo han pagado 2.300",
        "personas, y una de ellas vivirá dentro.",
    ]
    assert headed(lines) == 2
    assert headed(lines[:2]) == 2
    assert headed(lines[1:]) == 1
    assert headed(lines[:1]) == 0


def test_a_standfirst_of_two_sentences_is_one():
    lines = [
        "В Заречье открыли мост, по",
        "которому нельзя ехать",
        "Пешеходную переправу через Ольшанку строили четыре года.",
        "На открытие пришли все, кроме тех, кто её проектировал.",
    ]
    assert headed(lines) == 2


def test_a_poem_in_small_letters_is_verse_and_a_list_is_not():
    above = "À l’entrée, un ancien élève a peint quelques vers :"
    poem = [
        "Passant, secoue ton parapluie,",
        "ici l’on ne perd pas une goutte ;",
        "le ciel nous a prêté sa pluie,",
        "et nous la gardons, coûte que coûte.",
    ]
    items = ["l’heure de la première goutte ;", "la direction du vent ;", "ce que font les gens."]
    assert list(stretches([above, *poem], WIDTH)) == [([above], "prose"), (poem, "verse")]
    assert list(stretches([above, *items], WIDTH)) == [([above, *items], "prose")]


@given(st.lists(st.text("aé .,;:?Б1-", min_size=1).filter(str.strip), max_size=30))
def test_every_line_is_kept_in_its_order(lines: list[str]):
    found = parted(lines, WIDTH, lambda line: "rule" if line[:1] == "1" else "")
    assert [line for group, _ in found for line in group] == lines
    assert [line for run, _ in stretches(lines, WIDTH) for line in run] == lines
    assert 0 <= headed(lines) <= len(lines)


def test_no_word_of_a_printed_page_is_lost():
    text = "\n".join(PROSE * 4)
    read = " ".join(paragraph.text for paragraph in paragraphs(text))
    assert Counter(read.split()) == Counter(text.split())
    assert len(paragraphs(text)) == 8


def test_nothing_goes_on_below_a_row_of_stars():
    text = "\n".join([*PROSE * 2, "* * *", "   And then", "the tower fell.", *PROSE])
    kinds = [(p.kind, p.text) for p in paragraphs(text)]
    assert ("rule", "* * *") in kinds
    assert any(text.startswith("And then") for kind, text in kinds if kind == "text")


def test_lines_of_a_program_are_code():
    above = "The whole of the merge is a sort and a loop:"
    code = [
        "def merge(logs):",
        "    notes = {}",
        "    for entry in logs:",
        "        notes[entry] = 1",
    ]
    assert list(stretches([above, *code], WIDTH)) == [([above], "prose"), (code, "code")]


def test_where_pdftotext_made_one_line_of_two_its_second_half_counts():
    long = f"{PROSE[0]} quatre-vingtquatre ans, les connaît un par un."
    assert groups(long, *PROSE) == [long, *groups(*PROSE)]


def test_a_block_in_bold_type_is_one_paragraph_where_empty_lines_part_them():
    question = ["La direction veut remplacer votre bateau par un drone.", "Qu’en pensez-vous ?"]
    assert is_one(question, 62, lambda _: "")
    assert not is_one(["— " + question[0], "— Qu’en pensez-vous ?"], 62, lambda _: "")
    assert not is_one(["Une question", "Qu’en pensez-vous ?"], 62, lambda _: "")


def test_many_lines_are_read_in_time():
    lines = [PROSE[0], f"    {PROSE[1]}", "    cafetera.", "1. uno", "x = [1];"] * 3000
    start = process_time()
    assert paragraphs("\n".join([*PROSE * 3, *lines]))
    assert paragraphs("\n".join([*PROSE * 3, *["    word and word"] * 10_000]))
    assert process_time() - start < 15


def test_a_word_below_a_full_line_is_no_menus_though_menus_have_it():
    lines = [*PROSE * 3, "", f" 1. {PROSE[0]}", "    copia.", " 2. Uno."]
    found = paragraphs("\n".join(lines), lambda line: line.strip() == "copia.")
    assert [p.text[-6:] for p in found if p.kind == "number"] == ["copia.", "Uno."]


def test_where_no_heading_has_an_empty_line_above_one_may_have_none():
    lines = ["Headline", "Por Ana Lera", "", *PROSE, "Una noche", *PROSE, "El farero", *PROSE]
    root = parse_text("\n".join(lines), "es").root
    assert [h.text for h in root.iter("h2")] == ["Una noche", "El farero"]
    lines.insert(lines.index("El farero"), "")
    root = parse_text("\n".join(lines), "es").root
    assert [h.text for h in root.iter("h2")] == ["El farero"]
