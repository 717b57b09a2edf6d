from __future__ import annotations

import base64
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.auth import gssapi
from conformance.auth.base import LoginError, NoCredential
from conformance.auth.kerberos import Kerberos, challenged, reply, service_host
from conformance.base_url import BaseUrl
from conformance.credentials import Credential, Credentials
from conformance.exchange import TICKET, Exchange, Request, Response
from profiles import hosts
from specs.versions import Version
from tests.kerberos.realm import Realm


def driver(realm: Realm, host: str = "localhost", **caches: str) -> Kerberos:
    by_role = {role: Credential(role, "here", ccache=cache) for role, cache in caches.items()}
    stranger = by_role.pop("stranger", None)
    return Kerberos(Credentials(by_role, stranger=stranger), host)


def answer(*headers: str) -> Exchange:
    sent = tuple(("WWW-Authenticate", value) for value in headers)
    return Exchange(Request("GET", "/"), Response(200, "OK", sent, b"", 0.1))


def test_each_request_has_a_token_of_its_own(in_realm: Realm) -> None:
    ours = driver(in_realm)
    headers = [ours.headers("admin"), ours.headers("admin"), ours.fresh("admin")]
    assert len(set(headers)) == 3
    for ((name, value),) in headers:
        assert name == "Authorization"
        scheme, _, token = value.partition(" ")
        assert scheme == "Negotiate"
        assert base64.b64decode(token, validate=True)[:1] == b"\x60"
        assert TICKET.fullmatch(token)


def test_token_that_was_sent_is_not_sent_again(in_realm: Realm) -> None:
    ours = driver(in_realm)
    request = Request("GET", "/", (("X", "1"), *ours.headers("admin")), role="admin")
    sent = [ours.unspent(request) for _ in range(3)]
    assert sent[0] is request
    assert len({each.headers[1] for each in sent}) == 3
    assert {each.headers[0] for each in sent} == {("X", "1")}
    made_up = replace(request, role=None)
    assert [ours.unspent(made_up) for _ in range(2)] == [made_up, made_up]


def test_admin_has_the_callers_ticket(in_realm: Realm) -> None:
    assert driver(in_realm).principal("admin") == "admin@CONFORMANCE.TEST"
    assert driver(in_realm, admin=in_realm.caches["op"]).principal("admin") == "op@CONFORMANCE.TEST"


def test_other_roles_have_caches_of_their_own(in_realm: Realm) -> None:
    ours = driver(in_realm, viewer=in_realm.caches["viewer"], stranger=in_realm.caches["stranger"])
    assert ours.principal("viewer") == "viewer@CONFORMANCE.TEST"
    assert ours.principal("stranger") == "stranger@CONFORMANCE.TEST"
    assert (ours.has("viewer"), ours.has("op")) == (True, False)
    with pytest.raises(NoCredential, match=r"no Kerberos ticket for the role op; .*kinit.*--credentials FILE"):
        ours.headers("op")


def test_service_of_another_name(in_realm: Realm) -> None:
    assert driver(in_realm).service("admin") == "airflow/localhost@CONFORMANCE.TEST"
    assert driver(in_realm).service("admin", "HTTP@localhost") == "HTTP/localhost@CONFORMANCE.TEST"


def test_realm_without_the_service(in_realm: Realm) -> None:
    with pytest.raises(LoginError, match=r"no service airflow@nowhere \(.*\); .*--kerberos-hostname") as found:
        driver(in_realm, "nowhere").headers("admin")
    assert not isinstance(found.value, NoCredential)


def test_no_ticket(in_realm: Realm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path}/none")
    with pytest.raises(NoCredential, match=r"for the role admin in the caller's credential cache \(.*none\).*kinit"):
        driver(in_realm).headers("admin")
    with pytest.raises(NoCredential, match=f"in FILE:{tmp_path}/other"):
        driver(in_realm, admin=f"FILE:{tmp_path}/other").principal("admin")


def test_expired_ticket(in_realm: Realm) -> None:
    ours = driver(in_realm, admin=in_realm.caches["expired"])
    with pytest.raises(NoCredential, match=r"no longer good \(.*expired.*\); renew it with kinit"):
        ours.headers("admin")
    assert not ours.has("admin")


def test_no_kdc(in_realm: Realm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (in_realm.folder / "krb5.conf").read_text()
    dead = tmp_path / "krb5.conf"
    dead.write_text(
        "".join("  kdc = 127.0.0.1:1\n" if "kdc = 127" in line else f"{line}\n" for line in text.split("\n"))
    )
    monkeypatch.setenv("KRB5_CONFIG", str(dead))
    with pytest.raises(LoginError, match="Cannot contact any KDC"):
        driver(in_realm).context("admin", "HTTP@other.conformance.test")


def test_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gssapi, "LIBRARY", "libgssapi_not_there.so.2")
    gssapi.library.cache_clear()
    try:
        with pytest.raises(NoCredential, match=r"no GSSAPI library for Kerberos .*install MIT Kerberos"):
            Kerberos(Credentials({}), "localhost").headers("admin")
    finally:
        gssapi.library.cache_clear()


@pytest.mark.parametrize(
    ("offered", "challenge", "token"),
    [
        ((), False, b""),
        (("Negotiate",), True, b""),
        (("negotiate ",), True, b""),
        (("Basic", "NEGOTIATE"), True, b""),
        (("Negotiate YWJj",), False, b"abc"),
        (("negotiate YWJj",), False, b"abc"),
        (("Basic realm=x", "Negotiate YWJj"), False, b"abc"),
        (("Negotiate !!!",), False, b""),
        (("Negotiation YWJj",), False, b""),
        (("Basic",), False, b""),
    ],
)
def test_what_an_answer_offers(offered: tuple[str, ...], challenge: bool, token: bytes) -> None:
    assert (challenged(answer(*offered)), reply(answer(*offered))) == (challenge, token)


def test_nothing_comes_of_no_answer() -> None:
    lost = Exchange(Request("GET", "/"), error="lost")
    assert (challenged(lost), reply(lost)) == (False, b"")


@pytest.mark.parametrize(
    ("url", "version", "host"),
    [
        ("https://af.example.org:8443/base", (1, 10), "af.example.org"),
        ("https://af.example.org", (2, 11), "af.example.org"),
        ("http://127.0.0.1:8080", (1, 10), "by-getfqdn"),
        ("http://localhost:8080", (2, 3), "by-getfqdn"),
        ("http://localhost:8080", (2, 4), "by-the-resolver"),
        ("http://[::1]:8080", (2, 11), "by-the-resolver"),
    ],
)
def test_host_of_the_service(url: str, version: tuple[int, int], host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda: "by-getfqdn")
    monkeypatch.setattr(hosts, "canonical", lambda _name: "by-the-resolver")
    assert service_host(BaseUrl.parse(url), Version(*version)) == host
