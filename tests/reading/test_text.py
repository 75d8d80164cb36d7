from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from lxml import etree

from audiostory.reading.text import TextDocument, parse_text
from tests.narration.helpers import assert_linear

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


@pytest.mark.parametrize(
    ("language", "byline", "date"),
    [
        ("en", "By Anne Lee", "Published 3 May 2024"),
        ("en", "by Anne Lee", "on 3 May 2024"),
        ("de", "Von Anne Lee", "am 3. Mai 2024, 18:30 Uhr"),
        ("fr", "Par Anne Lee", "Publié le 3 mai 2024"),
        ("es", "Por Ana Gómez", "3 de mayo de 2024"),
        ("ru", "Автор: Анна Ли", "3 мая 2024, 14:05"),
        ("uk", "Автор: Ганна Лі", "3 травня 2024"),
    ],
)
def test_bylines_and_dates_join_no_line_beside_them(language: str, byline: str, date: str):
    document = parse_text(f"The lamp on the quay\n{byline}\n{date}\n\n{PROSE}", language)
    assert outline(document) == ["h1", "p.byline", "p.dateline", "p"]
    assert [e.text for e in document.root[:3]] == ["The lamp on the quay", byline, date]
    assert document.published is not None
    assert document.published.date().isoformat() == "2024-05-03"


@pytest.mark.parametrize(
    ("language", "box", "foot"),
    [
        ("en", "Related stories", "Privacy policy\nContact us"),
        ("de", "Lesen Sie auch", "Impressum\nDatenschutz"),
        ("fr", "À lire aussi", "Mentions légales\nNous contacter"),
        ("es", "Lee también", "Aviso legal\nQuiénes somos"),
        ("ru", "Читайте также", "О проекте\nПолитика конфиденциальности"),
        ("uk", "Читайте також", "Про нас\nПолітика конфіденційності"),
    ],
)
def test_boxes_and_feet_join_no_line_beside_them(language: str, box: str, foot: str):
    text = f"The lamp on the quay\n\n{PROSE}\n\n{box}\na ship comes in\n\n{MORE}\n\n{foot}"
    document = parse_text(text, language)
    assert outline(document) == ["h1", "p", "p"]
    assert [o.text for o in document.omissions] == [box, "a ship comes in", *foot.split("\n")]


def test_buttons_in_a_row_are_a_sites():
    document = parse("Seed cake", "Share\nSave\nPrint", PROSE, "2 eggs\n200 g flour\na spoon", MORE)
    assert outline(document) == ["h1", "p", "ul", "p"]
    assert [o.text for o in document.omissions] == ["Share", "Save", "Print"]


def test_a_poem_keeps_its_lines():
    document = parse(
        "The Dry Ditch\nby Robert Lee",
        "Two hedges met beside a yellow ditch,\nAnd sorry I could not fall into both\n"
        "And be one traveller, I wondered which\nWould be the drier, as I am now loth",
        "To say that I was wet for half the day.\nThe other had the better claim.",
    )
    assert outline(document) == ["h1", "p.byline", "p", "p"]
    assert [len(p.findall("br")) for p in document.root[2:]] == [3, 1]


COOKIES = (
    "My aunt baked cookies for the whole street, and the street, in return, forgave her the "
    "trumpet that she played on Sundays.",
    "You should accept all invitations in your first year, she said.",
    "“Follow us on foot,” the guides shouted, and we did, down to the harbour.",
    "Nobody here has read the terms of service of the sea.",
)


@pytest.mark.parametrize("sentence", COOKIES)
def test_a_sentence_may_speak_of_what_sites_speak_of(sentence: str):
    document = parse_text(dump(sentence, MORE), "en")
    assert [p.text for p in document.root[1:]] == [PROSE, sentence, MORE]


@pytest.mark.parametrize(
    "sentence",
    [
        "We use cookies to make your visit better.",
        "Sign up for our newsletter and get the best of the week.",
        "By continuing you accept our privacy policy and terms of service.",
    ],
)
def test_a_notice_is_a_notice_between_paragraphs_too(sentence: str):
    document = parse_text(dump(sentence, MORE), "en")
    assert [p.text for p in document.root[1:]] == [PROSE, MORE]


@pytest.mark.parametrize("heading", ["Help", "Home", "News", "Events"])
def test_a_menus_name_alone_between_paragraphs_is_a_heading(heading: str):
    document = parse_text(dump(heading, MORE), "en")
    assert outline(document) == ["h1", "p", "h2", "p"]


def test_advertisements_alone_between_paragraphs_are_left_out():
    document = parse_text(dump("Advertisement", "He smiled.", MORE), "en")
    assert outline(document) == ["h1", "p", "p", "p"]


def test_readers_comments_are_left_out_however_long():
    document = parse_text(
        dump(MORE, "Comments (2)", "ann_lee", "2 hours ago", PROSE, "Reply"), "en"
    )
    assert outline(document) == ["h1", "p", "p"]


def test_the_first_paragraph_of_5000_characters_is_no_title():
    document = parse("lamp and quay " * 400 + "no more.", PROSE)
    assert document.title == ""
    assert outline(document) == ["p", "p"]


def test_a_live_reports_times_are_headings():
    document = parse("The storm", "16:42", PROSE, "15:10", MORE)
    assert outline(document) == ["h1", "h2", "p", "h2", "p"]


def test_lists_count_from_where_they_begin():
    document = parse("The lamp", PROSE, "3. c\n4. d\n7. g\n8. h", MORE)
    lists = document.root.findall("ol")
    assert [(ol.get("start"), len(ol)) for ol in lists] == [("3", 2), ("7", 2)]


def test_words_between_marks_are_stressed():
    document = parse("The _old_ lamp", f"{PROSE} It was _very_ old, *so* old, snake_case_old.")
    assert document.title == "The old lamp"
    assert [em.text for em in document.root.iter("em")] == ["old", "very", "so"]


@pytest.mark.parametrize("between", ["\n", "\n\n", ",\n", "\f"])
def test_time_grows_no_faster_than_the_number_of_lines(between: str):
    def seconds(count: int) -> float:
        text = between.join(f"{'Aa'[n % 2]} lamp on quay {n % 7}" for n in range(count))
        start = process_time()
        parse_text(text, "en")
        return process_time() - start

    few = min(seconds(3_000) for _ in range(3))
    assert seconds(24_000) < 24 * few


def test_the_way_back_from_a_note_is_not_read():
    document = parse_text(
        "A tale of two owls\n\n1. H. Vos, Annals 12. ↩\n2. Counted. ↩\ufe0e", "en"
    )
    assert "↩" not in "".join(document.root.itertext())


@pytest.mark.parametrize("between", [" ", "\u00a0", "\t ", "· ", "- ", "[", "_a "])
def test_time_grows_no_faster_than_a_line_does(between: str):
    def read(amount: int) -> None:
        parse_text(f"The lamp\n\nA word{between * amount}and its end.\n\n{PROSE}", "en")

    assert_linear(read, 80_000)


PLEA = "Thanks for reading The Quay! Subscribe for free to receive new posts and support my work."
SHORT = "The glass was ground in Leeds. Nobody there can do it now."
FOOT = "Subscribe to The Quay\nBy Ann Lee · Launched 2 years ago\nNotes on slow things"


def lines(document: TextDocument) -> list[str]:
    return ["".join(element.itertext()) for element in document.root]


def test_short_paragraphs_below_a_plea_are_the_articles():
    document = parse("The lamp on the quay", "By Ann Lee", PROSE, PLEA, SHORT, FOOT)
    assert lines(document) == ["The lamp on the quay", "By Ann Lee", PROSE, SHORT]
    assert [o.text for o in document.omissions] == [PLEA, *FOOT.split("\n")]
    assert document.authors == ("Ann Lee",)


def test_a_heading_and_a_note_below_a_plea_are_the_articles():
    note = "1\nIn Leeds, the word is glim."
    document = parse(
        "The lamp on the quay", PROSE, PLEA, "Subscribe", "2. Glass", SHORT, note, FOOT
    )
    assert outline(document) == ["h1", "p", "h2", "p", "p", "p"]
    assert lines(document)[2:] == ["2. Glass", SHORT, *note.split("\n")]


def test_what_a_site_says_of_itself_below_its_last_plea_is_left_out():
    foot = ("Subscribe to The Quay\nA letter from people who live beside the water, on Fridays.",)
    document = parse("The lamp on the quay", PROSE, MORE, PLEA, *foot)
    assert lines(document) == ["The lamp on the quay", PROSE, MORE]


def test_a_headline_and_the_standfirst_below_it_are_two_lines():
    short = "The lamp is lit by nobody, and it has been for as long as anybody can tell us."
    document = parse(
        "The lamp on the quay we lost\nWhy Leeds kept it, and what we lose", short, PROSE
    )
    assert lines(document)[:2] == [
        "The lamp on the quay we lost",
        "Why Leeds kept it, and what we lose",
    ]


def test_a_label_above_a_date_is_of_the_date():
    head = "'I thought I would never see the lamp again'\nPublished\n12 May 2024"
    document = parse(head, "By Ann Lee", PROSE, MORE)
    assert document.title == "'I thought I would never see the lamp again'"
    assert lines(document)[1] == "Published 12 May 2024"
    assert document.published == datetime(2024, 5, 12, 12, tzinfo=UTC)


def test_a_sites_bar_is_no_headline():
    for gap in ("    ", "\t", "\u00a0\u00a0\u00a0"):
        bar = gap.join(("The Quay", "Subscribe", "Sign in"))
        document = parse(
            bar, "The quiet end of the lamp\nWhy Leeds kept it, and we not", "By Ann Lee", PROSE
        )
        assert document.title == "The quiet end of the lamp"
        assert [o.text for o in document.omissions] == ["The Quay", "Subscribe", "Sign in"]


def test_a_date_beside_a_time_of_reading_is_read():
    head = ("Home", "Menu", "Sign in", "The lamp on the quay is to be moved", "By Jo Bell")
    document = parse_text(dump(MORE, head=(*head, "4 March 2026 • 3 min read", "Share")), "en")
    assert document.published == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert "4 March 2026" in lines(document)
    assert "3 min read" in [o.text for o in document.omissions]
