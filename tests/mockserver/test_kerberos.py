"""The backend kerberos_auth, for the experimental API and in the chain of v1, against a real realm.

What is expected was measured on 1.10.15, 2.2.5, 2.6.3 and 2.11.2; the client is the suite's own binding.
"""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest

import profiles
from conformance.auth.gssapi import KRB5, SPNEGO, Context
from mockserver.app import create_app
from mockserver.auth import gssapi
from mockserver.errors import SetupError
from profiles import hosts
from specs.versions import Version
from tests.kerberos.realm import ELSEWHERE, PEOPLE, Realm
from tests.mockserver.driver import Reply, application, send
from tests.mockserver.guarding import basic

BACKEND = "airflow.api.auth.backend"
TEST, POOLS = "/api/experimental/test", "/api/v1/pools"
App = Any


def negotiate(token: bytes, scheme: str = "Negotiate") -> str:
    return f"{scheme} {b64encode(token).decode()}"


def service(app: App) -> str:
    return f"airflow@{hosts.of_this_machine(app.state.mock.profile.airflow)}"


def context(app: App, **options: Any) -> Context:
    return Context(service(app), **options)


def ask(app: App, header: str | None = None, path: str = TEST, method: str = "GET", body: Any = b"") -> Reply:
    return send(app, method, path, body, {} if header is None else {"authorization": header})


@pytest.fixture
def one(in_realm: Realm) -> App:
    """An Airflow 1.10, whose keytab is that of the environment."""
    del in_realm
    return application("airflow-1.10-kerberos")


@pytest.fixture
def strict(in_realm: Realm) -> App:
    """An Airflow 1.10 as in the documents."""
    del in_realm
    return application("airflow-1.10-kerberos", follow="documents")


# ---- the experimental API --------------------------------------------------------------------------------------------


def proven(reply: Reply, client: Context) -> bool:
    """Whether the answer completes the client's context."""
    scheme, _, token = reply.headers.get("www-authenticate", "").partition(" ")
    assert scheme == "negotiate"
    client.finish(b64decode(token, validate=True))
    return client.complete


@pytest.mark.parametrize("mechanism", [SPNEGO, KRB5], ids=["SPNEGO", "Kerberos"])
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", TEST, b"", 200),
        ("HEAD", TEST, b"", 200),
        ("GET", "/api/experimental/pools/nope", b"", 404),
        ("POST", "/api/experimental/pools", {"name": " ", "slots": 1, "description": ""}, 400),
        ("POST", "/api/experimental/dags/nope/dag_runs", b"{", 400),
    ],
)
def test_reply_proves_the_server_on_every_answer_of_a_view(
    one: App, mechanism: bytes, method: str, path: str, body: Any, status: int
) -> None:
    client = context(one, mechanism=mechanism)
    reply = ask(one, negotiate(client.token), path, method, body)
    assert reply.status == status
    assert proven(reply, client)


def test_view_that_breaks_down_proves_nothing(one: App) -> None:
    reply = ask(one, negotiate(context(one).token), "/api/experimental/pools", "POST", {})
    assert reply.status == 500
    assert "www-authenticate" not in reply.headers


@pytest.mark.parametrize(("mechanism", "header"), [(SPNEGO, True), (KRB5, False)], ids=["SPNEGO", "Kerberos"])
def test_who_wants_no_proof(one: App, mechanism: bytes, header: bool) -> None:
    reply = ask(one, negotiate(context(one, mechanism=mechanism, mutual=False).token))
    assert reply.status == 200
    assert ("www-authenticate" in reply.headers) is header  # SPNEGO's own end of the talk, without a proof


@pytest.mark.parametrize("name", PEOPLE)
def test_any_principal_of_the_realm_passes(one: App, in_realm: Realm, name: str) -> None:
    assert ask(one, negotiate(context(one, cache=in_realm.caches[name]).token)).status == 200


def test_challenge(one: App, strict: App) -> None:
    for app in (one, strict):
        for header in (None, ""):
            reply = ask(app, header)
            assert (reply.status, reply.body) == (401, b"Unauthorized")
            assert reply.headers["www-authenticate"] == "Negotiate"
            assert reply.headers["content-type"] == "text/html; charset=utf-8"


NTLM = "Negotiate TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw=="
WRONG: dict[str, Callable[[App], str]] = {
    "junk": lambda _: "Negotiate YWJj",
    "no base64": lambda _: "Negotiate !!!",
    "beyond ASCII": lambda _: "Negotiate \xe4\xf6",
    "NTLM": lambda _: NTLM,
    "Basic": lambda _: basic("admin", "admin"),
    "Bearer": lambda _: "Bearer abc",
    "long": lambda _: f"Negotiate {'A' * 6000}",
    "cut short": lambda app: negotiate(context(app).token[:48]),
    "cut": lambda app: negotiate(context(app).token[:-6]),
    "changed": lambda app: negotiate(context(app).token[:-20] + b"\0" * 20),
    "more": lambda app: negotiate(context(app).token + b"abc"),
    "padded": lambda app: f"{negotiate(context(app).token)}====",
    "with another": lambda app: f"{negotiate(context(app).token)}, Basic YTpi",
    "HTTP": lambda app: negotiate(Context(service(app).replace("airflow@", "HTTP@")).token),
    "elsewhere": lambda _: negotiate(Context(f"airflow@{ELSEWHERE}").token),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_token(one: App, strict: App, case: str) -> None:
    reply = ask(one, WRONG[case](one))
    assert (reply.status, reply.body) == (403, b"Forbidden")
    assert "www-authenticate" not in reply.headers
    reply = ask(strict, WRONG[case](strict))
    assert (reply.status, reply.headers["www-authenticate"]) == (401, "Negotiate")


def test_token_is_good_for_one_request(one: App, strict: App) -> None:
    for app, refused in ((one, 403), (strict, 401)):
        header = negotiate(context(app).token)
        assert [ask(app, header).status for _ in range(3)] == [200, refused, refused]


def test_ticket_for_another_service_is_refused_though_the_keytab_has_its_key(in_realm: Realm) -> None:
    app = application("airflow-1.10-kerberos", f"kerberos.keytab={in_realm.both_keytab}")
    assert ask(app, negotiate(context(app).token)).status == 200
    for case in ("HTTP", "elsewhere"):
        assert ask(app, WRONG[case](app)).status == 403


@pytest.mark.parametrize("header", ["Negotiate", "Bearer", "\xe4", "Negotiate ", "Negotiate a\0b"])
def test_scheme_without_a_token_breaks_airflow(one: App, strict: App, header: str) -> None:
    reply = ask(one, header)
    assert reply.status == 500
    assert "www-authenticate" not in reply.headers
    assert ask(strict, header).status == 401


def respelled(header: str) -> str:
    return header.replace(" ", "\t")


@pytest.mark.parametrize("spell", [str.lower, str.upper, respelled], ids=["lower", "upper", "tab"])
def test_spelling_of_the_scheme(one: App, strict: App, spell: Callable[[str], str]) -> None:
    for app in (one, strict):
        scheme, token = negotiate(context(app).token).split()
        blank = spell(" ")
        assert ask(app, f"{spell(scheme)}{blank}{token}").status == 200


@pytest.mark.parametrize("scheme", ["Basic", "x"])
def test_other_schemes_are_read_by_airflow_alone(one: App, strict: App, scheme: str) -> None:
    assert ask(one, negotiate(context(one).token, scheme)).status == 200
    assert ask(strict, negotiate(context(strict).token, scheme)).status == 401


def test_words_of_a_token_are_one(one: App) -> None:
    header = negotiate(context(one).token)
    assert ask(one, f"{header[:100]} {header[100:]}").status == 200


@pytest.mark.parametrize(("path", "method", "status"), [("/api/experimental/nope", "GET", 404), (TEST, "POST", 405)])
def test_what_is_no_operation_asks_nobody(one: App, path: str, method: str, status: int) -> None:
    for header in (None, "Negotiate", negotiate(context(one).token)):
        reply = ask(one, header, path, method)
        assert reply.status == status
        assert "www-authenticate" not in reply.headers


def two(*settings: str, version: str = "2.11", **options: Any) -> App:
    option = f"api.auth_backend={BACKEND}.kerberos_auth"
    old = ("api.auth_backends=null", option) if Version.parse(version) < (2, 3) else ()
    return application("airflow-2-kerberos", f"airflow={version}", *old, *settings, **options)


@pytest.mark.parametrize("version", ["2.2", "2.11"])
def test_experimental_api_of_airflow_2(in_realm: Realm, version: str) -> None:
    app = two("api.enable_experimental_api=True", version=version)
    assert ask(app).headers["www-authenticate"] == "Negotiate"
    client = context(app, cache=in_realm.caches["stranger"])
    reply = ask(app, negotiate(client.token))
    assert reply.status == 200
    assert proven(reply, client)
    assert ask(app, "Negotiate YWJj").status == 403
    assert ask(app, "Negotiate").status == 500


def test_experimental_api_asks_only_the_first(in_realm: Realm) -> None:
    del in_realm
    backends = f"api.auth_backends={BACKEND}.session,{BACKEND}.kerberos_auth"
    app = two("api.enable_experimental_api=True", backends)
    reply = ask(app, negotiate(context(app).token))
    assert reply.status == 401
    assert "www-authenticate" not in reply.headers


@pytest.mark.parametrize(
    ("module", "nothing", "ticket"),
    [
        (f"{BACKEND}.kerberos_auth", 401, 200),
        ("airflow.providers.fab.auth_manager.api.auth.backend.kerberos_auth", 200, 200),
    ],
)
def test_module_of_the_provider_opens_where_there_is_a_public_role(
    in_realm: Realm, module: str, nothing: int, ticket: int
) -> None:
    del in_realm
    app = two(
        "api.enable_experimental_api=True", f"api.auth_backends={module}", "webserver_config.AUTH_ROLE_PUBLIC=Public"
    )
    reply = ask(app, negotiate(context(app).token))
    assert (ask(app).status, reply.status) == (nothing, ticket)
    assert ("www-authenticate" in reply.headers) is (nothing == 401)  # what is not looked at is not answered


# ---- the chain of v1 -------------------------------------------------------------------------------------------------


def v1(app: App, realm: Realm, name: str, path: str = "/api/v1/dags?limit=1") -> Reply:
    return ask(app, negotiate(context(app, cache=realm.caches[name]).token), path)


@pytest.mark.parametrize(
    ("version", "admin", "stranger"),
    [
        ("2.2", 500, 500),
        ("2.4", 500, 500),
        ("2.6", 200, 500),
        ("2.8", 403, 403),
        ("2.10", 200, 403),
        ("2.11", 200, 403),
    ],
)
def test_user_of_v1_is_the_one_with_the_principals_name(
    in_realm: Realm, version: str, admin: int, stranger: int
) -> None:
    app = two(version=version)
    assert v1(app, in_realm, "admin").status == admin
    assert v1(app, in_realm, "stranger").status == stranger
    assert "www-authenticate" not in v1(app, in_realm, "admin").headers
    right = two(version=version, follow="documents")
    assert (v1(right, in_realm, "admin").status, v1(right, in_realm, "stranger").status) == (200, 403)


def test_roles_of_v1(in_realm: Realm) -> None:
    app = two()
    connections = {name: v1(app, in_realm, name, "/api/v1/connections").status for name in PEOPLE}
    wanted = {"admin": 200, "op": 200, "user": 403, "viewer": 403, "public": 403, "stranger": 403}
    assert connections == wanted
    stranger = v1(app, in_realm, "stranger")
    assert stranger.headers["content-type"] == "application/problem+json"
    assert stranger.json["title"] == "Forbidden"


def test_names_in_any_case_and_inactive_users(in_realm: Realm) -> None:
    app = two()
    users = {user.username: user for user in app.state.mock.world.users}
    users["op@CONFORMANCE.TEST"].active = False
    users["viewer@CONFORMANCE.TEST"].username = "Viewer@conformance.test"
    assert v1(app, in_realm, "op", "/api/v1/connections").status == 200
    assert v1(app, in_realm, "viewer").status == 200


CHAINS = [
    # the backends, then the challenge of a 401 to nothing, to a wrong password, to a wrong token
    (("kerberos_auth",), None, None, None),
    (("session", "kerberos_auth"), "Negotiate", None, None),
    (("session", "kerberos_auth", "basic_auth"), "Basic", "Basic", "Basic"),
    (("session", "basic_auth", "kerberos_auth"), "Negotiate", None, None),
    (("kerberos_auth", "basic_auth"), None, None, None),
]


@pytest.mark.parametrize(("backends", "nothing", "password", "token"), CHAINS, ids=[",".join(row[0]) for row in CHAINS])
def test_chains_of_v1(
    in_realm: Realm, backends: tuple[str, ...], nothing: str | None, password: str | None, token: str | None
) -> None:
    app = two(f"api.auth_backends={','.join(f'{BACKEND}.{name}' for name in backends)}")
    wanted = {None: nothing, basic("admin@CONFORMANCE.TEST", "nope"): password, "Negotiate YWJj": token}
    for header, challenge in wanted.items():
        reply = ask(app, header, POOLS)
        assert (reply.status, reply.headers.get("www-authenticate")) == (401, challenge)
    assert ask(app, "Negotiate", POOLS).status == 500
    assert ask(app, "Bearer", POOLS).status == 500
    assert v1(app, in_realm, "admin").status == 200
    right = ask(app, basic("admin@CONFORMANCE.TEST", "admin"), POOLS).status
    assert right == (200 if "basic_auth" in backends else 401)


def test_documents_offer_negotiate_and_prove_the_server_in_v1(in_realm: Realm) -> None:
    app = two(follow="documents")
    assert ask(app, None, POOLS).headers["www-authenticate"] == "Negotiate"
    assert ask(app, "Negotiate", POOLS).headers["www-authenticate"] == "Negotiate"
    for name, path, status in (("admin", POOLS, 200), ("admin", f"{POOLS}/nope", 404), ("stranger", POOLS, 403)):
        client = context(app, cache=in_realm.caches[name])
        reply = ask(app, negotiate(client.token), path)
        assert reply.status == status
        assert proven(reply, client)


# ---- beginning -------------------------------------------------------------------------------------------------------


def test_keytab_of_the_profile_goes_before_that_of_the_environment(in_realm: Realm) -> None:
    settings = (f"kerberos.keytab={in_realm.http_keytab}",)
    with pytest.raises(SetupError, match=r"needs Kerberos for airflow/.*http\.keytab"):
        application("airflow-1.10-kerberos", *settings)


@pytest.mark.parametrize("profile", ["airflow-1.10-kerberos", "airflow-2-kerberos"])
def test_no_keytab_is_said(profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5_KTNAME", "FILE:/nowhere/none.keytab")
    with pytest.raises(SetupError, match=r"/nowhere/none\.keytab.*--set kerberos\.keytab=FILE or KRB5_KTNAME"):
        create_app(profiles.load(profile))


def test_no_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gssapi, "LIBRARY", "libnone.so")
    gssapi._library.cache_clear()
    gssapi._function.cache_clear()
    try:
        with pytest.raises(SetupError, match=r"libnone\.so.*it takes libgssapi_krb5\.so\.2 of MIT"):
            create_app(profiles.load("airflow-1.10-kerberos"))
        assert ask(application("airflow-1.10-open")).status == 200
    finally:
        gssapi._library.cache_clear()
        gssapi._function.cache_clear()


def test_command_says_what_is_missing() -> None:
    command = [sys.executable, "-m", "mockserver", "--profile", "airflow-1.10-kerberos", "--port", "0"]
    settings = ["--set", "kerberos.keytab=/nowhere/none.keytab"]
    done = subprocess.run([*command, *settings], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "/nowhere/none.keytab" in done.stderr
    assert "Traceback" not in done.stderr
