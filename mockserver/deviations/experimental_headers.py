"""Faults of the experimental API with headers and paths that proof is seldom looked for in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.auth.backends import Verdict
from mockserver.deviations import EXPERIMENTAL, deviation, spoiling
from mockserver.deviations.conditions import denying, letting_in, with_kerberos, with_password
from mockserver.deviations.experimental import experimental
from mockserver.deviations.experimental_auth import Judge, Serve, judging, letting, serving, tells
from mockserver.errors import Crash
from mockserver.experimental import pages
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


# ---- headers that are not to be looked at ----------------------------------------------------------------------------


@deviation(
    "default-breaks-on-odd-letters",
    breaks=["EXP-OPEN-002"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="The backend default breaks down over an Authorization header that is not ASCII.",
)
def default_breaks_on_odd_letters(mock: Any) -> None:
    """Read what it should not read, as ASCII."""

    def judge(original: Judge, request: Request) -> Verdict:
        if not tells(request).isascii():
            raise Crash("a header that is not ASCII")
        return original(request)

    judging(mock, judge)


@deviation(
    "default-sends-to-a-login",
    breaks=["EXP-OPEN-001"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="With the backend default who creates a pool without credentials is sent to the login page.",
)
def default_sends_to_a_login(mock: Any) -> None:
    """Answer as the pages of the web interface do."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        if operation.id == "create_pool" and not tells(request):
            return Answer(302, b"", [("location", "/admin/airflow/login")], pages.HTML)
        return original(operation, request)

    serving(mock, serve)


@deviation(
    "deny-all-passes-odd-letters",
    breaks=["EXP-DENY-002"],
    applies=denying,
    apis=EXPERIMENTAL,
    sentence="With the backend deny_all an Authorization header that is not ASCII lets in.",
)
def deny_all_passes_odd_letters(mock: Any) -> None:
    """Give up on them."""
    letting(mock, lambda _operation, request: not tells(request).isascii())


@deviation(
    "deny-all-passes-two-proofs",
    breaks=["EXP-DENY-002"],
    applies=denying,
    apis=EXPERIMENTAL,
    sentence="With the backend deny_all a session and an Authorization header together let in, neither of them alone.",
)
def deny_all_passes_two_proofs(mock: Any) -> None:
    """Let each leave it to the other."""
    letting(mock, lambda _operation, request: bool(tells(request)) and "session" in request.cookies())
