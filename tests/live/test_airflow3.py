"""Real Airflow 3 is the judge of false alarms: the suite must find it conforming, and must leave it as it was."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from specs import contract, departures
from specs.refresh import normalise
from specs.versions import Version
from tests.live.airflow import Airflow
from tests.live.conftest import Boot

PROFILES = ("airflow-3", "airflow-3-cors-example", "airflow-3-all-admins", "airflow-3-fab")


def get(base: str, path: str, token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(base + path, headers=headers)) as answer:
        return json.load(answer)


def log_in(airflow: Airflow) -> str | None:
    admin = next((user for user in airflow.profile.users if user.role == "admin"), None)
    if admin is None:
        return None
    body = json.dumps({"username": admin.username, "password": admin.password}).encode()
    request = urllib.request.Request(
        f"{airflow.url}/auth/token", data=body, headers={"Content-Type": "application/json"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request) as answer:
        return str(json.load(answer)["access_token"])


COLLECTIONS = {  # what the suite may create: path -> the array in the answer, the field with the name
    "pools": ("pools", "name"),
    "variables": ("variables", "key"),
    "connections": ("connections", "connection_id"),
    "dags/~/dagRuns": ("dag_runs", "dag_run_id"),
    "backfills?dag_id=conformance_cron": ("backfills", "id"),
}


def inventory(airflow: Airflow) -> dict[str, set[str]]:
    """What is there now of what the suite may create, by collection."""
    token = log_in(airflow)
    found = {path: get(airflow.url, f"/api/v2/{path}", token)[items] for path, (items, _) in COLLECTIONS.items()}
    return {path: {item[name] for item in found[path]} for path, (_, name) in COLLECTIONS.items()}


def run_suite(airflow: Airflow, version: Version, report: Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "conformance", "run", airflow.url, "--profile", airflow.profile.name]
    command += ["--set", f"airflow={version}", "--report", str(report), "--seed", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout[-6000:], done.stderr[-3000:])  # noqa: T201 (shown by pytest when the test fails)
    return done.returncode, json.loads((report / "result.json").read_text())


@pytest.mark.parametrize("name", PROFILES)
def test_real_airflow_conforms(name: str, boot: Boot, version: Version, tmp_path: Path) -> None:
    airflow = boot(name)
    before = inventory(airflow)
    code, result = run_suite(airflow, version, tmp_path)
    wrong = [r for r in result["requirements"] if r["verdict"] in ("FAIL", "UNREACHED", "ERROR", "WARN")]
    assert wrong == []
    assert (code, result["verdict"]) == (0, "conforming")
    known = {r for departure in departures.load("airflow-3") for r in departure.requirements}
    assert {r["id"] for r in result["requirements"] if r["verdict"] == "DEPARTS"} <= known
    assert inventory(airflow) == before


def test_contract_is_what_airflow_serves(boot: Boot, version: Version) -> None:
    airflow = boot("airflow-3")
    interface = contract.load("public-v2").cut(version)
    assert normalise(interface.document, ["/api/v2"]) == normalise(get(airflow.url, "/openapi.json"))
