"""Following the documents, the stable API refuses as the chapter "Errors" of its document says, and says so itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.api.v1.problems import PROBLEM
from tests.mockserver.driver import Reply, application, send

BASIC = "Basic YWRtaW46YWRtaW4="


@pytest.fixture(params=["airflow", "documents"])
def follow(request: pytest.FixtureRequest) -> Any:
    return request.param


def ask(follow: str, method: str, path: str, body: Any = b"", **headers: str) -> Reply:
    app = application("airflow-2-basic", "airflow=2.11", follow=follow)
    return send(app, method, f"/api/v1{path}", body, {"authorization": BASIC, **headers})


def test_the_document_names_the_errors_of_the_chapter(follow: str) -> None:
    document = ask(follow, "GET", "/openapi.json").json
    responses = document["paths"]["/dags"]["get"]["responses"]
    refused = {"401"} if follow == "airflow" else {"400", "401", "403", "404", "405", "406", "409"}
    assert set(responses) == {"200", *refused}
    assert list(responses["401"]["content"]) == ["application/json" if follow == "airflow" else PROBLEM]


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "airflow", "documents"),
    [
        ("GET", "/dags?limit=x", b"", {}, 400, 400),
        ("POST", "/pools", b"x", {"content-type": "text/plain"}, 415, 400),
        ("GET", f"/dags?offset={2**70}", b"", {}, 500, 400),
        ("GET", "/config", b"", {"accept": "image/png"}, 406, 406),
    ],
)
def test_refusals(
    follow: str, method: str, path: str, body: bytes, headers: dict[str, str], airflow: int, documents: int
) -> None:
    reply = ask(follow, method, path, body, **headers)
    assert reply.status == (airflow if follow == "airflow" else documents)
    if follow == "documents":
        assert reply.headers["content-type"] == PROBLEM
        told = json.loads(reply.body)
        assert {"type", "title", "status"} <= told.keys()
        assert all(isinstance(told[name], str) for name in told.keys() - {"status"})


@pytest.mark.parametrize(
    ("method", "path", "body", "airflow"),
    [
        ("GET", f"/dagWarnings?offset={2**70}", b"", 500),
        ("GET", f"/dagWarnings?offset={2**70}&order_by=x", b"", 400),
        ("PATCH", f"/dags/x/dagRuns/y/taskInstances/z/{2**70}/setNote", {"note": "x"}, 500),
        ("PATCH", f"/dags/x/dagRuns/y/taskInstances/z/{2**70}/setNote", {"bogus": 1}, 400),
    ],
)
def test_what_was_sent_is_looked_at_before_the_database_is_asked(
    follow: str, method: str, path: str, body: Any, airflow: int
) -> None:
    assert ask(follow, method, path, body).status == (airflow if follow == "airflow" else 400)
