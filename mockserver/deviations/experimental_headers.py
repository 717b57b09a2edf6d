"""Faults of the experimental API with headers and paths that proof is seldom looked for in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.deviations import spoiling
from mockserver.deviations.conditions import with_kerberos, with_password
from mockserver.deviations.experimental import experimental
from mockserver.deviations.experimental_auth import Serve, letting, serving, tells
from mockserver.errors import Crash
from mockserver.operations import Answer
from mockserver.request import Request

if TYPE_CHECKING:
    from specs.contract import Operation


@experimental(
    "kerberos-doubled-header-breaks",
    "EXP-AUTH-004",
    "Two Authorization headers in one request are an error of the server.",
    applies=with_kerberos,
)
def doubled_header_breaks(mock: Any) -> None:
    """Expect one."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        if sum(name == b"authorization" for name, _ in request.scope["headers"]) > 1:
            raise Crash("one header was expected")
        return original(operation, request)

    serving(mock, serve)


@experimental(
    "short-credentials-open", "EXP-AUTH-004", "Credentials of one character are let in.", applies=with_password
)
def short_credentials_open(mock: Any) -> None:
    """Compare as far as it goes."""
    letting(mock, lambda _operation, request: len(tells(request).partition(" ")[2]) == 1)


@experimental("encoded-paths-open", "EXP-AUTH-005", "A path with percent signs needs no proof.", applies=with_password)
def encoded_paths_open(mock: Any) -> None:
    """Compare the raw path with the table of what is protected."""
    letting(mock, lambda _operation, request: b"%" in request.scope.get("raw_path", b""))


@experimental("pair-in-a-form", "EXP-AUTH-006", "Name and password in a form are proof.", applies=with_password)
def pair_in_a_form(mock: Any) -> None:
    """Look for a login in the body."""

    def right(_operation: Operation, request: Request) -> bool:
        name, password = (spoiling.form(request).get(each, "") for each in ("username", "password"))
        return bool(name) and bool(mock.experimental.guard.backend.log_in(name, password))

    letting(mock, right)
