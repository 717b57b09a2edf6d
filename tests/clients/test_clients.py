"""The official Python clients drive the mock as they drive real Airflow: call for call the same transcript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.pytest_plugin import RunningMock
from tests.clients.transcript import differences, expected, play

PROFILES = {"stable-v1": "airflow-2-chain", "public-v2": "airflow-3"}


@pytest.mark.parametrize("api", PROFILES)
def test_mock_answers_the_client_as_real_airflow(
    api: str, airflow_mock: Callable[..., RunningMock], pytestconfig: pytest.Config
) -> None:
    venvs: Path = pytestconfig.getoption("--clients")
    mock = airflow_mock(PROFILES[api])
    if found := differences(api, play(api, venvs / api / "bin" / "python", mock.url)):
        pytest.fail(found)


@pytest.mark.parametrize("api", PROFILES)
def test_transcript_has_many_calls(api: str) -> None:
    assert expected(api).read_text().count("\n## ") + 1 >= 40
