import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostory.errors import SourceError
from audiostory.reading.addresses import has_user, is_open, shown, web_address


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("example.org/x", "https://example.org/x"),
        ("//example.org/x", "https://example.org/x"),
        ("localhost:8000/x", "https://localhost:8000/x"),
        (" <https://example.org/x>\n", "https://example.org/x"),
        ("https://example.org/a\n b", "https://example.org/a%20b"),
        ("HTTP://Example.ORG:80/A", "http://example.org/A"),
        ("https:/example.org/x", "https://example.org/x"),
        ("https://example.org/x#part", "https://example.org/x"),
        ("http://bücher.example/ü?q=ж", "http://xn--bcher-kva.example/%C3%BC?q=%D0%B6"),
        ("http://пример.рф/", "http://xn--e1afmkfd.xn--p1ai/"),
        ("https://ann:secret@example.org/x", "https://example.org/x"),
        ("ann:secret@example.org/x", "https://example.org/x"),
        ("example.org?u=http://x@y", "https://example.org?u=http://x@y"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
    ],
)
def test_a_link_as_people_paste_it(link: str, address: str):
    assert web_address(link) == address


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/b", "https://example.org/b"),
        ("?page=2", "https://example.org/a/x?page=2"),
        ("..\\b", "https://example.org/b"),
        ("//other.example/b", "https://other.example/b"),
        ("http://ann:secret@other.example/", "http://other.example/"),
    ],
)
def test_a_link_on_a_page(link: str, address: str):
    assert web_address(link, "https://example.org/a/x") == address


def test_a_broken_link_on_a_page():
    with pytest.raises(SourceError, match="no link that can be followed"):
        web_address("http://[", "https://example.org/a")


@pytest.mark.parametrize(
    "link",
    ["", "http://", "http://..", "http://a:99999/", "http://[", "https://☃.net/", "https://xn--a--.b/",
     "mailto:a@b.example", "javascript:alert(1)", "file:///etc/passwd", "C:\\a.html", "x" * 9000],
)  # fmt: skip
def test_what_is_no_link_to_a_page(link: str):
    with pytest.raises(SourceError):
        web_address(link)


def test_a_name_and_password_are_not_shown():
    assert shown("https://ann:secret@example.org/a") == "https://example.org/a"
    assert shown("ann:secret@example.org") == "example.org"
    assert len(shown("https://example.org/" + "a" * 5000)) < 250
    assert has_user("https://ann:secret@example.org")
    assert not has_user("https://example.org/@ann")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_of_the_open_net(address: str, expected: bool):
    assert is_open(address) is expected


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://ann:SECRET@", "//"]))
def test_any_text_is_an_address_or_an_error_and_tells_no_secret(text: str, before: str):
    try:
        address = web_address(before + text.replace("SECRET", ""))
    except SourceError as error:
        address = str(error)
    else:
        assert address.startswith(("http://", "https://"))
        assert web_address(address) == address
    if "/" not in text and "@" not in text:
        assert "SECRET" not in address or before == ""
