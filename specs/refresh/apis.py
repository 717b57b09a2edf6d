"""The APIs that have a contract: which published packages speak for each minor version, and where in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_AIRFLOW, _CORE, _FAB = "apache-airflow", "apache-airflow-core", "apache-airflow-providers-fab"


@dataclass(frozen=True)
class Member:
    """A file inside a package."""

    package: str
    file: str


@dataclass(frozen=True)
class Api:
    """One API.

    `packages` has Airflow's minor version -> package -> release, oldest first. `document` is the API's OpenAPI
    document. `auth_managers` names the document with the token routes of each; None where there are no such routes.
    """

    packages: Mapping[str, Mapping[str, str]]
    document: Member
    auth_managers: Mapping[str, Member | None] = field(default_factory=dict)


# The FAB provider has releases of its own: each is one that was current when that Airflow came out.
PUBLIC_V2 = Api(
    packages={
        "3.0": {_CORE: "3.0.6", _FAB: "2.4.1"},
        "3.1": {_CORE: "3.1.8", _FAB: "3.4.0"},
        "3.2": {_CORE: "3.2.2", _FAB: "3.6.4"},
        "3.3": {_CORE: "3.3.2", _FAB: "3.10.2"},
    },
    document=Member(_CORE, "airflow/api_fastapi/core_api/openapi/v2-rest-api-generated.yaml"),
    auth_managers={
        "simple": Member(
            _CORE, "airflow/api_fastapi/auth/managers/simple/openapi/v2-simple-auth-manager-generated.yaml"
        ),
        "fab": Member(
            _FAB, "airflow/providers/fab/auth_manager/api_fastapi/openapi/v2-fab-auth-manager-generated.yaml"
        ),
    },
)

STABLE_V1 = Api(
    packages={
        minor: {_AIRFLOW: f"{minor}.{patch}"}
        for minor, patch in {
            "2.0": 2,
            "2.1": 4,
            "2.2": 5,
            "2.3": 4,
            "2.4": 3,
            "2.5": 3,
            "2.6": 3,
            "2.7": 3,
            "2.8": 4,
            "2.9": 3,
            "2.10": 5,
            "2.11": 2,
        }.items()
    },
    document=Member(_AIRFLOW, "airflow/api_connexion/openapi/v1.yaml"),
    auth_managers={"fab": None},
)

APIS = {"public-v2": PUBLIC_V2, "stable-v1": STABLE_V1}
