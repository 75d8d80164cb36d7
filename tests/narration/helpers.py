"""Small articles and profiles made by hand, and what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from lxml.html import HtmlElement, fragment_fromstring

from audiostory.model import Article, Passage, Script, Utterance
from audiostory.narration import Stylesheet, load_stylesheet, narrate
from audiostory.narration.tree import folded, text_of
from audiostory.reading.html import html_article

VOICES = Path(__file__).parents[2] / "voices"
PROFILES = ("news", "plain", "announce", "brief", "cast", "study")


def article(inner: str, language: str = "en") -> Article:
    """An article as a web page's reader makes it."""
    page = f'<html lang="{language}"><body><article>{inner}</article></body></html>'
    return html_article(page, "story.html")


def one_paragraph(text: str) -> Article:
    """An article that no reader divided into paragraphs."""
    body = fragment_fromstring("<article><p id='p-1'></p></article>")
    body[0].text = text
    return Article("Rain", "en", "story.html", body)


def profile(name: str) -> Stylesheet:
    return load_stylesheet(VOICES / f"{name}.css")


def stylesheet(folder: Path, css: str) -> Stylesheet:
    """A profile written for a test; the cue beep.wav lies beside it."""
    (folder / "beep.wav").write_bytes(b"RIFF")
    path = folder / "house.css"
    path.write_text(css, "utf-8")
    return load_stylesheet(path)


def script_of(source: Article, style: Stylesheet) -> Script:
    return narrate(source, style)[1]


def utterances(script: Script) -> list[Utterance]:
    return [utterance for passage in script.passages for utterance in passage.utterances]


def texts(script: Script) -> list[str]:
    return [utterance.text for utterance in utterances(script)]


def as_written(passage: Passage) -> str:
    """A passage put together again from what is said and what stands around it."""
    said = [u for u in passage.utterances if not u.is_announcement]
    return folded("".join(u.lead + u.text + u.trail for u in said))


def written_in(body: HtmlElement, id_: str) -> str:
    """The text of the element with that id, as it was read."""
    return folded(text_of(next(e for e in body.iter() if e.get("id") == id_)))


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """Eight times as much takes no more than some eight times as long: squared, it took 64."""
    seconds: list[float] = []
    for amount in (size // 8, size // 8, size):
        began = time.process_time()
        work(amount)
        seconds.append(time.process_time() - began)
    assert seconds[2] <= 25 * min(seconds[:2]) + 0.5
