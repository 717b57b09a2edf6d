from __future__ import annotations

import pytest

from conformance.exchange import Exchange, NotJson, Request, Response

REQUEST = Request("GET", "/api/v2/dags?limit=1&x=a?b")


def response(body: bytes, *headers: tuple[str, str], status: int = 200) -> Response:
    return Response(status, "OK", headers, body, 0.1)


def test_a_request_has_path_and_query() -> None:
    assert (REQUEST.path, REQUEST.query) == ("/api/v2/dags", "limit=1&x=a?b")


def test_headers_are_found_whatever_their_case() -> None:
    answer = response(b"", ("Set-Cookie", "a"), ("set-cookie", "b"), ("Content-Type", " Text/HTML ; charset=x"))
    assert (answer.header("SET-COOKIE"), answer.all("set-cookie"), answer.media) == ("a", ("a", "b"), "text/html")
    assert (answer.header("nope"), answer.all("nope"), response(b"").media) == (None, (), "")


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_json_is_said_in_one_sentence(body: bytes) -> None:
    with pytest.raises(NotJson, match="status 200 with text/html is no JSON: ") as caught:
        response(body, ("Content-Type", "text/html")).json()
    assert len(str(caught.value)) < 600
    assert "\n" not in str(caught.value)


def test_an_exchange_without_an_answer() -> None:
    exchange = Exchange(REQUEST, error="it is not there")
    assert exchange.status is None
    with pytest.raises(NotJson, match="it is not there"):
        exchange.json()


def test_an_exchange_with_an_answer() -> None:
    exchange = Exchange(REQUEST, response(b'{"a": 1}', status=201), None, 3)
    assert (exchange.status, exchange.json()) == (201, {"a": 1})
