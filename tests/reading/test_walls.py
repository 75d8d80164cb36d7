import json
import time

import pytest
from lxml.html import HtmlElement, document_fromstring

from audiostory.reading.walls import Wall, wall, wall_at

SENTENCE = "The council met on Tuesday to decide what should become of the lamp on the quay. "
PARAGRAPH = f"<p>{SENTENCE * 3}</p>"
ARTICLE = f"<article><h1>The lamp</h1>{PARAGRAPH * 12}</article>"
TEASER = f"<article><h1>The lamp</h1>{PARAGRAPH * 2}</article>"


def page(body: str, head: str = "") -> HtmlElement:
    return document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")


def kind(body: str, head: str = "", language: str = "en") -> str | None:
    found = wall(page(body, head), language)
    return found.kind if found else None


def json_ld(**said) -> str:
    thing = {"@context": "https://schema.org", "@type": "NewsArticle", **said}
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


CLOSED = json_ld(
    isAccessibleForFree="False",
    hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".gated"},
)


# --- pages that are read ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        ARTICLE,
        "<p>A short note.</p>",
        ARTICLE + "<div class='cookie-banner'>We use cookies and data to help. Accept all</div>",
        "<p>A short note on the lamp, that is all.</p>"
        "<div id=cookie-consent>We use cookies. Accept all. Reject all. Our partners store</div>"
        * 1
        + PARAGRAPH,
        ARTICLE + "<form>Log in to continue<input type=password></form>",
        f"<h1>Before you continue to sail</h1>{PARAGRAPH * 4}",
        f"<h1>Why sites want to verify you are human</h1>{PARAGRAPH * 10}",
        f"<header>Already a subscriber? Log in</header>{TEASER}",
        ARTICLE + "<div class=paywall>Subscribe to read. Already a subscriber?</div>",
        f"<noscript>Please enable JavaScript</noscript><script>go()</script>{TEASER}",
        ARTICLE + "<script src='https://www.google.com/recaptcha/api.js'></script>",
        f"<div id=root></div><script></script>{TEASER}",
    ],
)
def test_a_page_with_its_article_is_no_wall(body: str):
    assert kind(body) is None


def test_an_article_about_walls_is_no_wall():
    about = "<p>“Verify you are human”, said the page, “and enable JavaScript and cookies.”</p>"
    head = "<meta property='og:type' content='article'><title>Just a moment: on captchas</title>"
    assert kind(f"<article><h1>Just a moment</h1>{about}{PARAGRAPH}</article>", head) is None


def test_a_page_that_a_subscriber_saved_is_whole_though_it_declares_a_paywall():
    assert kind(ARTICLE, CLOSED) is None
    gated = f"{PARAGRAPH}<div class='x gated'>{PARAGRAPH * 2}</div>"
    assert kind(gated, CLOSED) is None


# --- paywalls -------------------------------------------------------------------------------


@pytest.mark.parametrize("free", [False, "False", "false", "https://schema.org/False"])
def test_a_declared_paywall_with_a_teaser_is_a_warning(free):
    found = wall(page(TEASER, json_ld(isAccessibleForFree=free)))
    assert found == Wall("paywall", found.message, found.hint, is_whole=False)
    assert "only its beginning could be read" in found.message


def test_a_page_that_calls_its_reader_unsubscribed_still_has_a_teaser():
    shown = document_fromstring(
        f"<html><head>{CLOSED}</head><body class='unsubscribed'>{TEASER}</body></html>"
    )
    found = wall(shown)
    assert found is not None
    assert not found.is_whole


def test_a_paywall_with_nothing_before_it_is_whole():
    found = wall(page("<h1>The lamp</h1>", CLOSED))
    assert found is not None
    assert found.is_whole
    assert "none of it is on the page" in found.message


def test_an_article_that_is_much_shorter_than_it_says_is_cut():
    head = json_ld(isAccessibleForFree=False, wordCount=3000)
    assert kind(ARTICLE, head) == "paywall"
    assert kind(ARTICLE, json_ld(isAccessibleForFree=True, wordCount=3000)) is None


@pytest.mark.parametrize(
    ("language", "notice"),
    [
        ("en", "This post is for paid subscribers"),
        ("en-GB", "Subscribe to continue reading"),
        ("de", "Jetzt abonnieren und weiterlesen"),
        ("fr", "La suite est réservée à nos abonnés. Déjà abonné ?"),
        ("es", "Suscríbete para seguir leyendo"),
        ("ru", "Оформите подписку, чтобы прочитать полностью"),
        ("uk", "Оформіть передплату, щоб читати далі"),
    ],
)
def test_a_notice_in_the_language_of_the_page(language: str, notice: str):
    body = f"{TEASER}<div class='article-paywall'><h2>{notice}</h2></div>"
    assert kind(body, language=language) == "paywall"
    assert kind(f"{ARTICLE}<h2>{notice}</h2>", language=language) is None


def test_a_paywall_that_is_hidden_is_none():
    notice = "<h2>Subscribe to read</h2>"
    assert kind(f"{TEASER}<div class=paywall style='display: none'>{notice}</div>") is None


# --- walls as whole pages -------------------------------------------------------------------

CLOUDFLARE = (
    "<noscript><div><span>Enable JavaScript and cookies to continue</span></div></noscript>"
    "<script>a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1';</script>"
)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Just a moment...", CLOUDFLARE),
        ("Nur einen Moment…", CLOUDFLARE),
        ("example.org", "<script src='https://ct.captcha-delivery.com/c.js'></script><p>Please"),
        ("Access Denied", "<h1>Access Denied</h1>You don't have permission to access this page."),
        ("Robot Check", "<h4>Click the button below</h4><form action='/errors/validateCaptcha'>"),
        ("Ой!", "<p>Подтвердите, что запросы отправляли вы, а не робот. Вы не робот?</p>"),
        ("Pardon Our Interruption", "<p>As you were browsing something about your browser made us"),
        ("Vercel Security Checkpoint", "<p>We're verifying your browser"),
    ],
)
def test_a_check_for_robots(title: str, body: str):
    assert kind(body, f"<title>{title}</title>") == "bot"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Before you continue to Google Search", "<p>We use cookies and data to deliver services."),
        ("Bevor Sie fortfahren", "<button>Alle akzeptieren</button><button>Alle ablehnen</button>"),
        ("Zeitung", "<div class=cmp><p>Wir verwenden Cookies.</p><b>Mit Werbung weiterlesen</b>"
         "<p>Unsere Partner</p></div>"),
        ("Journal", "<h1>Avant de continuer</h1><button>Tout accepter</button>"),
        ("Antes de ir a YouTube", "<p>Utilizamos cookies</p><button>Aceptar todo</button>"),
        ("Сайт", "<h1>Прежде чем продолжить</h1><button>Принять все</button>"),
        ("Сайт", "<h1>Перш ніж продовжити</h1><button>Прийняти всі</button>"),
    ],
)  # fmt: skip
def test_a_page_that_asks_for_consent(title: str, body: str):
    assert kind(body, f"<title>{title}</title>") == "consent"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Log in</h1><form><input type=email><input type=password></form>",
        "<h1>Anmelden</h1><input type=PASSWORD>",
        "<p>You must log in to continue.</p>",
        "<h2>Войдите, чтобы продолжить</h2><p>Необходимо авторизоваться</p>",
    ],
)
def test_a_page_to_log_in_on(body: str):
    assert kind(body) == "login"


@pytest.mark.parametrize(
    "body",
    [
        "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"
        "<script src=/main.js></script>",
        "<div id='__next'><div class=spinner></div></div><script src=a.js></script>",
        "<app-root></app-root><script src=a.js></script>",
        "<p>Bitte JavaScript aktivieren</p><script></script>",
        "<p>Для просмотра включите JavaScript</p><script></script>",
    ],
)
def test_a_page_that_only_a_script_fills(body: str):
    assert kind(body, "<title>News</title>") == "script"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://accounts.example.org/v3/x", "login"),
        ("https://example.org/users/sign_in", "login"),
        ("https://example.org/login?next=/a", "login"),
        ("https://example.org/de/anmelden/", "login"),
        ("https://consent.google.com/ml?continue=x", "consent"),
        ("https://example.org/2024/the-login-that-failed", None),
        ("https://example.org/authors/ann", None),
        ("https://idaho.example/a", None),
        ("not a link", None),
    ],
)
def test_an_address_tells_of_a_wall(address: str, expected: str | None):
    found = wall_at(address)
    assert (found.kind if found else None) == expected


def test_every_wall_says_what_it_is_and_what_to_do():
    for found in (wall_at("https://consent.google.com/"), wall(page("", CLOSED))):
        assert found is not None
        assert found.message.endswith(".")
        assert found.hint.endswith(".")


@pytest.mark.parametrize("body", ["<div>" * 240 + "x", "<b>x</b>" * 40000, f"<p>{'a ' * 400000}"])
def test_a_large_or_deep_page_is_judged_quickly(body: str):
    started = time.process_time()
    wall(page(body))
    assert time.process_time() - started < 30
