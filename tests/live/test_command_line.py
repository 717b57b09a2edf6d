"""The transcripts of the command line of Airflow 1.10 that the mock is held to are those of a real web server."""

from __future__ import annotations

from pathlib import Path

import pytest

from specs.versions import Version
from tests.clients.command_line import SCENARIO, play
from tests.clients.transcript import differences, expected
from tests.live.conftest import Boot


@pytest.mark.parametrize("name", SCENARIO)
def test_real_airflow_answers_its_command_line_as_recorded(
    name: str, boot: Boot, version: Version, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    if version != Version(1, 10):
        pytest.skip(f"the command line of Airflow {version} has no client of the experimental API")
    airflow = boot(name)
    with airflow.put_back():
        transcript = play(name, airflow.venv / "bin" / "python", airflow.url, tmp_path, airflow.realm)
    if pytestconfig.getoption("--record"):
        expected(name).write_text(transcript)
    if found := differences(name, transcript):
        pytest.fail(found)
