from __future__ import annotations

import os
from pathlib import Path

import cssselect2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from audiostory.errors import ProfileError
from audiostory.narration import load_stylesheet
from audiostory.narration.style import Style
from audiostory.narration.stylesheet import Styles
from audiostory.narration.values import PARSERS
from tests.narration.helpers import PROFILES, VOICES, article, profile, script_of, stylesheet

MARKUP = """<article lang="en"><h1 id="top" class="big red">Rain</h1>
<p class="first">One <em id="em">and</em> two.</p>
<div lang="de-AT"><p id="german">Regen <em id="nested">jetzt</em></p></div></article>"""


def styles_of(css: str, tmp_path: Path, id_: str = "top") -> Styles:
    """The styles of the element with that id, and of what is around it, by this profile."""
    sheet = stylesheet(tmp_path, css)
    assert sheet.warnings == []
    root = cssselect2.ElementWrapper.from_html_root(fragment_fromstring(MARKUP))
    found = next(e for e in root.iter_subtree() if e.id == id_)
    style = Style()
    for ancestor in found.ancestors:
        style = sheet.styles(ancestor, style).own
    return sheet.styles(found, style)


def warnings(css: str | bytes, tmp_path: Path) -> list[str]:
    path = tmp_path / "house.css"
    path.write_bytes(css if isinstance(css, bytes) else css.encode())
    return load_stylesheet(path).warnings


@pytest.mark.parametrize(
    ("css", "pause_ms"),
    [
        ("h1 { pause: 1ms } h1 { pause: 2ms }", 2),
        ("h1 { pause: 1ms; pause: 2ms }", 2),
        (".red { pause: 1ms } h1 { pause: 2ms }", 1),
        ("#top { pause: 1ms } .big.red { pause: 2ms } h1 { pause: 3ms }", 1),
        ("article h1 { pause: 1ms } h1 { pause: 2ms }", 1),
        ("h1 { pause: 1ms !important } #top { pause: 2ms }", 1),
        ("h1 { pause: 1ms !important } .red { pause: 2ms !important }", 2),
        ("h1, h2 { pause: 1ms }", 1),
        ("article > :first-child { pause: 1ms }", 1),
        ("h1:not(.blue) { pause: 1ms }", 1),
        ("[class~=red] { pause: 1ms }", 1),
        ("h2, p { pause: 1ms }", 0),
        ("h1 { pause: 1ms; pause: initial }", 0),
        ("[id] { pause: 1ms }", 1),
        ("[id=TOP i] { pause: 1ms }", 1),
        ("[class^=big], [id$=op], [id*=o] { pause: 1ms }", 1),
        ("[lang|=en] > h1 { pause: 1ms }", 1),
        ("[id=TOP], [id=to], [id^=''] { pause: 1ms }", 0),
        ("h1:nth-child(odd) { pause: 1ms }", 1),
        ("h1:nth-last-child(3) { pause: 1ms }", 1),
        ("h1:nth-child(1 of .big) { pause: 1ms }", 1),
        ("h1:only-of-type:first-of-type:last-of-type { pause: 1ms }", 1),
        ("h1:last-child, h1:nth-of-type(2), h1:empty { pause: 1ms }", 0),
        (":root > h1 { pause: 1ms }", 1),
        (":is(h1, h2) { pause: 1ms } :where(#top) { pause: 2ms }", 1),
        ("h1:has(+ p) { pause: 1ms } article:has(> q) h1 { pause: 2ms }", 1),
        ("h1:lang(en, de) { pause: 1ms }", 1),
    ],
)
def test_the_cascade_takes_the_most_specific_then_the_last(
    css: str, pause_ms: int, tmp_path: Path
) -> None:
    assert styles_of(css, tmp_path).own.pause_before_ms == pause_ms


def test_the_voice_is_inherited_and_pauses_are_not(tmp_path: Path) -> None:
    css = "article { voice-rate: 200%; pause: 1s } div { voice-rate: 50%; voice-pitch: +2st }"
    own = styles_of(css, tmp_path, "nested").own
    assert (own.voice.rate, own.voice.pitch_st, own.pause_before_ms) == (1.0, 2.0, 0)


def test_words_before_and_after_inherit_from_their_element(tmp_path: Path) -> None:
    css = "h1 { voice-rate: fast } h1::before { content: 'Now: '; pause-after: 1s }"
    styles = styles_of(css, tmp_path)
    assert styles.before is not None
    assert (styles.before.voice.rate, styles.before.pause_after_ms) == (1.3, 1000)
    assert styles.after is None


@pytest.mark.parametrize(("language", "pause_ms"), [("de", 1), ("de-AT", 1), ("en", 0), ("d", 0)])
def test_lang_matches_what_is_in_force(language: str, pause_ms: int, tmp_path: Path) -> None:
    css = f"em:lang({language}) {{ pause: 1ms }}"
    assert styles_of(css, tmp_path, "nested").own.pause_before_ms == pause_ms


def test_speech_media_rules_hold_and_others_do_not(tmp_path: Path) -> None:
    css = "@media speech { h1 { pause-before: 1ms } } @media print { h1 { pause: 9ms } }"
    assert styles_of(css, tmp_path).own.pause_before_ms == 1


def test_an_imported_sheet_yields_to_what_follows(tmp_path: Path) -> None:
    (tmp_path / "sub dir").mkdir()
    (tmp_path / "sub dir" / "a.css").write_text("@import '../b.css'; h1 { pause-after: 2ms }")
    (tmp_path / "b.css").write_text("h1 { pause: 1ms; rest: 1ms; cue-before: url(beep.wav) }")
    css = "@import url('sub%20dir/a.css'); @import 'c.css' print; h1 { rest: 3ms }"
    own = styles_of(css, tmp_path).own
    assert (own.pause_before_ms, own.pause_after_ms, own.rest_before_ms) == (1, 2, 3)
    assert own.cue_before is not None
    assert own.cue_before.src.resolve() == (tmp_path / "beep.wav").resolve()


@pytest.mark.parametrize(
    ("css", "warning"),
    [
        ("p {\n pause: 1s;\n color: red }", "house.css:3: the property color is not known"),
        ("\np { pause: soon }", "house.css:2: pause: 'soon' cannot be used; it takes a time"),
        (
            "p { cue: url(no.wav) }",
            "house.css:1: cue: 'url(no.wav)' cannot be used; it takes a",
        ),
        ("p { voice-stress: strong }", "house.css:1: no engine expresses voice-stress"),
        (
            "p { voice-rat: 2 }",
            "house.css:1: the property voice-rat is not known; it is left out; did you mean voice-",
        ),
        (
            "p { speech-rate: 180 }",
            "house.css:1: the property speech-rate is not known; it is left",
        ),
        ("p::first-line { pause: 1s }", "house.css:1: the selector 'p::first-line' cannot be used"),
        ("p[*|x] { pause: 1s }", "house.css:1: the selector 'p[*|x]' cannot be used (a namespace)"),
        ("p { voice-pitch: 200Hz }", "house.css:1: voice-pitch: '200Hz' cannot be used"),
        ("\n\np::: { pause: 1s }", "house.css:3: the selector 'p:::' cannot be used"),
        ("p { pause 1s }", "house.css:1: "),
        ("p { q { pause: 1s } }", "house.css:1: "),
        ("p", "house.css:1: cannot be parsed"),
        ("@font-face { a: b }", "house.css:1: @font-face is not known here"),
        ("@import;", "house.css:1: @import names no file"),
        ("@import 'a.css' p { pause: 1s }", "house.css:1: @import of a.css has no semicolon"),
        ("@import url();", "house.css:1: @import names no file"),
        ("@import 'no.css';", "house.css:1: @import of no.css is left out"),
        ("\n@import 'house.css';", "house.css:2: @import of house.css goes round in a circle"),
        ("@import 'https://example.org/a.css';", "house.css:1: @import of https://example.org/a"),
    ],
)
def test_what_cannot_be_used_is_a_warning_with_file_and_line(
    css: str, warning: str, tmp_path: Path
) -> None:
    found = warnings(css, tmp_path)
    assert len(found) == 1
    assert found[0].startswith(warning)


def test_a_problem_knows_its_file_line_and_column(tmp_path: Path) -> None:
    sheet = stylesheet(tmp_path, "p { pause: 1s }\nq { pause: 1s;\n  color: red }")
    (problem,) = sheet.problems
    assert (problem.path, problem.line, problem.column) == (tmp_path / "house.css", 3, 3)
    assert dict(sheet.rules) == {tmp_path / "house.css": 2}


def test_a_warning_shows_the_beginning_of_a_long_value(tmp_path: Path) -> None:
    css = f"p {{ content: '{'x' * 300_000}' }} {'p' * 300_000}::: {{ }}"
    content, selector = warnings(css, tmp_path)
    assert content.startswith("house.css:1: content: ")
    assert "up to 1000 characters" in content
    assert len(content) < 300
    assert len(selector) < 300


def test_a_warning_names_the_imported_file(tmp_path: Path) -> None:
    (tmp_path / "b.css").write_text("\n\np { colour: red }")
    assert warnings("@import 'b.css';", tmp_path) == [
        "b.css:3: the property colour is not known; it is left out"
    ]


def test_the_rest_of_a_sheet_holds(tmp_path: Path) -> None:
    (tmp_path / "house.css").write_text("p { color: red; pause: 1ms } } q { rest: 2ms }")
    sheet = load_stylesheet(tmp_path / "house.css")
    script = script_of(article("<p>Hello there.</p>"), sheet)
    assert [type(item).__name__ for item in script.passages[0].items] == [
        "Pause",
        "Utterance",
        "Pause",
    ]


@pytest.mark.parametrize(
    "css",
    [
        "p { pause: 1e999s; voice-rate: 1e999%; voice-pitch: 1e999st; voice-volume: -1e999dB }",
        "p { bookmark-level: " + "9" * 5000 + " }",
        "p { pause: " + "(" * 5000 + " }",
        "@media speech {" * 3000,
        ":not(" * 3000 + "p",
        "p " * 100 + "{ pause: 1s }",
        "p + " * 5000 + "p { pause: 1s }",
        "p { cue: url('http://[') url('%00.wav') } @import 'http://['; @import '%00';",
        "p { cue: url(" + "a" * 5000 + ") } @import url(" + "b" * 5000 + ");",
        "@import '.'; @import ''; @import foo(); p { cue: url(.) url('') }",
        'h1 { content: attr("x") } p::before { content: attr(\\{) attr(a b) attr(,) }',
        "h1::before { content: '" + "Rain. " * 50_000 + "' }",
        b"\xff\xfe\x00{\xd8",
        b"@charset 'utf-7'; p { pause: \xff }",
    ],
    ids=range(14),
)
def test_no_stylesheet_is_a_crash(css: str | bytes, tmp_path: Path) -> None:
    warnings(css, tmp_path)
    sheet = load_stylesheet(tmp_path / "house.css", VOICES)
    script_of(article("<h1>Rain</h1><p>It fell.</p>"), sheet)


_WORDS = [*PARSERS, "p", "::before", "q.direct", "{", "}", ":", ";", "(", ")", "url(", '"', "\\"]
_WORDS += [
    "@import",
    "@media",
    "speech",
    "male",
    "1s",
    "-6dB",
    "+2st",
    "50%",
    "1e999",
    "!important",
]
_CSS = st.lists(st.sampled_from(_WORDS) | st.text(max_size=6), max_size=30).map(" ".join)


@given(_CSS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_a_stylesheet_with_or_without_warnings(tmp_path: Path, css: str) -> None:
    path = tmp_path / "house.css"
    path.write_text(css, "utf-8", errors="replace")
    sheet = load_stylesheet(path)
    assert all(warning.startswith("house.css:") for warning in sheet.warnings)
    script_of(article("<h1>Rain</h1><p>It “fell” on <q>us</q>.</p>"), sheet)


@pytest.mark.parametrize("name", ["no.css", "folder", "loop.css"])
def test_a_profile_that_cannot_be_read_is_an_error_that_says_what_to_do(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop.css").symlink_to(tmp_path / "loop.css")
    with pytest.raises(ProfileError) as error:
        load_stylesheet(tmp_path / name)
    assert name in error.value.what
    assert error.value.advice


def test_only_files_are_read(tmp_path: Path) -> None:
    """A device gives bytes without end, and a pipe that nobody writes to gives none."""
    os.mkfifo(tmp_path / "pipe.css")
    (tmp_path / "zero.css").symlink_to("/dev/zero")
    for name in ("pipe.css", "zero.css"):
        with pytest.raises(ProfileError, match="is no file that can be read"):
            load_stylesheet(tmp_path / name)
    found = warnings("@import '/dev/zero';\n@import 'pipe.css';\nq { pause: 1s }", tmp_path)
    assert [warning.partition(" is left out")[0] for warning in found] == [
        "house.css:1: @import of /dev/zero",
        "house.css:2: @import of pipe.css",
    ]


def test_a_profile_has_a_largest_size(tmp_path: Path) -> None:
    with (tmp_path / "huge.css").open("wb") as file:
        file.truncate(33 * 2**20)
    with pytest.raises(ProfileError, match=r"huge\.css the voice profile is too large"):
        load_stylesheet(tmp_path / "huge.css")
    (warning,) = warnings("@import 'huge.css'; q { pause: 1s }", tmp_path)
    assert warning.startswith("house.css:1: @import of huge.css is left out: With huge.css")


def test_imports_that_multiply_come_to_an_end(tmp_path: Path) -> None:
    for name, imported in zip("abcdefg", "bcdefgh", strict=True):
        (tmp_path / f"{name}.css").write_text(f"@import '{imported}.css';" * 8)
    (tmp_path / "h.css").write_text("q { pause: 1s }")
    found = warnings("@import 'a.css';", tmp_path)
    assert 0 < len(found) < 1000
    assert all("and 100 files" in warning for warning in found)


@pytest.mark.parametrize("name", sorted(path.stem for path in VOICES.glob("*.css")))
def test_the_profiles_that_come_with_audiostory_have_no_warnings(name: str) -> None:
    assert profile(name).warnings == []
    assert set(PROFILES) <= {path.stem for path in VOICES.glob("*.css")}
