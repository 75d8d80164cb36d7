"""Episodes made by hand, small and whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiostory.model import Show
from tests.publishing.helpers import Maker, publish_article


@pytest.fixture
def show() -> Show:
    return Show(
        title="Tales & Tunes",
        slug="tales",
        author="Ann Author",
        description="Articles <read> aloud & well.",
        base_url="https://example.org/tales/",
        categories=("News > Tech News", "Arts"),
        email="ann@example.org",
    )


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC)


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    return Maker(tmp_path / "made")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


@pytest.fixture
def publish_one(make: Maker, show: Show, output: Path, now: datetime) -> Callable[..., object]:
    def publish_one(article: object, where: str = "file:///a.html", **options: object) -> object:
        return publish_article(make, show, output, article, where, now, **options)

    return publish_one
