"""How fast an article becomes a script, and whether the time grows with the words alone.

    python benchmarks/narrating.py [--words 1000 10000 100000 1000000] [--json]

The text is generated: news with quotations, speakers, figures, headings, lists and tables, no two
paragraphs the same. What is timed is narration alone, on one core: no reading, no speech.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

from lxml import html as lxml_html

from audiostory.model import Article
from audiostory.narration import Stylesheet, load_stylesheet, narrate
from audiostory.reading.finish import give_ids

_PROFILE = Path(__file__).parents[1] / "voices" / "news.css"
_PEOPLE = ("Anna Weiss", "Peter Lindqvist", "Maria Okafor", "Tom Hale", "Ines Duarte")
_ROLES = ("the mayor", "a spokesman for the port", "the union's secretary", "an engineer")
_SUBJECTS = ("The ferry", "The bridge", "The council", "The harbour", "A night train", "The mill")
_ACTS = (
    "opened",
    "closed for repairs",
    "cost $5.3bn",
    "lost 12% of its staff",
    "reopened at 9:30 am",
)
_SAYINGS = (
    "We have waited long enough for this and we will not wait again",
    "Nobody who lives on the quay was asked",
    "It is the third time since 12 October 2019 that we were promised 40 km/h",
    "That was a mistake, and everybody knows it",
)
_QUIET = (
    "In the evening the water lay still between the piers, and the lamps were lit one by one",
    "People stood at the rail for a while, talked about the weather, and went home",
    "What had been a warehouse of the 1890s was now a library with rooms for 300 readers",
)


def main() -> int:
    """Time each size, and print a table or one JSON object."""
    parser = argparse.ArgumentParser(description="Time the narration of articles.")
    parser.add_argument("--words", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    stylesheet = load_stylesheet(_PROFILE)
    narrate(generated(300), stylesheet)  # what is loaded once a process is no article's time
    rates = {size: round(_words_a_minute(size, stylesheet)) for size in sorted(arguments.words)}
    slowest = min(rates.values())
    growth = max(rates.values()) / slowest
    if arguments.json:
        print(
            json.dumps({"words_per_minute": rates, "slowest": slowest, "growth": round(growth, 2)})
        )
        return 0
    print(f"{'words':>10} {'words a minute':>15}")
    for size, rate in rates.items():
        print(f"{size:>10,} {rate:>15,}")
    print(f"time a word, slowest to fastest: {growth:.2f}")
    return 0


def _words_a_minute(size: int, stylesheet: Stylesheet) -> float:
    article = generated(size)
    begin = time.process_time()
    _, script = narrate(article, stylesheet)
    seconds = time.process_time() - begin
    return 60 * script.coverage.words_spoken / seconds


def generated(size: int) -> Article:
    """An article of about that many words."""
    choose = random.Random(size)  # the same text at each run
    blocks = ["<h1>The harbour at night</h1>"]
    count = 0
    while count < size:
        block = _block(choose, len(blocks))
        blocks.append(block)
        count += len(block.split())
    body = lxml_html.fragment_fromstring("".join(blocks), create_parent="article")
    give_ids(body)
    return Article("The harbour at night", "en", "generated.html", body)


def _block(choose: random.Random, number: int) -> str:
    if number % 12 == 0:
        return f"<h2>Part {number // 12}</h2>"
    if number % 25 == 1:
        return "<ul>" + "".join(f"<li>{_fact(choose, number)}</li>" for _ in range(4)) + "</ul>"
    if number % 40 == 2:
        row = f"<tr><td>{number}</td><td>{_fact(choose, number)}</td></tr>"
        return f"<table><tr><th>No.</th><th>What</th></tr>{row * 3}</table>"
    sentences = (choose.choice((_fact, _speech, _quiet))(choose, number) for _ in range(5))
    return f"<p>{' '.join(sentences)}</p>"


def _fact(choose: random.Random, number: int) -> str:
    return f"{choose.choice(_SUBJECTS)} {choose.choice(_ACTS)} in {1900 + number % 120}."


def _speech(choose: random.Random, _number: int) -> str:
    who = choose.choice(_PEOPLE + _ROLES)
    said = choose.choice(_SAYINGS)
    if choose.random() < 0.5:
        return f"“{said},” said {who}."
    return f"{who[0].upper()}{who[1:]} said: “{said}.”"


def _quiet(choose: random.Random, number: int) -> str:
    return f"{choose.choice(_QUIET)}, as in week {number % 52 + 1}."


if __name__ == "__main__":
    raise SystemExit(main())
