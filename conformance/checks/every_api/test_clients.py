"""What a client calls itself, and how it says what it sends and takes, makes no difference: anybody is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from conformance.checks.every_api.refusals import guarded, harmless, sampled
from conformance.exchange import Exchange, Headers, NotJson, Request
from conformance.findings import told
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target
from specs.contract import Operation

_GZIP: Final = ("Accept-Encoding", "gzip, deflate")
#: How clients name the charset of what they send (RFC 9110, 8.3.2).
_WITH_CHARSET: Final = ("Content-Type", "application/json; charset=utf-8")
#: As usual clients say it: the commands of the documents, Airflow's own clients, and people's browsers. Some take
#: compressed answers (RFC 9110, 12.5.3).
CLIENTS: Final[Mapping[str, Headers]] = {
    "curl": (("User-Agent", "curl/8.5.0"),),
    "Airflow's client": (("User-Agent", "OpenAPI-Generator/2.10.0/python"), _GZIP),
    "Python's requests": (("User-Agent", "python-requests/2.32.3"), _GZIP),
    "a browser": (("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), _GZIP),
}
SERVER_ERROR = 500
#: So often a difference has to show.
_TIMES = 3


@requirement("PUB-API-001", "STB-API-001", "CMP-API-001", "EXP-API-006", "CMP-API-005")
def test_every_client_reads_the_same(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """What this suite reads has the same status and form for a client that calls itself otherwise."""
    ours = harmless(target, "read", run=True)
    reads = [one for one in guarded(target, operations, proven=True) if not target.guard.writes(one)]
    for number, operation in enumerate(sampled(reads, depth)):
        request = ours.request(operation)
        names = list(CLIENTS)
        for client in names if depth == "deep" else [names[number % len(names)]]:
            _same(target, judge, operation, request, client)


def _same(target: Target, judge: Judge, operation: Operation, request: Request, client: str) -> None:
    """Judge one read. What goes on meanwhile may make a difference once; an error of the server says nothing."""
    called = replace(request, headers=(*request.headers, *CLIENTS[client]))
    for _ in range(_TIMES):
        own, other = target.send(request), target.send(called)
        if _form(own) == _form(other):
            break
    if own.status is None or own.status < SERVER_ERROR:
        wish = f"{operation.id} is to answer {client} as anybody else, with {_form(own)}"
        judge.that(_form(other) == _form(own), _answered(own, other), f"{wish}; it answers with {_form(other)}")


def _answered(*story: Exchange) -> list[Exchange]:
    """What was answered: where others are, an answer that cannot be read is a fault, and no want of an answer."""
    return [each for each in story if each.response]


def _form(exchange: Exchange) -> str:
    """Status, media type, and the names of the members of an answer; what is wrong with one that cannot be read."""
    if exchange.error:
        return exchange.error
    media = exchange.response.media if exchange.response else ""
    try:
        body = exchange.json() if exchange.response else None
    except NotJson:
        body = None
    members = f" and the members {', '.join(sorted(body))}" if isinstance(body, dict) else ""
    return f"{exchange.status} {media}{members}"


@requirement("PUB-API-001", "STB-API-001", "CMP-API-001", "EXP-API-006", "CMP-API-005")
@needs("writes")
def test_every_client_works_on_the_same(target: Target, judge: Judge) -> None:
    """What one client has created another finds, and what it has deleted nobody does."""
    kind = target.kinds["pool"]
    for client, called in CLIENTS.items():
        name = target.new_name("client")
        params = {kind.param: name}
        made = target.call(kind.create, headers=[*called, _WITH_CHARSET], json=kind.body(name))
        for who, headers in (("this suite", ()), (client, called)):
            seen = target.call(kind.get, params=params, headers=headers)
            named = seen.status == 200 and told(seen).get(kind.name_shown) == name
            wish = f"a pool that {client} has created is to be there for {who}"
            judge.that(named, _answered(made, seen) or seen, f"{wish}; the answer was {seen.status}")
        gone = target.call(kind.delete, params=params, headers=called)
        seen = target.call(kind.get, params=params)
        wish = f"a pool that {client} has deleted is to be gone"
        judge.that(seen.status == 404, _answered(gone, seen) or seen, f"{wish}; the answer was {seen.status}")
