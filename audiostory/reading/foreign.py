"""Blocks, quotations and words that are surely in another language than the article get its lang.

A voice that speaks the wrong language is worse than none, so names and titles must not turn a
passage: letters of another script say it at once, and within one script it takes a passage long
enough, in which the commonest words of another language are common and those of the article's are
not, and a model that says the same. What a source declares itself is left as it is.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml.html import HtmlElement

from audiostory.reading import language as languages
from audiostory.reading import vocabulary as known
from audiostory.reading.tree import new_element

_WORD = re.compile(r"[^\W\d_]+")
_FAR = "\u0370-\u1cff\u1f00-\u1fff\u2e80-\ud7ff\uf900-\ufaff"
_NOT_LATIN = re.compile(f"[{_FAR}]")
_FAR_WORDS = re.compile(f"[{_FAR}](?:[{_FAR} .'’-]*[{_FAR}])?")
_QUOTED = re.compile(
    r"“([^“”]{2,1200})”|„([^„“”]{2,1200})[“”]|«([^«»]{2,1200})»|»([^«»]{2,1200})«"
    r"|\"(?!\s)([^\"]{2,1200})(?<!\s)\"|「([^「」]{2,1200})」|‘(?!\s)([^‘]{2,1200}?)’(?!\w)"
)
_UNSPOKEN = frozenset({"pre", "code", "samp", "kbd", "var"})
_SAMPLE_CHARACTERS = 600
_FEWEST_WORDS = 8
_FEWEST_LETTERS = 35
_FEWEST_FOREIGN = {"Han": 1, "Greek": 3}  # letters of another script; of others two
_OWN = 0.12  # of the words: so many of the article's commonest, and it is in its language
_OTHERS = 0.12
_MOST = 0.8  # of the letters
_NAME_WORDS = 15  # fewer, most of them with a capital, are a name or a title
_ARTICLE = 2 / 3
_ARTICLE_LETTERS = 300
_LATIN = "Latin"


@dataclass(frozen=True, slots=True)
class _Article:
    """An article's language (its primary subtag), the scripts it is written in, its words."""

    primary: str
    scripts: frozenset[str]
    words: frozenset[str]


def mark_languages(body: HtmlElement, language: str) -> str:
    """Set lang on blocks, and on spans around phrases, that are in another language.

    Where that is most of the text, the article itself is: the language that it is in comes back,
    and language otherwise.
    """
    article = _article(language)
    blocks = [(block, _text(block)) for block in _judged(body)]
    others = [_language_of_block(text, article) for _, text in blocks]
    if most := _most(blocks, others):
        return mark_languages(body, most)
    for (block, text), found in zip(blocks, others, strict=True):
        if found:
            block.set("lang", found)
        elif _QUOTED.search(text) or _FAR_WORDS.search(text):
            _mark_phrases(block, article)
    return language


def _article(language: str) -> _Article:
    primary = language.lower().partition("-")[0]
    return _Article(primary, _scripts_of(primary), _words().get(primary, frozenset()))


def _judged(body: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks of text whose language nothing says."""
    for block in body.iter(*known.LEAVES, *known.MIXED):
        if block.tag not in _UNSPOKEN and not _has_blocks(block) and not _is_declared(block, body):
            yield block


def _most(blocks: Sequence[tuple[HtmlElement, str]], others: Sequence[str | None]) -> str | None:
    """Another language that most of the text is in."""
    lengths: Counter[str | None] = Counter()
    for (_, text), found in zip(blocks, others, strict=True):
        lengths[found] += len(text)
    found, length = lengths.most_common(1)[0] if lengths else (None, 0)
    enough = length >= _ARTICLE_LETTERS and length >= _ARTICLE * lengths.total()
    return found if enough else None


def _text(block: HtmlElement) -> str:
    """What is read as language in a block: no code."""
    code = set(block.iterdescendants(*_UNSPOKEN))
    within = {e for inner in code for e in inner.iter()}
    if not within:
        return "".join(block.itertext())
    parts = [block.text or ""]
    for inner in block.iterdescendants():
        parts += [" " if inner in within else inner.text or ""]
        parts += [" " if inner in within and inner not in code else inner.tail or ""]
    return "".join(parts)


def _has_blocks(element: HtmlElement) -> bool:
    return any(child.tag in known.BLOCKS for child in element)


def _is_declared(block: HtmlElement, body: HtmlElement) -> bool:
    """Whether the source says a language, of a block or of what it is in."""
    element: HtmlElement | None = block
    while element is not None and element is not body:
        if element.get("lang"):
            return True
        element = element.getparent()
    return False


# --- which language -------------------------------------------------------------------------


def _language_of_block(text: str, article: _Article) -> str | None:
    """As _other_language; but who is quoted in another language turns no paragraph."""
    found = _other_language(text, article)
    if found:
        around = [word.lower() for word in _WORD.findall(_QUOTED.sub(" ", text))]
        own = sum(word in article.words for word in around)
        return None if own and own >= _OWN * len(around) else found
    return None


def _other_language(text: str, article: _Article) -> str | None:
    """The language of a text that is surely in another than the article's."""
    script = _script(text)
    if script is None:
        return None
    if script not in article.scripts and script != _LATIN:
        return _by_script(text, script)
    return _by_words(text, article)


def _script(text: str) -> str | None:
    """The script of nearly all letters of a text."""
    if not _NOT_LATIN.search(text):
        return _LATIN if _WORD.search(text) else None
    counts = Counter(_script_of(letter) for letter in text[:2000] if letter.isalpha())
    if not counts:
        return None
    if counts["Kana"]:
        counts["Kana"] += counts.pop("Han", 0)
    script, count = counts.most_common(1)[0]
    total = sum(counts.values())
    return script if count >= _FEWEST_FOREIGN.get(script, 2) and count >= _MOST * total else None


@cache
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    if name in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"):
        return "Kana"
    return "Han" if name == "CJK" else name.title()


def _by_script(text: str, script: str) -> str | None:
    """The likeliest of the languages that a script is written in."""
    if script == "Han":
        return "zh"
    candidates = _letters().get(script, ())
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    ranked = (name for name, _ in languages.rank(text))
    return next((name for name in ranked if name in candidates), None)


def _by_words(text: str, article: _Article) -> str | None:
    if not article.words and _LATIN in article.scripts:  # it may be a relative of what is found
        return None
    sample = _WORD.findall(text[:_SAMPLE_CHARACTERS])
    found = [word.lower() for word in sample]
    if sum(map(article.words.__contains__, found)) >= _OWN * len(found):
        return None
    if len(found) < _FEWEST_WORDS or sum(map(len, found)) < _FEWEST_LETTERS:
        return None
    capitals = sum(word[0].isupper() for word in sample)
    if len(found) < _NAME_WORDS and 2 * capitals >= len(found):
        return None
    other = max(_words(), key=lambda name: _share(found, name, article))
    if other == article.primary or _share(found, other, article) < _OTHERS:
        return None
    ranked = languages.rank(text)
    likeliest = next(name for name, _ in ranked if name in _words() or name == article.primary)
    return other if likeliest == other and ranked[0][0] != article.primary else None


def _share(found: list[str], name: str, article: _Article) -> float:
    """How many of the words are common in a language, and not in the article's."""
    own = _words()[name] - article.words
    return sum(word in own for word in found) / len(found)


@cache
def _table() -> dict[str, dict[str, str]]:
    data = files("audiostory.reading") / "data" / "common-words.toml"
    return tomllib.loads(data.read_text("utf-8"))


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in _table()["words"].items()}


@cache
def _letters() -> dict[str, list[str]]:
    return {script: names.split() for script, names in _table()["letters"].items()}


def _scripts_of(primary: str) -> frozenset[str]:
    """The scripts that a language is written in."""
    if primary in ("zh", "yue", "cmn"):
        return frozenset({"Han"})
    if primary in ("ja", "ko"):
        return frozenset({"Han", "Kana" if primary == "ja" else "Hangul"})
    found = {script for script, names in _letters().items() if primary in names}
    if not found or primary in ("sr", "kk", "ku"):
        found.add(_LATIN)
    return frozenset(found)


# --- phrases --------------------------------------------------------------------------------


def _mark_phrases(block: HtmlElement, article: _Article) -> None:
    """Put a span with lang around each phrase, in one run of text, in another language."""
    for element in list(block.iter()):
        if element.tag in _UNSPOKEN or element.get("lang"):
            continue
        _wrap(element, element.text, None, article)
        for child in list(element):
            _wrap(element, child.tail, child, article)


def _wrap(
    parent: HtmlElement, text: str | None, after: HtmlElement | None, article: _Article
) -> None:
    """Wrap the phrases of a text that stands in parent, at its beginning or after a child."""
    at = 0
    for begin, end, language in _phrases(text or "", article):
        span = new_element("span")
        span.set("lang", language)
        span.text = (text or "")[begin:end]
        _put(parent, after, (text or "")[at:begin], span)
        after, at = span, end
    if text and after is not None and at:
        after.tail = text[at:]


def _phrases(text: str, article: _Article) -> Iterator[tuple[int, int, str]]:
    """Where quotations in another language stand, and words in another script: in order, apart."""
    at = 0
    for found in _QUOTED.finditer(text):
        inner = found.lastindex or 0
        if language := _other_language(found[inner], article):
            yield from _far_words(text, at, found.start(inner), article)
            yield found.start(inner), found.end(inner), language
            at = found.end(inner)
    yield from _far_words(text, at, len(text), article)


def _far_words(
    text: str, begin: int, end: int, article: _Article
) -> Iterator[tuple[int, int, str]]:
    """Words in another script: an engine would name their letters."""
    for found in _FAR_WORDS.finditer(text, begin, end):
        script = _script(found.group())
        if script is None or script == _LATIN or script in article.scripts:
            continue
        if language := _by_script(found.group(), script):
            yield found.start(), found.end(), language


def _put(parent: HtmlElement, after: HtmlElement | None, text: str, span: HtmlElement) -> None:
    """Put text and then a span at the beginning of parent, or after a child in place of its tail.

    A child's place among many is not asked for: lxml counts up to it.
    """
    if after is None:
        parent.text = text
        parent.insert(0, span)
    else:
        after.tail = None
        after.addnext(span)
        after.tail = text
