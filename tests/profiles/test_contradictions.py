from __future__ import annotations

import dataclasses

import pytest

from profiles import known, load
from tests.profiles.conftest import Refuse

ALL_ADMINS = "core.simple_auth_manager_all_admins=True"
FAB = "core.auth_manager=airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"


def test_all_admins_has_neither_users_nor_roles(refuse: Refuse) -> None:
    users, roles = refuse("title: x", [ALL_ADMINS])
    instead = "(the built-in profile airflow-3-all-admins has it so)"
    where = "nobody logs in where simple_auth_manager_all_admins is True"
    assert users == f"airflow-3.yaml:18:3: {where}; write users: [] {instead}"
    assert roles.startswith("airflow-3.yaml:22:15: everybody is admin where simple_auth_manager_all_admins is True;")
    assert roles.endswith(f"do not claim roles {instead}")
    assert load("airflow-3-all-admins", ["capabilities=writes"]).all_admins


def test_all_admins_is_of_the_simple_auth_manager(refuse: Refuse) -> None:
    (problem,) = refuse("users: []\ncapabilities: []\n", [FAB, ALL_ADMINS])
    assert problem == "--set 2: the fab auth manager does not read this option; leave one of the two out"


@pytest.mark.parametrize("origins", ["*", "https://a.example, *", " * "])
def test_the_wildcard_origin_stops_airflow_3_3_but_not_earlier_ones(refuse: Refuse, origins: str) -> None:
    override = f"api.access_control_allow_origins={origins}"
    (problem,) = refuse("title: x", [override])
    assert problem == "--set 1: Airflow 3.3 does not start with the origin *; list the origins one by one"
    assert load("airflow-3", [override, "airflow=3.2"]).cors
    assert load("airflow-3", ["api.access_control_allow_origins=https://*.example"]).cors
    assert load("airflow-3", ["api.access_control_allow_methods=*", "api.access_control_allow_headers=*"]).cors


def test_an_option_that_the_version_does_not_have(refuse: Refuse) -> None:
    (problem,) = refuse("airflow: '3.2'\nconfig: {core: {allow_double_dot_in_ids: true}}\n")
    assert problem == (
        "p.yaml:3:42: Airflow 3.2 has no [core] allow_double_dot_in_ids, but 3.3 and later has; "
        "leave it out or take another version"
    )


@pytest.mark.parametrize(
    ("ends", "span"),
    [
        ({"since": "3.4"}, "3.4 and later"),
        ({"until": "2.11"}, "up to 2.11"),
        ({"since": "1.10", "until": "2.11"}, "1.10 to 2.11"),
    ],
)
def test_a_document_of_another_version(
    refuse: Refuse, monkeypatch: pytest.MonkeyPatch, ends: dict[str, str], span: str
) -> None:
    words = dataclasses.replace(known.vocabulary(), documents={"public-api": {"since": "3.0"}, "other": ends})
    monkeypatch.setattr(known, "vocabulary", lambda: words)
    (problem,) = refuse("documents: [public-api, other]\n")
    assert problem == f"airflow-3.yaml:5:10: other is no document of Airflow 3.3, but of {span}"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("config: {core: {auth_managr: x}}\nusers: [{username: a, role: public}]\n", "auth_managr"),
        ("config: {core: {auth_manager: x}}\nusers: [{username: 'a:b', role: public}]\n", "class path"),
        ("config: {core: {simple_auth_manager_all_admins: yes}}\n", "bare word yes"),
        ("airflow: 3.0\nconfig: {api: {access_control_allow_origins: '*'}}\n", "quotes"),
    ],
)
def test_one_mistake_is_told_once(refuse: Refuse, text: str, what: str) -> None:
    (problem,) = refuse(text)
    assert what in problem
