"""The script as SSML 1.1 (W3C Recommendation, 2010), for any engine that speaks that.

A passage is a <p>, a sentence an <s>, an utterance begins at a <mark> with its id. What SSML has no
word for is left out: voice-balance, and names of voices with spaces in them (3.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from audiostory.model import Age, Article, Cue, Item, Passage, Pause, Script, Utterance
from audiostory.narration.tree import printable

_SSML = "http://www.w3.org/2001/10/synthesis"
_DC = "http://purl.org/dc/elements/1.1/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_AGES: dict[Age, str] = {"child": "6", "young": "24", "old": "75"}  # CSS Speech, 11.1
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»«“)\]]*\s*$")
_STOP = re.compile(r"[.!?…]+(?=\s|$)")
_LETTER = re.compile(r"[^\W\d_]")


def script_as_ssml(article: Article, script: Script) -> str:
    """The script as an SSML document. article: as it was narrated."""
    speak = etree.Element(f"{{{_SSML}}}speak", {"version": "1.1"}, nsmap={None: _SSML})
    speak.set(_LANG, article.language)
    speak.append(_metadata(article))
    narrator = _narrator(script, article.language)
    within = speak if narrator is None else _child(speak, "voice", narrator)
    for passage in script.passages:
        _Writer(within, narrator or {}, article.language).passage(passage)
    _lay_out(speak, within)
    text = etree.tostring(speak, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _metadata(article: Article) -> etree._Element:
    """Dublin Core, before all that is said (SSML, 3.1.6)."""
    metadata = etree.Element(f"{{{_SSML}}}metadata", nsmap={"dc": _DC})
    published = article.published.date().isoformat() if article.published else ""
    facts = [("title", article.title), *(("creator", author) for author in article.authors)]
    facts += [("date", published), ("language", article.language)]
    facts += [("source", article.canonical_url or article.source)]
    for name, value in facts:
        if text := printable(value):
            etree.SubElement(metadata, f"{{{_DC}}}{name}").text = text
    return metadata


def _narrator(script: Script, language: str) -> dict[str, str] | None:
    """The voice that most is said in: it is named once, around all."""
    counts: dict[tuple[tuple[str, str], ...], int] = {}
    for passage in script.passages:
        for utterance in passage.utterances:
            if utterance.language == language:
                key = tuple(_voice(utterance).items())
                counts[key] = counts.get(key, 0) + len(utterance.text)
    most = max(counts, key=lambda key: counts[key], default=())
    return dict(most) or None


def _voice(utterance: Utterance) -> dict[str, str]:
    """The attributes of <voice> (3.2.1); language outranks the rest, as in CSS Speech (11.1)."""
    families = utterance.voice.family
    found: dict[str, str] = {}
    names = [f.name for f in families if f.name and not re.search(r"\s", f.name)]
    generic = next((family for family in families if family.gender), None)
    if names:
        found["name"] = " ".join(map(printable, names))
    if generic is not None and generic.gender is not None:
        found["gender"] = generic.gender
        if generic.age is not None:
            found["age"] = _AGES[generic.age]
        if generic.variant > 1:
            found["variant"] = str(generic.variant)
    return {**found, "languages": utterance.language} if found else found


def _prosody(utterance: Utterance) -> dict[str, str]:
    """The attributes of <prosody> (3.2.4), as changes of what the voice does by itself."""
    voice = utterance.voice
    found: dict[str, str] = {}
    if voice.pitch_st:
        found["pitch"] = f"{_number(voice.pitch_st, signed=True)}st"
    if voice.range != 1:
        found["range"] = f"{_number((voice.range - 1) * 100, signed=True)}%"
    if voice.rate != 1:
        found["rate"] = f"{_number(voice.rate * 100)}%"
    if voice.letter_s is not None:
        found["duration"] = f"{_number(voice.letter_s * utterance.letters)}s"
    if voice.volume_db is None:
        found["volume"] = "silent"
    elif voice.volume_db:
        found["volume"] = f"{_number(voice.volume_db, signed=True)}dB"
    return found


def _number(value: float, *, signed: bool = False) -> str:
    """A number as SSML has them: no exponents."""
    text = f"{value:+.2f}" if signed else f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


class _Writer:
    """Writes passages in an element. around: the attributes of the voice there."""

    def __init__(self, within: etree._Element, around: dict[str, str], language: str) -> None:
        self._within = within
        self._around = around
        self._language = language

    def passage(self, passage: Passage) -> None:
        """Write a passage as a <p>."""
        paragraph = _child(self._within, "p")
        if passage.language != self._language:
            paragraph.set(_LANG, passage.language)
        for sentence in _sentences(passage.items):
            spoken = any(isinstance(item, Utterance) for item in sentence)
            here = _child(paragraph, "s") if spoken else paragraph
            before: Utterance | None = None
            for item in sentence:
                if isinstance(item, Utterance):
                    _space(here, before, item)
                    self._utterance(here, item, passage.language)
                    before = item
                else:
                    _sound(here, item)
                    before = None

    def _utterance(self, here: etree._Element, utterance: Utterance, language: str) -> None:
        voice, prosody = _voice(utterance), _prosody(utterance)
        if voice and voice != self._around:
            here = _child(here, "voice", voice)
        if prosody:
            here = _child(here, "prosody", prosody)
        if utterance.language != language:
            here = _child(here, "lang", {_LANG: utterance.language})
        _child(here, "mark", {"name": printable(utterance.id)})
        _respelt(here, utterance)


def _respelt(here: etree._Element, utterance: Utterance) -> None:
    """The text; what is said otherwise in <sub>, or in <phoneme> where its sounds are known.

    The stop after such a word is in the element with it: alone, espeak-ng would say "dot".
    """
    at = 0
    for it in utterance.respellings:
        stop = _STOP.match(utterance.text, it.end)
        _append(here, utterance.text[at : it.begin])
        at = stop.end() if stop else it.end
        written = printable(utterance.text[it.begin : at])
        said = utterance.spoken[it.spoken_begin : it.spoken_end] + utterance.text[it.end : at]
        if it.ipa:
            _child(here, "phoneme", {"alphabet": "ipa", "ph": printable(it.ipa)}).text = written
        else:
            _child(here, "sub", {"alias": printable(said)}).text = written
    _append(here, utterance.text[at:])


def _sound(here: etree._Element, item: Cue | Pause) -> None:
    if isinstance(item, Pause):
        _child(here, "break", {"time": f"{item.ms}ms"})
        return
    if item.gain_db:  # soundLevel is of the extended profile (1.5), which few engines speak
        here = _child(here, "prosody", {"volume": f"{_number(item.gain_db, signed=True)}dB"})
    _child(here, "audio", {"src": item.src.absolute().as_uri()})


def _sentences(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items, those of one sentence together; what sounds between two is by itself."""
    sentence: list[Item] = []
    for at, item in enumerate(items):
        following = next((i for i in items[at + 1 : at + 9] if isinstance(i, Utterance)), None)
        sentence.append(item)
        if isinstance(item, Utterance) and _ends(item, following):
            yield from _parted(sentence)
            sentence = []
    yield from _parted(sentence)


def _parted(sentence: Sequence[Item]) -> Iterator[list[Item]]:
    """A sentence without the cues and pauses at its edges, and those."""
    spoken = [at for at, item in enumerate(sentence) if isinstance(item, Utterance)]
    first, last = (spoken[0], spoken[-1] + 1) if spoken else (len(sentence), len(sentence))
    yield from (
        list(part) for part in (sentence[:first], sentence[first:last], sentence[last:]) if part
    )


def _ends(utterance: Utterance, following: Utterance | None) -> bool:
    """Whether a sentence ends with an utterance; in “Come in!” she said it goes on."""
    if following is None or utterance.is_announcement or following.is_announcement:
        return True
    letter = _LETTER.search(following.text)
    goes_on = letter is not None and letter[0].islower()
    return bool(_SENTENCE_END.search(utterance.text + utterance.trail)) and not goes_on


# --- elements -------------------------------------------------------------------------------


def _child(
    parent: etree._Element, name: str, attributes: dict[str, str] | None = None
) -> etree._Element:
    return etree.SubElement(parent, f"{{{_SSML}}}{name}", attributes or {})


def _last(element: etree._Element) -> etree._Element | None:
    return next(element.iterchildren(reversed=True), None)  # len() would count every child


def _append(element: etree._Element, text: str) -> None:
    text = printable(text)
    last = _last(element)
    if last is None:
        element.text = (element.text or "") + text
    else:
        last.tail = (last.tail or "") + text


def _space(here: etree._Element, before: Utterance | None, item: Utterance) -> None:
    """A space between utterances, unless they are one word that goes on."""
    if _last(here) is not None and not (before is not None and before.trail + item.lead == ""):
        _append(here, " ")


def _lay_out(speak: etree._Element, within: etree._Element) -> None:
    """White space for the eye: passages, sentences, cues and pauses each on a line."""
    speak.text = "\n"
    for element in speak:
        element.tail = "\n"
    if within is not speak:
        within.text = "\n"
    for paragraph in within.iterchildren(f"{{{_SSML}}}p"):
        paragraph.tail = "\n"
        paragraph.text = "\n  "
        for part in paragraph:
            part.tail = "\n  "
        paragraph[-1].tail = "\n"
