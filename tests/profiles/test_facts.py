from __future__ import annotations

from typing import Any

import pytest

from profiles import load
from specs import requirements
from specs.versions import Version

B = "airflow.api.auth.backend"
FAB = "airflow.providers.fab.auth_manager.api.auth.backend"
WITHOUT_CORS = [f"api.access_control_allow_{what}=null" for what in ("headers", "methods", "origins")]


def test_facts_of_airflow_2_in_full() -> None:
    assert load("airflow-2-basic", ["api.maximum_page_limit=7"]).facts() == {
        "airflow": Version(2, 11),
        "platform": "airflow",
        "api": "stable-v1",
        "experimental": False,
        "auth": "backends",
        "backends": frozenset({"basic", "session"}),
        "session": True,
        "basic": True,
        "kerberos": False,
        "allow_all": False,
        "deny_all": False,
        "password": False,
        "composer_auth": False,
        "custom": False,
        "custom_module": None,
        "backends_set": True,
        "several": True,
        "chain": False,
        "challenges": False,
        "kerberos_last": False,
        "public_role": "Public",
        "public_grants": False,
        "web_login": True,
        "admits": True,
        "expose_config": False,
        "test_connection": False,
        "registration_role": None,
        "all_addresses": True,
        "cors": True,
        "cors_headers": True,
        "cors_methods": True,
        "cors_origins": True,
        "cors_origins_blank": True,
        "page_limit": 7,
        "page_limit_set": True,
        "capabilities": frozenset({"writes", "roles", "fixture-dags"}),
    }


def options(*names: str) -> list[str]:
    return [f"api.{name}" for name in names]


@pytest.mark.parametrize(
    ("name", "overrides", "some"),
    [
        ("airflow-2-session", [], {"backends_set": False, "chain": False, "session": True, "web_login": True}),
        ("airflow-2-chain", [], {"chain": True, "public_role": None, "expose_config": True}),
        ("airflow-2-open", [], {"allow_all": True, "session": False, "web_login": True, "admits": True}),
        ("airflow-2-deny-all", [], {"deny_all": False, "session": True, "backends_set": True}),
        ("airflow-2-custom", [], {"custom": True, "session": True, "custom_module": "conformance_backend"}),
        ("airflow-2.2-basic", [], {"basic": True, "session": False, "web_login": False, "several": False}),
        ("airflow-2-session", ["airflow=2.2"], {"deny_all": True, "admits": False, "web_login": False}),
        ("airflow-2.2-basic", options(f"auth_backend={B}.default"), {"web_login": True, "admits": True}),
        ("airflow-2.2-basic", options(f"auth_backend={B}.kerberos_auth"), {"kerberos": True, "kerberos_last": True}),
        ("airflow-2-kerberos", [], {"kerberos": True, "chain": False, "kerberos_last": False}),
        ("airflow-2-basic", ["webserver_config.AUTH_ROLE_PUBLIC=Viewer"], {"public_grants": True}),
        ("airflow-2-basic", ["webserver_config.AUTH_ROLE_PUBLIC=Viewer", "airflow=2.6"], {"public_grants": False}),
        ("airflow-2-open", ["webserver_config.AUTH_ROLE_PUBLIC=Viewer", "airflow=2.6"], {"public_grants": True}),
        ("airflow-2-open", ["webserver_config.AUTH_ROLE_PUBLIC=Public"], {"public_grants": False}),
        ("airflow-2-basic", ["webserver.expose_config=non-sensitive-only"], {"expose_config": True}),
        ("airflow-2-basic", ["webserver.expose_config=T"], {"expose_config": True}),
        ("airflow-2-session", WITHOUT_CORS, {"cors": False, "cors_headers": False, "cors_origins_blank": False}),
        ("airflow-2-session", options("access_control_allow_origins=http://a"), {"cors_origins_blank": False}),
        ("airflow-2-session", options("access_control_allow_methods="), {"cors_methods": False, "cors": True}),
    ],
)
def test_facts_that_depend_on_the_profile(name: str, overrides: list[str], some: dict[str, Any]) -> None:
    facts = load(name, overrides).facts()
    assert {key: facts[key] for key in some} == some


EXPERIMENTAL = ["documents=experimental-api", "api.enable_experimental_api=True"]
NOBODY = {"admits": False, "deny_all": True, "challenges": False, "web_login": False}


@pytest.mark.parametrize(
    ("name", "overrides", "some"),
    [
        ("airflow-1.10-open", [], {"allow_all": True, "admits": True, "web_login": False, "page_limit_set": False}),
        ("airflow-1.10-open", [], {"api": "experimental", "experimental": True, "auth": "backends", "cors": False}),
        ("airflow-1.10-open", options("auth_backend=null"), {**NOBODY, "backends_set": False}),
        ("airflow-1.10-open", ["airflow=1.10.10", *options("auth_backend=null")], {"allow_all": True}),
        ("airflow-1.10-deny-all", [], {**NOBODY, "backends_set": True, "several": False}),
        ("airflow-1.10-password", [], {"password": True, "basic": False, "admits": True, "challenges": True}),
        ("airflow-1.10-kerberos", [], {"kerberos": True, "admits": True, "challenges": True, "public_grants": False}),
        ("airflow-2-experimental", [], {"allow_all": True, "admits": True, "experimental": True, "web_login": False}),
        ("airflow-2-experimental", [], {"public_role": "Public", "public_grants": False, "api": "experimental"}),
        ("airflow-2-open", EXPERIMENTAL[1:], {"api": "stable-v1", "experimental": True, "web_login": True}),
        # v1 asks all of them in turn, the experimental API the first
        ("airflow-2-chain", [], {"session": True, "basic": True, "chain": True, "challenges": True}),
        ("airflow-2-chain", EXPERIMENTAL, {"session": True, "basic": False, "chain": False, "challenges": False}),
        ("airflow-2-chain", EXPERIMENTAL, {"backends": frozenset({"session"}), "web_login": True, "admits": True}),
        ("airflow-2-kerberos", [], {"kerberos": True, "session": True, "challenges": False, "web_login": True}),
        ("airflow-2-kerberos", EXPERIMENTAL, {"kerberos": True, "session": False, "challenges": True}),
        ("airflow-2-kerberos", options(f"auth_backends={B}.session,{B}.kerberos_auth"), {"challenges": False}),
        ("airflow-2-custom", EXPERIMENTAL, {"custom_module": "conformance_backend", "web_login": False}),
        ("airflow-2-session", [*EXPERIMENTAL, "airflow=2.2"], NOBODY),
        # any public role opens it to who shows nothing
        ("airflow-2-basic", EXPERIMENTAL, {"public_role": "Public", "public_grants": True}),
        ("airflow-2-basic", [*EXPERIMENTAL, "airflow=2.10"], {"public_role": None, "public_grants": False}),
        (
            "airflow-2-basic",
            [*EXPERIMENTAL, "airflow=2.6", "webserver_config.AUTH_ROLE_PUBLIC=Op"],
            {"public_grants": False},
        ),
        ("airflow-2-session", EXPERIMENTAL, {"public_role": "Public", "public_grants": False}),
        ("airflow-2-kerberos", [*EXPERIMENTAL, "webserver_config=null"], {"public_grants": False}),
        (
            "airflow-2-kerberos",
            [*EXPERIMENTAL, "webserver_config=null", f"api.auth_backends={FAB}.kerberos_auth"],
            {"public_grants": True},
        ),
    ],
)
def test_facts_about_the_experimental_api(name: str, overrides: list[str], some: dict[str, Any]) -> None:
    facts = load(name, overrides).facts()
    assert {key: facts[key] for key in some} == some


def test_every_fact_that_a_requirement_asks_about_is_there() -> None:
    for name in ("airflow-2-chain", "airflow-1.10-open"):
        profile = load(name)
        for document in profile.documents:
            for requirement in requirements.load(document).values():
                assert set(requirement.applies) <= set(profile.facts()), requirement.id
