from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring, tostring

from audiostory.reading import vocabulary as known
from audiostory.reading.clean import clean
from audiostory.reading.tree import visible_text

TAGS = sorted(known.BLOCKS | known.INLINE | {"div", "section", "br", "q", "b", "custom-tag"})
PIECES = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS]),
        st.sampled_from([f"</{tag}>" for tag in TAGS]),
        st.sampled_from(["one ", "two", " 3 ", "« vier »", " "]),
        st.sampled_from(['<img alt="a picture">', '<p class="byline">', '<a href="#x">']),
    ),
    max_size=40,
)


def cleaned(html: str):
    return clean(
        document_fromstring(f"<body>{html}</body>").find("body"), lambda _: None, lambda _: None
    )


def letters(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalnum())


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_any_tree_becomes_the_vocabulary_and_no_letter_is_lost(pieces: list[str]):
    html = "".join(pieces)
    source = document_fromstring(f"<body>{html}</body>").find("body")
    before = letters(visible_text(source))
    result = clean(source, lambda _: None, lambda _: None)
    omitted = " ".join(omission.text for omission in result.omissions)
    assert letters(visible_text(result.body)) + letters(omitted) == before
    for element in result.body.iter():
        assert element is result.body or element.tag in known.BLOCKS | known.INLINE | {"img", "br"}
        assert element.tag in known.INLINE | {"br"} or element.get("id")
    for element in result.body.iter(*known.CONTAINERS, "article"):
        assert not (element.text or "").strip()
        assert not any((child.tail or "").strip() for child in element)
    ids = [element.get("id") for element in result.body.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_lists_tables_and_rows_hold_their_own_parts_only():
    body = cleaned("<ul><p>One</p><li>Two</li></ul><table><tr><p>x</p></table>").body
    assert [child.tag for child in body.find("ul")] == ["li", "li"]


def test_preformatted_text_keeps_its_lines():
    assert cleaned("<pre>a\n  b</pre>").body[0].text == "a\n  b"


def test_what_is_judged_out_is_listed_in_reading_order():
    source = document_fromstring("<body><p>A</p><nav>N</nav><p>B</p><nav>M</nav></body>")
    result = clean(
        source.find("body"), lambda e: "menu" if e.tag == "nav" else None, lambda _: None
    )
    assert [omission.text for omission in result.omissions] == ["N", "M"]
    assert [p.text for p in result.body] == ["A", "B"]


def test_nothing_that_could_be_run_or_loaded_comes_through():
    body = cleaned(
        "<p onload=x()><a href=' JavaScript:x()'>a</a><a href='data:text/html,x'>b</a>"
        "<iframe src=x>c</iframe><object>d</object><svg onload=x()></svg>"
        "<style>p{}</style><script>x()</script></p>"
    ).body
    html = tostring(body, encoding="unicode")
    for bad in ("onload", "avaScript", "iframe", "object", "svg", "script", "style", "text/html"):
        assert bad not in html, bad


def test_white_space_is_folded_in_text_and_attributes():
    body = cleaned("<p>\n  One\n  <em> two </em>\n</p><p><img alt=' a\n b '>x</p>").body
    assert body[0].text == "One "
    assert body[1][0].get("alt") == "a b"


def test_a_paragraph_that_never_ends_is_divided_after_a_sentence():
    sentence = "The lamp stands on the <em>quay, and belongs</em> to nobody. "
    body = cleaned(f"<p class=byline>{sentence * 2000}</p>").body
    assert len(body) > 5
    assert all("".join(p.itertext()).endswith("nobody.") for p in body)
    assert sum(len(p.findall("em")) for p in body) == 2000


def test_even_a_word_that_never_ends_is_divided():
    body = cleaned(f"<pre>{'w' * 100_000}</pre>").body
    assert [len(p.text) for p in body][:-1] == [24_000] * (len(body) - 1)
    assert sum(len(p.text) for p in body) == 100_000
