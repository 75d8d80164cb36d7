"""cast.toml: who speaks keeps one voice from episode to episode."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from audiostory import app
from audiostory.cast_list import cast_lexemes, read_cast, show_casting
from audiostory.config import Flags, Settings, resolve
from audiostory.errors import UsageError
from audiostory.narration import CastMember
from audiostory.report import Report

WARNINGS: list[str] = []


def cast(folder: Path, *speakers: str, writes: bool = True) -> list[int | None]:
    """The numbers of an episode's speakers."""
    WARNINGS.clear()
    found = show_casting(folder / "cast.toml", WARNINGS.append, writes=writes)(speakers)
    return [found[speaker].voice for speaker in speakers]


def test_a_speaker_keeps_the_number_whoever_comes_first(tmp_path: Path):
    assert cast(tmp_path, "Anna Weiss", "Ben Okri") == [1, 2]
    assert cast(tmp_path, "Carla Díaz", "Ben Okri", "Anna Weiss") == [3, 2, 1]
    assert cast(tmp_path, "Dee", "Ben Okri") == [4, 2]
    assert list(read_cast(tmp_path / "cast.toml")) == [
        "Anna Weiss",
        "Ben Okri",
        "Carla Díaz",
        "Dee",
    ]


def test_two_speakers_of_an_episode_have_different_numbers_and_none_grows_without_need(
    tmp_path: Path,
):
    for number in range(40):
        [voice] = cast(tmp_path, f"Speaker {number}")
        assert voice in range(1, 13)
    many = [f"New {number}" for number in range(15)]
    voices = cast(tmp_path, "Speaker 3", *many)
    assert len(set(voices)) == 16
    assert set(range(1, 13)) <= set(voices)


def test_what_the_producer_writes_wins_and_stays(tmp_path: Path):
    path = tmp_path / "cast.toml"
    cast(tmp_path, "Anna Weiss", "Ben Okri")
    edited = path.read_text().replace("voice = 1", "voice = 7 # as in spring")
    own = "['Eve Ng']\nvoice-family = \"old female 2\"\nipa = 'iːv ŋ̩'\n\n['Fay']\n"
    edited = f"# ours\n{edited}\n\n{own}"
    path.write_text(edited)
    casting = show_casting(path, WARNINGS.append, writes=True)
    members = casting(["Eve Ng", "Gus", "Anna Weiss", "Fay"])
    assert members["Eve Ng"] == CastMember(None, "old female 2")
    assert members["Anna Weiss"] == CastMember(7)
    after = path.read_text()
    for line in edited.splitlines():
        assert line in after
    assert read_cast(path)["Fay"].member == members["Fay"] != CastMember()
    assert read_cast(path)["Gus"].member == members["Gus"]
    before = after
    casting(["Eve Ng", "Gus", "Anna Weiss", "Fay"])
    assert path.read_text() == before


def test_what_only_looks_adds_nobody(tmp_path: Path):
    assert cast(tmp_path, "Anna Weiss", writes=False) == [1]
    assert list(tmp_path.iterdir()) == []
    assert cast(tmp_path) == []
    assert not (tmp_path / "cast.toml").exists()


def test_runs_at_once_lose_nobody(tmp_path: Path):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: cast(tmp_path, "Anna", f"Speaker {number}"), range(20)))
    assert len(read_cast(tmp_path / "cast.toml")) == 21


def test_a_folder_that_cannot_be_written_to_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("audiostory.publishing.files._write", refuse)
    assert cast(tmp_path, "Anna Weiss") == [1]
    assert "Permission denied" in WARNINGS[0]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[Anna]\nvoice = 1\n[Ben\nvoice = 2", "line 3"),
        ("[Anna]\nvoice = 1\n[Anna]\nvoice = 2", "twice .at line 3"),
        ("[Ann]\nvoice = 1\n\n['Ben Okri']\nfamily = 'male'", 'line 5: "family" is not known'),
        ("[Ann]\nvoice = 1\n[Ben]\nvoice = 0", "line 4: voice is 0"),
        ("[Ann]\nvoice = true", "line 2: voice is True"),
        ("[Ann]\nvoice-family = 'robot 3 4'", "line 2: voice-family is 'robot 3 4'"),
        ("[Ann]\nvoice-family = ''", "line 2"),
        ("[Ann]\nipa = 3", "line 2: ipa is 3"),
        ("Ann = 1", 'line 1: "Ann" is no table'),
        ("[Ann]\nvoice = 1\n[Annabel]\nvoice = 0", "line 4: voice is 0"),
        ("[Annabel]\nvoice = 1\n[Ann]\nipa = ''", "line 4: ipa is ''"),
        ("# Ben\nAnn = {voice = 1}\nBen = {voice = 0}", "line 3: voice is 0"),
        ('[Ann]\nalias = """\n[Ben]\n"""\n[Ben]\nvoice = 0', "voice is 0"),
        ("\xff", "not UTF-8"),
    ],
)
def test_a_mistake_is_said_with_its_line_and_nothing_is_lost(tmp_path: Path, text: str, wrong: str):
    path = tmp_path / "cast.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=wrong):
        cast(tmp_path, "New Speaker")
    assert path.read_bytes() == text.encode("latin-1")


def test_a_cast_of_thousands_is_read_in_time(tmp_path: Path):
    """A show that makes hundreds of articles a day has that in some weeks."""
    path = tmp_path / "cast.toml"
    tables = (f'["Speaker Number{i}"]\nvoice = {i % 12 + 1}\n' for i in range(8000))
    path.write_text("\n".join(tables), "utf-8")
    began_s = time.process_time()
    entries = read_cast(path)
    assert time.process_time() - began_s < 3
    assert len(entries) == 8000
    assert entries["Speaker Number7999"].place == f"{path}, line {7999 * 3 + 1}"


def test_a_name_is_said_as_the_cast_says_whole_and_the_last_alone(tmp_path: Path):
    path = tmp_path / "cast.toml"
    path.write_text(
        '["Olena Markova"]\nipa = "oˈlɛnə ˈmarkəvə"\n["J. R. Ng"]\nalias = "Jay Are Ing"\n'
        '[Bo]\nvoice = 1\n["Xi Wu"]\nipa = "ʃiːwuː"',
        "utf-8",
    )
    lexemes = cast_lexemes(read_cast(path), "en-GB")
    assert [(x.grapheme, x.ipa or x.alias) for x in lexemes] == [
        ("Olena Markova", "oˈlɛnə ˈmarkəvə"),
        ("Markova", "ˈmarkəvə"),
        ("J. R. Ng", "Jay Are Ing"),
        ("Ng", "Ing"),
        ("Xi Wu", "ʃiːwuː"),
    ]
    assert lexemes[0].place == f"{path}, line 1"
    assert {lexeme.language for lexeme in lexemes} == {"en-gb"}


@limits(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)))
def test_any_name_can_be_kept(tmp_path_factory: pytest.TempPathFactory, names: list[str]):
    folder = tmp_path_factory.mktemp("show")
    speakers = list(dict.fromkeys(name for name in names if name.strip()))
    first = cast(folder, *speakers)
    assert cast(folder, *reversed(speakers)) == first[::-1]


# --- in episodes ----------------------------------------------------------------------------


def page(folder: Path, name: str, speakers: Sequence[str]) -> str:
    said = "".join(
        f"<p>“It is a fine and useful bridge, whatever it cost us,” said {speaker}.</p>"
        for speaker in speakers
    )
    path = folder / f"{name}.html"
    path.write_text(f"<html lang='en'><h1>{name}</h1><p>On the quay there is a bridge.</p>{said}")
    return str(path)


def show(folder: Path, **flags: object) -> Settings:
    (folder / "show.toml").write_text('title = "T"\nbase_url = "https://a.example/"')
    here = {"output": folder / "out", "cache": folder / "cache", "workers": 1, "engine": "silent"}
    return resolve(Flags(**{**here, **flags}), {}, folder)


def voices(folder: Path, settings: Settings, source: str) -> dict[str, tuple[str, str]]:
    """Each speaker's number and voice-family, in an article as it would be narrated."""
    article, script = app.script(source, 1, settings, Report(lambda *_: None, lambda _: None))
    families = {
        u.speaker: ", ".join(map(str, u.voice.family))
        for passage in script.passages
        for u in passage.utterances
        if u.speaker
    }
    numbers = {e.get("data-speaker"): e.get("data-voice") for e in article.body.iter("q")}
    return {name: (numbers[name] or "", families[name]) for name in families}


def test_in_two_episodes_a_speaker_has_one_voice_and_the_producers_wish(tmp_path: Path):
    settings = show(tmp_path)
    one = page(tmp_path, "one", ["Anna Weiss", "Ben Okri"])
    two = page(tmp_path, "two", ["Carla Diaz", "Ben Okri", "Anna Weiss"])
    report = Report(lambda *_: None, lambda _: None)
    assert [outcome.error for outcome in app.make([one, two], settings, report)] == [None, None]
    numbers = {name: voice for name, (voice, _) in voices(tmp_path, settings, two).items()}
    assert numbers == {"Carla Diaz": "3", "Ben Okri": "2", "Anna Weiss": "1"}
    path = tmp_path / "cast.toml"
    path.write_text(path.read_text() + '\n["Dan Roe"]\nvoice-family = "old male 2"\n')
    three = page(tmp_path, "three", ["Dan Roe", "Anna Weiss"])
    assert [outcome.error for outcome in app.make([three], settings, report)] == [None]
    found = voices(tmp_path, settings, three)
    assert found["Dan Roe"][1] == "old male 2"
    assert found["Anna Weiss"][0] == "1"
    assert 'voice-family = "old male 2"' in path.read_text()


def test_a_profile_with_one_voice_keeps_to_it(tmp_path: Path):
    settings = show(tmp_path, profile="plain")
    (tmp_path / "cast.toml").write_text('["Dan Roe"]\nvoice-family = "old male 2"\n')
    found = voices(tmp_path, settings, page(tmp_path, "one", ["Dan Roe"]))
    assert found["Dan Roe"][1] != "old male 2"


def test_without_a_show_voices_are_numbered_as_they_appear(tmp_path: Path):
    settings = resolve(Flags(engine="silent"), {}, tmp_path)
    found = voices(tmp_path, settings, page(tmp_path, "one", ["Anna Weiss", "Ben Okri"]))
    assert [number for number, _ in found.values()] == ["1", "2"]
    assert not (tmp_path / "cast.toml").exists()


def test_a_mistake_in_the_cast_is_said_before_anything_is_made(tmp_path: Path):
    settings = show(tmp_path)
    (tmp_path / "cast.toml").write_text("[Ann]\nvoice = x")
    report = Report(lambda *_: None, lambda _: None)
    with pytest.raises(UsageError, match=r"cast\.toml is not valid TOML: .*line 2"):
        list(app.make([page(tmp_path, "one", ["Anna Weiss"])], settings, report))
    assert not (tmp_path / "out").exists()
