from __future__ import annotations

import pytest

from conformance.browser import (
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    BLANKS,
    Policy,
    admits,
    cors_headers,
    names_header,
    names_method,
    succeeds,
    varies_by_origin,
)
from conformance.exchange import Response
from profiles.model import Cors

A, B = "https://a.example", "https://b.example"


def answer(*headers: tuple[str, str], status: int = 200) -> Response:
    return Response(status, "", headers, b"", 0.0)


@pytest.mark.parametrize("line", [f"{A} {B}", f"{A},{B}", f" {A} , {B}\n", f"{A}\t{B},"])
def test_lists_are_read_with_blanks_and_commas(line: str) -> None:
    policy = Policy.of(Cors("Origin, Accept", "GET POST", line))
    assert policy.origins == (A, B)
    assert policy.headers == ("origin", "accept")
    assert policy.methods == ("GET", "POST")
    assert policy.line == line.strip()


def test_options_that_are_not_set_allow_nothing() -> None:
    policy = Policy.of(Cors(None, None, A))
    assert (policy.methods, policy.headers) == ((), ())
    assert not policy.lists_method("GET")
    assert not policy.lists_header("accept")


def test_wildcard_of_the_headers_is_never_authorization() -> None:
    policy = Policy.of(Cors("*", "*", A))
    assert policy.lists_header("X-Anything")
    assert not policy.lists_header("Authorization")
    assert policy.lists_method("PATCH")


@pytest.mark.parametrize(
    ("headers", "admitted"),
    [
        ([(ALLOW_ORIGIN, A)], True),
        ([(ALLOW_ORIGIN.lower(), A)], True),
        ([(ALLOW_ORIGIN, "*")], True),
        ([(ALLOW_ORIGIN, A.upper())], False),
        ([(ALLOW_ORIGIN, f"{A}/")], False),
        ([(ALLOW_ORIGIN, f"{A}, {B}")], False),
        ([(ALLOW_ORIGIN, A), (ALLOW_ORIGIN, A)], False),
        ([(ALLOW_ORIGIN, "null")], False),
        ([], False),
    ],
)
def test_origin_is_admitted_byte_for_byte(headers: list[tuple[str, str]], admitted: bool) -> None:
    assert admits(answer(*headers), A) is admitted


def test_no_origin_is_admitted_by_an_empty_header() -> None:
    assert not admits(answer((ALLOW_ORIGIN, "")), "")


@pytest.mark.parametrize(("status", "passes"), [(200, True), (204, True), (299, True), (301, False), (400, False)])
def test_preflight_needs_an_ok_status(status: int, passes: bool) -> None:
    assert succeeds(answer((ALLOW_ORIGIN, A), status=status), A) is passes


def test_names_in_lists() -> None:
    said = answer((ALLOW_METHODS, "GET,  PUT"), (ALLOW_METHODS, "DELETE"), (ALLOW_HEADERS, "X-One,x-two"))
    assert all(names_method(said, name) for name in ("GET", "PUT", "DELETE"))
    assert not names_method(said, "put")
    assert names_header(said, "x-ONE")
    assert not names_header(said, "x-on")


def test_headers_of_the_protocol() -> None:
    said = answer(("access-control-Max-Age", "600"), ("Vary", "Accept"), ("X-Access-Control-Allow-Origin", "*"))
    assert cors_headers(said) == [("access-control-Max-Age", "600")]


@pytest.mark.parametrize(("vary", "tells"), [("Accept-Encoding, origin", True), ("*", True), ("Original", False)])
def test_vary(vary: str, tells: bool) -> None:
    assert varies_by_origin(answer(("Vary", vary))) is tells


def test_airflow_2_separates_origins_by_blanks_alone() -> None:
    options = Cors("origin, accept", "GET, POST", "https://a.example,https://b.example https://c.example")
    policy = Policy.of(options, separators=BLANKS)
    assert policy.origins == ("https://a.example,https://b.example", "https://c.example")
    assert (policy.methods, policy.headers) == (("GET", "POST"), ("origin", "accept"))
