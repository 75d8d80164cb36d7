"""What the boxes of a web page are for, as their elements, roles and names say."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

_TAG_REASONS = {
    "form": "form",
    "button": "button",
    "select": "form",
    "textarea": "form",
    "search": "form",
    "footer": "page footer",
    "header": "page header",
}
_ROLE_REASONS = {
    "navigation": "menu",
    "banner": "page header",
    "contentinfo": "page footer",
    "search": "form",
    "dialog": "box over the page",
    "alertdialog": "box over the page",
    "menu": "menu",
}
TEASER = "teaser of another story"
# Words in class and id that say what a box is for; the first that fits gives the reason.
_BOXES = (
    (
        r"related|recirc|more-(stories|from|on)|read-?(more|next|also)|recommend\w*|see-also",
        "related story",
    ),
    (r"newsletter|subscri\w+|signup|sign-up|mailing-list", "newsletter form"),
    (r"share|sharing|social|share-?bar", "share buttons"),
    (r"comments?|disqus|discussion", "comments"),
    (r"advert\w*|ads?|ad-\w+|sponsor\w*|promo\w*|outbrain|taboola", "advertisement"),
    (r"teaser\w*", TEASER),
    (r"cookies?|consent|gdpr|cmp", "consent box"),
    (r"breadcrumbs?", "menu"),
    (r"menu|navbar|nav|navigation|toolbar|skip-?link|pagination|pager", "menu"),
    (r"sidebar|widget|trending|most-?read|popular", "box beside the article"),
    (r"paywall|regwall", "paywall notice"),
    (r"footer|site-footer|colophon|imprint", "page footer"),
    (r"masthead|site-header|topbar", "page header"),
)
# What is never a box, whatever it is called: a heading's id is made of the heading's own words.
_NEVER = frozenset(
    {"body", "html", "a", "em", "strong", "p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th"}
    | {"tr", "tbody", "blockquote", "figcaption", "img", "span", "b", "i"}
    | {"mjx-container"}  # a formula of MathJax 3, in a saved page: class "CtxtMenu_Attached_0"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def naming(words: str) -> re.Pattern[str]:
    """A class or an id that has one of these words in it."""
    return re.compile(rf"(^|[\s_-])({words})($|[\s_-])", re.IGNORECASE)


CAPTION = naming(
    r"(wp-|image-|img-|photo-|picture-|figure-|media-|article-|lead-|inline-)*"
    r"(caption|cutline|bildunterschrift|legende|pie-de-foto)(-text|-wrap|-content|s)?"
)
# The controls of players: their markup holds what their buttons and gauges say.
_PLAYER = naming(r"vjs|video-?js|mejs|jw-?player|plyr|media-?player-controls?")
_GALLERY = naming(
    r"(photo|image|picture|media|grid-mod)?-?(gallery|slideshow|slide-show|carousel)"
    r"|bildergalerie|fotostrecke|diaporama|galer[ií]a"
)
_THIN = 4  # pixels
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HASH = re.compile(r"_{2,3}[\w-]*\d[\w-]*(?=\s|$)")  # that a build tool adds to a class
_ANY = naming("|".join(words for words, _ in _BOXES))
_PATTERNS = tuple((naming(words), reason) for words, reason in _BOXES)


def spaced(named: str) -> str:
    """Class names with a hyphen between their words, and without what build tools add."""
    return _HUMP.sub("-", _HASH.sub("", named) if "__" in named else named)


def is_hidden(element: HtmlElement) -> bool:
    """Whether a page says of an element that it is not shown."""
    if element.get("hidden") is not None:
        return True
    if element.get("aria-hidden") == "true" and not _is_shown(element):
        return True
    return bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def is_thin(image: HtmlElement) -> bool:
    """Whether an image is so low or narrow that it is but a line."""
    sizes = (image.get("height") or "", image.get("width") or "")
    return any(size.isdecimal() and int(size[:9]) <= _THIN for size in sizes)


def is_player(element: HtmlElement) -> bool:
    """Whether an element is a player of videos, with its buttons."""
    return _PLAYER.search(element.get("class") or "") is not None and element.tag != "figure"


def is_gallery(element: HtmlElement) -> bool:
    """Whether an element is called a gallery of pictures."""
    return _GALLERY.search(element.get("class") or "") is not None


def _is_shown(element: HtmlElement) -> bool:
    """A caption or a described picture that only screen readers are kept from."""
    return element.tag == "figcaption" or (element.tag == "img" and bool(element.get("alt")))


def role_reason(element: HtmlElement) -> str | None:
    """What a page says outright that an element is (HTML, 4.3.4; WAI-ARIA 1.2, 5.3)."""
    role = (element.get("role") or "").lower()
    return _ROLE_REASONS.get(role) or ("menu" if element.tag == "nav" else None)


def element_reason(element: HtmlElement) -> str | None:
    """What an element is for (HTML, 4.3 and 4.10), if it is not to be read."""
    return role_reason(element) or _TAG_REASONS.get(str(element.tag))


def named_reason(element: HtmlElement) -> str | None:
    """What the class and id of an element hint that it is."""
    if element.tag in _NEVER:
        return None
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _reason_of(named) if len(named) > 1 else None


@lru_cache(maxsize=4096)
def _reason_of(named: str) -> str | None:
    named = spaced(named)
    if not _ANY.search(named):
        return None
    return next(reason for pattern, reason in _PATTERNS if pattern.search(named))
