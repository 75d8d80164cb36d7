import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from audiostory.reading.blocks import Effort, html_of
from audiostory.reading.embedded import embedded_article

LINES = tuple(
    f"On day {n} the council met to decide what should become of the old lamp on the quay."
    for n in ("one", "two", "three", "four", "five", "six", "seven")
)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in LINES)
TITLE = "The lamp on the quay"


def shell(script: str, head: str = f"<title>{TITLE} – The Harbour</title>") -> HtmlElement:
    return document_fromstring(
        f"<html><head>{head}</head><body><div id=root></div>{script}</body></html>"
    )


def data(value: object, attributes: str = "id=__NEXT_DATA__ type=application/json") -> str:
    return f"<script {attributes}>{json.dumps(value)}</script>"


def test_json_ld_with_a_plain_body():
    thing = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "The Harbour"},
            {
                "@type": ["NewsArticle"],
                "headline": TITLE,
                "articleBody": "\n\n".join(LINES).replace("old", "&quot;old&quot;"),
                "author": [{"@type": "Person", "name": "Ann Lee"}, {"name": "Bo"}],
                "datePublished": "2024-05-01T10:00:00Z",
                "inLanguage": "en-GB",
                "description": "A light goes out.",
            },
        ],
    }
    found = embedded_article(shell(data(thing, "type='application/ld+json'")))
    assert found is not None
    assert found.title == TITLE
    assert found.authors == ("Ann Lee", "Bo")
    assert found.published == "2024-05-01T10:00:00Z"
    assert found.language == "en-GB"
    assert found.description == "A light goes out."
    assert found.html.count("<p>") == len(LINES)
    assert "&quot;old&quot;" in found.html


def test_json_ld_whose_body_is_html_escaped_or_has_line_breaks_in_it():
    body = PARAGRAPHS.replace("<", "&lt;").replace(">", "&gt;")
    script = f'<script type="application/ld+json">{{"@type":"Article","headline":"{TITLE}",\n'
    found = embedded_article(shell(script + f'"articleBody":"{body}\n"}}</script>'))
    assert found is not None
    assert found.html.startswith("<p>On day one")


ARTICLE = {"title": TITLE, "body": PARAGRAPHS, "authors": ["Ann Lee"]}
OTHERS = [{"title": "A ship", "body": PARAGRAPHS * 3}, {"title": "Rope", "body": PARAGRAPHS}]


@pytest.mark.parametrize(
    "script",
    [
        data({"props": {"pageProps": {"related": OTHERS, "article": ARTICLE}}}),
        data({"a": ARTICLE}, "type='application/json' id=state"),
        f"<script>window.__INITIAL_STATE__ = {json.dumps({'a': ARTICLE, 'o': OTHERS})};</script>",
        f'<script>window["__PRELOADED_STATE__"]={json.dumps({"a": ARTICLE})};go();</script>',
        f"<script>var __DATA__ = {json.dumps({'a': ARTICLE})}</script>",
        f"<script>window.__STATE__=JSON.parse({json.dumps(json.dumps({'a': ARTICLE}))})</script>",
        "<script>window.__NUXT__={data:1};window.__NUXT__="
        + json.dumps({"a": ARTICLE, "u": "UNDEFINED"}).replace('"UNDEFINED"', "undefined")
        + ";</script>",
    ],
)
def test_the_article_in_what_a_script_is_given(script: str):
    found = embedded_article(shell(script))
    assert found is not None
    assert (found.title, found.authors, found.html) == (TITLE, ("Ann Lee",), PARAGRAPHS)


def test_an_apollo_cache_refers_to_its_parts():
    parts = {f"P:{n}": {"type": "P", "text": line} for n, line in enumerate(LINES)}
    post = {
        "__typename": "Post",
        "title": TITLE,
        "creator": {"__ref": "User:1"},
        "content": {"bodyModel": {"paragraphs": [{"__ref": name} for name in parts]}},
    }
    state = {"ROOT_QUERY": {}, "User:1": {"name": "Ann Lee"}, "Post:1": post, **parts}
    found = embedded_article(shell(f"<script>window.__APOLLO_STATE__ = {json.dumps(state)}"))
    assert found is not None
    assert found.html == PARAGRAPHS
    assert found.authors == ("Ann Lee",)


def test_nuxts_payload_refers_by_number():
    flat = [["ShallowReactive", 1], {"data": 2}, {"article": 3}, {"title": 4, "body": 5, "by": 6},
            TITLE, PARAGRAPHS, {"self": 6}]  # fmt: skip
    found = embedded_article(shell(data(flat, "id=__NUXT_DATA__ type=application/json")))
    assert found is not None
    assert found.html == PARAGRAPHS


def test_a_title_that_is_elsewhere():
    body = {"blocks": [{"type": "paragraph", "model": {"text": line}} for line in LINES]}
    found = embedded_article(shell(data({"page": {"content": body}})))
    assert found is not None
    assert found.html == PARAGRAPHS


@pytest.mark.parametrize(
    "script",
    [
        "",
        data({"title": TITLE, "body": "Too short."}),
        data({"title": TITLE}),
        "<script>window.__STATE__ = function(){ return {title: 1} }()</script>",
        "<script type=application/json>{broken</script>",
        f"<script>{'x' * 100000}</script>",
        "<script>" + "window.__STATE__=" * 5000 + "</script>",
    ],
)
def test_a_page_without_one(script: str):
    assert embedded_article(shell(script)) is None


def test_another_article_is_not_taken_for_the_one_that_the_page_shows():
    page = document_fromstring(
        f"<html><head><title>Rope</title></head><body>{PARAGRAPHS * 3}"
        f"{data({'title': 'A ship', 'body': PARAGRAPHS})}</body></html>"
    )
    assert embedded_article(page) is None


def test_an_excerpt_of_what_the_page_shows_is_not_taken_for_it():
    page = document_fromstring(
        f"<html><head><title>{TITLE}</title></head><body>{PARAGRAPHS * 4}"
        f"{data({'title': TITLE, 'body': PARAGRAPHS})}</body></html>"
    )
    assert embedded_article(page) is None


# --- blocks ---------------------------------------------------------------------------------


def written(body: object) -> str:
    return html_of(body, Effort())


@pytest.mark.parametrize(
    ("editor", "body", "expected"),
    [
        ("html", "<p>One &amp; two</p>", "<p>One &amp; two</p>"),
        ("text", "One & two\n\nThree < four", "<p>One &amp; two</p><p>Three &lt; four</p>"),
        ("strings", ["One", "Two"], "<p>One</p><p>Two</p>"),
        ("wordpress", {"rendered": "<p>One</p>", "protected": False}, "<p>One</p>"),
        (
            "Editor.js",
            {
                "time": 1,
                "blocks": [
                    {"type": "header", "data": {"text": "Head", "level": 3}},
                    {"type": "paragraph", "data": {"text": "One <b>two</b>"}},
                    {"type": "list", "data": {"style": "ordered", "items": ["a", "b"]}},
                    {"type": "quote", "data": {"text": "So.", "cite": "Ann"}},
                    {"type": "delimiter", "data": {}},
                ],
            },
            "<h3>Head</h3><p>One <b>two</b></p><ol><li>a</li><li>b</li></ol>"
            "<blockquote><p>So.</p><footer>Ann</footer></blockquote><hr>",
        ),
        (
            "Draft.js",
            {
                "blocks": [
                    {"type": "header-two", "text": "Head"},
                    {"type": "unstyled", "text": "One"},
                    {"type": "unordered-list-item", "text": "a"},
                    {"type": "unordered-list-item", "text": "b"},
                    {"type": "blockquote", "text": "So."},
                ],
                "entityMap": {},
            },
            "<h2>Head</h2><p>One</p><ul><li>a</li><li>b</li></ul>"
            "<blockquote><p>So.</p></blockquote>",
        ),
        (
            "ProseMirror",
            {
                "type": "doc",
                "content": [
                    {"type": "heading", "attrs": {"level": 2},
                     "content": [{"type": "text", "text": "Head"}]},
                    {"type": "paragraph", "content": [
                        {"type": "text", "text": "One "},
                        {"type": "text", "text": "two", "marks": [{"type": "bold"}]},
                        {"type": "text", "text": " < three"},
                    ]},
                    {"type": "bullet_list", "content": [
                        {"type": "list_item", "content": [
                            {"type": "paragraph", "content": [{"type": "text", "text": "a"}]}]}]},
                ],
            },
            "<h2>Head</h2><p>One <strong>two</strong> &lt; three</p><ul><li><p>a</p></li></ul>",
        ),
        (
            "Portable Text",
            [
                {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": "Head"}]},
                {"_type": "block", "style": "normal", "children": [
                    {"_type": "span", "text": "One ", "marks": []},
                    {"_type": "span", "text": "two", "marks": ["em"]}]},
                {"_type": "block", "style": "normal", "listItem": "bullet",
                 "children": [{"_type": "span", "text": "a"}]},
                {"_type": "image", "alt": "A lamp", "caption": "The lamp, lit."},
            ],
            "<h2>Head</h2><p>One <em>two</em></p><ul><li>a</li></ul>"
            '<figure><img alt="A lamp"><figcaption>The lamp, lit.</figcaption></figure>',
        ),
        (
            "Contentful",
            {"nodeType": "document", "data": {}, "content": [
                {"nodeType": "heading-1",
                 "content": [{"nodeType": "text", "value": "Head", "marks": []}]},
                {"nodeType": "paragraph", "content": [
                    {"nodeType": "text", "value": "One ", "marks": []},
                    {"nodeType": "hyperlink", "data": {"uri": "https://a.example/"},
                     "content": [{"nodeType": "text", "value": "two", "marks": []}]}]},
                {"nodeType": "unordered-list", "content": [{"nodeType": "list-item", "content": [
                    {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "a"}]}]}]},
            ]},
            '<h1>Head</h1><p>One <a href="https://a.example/">two</a></p><ul><li><p>a</p></li></ul>',
        ),
        (
            "Arc",
            [
                {"type": "text", "content": "One <i>two</i>"},
                {"type": "header", "level": 2, "content": "Head"},
                {"type": "image", "caption": "Lit.", "credits": {"by": [{"name": "Bo"}]}},
                {"type": "list", "list_type": "unordered",
                 "items": [{"type": "text", "content": "a"}]},
                {"type": "interstitial_link", "content": "Read: A ship"},
            ],
            "<p>One <i>two</i></p><h2>Head</h2><figure><figcaption>Lit.</figcaption></figure>"
            '<ul><li>a</li></ul><div class="related-stories"><p>Read: A ship</p></div>',
        ),
        (
            "BBC",
            [{"type": "text", "model": {"blocks": [
                {"type": "paragraph", "model": {"text": "One two", "blocks": [
                    {"type": "fragment", "model": {"text": "One ", "attributes": []}},
                    {"type": "fragment", "model": {"text": "two", "attributes": ["bold"]}}]}},
                {"type": "paragraph", "model": {"text": "Three", "blocks": []}}]}}],
            "<p>One two</p><p>Three</p>",
        ),
        (
            "Gutenberg",
            [{"name": "core/heading", "attributes": {"content": "Head", "level": 2},
              "innerBlocks": []},
             {"name": "core/paragraph", "attributes": {"content": "One"}, "innerBlocks": []},
             {"name": "core/group", "innerBlocks": [
                 {"name": "core/paragraph", "attributes": {"content": "Two"}}]}],
            "<h2>Head</h2><p>One</p><p>Two</p>",
        ),
        (
            "Medium",
            [{"__typename": "Paragraph", "type": "H3", "text": "Head"},
             {"__typename": "Paragraph", "type": "P", "text": "One"},
             {"__typename": "Paragraph", "type": "ULI", "text": "a"},
             {"__typename": "Paragraph", "type": "BQ", "text": "So."},
             {"__typename": "Paragraph", "type": "PQ", "text": "Big."}],
            "<h3>Head</h3><p>One</p><ul><li>a</li></ul><blockquote><p>So.</p></blockquote>"
            '<aside class="pullquote"><p>Big.</p></aside>',
        ),
        (
            "Slate",
            [{"type": "h2", "children": [{"text": "Head"}]},
             {"type": "p", "children": [{"text": "One "}, {"text": "two"}]},
             {"children": [{"text": "Three"}]}],
            "<h2>Head</h2><p>One two</p><p>Three</p>",
        ),
    ],
)  # fmt: skip
def test_blocks_of_an_editor(editor: str, body: object, expected: str):
    assert written(body) == expected, editor


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_data_ends(depth: int):
    text = '{"title":"a","content":[' * depth + "1" + "]}" * depth
    started = time.process_time()
    assert embedded_article(shell(f"<script type=application/json>{text}</script>")) is None
    assert time.process_time() - started < 30


def test_data_that_holds_itself_a_thousandfold_ends():
    flat: list[object] = [{"title": 1, "body": 2}, TITLE]
    flat += [[n + 1] * 10 for n in range(2, 40)]
    flat += [LINES[0]]
    found = embedded_article(shell(data(flat, "id=__NUXT_DATA__ type=application/json")))
    assert found is not None
    assert found.title == TITLE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "text", "content", "title", "body", "marks", "style", "data"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_json_is_written(value: object):
    written(value)
    embedded_article(shell(data({"title": TITLE, "body": value})))
    embedded_article(shell(data([value, value, 0, 1], "id=__NUXT_DATA__ type=application/json")))
