from __future__ import annotations

import base64
from typing import Any

import pytest

from conformance.auth.gssapi import KRB5, SPNEGO, Context
from conformance.strategies.headers import Attempt
from conformance.strategies.tickets import decisive, flawed
from mockserver.auth.gssapi import Acceptor, GssError
from tests.kerberos.realm import Realm

TOKEN = bytes(range(96, 256)) * 3


def value(attempt: Attempt) -> str:
    ((name, found),) = attempt.headers
    assert name == "Authorization"
    return found


@pytest.mark.parametrize("make", [decisive, flawed])
def test_none_is_the_good_token(make: Any) -> None:
    attempts = list(make(TOKEN))
    assert len({value(each) for each in attempts}) == len({each.flaw for each in attempts}) == len(attempts)
    assert base64.b64encode(TOKEN).decode() not in " ".join(map(value, attempts))


def test_what_is_decisive_is_among_all() -> None:
    assert set(decisive(TOKEN)) < set(flawed(TOKEN))


@pytest.mark.parametrize("mechanism", [SPNEGO, KRB5], ids=["spnego", "krb5"])
def test_no_service_takes_one(in_realm: Realm, mechanism: bytes) -> None:
    service = Acceptor("airflow@localhost", str(in_realm.keytab))
    token = Context("airflow@localhost", mechanism=mechanism).token
    for attempt in flawed(token):
        scheme, _, text = value(attempt).partition(" ")
        if scheme == "Negotiate" and text != "!!!":
            with pytest.raises(GssError):
                service.accept(base64.b64decode(text))
    assert service.accept(token).principal == "admin@CONFORMANCE.TEST"
