"""Words that are each accounted for by themselves: where they went, and how often."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

from audiostory.model import Article
from audiostory.narration import load_stylesheet, narrate
from audiostory.narration.stylesheet import Stylesheet
from audiostory.reading.tree import visible_text

_ROOT = Path(__file__).parents[2]
_WORD = re.compile(r"[^\W\d_][^\W_]*")
_NUMBERED = re.compile(r"[Ww][Oo][Rr][Dd](\d+)")
_ANY = re.compile(r"(?i)(?<![^\W_])word(?![^\W_])")


def numbered(text: str) -> str:
    """Every "word" gets a number of its own: word0, word1 …"""
    count = iter(range(100_000))
    return _ANY.sub(lambda match: f"{match[0]}{next(count)}", text)


def words(text: str) -> Counter[str]:
    """The words of a text, without numbers: those of lists and notes are not text."""
    return Counter(_WORD.findall(text))


def accounted(article: Article) -> Counter[str]:
    """The words that are in an article's body or among its omissions."""
    omitted = " ".join(omission.text for omission in article.omissions)
    return words(f"{visible_text(article.body)} {omitted}")


def narrated(article: Article) -> Counter[str]:
    """The words that are spoken or that the script lists as omitted."""
    _, script = narrate(article, _stylesheet())
    spoken = [
        utterance.text
        for passage in script.passages
        for utterance in passage.utterances
        if not utterance.is_announcement
    ]
    assert all(omission.reason for omission in script.omitted)
    return words(" ".join((*spoken, *(omission.text for omission in script.omitted))))


def misplaced(article: Article) -> list[str]:
    """Omissions whose place is not in the body, or that come before their place's turn."""
    ids = [str(element.get("id")) for element in article.body.iter() if element.get("id")]
    places = {None: -1} | {id_: number for number, id_ in enumerate(ids)}
    found = [places.get(omission.after) for omission in article.omissions]
    unknown = [
        f"{o.after}?" for o, place in zip(article.omissions, found, strict=True) if place is None
    ]
    known = [place for place in found if place is not None]
    return unknown + ([] if known == sorted(known) else ["not in reading order"])


@cache
def _stylesheet() -> Stylesheet:
    return load_stylesheet(_ROOT / "voices" / "news.css")


def disordered(article: Article) -> list[tuple[str, str]]:
    """Pieces, blocks and omissions as they are shown, that stand below one that followed them.

    By the number of the first numbered word of each.
    """
    pieces = [o.text for o in article.omissions if o.after is None]
    for block in article.body.xpath("//*[@id]"):
        is_whole = not any(child.get("id") and child.tag != "img" for child in block)
        is_inner = block.tag == "img" and block.getparent().tag != "figure"
        if is_whole and not is_inner and block.tag != "figure":
            pieces.append(visible_text(block))
        pieces += [o.text for o in article.omissions if o.after == block.get("id")]
    known = [(int(found[1]), piece) for piece in pieces if (found := _NUMBERED.search(piece))]
    return [(one, other) for (n, one), (m, other) in pairwise(known) if n > m]
