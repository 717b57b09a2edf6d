"""The header Authorization as each version reads it (every row measured on 2.2.5, 2.6.3 and 2.11.2)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from mockserver.auth.authorization import Credentials, read
from mockserver.auth.ways import Parser
from mockserver.errors import Crash
from mockserver.request import Request

GOOD = Credentials("viewer", "viewer")
PARAMETERS = 'username="viewer", password="viewer"'
DIGEST = f'Digest realm="x", nonce="n", uri="/", response="r", {PARAMETERS}'


def basic(text: str | bytes, scheme: str = "Basic ") -> str:
    return scheme + base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def request(*values: str) -> Request:
    headers = [(b"authorization", value.encode("latin-1")) for value in values]
    return Request({"method": "GET", "path": "/", "query_string": b"", "headers": headers})


ROWS: list[tuple[str, Any, Any, Any, Any]] = [
    # the header, then what 2.2, 2.3 to 2.10, 2.11 and the document make of it
    (basic("viewer:viewer"), GOOD, GOOD, GOOD, GOOD),
    (basic("viewer:viewer", "basic "), GOOD, GOOD, GOOD, GOOD),
    (basic("viewer:viewer", "BASIC "), GOOD, GOOD, GOOD, GOOD),
    (basic("viewer:viewer", "Basic  "), GOOD, GOOD, GOOD, GOOD),
    (basic("viewer:viewer", "Basic\t"), GOOD, GOOD, None, None),
    (basic("viewer:viewer") + "  ", GOOD, GOOD, GOOD, GOOD),
    (basic("viewer:viewer") + "==", GOOD, GOOD, GOOD, None),
    (basic("viewer:viewer")[:10] + "!" + basic("viewer:viewer")[10:], GOOD, GOOD, GOOD, None),
    (basic("viewer:viewer")[:10] + " " + basic("viewer:viewer")[10:], GOOD, GOOD, GOOD, None),
    (basic("viewer:a:b"), *[Credentials("viewer", "a:b")] * 4),
    (basic("vïewer:pässwörd"), *[Credentials("vïewer", "pässwörd")] * 4),
    (basic("admin:admin").rstrip("="), None, None, None, None),
    (basic("viewer:"), None, None, None, None),
    (basic(":viewer"), None, None, None, None),
    (basic(":"), None, None, None, None),
    (basic("viewer"), None, None, None, None),
    (basic(b"viewer:\xff\xfe"), Crash, None, None, None),
    (basic(b"\xff:viewer"), Crash, None, None, None),
    ("Basic \xe9\xe9", None, None, Crash, None),
    ("Basic", None, None, None, None),
    ("Basic ", None, None, None, None),
    ("Basic !!!", None, None, None, None),
    ("Basic a", None, None, None, None),
    ("", None, None, None, None),
    ("Bearer", None, None, None, None),
    ("Bearer abc", None, None, None, None),
    (basic("viewer:viewer", "Bearer "), None, None, None, None),
    (basic("viewer:viewer", ""), None, None, None, None),
    (DIGEST, GOOD, GOOD, GOOD, None),
    (f"Digest {PARAMETERS}", None, None, GOOD, None),
    (f"Bearer {PARAMETERS}", None, None, GOOD, None),
    ("Foo username=viewer, password=viewer", None, None, GOOD, None),
    (f"Basic {PARAMETERS}", None, None, None, None),
]
PARSERS: list[Parser] = ["first", "second", "third", "strict"]


@pytest.mark.parametrize(("header", "column", "parser"), [(row[0], row, one) for row in ROWS for one in PARSERS])
def test_what_a_header_says(header: str, column: tuple[Any, ...], parser: Parser) -> None:
    expected = column[1 + PARSERS.index(parser)]
    if expected is Crash:
        with pytest.raises(Crash):
            read(request(header), parser)
    else:
        assert read(request(header), parser) == expected


def test_two_headers_are_one_with_a_comma() -> None:
    assert read(request(basic("viewer:viewer"), basic("a:b")), "third") == GOOD
    assert read(request(basic("a:b"), basic("viewer:viewer")), "third") != GOOD


def test_without_a_header() -> None:
    assert read(request(), "third") is None
