from __future__ import annotations

from importlib import resources
from typing import Any

import jsonschema_rs
import pytest
import yaml

import profiles
from profiles import schema
from tests.profiles.conftest import Refuse

VALIDATOR = jsonschema_rs.validator_for(schema.schema())


def test_the_packaged_file_is_current() -> None:
    packaged = resources.files("profiles").joinpath("profile.schema.json").read_text(encoding="utf-8")
    assert packaged == schema.rendered(), "run python -m profiles.schema"


@pytest.mark.parametrize("name", profiles.names())
def test_every_built_in_profile_fits(name: str) -> None:
    VALIDATOR.validate(yaml.safe_load(resources.files("profiles").joinpath(f"{name}.yaml").read_text()))


GOOD: list[dict[str, Any]] = [
    {"extends": "airflow-3"},
    {"airflow": "3.0", "documents": ["public-api"]},
    {"extends": "x", "config": {"api": {"maximum_page_limit": 5, "expose_config": "non-sensitive-only"}}},
    {"extends": "x", "config": {"api": {"maximum_page_limit": "5", "expose_config": True, "base_url": None}}},
    {"extends": "x", "config": {"core": {"test_connection": "enabled", "simple_auth_manager_all_admins": "T"}}},
    {"extends": "x", "users": [{"username": "a", "role": "public"}], "capabilities": []},
    {"airflow": "2.11.0", "documents": ["api-authentication"], "webserver_config": {"AUTH_ROLE_PUBLIC": None}},
    {"extends": "x", "webserver_config": None, "pythonpath": ["own"], "config": {"api": {"auth_backends": "a, b"}}},
    {"extends": "x", "webserver_config": {"AUTH_ROLE_PUBLIC": "Viewer"}},
    {"airflow": "1.10", "documents": ["experimental-api"], "config": {"kerberos": {"keytab": "/a"}}},
    {"airflow": "1.10.15", "documents": ["experimental-api"]},
    {"extends": "x", "users": [{"username": "a", "role": "op", "active": False, "headers": {"X-Key": "b"}}]},
]


@pytest.mark.parametrize("data", GOOD)
def test_what_the_loader_takes_fits(data: dict[str, Any]) -> None:
    VALIDATOR.validate(data)


@pytest.mark.parametrize(
    "text",
    [
        "titel: x",
        "airflow: 3.0",
        "airflow: '4.0'",
        "airflow: '2.110'",
        "airflow: '1.1'",
        "airflow: 1.10",
        "documents: [experimental]",
        "airflow: '4.0.1'",
        "webserver_config: {AUTH_ROLE: Op}",
        "webserver_config: {AUTH_ROLE_PUBLIC: ''}",
        "webserver_config: {AUTH_ROLE_PUBLIC: 5}",
        "webserver_config: [a]",
        "pythonpath: own",
        "pythonpath: [5]",
        "users: [{username: a, role: op, active: 'no'}]",
        "users: [{username: a, role: op, headers: [a]}]",
        "users: [{username: a, role: op, headers: {X-Key: 5}}]",
        "documents: []",
        "documents: [x]",
        "config: {apis: {}}",
        "config: {api: {maximum_page_limt: 5}}",
        "config: {api: {maximum_page_limit: many}}",
        "config: {api: {maximum_page_limit: true}}",
        "config: {api: {expose_stacktrace: 'yes'}}",
        "config: {api: {base_url: 5}}",
        "config: {core: {auth_manager: fab}}",
        "config: {core: {test_connection: enable}}",
        "config: {core: {simple_auth_manager_users: 'a:op'}}",
        "users: [{username: a}]",
        "users: [{username: a, role: boss}]",
        "users: [{username: a, role: op, password: ''}]",
        "capabilities: [writes, writes]",
        "capabilities: [write]",
    ],
)
def test_what_the_schema_refuses_the_loader_refuses(refuse: Refuse, text: str) -> None:
    assert not VALIDATOR.is_valid({"extends": "airflow-3", **yaml.safe_load(text)})
    assert refuse(text)
