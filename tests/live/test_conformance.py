"""Real Airflow is the judge of false alarms: the suite must find it conforming, and must leave it as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.journal import FAMILY
from specs import departures
from specs.versions import Version
from tests.kerberos.credentials import options
from tests.live import runs
from tests.live.airflow import Airflow, Inventory
from tests.live.conftest import Boot
from tests.live.setups import setups
from tests.suite import run_suite


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each profile that the version under test is booted from."""
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", setups(Version.parse(metafunc.config.getoption("--airflow"))))


def test_real_airflow_conforms(
    name: str, boot: Boot, version: Version, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    for report in (tmp_path / "first", tmp_path / "second"):
        airflow = boot(name)
        before = airflow.inventory()
        code, result = run_suite(
            airflow.url,
            name,
            report,
            settings=setups(version)[name],
            options=["--allow-writes", *tickets(airflow, tmp_path)],  # its name in the realm is not known for loopback
            environment=airflow.around,
        )
        if airflow.alive:  # the Python of a real 3.3 was once seen to end in a segmentation fault: that judges nobody
            break
    if pytestconfig.getoption("--record"):  # however it went
        runs.keep(runs.run(result, runs.installed(airflow.venv), setups(version)[name], scheduler=False))
    wrong = [r for r in result["requirements"] if r["verdict"] in ("FAIL", "UNREACHED", "ERROR", "WARN")]
    assert wrong == []
    assert (code, result["verdict"]) == (0, "conforming")
    known = {r for departure in departures.every() for r in departure.requirements}
    assert {r["id"] for r in result["requirements"] if r["verdict"] == "DEPARTS"} <= known
    assert without_what_stays(airflow, before) == before


def tickets(airflow: Airflow, folder: Path) -> list[str]:
    """The options with which the suite has tickets, where the server is in a realm."""
    return options(airflow.profile, airflow.realm, folder) if airflow.realm else []


def without_what_stays(airflow: Airflow, before: Inventory) -> Inventory:
    """What is there now, but for what no API removes: backfills that have ended, and runs in the experimental one."""
    now = airflow.inventory()
    if "backfill" in now:
        now["backfill"] = {each for each in now["backfill"] if each in before["backfill"] or not each[-1]}
    if airflow.profile.api == "experimental":
        new = now["dag_run"] - before["dag_run"]
        now["dag_run"] -= {run for run in new if str(run[1]).startswith(FAMILY)}
    return now
