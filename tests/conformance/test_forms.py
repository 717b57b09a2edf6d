from __future__ import annotations

import json

import pytest

from conformance.exchange import Response
from conformance.forms import Forms, json_schema
from specs import contract

JSON, HTML = "application/json", "text/html; charset=utf-8"
POOL = {"description": None, "id": 1, "pool": "p", "slots": 3}
RUN = {
    "dag_id": "d",
    "dag_run_url": "/graph",
    "execution_date": "2025-03-01T00:00:00+00:00",
    "id": 1,
    "run_id": "r",
    "start_date": "",
    "state": "running",
}


def fault(operation: str, value: object, status: int = 200, media: str = JSON, version: str = "1.10") -> str:
    interface = contract.load("experimental").cut(version)
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    response = Response(status, "", (("Content-Type", media),), body, 0.0)
    return Forms(interface).fault(interface.operations[operation], response)


def test_an_answer_as_the_contract_has_it() -> None:
    assert fault("get_pools", [POOL]) == ""
    assert fault("get_pool", {"error": "none"}, 404) == ""
    assert fault("dag_runs", [RUN]) == ""
    assert fault("create_pool", b"<html>", 400, HTML) == ""


def test_no_body_may_have_any_type() -> None:
    interface = contract.load("stable-v1").cut("2.11")
    deleted = interface.operations["delete_pool"]
    assert Forms(interface).fault(deleted, Response(204, "", (("Content-Type", HTML),), b"", 0.0)) == ""
    assert "no body" in Forms(interface).fault(deleted, Response(204, "", (("Content-Type", HTML),), b"x", 0.0))


@pytest.mark.parametrize(
    ("operation", "value", "status", "media", "told"),
    [
        ("get_pools", [POOL], 201, JSON, "no status 201"),
        ("get_pools", [POOL], 200, HTML, "it is text/html"),
        ("get_pools", [POOL], 200, "", "without a type"),
        ("get_pools", b"[", 200, JSON, "is no JSON"),
        ("get_pools", [{**POOL, "slots": "3"}], 200, JSON, "at 0/slots"),
        ("get_pools", {"pools": [POOL]}, 200, JSON, "at the whole"),
        ("get_pool", {"title": "none"}, 404, JSON, "error"),
        ("dag_runs", [{**RUN, "execution_date": "yesterday"}], 200, JSON, "at 0/execution_date"),
        ("dag_runs", [{**RUN, "state": None}], 200, JSON, "at 0/state"),
        ("task_info", {"task_id": "t", "retries": 0}, 200, JSON, "at"),
    ],
)
def test_an_answer_of_another_form(operation: str, value: object, status: int, media: str, told: str) -> None:
    assert told in fault(operation, value, status, media)


def test_what_a_version_requires() -> None:
    instance = dict.fromkeys(
        ("dag_id", "task_id", "state", "start_date", "end_date", "duration", "operator", "pool", "queue"), "None"
    )
    assert fault("task_instance_info", {**instance, "execution_date": "2025-03-01 00:00:00+00:00"}) == ""
    assert fault("task_instance_info", {**instance, "run_id": "r"}, version="2.11") == ""
    assert "at duration" in fault("task_instance_info", {**instance, "duration": 1.5})


def test_nullable_values_may_be_null() -> None:
    assert json_schema({"type": "string", "nullable": True}) == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert json_schema({"properties": {"a": {"type": "string", "nullable": False}}}) == {
        "properties": {"a": {"type": "string"}}
    }
