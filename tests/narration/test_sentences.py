"""Where sentences begin. More cases stand in test_annotate.py, where they are utterances."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostory.narration.sentences import opens_sentence, sentence_starts

DATA = files("audiostory.narration") / "data"
TABLES = tomllib.loads((DATA / "sentences.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", sorted(TABLES))
def test_a_short_form_has_its_dot_and_one_meaning(language: str) -> None:
    table = TABLES[language]
    kinds = [set(table.get(kind, ())) for kind in ("open", "weak", "final")]
    assert all(form.endswith(".") for kind in kinds for form in kind)
    assert sum(map(len, kinds)) == len(set.union(*kinds))
    assert all(word[0].isupper() for word in table["openers"])


def test_each_language_that_is_said_in_words_has_its_short_forms() -> None:
    spoken = {file.name.removesuffix(".toml") for file in (DATA / "spoken").iterdir()}
    assert spoken - {"common"} <= set(TABLES)


def test_no_sentence_begins_outside_the_text_or_where_none_is() -> None:
    assert list(sentence_starts("", "de")) == []
    assert list(sentence_starts("Am 3.", "de")) == [5]


def test_a_word_opens_a_sentence_or_the_text_ends() -> None:
    assert opens_sentence("the U.S. Then", 8, "en-GB")
    assert opens_sentence("the U.S.”", 8, "en")
    assert not opens_sentence("the U.S. Senate", 8, "en")


@given(
    st.lists(st.sampled_from(["3. ", "Jh. ", "Der ", "тыс. ", "руб. ", "“", "a", "\u00a0", "\n"])),
    st.sampled_from([*sorted(TABLES), "xx"]),
)
def test_starts_lie_within_the_text(parts: list[str], language: str) -> None:
    text = "".join(parts)
    assert all(0 < start <= len(text) for start in sentence_starts(text, language))
