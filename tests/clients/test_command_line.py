"""The command line of a real Airflow 1.10 drives the mock as it drives a real web server: the same transcript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import profiles
from mockserver.pytest_plugin import RunningMock
from tests.clients.command_line import SCENARIO, play
from tests.clients.transcript import differences, expected
from tests.kerberos.realm import Realm


@pytest.mark.parametrize("name", SCENARIO)
def test_mock_answers_the_command_line_as_real_airflow(
    name: str,
    airflow_mock: Callable[..., RunningMock],
    pytestconfig: pytest.Config,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    python: Path = pytestconfig.getoption("--clients") / "airflow-1.10" / "bin" / "python"
    if not python.exists():
        pytest.skip(f"there is no Airflow 1.10 in {python.parent.parent}")
    kerberos = "kerberos" in profiles.load(name).asked_kinds
    realm: Realm | None = request.getfixturevalue("in_realm") if kerberos else None
    settings = [f"kerberos.keytab={realm.keytab}"] if realm else []
    port = airflow_mock(name, settings=settings).url.rpartition(":")[2]
    transcript = play(name, python, f"http://localhost:{port}", tmp_path, realm)
    if found := differences(name, transcript):
        pytest.fail(found)


def test_transcripts_have_many_commands() -> None:
    assert sum(expected(name).read_text().count("## {") for name in SCENARIO) >= 60
