"""The control interface of the mock."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.mockserver.driver import application, send


@pytest.fixture
def app() -> Any:
    return application(control=True, deviations=["cap-off-by-one"])


def test_it_is_there_only_when_asked_for(app: Any) -> None:
    assert send(app, "GET", "/_mock/state").json["deviations"] == ["cap-off-by-one"]
    assert "/_mock/clock/hold" in send(app, "GET", "/_mock/reset").detail
    assert send(application(), "GET", "/_mock/state").headers["content-type"].startswith("text/html")


def test_the_clock_is_held_moved_and_released(app: Any) -> None:
    assert send(app, "POST", "/_mock/clock/hold", {"at": "2026-01-01T00:00:00Z"}).json["now"] == "2026-01-01T00:00:00Z"
    assert send(app, "POST", "/_mock/clock/advance", {"seconds": 90}).json["now"] == "2026-01-01T00:01:30Z"
    send(app, "POST", "/_mock/clock/release")
    first, second = (datetime.fromisoformat(send(app, "GET", "/_mock/state").json["now"]) for _ in range(2))
    assert datetime(2026, 1, 1, 0, 1, 30, tzinfo=UTC) < first < second


def test_the_world_begins_again(app: Any) -> None:
    send(app, "POST", "/api/v2/variables", {"key": "k", "value": "v"}, user="admin")
    assert send(app, "GET", "/api/v2/variables/k", user="admin").status == 200
    assert send(app, "POST", "/_mock/reset").status == 200
    assert send(app, "GET", "/api/v2/variables/k", user="admin").status == 404


def test_it_serves_the_stable_api_too() -> None:
    app = application("airflow-2-basic", control=True)
    basic = {"authorization": f"Basic {b64encode(b'admin:admin').decode()}"}
    assert send(app, "POST", "/api/v1/variables", {"key": "k", "value": "v"}, basic).status == 200
    assert send(app, "GET", "/_mock/state").json["profile"] == "airflow-2-basic"
    assert send(app, "POST", "/_mock/clock/advance", {"seconds": 90}).status == 200
    assert send(app, "GET", "/api/v1/variables/k", headers=basic).status == 200
    assert send(app, "POST", "/_mock/reset").status == 200
    assert send(app, "GET", "/api/v1/variables/k", headers=basic).status == 404
    assert send(app, "GET", "/_mock/nope").status == 404
    assert send(application("airflow-2-basic"), "GET", "/_mock/state").status == 404


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("clock/hold", {"at": "soon"}, "at: "),
        ("clock/hold", {"at": "2026-01-01T00:00:00"}, "time zone"),
        ("clock/advance", {}, "seconds: "),
        ("clock/advance", {"seconds": -1}, "seconds: "),
        ("clock/advance", {"seconds": True}, "seconds: "),
        ("clock/advance", [], "JSON object"),
        ("clock/advance", b"{", "no JSON"),
    ],
)
def test_what_is_not_understood(app: Any, path: str, body: Any, says: str) -> None:
    reply = send(app, "POST", f"/_mock/{path}", body)
    assert (reply.status, says in reply.detail) == (400, True)
