"""What ``airflow config get-value api auth_backends`` printed on 2.3.4 and 2.11.2, and 2.2.5 did."""

from __future__ import annotations

import pytest

from profiles import chain, load
from specs.versions import Version

B = "airflow.api.auth.backend"
F = "airflow.providers.fab.auth_manager.api.auth.backend"
SESSION = f"{B}.session"


@pytest.mark.parametrize("version", ["2.3", "2.11"])
@pytest.mark.parametrize(
    ("option", "printed"),
    [
        ("", SESSION),
        ("auth_backends=", SESSION),
        (f"auth_backends={B}.basic_auth", f"{B}.basic_auth,{SESSION}"),
        (f"auth_backends={B}.deny_all", SESSION),
        (f"auth_backends={B}.deny_all,{B}.basic_auth", f"{B}.deny_all,{B}.basic_auth,{SESSION}"),
        (f"auth_backends={B}.default", f"{B}.default"),
        (f"auth_backends={B}.default,{B}.basic_auth", f"{B}.default,{B}.basic_auth,{SESSION}"),
        (f"auth_backends={B}.basic_auth, {SESSION}", f"{B}.basic_auth,{SESSION}"),
        ("auth_backends=own.module", f"own.module,{SESSION}"),
        (f"auth_backend={B}.deny_all", SESSION),
        (f"auth_backend={B}.default", f"{B}.default"),
        (f"auth_backend={B}.basic_auth,{SESSION}", f"{B}.basic_auth,{SESSION}"),
        ("auth_backend=", SESSION),
    ],
)
def test_backends_in_effect_from_2_3_on(version: str, option: str, printed: str) -> None:
    overrides = [f"api.{option}"] if option else []
    profile = load("airflow-2-session", [f"airflow={version}", *overrides])
    assert ",".join(profile.backends) == printed
    assert profile.facts()["backends_set"] is (option.partition("=")[2] != "" or option.endswith("="))


def test_the_session_under_its_new_path_is_a_session_too_and_the_old_one_is_appended() -> None:
    profile = load("airflow-2-session", [f"api.auth_backends={F}.session"])
    assert profile.backends == (f"{F}.session", SESSION)
    assert profile.backend_kinds == ("session", "session")


@pytest.mark.parametrize(
    ("option", "backends", "kinds"),
    [
        (None, (f"{B}.deny_all",), ("deny_all",)),
        (f"{B}.basic_auth", (f"{B}.basic_auth",), ("basic",)),
        (f"{B}.kerberos_auth", (f"{B}.kerberos_auth",), ("kerberos",)),
        (f"{B}.default", (f"{B}.default",), ("allow_all",)),
        ("own.module", ("own.module",), ("custom",)),
    ],
)
def test_the_backend_in_effect_before_2_3(
    option: str | None, backends: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    overrides = [] if option is None else [f"api.auth_backend={option}"]
    profile = load("airflow-2-session", ["airflow=2.2", *overrides])
    assert (profile.backends, profile.backend_kinds) == (backends, kinds)
    assert profile.facts()["several"] is False


@pytest.mark.parametrize(
    ("airflow", "role"),
    [("2.2", None), ("2.10", None), ("2.11.0", None), ("2.11.1", "Public"), ("2.11.2", "Public"), ("2.11", "Public")],
)
def test_the_public_role_that_is_shipped(airflow: str, role: str | None) -> None:
    assert load("airflow-2-session", [f"airflow={airflow}"]).public_role == role
    assert (
        load("airflow-2-session", [f"airflow={airflow}", "webserver_config.AUTH_ROLE_PUBLIC=null"]).public_role is None
    )
    assert load("airflow-2-session", [f"airflow={airflow}", "webserver_config.AUTH_ROLE_PUBLIC=Op"]).public_role == "Op"


@pytest.mark.parametrize(
    ("version", "kinds", "counts"),  # measured: 2.2.5 and 2.6.3 with default, basic_auth, session; 2.10.5 and 2.11.2
    [
        ("2.2", ("allow_all",), True),
        ("2.2", ("basic",), False),
        ("2.2", ("deny_all",), False),
        ("2.6", ("allow_all",), True),
        ("2.6", ("basic", "session"), False),
        ("2.6", ("session",), False),
        ("2.10", ("session",), True),
        ("2.11", ("basic", "session"), True),
    ],
)
def test_where_a_public_role_grants_something(version: str, kinds: tuple[str, ...], counts: bool) -> None:
    assert chain.public_role_counts(Version.parse(version), kinds) is counts
