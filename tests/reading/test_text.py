from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from audiostory.reading.text import TextDocument, parse_text

ARTICLES = Path(__file__).parents[1] / "articles"
PROSE = (
    "The council met on Tuesday to decide what should become of the lamp, which has stood "
    "on the quay since 1911 and belongs to nobody in particular."
)
MORE = (
    "It will meet again in June, when the engineer, who was ill, is expected to say "
    "how much a new glass would cost, and the lamp can wait until then."
)


def parse(*paragraphs: str, language: str = "en") -> TextDocument:
    return parse_text("\n\n".join(paragraphs), language)


def outline(document: TextDocument) -> list[str]:
    return [
        element.tag + (f".{element.get('class')}" if element.get("class") else "")
        for element in document.root
    ]


def dump(*body: str, head: tuple[str, ...] = ("Home", "Menu", "The lamp on the quay")) -> str:
    return "\n\n".join((*head, PROSE, *body, "Contact us", "© 2024 The Quay. All rights reserved"))


def test_headline_byline_and_date_of_an_ordinary_text():
    document = parse("The lamp on the quay", "By Ann Lee and Bo Chan", "3 March 2024", PROSE, MORE)
    assert outline(document) == ["h1", "p.byline", "p.dateline", "p", "p"]
    assert document.title == "The lamp on the quay"
    assert document.authors == ("Ann Lee", "Bo Chan")
    assert document.published == datetime(2024, 3, 3, 12, tzinfo=UTC)
    assert not document.omissions


def test_a_standfirst_stands_between_headline_and_byline():
    document = parse("The lamp on the quay", "Nobody owns it.", "By Ann Lee", PROSE)
    assert outline(document) == ["h1", "p.standfirst", "p.byline", "p"]
    assert document.description == "Nobody owns it."


def test_a_text_without_a_headline_has_none():
    document = parse(PROSE, MORE)
    assert outline(document) == ["p", "p"]
    assert document.title == ""


def test_of_an_ordinary_text_nothing_is_left_out():
    document = parse("The lamp", PROSE, "He smiled.", "Home", "So did she.", "Contact")
    assert not document.omissions


def test_short_lines_over_prose_are_headings():
    document = parse("The lamp", PROSE, "What it costs", MORE, "1. The glass", PROSE, "The end")
    assert outline(document) == ["h1", "p", "h2", "p", "h2", "p", "p"]


def test_lists_quotations_images_and_breaks():
    document = parse(
        "The lamp", "- a\n- b", "1. c\n2. d", "> e\n>\n> f", "* * *", "![g](g.jpg)", PROSE
    )
    assert outline(document) == ["h1", "ul", "ol", "blockquote", "hr", "figure", "p"]
    assert len(document.root.find("blockquote")) == 2


def test_a_headline_and_the_standfirst_joined_to_it_are_parted():
    document = parse(
        "Why the town is pushing for a new lamp The council wants to buy time for a better one",
        f"{PROSE} That is the plan of the council.",
    )
    assert document.title == "Why the town is pushing for a new lamp"
    assert document.description == "The council wants to buy time for a better one"


@pytest.mark.parametrize(
    "headline",
    [
        "Why the town of Port Albert is pushing for a new lamp",
        "Why the Town of Port Albert Is Pushing for a New Lamp The Council",
        "THE LAMP ON THE QUAY OF PORT ALBERT IS NOT THE TOWN'S",
        "What I did in the summer when I was nine years old",
    ],
)
def test_a_headline_with_names_in_it_stays_whole(headline: str):
    assert parse(headline, f"{PROSE} the of albert i").title == headline


def test_what_stands_around_the_article_in_a_dump_is_left_out_with_reasons():
    document = parse_text(dump(MORE), "en")
    assert outline(document) == ["h1", "p", "p"]
    assert [(o.text, o.reason) for o in document.omissions] == [
        ("Home", "before the article"),
        ("Menu", "before the article"),
        ("Contact us", "after the article"),
        ("© 2024 The Quay. All rights reserved", "after the article"),
    ]


def test_a_box_with_another_story_is_left_out():
    document = parse_text(dump("READ MORE", "A ship comes in", "2 years ago", MORE), "en")
    assert [o.reason for o in document.omissions[2:5]] == ["related story"] * 3
    assert outline(document) == ["h1", "p", "p"]


def test_a_box_is_known_by_its_age_alone():
    document = parse_text(dump("ON THE WATER", "A ship comes in", "3 days ago", MORE), "en")
    assert [o.text for o in document.omissions[2:5]] == [
        *("ON THE WATER", "A ship comes in", "3 days ago")
    ]


def test_a_heading_below_a_box_is_the_articles():
    box = "READ MORE\nA ship comes in\nAnother goes out"
    document = parse_text(dump(box, "What it costs to keep", MORE), "en")
    boxed = [o.text for o in document.omissions if o.reason == "related story"]
    assert " ".join(boxed) == box.replace("\n", " ")
    assert outline(document) == ["h1", "p", "h2", "p"]


def test_an_age_in_small_letters_goes_on_no_other_line():
    document = parse_text(
        dump("RELATED\nA ship comes in\nan hour ago", "What it costs", MORE), "en"
    )
    assert "an hour ago" in [o.text for o in document.omissions]
    assert outline(document) == ["h1", "p", "h2", "p"]


def test_a_date_that_begins_as_a_numbered_item_does_is_a_date():
    head = "Die Lampe\nVon Eva Ott\n12. März 2025, 18:30 Uhr\nLesezeit: 4 Min."
    document = parse_text(f"{head}\n\n{PROSE}\n\nImpressum\n\n© 2025", "de")
    assert document.published is not None
    assert document.published.date().isoformat() == "2025-03-12"


def test_a_paragraph_that_a_box_broke_in_two_is_whole_again():
    first, second = MORE.split(", when ")
    document = parse_text(dump(first, "RELATED", "A ship comes in", f"when {second}"), "en")
    assert document.root[2].text == f"{first} when {second}"


def test_dialogue_is_not_joined():
    document = parse("The lamp", PROSE, "“Is it lit?”", "“It is,” said he", "“Good.”", MORE)
    assert outline(document)[1:] == ["p", "p", "h2", "p", "p"] or len(document.root) == 6


def test_credits_at_the_end_are_the_articles():
    document = parse_text(
        dump(MORE, "Story by Ann Lee", "English-language version by Sam Breeze", "NEWSLETTERS"),
        "en",
    )
    assert outline(document)[-2:] == ["p.credits", "p.credits"]
    assert document.authors == ("Ann Lee",)


def test_a_caption_with_a_photographer_is_a_caption():
    document = parse("The lamp", PROSE, "The quay at night. Photo: Ann Lee/Agency", MORE)
    assert outline(document) == ["h1", "p", "figure", "p"]
    assert document.root[2][0].tag == "figcaption"


SAID = "The mayor, Anna Berg, took the floor and told the council:"


def test_a_quotation_that_nothing_marks_ends_where_its_speaker_comes_back():
    document = parse(
        "The lamp",
        PROSE,
        SAID,
        "What would we do without it?",
        "A lamp is a promise, and we keep ours.",
        f"Berg left. {MORE}",
    )
    quote = document.root.find("blockquote")
    assert [p.text for p in quote] == [
        "What would we do without it?",
        "A lamp is a promise, and we keep ours.",
    ]


def test_a_quotation_that_nothing_marks_is_one_paragraph_when_in_doubt():
    document = parse("The lamp", PROSE, SAID, "It is a promise.", MORE, "The meeting went on.")
    assert [p.text for p in document.root.find("blockquote")] == ["It is a promise."]


@pytest.mark.parametrize(
    "following", ["“It is a promise,” and sat down again.", "- one thing\n- another thing"]
)
def test_what_has_marks_of_its_own_is_no_unmarked_quotation(following: str):
    assert parse("The lamp", PROSE, SAID, following, MORE).root.find("blockquote") is None


@pytest.mark.parametrize(
    ("name", "authors", "day"),
    [
        ("dump-english.txt", ("Harriet Dunmore",), "2024-03-03"),
        ("dump-russian.txt", ("Тимофей Лещёв",), "2024-03-03"),
    ],
)
def test_dumps_of_sites_that_nobody_made_rules_for(name: str, authors: tuple[str, ...], day: str):
    language = "ru" if "russian" in name else "en"
    document = parse_text((ARTICLES / name).read_text("utf-8"), language)
    assert document.authors == authors
    assert document.published is not None
    assert document.published.date().isoformat() == day
    assert outline(document)[:3] == ["h1", "p.standfirst", "p.byline"]
    assert outline(document)[-1] == "p.credits"
    assert outline(document).count("h2") == 2
    paragraphs = [p.text for p in document.root.iter("p") if p.get("class") is None]
    assert all(p.endswith((".", "!", "?", "”", "»")) for p in paragraphs), paragraphs


def test_an_essay_that_somebody_typed():
    document = parse_text((ARTICLES / "dump-plain.txt").read_text("utf-8"), "en")
    assert outline(document) == [
        *("h1", "p.byline", "p", "p", "h2", "p", "p", "ul", "hr", "p", "ol", "p"),
        *("blockquote", "h2", "p", "p"),
    ]
    text = etree.tostring(document.root, method="text", encoding="unicode")
    for whole in ("otherwise", "remarkable", "interrupt", "account of", "well-known comfort"):
        assert whole in text


def test_a_head_without_empty_lines_is_read_line_by_line():
    document = parse_text(
        f"""Home
News
The Eastfold Observer
Home > News > Transport
The last ferryman of the Teal hangs up his oars
After 51 years he rows his last passenger across, and a bridge takes over.
By Marta Quayle
12 April 2026, 08:40
Share
Copy link
The ferryman at the slipway on Saturday. Photo: Ben Ojo

{PROSE}

Read more: Ten walks along the Teal

{MORE}

Most read
1 Heron steals wedding ring
© 2026 Eastfold Observer Ltd""",
        "en",
    )
    assert outline(document) == ["h1", "p.standfirst", "p.byline", "p.dateline", "figure", "p", "p"]
    assert document.title == "The last ferryman of the Teal hangs up his oars"
    assert document.authors == ("Marta Quayle",)
    assert [o.reason for o in document.omissions if "Ten walks" in o.text] == ["related story"]
