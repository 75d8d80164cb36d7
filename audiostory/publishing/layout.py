"""The names of what is published.

<output>/<show.slug>/
├── feed.xml, cover-<hash>.jpg, show.json
└── episodes/<YYYY-MM-DD>-<slug>/
    ├── <slug>-<hash>.mp3, and .m4b, .opus if the show asks for them
    └── transcript.vtt, chapters.json, index.html, episode.json
"""

from __future__ import annotations

EPISODES = "episodes"
FEED = "feed.xml"
SHOW = "show.json"

MANIFEST = "episode.json"
TRANSCRIPT = "transcript.vtt"
CHAPTERS = "chapters.json"
PAGE = "index.html"

UNTITLED = "Untitled"

_HASH_CHARACTERS = 8


def audio_name(slug: str, sha256: str, extension: str) -> str:
    """The name of an audio file: other bytes have another name."""
    return f"{slug}-{sha256[:_HASH_CHARACTERS]}.{extension}"
