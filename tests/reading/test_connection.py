import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from audiostory.reading.fetch import fetch
from tests.reading.local_server import Site, refusal, serving, without_proxies

PAGE = b"<!doctype html><title>The lamp</title><p>" + b"The lamp on the quay burns. " * 400


@pytest.fixture
def site():
    with serving() as site:
        yield site


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch):
    without_proxies(monkeypatch)


# --- addresses of one's own network ---------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "0"])
def test_a_server_front_end_can_refuse_private_addresses(site: Site, host: str):
    site.page("/a", PAGE)
    assert "inside a private network" in refusal(site.at("/a", host), allow_private=False)
    assert site.asked == []


def test_every_hop_is_looked_up_and_checked(site: Site, monkeypatch: pytest.MonkeyPatch):
    """The name says an open address at first: only what was checked is connected to."""
    import audiostory.reading.connection as connection

    checked: list[str] = []

    def is_open(address: str) -> bool:
        checked.append(address)
        return len(checked) == 1

    monkeypatch.setattr(connection, "is_open", is_open)
    site.page("/b", PAGE)
    url = site.moved("/a", site.at("/b", "localhost"))
    assert "localhost is an address inside a private network" in refusal(url, allow_private=False)
    assert site.asked == ["/a"]


# --- TLS and proxies ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost and its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("makes a certificate with openssl")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return folder


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


def test_a_redirect_from_http_to_https(certificate: Path, site: Site, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with serving(_tls(certificate)) as safe:
        safe.page("/a", PAGE)
        url = site.moved("/a", safe.at("/a", "localhost"), 301)
        assert fetch(url).url == safe.at("/a", "localhost")


def test_a_certificate_that_nobody_vouches_for(certificate: Path):
    with serving(_tls(certificate)) as safe:
        safe.page("/a", PAGE)
        said = refusal(safe.at("/a", "localhost"))
        assert "would not be safe: self-signed certificate" in said
        assert safe.asked == []


def test_a_certificate_for_another_host(certificate: Path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with serving(_tls(certificate)) as safe:
        assert "would not be safe" in refusal(safe.at("/a"))


def test_https_asked_of_a_server_without_it(site: Site):
    said = refusal(site.at("/a").replace("http:", "https:"))
    assert "would not be safe" in said


def test_a_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch):
    site.page("http://example.org/a", PAGE)
    monkeypatch.setenv("http_proxy", site.at(""))
    assert fetch("http://example.org/a").data == PAGE
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert fetch(site.page("/b", PAGE)).data == PAGE
    assert site.asked == ["http://example.org/a", "/b"]
    monkeypatch.setenv("http_proxy", "socks5://me:secret@127.0.0.1:1")
    said = refusal("http://example.org/a")
    assert "is no HTTP proxy" in said
    assert "secret" not in said


def test_https_goes_through_a_proxy_in_a_tunnel(certificate: Path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with serving(_tls(certificate)) as safe, serving() as proxy:
        safe.page("/a", PAGE)
        proxy.tunnels_to = ("127.0.0.1", safe.server_port)
        monkeypatch.setenv("HTTPS_PROXY", proxy.at(""))
        assert fetch(safe.at("/a", "localhost")).data == PAGE
        assert proxy.asked == [f"localhost:{safe.server_port}"]
