"""A show's intro and outro in an episode: passages of their own around the article's.

Their ids are of no element of an article, so that nothing takes their words for the article's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from lxml.html import html_parser

from audiostory.cache import is_remembered, remembered
from audiostory.config import Settings
from audiostory.errors import SoundError
from audiostory.model import Article, Item, Passage, Pause, Script, Show, ShowElement, Utterance
from audiostory.narration import Narrator
from audiostory.narration.script import write_script
from audiostory.narration.tree import folded
from audiostory.reading.decode import printable
from audiostory.render import Recording
from audiostory.show_sound import element_text
from audiostory.sound.elements import element_key, sounding_s

_INTRO, _OUTRO = "show::intro", "show::outro"

# Silence between an element and the article: as long as before a heading.
_REST_MS = 1500
# What there is at a seam in any case (see sound/clip.py).
_LEAST_MS = 125


def check_recordings(settings: Settings, *, keeps: bool) -> None:
    """Raises SoundError when a recording of the show is not there, or cannot be heard.

    keeps: whether the cache is to know of a file that was looked through once.
    """
    form, show = settings.sound, settings.show
    for table, element in (("intro", show.intro), ("outro", show.outro)):
        if element is None or element.file is None:
            continue
        measure = partial(sounding_s, element.file, form)
        try:
            key = element_key(element.file, form, 0, 0)
            if keeps:
                remembered(settings.cache, key, measure)
            elif not is_remembered(settings.cache, key):
                measure()
        except SoundError as error:
            raise SoundError(f"[{table}] in show.toml: {error.what}", error.advice) from error


def with_elements(
    script: Script, article: Article, show: Show, narrator: Narrator, warn: Callable[[str], None]
) -> Script:
    """The script with the show's intro before it and its outro after it.

    Of a recording its passage has the pause alone. A text is said in the show's language, as
    the profile has plain paragraphs said. Raises ProfileError for a broken profile.
    """

    def said(element: ShowElement, id_: str, role: str) -> tuple[Utterance, ...] | None:
        if element.text is None:
            return ()
        text = element_text(element.text, article, show)
        utterances = tuple(_said(text, show.language, id_, role, narrator))
        if not utterances:
            warn(f"The voice profile has nothing to say of the text of [{role}].")
        return utterances or None

    passages = script.passages
    intro = said(show.intro, _INTRO, "intro") if show.intro else None
    outro = said(show.outro, _OUTRO, "outro") if show.outro else None
    if intro is not None:
        items: tuple[Item, ...] = (*intro, _rest(passages[0].items))
        passages = (Passage(_INTRO, "intro", show.language, items), *passages)
    if outro is not None:
        items = (_rest(passages[-1].items[::-1]), *outro)
        passages = (*passages, Passage(_OUTRO, "outro", show.language, items))
    return replace(script, passages=passages)


def recording_of(passage: Passage, settings: Settings) -> Recording | None:
    """The recording that sounds in a passage of with_elements, or None where none does."""
    show = settings.show
    element = {_INTRO: show.intro, _OUTRO: show.outro}.get(passage.id)
    if element is None or element.file is None:
        return None
    (rest_ms,) = (item.ms for item in passage.items if isinstance(item, Pause))
    pauses_ms = (0, rest_ms) if passage.id == _INTRO else (rest_ms, 0)
    fades_s = (element.fade_in_s, element.fade_out_s)
    return Recording(element.file, *fades_s, settings.sound, *pauses_ms)


def _rest(items: Sequence[Item]) -> Pause:
    """The pause between an element and what is beside it: with that one's own, the whole rest.

    items: beginning at the element.
    """
    beside = items[0] if items else None
    beside_ms = beside.ms if isinstance(beside, Pause) else 0
    return Pause(max(0, _REST_MS - max(0, beside_ms - _LEAST_MS)))


def _said(text: str, language: str, id_: str, role: str, narrator: Narrator) -> Iterator[Utterance]:
    """A text as the profile has a paragraph said: without what it says around paragraphs."""
    body = html_parser.makeelement("article", {"id": "article", "lang": language})
    paragraph = html_parser.makeelement("p", {"id": "p"})
    paragraph.text = printable(folded(text))
    body.append(paragraph)
    article = Article("", language, "", body)
    script = write_script(article, body, narrator.stylesheet, narrator.lexicon)
    own = (u for passage in script.passages for u in passage.utterances if not u.is_announcement)
    for number, utterance in enumerate(own, 1):
        yield replace(utterance, id=id_ if number == 1 else f"{id_}-{number}", role=role)
