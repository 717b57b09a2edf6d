"""Profiles of Airflow 1.10 as a whole; what they derive is in test_facts.py, rules are in test_backend_rules.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from profiles import User, known, load
from specs.versions import Version

B = "airflow.api.auth.backend"
KINDS = {"open": "allow_all", "deny-all": "deny_all", "password": "password", "kerberos": "kerberos"}
USERS = {
    "open": (),
    "deny-all": (),
    "password": (User("admin", "admin", "admin"), User("op", "op", "op")),
    "kerberos": (User("admin@CONFORMANCE.TEST", None, "admin"), User("op@CONFORMANCE.TEST", None, "op")),
}


@pytest.mark.parametrize("name", KINDS)
def test_built_in_profiles(name: str) -> None:
    profile = load(f"airflow-1.10-{name}")
    assert (profile.documents, profile.api) == (("experimental-api",), "experimental")
    assert (profile.airflow, profile.release, profile.patch) == (Version(1, 10), "1.10", None)
    assert (profile.auth, profile.auth_manager, profile.backends_option) == ("backends", "fab", "auth_backend")
    assert profile.backend_kinds == profile.asked_kinds == (KINDS[name],)
    assert profile.users == USERS[name]
    assert profile.capabilities == {"writes", "fixture-dags"}
    assert (profile.cors, profile.public_role, profile.experimental) == (None, None, True)
    assert not profile.web_login
    assert not profile.all_admins
    assert not profile.exposes_config


@pytest.mark.parametrize(
    ("airflow", "backend"),
    [
        ("1.10.0", "default"),
        ("1.10.10", "default"),
        ("1.10.11", "deny_all"),
        ("1.10.15", "deny_all"),
        ("1.10", "deny_all"),
    ],
)
def test_the_backend_where_none_is_set(airflow: str, backend: str) -> None:
    profile = load("airflow-1.10-open", [f"airflow={airflow}", "api.auth_backend=null"])
    assert (profile.backends, profile.configured_backends) == ((f"{B}.{backend}",), ())
    assert profile.where("api.auth_backend") == f"default of Airflow {airflow}"


def test_the_interface_is_that_of_the_version() -> None:
    old, new = load("airflow-1.10-open").interface, load("airflow-2-experimental").interface
    assert (old.version, new.version) == (Version(1, 10), Version(2, 11))
    assert set(new.operations) - set(old.operations) == {"info", "get_lineage"}
    assert {name for name, operation in old.operations.items() if not operation.documented} == {
        *("dag_is_paused", "get_dag_code", "delete_dag")
    }


def test_options_that_it_does_not_have_have_no_value() -> None:
    profile = load("airflow-1.10-open")
    for option in ("maximum_page_limit", "access_control_allow_origins", "enable_experimental_api"):
        assert profile.option("api", option) is None
    assert profile.option("kerberos", "keytab") == "airflow.keytab"


def test_each_backend_that_it_has() -> None:
    assert {backend.kind for backend in known.vocabulary().backends_of(Version(1, 10))} == set(KINDS.values())


def test_an_own_backend_and_its_users(tmp_path: Path) -> None:
    (tmp_path / "gate.py").touch()
    path = tmp_path / "p.yaml"
    path.write_text(
        "extends: airflow-1.10-open\nconfig: {api: {auth_backend: gate}}\npythonpath: ['.']\n"
        "users: [{username: a, role: op, headers: {X-Key: b}}]\n"
    )
    profile = load(path)
    assert (profile.asked_kinds, profile.pythonpath) == (("custom",), (tmp_path,))
    assert profile.users[0].headers == {"X-Key": "b"}


def test_a_report_of_it_shows_no_password() -> None:
    report = load("airflow-1.10-password").redacted()
    assert (report["airflow"], report["documents"]) == ("1.10", ["experimental-api"])
    assert [user["password"] for user in report["users"]] == ["***", "***"]
