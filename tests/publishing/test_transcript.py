import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from audiostory.model import (
    Article,
    Coverage,
    Episode,
    Passage,
    Script,
    Span,
    Timeline,
    Utterance,
    VoiceStyle,
    WordMark,
)
from audiostory.publishing.transcript import vtt
from tests.publishing.helpers import Maker, article

TIMES = re.compile(r"(\d\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d\d+):(\d\d):(\d\d)\.(\d{3})")


def episode_of(*said: tuple[Utterance, Span]) -> Episode:
    utterances = tuple(utterance for utterance, _ in said)
    passage = Passage("p", "p", "en", utterances)
    spans = tuple(span for _, span in said)
    return Episode(
        Article("T", "en", "t.html", article().body),
        Script((passage,), (), Coverage(0, 0, 0)),
        Timeline((), spans, spans[-1].end_s if spans else 0.0),
        Path("t.mp3"),
        "guid",
        datetime.now(UTC),
    )


def utterance(text: str, name: str = "u", **options: object) -> Utterance:
    return replace(Utterance(name, text, text, "p", "en", VoiceStyle()), **options)


def seconds(groups: tuple[str, ...]) -> float:
    hours, minutes, second, ms = map(int, groups)
    assert minutes < 60
    assert second < 60
    return hours * 3600 + minutes * 60 + second + ms / 1000


def cues(text: str) -> list[tuple[str | None, float, float, list[str]]]:
    """Cues by a strict reading of WebVTT: identifier, begin, end, lines as written."""
    assert text.startswith("WEBVTT\n")
    assert text.endswith("\n")
    assert not re.search("[\r\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)
    found = []
    for block in text.rstrip("\n").split("\n\n")[1:]:
        lines = block.split("\n")
        identifier = None if "-->" in lines[0] else lines.pop(0)
        times = TIMES.fullmatch(lines.pop(0))
        assert times
        assert lines
        assert all(line.strip() and "-->" not in line for line in lines)
        found.append((identifier, seconds(times.groups()[:4]), seconds(times.groups()[4:]), lines))
    for _, begin_s, end_s, _ in found:
        assert begin_s < end_s
    for (_, _, end_s, _), (_, begin_s, _, _) in pairwise(found):
        assert end_s <= begin_s
    return found


def shown(line: str) -> str:
    return unescape(re.sub("<[^>]*>", "", line))


def test_every_utterance_is_a_cue_in_time_under_its_id(make: Maker):
    episode = make(article())
    found = cues(vtt(episode))
    assert [cue[0] for cue in found] == ["h", "p1", "h2", "p2", "c", "p3"]
    for (_, begin_s, end_s, _), span in zip(found, episode.timeline.utterances, strict=True):
        assert begin_s == pytest.approx(span.begin_s, abs=0.001)
        assert end_s == pytest.approx(span.end_s, abs=0.001)
    assert found[3][3] == [
        "<v Ann &lt;A&amp;B&gt;>“It is 5 &lt; 6,” she said, “and A&amp;B --&gt; C.”"
    ]


def test_webvtt_py_reads_it(make: Maker):
    captions = webvtt.from_string(vtt(make(article()))).captions
    assert [caption.identifier for caption in captions] == ["h", "p1", "h2", "p2", "c", "p3"]
    assert captions[0].start == "00:00:00.500"
    assert unescape(captions[0].text) == "Rain & shine"
    assert unescape(captions[3].voice) == "Ann <A&B>"


def test_long_utterances_are_divided_where_their_words_sound():
    words = [f"word{number:02}" for number in range(60)]
    text = " ".join(words)
    marks = tuple(WordMark(10 + number**1.5, number * 7, 6) for number in range(60))
    found = cues(vtt(episode_of((utterance(text), Span("u", 10, 500, marks)))))
    assert [identifier for identifier, *_ in found[:3]] == ["u", "u/2", "u/3"]
    assert max(len(cue[3]) for cue in found) == 2
    for _, begin_s, _, lines in found:
        first = int(lines[0].split()[0][4:])
        assert begin_s == pytest.approx(10 + first**1.5, abs=0.001)
    assert " ".join(" ".join(cue[3]) for cue in found) == text
    assert max(len(line) for cue in found for line in cue[3]) <= 65


def test_lines_are_of_about_the_same_length():
    found = cues(vtt(episode_of((utterance("word " * 20), Span("u", 0, 5)))))
    assert [len(line) for line in found[0][3]] == [49, 49]


def test_without_marks_time_is_shared_by_letters():
    text = " ".join(["abcd"] * 40)
    found = cues(vtt(episode_of((utterance(text), Span("u", 0, 100)))))
    assert len(found) == 2
    assert found[1][1] == pytest.approx(50, abs=5)


def test_quotation_marks_are_written_though_not_said():
    said = utterance("Come in", lead="“", trail=",” ")
    found = cues(vtt(episode_of((said, Span("u", 0, 1, (WordMark(0, 0, 4),))))))
    assert found[0][3] == ["“Come in,”"]


def test_announcements_and_other_languages_are_marked():
    quote = utterance("Quote.", "q::before")
    french = utterance("Bonjour", "f", language="fr")
    text = vtt(episode_of((quote, Span("q::before", 0, 1)), (french, Span("f", 1, 2))))
    found = cues(text)
    assert found[0][0] == "q::before"
    assert found[0][3] == ["Quote."]
    assert found[1][3] == ["<lang fr>Bonjour</lang>"]


@pytest.mark.parametrize("name", ["", "a-->b", "a\nb", "NOTE x", "STYLE"])
def test_an_id_that_cannot_be_an_identifier_is_left_out(name: str):
    found = cues(vtt(episode_of((utterance("Hello", name), Span(name, 0, 1)))))
    assert found[0][0] is None


def test_no_empty_cues():
    nothing = episode_of((utterance(" \x00\n"), Span("u", 0, 1)))
    assert vtt(nothing) == "WEBVTT\n"


awkward = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            ["&", "<b>", "-->", "\n\n", "\r", "\u2028", "שלום עולם", "中" * 150, "e\u0301"]
        ),
    ),
    max_size=12,
).map(" ".join)
times = st.lists(st.floats(0, 5, allow_subnormal=False), min_size=6, max_size=6)


@given(texts=st.lists(awkward, min_size=1, max_size=3), times=times, speaker=awkward)
def test_any_text_survives(texts: list[str], times: list[float], speaker: str):
    moments = sorted(times)
    said = []
    for number, text in enumerate(texts):
        begin_s, end_s = moments[number * 2 : number * 2 + 2]
        marks = tuple(WordMark(begin_s + it / 10, it * 9, 5) for it in range(len(text) // 9))
        span = Span(f"u{number}", begin_s, end_s, marks)
        said.append((utterance(text, span.id, speaker=speaker), span))
    text = vtt(episode_of(*said))
    text.encode()
    found = cues(text)
    read = "".join(shown(line) for cue in found for line in cue[3])
    assert plain(read) == plain("".join(texts))
    assert all(len(shown(line)) <= 65 for cue in found for line in cue[3])
    assert all(len(cue[3]) <= 2 for cue in found)
    assert len(webvtt.from_string(text).captions) == len(found)


def plain(text: str) -> str:
    """The text without white space and what XML cannot carry."""
    kept = (c for c in text if not c.isspace() and not "\x7f" <= c <= "\x9f" and c >= " ")
    return "".join(c for c in kept if not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
