"""What a request may hold, and how it is told what it may not (measured on 3.3.2 and 3.0.6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mockserver.scalars import parse_date_time
from mockserver.schemas import Compiler, Findings
from specs import contract
from tests.mockserver.driver import application, send

RUNS = "/api/v2/dags/conformance_empty/dagRuns"


@pytest.fixture(scope="module")
def app() -> Any:
    return application()


def check(schema: dict[str, Any], value: Any, *, strict_dates: bool = True) -> tuple[Any, list[str], str | None]:
    """The coerced value, the kinds of errors, and why Airflow would crash."""
    findings = Findings()
    compiler = Compiler(contract.load().cut("3.3"), strict_dates=strict_dates)
    result = compiler.check(schema)(value, ("body",), findings)
    return result, [one["type"] for one in findings], findings.fatal


INTEGER, NUMBER, BOOLEAN, TEXT = ({"type": kind} for kind in ("integer", "number", "boolean", "string"))


@pytest.mark.parametrize(
    ("schema", "value", "result"),
    [
        (INTEGER, 3, 3),
        (INTEGER, "3", 3),
        (INTEGER, " +2", 2),
        (INTEGER, "2.0", 2),
        (INTEGER, 2.0, 2),
        (INTEGER, True, 1),
        (NUMBER, "1.5", 1.5),
        (BOOLEAN, "yes", True),
        (BOOLEAN, 0, False),
        (TEXT, "", ""),
        ({"anyOf": [INTEGER, {"type": "null"}]}, None, None),
        ({"type": "array", "items": INTEGER}, ["1"], [1]),
        ({"type": "object", "properties": {"a": INTEGER}}, {"a": "1", "b": 2}, {"a": 1}),
    ],
)
def test_lax_values(schema: dict[str, Any], value: Any, result: Any) -> None:
    assert check(schema, value) == (result, [], None)


@pytest.mark.parametrize(
    ("schema", "value", "kind"),
    [
        (INTEGER, "abc", "int_parsing"),
        (INTEGER, "", "int_parsing"),
        (INTEGER, "1e1", "int_parsing"),
        (INTEGER, "0x2", "int_parsing"),
        (INTEGER, 1.5, "int_from_float"),
        (INTEGER, [], "int_type"),
        (INTEGER, None, "int_type"),
        ({"type": "integer", "minimum": 0}, "-1", "greater_than_equal"),
        ({"type": "number", "exclusiveMinimum": 0}, 0, "greater_than"),
        (NUMBER, "x", "float_parsing"),
        (NUMBER, {}, "float_type"),
        (BOOLEAN, "zz", "bool_parsing"),
        (BOOLEAN, [], "bool_type"),
        (TEXT, 1, "string_type"),
        (TEXT, None, "string_type"),
        ({"type": "string", "maxLength": 2}, "abc", "string_too_long"),
        ({"type": "string", "minLength": 2}, "a", "string_too_short"),
        ({"type": "string", "pattern": "^a+$"}, "b", "string_pattern_mismatch"),
        ({"type": "string", "enum": ["a", "b"]}, "c", "literal_error"),
        ({"const": "~", "type": "string"}, "x", "literal_error"),
        ({"$ref": "#/components/schemas/DagRunState"}, "zz", "enum"),
        ({"type": "array", "items": TEXT}, "a", "list_type"),
        ({"type": "array", "items": TEXT, "minItems": 1}, [], "too_short"),
        ({"type": "object", "properties": {}, "additionalProperties": False}, {"a": 1}, "extra_forbidden"),
        ({"type": "object", "properties": {"a": TEXT}, "required": ["a"]}, {}, "missing"),
        ({"type": "object", "properties": {}}, [], "model_attributes_type"),
        ({"type": "object", "additionalProperties": True}, [], "dict_type"),
        ({"type": "string", "format": "date-time"}, "abc", "datetime_from_date_parsing"),
        ({"type": "string", "format": "date-time"}, [], "datetime_type"),
        ({"type": "string", "format": "date-time"}, "2025-01-01", "timezone_aware"),
        ({"anyOf": [INTEGER, {"type": "null"}]}, "x", "int_parsing"),
        ({"type": "array", "prefixItems": [TEXT, INTEGER]}, ["a"], "missing"),
        ({"type": "array", "prefixItems": [TEXT, INTEGER]}, ["a", 1, 2], "too_long"),
        ({"type": "array", "prefixItems": [TEXT, INTEGER]}, "a", "tuple_type"),
    ],
)
def test_kinds_of_errors(schema: dict[str, Any], value: Any, kind: str) -> None:
    assert check(schema, value)[1] == [kind]


def test_a_union_takes_the_member_that_fits_and_else_tells_the_errors_of_all() -> None:
    union = {"anyOf": [{"type": "array", "items": TEXT}, TEXT]}
    assert check(union, "a")[:2] == ("a", [])
    assert check(union, ["a"])[:2] == (["a"], [])
    assert check(union, 1)[1] == ["string_type", "list_type"]


def test_integers_that_sqlite_cannot_hold_crash_airflow() -> None:
    assert check(INTEGER, 2**63 - 1)[2] is None
    assert check(INTEGER, str(2**63))[2]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-01-02T03:04:05Z", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2025-01-02 03:04+0000", datetime(2025, 1, 2, 3, 4, tzinfo=UTC)),
        ("2025-01-02T05:04:05.25+02:00", datetime(2025, 1, 2, 3, 4, 5, 250000, tzinfo=UTC)),
        ("0.5", datetime(1970, 1, 1, 0, 0, 0, 500000, tzinfo=UTC)),
        (1_735_787_045, datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (1_735_787_045_000, datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ],
)
def test_moments(text: Any, moment: datetime) -> None:
    assert parse_date_time(text) == moment


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("abc", "too short"),
        ("2025-13-01", "month value is outside expected range of 1-12"),
        ("2025-02-30", "day value is outside"),
        ("2025-01-01T25:00Z", "hour value is outside"),
        ("2025-01-01x00:00", "datetime separator"),
        ("2025-01-01T00:00 00:00", "unexpected extra characters"),
        ("20x5-01-01T00:00Z", "invalid character in year"),
    ],
)
def test_moments_that_are_none(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_date_time(text)


def test_an_error_says_where_what_and_why(app: Any) -> None:
    reply = send(app, "GET", "/api/v2/pools?limit=-1&offset=abc", user="admin")
    assert reply.status == 422
    assert reply.detail == [
        {
            "type": "greater_than_equal",
            "loc": ["query", "limit"],
            "msg": "Input should be greater than or equal to 0",
            "input": "-1",
            "ctx": {"ge": 0},
        },
        {
            "type": "int_parsing",
            "loc": ["query", "offset"],
            "msg": "Input should be a valid integer, unable to parse string as an integer",
            "input": "abc",
        },
    ]


def test_unknown_query_parameters_are_ignored_and_the_last_of_several_counts(app: Any) -> None:
    reply = send(app, "GET", "/api/v2/dags?zz=1&limit=x&limit=1", user="admin")
    assert (reply.status, len(reply.json["dags"])) == (200, 1)


def test_a_query_parameter_that_is_required_is_missed(app: Any) -> None:
    reply = send(app, "GET", "/api/v2/backfills", user="admin")
    assert [(one["type"], one["loc"]) for one in reply.detail] == [("missing", ["query", "dag_id"])]


def test_path_parameters_are_checked(app: Any) -> None:
    reply = send(app, "GET", "/api/v2/assets/x", user="admin")
    assert (reply.status, reply.detail[0]["loc"]) == (422, ["path", "asset_id"])


@pytest.mark.parametrize(("version", "status"), [("3.0", 422), ("3.3", 400)])
def test_the_id_of_an_event_log_is_read_by_hand_since_3_2(version: str, status: int) -> None:
    assert (
        send(application("airflow-3", f"airflow={version}"), "GET", "/api/v2/eventLogs/x", user="admin").status
        == status
    )


@pytest.mark.parametrize(
    ("body", "media", "status", "kind"),
    [
        (b"", "application/json", 422, "missing"),
        (b"null", "application/json", 422, "missing"),
        (b"[]", "application/json", 422, "model_attributes_type"),
        (b"{", "application/json", 422, "json_invalid"),
        (b'{"name": "n", "slots": 1}', "text/plain", 422, "model_attributes_type"),
        (b'{"name": "n", "slots": 1}', None, 422, "model_attributes_type"),
        (b'{"name": "n1", "slots": 1}', "application/vnd.api+json", 201, None),
        (b'{"name": "n2", "slots": "3"}', "application/json; charset=utf-8", 201, None),
        (b'\xef\xbb\xbf{"name": "n3", "slots": 1}', "application/json", 201, None),
        (b'{"name": "\xff", "slots": 1}', "application/json", 400, None),
        (b'{"name": "n", "slots": NaN}', "application/json", 500, None),
    ],
)
def test_bodies(app: Any, body: bytes, media: str | None, status: int, kind: str | None) -> None:
    reply = send(app, "POST", "/api/v2/pools", body, {"content-type": media} if media else {}, "admin")
    assert reply.status == status
    assert kind is None or reply.detail[0]["type"] == kind


def test_a_body_without_a_type_is_json_before_3_2() -> None:
    app = application("airflow-3", "airflow=3.0")
    assert send(app, "POST", "/api/v2/pools", b'{"name": "n", "slots": 1}', user="admin").status == 201


@pytest.mark.parametrize(("follow", "status"), [("airflow", 500), ("documents", 422)])
def test_the_event_log_of_3_0_chokes_on_json_that_is_no_object(follow: Any, status: int) -> None:
    app = application("airflow-3", "airflow=3.0", follow=follow)
    assert send(app, "POST", "/api/v2/pools", [], user="admin").status == status


def test_bulk_operations_tell_their_errors_twice(app: Any) -> None:
    assert len(send(app, "PATCH", "/api/v2/pools", {}, user="admin").detail) == 2
    assert len(send(application("airflow-3", "airflow=3.0"), "PATCH", "/api/v2/pools", {}, user="admin").detail) == 1


@pytest.mark.parametrize(("follow", "status"), [("airflow", 500), ("documents", 422)])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/api/v2/pools", {"actions": [{"action": "zz", "entities": []}]}),
        ("POST", "/api/v2/pools", {"name": "n", "slots": 2**63}),
        ("GET", f"/api/v2/pools?offset={2**63}", b""),
        ("GET", f"/api/v2/assets/{2**63}", b""),
        ("GET", "/api/v2/dags/~/dagRuns?start_date_gte=2025-01-01", b""),
    ],
)
def test_what_crashes_airflow(follow: Any, status: int, method: str, path: str, body: Any) -> None:
    assert send(application(follow=follow), method, path, body, user="admin").status == status


def test_a_missing_parent_is_told_before_the_database_fails(app: Any) -> None:
    assert send(app, "GET", "/api/v2/dags/nope/dagRuns?start_date_gte=2025-01-01", user="admin").status == 404


def test_limits_however_large_are_no_crash_where_they_are_cut(app: Any) -> None:
    assert send(app, "GET", f"/api/v2/pools?limit={10**30}", user="admin").status == 200
    assert (
        send(application("airflow-3", "airflow=3.0"), "GET", f"/api/v2/pools?limit={10**30}", user="admin").status
        == 500
    )


def test_dates_reach_the_handler_with_their_zone() -> None:
    app = application()
    body = {"logical_date": "2025-02-03T00:00:00+02:00"}
    assert send(app, "POST", RUNS, body, user="admin").json["logical_date"] == "2025-02-03T00:00:00+02:00"
    assert send(app, "GET", RUNS, user="admin").json["dag_runs"][0]["logical_date"] == "2025-02-02T22:00:00Z"


def test_a_deep_nest_is_no_error_of_the_server(app: Any) -> None:
    body = b"[" * 500 + b"]" * 500
    reply = send(app, "POST", "/api/v2/pools", body, {"content-type": "application/json"}, user="admin")
    assert reply.status == 422
