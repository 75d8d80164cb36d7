from dataclasses import replace
from pathlib import Path

import pytest

from audiostory.cache import ClipCache
from audiostory.errors import SoundError
from audiostory.model import (
    CastVoice,
    Chapter,
    Cue,
    Passage,
    Pause,
    Respelling,
    SoundFormat,
    Utterance,
    VoiceStyle,
)
from audiostory.render import Job, Say, plan, render, render_to_cache
from audiostory.speech.engine import open_engine
from audiostory.speech.silent_engine import SilentEngine

CUES = Path(__file__).parents[1] / "voices" / "cues"
LOUDER = VoiceStyle(volume_db=3.0)
NARRATOR = VoiceStyle()


def utterance(text: str, id_: str = "p-1-1", voice: VoiceStyle = NARRATOR, **more) -> Utterance:
    return Utterance(id_, text, text, "paragraph", "en", voice, **more)


def passage(*items: Utterance | Cue | Pause, id_: str = "p-1") -> Passage:
    return Passage(id_, "paragraph", "en", items)


def narrator(_utterance: Utterance) -> CastVoice:
    return CastVoice("silent", "male-1", "en")


def job(*items: Utterance | Cue | Pause, form: SoundFormat = SoundFormat()) -> Job:  # noqa: B008
    return plan(passage(*items), narrator, form)


def said(made: Job) -> list[str]:
    return [part.text for part in made.parts if isinstance(part, Say)]


def test_utterances_of_one_voice_are_said_in_one_go():
    first = utterance("He called it", trail=" ")
    fragment = utterance("dead weight", lead="“", trail="” ")
    rest = utterance("and left.")
    assert said(job(first, fragment, rest)) == ["He called it dead weight and left."]


def test_word_marks_point_at_what_is_written():
    given = replace(
        utterance("It cost $5.3bn in all."),
        spoken="It cost 5.3 billion dollars in all.",
        respellings=(Respelling(8, 14, 8, 27),),
    )
    [mark] = render(job(given)).marks
    assert [given.text[w.offset : w.offset + w.length] for w in mark.words] == [
        *("It", "cost", "$5.3bn", "in", "all"),
    ]


def test_pronunciations_reach_the_engine_where_they_stand_in_what_is_said(monkeypatch):
    heard = []
    engine = open_engine("silent")

    def speak(text: str, voice: CastVoice, pronunciations=()):
        heard.append([(text[p.begin : p.end], p.ipa) for p in pronunciations])
        return SilentEngine().speak(text, voice)

    monkeypatch.setattr(engine, "speak", speak)
    one = replace(utterance("In Kyiv.", trail=" "), respellings=(Respelling(3, 7, 3, 7, "kiv"),))
    two = replace(
        utterance("It cost $5 in Lviv."),
        spoken="It cost 5 dollars in Lviv.",
        respellings=(Respelling(8, 10, 8, 17), Respelling(14, 18, 21, 25, "lviv")),
    )
    render(job(one, two))
    assert [("Kyiv", "kiv"), ("Lviv", "lviv")] in heard


def test_another_voice_or_a_pause_parts_what_is_said():
    other = utterance("Come in.", voice=LOUDER)
    assert said(job(utterance("One."), other)) == ["One.", "Come in."]
    assert said(job(utterance("One."), Pause(100), utterance("Two."))) == ["One.", "Two."]


def test_words_that_were_written_together_stay_together():
    assert said(job(utterance("office"), utterance("s"))) == ["offices"]
    assert said(job(utterance("“office"), utterance("s", lead="” "))) == ["“office s"]


@pytest.mark.parametrize("duration_s", [1.5, 2.5, 4.0])
@pytest.mark.parametrize("engine", ["silent", "pyttsx3"])
def test_what_has_a_duration_takes_it(engine: str, duration_s: float):
    text = "A train nobody expected came into the station early."
    letters = sum(character.isalnum() for character in text)
    given = utterance(text, voice=VoiceStyle(letter_s=duration_s / letters))
    voice = CastVoice(engine, "male-1" if engine == "silent" else "en-us", "en")
    [mark] = render(plan(passage(given), lambda _utterance: voice, SoundFormat())).marks
    assert mark.end_s - mark.begin_s == pytest.approx(duration_s, rel=0.05)
    assert mark.words[-1].begin_s < mark.end_s


def test_a_duration_that_no_voice_can_keep_is_come_near_to():
    given = utterance("It stands on the quay.", voice=VoiceStyle(letter_s=0.0001))
    [fast] = render(job(given)).marks
    [usual] = render(job(utterance("It stands on the quay."))).marks
    assert 0 < fast.end_s - fast.begin_s < 0.5 * (usual.end_s - usual.begin_s)


def test_where_a_voice_is_placed_is_heard_in_stereo_alone():
    left = utterance("Come in.", voice=VoiceStyle(balance=-50))
    assert job(left).key == job(utterance("Come in.")).key
    stereo = SoundFormat(channels=2, bit_rate_kbps=96)
    assert job(left, form=stereo).key != job(utterance("Come in."), form=stereo).key


BASE = (Cue(CUES / "heading-1.wav", -6), Pause(200), utterance("It stands on the quay."))


@pytest.mark.parametrize(
    "changed",
    [
        job(Cue(CUES / "heading-2.wav", -6), *BASE[1:]),
        job(Cue(CUES / "heading-1.wav", -7), *BASE[1:]),
        job(BASE[0], Pause(201), BASE[2]),
        job(*BASE[:2], utterance("It stood on the quay.")),
        job(*BASE[:2], utterance("It stands on the quay.", voice=LOUDER)),
        job(*BASE, form=SoundFormat(bit_rate_kbps=80)),
        job(*BASE, form=SoundFormat(loudness_lufs=-18)),
        plan(passage(*BASE), lambda _: CastVoice("silent", "male-1", "de"), SoundFormat()),
        plan(passage(*BASE), lambda _: CastVoice("silent", "male-1", "en", 1.1), SoundFormat()),
        job(*BASE, Pause(1)),
        job(*reversed(BASE)),
    ],
)
def test_the_key_changes_with_all_that_affects_the_sound(changed: Job):
    assert changed.key != job(*BASE).key


def test_the_key_does_not_change_with_anything_else():
    other = replace(
        passage(*BASE[:2], replace(BASE[2], id="x", role="quotation", speaker="Ann"), id_="p-2"),
        role="heading",
        chapter=Chapter(1, "Title"),
    )
    assert plan(other, narrator, SoundFormat()).key == job(*BASE).key


def test_the_key_follows_a_cues_content_not_its_name(tmp_path: Path):
    cue = tmp_path / "cue.wav"
    cue.write_bytes((CUES / "heading-1.wav").read_bytes())
    assert job(Cue(cue, -6), *BASE[1:]).key == job(*BASE).key
    cue.write_bytes((CUES / "heading-2.wav").read_bytes())
    assert job(Cue(cue, -6), *BASE[1:]).key != job(*BASE).key
    with cue.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(SoundError, match="too large"):
        _ = job(Cue(cue, -6), *BASE[1:]).key
    cue.unlink()
    with pytest.raises(SoundError, match="Put the file back"):
        _ = job(Cue(cue, -6), *BASE[1:]).key


def test_each_utterance_gets_the_marks_of_its_own_words():
    one, two = utterance("It stands", trail=" "), utterance("on the quay.", "p-1-2")
    first, second = render(job(one, two)).marks
    assert [word.offset for word in first.words] == [0, 3]
    assert [word.offset for word in second.words] == [0, 3, 7]
    assert first.end_s == second.begin_s == second.words[0].begin_s


def test_a_rendered_passage_is_kept_under_its_key(tmp_path: Path):
    made = job(*BASE)
    render_to_cache(made, made.key, tmp_path)
    assert ClipCache(tmp_path).get(made.key) == render(made)


def test_what_has_no_volume_is_silence_of_its_length():
    silent = utterance("It stands on the quay.", voice=VoiceStyle(volume_db=None))
    assert render(job(silent)).duration_s == pytest.approx(render(job(BASE[2])).duration_s)
