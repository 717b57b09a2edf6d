"""Outcomes of runs against real Airflow: what is kept of each, and that none gets lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.live import runs

RESULT: dict[str, Any] = {
    "profile": {"profile": "airflow-3"},
    "suite_version": "2026.11.0",
    "started": "2026-11-20T23:59:10+00:00",
    "finished": "2026-11-21T00:01:12+00:00",
    "verdict": "nonconforming",
    "counts": {"FAIL": 1, "WARN": 0, "DEPARTS": 1, "PASS": 1},
    "requirements": [
        {"id": "PUB-AUTH-001", "verdict": "PASS"},
        {"id": "PUB-AUTH-002", "verdict": "FAIL"},
        {"id": "PUB-AUTH-003", "verdict": "DEPARTS"},
    ],
    "departures": [{"id": "AF3-COOKIE"}],
    "depth": "standard",
    "checks": [{}, {}, {}],
    "requests": 77,
}


def made(airflow: str, profile: str = "airflow-3", *, scheduler: bool = False, requests: int = 77) -> runs.Run:
    result = RESULT | {"profile": {"profile": profile}, "requests": requests}
    return runs.run(result, airflow, [f"airflow={airflow}"], scheduler=scheduler)


def test_what_is_kept_of_a_run() -> None:
    kept = made("3.3.2")
    assert (kept["airflow"], kept["profile"], kept["overrides"]) == ("3.3.2", "airflow-3", ["airflow=3.3.2"])
    assert kept["counts"] == {"FAIL": 1, "DEPARTS": 1, "PASS": 1}
    assert kept["not_met"] == {"PUB-AUTH-002": "FAIL"}
    assert (kept["departs"], kept["departures"]) == (["PUB-AUTH-003"], ["AF3-COOKIE"])
    assert (kept["date"], kept["seconds"], kept["checks"], kept["requests"]) == ("2026-11-21", 122, 3, 77)


def test_runs_of_several_versions_stand_side_by_side_the_newest_first(tmp_path: Path) -> None:
    file = tmp_path / "runs.yaml"
    for version in ("2.2.5", "3.3.2", "2.11.2"):
        runs.keep(made(version), file)
    runs.keep(made("2.11.2", "airflow-2-basic"), file)
    found = [(each["airflow"], each["profile"]) for each in runs.load(file)]
    assert found == [
        ("3.3.2", "airflow-3"),
        ("2.11.2", "airflow-2-basic"),
        ("2.11.2", "airflow-3"),
        ("2.2.5", "airflow-3"),
    ]


def test_a_new_run_replaces_the_last_one_of_its_kind_only(tmp_path: Path) -> None:
    file = tmp_path / "runs.yaml"
    runs.keep(made("3.3.2", scheduler=True, requests=1), file)
    runs.keep(made("3.3.2", requests=2), file)
    runs.keep(made("3.3.2", requests=3), file)
    assert [(each["scheduler"], each["requests"]) for each in runs.load(file)] == [(False, 3), (True, 1)]


def test_the_version_is_that_of_the_installed_package(tmp_path: Path) -> None:
    packages = tmp_path / "lib" / "python3.7" / "site-packages"
    for name in ("apache_airflow_core-3.3.1", "apache_airflow-1.10.15"):
        (packages / f"{name}.dist-info").mkdir(parents=True)
    assert runs.installed(tmp_path) == "1.10.15"
    with pytest.raises(LookupError, match="no Airflow is installed"):
        runs.installed(tmp_path / "lib")
