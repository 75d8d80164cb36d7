"""Saved pages of our own: what they are called, who wrote them and when, and what is in them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from audiostory.reading import read
from tests.round_trip import PAGES, blocks_of, expected_blocks

METADATA = ("title", "authors", "published", "language", "description")


def expected(page: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(page.with_suffix(".expected.json").read_text("utf-8"))
    data["authors"] = tuple(data["authors"])
    data["published"] = datetime.fromisoformat(data["published"])
    return data


@pytest.fixture(params=PAGES, ids=lambda page: page.stem)
def page(request) -> Path:
    return request.param


@pytest.mark.parametrize("name", METADATA)
def test_what_is_known_of_an_article(page: Path, name: str):
    assert getattr(read(page), name) == expected(page)[name]


def test_the_blocks_of_an_article_and_their_roles(page: Path):
    found = blocks_of(read(page))
    plain = [("listitem" if b.role == "numbered" else b.role, b.text) for b in found]
    assert plain == [(block.role, block.text) for block in expected_blocks(page)]


def test_what_is_left_out_is_listed_with_a_reason(page: Path):
    omissions = [[omission.reason, omission.text] for omission in read(page).omissions]
    assert omissions == expected(page)["omitted"]
