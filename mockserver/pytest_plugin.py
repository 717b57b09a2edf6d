"""pytest fixtures for tests of Airflow clients: a mock per test, on a port of its own.

    def test_my_client(airflow_mock):
        mock = airflow_mock("airflow-3", settings=["api.maximum_page_limit=5"])
        client = MyClient(mock.url, "admin", "admin")
        ...
        mock.clock.advance(60)                  # runs that are due by then advance

    def test_my_old_client(airflow_mock):
        mock = airflow_mock("airflow-2-basic", settings=["airflow=2.6"])
        client = MyOldClient(mock.url + "/api/v1", "admin", "admin")

    def test_my_client_of_cloud_composer(airflow_mock, tmp_path, monkeypatch):
        mock = airflow_mock("composer-2")
        (tmp_path / "key.json").write_text(mock.service_account_key("op"))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
        ...

Only fixtures: importing this costs nothing until one is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.world.clock import Clock
    from mockserver.world.world import World


@dataclass(frozen=True)
class RunningMock:
    """A mock that serves: its base URL, and the parts that tests look at or move."""

    url: str
    mock: Mock

    @property
    def clock(self) -> Clock:
        """The clock of the mock."""
        return self.mock.clock

    @property
    def world(self) -> World:
        """The objects of the mock."""
        return self.mock.world

    def service_account_key(self, account: str | None = None) -> str:
        """The key file of a Google account, for a mock of Cloud Composer (see `mockserver.composer.keys.account`)."""
        from mockserver.composer import keys

        return self.mock.google.key_file(keys.account(self.mock.profile, account), self.url)  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def airflow_mock() -> Iterator[Callable[..., RunningMock]]:
    """Give a function that starts a mock: (profile="airflow-3", *, settings=(), and what `create_app` takes)."""
    with ExitStack() as stack:

        def start(profile: str = "airflow-3", *, settings: Sequence[str] = (), **options: Any) -> RunningMock:
            import profiles
            from mockserver.app import create_app
            from mockserver.server import running

            app = create_app(profiles.load(profile, settings), **options)
            return RunningMock(stack.enter_context(running(app)), app.state.mock)

        yield start


@pytest.fixture
def airflow_mock_url(airflow_mock: Callable[..., RunningMock]) -> str:
    """Give the base URL of a mock of Airflow 3."""
    return airflow_mock().url
