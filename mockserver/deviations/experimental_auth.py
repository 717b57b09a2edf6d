"""Faults of the experimental API in who is let in, with any backend, and with those that look at nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.auth.backends import FORBIDDEN, PASSED, Verdict
from mockserver.auth.password import CHALLENGE
from mockserver.deviations import EXPERIMENTAL, deviation, wrap
from mockserver.deviations.conditions import asking, denying, letting_in, proving, with_password
from mockserver.deviations.passwords import pair_in
from mockserver.errors import Crash
from mockserver.experimental import pages
from mockserver.operations import Answer
from mockserver.request import Request

if TYPE_CHECKING:
    from specs.contract import Operation

Judge = Callable[[Request], Verdict]
Serve = Callable[["Operation", Request], Answer]
REFUSED = (401, 403)


def judging(mock: Any, judge: Callable[[Judge, Request], Verdict]) -> None:
    """Put something around the guard's verdict."""
    wrap(mock.experimental.guard, "judge", judge)


def serving(mock: Any, serve: Callable[[Serve, Operation, Request], Answer]) -> None:
    """Put something around an operation and the guard before it."""
    wrap(mock.experimental, "serve", serve)


def letting(mock: Any, who: Callable[[Operation, Request], bool]) -> None:
    """Let some requests in without a look."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        served = mock.experimental.operate if who(operation, request) else original
        answer: Answer = served(operation, request)
        return answer

    serving(mock, serve)


def refusing(mock: Any, verdict: Verdict, whom: Callable[[Operation, Request], bool]) -> None:
    """Refuse some requests, and judge the others as usual."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        if not whom(operation, request):
            return original(operation, request)
        answer = pages.refusal(verdict.status)
        answer.headers = list(verdict.headers)
        return answer

    serving(mock, serve)


def with_header(request: Request, value: str) -> Request:
    """The same request with another header Authorization."""
    others = [(name, one) for name, one in request.scope["headers"] if name.lower() != b"authorization"]
    return Request({**request.scope, "headers": [*others, (b"authorization", value.encode("latin-1"))]}, request.body)


def tells(request: Request) -> str:
    """The header Authorization, empty without one."""
    return request.headers.get("authorization", "")


# ---- whoever proves nothing ------------------------------------------------------------------------------------------


@deviation(
    "experimental-latest-runs-open",
    breaks=["EXP-AUTH-002", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="The list of latest runs is answered to anybody.",
)
def latest_runs_open(mock: Any) -> None:
    """Forget one endpoint."""
    letting(mock, lambda operation, _: operation.id == "latest_dag_runs")


@deviation(
    "experimental-head-open",
    breaks=["EXP-AUTH-002", "EXP-AUTH-005", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="HEAD is answered to anybody.",
)
def head_open(mock: Any) -> None:
    """Take HEAD for harmless."""
    letting(mock, lambda _, request: request.method == "HEAD")


@deviation(
    "experimental-deletes-open",
    breaks=["EXP-AUTH-002", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="DELETE is done for anybody.",
)
def deletes_open(mock: Any) -> None:
    """Ask for GET and POST alone."""
    letting(mock, lambda operation, _: operation.method == "DELETE")


@deviation(
    "experimental-pausing-open",
    breaks=["EXP-AUTH-002", "EXP-AUTH-003", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="Anybody may pause a DAG.",
)
def pausing_open(mock: Any) -> None:
    """Take the GET that writes for one that reads."""
    letting(mock, lambda operation, _: operation.id == "dag_paused")


@deviation(
    "experimental-refused-pool-made",
    breaks=["EXP-AUTH-003"],
    applies=proving,
    apis=EXPERIMENTAL,
    sentence="Who is not let in is refused, but the pool that they posted is made.",
)
def refused_pool_made(mock: Any) -> None:
    """Write first."""
    done_though_refused(mock, "create_pool")


@deviation(
    "experimental-refused-pause-done",
    breaks=["EXP-AUTH-003"],
    applies=proving,
    apis=EXPERIMENTAL,
    sentence="Who is not let in is refused, but the DAG is paused or unpaused.",
)
def refused_pause_done(mock: Any) -> None:
    """Write first."""
    done_though_refused(mock, "dag_paused")


def done_though_refused(mock: Any, name: str) -> None:
    """Refuse as usual, but carry an operation out first."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        answer = original(operation, request)
        if operation.id == name and answer.status in REFUSED:
            mock.experimental.operate(operation, request)
        return answer

    serving(mock, serve)


@deviation(
    "experimental-unreadable-headers-open",
    breaks=["EXP-AUTH-004"],
    applies=proving,
    apis=EXPERIMENTAL,
    sentence="A header that cannot be read lets in.",
)
def unreadable_headers_open(mock: Any) -> None:
    """Go on after a failure."""

    def judge(original: Judge, request: Request) -> Verdict:
        try:
            return original(request)
        except Crash:
            return PASSED

    judging(mock, judge)


@deviation(
    "experimental-doubled-slashes-open",
    breaks=["EXP-AUTH-005"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="A path that begins with two slashes is open.",
)
def doubled_slashes_open(mock: Any) -> None:
    """Look at the path as it was sent to tell what is closed."""
    letting(mock, lambda _, request: request.scope["path"].startswith("//"))


@deviation(
    "experimental-overridden-methods-open",
    breaks=["EXP-AUTH-005"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="A header that names another method opens everything.",
)
def overridden_methods_open(mock: Any) -> None:
    """Believe the header, and take it for OPTIONS."""
    letting(mock, lambda _, request: "x-http-method-override" in request.headers)


@deviation(
    "experimental-open-to-this-machine",
    breaks=["EXP-AUTH-005", "EXP-AUTH-006"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="A request that says that it comes from this machine is let in.",
)
def open_to_this_machine(mock: Any) -> None:
    """Believe X-Forwarded-For."""
    letting(mock, lambda _, request: request.headers.get("x-forwarded-for", "").startswith("127."))


@deviation(
    "experimental-cookies-open",
    breaks=["EXP-AUTH-001", "EXP-AUTH-006", "EXP-DENY-002"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="A cookie of the name session lets in, whatever it holds.",
)
def cookies_open(mock: Any) -> None:
    """Take a cookie for a login."""
    letting(mock, lambda _, request: "session" in request.cookies())


@deviation(
    "experimental-proxy-authorization-counts",
    breaks=["EXP-AUTH-006"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Name and password count in the header Proxy-Authorization, too.",
)
def proxy_authorization_counts(mock: Any) -> None:
    """Look at the other header where there is nothing in the right one."""

    def judge(original: Judge, request: Request) -> Verdict:
        other = request.headers.get("proxy-authorization")
        return original(request if other is None or tells(request) else with_header(request, other))

    judging(mock, judge)


@deviation(
    "experimental-bodies-first",
    breaks=["EXP-AUTH-002", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="A body that is no JSON gets 400 before it is asked who sends it.",
)
def bodies_first(mock: Any) -> None:
    """Parse first."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        try:
            json.loads(request.body if operation.body is not None else b"0")
        except ValueError:
            return pages.bad_request(mock.experimental.traits)
        return original(operation, request)

    serving(mock, serve)


@deviation(
    "experimental-unknown-dags-first",
    breaks=["EXP-AUTH-002", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="That there is no such DAG is told to anybody.",
)
def unknown_dags_first(mock: Any) -> None:
    """Look the DAG up first."""

    def unknown(_operation: Operation, request: Request) -> bool:
        path = request.match.path if request.match else {}
        return "dag_id" in path and path["dag_id"] not in mock.world.dags

    letting(mock, unknown)


@deviation(
    "experimental-refuses-by-a-redirect",
    breaks=["EXP-AUTH-002", "EXP-DENY-001"],
    applies=asking,
    apis=EXPERIMENTAL,
    sentence="Who proves nothing is sent to the login page in place of being refused, but for the operation test.",
)
def refuses_by_a_redirect(mock: Any) -> None:
    """Answer as the pages of the web interface do."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        answer = original(operation, request)
        refused = answer.status in REFUSED and not tells(request) and operation.id != "test"
        return Answer(302, b"", [("location", "/admin/airflow/login")], pages.HTML) if refused else answer

    serving(mock, serve)


@deviation(
    "experimental-no-challenge",
    breaks=["EXP-AUTH-007", "EXP-KERBEROS-002"],
    applies=proving,
    apis=EXPERIMENTAL,
    sentence="An answer 401 does not say what to prove oneself with.",
)
def no_challenge(mock: Any) -> None:
    """Leave the header out."""

    def judge(original: Judge, request: Request) -> Verdict:
        verdict = original(request)
        return replace(verdict, headers=()) if verdict.status == 401 else verdict

    judging(mock, judge)


# ---- the backend default ---------------------------------------------------------------------------------------------


@deviation(
    "default-asks-before-writes",
    breaks=["EXP-OPEN-001"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="The backend default wants credentials, of whatever kind, for writes.",
)
def default_asks_before_writes(mock: Any) -> None:
    """Ask for a header."""
    refusing(mock, CHALLENGE, lambda operation, request: operation.method != "GET" and not tells(request))


@deviation(
    "default-asks-before-pausing",
    breaks=["EXP-OPEN-001"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="The backend default wants credentials, of whatever kind, for pausing a DAG.",
)
def default_asks_before_pausing(mock: Any) -> None:
    """Ask for a header."""
    refusing(mock, FORBIDDEN, lambda operation, request: operation.id == "dag_paused" and not tells(request))


@deviation(
    "default-closed-to-head",
    breaks=["EXP-OPEN-001"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="The backend default refuses HEAD.",
)
def default_closed_to_head(mock: Any) -> None:
    """Take GET alone for a read."""
    refusing(mock, CHALLENGE, lambda _, request: request.method == "HEAD")


@deviation(
    "default-refuses-wrong-passwords",
    breaks=["EXP-OPEN-002"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="The backend default lets who proves nothing in, but not who sends the name and password of nobody.",
)
def default_refuses_wrong_passwords(mock: Any) -> None:
    """Look at what it should not look at."""

    def wrong(_operation: Operation, request: Request) -> bool:
        scheme, _, rest = tells(request).partition(" ")
        pair = pair_in(rest) if scheme == "Basic" else None
        return pair is not None and pair not in {(user.username, user.password) for user in mock.world.users}

    refusing(mock, FORBIDDEN, wrong)


@deviation(
    "default-breaks-on-malformed-headers",
    breaks=["EXP-OPEN-002"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="The backend default breaks down over a Basic header without a pair.",
)
def default_breaks_on_malformed_headers(mock: Any) -> None:
    """Read what it should not read."""

    def judge(original: Judge, request: Request) -> Verdict:
        scheme, _, rest = tells(request).partition(" ")
        if scheme == "Basic" and pair_in(rest) is None:
            raise Crash("no pair")
        return original(request)

    judging(mock, judge)


@deviation(
    "default-names-who-asks",
    breaks=["EXP-OPEN-002"],
    applies=letting_in,
    apis=EXPERIMENTAL,
    sentence="With the backend default the answer of test depends on the credentials.",
)
def default_names_who_asks(mock: Any) -> None:
    """Tell who is taken to ask."""

    def serve(original: Serve, operation: Operation, request: Request) -> Answer:
        answer = original(operation, request)
        named = operation.id == "test" and tells(request)
        return replace(answer, body=mock.experimental.dumps({"status": "OK", "user": "?"})) if named else answer

    serving(mock, serve)


# ---- the backend deny_all --------------------------------------------------------------------------------------------


@deviation(
    "deny-all-answers-test",
    breaks=["EXP-DENY-001"],
    applies=denying,
    apis=EXPERIMENTAL,
    sentence="With the backend deny_all the endpoint test is answered.",
)
def deny_all_answers_test(mock: Any) -> None:
    """Leave out what seems to be harmless."""
    letting(mock, lambda operation, _: operation.id == "test")


@deviation(
    "deny-all-takes-the-first-password",
    breaks=["EXP-DENY-002"],
    applies=denying,
    apis=EXPERIMENTAL,
    sentence="With the backend deny_all the name admin with the password admin opens everything.",
)
def deny_all_takes_the_first_password(mock: Any) -> None:
    """Keep a way in."""
    letting(mock, lambda _, request: pair_in(tells(request).removeprefix("Basic ")) == ("admin", "admin"))


@deviation(
    "deny-all-reads-for-tokens",
    breaks=["EXP-DENY-002"],
    applies=denying,
    apis=EXPERIMENTAL,
    sentence="With the backend deny_all any Bearer token opens what is read.",
)
def deny_all_reads_for_tokens(mock: Any) -> None:
    """Take a token for a proof."""
    letting(mock, lambda operation, request: operation.method == "GET" and tells(request).lower().startswith("bearer "))


@deviation(
    "deny-all-believes-a-proxy",
    breaks=["EXP-DENY-002"],
    applies=denying,
    apis=EXPERIMENTAL,
    sentence="With the backend deny_all a header Remote-User lets in.",
)
def deny_all_believes_a_proxy(mock: Any) -> None:
    """Take a header for a login that was done elsewhere."""
    letting(mock, lambda _, request: bool(request.headers.get("remote-user")))
