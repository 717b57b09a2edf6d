"""What tests of every part may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kerberos import tools
from tests.kerberos.realm import Realm


@pytest.fixture(scope="session")
def realm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    """A Kerberos realm for the whole session, served by a KDC on loopback; skips where there is none to be had."""
    found = tools.find()
    if isinstance(found, str):
        pytest.skip(found)
    with Realm(tmp_path_factory.mktemp("realm"), found) as served:
        yield served


@pytest.fixture
def in_realm(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> Realm:
    """The realm, with this process as its admin and as its service."""
    for name, value in realm.environment.items():
        monkeypatch.setenv(name, value)
    return realm


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", "kerberos: uses a Kerberos realm (given to all that do)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the realm: `-m kerberos` chooses it."""
    for item in items:
        if "realm" in getattr(item, "fixturenames", ()):
            item.add_marker("kerberos")
