import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostory import speaking
from audiostory.cache import ClipCache
from audiostory.errors import EngineError, SoundError
from audiostory.model import (
    CastVoice,
    Chapter,
    Cue,
    Passage,
    Pause,
    Respelling,
    SoundFormat,
    Speech,
    Utterance,
    Voice,
    VoiceStyle,
)
from audiostory.render import Job, Say, plan, render, render_to_cache
from audiostory.speech.engine import open_engine
from audiostory.speech.silent_engine import SilentEngine
from audiostory.speech.words import word_marks

from .speech.piper_voice import build_piper_voice

CUES = Path(__file__).parents[1] / "voices" / "cues"
LOUDER = VoiceStyle(volume_db=3.0)
NARRATOR = VoiceStyle()


def utterance(text: str, id_: str = "p-1-1", voice: VoiceStyle = NARRATOR, **more) -> Utterance:
    return Utterance(id_, text, text, "paragraph", "en", voice, **more)


def passage(*items: Utterance | Cue | Pause, id_: str = "p-1") -> Passage:
    return Passage(id_, "paragraph", "en", items)


def narrator(_utterance: Utterance) -> tuple[CastVoice, ...]:
    return (CastVoice("silent", "male-1", "en"),)


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
    [mark] = render(plan(passage(given), lambda _utterance: (voice,), SoundFormat())).marks
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
        plan(passage(*BASE), lambda _: (CastVoice("silent", "male-1", "de"),), SoundFormat()),
        plan(passage(*BASE), lambda _: (CastVoice("silent", "male-1", "en", 1.1),), SoundFormat()),
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


class Faulty:
    """An engine that fails on what holds "fail", and gives nothing for what holds "hush"."""

    name = "faulty"
    costly = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_down = False

    def version(self, _voice: CastVoice) -> str:
        return "1"

    def voices(self) -> tuple[Voice, ...]:
        return (Voice("f", "F", ("en",)),)

    def speak(self, text: str, voice: CastVoice) -> Speech:
        self.asked.append(text)
        if "fail" in text or self.is_down or f"Not {voice.voice_id}." in text:
            raise RuntimeError("out of order")
        count = 0 if "hush" in text else 1000 * len(text)
        tone = 0.3 * np.sin(np.arange(count, dtype=np.float32) * 0.1)
        marks = word_marks(text, [(0, 0.0)], count / 16000)
        return Speech(tone.astype(np.float32), 16000, marks)


FAULTY = CastVoice("faulty", "f", "en")
STAND_BY = CastVoice("pyttsx3", "en-us", "en")


@pytest.fixture
def faulty(monkeypatch) -> Faulty:
    engine = Faulty()

    def engine_of(voice: CastVoice):
        return engine if voice.engine == "faulty" else open_engine(voice.engine)

    monkeypatch.setattr(speaking, "engine_of", engine_of)
    return engine


def by_faulty(*items: Utterance, others: tuple[CastVoice, ...] = ()) -> Job:
    return plan(passage(*items), lambda _: (FAULTY, *others), SoundFormat())


def test_what_an_engine_cannot_say_the_next_family_says_and_it_is_told(faulty, tmp_path):
    made = by_faulty(utterance("This is to fail."), others=(STAND_BY,))
    done = render_to_cache(made, made.key, tmp_path)
    [note] = done.notes
    assert "“This is to fail.”" in note
    assert 'RuntimeError: out of order "en-us" of pyttsx3 speaks instead.' in note
    stood_by = plan(passage(utterance("This is to fail.")), lambda _: (STAND_BY,), SoundFormat())
    assert done.key == stood_by.key != made.key
    assert ClipCache(tmp_path).get(done.key) == render(stood_by)
    assert not ClipCache(tmp_path).has(made.key)


def test_when_nobody_can_say_it_that_is_an_error_with_what_went_wrong(faulty):
    with pytest.raises(EngineError, match=r'"faulty" failed: RuntimeError: out of order'):
        render(by_faulty(utterance("This is to fail.")))
    nobody = CastVoice("pyttsx3", "nobody", "en")
    with pytest.raises(EngineError) as raised:
        render(by_faulty(utterance("This is to fail."), others=(nobody,)))
    assert raised.value.what.startswith("Nobody could say “This is to fail.”.")
    assert '"f" of faulty: The engine "faulty" failed: RuntimeError' in raised.value.what
    assert '"nobody" of pyttsx3: ' in raised.value.what
    assert raised.value.advice.startswith("Choose another engine")


def test_a_speaker_is_heard_in_one_voice_in_a_passage(faulty, tmp_path):
    fast = replace(FAULTY, rate=1.25)

    def cast(one: Utterance) -> tuple[CastVoice, ...]:
        voice = fast if one.voice == LOUDER else FAULTY
        return voice, replace(STAND_BY, rate=voice.rate)

    parts = (
        utterance("It begins well."),
        Pause(100),
        utterance("This is to fail.", "p-1-2"),
        utterance("Aloud it goes on.", "p-1-3", voice=LOUDER),
    )
    made = plan(passage(*parts), cast, SoundFormat())
    done = render_to_cache(made, made.key, tmp_path)
    stood_by = plan(passage(*parts), lambda one: cast(one)[1:], SoundFormat())
    assert done.key == stood_by.key
    assert ClipCache(tmp_path).get(done.key) == render(stood_by)
    [note] = done.notes
    assert "“This is to fail.”" in note
    assert "Aloud it goes on." not in faulty.asked


def test_who_cannot_say_all_says_what_nobody_else_can(faulty, tmp_path):
    other = replace(FAULTY, voice_id="g")
    parts = (utterance("Not g."), Pause(100), utterance("Not f.", "p-1-2"))
    made = by_faulty(*parts, others=(other,))
    done = render_to_cache(made, made.key, tmp_path)
    assert done.key != made.key
    assert ClipCache(tmp_path).get(done.key).problems == ()
    assert ['"f" of faulty could not say “Not f.”' in note for note in done.notes] == [True]


def test_whoever_speaks_instead_is_told_and_is_not_kept_as_who_was_asked(faulty, tmp_path):
    parts = (utterance("Hello there."), Pause(100), utterance("All is hush.", "p-1-2"))

    def cast(one: Utterance) -> tuple[CastVoice, ...]:
        return (FAULTY, STAND_BY) if one.text == "Hello there." else (FAULTY,)

    made = plan(passage(*parts), cast, SoundFormat())
    done = render_to_cache(made, made.key, tmp_path)
    [note] = done.notes
    assert note.endswith('No sound came. "en-us" of pyttsx3 speaks instead.')
    assert done.key != made.key
    assert not ClipCache(tmp_path).has(made.key)


def test_what_made_no_sound_is_silence_where_who_stands_by_fails(faulty, tmp_path):
    nobody = CastVoice("pyttsx3", "nobody", "en")
    parts = (utterance("Hello there."), Pause(100), utterance("All is hush here.", "p-1-2"))
    made = by_faulty(*parts, others=(nobody,))
    done = render_to_cache(made, made.key, tmp_path)
    assert done.key == made.key
    [note] = done.notes
    assert note.startswith('"nobody" of pyttsx3 could not say “All is hush here.”: ')
    assert "instead" not in note
    clip = ClipCache(tmp_path).get(done.key)
    assert clip.problems == ("“All is hush here.”: no sound.",)
    first, second = clip.marks
    assert second.end_s - second.begin_s < 0.1 < first.end_s - first.begin_s


def test_what_is_silent_needs_no_measured_voice(faulty, tmp_path):
    silent = utterance("Hello there.", voice=VoiceStyle(volume_db=None))
    made = by_faulty(silent, others=(STAND_BY,))
    render_to_cache(made, made.key, tmp_path)
    assert faulty.asked == ["Hello there."]


def test_who_stands_by_does_not_change_the_key(faulty):
    alone = by_faulty(utterance("Hello there."))
    assert alone.key == by_faulty(utterance("Hello there."), others=(STAND_BY,)).key


def test_an_utterance_without_sound_is_asked_for_twice_then_told_of(faulty):
    clip = render(by_faulty(utterance("All is hush here.")))
    assert [text for text in faulty.asked if "hush" in text] == ["All is hush here."] * 2
    [problem] = clip.problems
    assert problem.startswith("“All is hush here.”: no sound")


def test_an_utterance_without_sound_is_said_by_who_stands_by(faulty, tmp_path):
    made = by_faulty(utterance("All is hush here."), others=(STAND_BY,))
    done = render_to_cache(made, made.key, tmp_path)
    assert "No sound came." in done.notes[0]
    clip = ClipCache(tmp_path).get(done.key)
    assert clip is not None
    assert clip.problems == ()


def test_of_a_costly_engine_only_the_edited_sentence_is_spoken_anew(faulty, tmp_path):
    one, two = utterance("The first stays.", "p-1-1", trail=" "), utterance("The second.", "p-1-2")
    made = by_faulty(one, two)
    render_to_cache(made, made.key, tmp_path)
    assert faulty.asked[:2] == ["The first stays.", "The second."]
    faulty.asked.clear()
    edited = by_faulty(one, utterance("The second is other.", "p-1-3"))
    render_to_cache(edited, edited.key, tmp_path)
    assert faulty.asked == ["The second is other."]


def test_what_a_costly_engine_said_badly_is_tried_once_in_each_later_run(faulty, tmp_path):
    made, clips = by_faulty(utterance("All is hush here.")), ClipCache(tmp_path)
    render_to_cache(made, made.key, tmp_path)
    assert clips.has(made.key)
    assert not ClipCache(tmp_path / "none").is_poor(made.key)
    for _ in range(2):
        clips.begin_run()
        assert clips.is_poor(made.key)
        assert not clips.has(made.key)
        render_to_cache(made, made.key, tmp_path)
        assert clips.has(made.key)
    faulty.is_down = True
    clips.begin_run()
    [note] = render_to_cache(made, made.key, tmp_path).notes
    assert "out of order" in note
    assert clips.has(made.key)
    assert len(clips.get(made.key).problems) == 1


def test_utterances_spoken_alone_have_a_pause_between_and_marks_of_their_own(faulty):
    one, two = utterance("The first stays.", "p-1-1", trail=" "), utterance("The second.", "p-1-2")
    first, second = render(by_faulty(one, two)).marks
    assert second.begin_s - first.begin_s == pytest.approx(1 + 0.35, abs=0.03)


def test_a_voice_that_cannot_be_measured_does_not_speak(faulty, tmp_path):
    """What it said is kept, but how loud it is at another bit rate is not known."""
    made = by_faulty(utterance("Hello there."), others=(STAND_BY,))
    render_to_cache(made, made.key, tmp_path)
    faulty.is_down = True
    quieter = Job(made.parts, SoundFormat(loudness_lufs=-18.0))
    [note] = render_to_cache(quieter, quieter.key, tmp_path).notes
    assert "speaks instead" in note


@pytest.mark.parametrize(
    ("before", "gap", "pause_s"),
    [
        ("He left.", 1, 0.35),
        ("“He left.”", 1, 0.35),
        ("他走了。", 0, 0.35),
        ("He left,", 1, 0.15),
        ("He left", 1, 0.05),
        ("he,", 0, 0.05),
        ("”", 1, 0.05),
    ],
)
def test_the_pause_of_a_reader(before, gap, pause_s):
    assert speaking._gap_s(before, gap) == pause_s


def test_what_holds_no_word_is_silence_in_every_run(tmp_path):
    engine = CastVoice("piper", "en_US-lessac-low", "en")
    build_piper_voice(tmp_path / "voices", engine.voice_id)
    engine = replace(engine, options=json.dumps({"voices_folder": str(tmp_path / "voices")}))
    made = plan(
        passage(utterance("Yes.", trail=" "), utterance("…", "p-1-2")),
        lambda _utterance: (engine,),
        SoundFormat(),
    )
    for _ in range(2):
        render_to_cache(made, made.key, tmp_path)
        (clip,) = tmp_path.rglob("*.clip")
        clip.unlink()
