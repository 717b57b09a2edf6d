"""Targets for tests: a mock on a port of its own, and the suite's view of it."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import profiles
from conformance.credentials import collect
from conformance.target import Target
from mockserver.app import create_app
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
