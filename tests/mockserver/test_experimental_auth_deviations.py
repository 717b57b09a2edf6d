"""Every deviation about who the experimental API lets in shows: some request is answered otherwise than without it.

Those of the Kerberos backend of v1, too. What a request has left behind counts as a part of its answer.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

import profiles
from conformance.auth.gssapi import KRB5, Context
from mockserver.deviations import Deviation, catalogue
from profiles import hosts
from specs import requirements
from tests.kerberos.realm import Realm
from tests.mockserver.driver import application, send
from tests.mockserver.guarding import basic

Headers = dict[str, str]
Outcome = tuple[Any, ...]

PLAIN = ["airflow-1.10-open", "airflow-1.10-deny-all", "airflow-1.10-password"]
TICKETS = ["airflow-1.10-kerberos", "airflow-2-kerberos"]
MODULES = ("experimental_auth", "experimental_passwords", "experimental_headers", "tickets")
OWN = [one for one in catalogue().values() if one.change.__module__.rpartition(".")[2] in MODULES]
DAG = "conformance_empty"
P = "/api/experimental"


KNOWN = {name: profiles.load(name) for name in (*PLAIN, *TICKETS)}


def shows_under(deviation: Deviation, names: list[str]) -> list[str]:
    return [name for name in names if deviation.applies(KNOWN[name])]


def headers() -> Iterator[Headers]:
    """Credentials of all kinds, most of them bad."""
    pairs = ["admin:admin", "admin:ADMIN", "admin:adm", "admin:adminx", "admin: admin ", "admin:", "admin:op", "op:op"]
    pairs += ["admin:amdin", "ADMIN:admin", " admin :admin", "nobody:x", "admin:nope"]
    yield {}
    yield from ({"authorization": basic(*pair.split(":"))} for pair in pairs)
    plain = ["Basic admin:admin", "Basic admin%3Aadmin", basic("admin", "admin").split()[1], "Basic", "Basic !!!"]
    yield from ({"authorization": value} for value in (*plain, "Bearer abc", "bearer ", "Bearer \u00e9"))
    yield {"cookie": "session=x"}
    yield {"cookie": "session=x", "authorization": basic("admin", "nope")}
    yield {"proxy-authorization": basic("admin", "admin")}
    yield {"x-forwarded-for": "127.0.0.1"}
    yield {"x-http-method-override": "OPTIONS"}
    yield {"remote-user": "admin"}
    yield {"authorization": "Basic x"}
    yield {"content-type": "application/x-www-form-urlencoded"}


REQUESTS = [
    ("GET", f"{P}/test", b""),
    ("GET", f"{P}/%74est", b""),
    ("GET", f"{P}/test", b"username=admin&password=admin"),
    ("HEAD", f"{P}/test", b""),
    ("GET", f"/{P}/test", b""),
    ("GET", f"{P}/latest_runs", b""),
    ("GET", f"{P}/pools/default_pool", b""),
    ("GET", f"{P}/dags/nope/tasks/nope", b""),
    ("GET", f"{P}/dags/{DAG}/dag_runs/2020-01-01/tasks/nope", b""),
    ("POST", f"{P}/pools", {"name": "one", "slots": 1, "description": ""}),
    ("POST", f"{P}/pools", b"{"),
    ("GET", f"{P}/dags/{DAG}/paused/true", b""),
    ("DELETE", f"{P}/pools/one", b""),
    ("GET", f"{P}/dags/{DAG}/paused/false", b""),
]


def ask(app: Any, method: str, path: str, body: Any, given: Headers) -> Outcome:
    """What is answered, and what there is then."""
    reply = send(app, method, path, body, given)
    world = app.state.mock.world
    kept = sorted(pool.name for pool in world.pools), world.dags.get(DAG).is_paused
    told = {name: reply.headers.get(name) for name in ("www-authenticate", "location", "set-cookie")}
    return reply.status, reply.body if reply.status != 500 else b"", told, kept


@cache
def series(profile: str, *deviations: str) -> list[Outcome]:
    app = application(profile, deviations=deviations)
    found = [ask(app, *request, given) for given in headers() for request in REQUESTS]
    return [*found, *(ask(app, *REQUESTS[0], {"cookie": "visitor=known"}) for _ in range(2))]


@pytest.mark.parametrize("deviation", [one for one in OWN if shows_under(one, PLAIN)], ids=lambda one: one.name)
def test_deviation_shows(deviation: Deviation) -> None:
    assert any(series(name, deviation.name) != series(name) for name in shows_under(deviation, PLAIN))


# ---- tickets ---------------------------------------------------------------------------------------------------------


def negotiate(token: bytes) -> Headers:
    return {"authorization": f"Negotiate {b64encode(token).decode()}"}


def proof(context: Context, reply: Any) -> str:
    """What an answer's token is worth to the client that asked for it."""
    token = b64decode(reply.headers.get("www-authenticate", "").partition(" ")[2])
    if not token:
        return "none"
    try:
        context.finish(token)
    except Exception as error:  # noqa: BLE001 (each of them is an outcome)
        return type(error).__name__
    return f"{context.complete} {len(token) > 60}"


def tickets(profile: str, realm: Realm, *deviations: str) -> list[Outcome]:
    """The same series for every profile with tickets: good ones first, then what is no good."""
    app = application(profile, f"kerberos.keytab={realm.both_keytab}", deviations=deviations)
    host = hosts.of_this_machine(app.state.mock.profile.airflow)
    one, other = (P, "/test") if "1.10" in profile else ("/api/v1", "/pools/default_pool")
    found: list[Outcome] = []

    def note(method: str, path: str, given: Headers, context: Context | None = None) -> None:
        reply = send(app, method, path, b"", given)
        challenge = reply.headers.get("www-authenticate", "").partition(" ")[0]
        cookie = reply.headers.get("set-cookie")
        found.append((reply.status, challenge, cookie, proof(context, reply) if context else ""))

    def context(service: str = f"airflow@{host}", **options: Any) -> Context:
        return Context(service, **options)

    for options in ({}, {}, {"mechanism": KRB5}, {"mutual": False}, {"mutual": False, "mechanism": KRB5}):
        for path in (f"{one}{other}", f"{one}/pools"):
            client: Context = context(**options)
            note("GET", path, negotiate(client.token), client)
            note("GET", path, negotiate(client.token))
            note("GET", f"{one}/pools", negotiate(client.token))
    good = context().token
    wrong: list[Callable[[], bytes]] = [
        lambda: good[:-8],
        lambda: good[:-20] + b"\0" * 20,
        lambda: b"NTLMSSP\0\1\0\0\0",
        lambda: context(f"HTTP@{host}").token,
        lambda: b"junk",
    ]
    for make in wrong:
        note("GET", f"{one}{other}", negotiate(make()))
        note("DELETE", f"{one}/pools/nope", negotiate(make()))
    twice = {"authorization": basic("a", "b"), "Authorization": "x"}
    for given in (
        {},
        {"authorization": "Negotiate"},
        {"authorization": basic("a", "b")},
        {"cookie": "visitor=known"},
        twice,
    ):
        note("GET", f"{one}{other}", given)
    return found


PAIRS = [(one, name) for one in OWN if "kerberos-" in one.name for name in shows_under(one, TICKETS)]


@pytest.fixture(scope="module")
def usual() -> dict[str, list[Outcome]]:
    """What is answered without any deviation, by profile, once it was asked."""
    return {}


@pytest.mark.parametrize(("deviation", "profile"), PAIRS, ids=lambda one: one if isinstance(one, str) else one.name)
def test_deviation_of_tickets_shows(
    deviation: Deviation, profile: str, in_realm: Realm, usual: dict[str, list[Outcome]]
) -> None:
    usual[profile] = usual.get(profile) or tickets(profile, in_realm)
    assert tickets(profile, in_realm, deviation.name) != usual[profile]


@pytest.mark.parametrize("profile", TICKETS)
def test_series_is_the_same_each_time(profile: str, in_realm: Realm) -> None:
    assert tickets(profile, in_realm) == tickets(profile, in_realm)


@pytest.mark.parametrize("deviation", OWN, ids=lambda one: one.name)
def test_deviation_breaks_requirements_of_its_apis(deviation: Deviation) -> None:
    prefixes = {"experimental": "EXP", "stable-v1": "STB"}
    assert all(requirements.find(name) for name in deviation.breaks)
    assert {name[:3] for name in deviation.breaks} == {prefixes[api] for api in deviation.apis}
