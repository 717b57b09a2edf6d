from __future__ import annotations

import pytest

from conformance.auth.base import NoCredential
from conformance.auth.own_headers import OwnHeaders
from conformance.credentials import Credential


def test_the_headers_of_a_role_go_along_as_they_stand() -> None:
    headers = {"X-User": "ann", "X-Key": "a b: c"}
    driver = OwnHeaders({"admin": Credential("admin", "here", headers=headers)})
    assert driver.headers("admin") == driver.fresh("admin") == (("X-User", "ann"), ("X-Key", "a b: c"))


@pytest.mark.parametrize("role", ["op", "viewer"])
def test_a_role_without_headers(role: str) -> None:
    driver = OwnHeaders({"op": Credential("op", "here", "ann", "pw")})
    with pytest.raises(NoCredential, match=f"there are no headers for the role {role}"):
        driver.headers(role)
