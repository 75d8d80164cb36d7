"""Media Queries 4: what is for speech."""

from __future__ import annotations

import pytest
import tinycss2

from audiostory.narration.media import is_for_speech


@pytest.mark.parametrize(
    ("queries", "matches"),
    [
        *(("", True), ("all", True), ("speech", True), ("SPEECH", True), ("only speech", True)),
        *(("print", False), ("screen", False), ("aural", False), ("not all", False)),
        *(("not speech", False), ("not print", True), ("print, speech", True)),
        *(("print, screen", False), ("not speech, all", True), ("not print, screen", True)),
        *(("speech and (width > 600px)", False), ("(width > 600px)", False)),
        *(("not print and (grid)", True), ("not speech and (grid)", False)),
        *(("speech or all", False), (",", False), ("not", False), ("only", False), ("5", False)),
        *(("/* for */ speech", True), ("(prefers-reduced-motion), speech", True)),
    ],
)
def test_a_list_of_queries_matches_where_one_does(queries: str, matches: bool) -> None:
    assert is_for_speech(tinycss2.parse_component_value_list(queries)) is matches
