"""Every fault in whose ticket opens the stable API shows: some request of a series is answered otherwise."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import partial

import pytest

from conformance.auth.gssapi import Context
from mockserver.deviations import Deviation, catalogue
from profiles import hosts
from specs import requirements
from tests.kerberos.realm import Realm
from tests.mockserver.driver import application, send

POOLS = "/api/v1/pools"
CHAIN = "api.auth_backends=airflow.api.auth.backend.session,airflow.api.auth.backend.kerberos_auth"
OWN = [one for one in catalogue().values() if one.change.__module__.endswith((".stable_tickets", ".cookie_tickets"))]

Outcome = tuple[str, int, str | None]


def series(realm: Realm, *deviations: str) -> list[Outcome]:
    """Requests with the tickets of several people, and with what is no ticket."""
    app = application("airflow-2-kerberos", f"kerberos.keytab={realm.keytab}", CHAIN, deviations=deviations)
    service = f"airflow@{hosts.of_this_machine(app.state.mock.profile.airflow)}"
    found: list[Outcome] = []

    def note(who: str, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> None:
        reply = send(app, method, path, body, headers)
        found.append((who, reply.status, reply.headers.get("www-authenticate")))

    def shown(token: bytes) -> dict[str, str]:
        return {"authorization": f"Negotiate {b64encode(token).decode()}"}

    note("nobody", "GET", POOLS, {})
    for who in ("admin", "viewer", "stranger"):
        ticket = partial(Context, service, cache=realm.caches[who])
        spent = shown(ticket().token)
        note(who, "GET", POOLS, spent)
        note(who, "GET", POOLS, spent)
        body = json.dumps({"name": who, "slots": 1}).encode()
        note(who, "POST", POOLS, {**shown(ticket().token), "content-type": "application/json"}, body)
        note(who, "GET", "/api/v1/connections", shown(ticket().token))
    note("junk", "GET", POOLS, shown(b"junk"))
    note("nobody", "GET", POOLS, {"cookie": "visitor=known"})
    return found


@pytest.fixture(scope="module")
def usual(realm: Realm) -> dict[str, list[Outcome]]:
    """What is answered without any deviation, once it was asked."""
    return {}


@pytest.mark.parametrize("one", OWN, ids=lambda one: one.name)
def test_it_shows(one: Deviation, in_realm: Realm, usual: dict[str, list[Outcome]]) -> None:
    usual["clean"] = usual.get("clean") or series(in_realm)
    assert series(in_realm, one.name) != usual["clean"]


def test_the_series_is_the_same_each_time(in_realm: Realm) -> None:
    assert series(in_realm) == series(in_realm)


def test_each_names_what_it_breaks() -> None:
    assert len(OWN) >= 7
    for one in OWN:
        assert one.breaks, one.name
        assert set(one.breaks) <= set(requirements.load("api-authentication")), one.name
        assert one.sentence.endswith("."), one.name
