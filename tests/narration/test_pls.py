from pathlib import Path

import pytest

from audiostory.errors import LexiconError
from audiostory.narration.pls import Lexeme, read_pls

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<lexicon version="1.0" alphabet="ipa" xml:lang="en"'
    ' xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">\n'
)


def pls(folder: Path, inner: str, head: str = HEAD) -> Path:
    path = folder / "names.pls"
    path.write_text(f"{head}{inner}\n</lexicon>", "utf-8")
    return path


def test_an_entry_gives_each_of_its_graphemes_a_sound_or_other_words(tmp_path: Path):
    path = pls(
        tmp_path,
        "<lexeme><grapheme>Xi  Jinping</grapheme><grapheme>Xí Jìnpíng</grapheme>\n"
        "<phoneme>ˈʃiː dʒɪnˈpɪŋ</phoneme><example>Xi Jinping spoke.</example></lexeme>\n"
        "<lexeme><grapheme>nginx</grapheme><alias>engine X</alias></lexeme>",
    )
    xi = "ˈʃiː dʒɪnˈpɪŋ"
    assert read_pls(path).lexemes == (
        Lexeme("Xi Jinping", "en", f"{path}, line 3", xi),
        Lexeme("Xí Jìnpíng", "en", f"{path}, line 3", xi),
        Lexeme("nginx", "en", f"{path}, line 5", alias="engine X"),
    )


def test_of_several_pronunciations_the_preferred_one_is_taken_or_else_the_first(tmp_path: Path):
    several = "<phoneme>{}</phoneme><alias>b</alias><phoneme prefer='{}'>c</phoneme>"
    path = pls(
        tmp_path,
        f"<lexeme><grapheme>A</grapheme>{several.format('a', 'false')}</lexeme>"
        f"<lexeme><grapheme>B</grapheme>{several.format('a', 'true')}</lexeme>",
    )
    assert [lexeme.ipa for lexeme in read_pls(path).lexemes] == ["a", "c"]


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ("<lexeme><phoneme>a</phoneme></lexeme>", "no <grapheme>"),
        ("<lexeme><grapheme> </grapheme><phoneme>a</phoneme></lexeme>", "<grapheme> is empty"),
        ("<lexeme><grapheme>A</grapheme></lexeme>", "no <phoneme>"),
        ("<lexeme><grapheme>A</grapheme><phoneme>ˈ.</phoneme></lexeme>", "<phoneme> is empty"),
        (
            "<lexeme><grapheme>A</grapheme><phoneme alphabet='x-sampa'>{</phoneme></lexeme>",
            'alphabet is "x-sampa"',
        ),
        ("<lexeme><grapheme>A</grapheme><alias> </alias></lexeme>", "its <alias> is empty"),
        (f"<lexeme><grapheme>{'A' * 201}</grapheme><alias>a</alias></lexeme>", "longer than 200"),
    ],
)
def test_a_bad_entry_is_a_warning_with_its_line_and_the_others_hold(
    tmp_path: Path, entry: str, wrong: str
):
    good = "<lexeme><grapheme>B</grapheme><phoneme>b</phoneme></lexeme>"
    file = read_pls(pls(tmp_path, f"{entry}\n{good}"))
    assert [lexeme.grapheme for lexeme in file.lexemes] == ["B"]
    [warning] = file.warnings
    assert wrong in warning
    assert "names.pls, line 3" in warning


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (HEAD, "not well-formed XML: .*line 2"),
        ("", "not well-formed"),
        ("<html/>", "line 1: this is no pronunciation lexicon"),
        (HEAD.replace(' xml:lang="en"', "") + "</lexicon>", "does not say its language"),
        ('<!DOCTYPE lexicon [<!ENTITY a "b">]>\n<lexicon/>', "declarations"),
    ],
)
def test_a_file_that_is_no_lexicon_is_an_error(tmp_path: Path, text: str, wrong: str):
    path = tmp_path / "names.pls"
    path.write_text(text, "utf-8")
    with pytest.raises(LexiconError, match=wrong):
        read_pls(path)


def test_what_is_no_file_is_an_error(tmp_path: Path):
    with pytest.raises(LexiconError, match="no file"):
        read_pls(tmp_path)
    with pytest.raises(LexiconError, match="no file"):
        read_pls(Path("/dev/zero"))
