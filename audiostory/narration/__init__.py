"""Article -> Script: what is said, in which order, by whom, with which cues and pauses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from audiostory.model import Article, Script
from audiostory.narration.annotate import annotate
from audiostory.narration.cast import Casting, CastMember, nobody, set_cast, voice_family
from audiostory.narration.lexicon import NO_LEXICON, Lexicon, load_lexicons
from audiostory.narration.pls import Lexeme
from audiostory.narration.script import write_script
from audiostory.narration.script_page import script_as_html
from audiostory.narration.serialise import script_as_json, script_as_text
from audiostory.narration.ssml import script_as_ssml
from audiostory.narration.stylesheet import Problem, Stylesheet, load_stylesheet

__all__ = [
    "NO_LEXICON",
    "CastMember",
    "Casting",
    "Lexeme",
    "Lexicon",
    "Narrator",
    "Problem",
    "Stylesheet",
    "load_lexicons",
    "load_stylesheet",
    "narrate",
    "script_as_html",
    "script_as_json",
    "script_as_ssml",
    "script_as_text",
    "voice_family",
]


@dataclass(frozen=True, slots=True)
class Narrator:
    """What an article is narrated with, besides itself."""

    stylesheet: Stylesheet
    lexicon: Lexicon = NO_LEXICON
    casting: Casting = nobody


def narrate(
    article: Article,
    stylesheet: Stylesheet,
    lexicon: Lexicon = NO_LEXICON,
    casting: Casting = nobody,
) -> tuple[Article, Script]:
    """The article with every quotation and utterance marked in its tree, and its script.

    Its warnings have with them what the article itself says of its sound and cannot be used.
    """
    body = annotate(article.body, article.language)
    set_cast(body, casting)
    warnings = (*article.warnings, *stylesheet.problems_in(body))
    marked = replace(article, body=body, warnings=warnings)
    return marked, write_script(article, body, stylesheet, lexicon)
