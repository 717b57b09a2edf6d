"""The suite finds every fault that the mock can be told to have, and names a requirement that the fault breaks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import profiles
from mockserver.deviations import Deviation, catalogue
from mockserver.pytest_plugin import RunningMock
from specs import requirements

NO_CORS = [f"api.access_control_allow_{name}=null" for name in ("headers", "methods", "origins")]
SETUPS: list[tuple[str, list[str]]] = [
    *((name, []) for name in profiles.names()),
    ("airflow-3", ["airflow=3.0"]),
    ("airflow-3", ["api.maximum_page_limit=5"]),
    ("airflow-3", ["api.maximum_page_limit=null"]),
    ("airflow-3", NO_CORS),
]
FOUND = {"MUST": "FAIL", "SHOULD": "WARN"}


def setup_for(deviation: Deviation) -> tuple[str, list[str]]:
    """The first profile, with overrides, under which the fault can show."""
    return next((name, sets) for name, sets in SETUPS if deviation.applies(profiles.load(name, sets)))


def run_suite(url: str, profile: str, report: Path, options: list[str]) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "conformance", "run", url, "--profile", profile, "--seed", "1"]
    done = subprocess.run([*command, "--report", str(report), *options], capture_output=True, text=True, check=False)
    print(done.stdout[-3000:], done.stderr[-2000:])  # noqa: T201 (shown by pytest when the test fails)
    return done.returncode, json.loads((report / "result.json").read_text())


@pytest.mark.parametrize("deviation", catalogue().values(), ids=lambda deviation: deviation.name)
def test_deviation_is_found(deviation: Deviation, airflow_mock: Callable[..., RunningMock], tmp_path: Path) -> None:
    profile, settings = setup_for(deviation)
    mock = airflow_mock(profile, settings=settings, deviations=[deviation.name])
    options = [f"--only={name}" for name in deviation.breaks] + [f"--set={setting}" for setting in settings]
    code, result = run_suite(mock.url, profile, tmp_path, options)
    verdicts = {each["id"]: each["verdict"] for each in result["requirements"]}
    found = [name for name in deviation.breaks if verdicts[name] == FOUND[requirements.find(name).level]]
    assert found, {name: verdicts[name] for name in deviation.breaks}
    assert code == (1 if "FAIL" in verdicts.values() else 3)  # a part of the requirements gives no verdict by itself
