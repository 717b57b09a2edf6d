"""Who is let in, and as whom (measured on 3.0.6, 3.1.8, 3.2.2 and 3.3.2)."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest

from tests.mockserver.driver import application, send, token

DAGS = "/api/v2/dags?limit=0"
VERSIONS = ["3.0", "3.1", "3.2", "3.3"]
each_version = pytest.mark.parametrize("version", VERSIONS)


def make(version: str = "3.3", profile: str = "airflow-3", **options: Any) -> Any:
    app = application(profile, f"airflow={version}", **options)
    app.state.mock.clock.hold()
    return app


def claims(app: Any, **changes: Any) -> dict[str, Any]:
    """The claims of a good token with changes; None takes one out."""
    now = int(app.state.mock.clock.now().timestamp())
    good = {"sub": "admin", "role": "admin", "aud": "apache-airflow", "nbf": now, "iat": now, "exp": now + 60}
    good |= {name: now + value if name in ("exp", "nbf", "iat") and value else value for name, value in changes.items()}
    return {name: value for name, value in good.items() if value is not None}


def minted(app: Any, key: str | None = None, algorithm: str = "HS512", **changes: Any) -> str:
    return jwt.encode(claims(app, **changes), key or app.state.mock.auth.tokens.secret, algorithm)


def status(app: Any, authorization: str | None = None, cookie: str | None = None) -> int:
    headers = {"authorization": authorization, "cookie": cookie}
    return send(app, "GET", DAGS, headers={name: value for name, value in headers.items() if value is not None}).status


def opened(text: str) -> list[dict[str, Any]]:
    """Header and payload of a token."""
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in text.split(".")[:2]]


@each_version
def test_what_a_token_says(version: str) -> None:
    header, payload = opened(token(make(version), "op"))
    assert header == {"alg": "HS512", "typ": "JWT", **({"kid": "not-used"} if version != "3.0" else {})}
    assert (payload["sub"], payload["role"], payload["aud"]) == ("op", "op", "apache-airflow")
    assert payload["exp"] - payload["iat"] == 86400
    assert payload["nbf"] == payload["iat"]
    assert payload.get("iss") == ([] if version == "3.0" else None)
    assert ("jti" in payload) == (version != "3.0")
    assert payload.get("teams") == ([] if version in ("3.2", "3.3") else None)


def test_what_a_token_of_fab_says() -> None:
    payload = opened(token(make(profile="airflow-3-fab"), "op"))[1]
    assert payload["sub"] == "2"
    assert "role" not in payload


def test_a_token_for_the_command_line_lives_shorter() -> None:
    reply = send(make(), "POST", "/auth/token/cli", {"username": "op", "password": "op"})
    payload = opened(reply.json["access_token"])[1]
    assert payload["exp"] - payload["iat"] == 3600


@each_version
@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, 200),
        ({"exp": -5}, 200),
        ({"nbf": 5}, 200),
        ({"sub": "nobody"}, 200),
        ({"aud": ["apache-airflow", "x"]}, 200),
        ({"iss": "me"}, 200),
        ({"exp": -11}, 401),
        ({"nbf": 60}, 403),
        ({"iat": 60}, 403),
        ({"aud": "x"}, 403),
        ({"aud": None}, 403),
        ({"exp": None}, 403),
        ({"iat": None}, 403),
        ({"nbf": None}, 403),
        ({"sub": None}, 403),
        ({"role": None}, 403),
        ({"role": "boss"}, 500),
        ({"algorithm": "HS256"}, 403),
        ({"key": "k" * 64}, 403),
    ],
)
def test_claims(version: str, changes: dict[str, Any], right: int) -> None:
    app = make(version)
    assert status(app, f"Bearer {minted(app, **changes)}") == right


def test_a_token_of_fab_is_looked_up() -> None:
    app = make(profile="airflow-3-fab")
    assert status(app, f"Bearer {minted(app, sub='1')}") == 200
    assert status(app, f"Bearer {minted(app, sub='99')}") == 403


@pytest.mark.parametrize("spoil", ["header", "payload", "signature", "none", "garbage", "dots"])
def test_spoilt_tokens(spoil: str) -> None:
    app = make()
    parts = token(app).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(app, sub="op")).encode()).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    spoilt = {
        "header": [none, *parts[1:]],
        "payload": [parts[0], body, parts[2]],
        "signature": [*parts[:2], "AAAA" + parts[2][4:]],
        "none": [none, parts[1], ""],
        "garbage": ["garbage"],
        "dots": ["a", "b", "c"],
    }
    assert status(app, f"Bearer {'.'.join(spoilt[spoil])}") == 403


@pytest.mark.parametrize(
    ("form", "by_version"),
    [
        ("Bearer {}", (200, 200, 200, 200)),
        ("bearer {}", (200, 200, 200, 200)),
        ("BEARER {}", (200, 200, 200, 200)),
        ("Bearer  {}", (403, 403, 200, 200)),
        ("Bearer {} ", (403, 403, 200, 200)),
        ("Bearer", (403, 401, 401, 401)),
        ("", (401, 401, 401, 401)),
        ("Token {}", (401, 401, 401, 401)),
        ("Basic {}", (401, 401, 401, 401)),
        ("{}", (401, 401, 401, 401)),
        ("Bearer é", (403, 403, 403, 403)),
    ],
)
def test_forms_of_the_header(form: str, by_version: tuple[int, ...]) -> None:
    found = []
    for version in VERSIONS:
        app = make(version)
        found.append(status(app, form.format(token(app))))
    assert tuple(found) == by_version


@each_version
def test_no_token(version: str) -> None:
    reply = send(make(version), "GET", DAGS)
    assert (reply.status, reply.detail) == (401, "Not authenticated")
    assert reply.headers.get("www-authenticate") == ("Bearer" if version == "3.0" else None)


@each_version
def test_a_token_elsewhere_does_not_count(version: str) -> None:
    app = make(version)
    assert send(app, "GET", f"{DAGS}&access_token={token(app)}").status == 401


@pytest.mark.parametrize(
    ("version", "alone", "with_bad_header"),
    [
        ("3.0", 401, 403),
        ("3.1", 200, 200),
        ("3.2", 200, 200),
        ("3.3", 200, 403),
    ],
)
def test_cookie(version: str, alone: int, with_bad_header: int) -> None:
    app = make(version)
    good = f"a=b; _token={token(app)}"
    assert status(app, cookie=good) == alone
    assert status(app, "Bearer x", good) == with_bad_header
    assert status(app, "Basic x", good) == alone
    assert status(app, f"Bearer {token(app)}", "_token=x") == 200


def test_a_bad_cookie_is_taken_back_on_any_path() -> None:
    app = make()
    for path in (DAGS, "/api/v2/version", "/nosuch"):
        assert send(app, "GET", path, headers={"cookie": "_token=x"}).headers["set-cookie"].startswith('_token="";')
        assert "set-cookie" not in send(app, "GET", path, headers={"cookie": "other=x"}).headers


@pytest.mark.parametrize(
    ("version", "follow", "after"),
    [
        ("3.0", "airflow", 200),
        ("3.2", "airflow", 200),
        ("3.3", "airflow", 403),
        ("3.0", "documents", 403),
        ("3.3", "documents", 403),
    ],
)
def test_logout(version: str, follow: Any, after: int) -> None:
    app = make(version, follow=follow)
    app.state.mock.clock.advance(1)
    ended, other = token(app), None
    app.state.mock.clock.advance(1)
    other = token(app)
    reply = send(app, "GET", "/api/v2/auth/logout", headers={"authorization": f"Bearer {ended}"})
    assert (reply.status, reply.headers["location"]) == (307, "/auth/login")
    assert ("set-cookie" in reply.headers) == (version != "3.0")
    assert status(app, f"Bearer {ended}") == after
    assert status(app, f"Bearer {other}") == 200


def test_logging_out_needs_no_token_and_takes_a_bad_one() -> None:
    app = make()
    assert send(app, "GET", "/api/v2/auth/logout").status == 307
    assert send(app, "GET", "/api/v2/auth/logout", headers={"authorization": "Bearer x"}).status == 307


def test_a_token_that_was_checked_before_still_expires_and_can_be_revoked() -> None:
    app = make()
    text = token(app)
    assert status(app, f"Bearer {text}") == 200
    app.state.mock.clock.advance(86400 + 9)
    assert status(app, f"Bearer {text}") == 200
    app.state.mock.clock.advance(2)
    assert send(app, "GET", DAGS, headers={"authorization": f"Bearer {text}"}).detail == "Token Expired"


def test_many_tokens_do_not_pile_up() -> None:
    app = make()
    for number in range(1100):
        assert status(app, f"Bearer {minted(app, sub=str(number))}") == 200
    assert len(app.state.mock.auth.tokens._known) <= 1024


def test_all_admins() -> None:
    app = make(profile="airflow-3-all-admins")
    assert status(app) == 200
    assert status(app, "Bearer abc") == 403
    assert status(app, "Basic abc") == 401
    assert status(app, cookie="_token=x") == 200
    send(app, "POST", "/api/v2/variables", {"key": "k", "value": "v"})
    assert send(app, "GET", "/api/v2/eventLogs?order_by=-id&limit=1").json["event_logs"][0]["owner"] == "Anonymous"


@pytest.mark.parametrize("version", ["3.0", "3.3"])
def test_following_the_documents(version: str) -> None:
    app = make(version, follow="documents")
    assert status(app, cookie=f"_token={token(app)}") == 401
    assert send(app, "GET", DAGS).headers["www-authenticate"] == "Bearer"
    expired = {"authorization": f"Bearer {minted(app, exp=-60)}"}
    assert send(app, "GET", DAGS, headers=expired).headers["www-authenticate"] == "Bearer"
    assert status(app, f"Bearer {minted(app, role='boss')}") == 403


def test_options_of_tokens_count() -> None:
    settings = ["api_auth.jwt_leeway=0", "api_auth.jwt_expiration_time=5", "api_auth.jwt_audience=mine"]
    app = application("airflow-3", *settings)
    app.state.mock.clock.hold()
    text = token(app)
    assert opened(text)[1]["aud"] == "mine"
    app.state.mock.clock.advance(4)
    assert status(app, f"Bearer {text}") == 200
    app.state.mock.clock.advance(1)
    assert status(app, f"Bearer {text}") == 401
