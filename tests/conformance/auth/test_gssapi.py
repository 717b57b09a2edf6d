from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conformance.auth import gssapi
from conformance.auth.gssapi import KRB5, SPNEGO, Context, ExpiredTicket, GssError, NoLibrary, NoTicket, UnknownService
from mockserver.auth.gssapi import Acceptor
from tests.kerberos.realm import ELSEWHERE, Realm

SERVICE = "airflow@localhost"


@pytest.fixture
def service(in_realm: Realm) -> Iterator[Acceptor]:
    acceptor = Acceptor(SERVICE, str(in_realm.keytab))
    yield acceptor
    acceptor.close()


@pytest.mark.parametrize("mechanism", [SPNEGO, KRB5], ids=["spnego", "krb5"])
def test_context_is_complete_once_the_service_has_proved_itself(service: Acceptor, mechanism: bytes) -> None:
    context = Context(SERVICE, mechanism=mechanism)
    assert not context.complete
    principal, reply = service.accept(context.token)
    assert principal == "admin@CONFORMANCE.TEST"
    context.finish(reply)
    assert context.complete


def test_plain_token_that_asks_for_no_proof_needs_none(service: Acceptor) -> None:
    context = Context(SERVICE, mechanism=KRB5, mutual=False)
    assert context.complete
    assert service.accept(context.token).reply == b""
    assert context.peer == "airflow/localhost@CONFORMANCE.TEST"


def test_negotiation_that_asks_for_no_proof_ends_with_the_answer(service: Acceptor) -> None:
    context = Context(SERVICE, mutual=False)
    context.finish(service.accept(context.token).reply)
    assert context.complete


def test_reply_to_another_request_proves_nothing(service: Acceptor) -> None:
    one, other = Context(SERVICE), Context(SERVICE)
    reply = service.accept(one.token).reply
    with pytest.raises(GssError, match="Mutual authentication failed"):
        other.finish(reply)
    assert not other.complete


@pytest.mark.parametrize("reply", [b"", b"x", b"\x60\x00", b"junk" * 50])
def test_junk_for_a_reply(service: Acceptor, reply: bytes) -> None:
    context = Context(SERVICE)
    service.accept(context.token)
    with pytest.raises(GssError):
        context.finish(reply)
    assert not context.complete


def test_reply_that_was_changed(service: Acceptor) -> None:
    context = Context(SERVICE)
    reply = bytearray(service.accept(context.token).reply)
    reply[-1] ^= 1
    with pytest.raises(GssError):
        context.finish(bytes(reply))


def test_each_token_is_another(in_realm: Realm) -> None:
    assert len({Context(SERVICE).token for _ in range(5)}) == 5


def test_tickets_of_a_cache_and_of_the_caller(in_realm: Realm, service: Acceptor) -> None:
    assert gssapi.principal() == "admin@CONFORMANCE.TEST"
    assert gssapi.principal(in_realm.caches["op"]) == "op@CONFORMANCE.TEST"
    token = Context(SERVICE, cache=in_realm.caches["viewer"]).token
    assert service.accept(token).principal == "viewer@CONFORMANCE.TEST"


def test_no_such_cache(in_realm: Realm, tmp_path: Path) -> None:
    with pytest.raises(NoTicket, match="No credentials cache"):
        Context(SERVICE, cache=f"FILE:{tmp_path}/none")


def test_caller_without_a_ticket(in_realm: Realm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path}/none")
    with pytest.raises(NoTicket, match=f"{tmp_path}/none"):
        gssapi.principal()


def test_expired_ticket(in_realm: Realm) -> None:
    with pytest.raises(ExpiredTicket):
        Context(SERVICE, cache=in_realm.caches["expired"])
    with pytest.raises(ExpiredTicket):
        gssapi.principal(in_realm.caches["expired"])


@pytest.mark.parametrize("name", ["airflow@nowhere", "airflow@nowhere.example.org", f"ldap@{ELSEWHERE}"])
def test_unknown_service(in_realm: Realm, name: str) -> None:
    with pytest.raises(UnknownService, match="not found in Kerberos database"):
        Context(name)


def test_peer_of_a_context_that_is_not_complete(in_realm: Realm) -> None:
    with pytest.raises(GssError):
        Context(SERVICE).peer  # noqa: B018


def test_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gssapi, "LIBRARY", "libgssapi_not_there.so.2")
    gssapi.library.cache_clear()
    try:
        with pytest.raises(NoLibrary, match="libgssapi_not_there"):
            gssapi.principal()
    finally:
        gssapi.library.cache_clear()


def test_many_threads(in_realm: Realm, service: Acceptor) -> None:
    lock = threading.Lock()

    def once(number: int) -> str:
        name = ("admin", "op", "user", "viewer")[number % 4]
        context = Context(SERVICE, cache=in_realm.caches[name])
        with lock:
            accepted = service.accept(context.token)
        context.finish(accepted.reply)
        assert context.complete
        return f"{name}@CONFORMANCE.TEST" if accepted.principal.startswith(f"{name}@") else accepted.principal

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(once, range(40)))
    assert sorted(set(found)) == sorted(f"{name}@CONFORMANCE.TEST" for name in ("admin", "op", "user", "viewer"))


def test_handles_are_released(in_realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    library = gssapi.library()
    released: list[str] = []

    def counted(name: str) -> None:
        real = getattr(library, name)

        def call(*arguments: object) -> object:
            released.append(name)
            return real(*arguments)

        monkeypatch.setattr(library, name, call)

    for name in ("delete_sec_context", "release_name", "release_cred", "release_buffer"):
        counted(name)
    context = Context(SERVICE)
    released.clear()
    del context
    gc.collect()
    assert sorted(released) == ["delete_sec_context", "release_cred", "release_name"]
