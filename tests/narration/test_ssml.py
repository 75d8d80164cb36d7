"""The script as SSML 1.1: it is valid, and another program says the same words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from audiostory.model import Article, Cue, Passage, Pause, Respelling, Script, Utterance, VoiceStyle
from audiostory.narration import narrate, script_as_ssml
from audiostory.narration.stylesheet import Stylesheet
from audiostory.reading import read
from tests.conftest import ROOT
from tests.narration.helpers import PROFILES, article, profile, stylesheet
from tests.round_trip import PAGES

ARTICLES = (ROOT / "examples" / "night-train.html", *PAGES)
_MARKS_OF = {"s": "http://www.w3.org/2001/10/synthesis"}


@cache
def grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("ssml.rng")))


def ssml_of(source: Article, style: Stylesheet) -> str:
    """The article as SSML, which is valid; with the cues' folder left out."""
    marked, script = narrate(source, style)
    return valid(script_as_ssml(marked, script))


def valid(ssml: str) -> str:
    grammar().assertValid(etree.fromstring(ssml.encode()))
    return re.sub(r'src="file:[^"]*/', 'src="', ssml)


def inside(ssml: str) -> str:
    """What is in the document's only <p>."""
    found = re.search(r"<p[^>]*>\n(.*)\n</p>", ssml, flags=re.DOTALL)
    assert found is not None
    return re.sub(r"-[0-9a-f]{6}", "", found[1])


def test_a_passage_is_a_paragraph_and_an_utterance_begins_at_a_mark() -> None:
    source = replace(
        article("<h1>Rain</h1><p>“Come in,” she said. It was “cold”.</p>"),
        authors=("Ann Lee",),
        published=datetime(2026, 2, 3, 23, tzinfo=UTC),
    )
    assert (
        re.sub(r"-[0-9a-f]{6}", "", ssml_of(source, profile("news")))
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<speak xmlns="http://www.w3.org/2001/10/synthesis" version="1.1" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Rain</dc:title>\
<dc:creator>Ann Lee</dc:creator><dc:date>2026-02-03</dc:date><dc:language>en</dc:language>\
<dc:source>story.html</dc:source></metadata>
<voice gender="male" languages="en">
<p>
  <break time="300ms"/>
  <prosody volume="-6dB"><audio src="heading-1.wav"/></prosody>
  <break time="250ms"/>
  <s><mark name="h1-1"/>Rain</s>
  <break time="700ms"/>
</p>
<p>
  <s><voice gender="female" languages="en"><mark name="p-1"/>Come in,</voice>\
<break time="150ms"/> <mark name="p-2"/>she said.</s>
  <s><mark name="p-3"/>It was <mark name="p-4"/>cold</s>
  <break time="500ms"/>
</p>
</voice>
</speak>
"""
    )


@pytest.mark.parametrize("name", PROFILES)
def test_articles_in_all_profiles_are_valid(name: str) -> None:
    style = profile(name)
    for path in ARTICLES:
        source = read(path)
        marked, script = narrate(source, style)
        ssml = valid(script_as_ssml(marked, script))
        names = etree.fromstring(ssml.encode()).xpath("//s:mark/@name", namespaces=_MARKS_OF)
        assert names == [u.id for p in script.passages for u in p.utterances]


def test_the_grammar_refuses_what_is_not_ssml() -> None:
    sound = (
        '<speak xmlns="http://www.w3.org/2001/10/synthesis" version="1.1" xml:lang="en">{}</speak>'
    )
    for wrong in (
        "<p><p>One</p></p>",
        "<s><s>One</s></s>",
        '<break time="1 second"/>',
        '<prosody pitch="2st">One</prosody>',
        '<prosody rate="+10%">One</prosody>',
        '<voice gender="boy">One</voice>',
        "<sub>One</sub>",
        "<mark/>",
        "<b>One</b>",
    ):
        assert not grammar().validate(etree.fromstring(sound.format(wrong))), wrong
        assert grammar().validate(etree.fromstring(sound.format("<p><s>One</s></p>")))


def test_a_voice_and_how_it_speaks(tmp_path: Path) -> None:
    css = """p { voice-family: ann, "Ann Lee", old female 2; voice-rate: 85%; voice-pitch: +2.5st;
      voice-range: +40%; voice-volume: -6dB; voice-balance: left }"""
    assert inside(ssml_of(article("<p>Rain.</p>"), stylesheet(tmp_path, css))) == (
        '  <s><prosody pitch="+2.5st" range="+40%" rate="85%" volume="-6dB">'
        '<mark name="p-1"/>Rain.</prosody></s>'
    )
    assert '<voice name="ann" gender="female" age="75" variant="2" languages="en">' in ssml_of(
        article("<p>Rain.</p>"), stylesheet(tmp_path, css)
    )


def test_a_profile_without_voices_names_none(tmp_path: Path) -> None:
    assert "<voice" not in ssml_of(article("<p>Rain.</p>"), stylesheet(tmp_path, ""))


def test_what_is_in_another_language() -> None:
    ssml = ssml_of(
        article("<p>He said <span lang='fr'>bonjour</span>.</p><p lang='de'>Es regnet.</p>"),
        profile("plain"),
    )
    assert (
        '<voice gender="male" languages="fr"><lang xml:lang="fr"><mark name="p-1-2"/>bonjour'
        "</lang></voice>" in re.sub(r"-[0-9a-f]{6}", "", ssml)
    )
    assert '<p xml:lang="de">\n  <s><voice gender="male" languages="de"><mark ' in ssml


def of_one(
    text: str, spoken: str, *respellings: Respelling, voice: VoiceStyle | None = None
) -> str:
    utterance = Utterance(
        "p-1", text, spoken, "paragraph", "en", voice or VoiceStyle(), respellings=respellings
    )
    source = article("<p>Rain.</p>")
    script = narrate(source, profile("plain"))[1]
    passage = Passage("p", "paragraph", "en", (utterance,))
    return inside(valid(script_as_ssml(source, Script((passage,), (), script.coverage))))


def test_what_is_said_otherwise_than_written() -> None:
    said = of_one("It cost $5bn.", "It cost 5 billion dollars.", Respelling(8, 12, 8, 25))
    assert said == '  <s><mark name="p-1"/>It cost <sub alias="5 billion dollars.">$5bn.</sub></s>'


def test_what_is_said_by_its_sounds() -> None:
    said = of_one("In Leeds", "In Leeds", Respelling(3, 8, 3, 8, "liːdz"))
    assert said == (
        '  <s><mark name="p-1"/>In <phoneme alphabet="ipa" ph="liːdz">Leeds</phoneme></s>'
    )


def test_characters_that_xml_cannot_carry_are_left_out() -> None:
    assert of_one("Ra\x01in & <wind>\ufffe", "x") == (
        '  <s><mark name="p-1"/>Rain &amp; &lt;wind&gt;</s>'
    )


def test_cues_and_pauses_at_the_edges_of_a_sentence_are_not_in_it(tmp_path: Path) -> None:
    style = stylesheet(tmp_path, "em { cue: url(beep.wav) +2.5dB; pause: 1s } p { pause: 2s }")
    ssml = ssml_of(article("<p><em>Rain.</em> Wind <em>and</em> snow.</p>"), style)
    assert inside(ssml).split("\n") == [
        '  <break time="2000ms"/>',
        '  <prosody volume="+2.5dB"><audio src="beep.wav"/></prosody>',
        '  <s><mark name="p-1"/>Rain.</s>',
        '  <prosody volume="+2.5dB"><audio src="beep.wav"/></prosody>',
        '  <break time="1000ms"/>',
        '  <s><mark name="p-2"/>Wind<break time="1000ms"/>'
        '<prosody volume="+2.5dB"><audio src="beep.wav"/></prosody> <mark name="p-2-2"/>and'
        '<prosody volume="+2.5dB"><audio src="beep.wav"/></prosody><break time="1000ms"/>'
        ' <mark name="p-2-3"/>snow.</s>',
        '  <break time="2000ms"/>',
    ]


def test_every_pause_and_cue_of_a_script_is_there() -> None:
    marked, script = narrate(read(ARTICLES[0]), profile("news"))
    items = [item for passage in script.passages for item in passage.items]
    tree = etree.fromstring(script_as_ssml(marked, script).encode())
    tags = [etree.QName(e).localname for e in tree.iter() if isinstance(e.tag, str)]
    kinds = {"break": Pause, "audio": Cue, "mark": Utterance}
    order = [kinds[tag] for tag in tags if tag in kinds]
    assert order == [type(item) for item in items]


# --- espeak-ng reads it ---------------------------------------------------------------------

_ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="the wheel with espeak-ng is Linux's"
)


def heard(*texts: str) -> list[tuple[list[tuple[str, str]], str]]:
    """What espeak-ng makes of documents and texts: marks and words in order; phonemes."""
    command = [sys.executable, Path(__file__).with_name("espeak_ssml.py")]
    data = json.dumps(texts).encode()
    done = subprocess.run(command, input=data, capture_output=True, check=True, timeout=120)
    return [
        ([(kind, value if kind == "mark" else value.rstrip(".")) for kind, value in events], sounds)
        for events, sounds in json.loads(done.stdout)
    ]


@_ON_LINUX
def test_espeak_says_the_same_words_at_the_same_marks() -> None:
    marked, script = narrate(read(ARTICLES[0]), profile("news"))
    utterances = [u for passage in script.passages for u in passage.utterances]
    document, *alone = heard(script_as_ssml(marked, script), *(u.text for u in utterances))
    said: dict[str, list[tuple[str, str]]] = {}
    for kind, value in document[0]:
        if kind == "mark":
            said[value] = []
        else:
            said[next(reversed(said))].append((kind, value))
    assert list(said) == [u.id for u in utterances]
    for utterance, (words, _sounds) in zip(utterances, alone, strict=True):
        if not utterance.respellings:  # of what is in <sub>, espeak-ng tells no places
            assert said[utterance.id] == words


@_ON_LINUX
def test_espeak_says_what_is_said_in_place_of_the_text() -> None:
    marked, script = narrate(article("<p>It cost a lot.</p>"), profile("plain"))
    passage = script.passages[0]
    utterance = replace(
        passage.utterances[0],
        text="It cost $5 bn.",
        spoken="It cost five billion dollars.",
        respellings=(Respelling(8, 13, 8, 28),),
    )
    script = replace(script, passages=(replace(passage, items=(utterance,)),))
    document, alone = heard(valid(script_as_ssml(marked, script)), utterance.spoken)
    assert document[1].replace(" ", "") == alone[1].replace(" ", "")
