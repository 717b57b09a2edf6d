"""Faults of Airflow 2 in trying the backends in turn, and in who is let in without any."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from mockserver.auth.backends import Verdict, Visit
from mockserver.auth.visitor import Visitor
from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import (
    logging,
    opened,
    public_grants,
    refusing,
    several,
    shown_config,
    with_basic,
    with_own,
    with_session,
)
from mockserver.deviations.passwords import pair_in
from mockserver.errors import ApiError, Crash

if TYPE_CHECKING:
    from mockserver.operations import Answer, Call
    from mockserver.request import Request
    from mockserver.routing import Match
    from mockserver.stable import StableMock
    from specs.contract import Operation

Find = Callable[["Request"], Visitor]
Judge = Callable[[Visit], Verdict]


def _as(mock: StableMock, name: str = "admin") -> Visitor:
    return next(Visitor.known(user) for user in mock.world.users if user.username == name)


def _admit(mock: StableMock, fits: Callable[[Request], bool], name: str = "admin") -> None:
    """Let requests in, as this user's, that nobody lets in but for which `fits` holds."""

    def user(original: Find, request: Request) -> Visitor:
        try:
            found = original(request)
        except ApiError:
            if fits(request):
                return _as(mock, name)
            raise
        return _as(mock, name) if not found.name and fits(request) else found

    wrap(mock.auth, "user", user)


def _about(*operations: str) -> Callable[[Request], bool]:
    return lambda request: request.match is not None and getattr(request.match.target, "id", None) in operations


# ---- in turn ---------------------------------------------------------------------------------------------------------


@deviation(
    "first-backend-only",
    breaks=["STB-CHAIN-001", "STB-CHAIN-002"],
    apis=STABLE,
    applies=several,
    sentence="Only the first of several backends is asked.",
)
def first_backend_only(mock: StableMock) -> None:
    """Forget the others."""
    mock.auth.backends = mock.auth.backends[:1]


@deviation(
    "last-backend-decides",
    breaks=["STB-CHAIN-004"],
    apis=STABLE,
    applies=several,
    sentence="Of good proof for two backends it is that for the last which counts.",
)
def last_backend_decides(mock: StableMock) -> None:
    """Turn the order round."""
    mock.auth.backends = mock.auth.backends[::-1]


@deviation(
    "wrong-basic-spoils-a-session",
    breaks=["STB-CHAIN-002"],
    apis=STABLE,
    applies=several,
    sentence="Basic credentials that are wrong are refused although a good session comes with them.",
)
def wrong_basic_spoils_a_session(mock: StableMock) -> None:
    """Look at the header first, and last."""

    def judge(original: Judge, visit: Visit) -> Verdict:
        scheme, _, rest = visit.request.headers.get("authorization", "").partition(" ")
        pair = pair_in(rest) if scheme.lower() == "basic" else None
        wrong = pair is not None and mock.auth.accounts.log_in(*pair) is None
        return Verdict(401, (("www-authenticate", "Basic"),)) if wrong else original(visit)

    wrap(mock.auth, "_judge", judge)


@deviation(
    "any-header-spoils-a-session",
    breaks=["STB-CHAIN-002"],
    apis=STABLE,
    applies=several,
    sentence="A session does not count in a request with a header of the scheme Negotiate.",
)
def any_header_spoils_a_session(mock: StableMock) -> None:
    """Take the request for another backend's."""

    def judge(original: Judge, visit: Visit) -> Verdict:
        negotiating = visit.request.headers.get("authorization", "").lower().startswith("negotiate")
        return Verdict(401) if negotiating else original(visit)

    wrap(mock.auth, "_judge", judge)


@deviation(
    "bad-session-spoils-basic",
    breaks=["STB-CHAIN-002"],
    apis=STABLE,
    applies=several,
    sentence="A session that is not good is refused although right Basic credentials come with it.",
)
def bad_session_spoils_basic(mock: StableMock) -> None:
    """Refuse before the next backend is asked."""

    def judge(original: Judge, visit: Visit) -> Verdict:
        bad = "cookie" in visit.request.headers and visit.account is None
        return Verdict(401) if bad else original(visit)

    wrap(mock.auth, "_judge", judge)


@deviation(
    "two-wrongs-make-a-right",
    breaks=["STB-CHAIN-003"],
    apis=STABLE,
    applies=several,
    sentence="Bad proof for two backends at once is let in.",
)
def two_wrongs_make_a_right(mock: StableMock) -> None:
    """Take the second refusal for consent."""
    _admit(mock, lambda request: {"cookie", "authorization"} <= request.headers.keys())


# ---- who is let in ---------------------------------------------------------------------------------------------------


@deviation(
    "a-warning-is-open",
    breaks=["STB-AUTH-002"],
    apis=STABLE,
    applies=refusing,
    sentence="Import errors can be read one by one without proof.",
)
def a_warning_is_open(mock: StableMock) -> None:
    """Forget the check on one operation."""
    _admit(mock, _about("get_import_error"))


@deviation(
    "only-reads-ask",
    breaks=["STB-AUTH-002", "STB-AUTH-003"],
    apis=STABLE,
    applies=refusing,
    sentence="Only GET asks who calls.",
)
def only_reads_ask(mock: StableMock) -> None:
    """Let writes in."""
    _admit(mock, lambda request: request.method not in ("GET", "HEAD"))


@deviation(
    "head-is-open",
    breaks=["STB-AUTH-005"],
    apis=STABLE,
    applies=refusing,
    sentence="HEAD does not ask who calls.",
)
def head_is_open(mock: StableMock) -> None:
    """Let HEAD in."""
    _admit(mock, lambda request: request.method == "HEAD")


@deviation(
    "double-slash-is-open",
    breaks=["STB-AUTH-005"],
    apis=STABLE,
    applies=refusing,
    sentence="A path that begins with two slashes does not ask who calls.",
)
def double_slash_is_open(mock: StableMock) -> None:
    """Let such paths in."""
    _admit(mock, lambda request: bytes(request.scope.get("raw_path", b"")).startswith(b"//"))


@deviation(
    "refused-deletes-are-done",
    breaks=["STB-AUTH-003"],
    apis=STABLE,
    applies=refusing,
    sentence="A connection is deleted although the request is refused.",
)
def refused_deletes_are_done(mock: StableMock) -> None:
    """Carry it out, then refuse."""

    def operate(original: Callable[..., Answer], operation: Operation, match: Match, request: Request) -> Answer:
        try:
            return original(operation, match, request)
        except ApiError as refusal:
            if operation.id == "delete_connection" and refusal.status in (401, 403):
                mock.world.connections.remove(match.path["connection_id"])
            raise

    wrap(mock, "operate", operate)


@deviation(
    "bare-scheme-breaks",
    breaks=["STB-AUTH-004"],
    apis=STABLE,
    applies=refusing,
    sentence="A header with a scheme and no credentials breaks the server down.",
)
def bare_scheme_breaks(mock: StableMock) -> None:
    """Take the second word without looking whether there is one."""

    def user(original: Find, request: Request) -> Visitor:
        if request.headers.get("authorization", "").strip() in ("Basic", "Bearer"):
            raise Crash("list index out of range")
        return original(request)

    wrap(mock.auth, "user", user)


@deviation(
    "empty-header-opens",
    breaks=["STB-AUTH-004"],
    apis=STABLE,
    applies=refusing,
    sentence="An Authorization header that is empty lets everybody in.",
)
def empty_header_opens(mock: StableMock) -> None:
    """Take an empty header for a good one."""
    _admit(mock, lambda request: request.headers.get("authorization") == "")


@deviation(
    "name-in-a-header-is-enough",
    breaks=["STB-AUTH-009", "STB-OPEN-001"],
    apis=STABLE,
    applies=refusing,
    sentence="The name of a user in the header Remote-User is enough.",
)
def name_in_a_header_is_enough(mock: StableMock) -> None:
    """Trust what a gateway would say."""
    _admit(mock, lambda request: mock.world.users.named(request.headers.get("remote-user", "")) is not None)


@deviation(
    "pair-in-a-lax-query",
    breaks=["STB-AUTH-009"],
    apis=STABLE,
    applies=refusing,
    sentence="Name and password in the query let in, where an operation takes any query.",
)
def pair_in_a_lax_query(mock: StableMock) -> None:
    """Look for a login in the query."""

    def fits(request: Request) -> bool:
        query = parse_qs(request.query)
        name, password = query.get("username", [""])[0], query.get("password", [""])[0]
        return bool(name) and mock.auth.accounts.log_in(name, password) is not None

    _admit(mock, fits)


@deviation(
    "forwarded-header-counts",
    breaks=["STB-AUTH-009"],
    apis=STABLE,
    applies=with_basic,
    sentence="Basic credentials in the header X-Forwarded-Authorization are taken.",
)
def forwarded_header_counts(mock: StableMock) -> None:
    """Look into another header."""

    def fits(request: Request) -> bool:
        pair = pair_in(request.headers.get("x-forwarded-authorization", "").partition(" ")[2])
        return pair is not None and mock.auth.accounts.log_in(*pair) is not None

    _admit(mock, fits)


@deviation(
    "default-opens-the-stable-api",
    breaks=["STB-OPEN-001", "STB-AUTH-002"],
    apis=STABLE,
    applies=opened,
    sentence="The backend default opens the stable API, as it opens the experimental one.",
)
def default_opens_the_stable_api(mock: StableMock) -> None:
    """Let everybody in."""
    _admit(mock, lambda _request: True)


@deviation(
    "default-opens-reads-to-tokens",
    breaks=["STB-OPEN-002"],
    apis=STABLE,
    applies=opened,
    sentence="With the backend default any Bearer token opens what a viewer may read.",
)
def default_opens_reads_to_tokens(mock: StableMock) -> None:
    """Take a token for a proof."""
    _admit(mock, lambda request: request.headers.get("authorization", "").startswith("Bearer "), "viewer")


# ---- what they may do ------------------------------------------------------------------------------------------------

Allows = Callable[[Visitor, "Operation", Any], bool]


def _permit(mock: StableMock, fits: Callable[[Visitor, Operation], bool], *, allowed: bool) -> None:
    """Answer the question whether somebody may do something so wherever `fits` holds."""

    def allows(original: Allows, visitor: Visitor, operation: Operation, path: Any) -> bool:
        return allowed if fits(visitor, operation) else original(visitor, operation, path)

    wrap(mock.permissions, "allows", allows)


@deviation(
    "roles-do-not-count-for-patch",
    breaks=["STB-AUTH-006"],
    apis=STABLE,
    applies=refusing,
    sentence="A PATCH does not ask what a role may do.",
)
def roles_do_not_count_for_patch(mock: StableMock) -> None:
    """Forget one method."""
    _permit(mock, lambda visitor, one: one.method == "PATCH" and bool(visitor.name), allowed=True)


@deviation(
    "viewers-read-connections",
    breaks=["STB-AUTH-006"],
    apis=STABLE,
    applies=refusing,
    sentence="A viewer may read one connection, but not their list.",
)
def viewers_read_connections(mock: StableMock) -> None:
    """Forget one operation."""
    _permit(mock, lambda visitor, one: visitor.role == "viewer" and one.id == "get_connection", allowed=True)


@deviation(
    "operators-do-not-delete-pools",
    breaks=["STB-AUTH-006"],
    apis=STABLE,
    applies=refusing,
    sentence="An operator may not delete a pool.",
)
def operators_do_not_delete_pools(mock: StableMock) -> None:
    """Forget one permission."""
    _permit(mock, lambda visitor, one: visitor.role == "op" and one.id == "delete_pool", allowed=False)


@deviation(
    "public-role-is-more",
    breaks=["STB-AUTH-010"],
    apis=STABLE,
    applies=public_grants,
    sentence="Who proves nothing may write variables, whatever the public role may.",
)
def public_role_is_more(mock: StableMock) -> None:
    """Grant nobody more."""
    _permit(mock, lambda visitor, one: not visitor.name and one.id == "post_variables", allowed=True)


@deviation(
    "public-role-is-nothing",
    breaks=["STB-AUTH-010"],
    apis=STABLE,
    applies=public_grants,
    sentence="The role that everybody has by configuration is not there.",
)
def public_role_is_nothing(mock: StableMock) -> None:
    """Grant nobody anything."""
    _permit(mock, lambda visitor, _one: not visitor.name, allowed=False)


@deviation(
    "everything-done-by-admin",
    breaks=["STB-AUTH-007"],
    apis=STABLE,
    applies=logging,
    sentence="The event log puts everything down to admin.",
)
def everything_done_by_admin(mock: StableMock) -> None:
    """Note another name."""

    def note(original: Callable[..., Any], event: str, _owner: str, *rest: Any, **columns: Any) -> Any:
        return original(event, "admin", *rest, **columns)

    wrap(mock.world, "note", note)


@deviation(
    "configuration-tells-another-list",
    breaks=["STB-CONFIG-002"],
    apis=STABLE,
    applies=shown_config,
    sentence="The configuration shows the backends in another order than that in effect.",
)
def configuration_tells_another_list(mock: StableMock) -> None:
    """Turn the list round in what is shown."""
    wrapped = mock.handlers["get_config"]

    def get_config(call: Call) -> Any:
        answer: Answer = wrapped(call)
        right = ",".join(mock.profile.backends).encode()
        answer.body = answer.body.replace(right, ",".join(reversed(mock.profile.backends)).encode() + b" ")
        return answer

    mock.handlers["get_config"] = get_config


# ---- backends of one's own -------------------------------------------------------------------------------------------


def _around_own(mock: StableMock, change: Callable[[Callable[[Visit], Verdict], Visit], Verdict]) -> None:
    """Put something around the backends that are not Airflow's own."""
    kinds = mock.profile.backend_kinds

    def around(kind: str, backend: Callable[[Visit], Verdict]) -> Callable[[Visit], Verdict]:
        return (lambda visit: change(backend, visit)) if kind == "custom" else backend

    mock.auth.backends = tuple(map(around, kinds, mock.auth.backends))


@deviation(
    "own-backend-unasked-for-writes",
    breaks=["STB-CUSTOM-001"],
    apis=STABLE,
    applies=with_own,
    sentence="A backend of one's own is asked for reads only; writes are refused.",
)
def own_backend_unasked_for_writes(mock: StableMock) -> None:
    """Ask for GET only."""
    _around_own(mock, lambda ask, visit: ask(visit) if visit.request.method == "GET" else Verdict(401))


@deviation(
    "own-backend-asked-once",
    breaks=["STB-CUSTOM-002"],
    apis=STABLE,
    applies=with_own,
    sentence="What a backend of one's own said of a user's name is remembered, whatever comes with the name next.",
)
def own_backend_asked_once(mock: StableMock) -> None:
    """Remember by the first header."""
    known: dict[str, Any] = {}

    def ask(backend: Callable[[Visit], Verdict], visit: Visit) -> Verdict:
        name = visit.request.headers.get("x-conformance-user", "")
        verdict = backend(visit)
        if verdict.status == 200:
            known[name] = visit.account
        visit.account = visit.account or known.get(name)
        return Verdict(200) if visit.account else verdict

    _around_own(mock, ask)


@deviation(
    "own-view-is-missing",
    breaks=["STB-CUSTOM-003"],
    apis=STABLE,
    applies=with_own,
    sentence="The view that a backend of one's own adds is not served.",
)
def own_view_is_missing(mock: StableMock) -> None:
    """Forget the views."""
    wrap(mock.auth.plugins, "view", lambda _original, _request: None)


@deviation(
    "sessions-open-nothing-deep",
    breaks=["STB-SESSION-001"],
    apis=STABLE,
    applies=with_session,
    sentence="A session is refused on the tries of a task instance.",
)
def sessions_open_nothing_deep(mock: StableMock) -> None:
    """Forget the user on one operation."""

    def user(original: Find, request: Request) -> Visitor:
        if "cookie" in request.headers and _about("get_mapped_task_instance_tries", "get_extra_links")(request):
            raise ApiError(403, None)
        return original(request)

    wrap(mock.auth, "user", user)
