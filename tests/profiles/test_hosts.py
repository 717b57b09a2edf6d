from __future__ import annotations

import socket

import pytest

from profiles import hosts
from specs.versions import Version


def test_name_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda: "one.test")
    monkeypatch.setattr(socket, "gethostname", lambda: "two")
    found = [(socket.AF_INET, socket.SOCK_DGRAM, 17, name, ("127.0.0.1", 0)) for name in ("", "two.test", "three.test")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *_, **__: found if name == "two" else [])
    assert [hosts.of_this_machine(Version.parse(text)) for text in ("1.10", "2.3", "2.4", "2.11")] == [
        *("one.test", "one.test"),
        *("two.test", "two.test"),
    ]


def test_name_that_the_resolver_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 2, 17, "", ("127.0.0.1", 0)), (2, 2, 17, "full.example.org", ("127.0.0.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert hosts.canonical("short") == "full.example.org"


def test_name_that_the_resolver_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(socket, "gethostname", lambda: "two")
    assert hosts.canonical("short") == "short"
    assert hosts.of_this_machine(Version.parse("2.11")) == "two"
