from __future__ import annotations

import base64

import pytest
from hypothesis import given

from conformance.strategies.headers import (
    Attempt,
    bearer,
    controls,
    doubled,
    empty,
    in_cookies,
    malformed,
    misplaced,
    noise,
)

TOKEN = "eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"


def authorizations(attempt: Attempt) -> list[str]:
    return [value for name, value in attempt.headers if name.lower() == "authorization"]


def proper(value: str) -> bool:
    scheme, _, rest = value.partition(" ")
    return scheme.lower() == "bearer" and rest.strip() == TOKEN


@pytest.mark.parametrize(
    "attempts",
    [list(misplaced(TOKEN, "ann", "secret")), list(in_cookies(TOKEN)), list(malformed(TOKEN)), list(controls(TOKEN))],
    ids=["misplaced", "cookies", "malformed", "controls"],
)
def test_none_is_a_proper_header(attempts: list[Attempt]) -> None:
    assert attempts
    assert [each.flaw for each in attempts if any(proper(value) for value in authorizations(each))] == []
    assert len({each.flaw for each in attempts}) == len(attempts)


def test_misplaced_token_goes_along_or_the_user_does() -> None:
    for each in misplaced(TOKEN, "ann", "secret"):
        sent = " ".join(value for _, value in (*each.headers, *each.query))
        hidden = (
            base64.b64decode(sent.removeprefix("Basic ") + "==").decode()
            if sent.startswith("Basic ey") is False and sent.startswith("Basic ")
            else ""
        )
        assert any(word in sent + hidden for word in (TOKEN, "ann")), each.flaw


def test_cookies_hold_the_token_and_nothing_else_does() -> None:
    for each in in_cookies(TOKEN):
        assert [name for name, _ in each.headers] == ["Cookie"]
        assert TOKEN in each.headers[0][1]


def test_headers_can_be_sent() -> None:
    every = [
        *misplaced(TOKEN, "ann"),
        *in_cookies(TOKEN),
        *malformed(TOKEN),
        *empty(),
        *controls(TOKEN),
        *doubled(TOKEN),
    ]
    for each in every:
        for name, value in each.headers:
            assert not set("\r\n") & set(name + value)
            value.encode("latin-1")


def test_doubled_headers_have_a_good_one() -> None:
    assert all(
        len(each.headers) == 2 and any(proper(value) for value in authorizations(each)) for each in doubled(TOKEN)
    )


@given(attempt=noise())
def test_noise_can_be_sent(attempt: Attempt) -> None:
    (value,) = authorizations(attempt)
    value.encode("latin-1")
    assert not set("\r\n\0") & set(value)
    assert "eyJ" not in value or not proper(value)


def test_attempts_say_what_they_are() -> None:
    assert repr(bearer("a bad token", "x")) == "a request with a bad token"
