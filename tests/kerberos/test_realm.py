from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.kerberos import tools
from tests.kerberos.realm import ELSEWHERE, PEOPLE, REALM, Realm


def klist(realm: Realm, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **realm.environment, "LC_ALL": "C"}
    program = realm.tools.kinit.with_name("klist")
    return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_has_a_ticket(realm: Realm, name: str) -> None:
    assert f"Default principal: {name}@{REALM}" in klist(realm, "-c", realm.caches[name]).stdout
    assert klist(realm, "-s", "-c", realm.caches[name]).returncode == 0


def test_expired_ticket_has_expired(realm: Realm) -> None:
    assert klist(realm, "-s", "-c", realm.caches["expired"]).returncode == 1


def test_keytabs_hold_the_services_of_this_machine(realm: Realm) -> None:
    def held(file: Path) -> set[str]:
        lines = klist(realm, "-k", str(file)).stdout.splitlines()
        return {line.split()[-1].partition("@")[0] for line in lines if "@" in line}

    assert held(realm.keytab) == {f"airflow/{host}" for host in realm.hosts}
    assert held(realm.http_keytab) == {f"HTTP/{host}" for host in realm.hosts}
    assert held(realm.both_keytab) == held(realm.keytab) | held(realm.http_keytab) | {
        f"airflow/{ELSEWHERE}",
        f"HTTP/{ELSEWHERE}",
    }


def test_kdc_ends_with_the_block_also_on_failure(realm: Realm, tmp_path: Path) -> None:
    short = Realm(tmp_path / "realm", realm.tools)
    with pytest.raises(RuntimeError, match="kinit failed"), short:
        short.kinit("nobody", "password", tmp_path / "ccache")
    assert not short.serving


def test_kdc_serves_within_the_block(realm: Realm) -> None:
    assert realm.serving


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "_SYSTEM", ())
    said = tools.find()
    assert isinstance(said, str)
    assert "krb5kdc" in said
    assert "krb5-kdc krb5-admin-server krb5-user" in said
