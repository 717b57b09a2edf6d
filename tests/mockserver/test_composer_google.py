"""Google beside the mock of Cloud Composer: the token endpoint, the metadata server, keys. Without a server."""

from __future__ import annotations

import base64
import json
import sys
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

import profiles
from mockserver.composer import keys
from mockserver.composer.assertions import AUDIENCE
from mockserver.composer.beside import GRANT_TYPE
from mockserver.errors import SetupError
from tests.mockserver.composing import HOST, App, ask, claims, composer, grant, signed
from tests.mockserver.driver import Reply, send

DAGS = "/api/v1/dags"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@pytest.fixture
def app() -> App:
    return composer()


def opens(app: App, text: str) -> int:
    return send(app, "GET", DAGS, headers={"host": HOST, "authorization": f"Bearer {text}"}).status


# ---- tokens for assertions -------------------------------------------------------------------------------------------


def test_a_good_assertion_is_given_an_access_token(app: App) -> None:
    reply = grant(app, signed(app, claims(app, "op"), "op"))
    assert (reply.status, reply.headers["cache-control"]) == (200, "no-store")
    assert (reply.json["token_type"], reply.json["expires_in"]) == ("Bearer", 3599)
    assert opens(app, reply.json["access_token"]) == 200


def test_an_assertion_with_a_target_audience_is_given_an_id_token(app: App) -> None:
    asked = {**claims(app), "target_audience": f"http://{HOST}"}
    del asked["scope"]
    reply = grant(app, signed(app, asked))
    assert list(reply.json) == ["id_token"]
    said = jwt.decode(reply.json["id_token"], options={"verify_signature": False})
    assert (said["aud"], said["sub"], said["email_verified"]) == (f"http://{HOST}", "100000000000000000001", True)
    assert (said["iss"], said["exp"] - said["iat"]) == ("https://accounts.google.com", 3600)
    assert opens(app, reply.json["id_token"]) == 200


def refused(reply: Reply) -> tuple[int, str, str]:
    return reply.status, reply.json["error"], reply.json["error_description"]


TIMES = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"aud": "http://airflow.test/_google/token"},
            f"Invalid JWT: Failed audience check. The right audience is {AUDIENCE}",
        ),
        ({"aud": None}, "Invalid JWT: Failed audience check."),
        ({"aud": [AUDIENCE]}, "Invalid JWT: Failed audience check."),
        ({"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600}, TIMES),
        ({"iat": int(time.time()) + 600, "exp": int(time.time()) + 1200}, TIMES),
        ({"exp": int(time.time()) + 7200}, TIMES),
        ({"exp": "tomorrow"}, TIMES),
        ({"iat": True}, TIMES),
        ({"exp": 10**400}, TIMES),
        ({"exp": float("nan")}, TIMES),
        ({"iss": "nobody@conformance.iam.gserviceaccount.com"}, "Invalid grant: account not found"),
        ({"iss": None}, "Invalid grant: account not found"),
        ({"iss": 5}, "Invalid grant: account not found"),
    ],
)
def test_assertions_that_say_something_wrong_are_refused(app: App, changes: dict[str, Any], text: str) -> None:
    status, error, description = refused(grant(app, signed(app, claims(app, **changes))))
    assert (status, error) == (400, "invalid_grant")
    assert description.startswith(text)


def forged(app: App, how: str) -> str:
    said, mock = claims(app), app.state.mock
    key = mock.google.key(keys.account(mock.profile, "admin"))
    other = rsa.generate_private_key(65537, 2048)
    header, payload, signature = signed(app, said).split(".")
    _, stranger, _ = signed(app, claims(app, "op"), "op").split(".")
    pem = key.pem.encode()
    return {
        "another key": jwt.encode(said, other, "RS256", headers={"kid": key.id}),
        "the key of another account": signed(app, said, "op"),
        "another name of the key": signed(app, said, kid="0" * 40),
        "none": jwt.encode(said, "", "none"),
        "HS256": jwt.encode(said, pem[:64], "HS256", headers={"kid": key.id}),
        "RS512": jwt.encode(said, key.private, "RS512", headers={"kid": key.id}),
        "other claims": f"{header}.{stranger}.{signature}",
        "no signature": f"{header}.{payload}.",
        "half a signature": f"{header}.{payload}.{signature[:172]}",
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        *("another key", "the key of another account", "another name of the key", "none", "HS256", "RS512"),
        *("other claims", "no signature", "half a signature"),
    ],
)
def test_assertions_that_somebody_else_signed_are_refused(app: App, how: str) -> None:
    assert refused(grant(app, forged(app, how))) == (400, "invalid_grant", "Invalid JWT Signature.")


@pytest.mark.parametrize("text", ["x", "a.b.c", "..", "e30.W10.", "e30.Mg.x", "\0", "ü.ü.ü"])
def test_what_is_no_assertion_is_refused(app: App, text: str) -> None:
    status, error, _ = refused(grant(app, text))
    assert (status, error) == (400, "invalid_grant")


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=3)


@st.composite
def tokens(draw: st.DrawFn) -> str:
    """Something like a JWT."""
    header = draw(st.fixed_dictionaries({"alg": st.sampled_from(["RS256", "none", "HS256"]) | JSON, "typ": JSON}))
    payload = draw(st.fixed_dictionaries({"iss": st.sampled_from([ISS]) | JSON, "aud": JSON}) | JSON)
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, payload)]
    return ".".join([*parts, draw(st.text())])


ISS = "composer-admin@conformance.iam.gserviceaccount.com"
ONE = composer()


@given(text=st.text() | tokens())
def test_nothing_made_up_is_taken_or_breaks_it(text: str) -> None:
    assert refused(grant(ONE, text))[0] == 400
    assert opens(ONE, text.encode("utf-8", "replace").decode("latin-1")) == 401


def test_the_form_must_be_that_of_the_grant(app: App) -> None:
    assert refused(grant(app, "x", "password"))[:2] == (400, "unsupported_grant_type")
    assert refused(grant(app, "", GRANT_TYPE))[:2] == (400, "invalid_request")
    assert refused(send(app, "POST", "/_google/token"))[:2] == (400, "unsupported_grant_type")
    assert refused(send(app, "GET", "/_google/token"))[:2] == (400, "invalid_request")


def test_neither_scope_nor_audience_is_refused(app: App) -> None:
    assert refused(grant(app, signed(app, claims(app, scope=""))))[:2] == (400, "invalid_scope")


def test_nobody_acts_for_another(app: App) -> None:
    assert refused(grant(app, signed(app, claims(app, sub="ann@example.org"))))[:2] == (400, "unauthorized_client")
    own = keys.account(app.state.mock.profile, "admin").email
    assert grant(app, signed(app, claims(app, sub=own))).status == 200


def test_an_assertion_is_no_token(app: App) -> None:
    assert opens(app, signed(app, claims(app))) == 401
    assert opens(app, signed(app, claims(app, aud=f"http://{HOST}", sub="100000000000000000001"))) == 401


def test_clients_sign_by_their_own_clock(app: App) -> None:
    app.state.mock.clock.advance(100_000)
    assert opens(app, grant(app, signed(app, claims(app))).json["access_token"]) == 200


# ---- the metadata server ---------------------------------------------------------------------------------------------

ROOT = "/computeMetadata/v1/"
FLAVOR = {"metadata-flavor": "Google"}


def metadata(app: App, path: str, **headers: str) -> Reply:
    return send(app, "GET", path, headers=headers or FLAVOR)


def test_the_metadata_server_tells_what_machines_ask(app: App) -> None:
    email = "composer-admin@conformance.iam.gserviceaccount.com"
    accounts = f"{ROOT}instance/service-accounts/"
    assert metadata(app, "/").headers["metadata-flavor"] == "Google"
    assert metadata(app, f"{ROOT}project/project-id").body == b"conformance"
    assert metadata(app, f"{ROOT}universe/universe-domain").body == b"googleapis.com"
    assert metadata(app, f"{accounts}default/email").body == email.encode()
    assert metadata(app, f"{accounts}default/?recursive=true").json["email"] == email
    assert metadata(app, f"{accounts}{email}/?recursive=true").json["aliases"] == ["default"]
    assert metadata(app, f"{accounts}default/scopes").body.decode().split() == [SCOPE]


def test_the_metadata_server_gives_tokens(app: App) -> None:
    accounts = f"{ROOT}instance/service-accounts"
    given = metadata(app, f"{accounts}/default/token").json
    assert (given["expires_in"], opens(app, given["access_token"])) == (3599, 200)
    other = metadata(app, f"{accounts}/default/token?scopes=https://a,https://b").json
    assert opens(app, other["access_token"]) == 401
    email = "composer-newcomer@conformance.iam.gserviceaccount.com"
    assert opens(app, metadata(app, f"{accounts}/{email}/token?scopes=https://a,{SCOPE}").json["access_token"]) == 200
    text = metadata(app, f"{accounts}/default/identity?audience=http://{HOST}&format=full").body.decode()
    assert (opens(app, text), jwt.decode(text, options={"verify_signature": False})["email_verified"]) == (200, True)
    plain = metadata(app, f"{accounts}/default/identity?audience=http://{HOST}").body.decode()
    assert "email" not in jwt.decode(plain, options={"verify_signature": False})


@pytest.mark.parametrize(
    "path",
    [
        *("nothing", "instance/service-accounts/", "instance/service-accounts/nobody@x/token", "instance/id"),
        *("instance/service-accounts/default/nothing", "instance/service-accounts/default/identity"),
    ],
)
def test_the_metadata_server_knows_no_more(app: App, path: str) -> None:
    assert metadata(app, f"{ROOT}{path}").status == 404


def test_the_metadata_server_wants_its_header(app: App) -> None:
    token = f"{ROOT}instance/service-accounts/default/token"
    assert metadata(app, token, host=HOST).status == 403
    assert metadata(app, token, **{"metadata-flavor": "Other"}).status == 403
    assert send(app, "POST", token, headers=FLAVOR).status == 405
    assert metadata(app, "/", host=HOST).status == 401


def test_a_machine_without_accounts(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("extends: composer-2\nservice_accounts: []\n")
    app = composer(str(path))
    assert metadata(app, f"{ROOT}project/project-id").status == 404
    assert metadata(app, f"{ROOT}instance/service-accounts/default/token").status == 404


# ---- keys ------------------------------------------------------------------------------------------------------------


NAMES = ["admin", "op", "user", "viewer", "public", "inactive", "newcomer", "long-email"]


def test_accounts_are_called_by_what_they_are() -> None:
    assert list(keys.names(profiles.load("composer-2"))) == NAMES


def test_two_users_of_a_role_have_two_names(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "extends: composer-2\nusers: [{username: a, role: op, email: a@b}, {username: b, role: op, email: b@b}]\n"
        "service_accounts: [{email: a@b, unique_id: '1'}, {email: b@b, unique_id: '2'}]\ncapabilities: []\n"
    )
    assert list(keys.names(profiles.load(path))) == ["op", "b@b"]


def test_a_key_file_is_like_googles(app: App) -> None:
    mock = app.state.mock
    text = mock.google.key_file(keys.account(mock.profile, "viewer"), "http://127.0.0.1:1")
    content = json.loads(text)
    assert (content["type"], content["universe_domain"]) == ("service_account", "googleapis.com")
    assert (content["client_id"], content["token_uri"]) == ("100000000000000000004", "http://127.0.0.1:1/_google/token")
    assert content["project_id"] == "conformance-analytics-platform"
    assert content["private_key"].startswith("-----BEGIN PRIVATE KEY-----\n")
    assert text == mock.google.key_file(keys.account(mock.profile, "viewer"), "http://127.0.0.1:1")


def test_keys_are_written_for_nobody_else(app: App, tmp_path: Path) -> None:
    mock = app.state.mock
    keys.write(mock.profile, mock.google, "http://127.0.0.1:1", tmp_path / "a" / "b")
    files = sorted((tmp_path / "a" / "b").iterdir())
    assert [file.name for file in files] == sorted(f"{name}.json" for name in NAMES)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_keys_that_cannot_be_written_are_told(app: App, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    mock = app.state.mock
    with pytest.raises(SetupError, match=r"cannot write the keys into .*; name another folder"):
        keys.write(mock.profile, mock.google, "http://127.0.0.1:1", tmp_path / "file")


def key(app: App, body: Any) -> Reply:
    return send(app, "POST", "/_mock/service-account-key", body, {"host": "127.0.0.1:5"})


def test_the_control_interface_hands_out_keys() -> None:
    app = composer(control=True)
    for name in ("viewer", "viewer-of-all-environments@conformance-analytics-platform.iam.gserviceaccount.com"):
        content = key(app, {"account": name}).json
        assert (content["client_id"], content["token_uri"]) == (
            "100000000000000000004",
            "http://127.0.0.1:5/_google/token",
        )
    assert key(app, b"").json["client_id"] == "100000000000000000001"
    assert key(app, {"account": "boss"}).status == 404
    assert (
        key(app, {"account": "boss"})
        .json["detail"]
        .startswith('there is no service account "boss"; there are: admin, op')
    )
    assert [key(app, body).status for body in (b"{", b"[]")] == [400, 400]
    assert send(app, "GET", "/_mock/state").json["profile"] == "composer-2"
    assert ask(app, "/_mock/state", None).status == 200


NEW = {
    "username": "accounts.google.com:100000000000000000008",
    "email": "unique-id",
    "firstname": "unique-id",
    "lastname": "-",
    "role": "Op",
}


def test_a_user_is_made_as_by_the_command_line() -> None:
    app = composer(control=True)
    assert ask(app, DAGS, "long-email").status == 403
    made = send(app, "POST", "/_mock/users", NEW)
    assert (made.status, made.json["roles"], made.json["last_name"]) == (200, [{"name": "Op"}], "-")
    assert ask(app, DAGS, "long-email").status == 200


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"email": "x" * 65}, 400, "the email has more than 64 characters"),
        ({"role": "Boss"}, 400, "there is no role Boss"),
        ({"role": 5}, 400, "the body must be a JSON object with the texts username, email, firstname, lastname, role"),
        ({"username": ""}, 400, "the body must be a JSON object"),
        ({"username": "ADMIN"}, 409, "there is a user ADMIN, or one"),
        ({"email": "viewer@conformance.example"}, 409, "there is a user accounts"),
    ],
)
def test_users_that_cannot_be_made(changes: dict[str, Any], status: int, text: str) -> None:
    reply = send(composer(control=True), "POST", "/_mock/users", {**NEW, **changes})
    assert (reply.status, reply.detail[: len(text)]) == (status, text)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"5"])
def test_users_that_are_none(body: bytes) -> None:
    assert send(composer(control=True), "POST", "/_mock/users", body).status == 400


def test_where_the_control_interface_is_closed_there_are_no_keys(app: App) -> None:
    assert key(app, {"account": "op"}).status == 401
    assert ask(app, "/_mock/service-account-key", "admin", "POST").status == 404


def test_what_must_be_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(
        SetupError, match=r'cryptography; install it with: pip install "airflow-api-conformance\[google\]"'
    ):
        composer()
