from __future__ import annotations

from ipaddress import ip_network

import pytest

from conformance.barring import barred
from conformance.base_url import BaseUrl


@pytest.mark.parametrize(
    ("url", "ranges", "expected"),
    [
        ("http://127.0.0.1:1", None, False),
        ("http://127.0.0.1:1", ["127.0.0.1/32"], False),
        ("http://127.0.0.1:1", ["192.0.2.0/24", "127.0.0.0/8"], False),
        ("http://127.0.0.1:1", ["192.0.2.0/24"], True),
        ("http://127.0.0.1:1", ["::/0"], True),
        ("http://127.0.0.1:1", [], True),
        ("http://[::1]:1", ["127.0.0.0/8"], True),
        ("http://[::1]:1", ["::1/128"], False),
        ("http://localhost:1", ["127.0.0.0/8", "::1/128"], False),
        ("http://localhost:1", ["192.0.2.0/24"], True),
        ("https://composer.example", ["192.0.2.0/24"], False),  # who knows as whom it sees this machine
    ],
)
def test_a_proxy_on_this_machine_keeps_it_out(url: str, ranges: list[str] | None, expected: bool) -> None:
    networks = None if ranges is None else [ip_network(each) for each in ranges]
    assert barred(networks, BaseUrl.parse(url)) == expected
