"""The binding that accepts Kerberos tokens, against a real realm; the client is the suite's own binding."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from ctypes import c_void_p
from pathlib import Path
from typing import Any

import pytest

from conformance.auth.gssapi import KRB5, SPNEGO, Context
from mockserver.auth import gssapi
from mockserver.auth.gssapi import Accepted, Acceptor, GssError
from tests.kerberos.ccache import with_clock_ahead
from tests.kerberos.realm import ELSEWHERE, Realm

SERVICE = "airflow@localhost"


@pytest.fixture
def acceptor(in_realm: Realm) -> Iterator[Acceptor]:
    one = Acceptor(SERVICE, str(in_realm.keytab))
    yield one
    one.close()


@pytest.mark.parametrize("mechanism", [SPNEGO, KRB5], ids=["SPNEGO", "Kerberos"])
def test_token_is_accepted_and_the_reply_proves_the_service(
    acceptor: Acceptor, in_realm: Realm, mechanism: bytes
) -> None:
    client = Context(SERVICE, mechanism=mechanism)
    accepted = acceptor.accept(client.token)
    assert accepted.principal == in_realm.principal("admin")
    assert not client.complete
    client.finish(accepted.reply)
    assert client.complete


@pytest.mark.parametrize(("mechanism", "length"), [(SPNEGO, 22), (KRB5, 0)], ids=["SPNEGO", "Kerberos"])
def test_who_does_not_ask_for_proof_gets_none(acceptor: Acceptor, mechanism: bytes, length: int) -> None:
    client = Context(SERVICE, mechanism=mechanism, mutual=False)
    assert len(acceptor.accept(client.token).reply) == length


def test_token_is_good_once(acceptor: Acceptor) -> None:
    token = Context(SERVICE).token
    acceptor.accept(token)
    with pytest.raises(GssError, match="replay"):
        acceptor.accept(token)


def test_replays_are_each_acceptors_own(acceptor: Acceptor, in_realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5RCACHENAME", "none:")  # does not count
    token = Context(SERVICE).token
    acceptor.accept(token)
    with pytest.raises(GssError, match="replay"):
        acceptor.accept(token)
    other = Acceptor(SERVICE, str(in_realm.keytab))
    assert other.accept(token).principal == in_realm.principal("admin")
    other.close()


@pytest.mark.parametrize("service", ["HTTP@localhost", f"airflow@{ELSEWHERE}"])
def test_ticket_for_another_service_is_refused_though_its_key_is_there(in_realm: Realm, service: str) -> None:
    one = Acceptor(SERVICE, str(in_realm.both_keytab))
    with pytest.raises(GssError, match="does not match server principal"):
        one.accept(Context(service).token)
    one.close()


def test_token_of_another_time_is_refused(acceptor: Acceptor, in_realm: Realm, tmp_path: Path) -> None:
    with_clock_ahead(Path(in_realm.caches["admin"].removeprefix("FILE:")), tmp_path / "cache", 3600)
    with pytest.raises(GssError, match="Clock skew"):
        acceptor.accept(Context(SERVICE, cache=f"FILE:{tmp_path / 'cache'}").token)


def changed(token: bytes) -> bytes:
    return token[:-20] + bytes([token[-20] ^ 1]) + token[-19:]


def test_anything_else_is_refused(acceptor: Acceptor) -> None:
    token = Context(SERVICE).token
    ntlm = b"NTLMSSP\0\1\0\0\0\x97\x82\x08\xe2"
    for wrong in (b"", b"abc", b"\0" * 6000, token[:40], token[:-8], token + b"x", changed(token), ntlm):
        with pytest.raises(GssError):
            acceptor.accept(wrong)
    assert acceptor.accept(token).principal


def test_what_is_kept_is_removed(in_realm: Realm) -> None:
    one = Acceptor(SERVICE, str(in_realm.keytab))
    assert one.folder.exists()
    one.close()
    assert not one.folder.exists()
    with pytest.raises(GssError, match="closed"):
        one.accept(b"")
    forgotten = Acceptor(SERVICE, str(in_realm.keytab))
    folder = forgotten.folder
    del forgotten
    gc.collect()
    assert not folder.exists()


def test_end_of_the_program_removes_what_is_kept(in_realm: Realm) -> None:
    code = f"from mockserver.auth.gssapi import *; a = Acceptor({SERVICE!r}, {str(in_realm.keytab)!r}); print(a.folder)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert Path(done.stdout.strip()).name.startswith("replays-")
    assert not Path(done.stdout.strip()).exists()


@pytest.mark.parametrize(
    ("service", "keytab", "said"),
    [
        ("airflow@nowhere.test", "airflow.keytab", "airflow/nowhere.test"),
        (SERVICE, "none.keytab", "not found"),
        (SERVICE, "krb5.conf", "Unsupported key table format"),
    ],
)
def test_no_key_is_said_and_leaves_nothing_behind(
    in_realm: Realm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str, keytab: str, said: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(GssError, match=said):
        Acceptor(service, str(in_realm.folder / keytab))
    assert not list(tmp_path.iterdir())


def test_several_threads_share_an_acceptor(acceptor: Acceptor, in_realm: Realm) -> None:
    people = ("admin", "op", "user", "viewer") * 25
    tokens = [Context(SERVICE, cache=in_realm.caches[name]).token for name in people]

    def accept(token: bytes) -> Accepted | GssError:
        try:
            return acceptor.accept(token)
        except GssError as error:
            return error

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(accept, [*tokens, *tokens]))
    who = [one.principal for one in found if isinstance(one, Accepted)]
    assert sorted(who) == sorted(in_realm.principal(name) for name in people)  # each once, whichever came first


class Spy:
    """Stands between the binding and the library, and knows what was taken and not given back."""

    def __init__(self, function: Callable[[str], Any]) -> None:
        self.function = function
        self.held: set[tuple[type, int]] = set()
        self.taken = 0

    def __call__(self, name: str) -> Callable[..., int]:
        function = self.function(name)

        def call(*arguments: Any) -> int:
            objects = [one._obj for one in arguments if hasattr(one, "_obj")]
            places = [one for one in objects if isinstance(one, c_void_p | gssapi._Buffer)]
            empty = [one for one in places if not one.value]
            before = {(type(one), one.value) for one in places if one.value}
            result: int = function(*arguments)
            found = {(type(one), one.value) for one in empty if one.value}
            self.taken += len(found)
            self.held |= found
            self.held -= before if name.startswith(("release_", "delete_")) else set()
            return result

        return call


def test_all_that_is_taken_is_given_back(in_realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy(gssapi._function)
    monkeypatch.setattr(gssapi, "_function", spy)
    one = Acceptor(SERVICE, str(in_realm.keytab))
    assert spy.held
    token = Context(SERVICE).token
    before = set(spy.held)
    assert one.accept(token).reply
    for wrong in (token, token[:50], changed(token), b"abc", b""):
        with pytest.raises(GssError):
            one.accept(wrong)
    assert spy.held == before
    one.close()
    assert not spy.held
    with pytest.raises(GssError):
        Acceptor("airflow@nowhere.test", str(in_realm.keytab))
    assert not spy.held
    assert spy.taken > 10


def test_no_library_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gc.collect()  # what other tests have left must be given back while there is a library
    monkeypatch.setattr(gssapi, "LIBRARY", "libnone.so")
    gssapi._library.cache_clear()
    gssapi._function.cache_clear()
    try:
        with pytest.raises(GssError, match=r"libnone\.so"):
            Acceptor(SERVICE, str(tmp_path / "any.keytab"))
    finally:
        gssapi._library.cache_clear()
        gssapi._function.cache_clear()
