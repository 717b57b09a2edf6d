from __future__ import annotations

import pytest

from conformance.base_url import BaseUrl, BaseUrlError


@pytest.mark.parametrize(
    ("text", "url", "authority"),
    [
        ("http://localhost:8080", "http://localhost:8080", "localhost:8080"),
        (" http://localhost:8080/ ", "http://localhost:8080", "localhost:8080"),
        ("HTTPS://Example.COM", "https://example.com", "example.com"),
        ("http://example.com:80/a/b//", "http://example.com/a/b", "example.com"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x", "[::1]:8080"),
        ("https://[fe80::1%25eth0]", "https://[fe80::1%25eth0]", "[fe80::1%25eth0]"),
        ("http://bücher.example", "http://xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_parse(text: str, url: str, authority: str) -> None:
    base = BaseUrl.parse(text)
    assert (str(base), base.authority) == (url, authority)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("localhost:8080", "did you mean http://localhost:8080?"),
        ("", "is no base URL"),
        ("ftp://host", "not ftp"),
        ("http://", "names no host"),
        ("http://host:port", "no base URL"),
        ("http://host:99999", "no base URL"),
        ("http://[::1", "no base URL"),
        ("http://host?x=1", "no query"),
        ("http://host/#x", "no fragment"),
        ("http://ho st", "blank"),
        ("http://" + "ü" * 70, "no host name"),
    ],
)
def test_a_bad_url_is_refused(text: str, expected: str) -> None:
    with pytest.raises(BaseUrlError) as caught:
        BaseUrl.parse(text)
    assert expected in str(caught.value)


@pytest.mark.parametrize("text", ["http://ann:s3cr3t-canary@host", "ann:s3cr3t-canary@host", "ftp://a:s3cr3t-canary@h"])
def test_a_password_in_the_url_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(BaseUrlError) as caught:
        BaseUrl.parse(text)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("a.b", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert BaseUrl.parse(f"http://{host}").loopback is loopback
