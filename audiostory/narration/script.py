"""The script of an article: the walk's events as passages, and the count of its words."""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement

from audiostory.model import Article, Coverage, Passage, Script, Utterance
from audiostory.narration.lexicon import NO_LEXICON, Lexicon
from audiostory.narration.passages import collapsed, passages_of
from audiostory.narration.speakable import speakable
from audiostory.narration.stylesheet import Stylesheet
from audiostory.narration.tree import text_of, words
from audiostory.narration.walk import Walk


def write_script(
    article: Article, body: HtmlElement, stylesheet: Stylesheet, lexicon: Lexicon = NO_LEXICON
) -> Script:
    """The narration of an article. body: article.body, annotated."""
    walk = Walk(stylesheet)
    events = collapsed(list(walk.events(body)))
    passages = tuple(_speakable(passage, lexicon) for passage in passages_of(events))
    omitted = (*article.omissions, *walk.omitted)
    spoken = sum(words(_heard(passage)) for passage in passages)
    left_out = sum(words(omission.text) for omission in omitted)
    coverage = Coverage(_words_in(article) + walk.broken_words, spoken, left_out)
    return Script(passages, omitted, coverage)


def _speakable(passage: Passage, lexicon: Lexicon) -> Passage:
    items = (speakable(i, lexicon) if isinstance(i, Utterance) else i for i in passage.items)
    return replace(passage, items=tuple(items))


def _words_in(article: Article) -> int:
    """Counted on the tree as it was read, not on the script."""
    return words(text_of(article.body)) + sum(words(o.text) for o in article.omissions)


def _heard(passage: Passage) -> str:
    """What is heard of the article in a passage: a word may go on from voice to voice."""
    return "".join(
        " " if u.voice.volume_db is None else u.lead + u.text + u.trail
        for u in passage.utterances
        if not u.is_announcement
    )
