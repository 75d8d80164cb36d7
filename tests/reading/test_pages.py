import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from audiostory.reading.pages import full_version, next_page

URL = "https://harbour.example/2024/lamp"


def page(body: str = "", head: str = "", html: str = "", body_class: str = "") -> HtmlElement:
    return document_fromstring(
        f"<html {html}><head>{head}</head>"
        f"<body class='{body_class}'><p>Text</p>{body}</body></html>"
    )


@pytest.mark.parametrize(
    ("url", "href"),
    [
        (URL, "/2024/lamp/2"),
        (URL + "/", "/2024/lamp/2/"),
        (URL, "lamp?page=2"),
        (URL + "?page=2", "?page=3"),
        (URL + "?utm_source=x", "?page=2"),
        (URL + "?id=7", "?id=7&page=2"),
        (URL, "/2024/lamp/page/2/"),
        (URL, "https://www.harbour.example/2024/lamp/seite-2"),
        (URL + ".html", "/2024/lamp-2.html"),
        (URL + "/page/2", "/2024/lamp/page/3"),
        (URL + "_seite-9.html", "lamp_seite-10.html"),
        (URL + ".html", "lamp,2.html"),
        (URL + ".html", "lamp_p2.html"),
        (URL + "/", "../lamp-page-2"),
        ("https://harbour.example/story.php?id=5", "story.php?id=5&p=2"),
    ],
)
def test_the_next_page_of_the_same_article(url: str, href: str):
    found = next_page(page(head=f'<link rel=next href="{href}">'), url)
    assert found is not None
    assert found.startswith("https://")
    assert next_page(page(f'<p><a rel="next" href="{href}">x</a>'), url) == found


@pytest.mark.parametrize(
    "label",
    ["Next page", "NEXT »", "Next page →", "Nächste Seite", "Weiter", "Page suivante", "Siguiente",
     "Следующая страница", "Далее", "Наступна сторінка", "<img src=a.png alt=''>"],
)  # fmt: skip
def test_an_anchor_that_says_so(label: str):
    anchor = f'<a href="/2024/lamp/2" title="next page">{label}</a>'
    assert next_page(page(anchor), URL) == URL + "/2"


@pytest.mark.parametrize(
    "href",
    [
        "/2024/ship",  # the next article
        "/2024/ship/2",
        "/2024/lamp/3",  # not the next page
        "/2024/lamp/1",
        "https://other.example/2024/lamp/2",
        "/2024/lamp/comment-page-2/",
        "?cpage=2",
        "#page-2",
        "javascript:next()",
        "",
        "/2",
        "http://[",
        "https://me:secret@harbour.example/2024/lamp/2",
    ],
)
def test_other_articles_and_other_things_are_no_next_page(href: str):
    assert next_page(page(head=f'<link rel=next href="{href}">'), URL) is None
    assert next_page(page(f'<a href="{href}">Next</a>'), URL) is None


@pytest.mark.parametrize(
    ("first", "url", "href"),
    [
        (URL, URL + "/2/", "/2024/lamp/3/"),
        (URL + ".html", URL + "-2.html", "/2024/lamp-3.html"),
        (URL + "/", URL + "/9", "/2024/lamp/10"),
        (URL, URL + "?page=2", "?page=3"),
    ],
)
def test_a_later_page_leads_on_when_its_first_one_is_known(first: str, url: str, href: str):
    assert next_page(page(f"<a href='{href}'>Next</a>"), url, first) is not None
    assert next_page(page("<a href='/2024/ship/3'>Next</a>"), url, first) is None


def test_articles_whose_addresses_end_in_numbers_are_not_pages_of_one():
    for url, href in (
        ("https://h.example/news/41235", "/news/41236"),
        ("https://h.example/2024/05/01", "/2024/05/02"),
        ("https://h.example/blog/12", "/blog/13"),
        ("https://h.example/weekly-links", "/weekly-links-2/"),
        ("https://h.example/weekly-links-2", "/weekly-links-3/"),
        ("https://h.example/?p=123456", "/?p=123457"),
    ):
        assert next_page(page(f'<a rel=next href="{href}">Next</a>'), url) is None


@pytest.mark.parametrize(
    "lists",
    [
        page('<a rel=next href="/blog/page/2/">Next</a>', body_class="blog home"),
        page("<article></article>" * 8 + '<a rel=next href="/blog/page/2/">Next</a>'),
        page(
            '<a rel=next href="/blog/page/2/">Next</a>',
            head='<script type="application/ld+json">{"@type": "CollectionPage"}</script>',
        ),
    ],
)
def test_a_list_of_articles_has_no_next_page(lists: HtmlElement):
    assert next_page(lists, "https://harbour.example/blog/") is None


def test_an_article_with_teasers_around_it_is_no_list():
    shown = page(
        "<article></article>" * 8 + '<a rel=next href="/2024/lamp/2">Next</a>',
        head='<meta property="og:type" content="article">',
    )
    assert next_page(shown, URL) == URL + "/2"


# --- all of it in one -----------------------------------------------------------------------


@pytest.mark.parametrize("html", ["amp", "⚡", "AMP lang=en"])
def test_amp_leads_to_its_canonical_page(html: str):
    head = '<link rel="canonical" href="https://harbour.example/2024/lamp">'
    amp = "https://cdn.ampproject.org/c/s/harbour.example/2024/lamp/amp"
    assert full_version(page(head=head, html=html), amp) == URL
    assert full_version(page(head=head), URL + "/amp") is None


@pytest.mark.parametrize(
    "url",
    [URL + "/print", URL + "?print=1", URL + "?view=print", URL + "/drucken/",
     "https://harbour.example/print/2024/lamp", URL + ".print.html", URL + "?output=PRINT"],
)  # fmt: skip
def test_a_print_version_leads_to_its_canonical_page(url: str):
    head = '<link rel="canonical" href="/2024/lamp">'
    assert full_version(page(head=head), url) == URL


@pytest.mark.parametrize("url", [URL + "?view=1", URL + "ing-the-print-run", URL + "?format=rss"])
def test_an_ordinary_page_does_not_lead_on(url: str):
    assert full_version(page(head='<link rel="canonical" href="/2024/lamp">'), url) is None


def test_a_canonical_link_to_the_front_page_or_to_itself_leads_nowhere():
    for href in ("/", "https://harbour.example", "", "mailto:a@b.example"):
        head = f'<link rel="canonical" href="{href}">'
        assert full_version(page(head=head, html="amp"), URL + "/amp") is None
    itself = page(head=f'<link rel="canonical" href="{URL}">', html="amp")
    assert full_version(itself, URL) is None


@pytest.mark.parametrize(
    ("label", "href"),
    [
        ("Single page", "?page=all"),
        ("View as single page »", "/2024/lamp/full"),
        ("Auf einer Seite lesen", "/2024/lamp/komplettansicht"),
        ("Lire sur une seule page", "?single=1"),
        ("На одной странице", "?page=all"),
    ],
)
def test_all_pages_on_one(label: str, href: str):
    shown = page(f'<a href="{href}">{label}</a><a rel=next href="?page=2">2</a>')
    found = full_version(shown, URL)
    assert found is not None
    assert found.startswith(URL)


@pytest.mark.parametrize("href", ["/all", "https://other.example/2024/lamp?page=all", URL, "#all"])
def test_all_of_something_else(href: str):
    assert full_version(page(f'<a href="{href}">View all</a>'), URL) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_link_is_an_address_or_none(url: str, href: str):
    shown = page(html="amp")
    body = shown.find("body")
    assert body is not None
    for rel in ("next", "canonical"):
        link = body.makeelement("link", {"rel": rel})
        link.set("href", "".join(c for c in href if c.isprintable()))
        body.append(link)
    for found in (next_page(shown, URL), full_version(shown, URL + "/amp")):
        assert found is None or found.startswith(("http://", "https://"))
