"""Whether a media query list is for speech (Media Queries 4, section 3)."""

from __future__ import annotations

from collections.abc import Sequence

from tinycss2 import ast

_SPOKEN = frozenset({"all", "speech"})


def is_for_speech(prelude: Sequence[ast.Node]) -> bool:
    """Whether one of the queries in a list matches, or there is none.

    A feature such as (width > 600px) is never there: nothing is known of what will play.
    """
    tokens = [token for token in prelude if token.type not in ("whitespace", "comment")]
    queries: list[list[ast.Node]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            queries.append([])
        else:
            queries[-1].append(token)
    return not tokens or any(_matches(query) for query in queries)


def _matches(query: Sequence[ast.Node]) -> bool:
    words = [token.lower_value if token.type == "ident" else "" for token in query]
    prefix = words[0] if words and words[0] in ("not", "only") else ""
    named = words[1:] if prefix else words
    if not named or not named[0]:  # malformed, or a feature alone
        return False
    if prefix == "not":
        return named[0] not in _SPOKEN
    return len(named) == 1 and named[0] in _SPOKEN
