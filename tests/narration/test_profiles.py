"""The profiles that come along: what they say of which structure, in every language they know."""

from __future__ import annotations

import re

import pytest
from lxml.html import fragment_fromstring

from audiostory.model import Article, Pause, Script
from audiostory.narration.script import write_script
from audiostory.narration.structures import mark_structures
from tests.narration.helpers import (
    PROFILES,
    VOICES,
    article,
    profile,
    script_of,
    texts,
    utterances,
)

LANGUAGES = sorted(path.stem for path in (VOICES / "labels").glob("*.css"))
LABEL = re.compile(r'(--[\w-]+): "(.*?)";')


def labels(language: str) -> dict[str, str]:
    return dict(LABEL.findall((VOICES / "labels" / f"{language}.css").read_text("utf-8")))


def narrated(inner: str, name: str, language: str = "en") -> Script:
    """The script of an article whose quotations are marked up by hand."""
    body = fragment_fromstring(f"<article lang='{language}'>{inner}</article>")
    for number, element in enumerate(body.iter()):
        element.set("id", f"e-{number}")
    mark_structures(body)
    return write_script(Article("T", language, "t.html", body), body, profile(name))


def voices(script: Script) -> list[tuple[str, str, float]]:
    """Of each utterance its words, the kind of its voice, and how much higher it is."""
    return [
        (u.text.strip("“”‘’ "), str(u.voice.family[0]), u.voice.pitch_st)
        for u in utterances(script)
    ]


# --- announcements --------------------------------------------------------------------------


def test_there_are_words_for_thirteen_languages() -> None:
    assert set(LANGUAGES) == {
        *("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "sv", "uk", "zh")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_the_words_and_names_itself(language: str) -> None:
    assert labels(language).keys() == labels("en").keys()
    assert labels(language)["--language"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_imported(language: str) -> None:
    assert f'@import url("labels/{language}.css");' in (VOICES / "labels.css").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_announced_ends_as_its_language_ends_a_sentence(language: str) -> None:
    stops = "。：、" if language in ("ja", "zh") else (". ", ": ")
    spaced = {"--image", "--caption", "--code", "--headers", "--table-caption", "--quote", "--note"}
    for name, text in labels(language).items():
        if name in spaced or name.endswith(("-end", "-stop", "one-item")) or name == "--colon":
            assert text.endswith(tuple(stops)), (name, text)


STRUCTURES = """<h1>T</h1><p>a</p><ul><li>b</li><li>c</li></ul><ul><li>d</li></ul>
<table><caption>e</caption><tr><th>f</th><th>g</th></tr><tr><td>h</td><td>–</td></tr>
<tr><td>i</td><td>j</td></tr></table><table><tr><td>k</td></tr></table><aside><p>l</p></aside>
<blockquote><p>m</p></blockquote><pre>n</pre><figure><img src="o" alt="p"><figcaption>q</figcaption>
</figure>"""
ANNOUNCED = {
    "en": """Heading level 1. List of 2 items. 1 of 2: 2 of 2: End of list. List of one item. 1 of
        1: End of list. Table, 2 columns, 2 rows. Caption: Columns: f: g: empty f: g: End of
        table. Table, one column, one row. End of table. Note. End of note. Quote. End of quote.
        Code: End of code. Image: Caption:""",
    "de": """Überschrift, Ebene 1. Liste mit 2 Einträgen. 1 von 2: 2 von 2: Ende der Liste. Liste
        mit einem Eintrag. 1 von 1: Ende der Liste. Tabelle, 2 Spalten, 2 Zeilen. Titel: Spalten:
        f: g: leer f: g: Ende der Tabelle. Tabelle, eine Spalte, eine Zeile. Ende der Tabelle.
        Anmerkung. Ende der Anmerkung. Zitat. Ende des Zitats. Code: Ende des Codes. Bild:
        Bildunterschrift:""",
    "ru": """Заголовок, уровень 1. Список. Пунктов: 2. Пункт 1, всего 2. Пункт 2, всего 2. Конец
        списка. Список. Пунктов: 1. Пункт 1, всего 1. Конец списка. Таблица. Столбцов: 2, строк:
        2. Название таблицы: Столбцы: f: g: пусто f: g: Конец таблицы. Таблица. Столбцов: 1,
        строк: 1. Конец таблицы. Врезка. Конец врезки. Цитата. Конец цитаты. Код: Конец кода.
        Изображение: Подпись:""",
    "ja": """見出し、レベル1。 リスト、2項目。 1番目、全2項目。 2番目、全2項目。
        リストの終わり。 リスト、1項目。 1番目、全1項目。 リストの終わり。 表、2列、2行。 表題：
        列見出し： f： g： 空欄 f： g： 表の終わり。 表、1列、1行。 表の終わり。 囲み記事。
        囲み記事の終わり。 引用。 引用の終わり。 コード： コードの終わり。 画像： キャプション：""",
    "zh": """1级标题。 列表，共2项。 第1项，共2项。 第2项，共2项。 列表结束。 列表，共1项。
        第1项，共1项。 列表结束。 表格，2列，2行。 表格标题： 列标题： f： g： 空白 f： g：
        表格结束。 表格，1列，1行。 表格结束。 附注。 附注结束。 引文。 引文结束。 代码：
        代码结束。 图片： 图片说明：""",
}


@pytest.mark.parametrize("language", ANNOUNCED)
def test_every_structure_is_announced_once_in_words(language: str) -> None:
    script = narrated(STRUCTURES, "study", language)
    announced = [u.text for u in utterances(script) if u.is_announcement]
    assert " ".join(announced) == " ".join(ANNOUNCED[language].split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_announces_as_much(language: str) -> None:
    found = [u for u in utterances(narrated(STRUCTURES, "study", language)) if u.is_announcement]
    assert len(found) == len(
        [u for u in utterances(narrated(STRUCTURES, "study")) if u.is_announcement]
    )
    assert {u.language for u in found} == {language}


def test_a_quotation_in_another_language_is_announced_in_the_articles() -> None:
    inner = "<p>Yes.</p><blockquote lang=fr><p>Oui.</p></blockquote>"
    script = script_of(article(inner, "en-GB"), profile("announce"))
    assert [(u.text, u.language) for u in utterances(script)] == [
        *(("Yes.", "en-GB"), ("Quote.", "en-GB"), ("Oui.", "fr"), ("End of quote.", "en-GB"))
    ]


def test_of_a_language_without_words_the_announcements_are_english() -> None:
    script = script_of(article("<p>Ano.</p><pre>x = 1</pre>", "cs"), profile("news"))
    assert [(u.text, u.language) for u in utterances(script)] == [
        *(("Ano.", "cs"), ("Code:", "en"), ("x = 1", "cs"))
    ]


def test_notes_in_a_box_of_their_own_are_announced_once() -> None:
    notes = '<aside class="footnotes"><ol><li>Source: council.</li></ol></aside>'
    script = script_of(article(f"<p>Words.</p>{notes}"), profile("announce"))
    said = [u.text for u in utterances(script) if u.is_announcement]
    assert said == ["Notes.", "1.", "End of notes."]


# --- quotations -----------------------------------------------------------------------------

NESTED = """<p><span>He said:</span> <q class="direct">“She told me ‘<q class="nested">go
</q>’ at once.”</q> A <q class="fragment">“cold”</q> <q class="title">“Day”</q>.</p>"""


def test_a_quotation_in_a_quotation_is_higher_and_apart() -> None:
    assert voices(narrated(NESTED, "news")) == [
        ("He said:", "male", 0.0),
        ("She told me", "female", 0.0),
        ("go", "female", 2.0),
        ("at once.", "female", 0.0),
        ("A", "male", 0.0),
        ("cold", "male", 0.0),
        ("Day", "male", 0.0),
    ]
    (passage,) = narrated(NESTED, "plain").passages
    assert [item.ms for item in passage.items if isinstance(item, Pause)] == [500, 120, 120, 500]


def test_a_quotation_in_a_quotation_is_announced_where_words_are() -> None:
    for name in ("announce", "study"):
        said = [text for text, _, _ in voices(narrated(NESTED, name))]
        at = said.index("Inner quote.")
        assert said[at : at + 3] == ["Inner quote.", "go", "End of inner quote."]


def test_a_fragment_or_a_title_never_changes_the_voice() -> None:
    for name in PROFILES:
        inner = '<p>A <q class="fragment">“cold”</q> read of <q class="title">“Day”</q>.</p>'
        assert {kind for _, kind, _ in voices(narrated(inner, name))} == {"male"}


CAST = """<p><q class="direct" data-voice="1">“One,”</q> and <q class="direct" data-voice="2">“two,”
</q> and <q class="direct" data-voice="3">“three.”</q> <q class="direct">“Nobody.”</q></p>
<blockquote data-voice="1"><p>One again.</p><p class="attribution">Ann</p></blockquote>"""


def test_everyone_who_is_quoted_has_a_voice_of_their_own() -> None:
    found = {text: voice for text, *voice in voices(narrated(CAST, "cast"))}
    assert found == {
        "One,": ["female", 0.0],
        "and": ["male", 0.0],
        "two,": ["male 2", 0.0],
        "three.": ["female 2", 0.0],
        "Nobody.": ["female 7", 0.0],
        "One again.": ["female", 0.0],
        "Ann": ["male", 0.0],
    }


def test_twelve_speakers_in_a_row_differ_and_all_after_them_have_a_voice() -> None:
    quotes = "".join(f'<q class="direct" data-voice="{n}">“Voice {n}.”</q> ' for n in range(1, 31))
    kinds = [kind for _, kind, _ in voices(narrated(f"<p>{quotes}</p>", "cast"))]
    assert len(set(kinds[:12])) == len(set(kinds)) == 12
    assert [kind.split()[0] for kind in kinds] == ["female", "male"] * 15
    assert not {"male", "female 7"} & set(kinds)  # the narrator's, and theirs without a name


# --- the others -----------------------------------------------------------------------------

LONG = """<h1>Rain</h1><p class="standfirst">It fell.</p><p class="byline">By Ann</p>
<p>One <sup><a href="#n">7</a></sup>.</p><figure><img src=a alt="A wet street"><figcaption>Monday
</figcaption></figure><p>Two.</p><h2>Later</h2><p>Three.</p><ul><li>An item.</li></ul><p>Four.</p>
<table><tr><td>5 mm</td></tr></table><p>Five.</p>"""


def test_the_gist_is_the_beginning_and_the_rest_is_listed_as_left_out() -> None:
    script = narrated(LONG, "brief")
    assert texts(script) == ["Rain", "It fell.", "By Ann", "One", "Two.", "Three."]
    assert " ".join(omission.text for omission in script.omitted) == (
        "7 A wet street Monday Later An item. Four. 5 mm Five."
    )
    assert {omission.reason for omission in script.omitted} == {
        "the voice profile does not speak it"
    }
    counts = script.coverage
    assert counts.words_spoken + counts.words_omitted == counts.words_in_article
    assert not [item for p in script.passages[3:5] for item in p.items if hasattr(item, "src")]


def test_to_study_by_is_slower_and_says_where_notes_are_referred_to() -> None:
    script = narrated(LONG, "study")
    assert {u.voice.rate for u in utterances(script)} == {0.9}
    assert texts(script)[4:8] == ["One", "Note", "7", "Image:"]


def test_to_study_by_says_again_what_a_row_is_of() -> None:
    table = "<tr><th>Day<th>mm<th>Wind</tr><tr><th>Mon<td>3<td>calm</tr><tr><td>Tue<td>4<td>-</tr>"
    rows = narrated(f"<h1>T</h1><table>{table}</table>", "study").passages[-2:]
    assert [[u.text for u in row.utterances] for row in rows] == [
        ["Mon", "mm:", "3", "Mon: Wind:", "calm"],
        ["Day:", "Tue", "mm:", "4", "Wind:", "empty", "End of table."],
    ]


def test_with_every_profile_all_is_spoken_or_listed() -> None:
    for name in PROFILES:
        counts = narrated(LONG, name).coverage
        assert counts.words_spoken + counts.words_omitted == counts.words_in_article


def test_an_image_is_said_once_where_its_caption_says_the_same() -> None:
    figure = '<figure><img src="a.png" alt="A wet street"><figcaption>A wet street</figcaption>'
    for name in PROFILES:
        said = texts(script_of(article(f"<h1>T</h1><p>a</p>{figure}</figure>"), profile(name)))
        assert said.count("A wet street") == (name != "brief")
        assert "Image:" not in said


def test_in_a_cast_a_man_or_woman_who_is_known_for_one_has_such_a_voice() -> None:
    said = "".join(
        f'<p><q class="direct" data-voice="{n}" data-gender="{gender}">“Yes, it rains.”</q></p>'
        for n in range(1, 13)
        for gender in ("female", "male")
    )
    heard = voices(narrated(said, "cast"))
    assert [family.partition(" ")[0] for _, family, _ in heard] == ["female", "male"] * 12
