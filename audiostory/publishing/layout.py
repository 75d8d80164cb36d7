"""The names of what is published.

<output>/<show.slug>/
├── feed.xml, cover-<hash>.jpg, show.json
└── episodes/<YYYY-MM-DD>-<slug>/
    └── <slug>-<hash>.mp3, transcript.vtt, chapters.json, index.html, episode.json
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
