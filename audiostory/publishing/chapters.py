"""Chapters for podcast apps: JSON Chapters 1.2.0 of the podcast namespace."""

from __future__ import annotations

import json

from audiostory.model import ChapterMark, Episode
from audiostory.publishing.text import label

MEDIA_TYPE = "application/json+chapters"
_VERSION = "1.2.0"


def chapters_json(episode: Episode) -> str:
    """The episode's chapters, times in seconds to the millisecond; the same in, the same out.

    See https://github.com/Podcastindex-org/podcast-namespace, chapters/jsonChapters.md.
    """
    chapters = [
        {"startTime": round(float(mark.begin_s), 3), "title": chapter_title(mark), "toc": True}
        for mark in episode.chapters
    ]
    document = {"version": _VERSION, "title": label(episode.article.title), "chapters": chapters}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def chapter_title(mark: ChapterMark) -> str:
    """The chapter's title as a label; its id when it has no title that can be written."""
    return label(mark.title) or mark.id
