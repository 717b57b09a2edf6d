"""The two servers of one version, set up from one profile: neither has a scheduler, so nothing happens by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import sleep
from typing import Any

import yaml

import profiles
from mockserver.app import create_app
from mockserver.server import running
from profiles import Profile
from tests.live.airflow import Airflow
from tests.live.conftest import KINDS
from tests.twins import script
from tests.twins.normal import Normal
from tests.twins.playing import Player

# Some versions fill their database with connections to everything that there might be.
_BARE = {"AIRFLOW__CORE__LOAD_DEFAULT_CONNECTIONS": "False"}
SETUPS: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "setups.yaml").read_text())


@dataclass(frozen=True)
class Twin:
    """One version of Airflow, such as "3.3"."""

    version: str

    @property
    def settings(self) -> list[str]:
        """What is set beside the profile."""
        return [f"airflow={self.version}"]

    @cached_property
    def profile(self) -> Profile:
        """The deployment."""
        return profiles.load(SETUPS[self.version]["profile"], self.settings)

    @cached_property
    def steps(self) -> list[script.Step]:
        """What is asked."""
        return script.steps(SETUPS[self.version]["script"], self.profile)

    def play(self, url: str, wait: Callable[[float], object] = sleep) -> dict[str, dict[str, Any]]:
        """The normalised answers of a server, by the names of the steps; `wait` lets seconds go by for it."""
        told = script.read(SETUPS[self.version]["script"])
        normal = Normal(told.get("volatile", ()), told.get("owners"), told.get("unordered", ()))
        return Player(url, self.profile, normal, wait).play(self.steps)

    def mocked(self) -> dict[str, dict[str, Any]]:
        """The normalised answers of the mock."""
        app = create_app(self.profile)
        app.state.mock.world.settle = lambda: None
        with running(app) as url:
            return self.play(url, app.state.mock.clock.advance)

    def airflow(self, venv: Path, home: Path) -> Airflow:
        """A real Airflow that is installed in `venv`, not booted yet; `home` is a folder of its own."""
        server = KINDS[self.profile.airflow.major](venv.absolute(), home, self.profile, self.profile.users)
        settings = server.settings()
        server.settings = lambda: settings | _BARE  # type: ignore[method-assign]
        return server
