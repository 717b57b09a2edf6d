from __future__ import annotations

import pytest

from profiles import lookalikes
from specs.versions import Version

B = "airflow.api.auth.backend"
PASSWORD = "airflow.contrib.auth.backends.password_auth"
FAB = "airflow.providers.fab.auth_manager.api.auth.backend"


@pytest.mark.parametrize(
    ("name", "version", "module"),
    [
        # the same name in another package
        ("airflow.contrib.auth.backends.kerberos_auth", "1.10", f"{B}.kerberos_auth"),
        (f"{FAB}.kerberos_auth", "2.6", f"{B}.kerberos_auth"),
        ("deny_all", "2.2", f"{B}.deny_all"),
        # what does the same elsewhere
        (f"{B}.basic_auth", "1.10", PASSWORD),
        ("basic_auth", "1.10", PASSWORD),
        (PASSWORD, "2.11", f"{B}.basic_auth"),
        ("password_auth", "2.11", f"{B}.basic_auth"),
        # spelt nearly so
        ("pasword_auth", "1.10", PASSWORD),
        (f"{B}.basic_auht", "2.11", f"{B}.basic_auth"),
        ("sesion", "2.11", f"{B}.session"),
        # nothing like it
        (f"{B}.session", "2.2", None),
        (f"{B}.session", "1.10", None),
        ("airflow.providers.google.common.auth_backend.google_openid", "1.10", None),
        ("own.gate", "2.11", None),
        ("", "2.11", None),
    ],
)
def test_what_was_probably_meant(name: str, version: str, module: str | None) -> None:
    assert lookalikes.intended(name, Version.parse(version)) == module


def test_advice_names_the_likely_one_or_all_of_the_version() -> None:
    assert lookalikes.advice(f"{B}.basic_auth", Version(1, 10)) == f"did you mean {PASSWORD}?"
    assert lookalikes.advice(f"{B}.session", Version(1, 10)) == (
        f"take one of {B}.kerberos_auth, {B}.default, {B}.deny_all, {PASSWORD}"
    )
