"""Faults that only others meet than a conformance suite: clients and names that do not tell of one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from mockserver.deviations import Change, in_both, wrap
from mockserver.deviations.experimental import experimental
from mockserver.deviations.state import kept
from mockserver.errors import PlainError
from mockserver.mock import Mock
from mockserver.operations import Answer, Call, Handler
from mockserver.request import Request
from mockserver.world.pools import DEFAULT

#: How the names begin that a suite may be known by.
_SUITE = "conf"


def in_all(name: str, breaks: str, experimental_breaks: str, sentence: str) -> Callable[[Change], Change]:
    """Declare one change for all APIs."""

    def declare(change: Change) -> Change:
        experimental(name, experimental_breaks, sentence)(change)
        return in_both(name, breaks=breaks, sentence=sentence)(change)

    return declare


def _called(call: Call) -> str:
    """What the client calls itself."""
    return call.headers.get("user-agent", "").lower()


def _named(call: Call) -> str:
    """What a request with a body is about."""
    body = call.body if isinstance(call.body, dict) else {}
    return str(body.get("name") or body.get("key") or body.get("connection_id") or "")


def _lost(mock: Mock, chosen: Callable[[Call], bool]) -> None:
    """Answer the creation of what is chosen, and keep nothing of it."""

    def carry_out(right: Callable[[Handler, Call], Any], handler: Handler, call: Call) -> Any:
        if call.operation.method != "POST" or not chosen(call):
            return right(handler, call)
        act: Callable[[], Any] = partial(right, handler, call)
        for store in (call.world.pools, call.world.variables, call.world.connections):
            act = partial(kept, store, act)
        return act()

    wrap(mock, "carry_out", carry_out)


@in_all("curl-refused", "API-001", "EXP-API-006", "Who calls itself curl is refused, whatever it proves.")
def curl_refused(mock: Mock) -> None:
    """Keep robots out, as some think that they are."""

    def carry_out(right: Callable[[Handler, Call], Any], handler: Handler, call: Call) -> Any:
        if _called(call).startswith("curl"):
            raise PlainError(403, "Forbidden")
        return right(handler, call)

    wrap(mock, "carry_out", carry_out)


@in_all("scripts-forgotten", "API-001", "EXP-API-006", "What Python's requests has created is not there afterwards.")
def scripts_forgotten(mock: Mock) -> None:
    """Keep what other clients create."""
    _lost(mock, lambda call: _called(call).startswith("python-requests"))


@in_all(
    "plain-names-forgotten", "STATE-001", "EXP-POOL-005", "What is created under a name like anybody's is not kept."
)
def plain_names_forgotten(mock: Mock) -> None:
    """Keep only what tells that it is a suite's."""
    _lost(mock, lambda call: bool(_named(call)) and not _named(call).startswith(_SUITE))


@in_all("listed-pool-lost", "API-001", "EXP-API-006", "The pool that comes with Airflow is listed, and not found.")
def listed_pool_lost(mock: Mock) -> None:
    """Find only what was created."""

    def carry_out(right: Callable[[Handler, Call], Any], handler: Handler, call: Call) -> Any:
        if call.operation.id == "get_pool" and DEFAULT in call.path.values():
            raise PlainError(404, "Not Found")
        return right(handler, call)

    wrap(mock, "carry_out", carry_out)


@in_all("charset-refused", "API-001", "EXP-API-006", "A body whose media type names its charset is refused.")
def charset_refused(mock: Mock) -> None:
    """Compare the whole header."""

    def carry_out(right: Callable[[Handler, Call], Any], handler: Handler, call: Call) -> Any:
        if ";" in call.headers.get("content-type", ""):
            raise PlainError(415, "Unsupported Media Type")
        return right(handler, call)

    wrap(mock, "carry_out", carry_out)


@in_all("compressed-badly", "API-001", "EXP-API-006", "Who takes gzip is sent what says that it is, and is not.")
def compressed_badly(mock: Mock) -> None:
    """Forget to compress."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        given = original(request)
        if "gzip" in request.headers.get("accept-encoding", "") and given.body:
            given.headers = [*given.headers, ("content-encoding", "gzip")]
        return given

    wrap(mock, "answer", answer)
