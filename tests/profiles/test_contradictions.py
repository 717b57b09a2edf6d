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
        ({"since": "1.10", "until": "1.10"}, "1.10"),
    ],
)
def test_a_document_of_another_version(
    refuse: Refuse, monkeypatch: pytest.MonkeyPatch, ends: dict[str, str], span: str
) -> None:
    words = dataclasses.replace(known.vocabulary(), documents={"public-api": {"since": "3.0"}, "other": ends})
    monkeypatch.setattr(known, "vocabulary", lambda: words)
    (problem,) = refuse("documents: [public-api, other]\n")
    assert problem == f"airflow-3.yaml:5:10: other is no document of Airflow 3.3, but of {span}"


EXPERIMENTAL = "Airflow 2.11 has the experimental API only where [api] enable_experimental_api is True"


def test_the_experimental_api_must_be_switched_on(refuse: Refuse) -> None:
    head = "extends: airflow-2-basic\n"
    (problem,) = refuse("documents: [experimental-api]\n", head=head)
    assert problem == f"p.yaml:2:12: {EXPERIMENTAL}; set it, or take another document"
    off = "api.enable_experimental_api=False"
    (problem,) = refuse("title: x", [off], head="extends: airflow-2-experimental\n")
    assert problem == f"--set 1: {EXPERIMENTAL}; set it, or take another document"
    assert load("airflow-2-basic", [off]).experimental is False
    for text in ("True", "1", "t"):
        overrides = ["documents=experimental-api", f"api.enable_experimental_api={text}"]
        assert load("airflow-2-basic", overrides).api == "experimental"


def test_one_profile_is_about_one_api(refuse: Refuse) -> None:
    text = "documents: [api-authentication, experimental-api]\nconfig: {api: {enable_experimental_api: true}}\n"
    (problem,) = refuse(text, head="extends: airflow-2-basic\n")
    assert problem == (
        "p.yaml:2:12: api-authentication, experimental-api are about different APIs, and a run checks one; "
        "keep one here, and write a profile that extends this one for the other"
    )


@pytest.mark.parametrize(
    ("name", "airflow", "message"),
    [
        ("airflow-1.10-open", "3.3", "experimental-api is no document of Airflow 3.3, but of 1.10 to 2.11"),
        ("airflow-2-basic", "1.10", "api-authentication is no document of Airflow 1.10, but of 2.0 to 2.11"),
        ("airflow-3", "1.10.15", "public-api is no document of Airflow 1.10, but of 3.0 and later"),
        ("airflow-2-basic", "1.9", "Airflow 1.9 is not known; take 1.10 or 2.0 to 2.11 or 3.0 to 3.3"),
    ],
)
def test_a_version_that_is_another_one(refuse: Refuse, name: str, airflow: str, message: str) -> None:
    assert refuse("title: x", [f"airflow={airflow}"], head=f"extends: {name}\n") == [f"--set 1: {message}"]


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
