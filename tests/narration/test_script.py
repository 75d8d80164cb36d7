from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from audiostory.model import Article, Cue, Item, Omission, Passage, Pause, Script, Utterance
from audiostory.narration.tree import words
from tests.narration.helpers import (
    PROFILES,
    article,
    as_written,
    assert_linear,
    one_paragraph,
    profile,
    script_of,
    stylesheet,
    texts,
    utterances,
    written_in,
)


def narrated(inner: str, css: str, folder: Path, language: str = "en") -> Script:
    sheet = stylesheet(folder, css)
    assert sheet.warnings == []
    return script_of(article(inner, language), sheet)


def line(item: Item) -> str:
    match item:
        case Cue():
            return f"♪{item.gain_db:+g}"
        case Pause():
            return f"…{item.ms}"
        case Utterance():
            return item.text


def lines(script: Script) -> list[list[str]]:
    """The items of each passage: texts, ♪ and decibels, … and milliseconds."""
    return [[line(item) for item in passage.items] for passage in script.passages]


def assert_every_word_is_accounted_for(script: Script) -> None:
    coverage = script.coverage
    assert coverage.words_spoken + coverage.words_omitted == coverage.words_in_article


# --- pauses, rests and cues (CSS Speech 8-10) -----------------------------------------------


def test_around_an_element_come_pause_cue_rest_words_and_the_same_backwards(
    tmp_path: Path,
) -> None:
    css = """p { pause: 1ms 2ms; cue: url(beep.wav) url(beep.wav) -6dB; rest: 3ms 4ms }
             p::before { content: "Now: " } p::after { content: " Done" }"""
    assert lines(narrated("<p>Rain.</p>", css, tmp_path)) == [
        ["…1", "♪+0", "…3", "Now:", "Rain.", "Done", "…4", "♪-6", "…2"]
    ]


@pytest.mark.parametrize(
    ("css", "silences"),
    [
        ("h1 { pause-after: 300ms } p { pause-before: 500ms }", [["Rain", "…500"], ["Fell."]]),
        ("h1 { pause-after: 500ms } p { pause-before: 300ms }", [["Rain", "…500"], ["Fell."]]),
        ("h1 { rest-after: 300ms } p { rest-before: 500ms }", [["Rain", "…800"], ["Fell."]]),
        ("h1 { rest-after: 300ms; pause-after: 500ms }", [["Rain", "…800"], ["Fell."]]),
        (
            "article { pause-before: 200ms; rest-before: 100ms } h1 { pause-before: 300ms }",
            [["…600", "Rain"], ["Fell."]],
        ),
        (
            "h1 { pause-after: 300ms; cue-after: url(beep.wav) } p { pause-before: 500ms }",
            [["Rain", "♪+0", "…500"], ["Fell."]],
        ),
        ("h1 { pause-after: 0 } p { pause-before: 0s }", [["Rain"], ["Fell."]]),
        ("h1 { pause-after: strong } p { pause-before: weak }", [["Rain", "…600"], ["Fell."]]),
        ("h1 { pause-after: strong } p { pause-before: 250ms }", [["Rain", "…850"], ["Fell."]]),
        (
            "article { pause-before: weak; rest-before: strong } h1 { pause-before: 250ms }",
            [["…1000", "Rain"], ["Fell."]],
        ),
    ],
    ids=[
        *("later", "earlier", "rests", "both", "a rest between", "a cue between", "none"),
        *("breaks", "a break and a time", "a break, a rest and a time"),
    ],
)
def test_adjoining_pauses_collapse_to_the_longest_and_rests_add_up(
    css: str, silences: list[list[str]], tmp_path: Path
) -> None:
    assert lines(narrated("<h1>Rain</h1><p>Fell.</p>", css, tmp_path)) == silences


def test_a_cues_decibels_are_relative_to_the_elements_volume(tmp_path: Path) -> None:
    css = "article { voice-volume: -4dB } p { cue-before: url(beep.wav) -6dB }"
    assert lines(narrated("<p>Rain.</p>", css, tmp_path)) == [["♪-10", "Rain."]]


def test_what_has_no_volume_has_no_cue_and_is_listed_as_omitted(tmp_path: Path) -> None:
    css = "em { voice-volume: silent; cue: url(beep.wav) }"
    script = narrated("<p>Rain <em>and some</em> sun.</p>", css, tmp_path)
    assert script.omitted == (Omission("and some", "the voice profile gives it no volume"),)
    assert not any(isinstance(item, Cue) for item in script.passages[0].items)
    assert_every_word_is_accounted_for(script)


def test_the_sounds_of_a_block_quote_are_with_its_first_and_last_paragraph(
    tmp_path: Path,
) -> None:
    css = "blockquote { cue: url(beep.wav) -1dB url(beep.wav) -2dB }"
    inner = "<p>A.</p><blockquote><p>B.</p><p>C.</p></blockquote><p>D.</p>"
    assert lines(narrated(inner, css, tmp_path)) == [["A."], ["♪-1", "B."], ["C.", "♪-2"], ["D."]]


def test_a_separator_is_heard_with_the_passage_before(tmp_path: Path) -> None:
    inner = "<p>A.</p><hr><p>B.</p>"
    script = narrated(inner, "hr { cue-before: url(beep.wav) }", tmp_path)
    assert lines(script) == [["A.", "♪+0"], ["B."]]


# --- what is not spoken ---------------------------------------------------------------------


def test_what_is_not_spoken_makes_no_sound_and_is_listed_whole(tmp_path: Path) -> None:
    css = "aside { speak: none; cue: url(beep.wav); pause: 1s } aside::before { content: 'Note' }"
    inner = "<p>Rain.</p><aside><p>It is <em>wet</em>.</p><p>Very.</p></aside><p>Sun.</p>"
    script = narrated(inner, css, tmp_path)
    assert lines(script) == [["Rain."], ["Sun."]]
    assert script.omitted == (Omission("It is wet. Very.", "the voice profile does not speak it"),)
    assert_every_word_is_accounted_for(script)


def test_what_always_speaks_is_heard_inside_what_does_not(tmp_path: Path) -> None:
    css = "aside { speak: none } aside em { speak: always }"
    inner = "<p>Rain.</p><aside><p>It is <em>wet</em> here.</p></aside>"
    script = narrated(inner, css, tmp_path)
    assert [omission.text for omission in script.omitted] == ["It is", "here."]
    assert_every_word_is_accounted_for(script)


def test_an_image_is_silent_unless_a_profile_says_its_description(tmp_path: Path) -> None:
    inner = "<p>Rain.</p><figure><img src=a.png alt='A wet street'></figure>"
    script = narrated(inner, "", tmp_path)
    assert (texts(script), [o.text for o in script.omitted]) == (["Rain."], ["A wet street"])
    script = narrated(inner, "img { content: attr(alt) }", tmp_path)
    assert (texts(script), script.omitted) == (["Rain.", "A wet street"], ())


def test_a_mark_beside_an_image_is_not_said() -> None:
    inner = "<p>Rain.</p><p>… <img src=a alt='A wet street'> …</p>"
    assert texts(script_of(article(inner), profile("plain"))) == ["Rain.", "A wet street"]


def test_other_words_in_place_of_an_element_leave_its_own_out(tmp_path: Path) -> None:
    css = "abbr { content: attr(title) }"
    script = narrated("<p>The <abbr title='United Nations'>UN</abbr> met.</p>", css, tmp_path)
    assert [(u.text, u.is_announcement) for u in utterances(script)] == [
        ("The", False),
        ("United Nations", True),
        ("met.", False),
    ]
    assert [o.text for o in script.omitted] == ["UN"]
    assert_every_word_is_accounted_for(script)


def test_speech_that_is_all_that_speaks_has_a_passage(tmp_path: Path) -> None:
    css = "article { speak: none } em { speak: always }"
    script = narrated("<p>Rain is <em>wet</em>.</p><p>Sun.</p>", css, tmp_path)
    assert [(p.role, [u.text for u in p.utterances]) for p in script.passages] == [
        ("paragraph", ["wet"])
    ]
    assert_every_word_is_accounted_for(script)


def test_a_number_of_a_note_is_not_read_in_a_word() -> None:
    inner = '<p>In office<sup><a href="#n">1</a></sup> she sat.</p><p id="n">A note.</p>'
    script = script_of(article(inner), profile("plain"))
    assert texts(script) == ["In office she sat.", "A note."]
    assert [o.text for o in script.omitted] == ["1"]
    assert_every_word_is_accounted_for(script)


# --- chapters, roles, speakers --------------------------------------------------------------


def test_the_bookmark_level_says_what_is_a_chapter(tmp_path: Path) -> None:
    css = "h1 { bookmark-level: 1 } h3 { bookmark-level: 2 } p.x { bookmark-level: 3 }"
    inner = "<h1>The <em>long</em><br>way</h1><h2>Home</h2><h3>Now</h3><p>Rain.</p>"
    chapters = [
        p.chapter and (p.chapter.level, p.chapter.title)
        for p in narrated(inner, css, tmp_path).passages
    ]
    assert chapters == [(1, "The long way"), None, (2, "Now"), None]


@pytest.mark.parametrize("name", [name for name in PROFILES if name != "brief"])
def test_every_profile_makes_a_chapter_of_each_heading(name: str) -> None:
    headings = "".join(f"<h{n}>Part {n}</h{n}><p>Rain.</p>" for n in range(1, 7))
    passages = script_of(article(headings), profile(name)).passages
    assert [p.chapter.level for p in passages if p.chapter] == [1, 2, 3, 4, 5, 6]


def test_every_passage_says_what_it_is() -> None:
    inner = """<h1>Rain</h1><p class=byline>By Ann Lee</p><p>It said: “So it is.”</p>
      <blockquote><p>Wet.</p><footer>Ann</footer></blockquote><ul><li>One</li></ul>
      <dl><dt>Sun</dt><dd>Hot</dd></dl><figure><img src=a alt=Street><figcaption>Mon</figcaption>
      </figure><table><caption>Days</caption><tr><td>3</td></tr></table>
      <aside><p>Note</p></aside><pre>x = 1</pre>"""
    passages = script_of(article(inner), profile("plain")).passages
    assert " ".join(p.role for p in passages) == (
        "heading byline paragraph blockquote attribution listitem term definition image caption"
        " caption row note code"
    )
    assert [u.quote for p in passages for u in p.utterances if u.quote] == ["direct", "block"]


def test_the_language_is_that_of_the_words() -> None:
    inner = "<p>Rain. <em lang=de>Regen</em> fell.</p><p lang=fr>Il pleut.</p>"
    script = script_of(article(inner), profile("plain"))
    assert [(u.text, u.language) for u in utterances(script)] == [
        ("Rain.", "en"),
        ("Regen", "de"),
        ("fell.", "en"),
        ("Il pleut.", "fr"),
    ]


@pytest.mark.parametrize(
    ("language", "opening", "closing"),
    [
        ("en", "Quote.", "End of quote."),
        ("de", "Zitat.", "Ende des Zitats."),
        ("es", "Cita.", "Fin de la cita."),
        ("fr-CA", "Citation.", "Fin de citation."),
        ("ru", "Цитата.", "Конец цитаты."),
        ("uk", "Цитата.", "Кінець цитати."),
        ("pt-BR", "Citação.", "Fim da citação."),
        ("ja", "引用。", "引用の終わり。"),
        ("zh-Hans", "引文。", "引文结束。"),
        ("cs", "Quote.", "End of quote."),
    ],
)
def test_announcements_are_in_the_articles_language(
    language: str, opening: str, closing: str
) -> None:
    inner = "<p>Ja.</p><blockquote><p>Nein.</p></blockquote>"
    script = script_of(article(inner, language), profile("announce"))
    assert texts(script) == ["Ja.", opening, "Nein.", closing]


def test_a_preserved_voice_speaks_the_other_language_too(tmp_path: Path) -> None:
    css = """[lang|=fr] { voice-family: preserve } [lang|=fr]::before { content: "In French: " }
             strong { voice-family: female }"""
    inner = "<p>It is <em lang=fr>au <strong>revoir</strong></em> and <em lang=de>Ja</em>.</p>"
    assert [(u.text, u.language) for u in utterances(narrated(inner, css, tmp_path))] == [
        *(("It is", "en"), ("In French:", "en"), ("au", "en"), ("revoir", "fr")),
        *(("and", "en"), ("Ja", "de")),
    ]


# --- how long it takes (CSS Speech 12) --------------------------------------------------------


def paces(inner: str, css: str, folder: Path) -> list[tuple[str, float | None]]:
    return [(u.text, u.voice.letter_s) for u in utterances(narrated(inner, css, folder))]


def test_a_duration_is_spread_over_the_letters_of_an_element(tmp_path: Path) -> None:
    css = "q { voice-rate: 90% } p { voice-duration: 3s } p::after { content: 'Now' }"
    assert paces("<h1>T</h1><p>Ten “letters, it” has.</p>", css, tmp_path) == [
        *(("T", None), ("Ten", 0.2), ("letters, it", 0.2), ("has.", 0.2), ("Now", None))
    ]


def test_of_durations_in_one_another_the_outer_one_holds(tmp_path: Path) -> None:
    css = "blockquote { voice-duration: 2s } em { voice-duration: 9s }"
    inner = "<p>No.</p><blockquote><p>One <em>two</em></p><p>Four</p></blockquote>"
    assert paces(inner, css, tmp_path) == [("No.", None), ("One two", 0.2), ("Four", 0.2)]


def test_words_around_an_element_have_a_duration_of_their_own(tmp_path: Path) -> None:
    css = "p::before { content: 'Hear: '; voice-duration: 800ms }"
    assert paces("<p>No.</p>", css, tmp_path) == [("Hear:", 0.2), ("No.", None)]


# --- what is written, and how much of it is said --------------------------------------------

INLINE = """<h1>The long<br>way</h1><p>Two <img src=a alt="a dot"> three<img src=b alt="b">!</p>
<p>“Come <em>in</em>,” she said… “Fi<strong>ve ‘o’ clock’!”</strong> * <a href=x>‘n’</a>)</p>
<p>(“What?”) — <em>“Yes.”</em> .</p><table><tr><th>Day<th>mm</tr><tr><td>Mon<td>3 mm.</tr></table>
<figure><img src=c alt="A “wet” street"></figure><ul><li>One, ‘two’</ul><pre>a  b
c “d”</pre>"""
VOICES = (
    "em { voice-family: female } strong { voice-pitch: high; pause: 1ms } q::after, "
    "em::before { content: 'hey' } img { content: attr(alt) }"
)


@pytest.mark.parametrize("css", ["img { content: attr(alt) }", VOICES], ids=["one voice", "many"])
def test_lead_text_and_trail_together_are_the_passage_as_written(css: str, tmp_path: Path) -> None:
    source = article(INLINE)
    script = script_of(source, stylesheet(tmp_path, css))
    assert len(script.passages) == 9
    for passage in script.passages:
        assert as_written(passage) == written_in(source.body, passage.id)
    assert_every_word_is_accounted_for(script)


def test_marks_and_spaces_are_written_but_not_said() -> None:
    script = script_of(article("<p>He said: “Come in.” Then…</p>"), profile("plain"))
    assert [(u.lead, u.text, u.trail) for u in utterances(script)] == [
        ("", "He said:", " "),
        ("“", "Come in.", "” "),
        ("", "Then…", ""),
    ]


def test_no_two_utterances_have_one_id() -> None:
    ids = [u.id for u in utterances(script_of(article(INLINE * 2), profile("announce")))]
    assert len(set(ids)) == len(ids)


def test_what_a_profile_leaves_out_of_a_word_does_not_join_the_rest(tmp_path: Path) -> None:
    inner = "<p>H<sub>2</sub>O and a<sub>:</sub>b</p>"
    script = narrated(inner, "sub { speak: none }", tmp_path)
    assert texts(script) == ["H O and a b"]
    assert_every_word_is_accounted_for(script)


def test_an_inline_tag_in_a_word_does_not_divide_it(tmp_path: Path) -> None:
    script = narrated("<p><b>O</b>nce <i>up</i>on</p>", "strong { voice-rate: fast }", tmp_path)
    assert texts(script) == ["O", "nce upon"]
    assert (script.coverage.words_in_article, script.coverage.words_spoken) == (2, 2)


_TEXT = st.text(
    st.sampled_from("aB1.!? “”'\"«»‘’,—\u00a0")
    | st.characters(codec="utf-8", exclude_categories=["Cc"]),
    max_size=30,
)
_INLINE = st.recursive(
    _TEXT.map(lambda text: text.replace("<", "").replace("&", "")),
    lambda inner: (
        st.builds(
            "{0}<{1}>{2}</{1}>{3}".format,
            inner,
            st.sampled_from(["em", "strong", "q", "sup", "a href='#x'", "cite"]),
            inner,
            inner,
        ).map(lambda text: text.replace("</a href='#x'>", "</a>"))
        | st.builds("{0}<br>{1}<img src=a alt='b c'>{2}".format, inner, inner, inner)
    ),
    max_leaves=6,
)
_BLOCK = st.builds(
    lambda tag, text: "".join(f"<{t}>" for t in tag.split()) + text
    + "".join(f"</{t}>" for t in reversed(tag.split())),
    st.sampled_from(["p", "h2", "ul li", "blockquote p", "table tr td", "figure figcaption",
                     "aside p", "pre", "dl dd", "table caption", "li"]),
    _INLINE,
)  # fmt: skip
SILENCING = (
    "sup, aside { speak: none } sup em, aside q { speak: always }"
    "strong { voice-volume: silent } a { voice-family: female; content: 'there' }"
)


@given(st.lists(_BLOCK, min_size=1, max_size=5), st.sampled_from([*PROFILES, "silencing"]))
@settings(max_examples=60, deadline=None)
def test_every_word_of_any_article_is_spoken_or_omitted(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[str], name: str
) -> None:
    if name == "silencing":
        sheet = stylesheet(tmp_path_factory.mktemp("profile"), SILENCING)
    else:
        sheet = profile(name)
    source = article("<h1>Rain</h1>" + "".join(blocks))
    script = script_of(source, sheet)
    assert_every_word_is_accounted_for(script)
    assert len({p.id for p in script.passages}) == len(script.passages)
    if name != "silencing" and not script.omitted:
        for passage in script.passages:
            written = written_in(source.body, passage.id)
            assert as_written(passage) == (written if words(written) else "")


# --- hard cases -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "css",
    [
        *("", "p { speak: none }", "em:lang(en) { voice-rate: 101% }"),
        "em em em { pause: 1ms } span span q q { pause: 2ms } :root em:lang(en) { pause: 1ms }",
        "* { voice-duration: 3s; counter-reset: a; --a: 'b' } em::before { content: counter(a) }",
    ],
)
@pytest.mark.parametrize("tag", ["em", "span", "q"])
def test_markup_may_nest_as_deep_as_it_likes(tag: str, css: str, tmp_path: Path) -> None:
    inner = f"<h1>Rain</h1><p>{f'<{tag}>' * 2000}deep words. And{f'</{tag}>' * 2000} more</p>"
    script = script_of(article(inner), stylesheet(tmp_path, css))
    assert_every_word_is_accounted_for(script)


def many_paragraphs(count: int) -> Article:
    body = fragment_fromstring(f"<article>{'<p class=byline>It fell.</p>' * count}</article>")
    return Article("Rain", "en", "story.html", body)


def test_selectors_reach_over_thousands_of_siblings(tmp_path: Path) -> None:
    css = "p.none ~ p, p:not(p ~ p) { pause: 1ms } p ~ p { voice-family: female }"
    script = script_of(many_paragraphs(1500), stylesheet(tmp_path, css))
    voices = [bool(utterance.voice.family) for utterance in utterances(script)]
    assert voices == [False, *[True] * 1499]


def test_time_grows_with_the_paragraphs_of_which_a_profile_speaks_the_first() -> None:
    assert_linear(lambda count: script_of(many_paragraphs(count), profile("brief")), 4000)


def test_time_grows_with_a_paragraph_and_not_with_its_square() -> None:
    def work(amount: int) -> None:
        text = "He was told “yes” by some of them and left it at that. " * amount
        assert_every_word_is_accounted_for(script_of(one_paragraph(text), profile("news")))

    assert_linear(work, 8_000)


@pytest.mark.parametrize(
    "inner",
    ["<img src=x alt=lamp> ", "<a href=x>w</a> ", "a<br>", "b “a” ", "<q>Come in,</q> she said. "],
)
@pytest.mark.parametrize("block", ["p", "ul><li"])
def test_time_grows_with_the_markup_in_a_block_and_not_with_its_square(
    inner: str, block: str
) -> None:
    sheet = profile("news")

    def read(amount: int) -> Article:
        return article(f"<h1>T</h1><{block}>{inner * amount}")

    articles = {amount: read(amount) for amount in (500, 4000)}
    assert_linear(lambda amount: script_of(articles[amount], sheet), 4000)


def test_what_has_no_words_has_no_passage() -> None:
    script = script_of(article("<p>Rain.</p><p>* * *</p><hr><p>…</p>"), profile("news"))
    assert texts(script) == ["Rain."]
    assert isinstance(script.passages[0], Passage)
