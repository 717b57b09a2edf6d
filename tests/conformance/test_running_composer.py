"""A whole run against a mock of Cloud Composer, and everything that it connects to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance import running
from mockserver.pytest_plugin import RunningMock
from tests.suite import google_keys

ROOT = Path(__file__).parents[2]
#: Notes every connection, and every name that is looked up, of the run and of the mock.
NOTING = """
import os, sys

def note(event, values):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        place = values[1] if event != "socket.getaddrinfo" else values
        host = place[0] if isinstance(place, tuple) else place
        with open(os.environ["REACHED"], "a") as file:
            print(host, file=file)

sys.addaudithook(note)
"""


@dataclass
class Ran:
    """What a run has left."""

    out: str
    err: str
    report: Path
    reached: set[str]
    keys: list[Path]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("ran")
    for name in ("here", "keys"):
        (folder / name).mkdir()
    (folder / "sitecustomize.py").write_text(NOTING)
    (folder / "reached").touch()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT))),
        "XDG_STATE_HOME": str(folder / "state"),
        "TMPDIR": str(folder / "keys"),
        "REACHED": str(folder / "reached"),
        "GOOGLE_APPLICATION_CREDENTIALS": str(folder / "nobody.json"),  # whoever runs the tests is not asked
    }
    words = ["run", "mock", "--profile", "composer-2", "--depth", "smoke", "--seed", "4", "--report", "../report"]
    words += ["--only", "CMP-*"]
    made = subprocess.run(
        [sys.executable, "-m", "conformance", *words],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder / "here",
        timeout=120,
        check=False,
    )
    reached = set((folder / "reached").read_text().split())
    return Ran(made.stdout, made.stderr, folder / "report", reached, list((folder / "keys").iterdir()))


def test_the_run_has_the_keys_of_the_mock(ran: Ran) -> None:
    assert "Traceback" not in ran.err
    written = json.loads((ran.report / "result.json").read_text())
    assert written["problems"] == []
    verdicts = {check["name"]: check["verdict"] for check in written["checks"]}
    assert verdicts["every_api.auth.valid_proof_opens_every_operation"] == "PASS"


def test_nobody_but_this_machine_is_asked(ran: Ran) -> None:
    assert ran.reached == {"127.0.0.1"}


def test_the_keys_are_gone_and_not_in_the_command_that_repeats_the_run(ran: Ran) -> None:
    assert ran.keys == []
    assert "airflow-conformance run mock --profile composer-2 --report ../report" in ran.out
    assert "--credentials" not in ran.out + ran.err


def test_no_secret_is_in_the_reports(ran: Ran) -> None:
    for file in ran.report.rglob("*"):
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        assert "ya29.c." not in text
        assert "PRIVATE KEY" not in text
        assert "eyJ" not in text


@pytest.mark.parametrize("profile", ["airflow-3", "airflow-2-basic", "no-such-profile"])
def test_no_other_mock_is_asked_for_keys(profile: str) -> None:
    with running._keys(Namespace(conformance_profile=profile, conformance_overrides=None)) as keys:
        assert keys is None
    assert running._key_words(None) == []


def test_a_folder_for_keys_is_there_as_long_as_the_run() -> None:
    with running._keys(Namespace(conformance_profile="composer-2", conformance_overrides=["airflow=2.9"])) as keys:
        assert keys
        assert keys.is_dir()
        assert running._key_words(keys) == ["--service-account-keys", str(keys)]
    assert not keys.exists()


def test_workers_of_xdist_take_turns_with_the_accounts(
    airflow_mock: Callable[[str], RunningMock], tmp_path: Path
) -> None:
    mock = airflow_mock("composer-2")
    words = ["--target", mock.url, "--profile", "composer-2", "--only", "CMP-ACCOUNT-*", *google_keys(mock, tmp_path)]
    command = [sys.executable, "-m", "pytest", "--pyargs", "conformance", "-n", "3", "-p", "no:cacheprovider", *words]
    made = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert "what it selects is met" in made.stdout, made.stdout[-3000:]
