"""Targets for tests: a mock on a port of its own, and the suite's view of it."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import profiles
from conformance.credentials import collect
from conformance.target import Target
from mockserver.app import create_app
from mockserver.composer import keys
from mockserver.server import running


def target_at(
    url: str, profile: str = "airflow-3", *settings: str, env: dict[str, str] | None = None, **how: Any
) -> Target:
    """The suite's view of a URL."""
    loaded = profiles.load(profile, settings)
    for capability in how.pop("without", ()):
        loaded = loaded.without(capability)
    given = collect(loaded, environ={f"AIRFLOW_CONFORMANCE_{key}": value for key, value in (env or {}).items()})
    target = Target.open(url, loaded, given, **how)
    weakref.finalize(target, target.transport.close)
    return target


@contextmanager
def mock(profile: str = "airflow-3", settings: Sequence[str] = (), **options: Any) -> Iterator[str]:
    """A mock that runs; its base URL."""
    with running(create_app(profiles.load(profile, settings), **options)) as url:
        yield url


@contextmanager
def mocked(*settings: str, journals: Path | None = None, **how: Any) -> Iterator[Target]:
    """A mock and the suite's view of it."""
    with mock(settings=settings) as url:
        target = target_at(url, "airflow-3", *settings, journals=journals, **how)
        yield target
        target.close()


@contextmanager
def composer(profile: str = "composer-2", *settings: str, **how: Any) -> Iterator[Target]:
    """A mock of Cloud Composer and the suite's view of it, with a key for every account."""
    app = create_app(profiles.load(profile, settings))
    with running(app) as url, TemporaryDirectory() as folder:
        keys.write(app.state.mock.profile, app.state.mock.google, url, Path(folder))
        loaded = profiles.load(how.pop("said", profile), how.pop("said_settings", settings))
        target = Target.open(url, loaded, collect(loaded, keys=Path(folder), environ={}), **how)
        yield target
        target.close()
