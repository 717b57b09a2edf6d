from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from conformance.auth.base import LoginError, NoCredential
from conformance.auth.jwt import Jwt, claims
from conformance.credentials import Credential, Credentials
from conformance.exchange import Exchange, Request, Response

CREDENTIALS = Credentials(
    {
        "admin": Credential("admin", "here", "ann", "pw"),
        "op": Credential("op", "here", token="given"),
    }
)


def token(number: int, **payload: Any) -> str:
    encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    return f"eyJ9.{encoded}.{number}"


class Api:
    """Answers logins with tokens that live for `life` seconds, and counts them."""

    def __init__(self, life: float | None = 1000.0) -> None:
        self.now = 0.0
        self.life = life
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Exchange:
        self.asked.append(request)
        payload = {} if self.life is None else {"exp": self.now + self.life}
        return answer(request, 201, {"access_token": token(len(self.asked), **payload)})


def answer(request: Request, status: int, body: Any) -> Exchange:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(request, Response(status, "", (), octets, 0.0))


def driver(send: Callable[[Request], Exchange], **options: Any) -> Jwt:
    if isinstance(send, Api):
        options.setdefault("clock", lambda: send.now)
    return Jwt(send, CREDENTIALS, **options)


def test_a_role_logs_in_once_with_its_password() -> None:
    api = Api()
    jwt = driver(api)
    assert jwt.headers("admin") == jwt.headers("admin") == (("Authorization", f"Bearer {token(1, exp=1000.0)}"),)
    (asked,) = api.asked
    assert (asked.method, asked.target, asked.operation, asked.role) == ("POST", "/auth/token", "create_token", "admin")
    assert json.loads(asked.body or b"") == {"username": "ann", "password": "pw"}
    assert asked.header("Content-Type") == "application/json"


@pytest.mark.parametrize(
    ("life", "still", "renewed"),
    [(1000.0, 879.0, 881.0), (10.0, 4.9, 5.1), (None, 10.0**9, None)],
)
def test_a_token_is_renewed_before_it_expires(life: float | None, still: float, renewed: float | None) -> None:
    api = Api(life)
    jwt = driver(api)
    first = jwt.token("admin")
    api.now = still
    assert jwt.token("admin") == first
    if renewed is not None:
        api.now = renewed
        assert jwt.token("admin") != first


def test_a_forgotten_token_is_asked_for_anew() -> None:
    api = Api()
    jwt = driver(api)
    tokens = [jwt.token("admin")]
    jwt.forget("admin")
    tokens.append(jwt.token("admin"))
    jwt.forget_all()
    tokens.append(jwt.token("admin"))
    assert len(set(tokens)) == len(api.asked) == 3


def test_a_fresh_token_is_nobody_elses() -> None:
    jwt = driver(Api())
    kept = jwt.token("admin")
    assert len({kept, jwt.fresh_token("admin"), jwt.fresh_token("admin")}) == 3
    assert jwt.token("admin") == kept


def test_a_given_token_is_used_as_it_is() -> None:
    api = Api()
    assert driver(api).token("op") == driver(api).fresh_token("op") == "given"
    assert api.asked == []


def test_a_role_without_credentials() -> None:
    with pytest.raises(NoCredential, match="no credentials for the role viewer"):
        driver(Api()).token("viewer")


def test_where_everybody_is_admin_nobody_needs_a_password() -> None:
    api = Api()
    assert driver(api, all_admins=True).token("viewer")
    assert (api.asked[0].method, api.asked[0].target, api.asked[0].body) == ("GET", "/auth/token", None)


def test_every_token_is_told() -> None:
    told: list[str] = []
    jwt = driver(Api(), learned=told.append)
    jwt.keep("viewer", "kept")
    assert told == ["kept"]
    assert [jwt.token("admin"), jwt.fresh_token("admin")] == told[1:]
    assert jwt.token("viewer") == "kept"


def test_many_threads_log_in_once() -> None:
    api = Api()
    jwt = driver(api)
    threads = [threading.Thread(target=jwt.token, args=("admin",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {"detail": "Invalid credentials"}, "answered 401, without an access_token"),
        (500, b"Internal Server Error", "answered 500"),
        (201, b"<html>", "is not a token: "),
        (201, [], "without an access_token"),
        (201, {"access_token": 5}, "without an access_token"),
        (201, {"access_token": ""}, "without an access_token"),
        (201, {"access_token": "a\r\nX: y"}, "without an access_token"),
        (201, {"access_token": "é"}, "without an access_token"),
    ],
)
def test_an_answer_without_a_token(status: int, body: Any, expected: str) -> None:
    with pytest.raises(LoginError) as caught:
        driver(lambda request: answer(request, status, body)).token("admin")
    assert expected in str(caught.value)


def test_no_answer() -> None:
    with pytest.raises(LoginError, match="nobody there"):
        driver(lambda request: Exchange(request, error="nobody there")).token("admin")


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.!.c", "a.bm9qc29u.c", "a.WzFd.c", "...."])
def test_what_is_no_jwt_has_no_claims(token: str) -> None:
    assert claims(token) == {}
