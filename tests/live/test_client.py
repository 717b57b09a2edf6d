"""The transcripts that the mock is held to are those of real Airflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from specs.versions import Version
from tests.clients.transcript import differences, expected, play
from tests.live.conftest import Boot

PROFILES = {Version(2, 11): ("stable-v1", "airflow-2-chain"), Version(3, 3): ("public-v2", "airflow-3")}


def test_real_airflow_answers_the_client_as_recorded(boot: Boot, version: Version, pytestconfig: pytest.Config) -> None:
    venvs: Path | None = pytestconfig.getoption("--clients")
    if version not in PROFILES or venvs is None:
        pytest.skip(f"no transcript is kept of Airflow {version}, or --clients is not given")
    api, profile = PROFILES[version]
    transcript = play(api, venvs / api / "bin" / "python", boot(profile).url)
    if pytestconfig.getoption("--record"):
        expected(api).write_text(transcript)
    if found := differences(api, transcript):
        pytest.fail(found)
