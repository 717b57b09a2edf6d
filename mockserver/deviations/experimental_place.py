"""Faults of the experimental API in where it is, what is beside it, and what is told or done on the way to it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.auth.backends import Verdict
from mockserver.auth.sessions import cookie
from mockserver.deviations import EXPERIMENTAL, deviation, wrap
from mockserver.deviations.conditions import asking, denying, letting_in, proving, with_password
from mockserver.deviations.experimental_auth import (
    REFUSED,
    Judge,
    Serve,
    done_though_refused,
    judging,
    letting,
    refusing,
    serving,
    tells,
)
from mockserver.errors import Crash
from mockserver.experimental import PREFIX, pages
from mockserver.operations import Answer
from mockserver.request import Request

if TYPE_CHECKING:
    from specs.contract import Operation

Respond = Callable[[Request], Answer]
#: The key that Airflow 1.10 is shipped with, and what Flask mixes into it for its sessions.
_KEY, _SALT = b"temporary_key", b"cookie-session"


def _routing(mock: Any, change: Callable[[Request], str | None]) -> None:
    """Let a request be taken for one of another path, where `change` names one."""

    def answer(original: Respond, request: Request) -> Answer:
        request.path = change(request) or request.path
        return original(request)

    wrap(mock, "answer", answer)


# ---- what is there ---------------------------------------------------------------------------------------------------


@deviation(
    "experimental-no-latest-runs",
    breaks=["EXP-API-001"],
    apis=EXPERIMENTAL,
    sentence="There are no latest runs.",
)
def no_latest_runs(mock: Any) -> None:
    """Lead it nowhere."""
    _routing(mock, lambda request: f"{PREFIX}/nowhere" if request.path == f"{PREFIX}/latest_runs" else None)


@deviation(
    "experimental-pools-cannot-be-deleted",
    breaks=["EXP-API-001"],
    apis=EXPERIMENTAL,
    sentence="DELETE is no method of a pool.",
)
def pools_cannot_be_deleted(mock: Any) -> None:
    """Refuse the method before anything else."""

    def answer(original: Respond, request: Request) -> Answer:
        wrong = request.method == "DELETE" and request.path.startswith(f"{PREFIX}/pools/")
        return pages.wrong_method(mock.experimental.traits, "GET, HEAD, OPTIONS") if wrong else original(request)

    wrap(mock, "answer", answer)


@deviation(
    "experimental-without-its-prefix",
    breaks=["EXP-API-003"],
    apis=EXPERIMENTAL,
    sentence="The API is below /experimental, too.",
)
def without_its_prefix(mock: Any) -> None:
    """Add the first segment where it is missing."""
    _routing(mock, lambda request: f"/api{request.path}" if request.path.startswith("/experimental/") else None)


@deviation(
    "experimental-goes-on-behind",
    breaks=["EXP-API-003"],
    apis=EXPERIMENTAL,
    sentence="What stands behind the path of the operation test is not looked at.",
)
def goes_on_behind(mock: Any) -> None:
    """Compare the beginning of a path."""
    _routing(mock, lambda request: f"{PREFIX}/test" if request.path.startswith(f"{PREFIX}/test/") else None)


@deviation(
    "experimental-takes-any-method",
    breaks=["EXP-API-003"],
    apis=EXPERIMENTAL,
    sentence="The operation test is answered to any method.",
)
def takes_any_method(mock: Any) -> None:
    """Do not look at the method."""
    views = {one.path: one for one in mock.experimental.interface.operations.values()}

    def answer(original: Respond, request: Request) -> Answer:
        if request.path == f"{PREFIX}/test" and request.method not in ("OPTIONS", "HEAD"):
            served: Answer = mock.experimental.serve(views[request.path], request)
            return served
        return original(request)

    wrap(mock, "answer", answer)


@deviation(
    "experimental-asks-first",
    breaks=["EXP-API-003"],
    applies=proving,
    apis=EXPERIMENTAL,
    sentence="Who proves nothing is refused below /dags/ on paths that are not there, too.",
)
def asks_first(mock: Any) -> None:
    """Look at the proof before the path."""

    def answer(original: Respond, request: Request) -> Answer:
        nothing = request.path.startswith(f"{PREFIX}/dags/") and not mock.routes.methods(request.path)
        return pages.refusal(401) if nothing and not tells(request) else original(request)

    wrap(mock, "answer", answer)


# ---- what is told and done -------------------------------------------------------------------------------------------


@deviation(
    "experimental-undocumented-open",
    breaks=["EXP-AUTH-002", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="What the document does not name, such as the source code of a DAG, is answered to anybody.",
)
def undocumented_open(mock: Any) -> None:
    """Guard what is written down."""
    letting(mock, lambda operation, _: not operation.documented)


@deviation(
    "experimental-refusals-tell",
    breaks=["EXP-AUTH-002", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="A refused GET of pools or runs has the status of a refusal, and in its body what was asked for.",
)
def refusals_tell(mock: Any) -> None:
    """Change the status alone."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        answer = original(operation, request)
        if answer.status not in REFUSED or operation.id not in ("get_pools", "get_pool", "dag_runs"):
            return answer
        told = mock.experimental.operate(operation, request)
        return replace(answer, body=told.body, media=told.media)

    serving(mock, serve)


@deviation(
    "experimental-refused-run-made",
    breaks=["EXP-AUTH-003"],
    applies=proving,
    apis=EXPERIMENTAL,
    sentence="Who is not let in is refused, but the run that they posted is made.",
)
def refused_run_made(mock: Any) -> None:
    """Write first."""
    done_though_refused(mock, "trigger_dag")


@deviation(
    "experimental-refused-head-pauses",
    breaks=["EXP-AUTH-003", "EXP-AUTH-005"],
    applies=proving,
    apis=EXPERIMENTAL,
    sentence="Who is not let in is refused, but their HEAD pauses or unpauses a DAG.",
)
def refused_head_pauses(mock: Any) -> None:
    """Take HEAD for a question."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        if operation.id == "dag_paused" and request.method == "HEAD":
            mock.experimental.operate(operation, request)
        return original(operation, request)

    serving(mock, serve)


@deviation(
    "experimental-web-sessions-count",
    breaks=["EXP-AUTH-001", "EXP-DENY-002"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="Who is logged in to the web interface is let in.",
)
def web_sessions_count(mock: Any) -> None:
    """Look at the session: that of Airflow 2, or Flask's own as Airflow 1.10 signs it when it is left as shipped."""
    sessions = mock.experimental.guard.sessions

    def known(_: Operation, request: Request) -> bool:
        if sessions is None:
            return _signed(cookie(request) or "")
        return sessions.user(sessions.of(request)) is not None

    letting(mock, known)


def _signed(value: str) -> bool:
    text, _, signature = value.rpartition(".")
    key = hmac.digest(_KEY, _SALT, hashlib.sha1)
    wanted = base64.urlsafe_b64encode(hmac.digest(key, text.encode(), hashlib.sha1)).rstrip(b"=")
    return hmac.compare_digest(signature.encode(), wanted)


@deviation(
    "experimental-long-headers-break",
    breaks=["EXP-AUTH-004"],
    applies=denying,
    apis=EXPERIMENTAL,
    sentence="An Authorization header of more than eight kilobytes breaks the server down.",
)
def long_headers_break(mock: Any) -> None:
    """Have no limit to refuse it for."""

    def judge(original: Judge, request: Request) -> Verdict:
        if len(tells(request)) > 8190:
            raise Crash("a header that is too long")
        return original(request)

    judging(mock, judge)


@deviation(
    "default-answers-tickets-with-a-challenge",
    breaks=["EXP-OPEN-002"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="With the backend default who sends a ticket that is none is asked for a better one.",
)
def default_answers_tickets(mock: Any) -> None:
    """Go on with what another backend does."""
    challenge = Verdict(401, (("www-authenticate", "Negotiate"),))
    refusing(mock, challenge, lambda _, request: tells(request).lower().startswith("negotiate "))


@deviation(
    "experimental-head-closed-to-passwords",
    breaks=["EXP-PASSWORD-001"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="The right name and password do not open HEAD.",
)
def head_closed_to_passwords(mock: Any) -> None:
    """Know the methods by name."""
    refusing(mock, Verdict(403), lambda _, request: request.method == "HEAD" and bool(tells(request)))
