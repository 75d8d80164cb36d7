"""Episodes that a speech server says, which is not always well."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from audiostory import app
from audiostory.config import Flags, Settings, resolve
from audiostory.pipeline import Made
from audiostory.report import Report
from tests.speech.speech_server import Answer, sound, speech_server, wav

LAMP = "# The lamp\n\nIt stands on the quay. It burns oil.\n\nNobody knows whose it is.\n"


def settings(folder: Path, url: str, workers: int = 1) -> Settings:
    table = f'[engines.booth]\ntype = "http"\nurl = "{url}"\nretries = 0\n'
    (folder / "show.toml").write_text(f'engine = "booth"\n{table}')
    flags = Flags(output=folder / "out", cache=folder / "cache", workers=workers)
    return resolve(flags, {}, folder)


def make(settings: Settings, *sources: Path) -> tuple[list[Made], list[str]]:
    """Episodes, and the warnings meanwhile."""
    told: list[str] = []
    outcomes = list(app.make(sources, settings, Report(lambda *_: None, told.append)))
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)
    return [outcome.made for outcome in outcomes if outcome.made], told


def test_what_was_said_badly_is_asked_for_again_in_the_next_run(tmp_path: Path):
    sources = [tmp_path / name for name in ("lamp.md", "same.md")]
    for source in sources:
        source.write_text(LAMP)
    is_well = False

    def answer(body: dict) -> Answer:
        hush = not is_well and "oil" in body["input"]
        return wav(np.zeros(2000, np.float32)) if hush else sound(body)

    with speech_server(answer) as server:
        show = settings(tmp_path, server.url)

        def asked_in_a_run() -> tuple[list[str], list[int], list[str]]:
            server.asked.clear()
            made, told = make(show, *sources)
            texts = [body["input"] for body in server.asked]
            return texts, [one.rendered for one in made], [it for it in told if "oil" in it]

        texts, rendered, told = asked_in_a_run()
        assert texts.count("It burns oil.") == 2
        assert (rendered, len(told)) == ([3, 0], 2)
        (estimate, _) = app.estimate(sources, show, Report(lambda *_: None, lambda _: None))
        assert (estimate.made.to_render, estimate.made.to_say) == (1, len("It burns oil."))
        for _ in range(2):
            texts, rendered, told = asked_in_a_run()
            assert texts == ["It burns oil."] * 2
            assert (rendered, len(told)) == ([1, 0], 2)
        is_well = True
        assert asked_in_a_run() == (["It burns oil."], [1, 0], [])
        assert asked_in_a_run() == ([], [0, 0], [])
