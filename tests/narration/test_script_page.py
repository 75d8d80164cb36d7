"""The script as a page: unedited it comes back the same, and an edit changes what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiostory.model import (
    Article,
    CastVoice,
    Omission,
    Pause,
    Picture,
    Respelling,
    Script,
    SoundFormat,
    Utterance,
)
from audiostory.narration import Stylesheet, narrate, script_as_html
from audiostory.narration.tree import folded
from audiostory.reading import read
from audiostory.reading.html import html_article
from audiostory.render import plan
from tests.conftest import ROOT
from tests.narration.helpers import (
    PROFILES,
    article,
    assert_linear,
    profile,
    stylesheet,
    utterances,
)
from tests.round_trip import PAGES

SMALL = "<h1>Rain</h1><p>“Come in,” she said. It was “cold”.</p><ul><li>One.</li></ul><hr>"
FIXTURES = (
    ROOT / "examples" / "night-train.html",
    *PAGES,
    *sorted((ROOT / "tests" / "articles").glob("*.*")),
)
WHO = CastVoice("silent", "voice", "en")


def page_of(source: Article, style: Stylesheet) -> str:
    return script_as_html(*narrate(source, style))


def back(page: str, style: Stylesheet) -> tuple[Article, Script]:
    return narrate(html_article(page, "a.script.html"), style)


def keys(script: Script) -> list[str]:
    return [plan(passage, lambda _: (WHO,), SoundFormat()).key for passage in script.passages]


def facts(source: Article) -> dict[str, object]:
    return {f.name: getattr(source, f.name) for f in fields(source) if f.name != "body"}


def edited(page: str, old: str, new: str) -> str:
    assert page.count(old) == 1, page
    return page.replace(old, new)


def edit(old: str, new: str, style: Stylesheet | None = None, inner: str = SMALL) -> Script:
    """The script of a small article in which a producer has changed something."""
    style = style or profile("news")
    read_back, script = back(edited(page_of(article(inner), style), old, new), style)
    assert read_back.warnings == ()
    counts = script.coverage
    assert counts.words_spoken + counts.words_omitted == counts.words_in_article
    return script


def said(script: Script) -> list[str]:
    return [u.spoken for u in utterances(script)]


# --- what the page looks like ---------------------------------------------------------------


def test_a_page_has_a_block_a_line_and_an_utterance_a_line() -> None:
    page = page_of(article(SMALL), profile("news"))
    body = re.sub("-[0-9a-f]{6}", "", page[page.index("<body>") :])
    assert (
        body
        == """\
<body>
<article id="article">
  <h1 id="h1"><span id="h1-1" class="u">Rain</span></h1>
  <p id="p">
    <q id="p-q1" class="direct">“<span id="p-1" class="u">Come in,</span>”</q>
    <span id="p-2" class="u">she said.</span>
    <span id="p-3" class="u">It was</span>
    <q id="p-q2" class="fragment">“<span id="p-4" class="u">cold</span>”</q>.
  </p>
  <ul id="ul">
    <li id="li"><span id="li-1" class="u">One.</span></li>
  </ul>
  <hr id="hr">
</article>
</body>
</html>
"""
    )


def test_its_head_says_what_is_known_and_how_to_edit_it() -> None:
    source = replace(
        article("<p>Rain.</p>"),
        title="On rain",
        authors=("Smith and Sons", "Ann Lee"),
        published=datetime(2026, 2, 3, 23, tzinfo=UTC),
        canonical_url="https://example.org/rain",
        image=Picture("a.png", "A street"),
        omissions=(Omission("News", "menu"), Omission("Sign up", "form", "p-1")),
    )
    page = page_of(source, profile("plain"))
    assert page.startswith('<!DOCTYPE html>\n<html lang="en"><!--\n  This is what will be said.')
    assert "--" not in page[page.index("<!--") + 4 : page.index("-->")]
    for line in (
        '  <meta name="generator" content="audiostory script 1">',
        "  <title>On rain</title>",
        '  <meta property="og:title" content="On rain">',
        '  <meta name="author" content="Smith and Sons">',
        '  <meta name="author" content="Ann Lee">',
        '  <meta name="dcterms.issued" content="2026-02-03T23:00:00+00:00">',
        '  <meta name="dcterms.source" content="story.html">',
        '  <meta property="og:image" content="a.png">',
        '  <link rel="canonical" href="https://example.org/rain">',
        "<summary>Left out when the article was read (2 of 4 words)</summary>",
        "<li><b>menu</b> News</li>",
        '<li data-after="p-1"><b>form</b> Sign up</li>',
    ):
        assert f"\n{line}\n" in page or line in page
    assert facts(back(page, profile("plain"))[0]) == facts(source)


# --- unedited, it sounds the same -----------------------------------------------------------


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_an_unedited_page_sounds_the_same(path: Path) -> None:
    source = read(path) if path.name != "README.md" else article(SMALL)
    for name in PROFILES:
        style = profile(name)
        marked, script = narrate(source, style)
        page = script_as_html(marked, script)
        again, narrated = back(page, style)
        assert narrated == script
        assert keys(narrated) == keys(script)
        assert facts(replace(again, warnings=source.warnings)) == facts(source)
        assert again.warnings == ()
        assert folded("".join(again.body.itertext())) == folded("".join(source.body.itertext()))
        assert script_as_html(again, narrated) == page


WORDS = """Rain|fell.|“Come in,”|she said.|«Oui»,|“It is|wet.”|Dr.|3|a < b|<em>very</em>|<br>|&amp;
|…|*|—|<sup><a href='#n'>1</a></sup>|‘cold’|<b>“No,” he</b>|<span lang='fr'>bonjour</span>|  |"Yes"
|<img src='a' alt='A cat'>|<code>x = 1</code>|<q>“Why?”</q>"""
TEXT = st.lists(st.sampled_from(WORDS.split("|")), min_size=1, max_size=12).map(" ".join)
BLOCKS = """<p>{}</p>
<h2>{}</h2>
<blockquote><p>{}</p><p>{}</p></blockquote>
<pre>{}</pre>
<ul><li>{}</li><li><p>{}</p><p>x</p></li></ul>
<aside><p>{}</p></aside>
<hr>
<figure><img src='a' alt='B'><figcaption>{}</figcaption></figure>
{}
<p>{}</p>{}
<table><caption>{}</caption><tr><th>A</th></tr><tr><td>{}</td></tr></table>
<dl><dt>{}</dt><dd>{}</dd></dl>
<ol start='4'><li>{}</li></ol>
<p class='byline'>{}</p>""".splitlines()
BLOCK = st.tuples(st.sampled_from(BLOCKS), TEXT, TEXT).map(
    lambda block: block[0].format(block[1], block[2])
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(BLOCK, min_size=1, max_size=5).map("".join), st.sampled_from(PROFILES))
def test_any_small_article_comes_back_the_same(inner: str, name: str) -> None:
    source = article(f"<p>Rain falls on the quay.</p>{inner}")
    style = profile(name)
    script = narrate(source, style)[1]
    again, narrated = back(page_of(source, style), style)
    assert narrated == script
    assert facts(again) == facts(source)


def test_paragraphs_of_the_same_words_come_back_the_same() -> None:
    source = article("<p>Rain. Wind.</p><p>Rain. Wind.</p><p>Rain. Wind.</p>")
    marked, script = narrate(source, profile("news"))
    ids = [element.get("id") for element in marked.body.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert back(script_as_html(marked, script), profile("news"))[1] == script


# --- edits ----------------------------------------------------------------------------------


def test_a_corrected_word_changes_its_passage_and_no_other() -> None:
    before = narrate(article(SMALL), profile("news"))[1]
    after = edit("she said.", "he said.")
    changed = [i for i, (a, b) in enumerate(zip(keys(before), keys(after), strict=True)) if a != b]
    assert changed == [1]
    assert [p.id for p in after.passages] == [p.id for p in before.passages]
    assert "he said." in said(after)


def test_a_speaker_is_named() -> None:
    script = edit('class="direct">“<span', 'class="direct" data-speaker="Ann Lee">“<span')
    speakers = {u.text: u.speaker for u in utterances(script)}
    assert speakers["Come in,"] == "Ann Lee"
    assert speakers["she said."] is None


def test_a_quotation_is_made_speech_or_a_fragment() -> None:
    script = edit('class="fragment">“', 'class="direct">“')
    assert {u.quote for u in utterances(script) if u.text == "cold"} == {"direct"}
    assert {str(u.voice.family[0]) for u in utterances(script) if u.text == "cold"} == {"female"}


@pytest.mark.parametrize("how", ["hidden", 'style="speak: none"', 'style="speak: never"'])
def test_a_silenced_paragraph_is_counted_as_omitted(how: str) -> None:
    style = profile("news")
    page = page_of(article(SMALL), style)
    script = back(re.sub(r'<p id="', f'<p {how} id="', page, count=1), style)[1]
    assert script.omitted == (
        Omission("“Come in,” she said. It was “cold”.", "silenced in the script"),
    )
    assert [p.role for p in script.passages] == ["heading", "listitem"]
    counts = script.coverage
    assert (counts.words_in_article, counts.words_spoken, counts.words_omitted) == (9, 2, 7)


def test_a_silenced_sentence() -> None:
    script = edit('class="u">It was<', 'class="u" hidden>It was<')
    assert [o.text for o in script.omitted] == ["It was"]
    assert said(script) == ["Rain", "Come in,", "she said.", "cold", "One."]


def test_a_silenced_list() -> None:
    script = edit("<ul ", "<ul hidden ")
    assert [o.text for o in script.omitted] == ["One."]


def test_a_break_between_sentences() -> None:
    script = edit("she said.</span>", 'she said.</span><span style="pause: 800ms"></span>')
    assert Pause(800) in script.passages[1].items


def test_a_break_within_a_sentence_and_between_paragraphs() -> None:
    within = edit("It was<", 'It <span style="pause: 800ms"></span>was<')
    assert "It" in said(within)
    assert Pause(800) in within.passages[1].items
    between = edit("<ul ", '<span style="pause: 9s"></span><ul ')
    assert Pause(9000) in [item for passage in between.passages for item in passage.items]


def test_a_style_is_for_its_element_alone_and_goes_before_the_profile() -> None:
    script = edit('class="u">It was', 'class="u" style="voice-rate: 80%; pause-before: 1s">It was')
    rates = {u.text: u.voice.rate for u in utterances(script)}
    assert rates == {"Rain": 1, "Come in,": 1, "she said.": 1, "It was": 0.8, "cold": 1, "One.": 1}
    assert Pause(1000) in script.passages[1].items


def test_what_the_profile_finds_important_stands(tmp_path: Path) -> None:
    style = stylesheet(tmp_path, "p { voice-rate: 120% !important } h1 { voice-rate: 120% }")
    page = page_of(article("<h1>Rain</h1><p>Fell.</p>"), style)
    page = page.replace("<h1 ", '<h1 style="voice-rate: 50%" ').replace(
        "<p ", '<p style="voice-rate: 50%" '
    )
    assert [u.voice.rate for u in utterances(back(page, style)[1])] == [0.5, 1.2]


def test_a_style_of_the_whole_article() -> None:
    script = edit('<article id="article">', '<article id="article" style="voice-pitch: +2st">')
    assert {u.voice.pitch_st for u in utterances(script)} == {2.0}


def test_other_words_are_said_in_place_of_a_word() -> None:
    script = edit("It was", 'It <span data-spoken="really was">was</span>')
    utterance = next(u for u in utterances(script) if u.text == "It was")
    assert utterance.spoken == "It really was"
    assert utterance.respellings == (Respelling(3, 6, 3, 13),)


def test_a_word_by_its_sounds() -> None:
    script = edit("It was", 'It <b data-ipa="wɒz">was</b>')
    utterance = next(u for u in utterances(script) if u.text == "It was")
    assert (utterance.spoken, utterance.respellings) == ("It was", (Respelling(3, 6, 3, 6, "wɒz"),))


def test_several_pronunciations_in_one_sentence_stay_where_they_are() -> None:
    script = edit(
        "she said.",
        '<i data-spoken="Doctor">Dr</i>  <i data-spoken="Smith, junior">Smith <b>Jr.</b></i>'
        '\n said <i data-spoken="no" data-ipa="nəʊ">so</i>',
    )
    utterance = next(u for u in utterances(script) if u.text.startswith("Dr"))
    assert utterance.text == "Dr Smith Jr. said so"
    assert utterance.spoken == "Doctor Smith, junior said no"
    for it in utterance.respellings:
        pair = (
            utterance.text[it.begin : it.end],
            utterance.spoken[it.spoken_begin : it.spoken_end],
        )
        assert pair in (("Dr", "Doctor"), ("Smith Jr.", "Smith, junior"), ("so", "no"))


def test_signs_can_be_given_words() -> None:
    script = edit(
        "<ul ", '<p id="p-9"><span class="u" data-spoken="three stars">★★★</span></p><ul '
    )
    assert [(u.text, u.spoken) for u in script.passages[2].utterances] == [("★★★", "three stars")]


def test_a_new_paragraph_is_narrated_as_any_other() -> None:
    script = edit("<ul ", "<p>He answered: “I never saw it.” Then he left.</p><ul ")
    new = script.passages[2]
    assert [(u.text, u.quote) for u in new.utterances] == [
        ("He answered:", None),
        ("I never saw it.", "direct"),
        ("Then he left.", None),
    ]


def test_a_new_paragraph_may_say_how_it_is_said() -> None:
    script = edit(
        "<ul ",
        '<p>It was <i data-spoken="Doctor Ames">Dr. Ames. A.</i> <span style="pause: 2s"></span>Wet'
        " again.</p><ul ",
    )
    new = script.passages[2]
    assert [u.spoken for u in new.utterances] == ["It was Doctor Ames", "Wet again."]
    assert Pause(2000) in new.items


def test_words_written_beside_what_is_marked_are_said_and_have_ids() -> None:
    script = edit("she said.</span>", "she said.</span> Then <em>nothing</em> happened.")
    assert "Then nothing happened." in said(script)
    ids = [u.id for u in utterances(script)]
    assert len(ids) == len(set(ids))


def test_a_quotation_of_a_producers_own() -> None:
    script = edit("<ul ", '<p>Then <q data-speaker="Ann">no, no</q> and silence.</p><ul ')
    assert [(u.text, u.quote, u.speaker) for u in script.passages[2].utterances] == [
        ("Then", None, None),
        ("no, no", "direct", "Ann"),
        ("and silence.", None, None),
    ]


def test_a_removed_paragraph_is_no_omission() -> None:
    style = profile("news")
    page = re.sub(r"<ul.*</ul>", "", page_of(article(SMALL), style), flags=re.DOTALL)
    script = back(page, style)[1]
    assert script.omitted == ()
    assert script.coverage.words_in_article == 8


def test_a_paragraph_that_is_there_twice_has_two_ids() -> None:
    style = profile("news")
    page = page_of(article("<p>Rain. Wind.</p>"), style)
    block = page[page.index("<p id=") : page.index("</p>", page.index("<p id=")) + 4]
    read_back, script = back(page.replace(block, block + block), style)
    ids = [e.get("id") for e in read_back.body.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert said(script) == ["Rain.", "Wind.", "Rain.", "Wind."]
    assert sum("is there twice" in warning for warning in read_back.warnings) == 3


def test_edits_stay_when_the_script_is_written_again() -> None:
    style = profile("news")
    page = edited(page_of(article(SMALL), style), "<ul ", '<ul hidden style="pause: 2s" ')
    page = edited(page, "It was", 'It <b data-spoken="really was">was</b>')
    again, script = back(page, style)
    assert back(script_as_html(again, script), style)[1] == script


@pytest.mark.parametrize(
    ("css", "problem"),
    [
        ("pause: 5 parsecs", "pause: '5 parsecs' cannot be used; it takes a time"),
        ("colour: red", "the property colour is not known; it is left out"),
        ("pause", "EOF reached"),
        ("cue-before: url(file:///etc/passwd)", "it takes a sound of the voice profile"),
        ("cue-before: url(../../secret.wav)", "it takes a sound of the voice profile"),
        ("cue-before: url(//host/a.wav)", "it takes a sound of the voice profile"),
        ("cue-before: url(cues/none.wav)", "there is no none.wav there"),
    ],
)
def test_a_style_that_cannot_be_used_is_told_with_its_line(css: str, problem: str) -> None:
    style = profile("news")
    page = edited(page_of(article(SMALL), style), "<ul ", f'<ul style="{css}" ')
    line = page[: page.index("<ul ")].count("\n") + 1
    marked, script = back(page, style)
    assert len(marked.warnings) == 1
    assert marked.warnings[0].startswith(f"a.script.html:{line}: style: ")
    assert problem in marked.warnings[0]
    assert script == narrate(article(SMALL), style)[1]


def test_a_cue_of_the_profile() -> None:
    script = edit("<ul ", '<ul style="cue-before: url(cues/figure.wav) -9dB" ')
    cues = [item for item in script.passages[2].items if not isinstance(item, Utterance | Pause)]
    assert [(cue.src.name, cue.gain_db) for cue in cues] == [("figure.wav", -9)]


@given(st.text(max_size=60))
def test_any_style_can_be_read(css: str) -> None:
    style = profile("plain")
    marked = article(SMALL)
    marked.body[0].set("style", re.sub("[^\t -\ud7ff]", "", css) or "x")
    assert narrate(marked, style)[1].coverage.words_in_article == 9


@pytest.mark.parametrize("piece", ["<q>a</q> b ", '<i data-spoken="x">a</i> b ', "a <br>"])
def test_a_paragraph_of_very_many_marks_is_linear_in_them(piece: str) -> None:
    style = profile("news")
    page = edited(page_of(article(SMALL), style), "<ul ", "<p>{}</p><ul ")
    assert_linear(
        lambda amount: page_of(back(page.replace("{}", piece * amount), style)[0], style), 2000
    )


def test_writing_and_reading_a_page_is_linear_in_the_text() -> None:
    style = profile("news")
    works: list[Callable[[int], object]] = [
        lambda n: back(page_of(article("<p>“Rain,” she said. It fell.</p>" * n), style), style),
        lambda n: back(page_of(article(f"<p>{'Rain, rain. ' * n}</p>"), style), style),
    ]
    for work in works:
        assert_linear(work, 400)
