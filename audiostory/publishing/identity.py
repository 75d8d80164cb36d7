"""Who a show is: its podcast:guid, given once and kept in show.json."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid5

from audiostory.errors import PublishingError
from audiostory.model import Show
from audiostory.publishing import layout
from audiostory.publishing.text import ascii_url

_FORMAT = 1
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


def base_url(show: Show) -> str:
    """Where the show's folder is served, in ASCII, with a trailing slash."""
    return ascii_url(show.base_url).rstrip("/") + "/"


def feed_url(show: Show) -> str:
    """Where the show's feed is served."""
    return base_url(show) + layout.FEED


def podcast_guid(show: Show, show_dir: Path) -> UUID:
    """The show's guid: that in show.json, or else (at first) one made from the feed's URL.

    UUID version 5 of the URL without its scheme and trailing slashes (podcast namespace, guid).
    It stays when the show moves to another address. Raises PublishingError when show.json
    cannot be read.
    """
    path = show_dir / layout.SHOW
    try:
        return UUID(json.loads(path.read_bytes())["guid"])
    except (FileNotFoundError, NotADirectoryError):
        address = feed_url(show).partition("://")[2].rstrip("/")
        return uuid5(_PODCASTS, address)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise PublishingError(
            f"{path} cannot be read ({error}).",
            f"Restore it from a copy; the guid it holds is the podcast:guid in {layout.FEED}.",
        ) from error


def show_json(guid: UUID) -> str:
    """What show.json holds."""
    return json.dumps({"format": _FORMAT, "guid": str(guid)}, indent=2) + "\n"
