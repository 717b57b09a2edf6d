from __future__ import annotations

import base64

import pytest

from conformance.auth.base import NoCredential, NoWay
from conformance.auth.basic import Basic, encoded
from conformance.credentials import Credential


def driver(username: str | None, password: str | None, told: list[str]) -> Basic:
    return Basic({"admin": Credential("admin", "here", username, password)}, told.append)


@pytest.mark.parametrize(("username", "password"), [("ann", "pw"), ("é", "ü:ö:"), ("ann", "")])
def test_name_and_password_go_along_with_every_request(username: str, password: str) -> None:
    told: list[str] = []
    basic = driver(username, password, told)
    ((name, value),) = basic.headers("admin")
    scheme, _, credentials = value.partition(" ")
    assert (name, scheme) == ("Authorization", "Basic")
    assert base64.b64decode(credentials, validate=True).decode("utf-8") == f"{username}:{password}"
    assert basic.fresh("admin") == ((name, value),)
    assert told[0] == credentials


def test_what_hides_nothing_is_no_secret() -> None:
    told: list[str] = []
    driver("admin", "admin", told).headers("admin")
    assert told == []


def test_who_has_no_name_and_password() -> None:
    basic = driver(None, None, [])
    for role in ("admin", "viewer"):
        with pytest.raises(NoCredential, match=f"no user name and password for the role {role}"):
            basic.headers(role)


def test_nothing_is_encoded_twice() -> None:
    assert encoded("Aladdin", "open sesame") == "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="  # RFC 7617, 2


def test_where_nobody_can_get_in() -> None:
    for ask in (NoWay().headers, NoWay().fresh):
        with pytest.raises(NoCredential, match="no configured backend lets the role admin in"):
            ask("admin")
