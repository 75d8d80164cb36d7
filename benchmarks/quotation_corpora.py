"""How often the right speaker is named, on corpora whose quotations were attributed by hand.

    score_polnear(Path("PolNeAR/data/train"))     news, English
    score_litbank(Path("litbank"))                novels, English
    score_adaq(Path("adaq/data"))                 sentences, Russian and Czech

What counts: quotations in marks, of five words or more, whose source somebody marked.

    speaker        share whose best answer, sure or not, is right (none counts as wrong)
    sure_coverage  share on whose speaker we are sure
    sure_accuracy  share of these that are right

An answer that is a name is right when its surname stands in the gold source. One that is no
name ("a source close to the Kremlin") is right when half its words stand there. Where the
gold source is a pronoun or a description ("he", "the candidate"), an answer is right when
these are the words that it was told by; named_speaker, named_sure_accuracy and
named_sure_coverage judge the name, too: its surname must be in a mention of the same chain
of the corpus' coreference. PolNeAR's coreference is CoreNLP's, made by a machine: a chain
tells only where its names are one person's, and of sixty of its disagreements with us read
by hand two thirds were its own mistakes. A pronoun that it doesn't tell counts in `untold`,
and in none of these three.

The corpora are never part of the project.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiostory.narration.quotations import find_quotations
from audiostory.narration.speakers import SURE, Attribution, attribute

_FEWEST_WORDS = 5
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_IN_MARKS = re.compile(r"“[^“”\r\n]*”|\"[^\"\r\n]*\"|«[^«»\r\n]*»|„[^„“”\r\n]*[“”]")
_AFTER_NAMES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_SMALL = frozenset(
    {"a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "s", "and", "one"}
    | {"his", "her", "their", "its"}
)
_PRONOUNS = frozenset(
    {"he", "she", "they", "it", "who", "i", "we", "you", "him", "her", "them"}
    | {"он", "она", "они", "я", "мы", "on", "ona", "oni"}
)
_SPAN = re.compile(r"(T\d+)\t[\w-]+ (\d+ \d+(?:;\d+ \d+)*)\t")
_EVENT = re.compile(r"E\d+\t\S+:")
_MENTION = re.compile(
    r"<sentence>(\d+)</sentence>\s*<start>(\d+)</start>\s*<end>(\d+)</end>.*?<text>(.*?)</text>",
    re.DOTALL,
)
_NAMED = re.compile(r"(?:[A-Z][\w.'’-]*\s?)+(?: ['’]s?)?(?<!\bI)")  # not: a friend of Al Gore
_OFFSET = re.compile(
    r"<sentence id=\"(\d+)\"|<token id=\"(\d+)\">.*?<CharacterOffsetBegin>(\d+)<", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Gold:
    """A quotation and who says it. start, end: in the text. names: of the same person."""

    start: int
    end: int
    source: str
    names: tuple[str, ...] | None  # None: whom the source means is not told


@dataclass(frozen=True, slots=True)
class Answer:
    """What we say of one gold quotation.

    verdict: whether the name is right, None where the gold is not told; told_by: whether the
    words are right that it was told by.
    """

    gold: Gold
    attribution: Attribution | None
    verdict: bool | None
    told_by: bool
    kind: str


def score_polnear(folder: Path) -> dict[str, float]:
    """The score on one part of networkdynamics/PolNeAR. folder: with text/, attributions/ …

    The whole corpus is scored by its train part.
    """
    whole = folder / "data" / "train"
    folder = whole if whole.is_dir() else folder
    return _score(polnear_answers(folder))


def score_litbank(folder: Path) -> dict[str, float]:
    """The score on dbamman/litbank. folder: with quotations/tsv, coref/tsv, original."""
    return _score(litbank_answers(folder))


def score_adaq(folder: Path) -> dict[str, float]:
    """The score on pixelmagenta/adaq. folder: with ru_tokens.tsv and cs_tokens.tsv, or data/."""
    folder = folder / "data" if (folder / "data").is_dir() else folder
    scores: dict[str, float] = {}
    for language in ("ru", "cs"):
        part = _score(adaq_answers(folder, language))
        scores |= {f"{language}_{key}": value for key, value in part.items()}
    return scores


def polnear_answers(folder: Path) -> Iterator[Answer]:
    """Our answer for every gold quotation of PolNeAR."""
    for path in sorted((folder / "text").iterdir()):
        text = path.read_bytes().decode("utf-8")  # offsets count each end of line as it is
        marked = next(iter(sorted((folder / "attributions").glob(f"{path.stem}_*.ann"))), None)
        if marked is None:
            continue
        golds = list(_polnear_golds(text, marked, folder / "corenlp" / f"{path.name}.xml"))
        yield from _answers(text, golds, "en")


def _polnear_golds(text: str, marked: Path, parsed: Path) -> Iterator[Gold]:
    spans: dict[str, list[tuple[int, int]]] = {}
    chains: list[list[tuple[int, str]]] | None = None
    for line in marked.read_text("utf-8").splitlines():
        if marks := _SPAN.match(line):
            places = marks[2].split(";")
            spans[marks[1]] = [(int(a), int(b)) for a, b in (p.split() for p in places)]
            continue
        if not _EVENT.match(line):
            continue
        parts = [part.split(":") for part in line.split("\t")[1].split()]
        content = [s for name, it in parts if name.startswith("Content") for s in spans.get(it, [])]
        source = [s for name, it in parts if name.startswith("Source") for s in spans.get(it, [])]
        quoted = list(_long_quotations(text, content)) if source else []
        if not quoted:
            continue
        said_by = " ".join(text[a:b] for a, b in source)
        names: tuple[str, ...] | None = (said_by,)
        if said_by in ("who", "which", "that"):
            names = (text[max(0, source[0][0] - 80) : source[0][0]],)
        elif not _has_name(said_by):
            chains = _chains(parsed) if chains is None else chains
            names = _coreferent(chains, source, said_by)
        for start, end in quoted:
            yield Gold(start, end, said_by, names)


def _long_quotations(text: str, content: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in content:
        for found in _IN_MARKS.finditer(text, max(0, start - 1), min(len(text), end + 1)):
            if len(_WORD.findall(found.group())) >= _FEWEST_WORDS:
                yield found.start(), found.end()


def _has_name(source: str) -> bool:
    words = _WORD.findall(source)
    return any(word[0].isupper() for word in words[1:]) or (
        len(words) == 1 and words[0][0].isupper() and words[0].lower() not in _PRONOUNS
    )


def _chains(parsed: Path) -> list[list[tuple[int, str]]]:
    """(offset, text) of the mentions of each of CoreNLP's coreference chains."""
    if not parsed.exists():
        return []
    page = parsed.read_text("utf-8")
    at = page.find("<coreference>")
    offsets: dict[tuple[int, int], int] = {}
    sentence = 0
    for found in _OFFSET.finditer(page, 0, at):
        if found.group(1):
            sentence = int(found.group(1))
        else:
            offsets[sentence, int(found.group(2))] = int(found.group(3))
    return [
        [(offsets.get((int(m[1]), int(m[2])), -1), m[4]) for m in _MENTION.finditer(chain)]
        for chain in page[at:].split("<coreference>")
    ]


def _coreferent(
    chains: Iterable[Sequence[tuple[int, str]]], source: Sequence[tuple[int, int]], said_by: str
) -> tuple[str, ...] | None:
    """What else the source is called, if one person is; None where a pronoun means nobody told."""
    start, end = source[0]
    for chain in chains:
        if any(start <= offset < end and len(t) <= end - start + 4 for offset, t in chain):
            named = tuple(t for _, t in chain if _NAMED.fullmatch(t) and _has_name(t))
            surnames = {_surname(t) for t in named} - {""}
            if len(surnames) == 1:
                return (*named, said_by)
    return None if said_by.lower() in _PRONOUNS else (said_by,)


def _surname(name: str) -> str:
    words = [word for word in _WORD.findall(name) if _plain(word) not in _AFTER_NAMES | {"s", ""}]
    return _plain(words[-1]) if words else ""


def litbank_answers(folder: Path) -> Iterator[Answer]:
    """Our answer for every gold quotation of LitBank."""
    for path in sorted((folder / "quotations" / "tsv").glob("*.ann")):
        name = path.stem.removesuffix("_brat")
        original = (folder / "original" / f"{name}.txt").read_text("utf-8")
        text, places = _unwrapped(original)
        lines = path.with_suffix(".txt").read_text("utf-8").splitlines()
        mentions = _litbank_mentions(folder / "coref" / "tsv" / path.name)
        golds = list(_litbank_golds(path, lines, places, mentions))
        yield from _answers(text, golds, "en")


def _unwrapped(original: str) -> tuple[str, list[int]]:
    """The text with a paragraph a line; where in it each character but white space stands."""
    paragraphs = re.split(r"\n\s*\n", original)
    text = "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    return text, [place for place, character in enumerate(text) if not character.isspace()]


def _litbank_mentions(path: Path) -> dict[str, list[str]]:
    """What each person is called in the text."""
    texts: dict[str, str] = {}
    found: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if fields[0] == "MENTION":
            texts[fields[1]] = fields[6]
        elif fields[0] == "COREF":
            found[fields[2]].append(texts.get(fields[1], ""))
    return found


def _litbank_golds(
    path: Path, lines: Sequence[str], places: Sequence[int], mentions: dict[str, list[str]]
) -> Iterator[Gold]:
    starts: list[list[int]] = []  # of the tokens of each line, white space not counted
    at = 0
    for line in lines:
        starts.append([])
        for token in line.split():
            starts[-1].append(at)
            at += len(token)
        starts[-1].append(at)
    spans: dict[str, tuple[int, int, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if fields[0] == "QUOTE":
            first, token, last, end = map(int, fields[2:6])
            spans[fields[1]] = (starts[first][token], starts[last][end + 1], fields[6])
        elif fields[0] == "ATTRIB" and fields[1] in spans:
            start, stop, quoted = spans[fields[1]]
            known = mentions.get(fields[2], [])
            name = re.sub(r"-\d+$", "", fields[2]).replace("_", " ")
            enough = len(_WORD.findall(quoted)) >= _FEWEST_WORDS
            if enough and stop <= len(places):
                yield Gold(places[start], places[stop - 1] + 1, name, (name, *known))


def adaq_answers(folder: Path, language: str) -> Iterator[Answer]:
    """Our answer for every gold quotation in marks of adaq: each sentence stands alone."""
    sentences: dict[str, str] = {}
    with (folder / f"{language}_sentences.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            sentences[row["sentence_id"]] = row["sentences"]
    tokens: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with (folder / f"{language}_tokens.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            tokens[row["sentence_num"]].append((row["text"], row["tags"]))
    for number, text in sentences.items():
        tagged = tokens.get(number, [])
        source = " ".join(word for word, tag in tagged if tag == "source")
        if not source:
            continue
        content = {word for word, tag in tagged if tag == "content"}
        golds = [
            Gold(start, end, source, None if source.casefold() in _PRONOUNS else (source,))
            for start, end in _long_quotations(text, [(0, len(text))])
            if _share(_WORD.findall(text[start:end]), content) >= 0.8
        ]
        yield from _answers(text, golds, language)


def _answers(text: str, golds: Sequence[Gold], language: str) -> Iterator[Answer]:
    """Our answers, for the text's paragraphs (a line each)."""
    starts: list[int] = []
    paragraphs: list[str] = []
    for found in re.finditer(r"[^\r\n]+", text):
        if found.group().strip():
            starts.append(found.start())
            paragraphs.append(found.group())
    quotations = find_quotations(paragraphs, language)
    attributions = attribute(paragraphs, quotations, language)
    ours = [
        (at + q.start, at + q.end, a, q.kind)
        for at, found, said in zip(starts, quotations, attributions, strict=True)
        for q, a in zip(found, said, strict=True)
    ]
    for gold in golds:
        best = max(ours, key=lambda it: min(it[1], gold.end) - max(it[0], gold.start), default=None)
        if best is None or min(best[1], gold.end) <= max(best[0], gold.start):
            best = (0, 0, None, "missed")
        verdict = _verdict(gold, best[2])
        yield Answer(gold, best[2], verdict, bool(verdict) or _told_by(gold, best[2]), best[3])


def _verdict(gold: Gold, attribution: Attribution | None) -> bool | None:
    if gold.names is None:
        return None
    if attribution is None:
        return False
    answer = _WORD.findall(attribution.speaker)
    gold_words = {_plain(word) for name in gold.names for word in _WORD.findall(name)}
    name = [word for word in answer if _plain(word) not in _AFTER_NAMES]
    if name and name[0][0].isupper() and _plain(name[0]) not in _SMALL | _PRONOUNS:
        if _plain(name[-1]) in gold_words:
            return True
        # Ban Ki-moon, Shen Xincheng: the surname may stand first.
        called = [word for word in _WORD.findall(gold.source) if word[0].isupper()]
        return len(called) == 1 and _plain(called[0]) in {_plain(word) for word in name}
    if not _has_name(gold.source) and len(gold.names) > 1:  # a description that has a name
        gold_words = {_plain(word) for word in _WORD.findall(" ".join(gold.names))}
    return _share([_plain(w) for w in answer if _plain(w) not in _SMALL], gold_words) >= 0.5


def _told_by(gold: Gold, attribution: Attribution | None) -> bool:
    """Whether the pronoun or description is the gold's."""
    if attribution is None or _has_name(gold.source):
        return False
    words = [_plain(word) for word in _WORD.findall(attribution.mention)]
    return (
        _share([w for w in words if w not in _SMALL], map(_plain, _WORD.findall(gold.source)))
        >= 0.5
    )


def _plain(word: str) -> str:
    return re.sub(r"['’]s?$", "", word).casefold()


def _share(words: Sequence[str], among: Iterable[str]) -> float:
    known = set(among)
    return sum(word in known for word in words) / len(words) if words else 0.0


def _score(answers: Iterable[Answer]) -> dict[str, float]:
    all_ = list(answers)
    named = [answer for answer in all_ if answer.verdict is not None]
    scores = _shares(all_, [answer.told_by for answer in all_])
    by_name = _shares(named, [bool(answer.verdict) for answer in named])
    return scores | {f"named_{key}": value for key, value in by_name.items()}


def _shares(answers: Sequence[Answer], right: Sequence[bool]) -> dict[str, float]:
    sure = [
        verdict
        for answer, verdict in zip(answers, right, strict=True)
        if answer.attribution is not None and answer.attribution.confidence >= SURE
    ]
    return {
        "speaker": _part(sum(right), len(right)),
        "sure_accuracy": _part(sum(sure), len(sure)),
        "sure_coverage": _part(len(sure), len(right)),
        "n": len(right),
    }


def _part(some: int, all_: int) -> float:
    return round(some / all_, 4) if all_ else 0.0
