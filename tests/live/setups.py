"""Which profiles a real Airflow of each version is booted from, and with which overrides."""

from __future__ import annotations

from specs.versions import Version

AIRFLOW_1 = ("airflow-1.10-open", "airflow-1.10-deny-all", "airflow-1.10-password", "airflow-1.10-kerberos")
AIRFLOW_3 = ("airflow-3", "airflow-3-cors-example", "airflow-3-all-admins", "airflow-3-fab")
AIRFLOW_2 = (
    "airflow-2-session",
    "airflow-2-basic",
    "airflow-2-chain",
    "airflow-2-open",
    "airflow-2-deny-all",
    "airflow-2-custom",
)
PROFILES = {
    "3.3": AIRFLOW_3,
    "3.0": AIRFLOW_3,
    "2.11": (*AIRFLOW_2, "airflow-2-experimental", "airflow-2-kerberos"),
    "2.10": ("airflow-2-session", "airflow-2-basic"),
    "2.6": ("airflow-2-session", "airflow-2-basic"),
    # 2.2 has neither a session backend nor more than one backend at a time; with Kerberos its stable API breaks down.
    "2.2": ("airflow-2.2-basic", "airflow-2-open", "airflow-2-deny-all", "airflow-2-custom", "airflow-2-experimental"),
    "1.10": AIRFLOW_1,
}
ONE_BACKEND = {
    "airflow-2-open": "airflow.api.auth.backend.default",
    "airflow-2-experimental": "airflow.api.auth.backend.default",
    "airflow-2-deny-all": "airflow.api.auth.backend.deny_all",
    "airflow-2-custom": "conformance_backend",
}


def setups(version: Version) -> dict[str, list[str]]:
    """The overrides of each profile by its name; KeyError for a version that is not booted."""
    return {name: [f"airflow={version}", *_backend(name, version)] for name in PROFILES[str(version)]}


def _backend(name: str, version: Version) -> list[str]:
    """Before 2.3 the option had another name, and one value."""
    if name not in ONE_BACKEND or version >= Version(2, 3):
        return []
    return ["api.auth_backends=null", f"api.auth_backend={ONE_BACKEND[name]}"]
