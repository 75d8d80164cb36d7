"""Text that nobody writes, but that somebody will give: a sensible script, and every word in it."""

import pytest

from audiostory.model import Script
from tests.narration.helpers import article, one_paragraph, profile, script_of

MANY = 10_000
HOSTILE = {
    "ten thousand nested quotations": "“‘" * MANY + "deep" + "’”" * MANY,
    "ten thousand that open and never close": "“He said " * MANY,
    "marks alone": '"' * MANY,
    "apostrophes and marks": "it's '" * MANY,
    "a megabyte without a sentence's end": "word " * 20 * MANY,
    "half a megabyte without a space": "x" * 50 * MANY,
    "digits": "1" * 20 * MANY,
    "numbers": "$1.5bn 12:30 3/4 5–6% " * MANY,
    "capitals": "ABC " * 5 * MANY,
    "addresses": "a@b.c www.x.y/z #tag @who " * MANY,
    "full stops": ". " * 10 * MANY,
    "dashes": "— да " * 5 * MANY,
    "combining marks": "e" + "\u0301" * 5 * MANY + " is one letter",
    "characters without width": "a\u200bb\u200dc\u2060 “d\ufeff” " * 100,
    "characters for private use": "\ue000\uf8ff \U000f0000 and text \U0010fffd",
    "right to left": "قال الرئيس: «لن نعود إلى الوراء». אמר הנשיא: ”לא נחזור“.",
    "lone surrogates": "before \ud800 between \udfff after",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_narrated_and_every_word_counted(name: str):
    text = HOSTILE[name]
    inner = f"<h1>The lamp</h1><p>What follows was pasted by somebody.</p><p>{text}</p>"
    script = script_of(article(inner), profile("news"))
    assert_all_is_accounted_for(script)


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {"lone surrogates"}))
def test_so_it_is_where_no_reader_divided_the_text(name: str):
    assert_all_is_accounted_for(script_of(one_paragraph(HOSTILE[name]), profile("news")))


def assert_all_is_accounted_for(script: Script) -> None:
    counts = script.coverage
    assert counts.words_in_article == counts.words_spoken + counts.words_omitted
