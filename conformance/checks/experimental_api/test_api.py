"""Where the API is, and what is there (experimental-api, "Experimental Rest API")."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks.every_api.refusals import answers, expect, guarded, harmless
from conformance.exchange import Exchange, Request
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from specs.contract import Operation

#: Paths below the API's own at which nothing is; {} stands for a name that nothing has.
NOTHING_THERE = (
    "/{}", "/tests", "/test.json", "/test/{}", "/status", "/version", "/health", "/config", "/variables",
    "/connections", "/users", "/roles", "/tasks", "/runs", "/dag_runs", "/dags", "/dags/{}", "/dags/{}/{}",
    "/dags/{}/tasks", "/dags/{}/tasks/{}/{}", "/dags/{}/dag_runs/2000-01-01T00:00:00/tasks",
    "/dags/{}/dag_runs/2000-01-01T00:00:00/{}", "/dags/{}/pause", "/dags/{}/paused/true/{}", "/dags/{}/code/{}",
    "/latest_runs/{}", "/pools/{}/{}", "/pool", "/pool/{}", "/v1/test", "/v1/pools", "/openapi.json", "/swagger.json",
    "/ui", "/..%2Fexperimental",
)  # fmt: skip
#: Paths outside of it at which there is none of it; {} stands for the last part of an operation's path.
ELSEWHERE = (
    "/{}", "/api/{}", "/experimental/{}", "/api/v1/experimental/{}", "/api/experimental/v1/{}", "/api/v0/{}",
    "/api/experimental2/{}", "/api/experimental/experimental/{}", "/api/experimental/api/{}",
    "/airflow/api/experimental/{}", "/admin/api/experimental/{}", "/api/{}/experimental", "/rest_api/api/{}",
)  # fmt: skip
#: Methods that no operation on these paths has.
METHODS = ("POST", "PUT", "PATCH", "DELETE")
ABSENT = (404, 405)
#: What says that there is no such path; that there is no such thing is said in JSON.
_PAGE = (404, "text/html")


@requirement("EXP-API-001")
def test_each_operation_is_there(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """What the document names is answered otherwise than a path that is not there, and its method is taken."""
    ours = harmless(target, "there")
    role = "admin" if target.drivers else None
    asked = [one for one in guarded(target, operations, proven=True) if one.documented]
    nowhere = _nowhere(target, role)
    for operation, exchange in zip(asked, answers(target, _requests(ours, asked, role)), strict=True):
        there = exchange.status != 405 and _kind(exchange) not in (nowhere, _PAGE)
        expect(judge, there, exchange, f"{operation.method} {operation.path} is to be there")


@requirement("EXP-API-003")
def test_nothing_else_is_there(target: Target, judge: Judge) -> None:
    """Paths and methods that neither document nor contract have are not found, by somebody and by nobody."""
    name = target.new_name("nothing")
    for role in dict.fromkeys((None, *target.roles[:1])) if target.drivers else (None,):
        for exchange in target.all(_strange(target, name, role)):
            request = exchange.request
            ok = exchange.status in ABSENT
            expect(judge, ok, exchange, f"{request.method} {request.path} is in no document and not to be found")


@requirement("EXP-API-003")
def test_it_is_nowhere_else(target: Target, judge: Judge) -> None:
    """No operation is answered at another place than below /api/experimental/."""
    role = "admin" if target.drivers else None
    for last in ("test", "pools/default_pool"):
        straight = target.call("GET", f"{target.api.prefix}/{last}", role=role)
        for exchange in target.all(target.request("GET", path.format(last), role=role) for path in ELSEWHERE):
            ok = exchange.status == 404 or _content(exchange) != _content(straight)
            expect(judge, ok, exchange, f"{exchange.request.path} is not one of its paths; it is answered as one")


def _requests(ours: Harmless, asked: list[Operation], role: str | None) -> list[Request]:
    return [ours.request(one, role=role) for one in asked]


def _strange(target: Target, name: str, role: str | None) -> Iterator[Request]:
    prefix = target.api.prefix
    for path in NOTHING_THERE:
        yield target.request("GET", prefix + path.replace("{}", name), role=role)
    if target.guard.why_not:
        return  # a run that must not write tries no other method
    for method in METHODS:
        for path in ("/{}", "/test/{}", "/pools/{}/{}", "/dags/{}/dag_runs/{}/{}/{}"):
            yield target.request(method, prefix + path.replace("{}", name), role=role)
        yield target.request(method, f"{prefix}/test", role=role)
    for method in ("PUT", "PATCH", "POST"):
        yield target.request(method, f"{prefix}/pools/{name}", role=role)


def _nowhere(target: Target, role: str | None) -> tuple[int | None, str]:
    return _kind(target.call("GET", f"{target.api.prefix}/{target.new_name('nowhere')}", role=role))


def _kind(exchange: Exchange) -> tuple[int | None, str]:
    """What tells one sort of answer from another: its status and its media type."""
    return exchange.status, exchange.response.media if exchange.response else ""


def _content(exchange: Exchange) -> tuple[object, ...]:
    return (*_kind(exchange), exchange.response.body if exchange.response else b"")
