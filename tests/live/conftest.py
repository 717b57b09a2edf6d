from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import pytest

import profiles
from profiles import Profile
from specs.versions import Version
from tests.kerberos.realm import Realm
from tests.live.airflow import Airflow
from tests.live.airflow1 import Airflow1
from tests.live.airflow2 import Airflow2
from tests.live.airflow3 import Airflow3
from tests.live.setups import setups

Boot = Callable[[str], Airflow]
KINDS: dict[int, type[Airflow1 | Airflow2 | Airflow3]] = {1: Airflow1, 2: Airflow2, 3: Airflow3}


@pytest.fixture(scope="session")
def version(pytestconfig: pytest.Config) -> Version:
    return Version.parse(pytestconfig.getoption("--airflow"))


@pytest.fixture(scope="session")
def boot(
    request: pytest.FixtureRequest,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    version: Version,
) -> Iterator[Boot]:
    """Boot a real Airflow from a built-in profile; one server at a time, one database for each set of users."""
    venv: Path = pytestconfig.getoption("--airflow-venv").resolve()
    homes = tmp_path_factory.mktemp("airflow")
    numbers: dict[object, int] = {}
    running: dict[str, Airflow] = {}
    with ExitStack() as servers:

        def boot(name: str) -> Airflow:
            if name not in running or not running[name].alive:
                servers.close()
                running.clear()
                profile = profiles.load(name, setups(version)[name])
                number = numbers.setdefault((profile.auth_manager, profile.users), len(numbers))
                realm = realm_for(profile, venv, request)
                running[name] = servers.enter_context(made(venv, homes / str(number), profile, realm))
            return running[name]

        yield boot


def made(venv: Path, home: Path, profile: Profile, realm: Realm | None) -> Airflow:
    """A server that is not booted yet, with the keytab of the realm where it is to be in one."""
    kind = KINDS[profile.airflow.major]
    if realm is None:
        return kind(venv, home, profile)
    return kind(venv, home, profile, realm=realm, host=own_name(profile.airflow))


def realm_for(profile: Profile, venv: Path, request: pytest.FixtureRequest) -> Realm | None:
    """The realm that a profile with Kerberos needs; skips where this machine or that Airflow has no Kerberos."""
    if "kerberos" not in profile.asked_kinds:
        return None
    if not any(venv.glob("lib/*/site-packages/kerberos.*")):
        pytest.skip(f"the Airflow in {venv} has no pykerberos: install gcc and libkrb5-dev, and install it anew")
    realm: Realm = request.getfixturevalue("realm")
    return realm


def own_name(airflow: Version) -> str:
    """What a server of that version calls itself on this machine, where that is a name of 127.0.0.1."""
    canonical = socket.getaddrinfo(socket.gethostname(), None, flags=socket.AI_CANONNAME)[0][3]
    name = canonical if airflow >= (2, 4) and canonical else socket.getfqdn()
    if not ip_address(socket.gethostbyname(name)).is_loopback:
        pytest.skip(f"a server with Kerberos calls itself {name} here, which is no name of the loopback address")
    return name
