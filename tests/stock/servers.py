"""The servers that are tried: mocks in processes of their own, and real Airflows."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import profiles
from profiles import Profile
from tests.live.airflow import Airflow
from tests.live.airflow2 import Airflow2
from tests.live.airflow3 import Airflow3

SETUPS = yaml.safe_load((Path(__file__).parent / "setups.yaml").read_text())


@dataclass(frozen=True)
class Setup:
    """How one API is tried; `document` is the path of its OpenAPI document, `alone` what is tried by itself: why."""

    api: str
    profile: str
    airflow: str
    document: str
    alone: dict[str, str]

    @classmethod
    def of(cls, api: str) -> Setup:
        """Look an API up in setups.yaml."""
        return cls(api=api, **SETUPS["setups"][api])

    @property
    def settings(self) -> list[str]:
        """What is set beside the profile."""
        return [f"airflow={self.airflow}"]

    def load(self) -> Profile:
        """The profile of the deployment."""
        return profiles.load(self.profile, self.settings)

    def credential(self, url: str) -> Callable[[], str]:
        """What makes an Authorization header of the admin's: a token of a server, or the password."""
        if self.load().auth_manager == "simple":
            return lambda: f"Bearer {_token(url)}"
        return lambda: "Basic " + base64.b64encode(b"admin:admin").decode()


@contextmanager
def mock(setup: Setup, follow: str) -> Iterator[str]:
    """Run a mock; its URL is given."""
    where = ["--profile", setup.profile, *(f"--set={one}" for one in setup.settings)]
    command = [sys.executable, "-m", "mockserver", *where, "--follow", follow, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


@contextmanager
def airflow(setup: Setup, venv: Path, home: Path) -> Iterator[Airflow]:
    """Boot a real Airflow that is installed in `venv`; its database is in `home`."""
    profile = setup.load()
    kind = Airflow3 if profile.airflow.major == 3 else Airflow2
    with kind(venv.absolute(), home, profile, profile.users) as server:
        yield server


def fetch(url: str) -> Any:
    """What a GET without credentials brings, as JSON."""
    with _direct().open(url, timeout=60) as answer:
        return json.load(answer)


def _token(url: str) -> str:
    body = json.dumps({"username": "admin", "password": "admin"}).encode()
    asked = urllib.request.Request(f"{url}/auth/token", body, {"Content-Type": "application/json"})
    with _direct().open(asked, timeout=60) as answer:
        return str(json.load(answer)["access_token"])


def _direct() -> urllib.request.OpenerDirector:
    """An opener that goes through no proxy."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))
