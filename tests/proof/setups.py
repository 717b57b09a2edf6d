"""Under which profile each deviation of the mock is put before the suite."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

import profiles
from mockserver.deviations import Deviation
from profiles import Profile
from specs import requirements


class Setup(NamedTuple):
    """A profile by name, and what is set otherwise in it."""

    profile: str
    settings: tuple[str, ...] = ()

    def load(self) -> Profile:
        """The profile itself."""
        return _loaded(self)


@cache
def _loaded(setup: Setup) -> Profile:
    return profiles.load(setup.profile, setup.settings)


@cache
def setups() -> tuple[Setup, ...]:
    """Every built-in profile as it is, then those of setups.yaml."""
    more = yaml.safe_load((Path(__file__).parent / "setups.yaml").read_text())
    return (*map(Setup, profiles.names()), *(Setup(profile, tuple(settings)) for profile, settings in more))


def setup_for(deviation: Deviation) -> Setup:
    """The first under which the fault can show, and whose document has what it breaks. StopIteration if none."""
    about = {requirements.find(name).document for name in deviation.breaks}
    return next(one for one in setups() if deviation.applies(one.load()) and about.intersection(one.load().documents))
