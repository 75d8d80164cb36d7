"""A generated article as the benchmarks need it: a page to read, and the words that are said."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from lxml import html as lxml_html

from benchmarks.narrating import generated


def write_page(words: int, path: Path, *, edited: bool = False) -> None:
    """An HTML page of about so many words. edited: one sentence in the middle is another."""
    body = generated(words).body
    if edited:
        paragraphs = body.xpath(".//p[not(*)]")
        middle = paragraphs[len(paragraphs) // 2]
        first, _, rest = middle.text.partition(". ")
        middle.text = f"Nobody had foreseen that. {rest}" if rest else f"{first} Once more."
    page = lxml_html.tostring(body, encoding="unicode")
    head = '<meta charset="utf-8"><title>The harbour at night</title>'
    html = f'<!doctype html><html lang="en"><head>{head}</head><body>{page}</body></html>'
    path.write_text(html, "utf-8")


def spoken_text(page: Path) -> list[str]:
    """What audiostory says of a page, a passage each: what its peers are given to say."""
    command = [sys.executable, "-m", "audiostory", "script", str(page), "--format", "json"]
    script = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    passages = (
        " ".join(item["spoken"] for item in passage["items"] if item["type"] == "speak")
        for passage in script["passages"]
    )
    return [text for text in passages if text.strip()]
