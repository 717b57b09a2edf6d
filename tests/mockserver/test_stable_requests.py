"""Requests to the stable API: which operation they are for, and what is wrong with them (as measured)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from tests.mockserver.driver import Reply, application, send
from tests.mockserver.stable import Stable

NO_ROUTE = "The requested URL was not found on the server."


@cache
def mock(version: str = "2.11", follow: str = "airflow") -> Any:
    profile = "airflow-2.2-basic" if version == "2.2" else "airflow-2-basic"
    settings = [] if version == "2.2" else [f"airflow={version}", "webserver_config.AUTH_ROLE_PUBLIC=null"]
    return application(profile, *settings, follow=follow)


def ask(method: str, path: str, body: Any = b"", version: str = "2.11", **headers: str) -> Reply:
    """Send a request of nobody's."""
    given = {"host": "airflow", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return send(mock(version), method, path, body, given)


def refused(reply: Reply, status: int) -> tuple[Any, Any]:
    """Title and detail of a problem."""
    assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json"), reply
    assert reply.body.startswith(b'{\n  "detail": ')
    assert reply.body.endswith(b"\n}\n")
    assert list(reply.json) == ["detail", "status", "title", "type"]
    return reply.json["title"], reply.json["detail"]


# ---- routes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["", "/", "/nope", "/dags/", "/DAGS", "/eventLogs/abc", "/eventLogs/-1", "/pools/a%2Fb", "/variables/"]
)
def test_unknown_paths_of_the_api(path: str) -> None:
    reply = ask("GET", f"/api/v1{path}")
    title, detail = refused(reply, 404)
    assert (title, detail.startswith(NO_ROUTE), reply.json["type"]) == ("Not Found", True, "about:blank")


@pytest.mark.parametrize("path", ["/api", "/api/", "/nope", "/health/", "/api/v2/dags"])
def test_unknown_paths_outside_are_pages(path: str) -> None:
    reply = ask("GET", path)
    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize(("method", "path"), [("PUT", "/pools"), ("TRACE", "/dags"), ("DELETE", "/version")])
def test_a_wrong_method_names_no_other(method: str, path: str) -> None:
    reply = ask(method, f"/api/v1{path}")
    assert refused(reply, 405) == ("Method Not Allowed", "The method is not allowed for the requested URL.")
    assert reply.json["type"] == "about:blank"
    assert "allow" not in reply.headers


@pytest.mark.parametrize(
    ("sent", "version", "there"),
    [
        ("/api/v1//version", "2.11", "/api/v1/version"),
        ("/api/v1//dags?limit=1&x", "2.11", "/api/v1/dags?limit=1&x"),
        ("/api/v1/ui", "2.11", "/api/v1/ui/"),
        ("/login?next=x", "2.11", "/login/?next=x"),
        ("/api/v1///version", "2.2", "/api/v1/version"),
        ("/api/v1///version", "2.11", None),
        ("//api/v1/version", "2.11", None),
    ],
)
def test_slashes(sent: str, version: str, there: str | None) -> None:
    reply = ask("GET", sent, version=version)
    if there is None:
        assert reply.status == (200 if sent.startswith("//") else 404)
    else:
        assert (reply.status, reply.headers["location"]) == (308, f"://airflow{there}".replace("://", "http://"))


@pytest.mark.parametrize(("version", "status"), [("2.2", 308), ("2.11", 405)])
def test_two_slashes_and_a_wrong_method(version: str, status: int) -> None:
    assert ask("PUT", "/api/v1//dags", version=version).status == status


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/version", {"GET", "HEAD", "OPTIONS"}),
        ("/dags/x/clearTaskInstances", {"POST", "OPTIONS"}),
        ("/connections/test", {"GET", "HEAD", "OPTIONS", "POST", "PATCH", "DELETE"}),  # also a connection of that name
    ],
)
def test_options_needs_nobody(path: str, methods: set[str]) -> None:
    reply = ask("OPTIONS", f"/api/v1{path}")
    assert (reply.status, reply.body, set(reply.headers["allow"].split(", "))) == (200, b"", methods)


def test_head_is_get() -> None:
    assert (
        ask("HEAD", "/api/v1/version").headers["content-length"]
        == ask("GET", "/api/v1/version").headers["content-length"]
    )
    assert ask("HEAD", "/api/v1/dags").status == 401


def test_fixed_segments_go_before_parameters() -> None:
    api = Stable()
    assert set(api.get("/dags/conformance_empty/details")) > {"timezone"}
    assert api.call("GET", "/datasets/events").status == 200
    assert api.call("GET", "/eventLogs/007").status == 404


@pytest.mark.parametrize(
    ("version", "headers"), [("2.11", {"cache-control", "x-robots-tag"}), ("2.6", {"x-robots-tag"})]
)
def test_every_answer_has_the_headers_of_its_version(version: str, headers: set[str]) -> None:
    for path in ("/api/v1/version", "/api/v1/dags", "/api/v1/nope", "/nope"):
        found = ask("GET", path, version=version).headers
        assert set(found) & {"cache-control", "x-robots-tag"} == headers


@pytest.mark.parametrize(("version", "name"), [("2.11", "vary"), ("2.6", "set-cookie")])
def test_what_looks_at_the_session_says_so(version: str, name: str) -> None:
    assert name in ask("GET", "/api/v1/nope", version=version).headers
    assert name in ask("GET", "/nope", version=version).headers
    assert name not in ask("GET", "/api/v1/version", version=version).headers
    assert name not in ask("PUT", "/health", version=version).headers


# ---- the order of what is looked at ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/pools?x=1", b"{", 405),
        ("POST", "/pools?x=1", b"{", 400),
        ("PATCH", "/pools/x?x=1", b'{"slots": "x"}', 400),
        ("GET", "/dags?limit=-1", b"", 401),
        ("GET", "/dags/nope", b"", 401),
        ("POST", "/pools", b"{}", 401),
        ("GET", "/dags?offset=99999999999999999999", b"", 401),
    ],
)
def test_validation_goes_before_authentication(method: str, path: str, body: bytes, status: int) -> None:
    headers = {"content_type": "application/json"} if body else {}
    assert ask(method, f"/api/v1{path}", body, **headers).status == status


def test_the_body_goes_before_the_query() -> None:
    reply = ask("PATCH", "/api/v1/pools/x?x=1", {"slots": "x"})
    assert refused(reply, 400) == ("Bad Request", "'x' is not of type 'integer' - 'slots'")


# ---- queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "abc", "1.0", "1e2", "true", "null", "%20"])
def test_no_integer(text: str) -> None:
    reply = ask("GET", f"/api/v1/dags?limit={text}")
    assert refused(reply, 400) == ("Bad Request", "Wrong type, expected 'integer' for query parameter 'limit'")


@pytest.mark.parametrize(
    ("query", "count"),
    [("%2B2", 2), ("%202", 2), ("1_0", 10), ("2%20", 2), ("1&limit=2", 2), ("abc&limit=3", 3), ("%D9%A3", 3)],
)
def test_integers_as_python_reads_them_and_the_last_counts(query: str, count: int) -> None:
    assert len(Stable().get(f"/dags?limit={query}")["dags"]) == count


@pytest.mark.parametrize(("text", "status"), [("true", 200), ("TRUE", 200), ("False", 200), ("1", 400), ("null", 400)])
def test_booleans(text: str, status: int) -> None:
    assert Stable().call("GET", f"/dags?only_active={text}").status == status


def test_unknown_parameters() -> None:
    assert refused(ask("GET", "/api/v1/dags?foo&limit=x&bar=1"), 400) == (
        None,
        "Extra query parameter(s) foo, bar not in spec",
    )


@pytest.mark.parametrize("path", ["/version", "/health", "/providers"])
def test_an_operation_without_parameters_looks_at_none(path: str) -> None:
    assert Stable().call("GET", f"{path}?foo=1&limit=abc").status == 200


def test_required_parameters() -> None:
    assert refused(ask("GET", "/api/v1/dagStats"), 400) == ("Bad Request", "Missing query parameter 'dag_ids'")


@pytest.mark.parametrize(
    ("version", "schema"), [("2.6", "{'minimum': 0, 'type': 'integer'}"), ("2.11", "{'type': 'integer', 'minimum': 0}")]
)
def test_a_value_that_breaks_its_schema_is_told_at_length(version: str, schema: str) -> None:
    text = "-1 is less than the minimum of 0\n\nFailed validating 'minimum' in schema:\n"
    reply = ask("GET", "/api/v1/dags?offset=-1", version=version)
    assert refused(reply, 400)[1] == f"{text}    {schema}\n\nOn instance:\n    -1"


@pytest.mark.parametrize(
    "text",
    ["", "2024", "2024-01-01", "2024-01-01T00:00:00", "2024-02-30T00:00:00Z", "2024-01-01%2000:00:00Z",
     "2024-01-01T24:00:00Z", "2024-01-01T00:00:00+00:00", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00%2B24:00"],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert " is not a 'date-time'\n\n" in refused(ask("GET", f"/api/v1/dags/~/dagRuns?end_date_gte={text}"), 400)[1]


def test_dates_before_they_were_checked() -> None:
    api = Stable("2.2")
    for fine in ("2024-01-01", "2024", "2024-01-01T00:00:00+00:00"):
        assert api.call("GET", f"/dags/~/dagRuns?end_date_gte={fine}").status == 200
    reply = api.call("GET", "/dags/~/dagRuns?end_date_gte=abc")
    assert (reply.status, reply.body["title"]) == (400, "Incorrect datetime argument")
    assert ask("GET", "/api/v1/dags/~/dagRuns?end_date_gte=abc", version="2.2").status == 401
    assert ask("GET", "/api/v1/dags/x/dagRuns/x/taskInstances?end_date_gte=abc", version="2.2").status == 400
    assert ask("GET", "/api/v1/dags/x/dagRuns/x/taskInstances?end_date_gte=", version="2.2").status == 500
    assert ask("GET", "/api/v1/dags/x/dagRuns?end_date_gte=", version="2.2").status == 401


@pytest.mark.parametrize(("version", "shown"), [("2.11", "%FF%C3"), ("2.6", "\ufffd\ufffd")])
def test_bytes_that_are_no_utf_8(version: str, shown: str) -> None:
    reply = ask("GET", "/api/v1/dags/~/dagRuns?end_date_gte=%FF%C3", version=version)
    assert refused(reply, 400)[1].startswith(f"'{shown}' is not a 'date-time'")


BREAKING = [
    "/dags?offset=99999999999999999999",
    "/eventLogs/99999999999999999999",
    "/dags/~/dagRuns?end_date_gte=0001-01-01T00:00:00%2B23:00",
    "/dags/~/dagRuns/~/taskInstances?limit=99999999999999999999",
]


@pytest.mark.parametrize("path", BREAKING)
def test_what_the_database_cannot_hold_breaks_airflow(path: str) -> None:
    reply = Stable().call("GET", path)
    assert (reply.status, reply.media) == (500, "text/html; charset=utf-8")
    assert "Ooops" in reply.text


@pytest.mark.parametrize("path", BREAKING[:3])
def test_and_is_refused_where_the_documents_are_followed(path: str) -> None:
    assert Stable(follow="documents").call("GET", path).status == 400


# ---- bodies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "media", ["text/plain", "", "text/json", "application/xml", "application/x-www-form-urlencoded"]
)
def test_media_types_that_are_not_json(media: str) -> None:
    reply = ask("POST", "/api/v1/pools", b"{}", content_type=media)
    assert refused(reply, 415) == ("Unsupported Media Type", f"Invalid Content-type ({media}), expected JSON data")
    assert reply.json["type"] == "about:blank"


@pytest.mark.parametrize("media", ["application/json;charset=utf-8", "APPLICATION/JSON", "application/vnd.api+json"])
def test_media_types_that_are_json(media: str) -> None:
    assert ask("POST", "/api/v1/pools", b"{}", content_type=media).status == 401


@pytest.mark.parametrize("raw", [b"{", b"null", b"\xff\xfe", b"nan"])
def test_no_json(raw: bytes) -> None:
    reply = ask("POST", "/api/v1/pools", raw, content_type="application/json")
    assert refused(reply, 400) == ("Bad Request", "Request body is not valid JSON")


@pytest.mark.parametrize(
    ("version", "text"), [("2.2", "None is not of type 'object'"), ("2.11", "Request body must not be empty")]
)
def test_no_body(version: str, text: str) -> None:
    assert refused(ask("POST", "/api/v1/pools", version=version), 400)[1] == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ([], "[] is not of type 'object'"),
        ({"name": 1}, "1 is not of type 'string' - 'name'"),
        ({"slots": True}, "True is not of type 'integer' - 'slots'"),
        ({"slots": 1.0}, "1.0 is not of type 'integer' - 'slots'"),
        ({"slots": None}, "None is not of type 'integer' - 'slots'"),
        ({"occupied_slots": 1}, "Property is read-only - 'occupied_slots'"),
        ({"occupied_slots": "x"}, "'x' is not of type 'integer' - 'occupied_slots'"),
    ],
)
def test_bodies_that_break_their_schema(body: Any, text: str) -> None:
    assert refused(ask("POST", "/api/v1/pools", body), 400) == ("Bad Request", text)


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        ("/dags/~/dagRuns/list", {"page_limit": 0}, "0 is less than the minimum of 1 - 'page_limit'"),
        ("/dags/~/dagRuns/list", {"dag_ids": ["x", 1]}, "1 is not of type 'string' - 'dag_ids.1'"),
        ("/dags/~/dagRuns/list", {"end_date_lte": "2024"}, "'2024' is not a 'date-time' - 'end_date_lte'"),
        ("/datasets/events", {}, "'dataset_uri' is a required property"),
        ("/dags/x/clearTaskInstances", {"task_ids": []}, "[] should be non-empty - 'task_ids'"),
        ("/dags/x/updateTaskInstancesState", {"new_state": "x"},
         "'x' is not one of ['success', 'failed', 'skipped'] - 'new_state'"),
        ("/connections", {"port": "x"}, "'x' is not of type 'integer' - 'port'"),
    ],
)  # fmt: skip
def test_the_way_to_what_is_wrong(path: str, body: Any, text: str) -> None:
    assert refused(ask("POST", f"/api/v1{path}", body), 400)[1] == text


def test_null_where_it_may_be() -> None:
    assert ask("POST", "/api/v1/connections", {"port": None, "connection_id": "x", "conn_type": "http"}).status == 401


@pytest.mark.parametrize(("version", "status"), [("2.11", 400), ("2.6", 404)])
def test_the_event_log_reads_a_body_that_nobody_wants(version: str, status: int) -> None:
    reply = Stable(version).call("DELETE", "/pools/nope", raw=b"{")
    assert (reply.status, (reply.media or "").startswith("text/html")) == (status, status == 400)
    assert ask("DELETE", "/api/v1/pools/nope", b"{", version=version, content_type="application/json").status == 401


def _parts(text: str) -> Iterable[str]:
    return [f'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n{text}\r\n--b--\r\n']


@pytest.mark.parametrize(("version", "status"), [("2.11", 415), ("2.6", 400)])
def test_a_body_of_parts(version: str, status: int) -> None:
    raw = "".join(_parts("x")).encode()
    assert ask("POST", "/api/v1/pools", raw, version=version, content_type="multipart/form-data").status == status


def test_the_type_of_a_problem_names_the_release() -> None:
    assert ask("GET", "/api/v1/dags").json["type"] == (
        "https://airflow.apache.org/docs/apache-airflow/2.11.2/stable-rest-api-ref.html#section/Errors/Unauthenticated"
    )
    reply = send(application("airflow-2-basic", "airflow=2.11.0"), "GET", "/api/v1/dags")
    assert "/2.11.0/" in reply.json["type"]


def test_the_document() -> None:
    reply = ask("GET", "/api/v1/openapi.json")
    assert reply.json["servers"] == [{"url": "/api/v1"}]
    assert {"/dags", "/pools/{pool_name}"} <= set(reply.json["paths"])
    shown = ask("GET", "/api/v1/openapi.yaml")
    assert (shown.status, shown.headers["content-type"]) == (200, "text/yaml")
    assert ask("GET", "/api/v1/ui/").status == 200


def test_what_stands_open() -> None:
    assert {ask("GET", path).status for path in ("/api/v1/version", "/api/v1/health", "/health")} == {200}
    basic = b64encode(b"admin:admin").decode()
    assert ask("GET", "/api/v1/pools", authorization=f"Basic {basic}").status == 200
