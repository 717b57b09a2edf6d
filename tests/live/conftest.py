from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import profiles
from specs.versions import Version
from tests.live.airflow import Airflow
from tests.live.airflow2 import Airflow2
from tests.live.airflow3 import Airflow3
from tests.live.setups import setups

Boot = Callable[[str], Airflow]


@pytest.fixture(scope="session")
def version(pytestconfig: pytest.Config) -> Version:
    return Version.parse(pytestconfig.getoption("--airflow"))


@pytest.fixture(scope="session")
def boot(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, version: Version) -> Iterator[Boot]:
    """Boot a real Airflow from a built-in profile; one server at a time, one database per auth manager."""
    venv: Path = pytestconfig.getoption("--airflow-venv").resolve()
    homes = tmp_path_factory.mktemp("airflow")
    running: dict[str, Airflow] = {}
    with ExitStack() as servers:

        def boot(name: str) -> Airflow:
            if name not in running or not running[name].alive:
                servers.close()
                running.clear()
                profile = profiles.load(name, setups(version)[name])
                kind = Airflow2 if version.major == 2 else Airflow3
                running[name] = servers.enter_context(kind(venv, homes / profile.auth_manager, profile))
            return running[name]

        yield boot
