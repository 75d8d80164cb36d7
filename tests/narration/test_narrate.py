"""What is said, by whom, with which cues and pauses: the goldens are for reading."""

from __future__ import annotations

from audiostory.narration import narrate, script_as_text
from tests.narration.helpers import PROFILES, article, profile, script_of, texts

STORY = """<h1>The long way home</h1>
<p>“Come in,” she said. It was a “cold” day.</p>
<h2>Later</h2>
<blockquote><p>Rain fell.</p><p>It stopped.</p></blockquote>
<ul><li>One.</li><li>Two.</li></ul>
<figure><img src="a.png" alt="A wet street"><figcaption>Monday</figcaption></figure>
<table><caption>Rain</caption><tr><th>Day</th><th>mm</th></tr><tr><td>Mon</td><td>3</td></tr></table>"""


def narrated(name: str) -> str:
    return script_as_text(*narrate(article(STORY), profile(name)))


def test_the_profile_news_has_a_second_voice_for_others_and_sounds_for_structure() -> None:
    assert (
        narrated("news")
        == """\
The long way home
en, story.html

[heading, chapter level 1]
  … 300 ms
  ♪ heading-1 -6 dB
  … 250 ms
  male: The long way home
  … 700 ms

[paragraph]
  female (direct): “Come in,”
  … 150 ms
  male: she said.
  male: It was a
  male (fragment): “cold”
  male: day.
  … 1500 ms

[heading, chapter level 2]
  ♪ heading-2 -6 dB
  … 250 ms
  male: Later
  … 700 ms

[blockquote]
  ♪ quote-open -6 dB
  … 200 ms
  female (block): Rain fell.
  … 500 ms

[blockquote]
  female (block): It stopped.
  … 200 ms
  ♪ quote-close -6 dB
  … 700 ms

[listitem]
  male: One.
  … 300 ms

[listitem]
  male: Two.
  … 700 ms

[image]
  ♪ figure -8 dB
  … 200 ms
  male (announcement): Image:
  male: A wet street
  … 500 ms

[caption]
  male (announcement): Caption:
  male: Monday
  … 700 ms

[caption]
  male (announcement): Table, 2 columns, one row.
  … 500 ms
  male (announcement): Caption:
  male: Rain
  … 500 ms

[row]
  male (announcement): Columns:
  … 250 ms
  male: Day
  … 250 ms
  male: mm
  … 400 ms

[row]
  male (announcement): Day:
  male: Mon
  … 250 ms
  male (announcement): mm:
  male: 3
  … 400 ms
  male (announcement): End of table.
  … 700 ms

29 words: 29 spoken, 0 omitted.
"""
    )


def test_the_profile_plain_has_one_voice_and_pauses_only() -> None:
    assert (
        narrated("plain")
        == """\
The long way home
en, story.html

[heading, chapter level 1]
  … 300 ms
  male: The long way home
  … 700 ms

[paragraph]
  male (direct): “Come in,”
  male: she said.
  male: It was a
  male (fragment): “cold”
  male: day.
  … 1500 ms

[heading, chapter level 2]
  male: Later
  … 700 ms

[blockquote]
  male (block): Rain fell.
  … 500 ms

[blockquote]
  male (block): It stopped.
  … 700 ms

[listitem]
  male: One.
  … 300 ms

[listitem]
  male: Two.
  … 700 ms

[image]
  male: A wet street
  … 500 ms

[caption]
  male: Monday
  … 700 ms

[caption]
  male: Rain
  … 500 ms

[row]
  male: Day
  … 250 ms
  male: mm
  … 400 ms

[row]
  male (announcement): Day:
  male: Mon
  … 250 ms
  male (announcement): mm:
  male: 3
  … 700 ms

29 words: 29 spoken, 0 omitted.
"""
    )


def test_the_profile_announce_has_words_in_place_of_sounds() -> None:
    assert (
        narrated("announce")
        == """\
The long way home
en, story.html

[heading, chapter level 1]
  … 300 ms
  male (announcement): Heading.
  … 200 ms
  male: The long way home
  … 700 ms

[paragraph]
  female (direct): “Come in,”
  … 150 ms
  male: she said.
  male: It was a
  male (fragment): “cold”
  male: day.
  … 1500 ms

[heading, chapter level 2]
  male (announcement): Heading.
  … 200 ms
  male: Later
  … 700 ms

[blockquote]
  male (announcement): Quote.
  female (block): Rain fell.
  … 500 ms

[blockquote]
  female (block): It stopped.
  male (announcement): End of quote.
  … 700 ms

[listitem]
  male (announcement): List of 2 items.
  … 300 ms
  male: One.
  … 300 ms

[listitem]
  male: Two.
  … 300 ms
  male (announcement): End of list.
  … 700 ms

[image]
  male (announcement): Image:
  male: A wet street
  … 500 ms

[caption]
  male (announcement): Caption:
  male: Monday
  … 700 ms

[caption]
  male (announcement): Table, 2 columns, one row.
  … 500 ms
  male (announcement): Caption:
  male: Rain
  … 500 ms

[row]
  male (announcement): Columns:
  … 250 ms
  male: Day
  … 250 ms
  male: mm
  … 400 ms

[row]
  male (announcement): Day:
  male: Mon
  … 250 ms
  male (announcement): mm:
  male: 3
  … 400 ms
  male (announcement): End of table.
  … 700 ms

29 words: 29 spoken, 0 omitted.
"""
    )


def test_guillemets_stay_with_what_they_quote_though_spaces_part_them():
    text = (
        "« Je réponds à tout le monde », dit-il, « même aux mouettes. » "
        "On parle d’un « petit miracle » ici. Depuis 1998, M. Le Gall répond."
    )
    script = script_of(article(f"<h1>T</h1><p>{text}</p>", "fr"), profile("news"))
    assert [
        (f"{u.lead}{u.text}{u.trail}".strip(), u.quote) for u in script.passages[1].utterances
    ] == [
        ("« Je réponds à tout le monde »", "direct"),
        (", dit-il,", None),
        ("« même aux mouettes. »", "direct"),
        ("On parle d’un", None),
        ("« petit miracle »", "fragment"),
        ("ici.", None),
        ("Depuis 1998, M. Le Gall répond.", None),
    ]


def test_items_of_an_ordered_list_have_their_numbers():
    lists = "<ol start=3><li>a</li><li>b</li></ol><ol reversed><li>c</li><li>d</li></ol>"
    script = script_of(article(f"<h1>T</h1>{lists}"), profile("plain"))
    assert texts(script)[1:] == ["3.", "a", "4.", "b", "2.", "c", "1.", "d"]


def test_a_cell_without_words_is_said_to_be_empty_and_its_dash_joins_no_number():
    table = "<tr><th>Cost</th><th>Lost</th></tr><tr><td>–</td><td>3.5</td></tr>"
    script = script_of(article(f"<h1>T</h1><table>{table}</table>"), profile("news"))
    row = script.passages[2].utterances
    said = [(u.lead + u.text).strip() for u in row]
    assert said == ["Cost:", "empty", "Lost:", "3.5", "End of table."]


def test_the_text_for_a_person_names_a_language_that_is_not_the_articles():
    source = article("<h1>T</h1><p>It is <em lang=fr>au revoir</em>, then.</p>")
    assert "male (fr): au revoir" in script_as_text(*narrate(source, profile("plain")))


def test_a_full_stop_after_a_quotation_stays_with_it():
    text = "Dice: «Y era una voz muy amable, sí». La voz es la de una maestra."
    script = script_of(article(f"<h1>T</h1><p>{text}</p>", "es"), profile("news"))
    said = [f"{u.lead}{u.text}{u.trail}".strip() for u in script.passages[1].utterances]
    assert said == ["Dice:", "«Y era una voz muy amable, sí».", "La voz es la de una maestra."]


def test_an_image_without_a_description_is_not_announced():
    figure = '<figure><img src="a.png" alt=""><figcaption>Monday</figcaption></figure>'
    for name in PROFILES:
        assert "Image:" not in texts(script_of(article(f"<h1>T</h1>{figure}"), profile(name)))


def test_an_opening_mark_goes_with_what_it_opens():
    script = script_of(
        article("<h1>T</h1><p>彼は「ここへ来てください。」と言った。</p>", "ja"), profile("news")
    )
    said = [f"{u.lead}{u.text}{u.trail}" for u in script.passages[1].utterances]
    assert said == ["彼は", "「ここへ来てください。」", "と言った。"]
