from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import pytest

import profiles
from profiles import Profile, User
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
                realm = realm_for(profile, venv, request)
                users = people(version, profile.auth_manager)
                server = made(venv, homes / profile.auth_manager, profile, users, realm)
                running[name] = servers.enter_context(server)
            return running[name]

        yield boot


def people(version: Version, auth_manager: str) -> list[User]:
    """The users of all profiles that the version is booted from and that share a database, each name once."""
    known = (profiles.load(name, settings) for name, settings in setups(version).items())
    users = (user for profile in known if profile.auth_manager == auth_manager for user in profile.users)
    return list({user.username: user for user in users}.values())


def made(venv: Path, home: Path, profile: Profile, users: list[User], realm: Realm | None) -> Airflow:
    """A server that is not booted yet, with the keytab of the realm where it is to be in one."""
    kind = KINDS[profile.airflow.major]
    if realm is None:
        return kind(venv, home, profile, users)
    return kind(venv, home, profile, users, realm=realm, host=own_name(profile.airflow))


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
