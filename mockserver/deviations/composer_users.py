"""Faults of composer_auth: who an account is in Airflow, and of what comes back to who triggers a DAG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.api.v1.problems import permission_denied
from mockserver.auth.backends import PASSED, Verdict, Visit
from mockserver.deviations import wrap
from mockserver.deviations.composer import composer, denying, experimental
from mockserver.deviations.state import around
from mockserver.errors import ApiError
from mockserver.operations import Answer, Call, Handler
from mockserver.world.users import Permission
from profiles.accounts import LONGEST_EMAIL

if TYPE_CHECKING:
    from mockserver.composer import ComposerMock
    from mockserver.world.users import User

Find = Callable[[str, str], "User | None"]


def _backend(mock: ComposerMock) -> Any:
    """The backend that makes users of accounts."""
    return mock.auth.backends[0]


def _asked(mock: ComposerMock, change: Callable[[Any, Visit], Verdict]) -> None:
    """Put `change` around the backends; it gets the first of them."""
    first, *others = mock.auth.backends
    mock.auth.backends = (lambda visit: change(first, visit), *others)


@composer("newcomers-are-users", "CMP-STABLE-004 CMP-STABLE-006", "New users get the role User.")
def newcomers_are_users(mock: ComposerMock) -> None:
    """Change the role of registration."""
    _backend(mock).role = "User"


@composer("newcomer-each-time", "CMP-STABLE-006", "Whoever is not known by name becomes a user again.")
def newcomer_each_time(mock: ComposerMock) -> None:
    """Forget who has come."""
    backend = _backend(mock)

    def registered(original: Find, name: str, email: str) -> User | None:
        return original(f"{name}_{len(mock.world.users)}", email)

    def user(original: Find, name: str, email: str) -> User | None:
        found = original(name, email)
        return None if found and found.username.startswith(f"{name}_") else found

    wrap(backend, "registered", registered)
    wrap(backend, "user", user)


@composer("long-email-cut", "CMP-ACCOUNT-003 CMP-ACCOUNT-004", "An e-mail that is too long is cut, not refused.")
def long_email_cut(mock: ComposerMock) -> None:
    """Cut it."""
    wrap(_backend(mock), "registered", lambda original, name, email: original(name, email[:LONGEST_EMAIL]))


@composer("long-email-made", "CMP-ACCOUNT-003", "Who has too long an e-mail is refused, but becomes an inactive user.")
def long_email_made(mock: ComposerMock) -> None:
    """Make the user all the same."""

    def registered(original: Find, name: str, email: str) -> User | None:
        made = original(name, email[:LONGEST_EMAIL])
        if made and len(email) > LONGEST_EMAIL:
            made.active = False
        return made

    wrap(_backend(mock), "registered", registered)


@composer("number-as-a-float", "CMP-ACCOUNT-009", "Numbers of accounts are compared with the precision of a float.")
def number_as_a_float(mock: ComposerMock) -> None:
    """Look for a number that is nearly the same."""

    def user(original: Find, name: str, email: str) -> User | None:
        prefix, _, number = name.rpartition(":")
        alike = [one for one in mock.world.users if _near(one.username, prefix, number)]
        return original(name, email) or next(iter(alike), None)

    wrap(_backend(mock), "user", user)


@composer("number-unknown", "CMP-ACCOUNT-005", "Users are found by the e-mail of the account alone.")
def number_unknown(mock: ComposerMock) -> None:
    """Do not look for the number, but for those who are named so with the account's own e-mail."""
    wrap(_backend(mock), "user", lambda _, __, email: mock.world.users.addressed(email))


@composer("role-of-registration-too", "CMP-ACCOUNT-011", "Who is named by a number gets the role of registration, too.")
def role_of_registration_too(mock: ComposerMock) -> None:
    """Add the role."""
    backend = _backend(mock)

    def user(original: Find, name: str, email: str) -> User | None:
        found, role = original(name, email), mock.world.roles.named(backend.role)
        if found and role and found.username == name and role not in found.roles:
            found.roles = (*found.roles, role)
        return found

    wrap(backend, "user", user)


@composer("inactive-read", "CMP-ACCOUNT-012", "A user who is not active may read what is in variables.")
def inactive_read(mock: ComposerMock) -> None:
    """Let them in for that."""

    def change(backend: Any, visit: Visit) -> Verdict:
        try:
            verdict: Verdict = backend(visit)
        except ApiError:
            visit.account = backend.user(visit.request.headers.get("x-goog-authenticated-user-id", ""), _email(visit))
            if visit.request.path != "/api/v1/variables" or visit.account is None:
                raise
            return PASSED
        return verdict

    _asked(mock, change)


@composer("email-of-65", "CMP-ACCOUNT-001", "A user may be given an e-mail that is longer than 64 characters.")
def email_of_65(mock: ComposerMock) -> None:
    """Do not look at what a change says."""
    from mockserver.api.v1 import HANDLERS

    mock.handlers["patch_user"] = HANDLERS["patch_user"]


@composer("op-creates-users", "CMP-ACCOUNT-008", "Operators may create users.")
def op_creates_users(mock: ComposerMock) -> None:
    """Demand what they may anyway."""
    needed: tuple[Permission, ...] = (("can_create", "Variables"),)
    mock.permissions.needs["post_user"] = needed


@composer("done-by-the-address", "CMP-ACCOUNT-015", "What a user does is put down to the e-mail of the account.")
def done_by_the_address(mock: ComposerMock) -> None:
    """Write down another name."""
    wrap(mock.world, "note", lambda original, event, owner, *rest, **more: original(event, f"{owner}@x", *rest, **more))


@composer("admin-in-spite", "CMP-STABLE-005", "Though the API is disabled, an admin is let in.", applies=denying)
def admin_in_spite(mock: ComposerMock) -> None:
    """Look who it is."""

    def change(backend: Any, visit: Visit) -> Verdict:
        found = mock.world.users.addressed(_email(visit))
        if found is None or found.username != "admin":
            return backend(visit)  # type: ignore[no-any-return]
        visit.account = found
        return PASSED

    _asked(mock, change)


@composer("users-only", "CMP-EXP-004", "The experimental API is for users of Airflow alone.", applies=experimental)
def users_only(mock: ComposerMock) -> None:
    """Ask who it is."""
    assert mock.experimental  # noqa: S101 - it is switched on
    guard = mock.experimental.guard

    def judge(visit: Visit) -> Verdict:
        known = mock.world.users.addressed(_email(visit))
        return PASSED if known and known.active else Verdict(403)

    guard.backend = judge


@composer("triggered-201", "CMP-CALL-004", "Who triggers a DAG is answered with 201.")
def triggered_201(mock: ComposerMock) -> None:
    """Answer as for what is created."""

    def respond(original: Callable[..., Any], request: Any) -> Any:
        answer, headers = original(request)
        if request.method == "POST" and request.path.endswith("/dagRuns") and answer.status == 200:
            answer = replace(answer, status=201)
        return answer, headers

    wrap(mock, "respond", respond)


@composer("conf-lost", "CMP-CALL-004", "A run that is given no id has no configuration.")
def conf_lost(mock: ComposerMock) -> None:
    """Leave it out."""

    def post(handler: Handler, call: Call) -> Any:
        return handler(call if call.body.get("dag_run_id") else replace(call, body={**call.body, "conf": {}}))

    around(mock, "post_dag_run", post)


@composer("forbidden-in-silence", "CMP-CALL-005", "Who may not trigger a DAG is told nothing but 403.")
def forbidden_in_silence(mock: ComposerMock) -> None:
    """Send no body."""

    def respond(original: Callable[..., tuple[Answer, Any]], request: Any) -> tuple[Answer, Any]:
        answer, headers = original(request)
        silent = answer.status == 403 and request.path.endswith("/dagRuns")
        return (replace(answer, body=b"") if silent else answer), headers

    wrap(mock, "respond", respond)


@composer("refused-and-done", "CMP-CALL-010", "A write with a token that is not good is answered 401 when it is done.")
def refused_and_done(mock: ComposerMock) -> None:
    """Do it first."""
    proxy = mock.proxy

    def respond(original: Callable[..., tuple[Answer, Any]], request: Any) -> tuple[Answer, Any]:
        answer, headers = original(request)
        if answer.status == 401 and request.method == "DELETE" and "authorization" in request.headers:
            admin = mock.google.accounts[0]
            super(type(mock), mock).respond(proxy.passed_on(request, admin))
        return answer, headers

    wrap(mock, "respond", respond)


@composer("other-backends-shown", "CMP-STABLE-007", "The configuration shows the backend that Airflow comes with.")
def other_backends_shown(mock: ComposerMock) -> None:
    """Show another."""

    def shown(original: Callable[..., tuple[Answer, Any]], request: Any) -> tuple[Answer, Any]:
        answer, headers = original(request)
        body = answer.body.replace(b"airflow.composer.api.backend.composer_auth", b"airflow.api.auth.backend.session")
        return replace(answer, body=body), headers

    wrap(mock, "respond", shown)


def _near(username: str, prefix: str, number: str) -> bool:
    before, _, other = username.rpartition(":")
    both = number.isdecimal() and other.isdecimal()
    return before == prefix and both and float(other) == float(number)


def _email(visit: Visit) -> str:
    return visit.request.headers.get("x-goog-authenticated-user-email", "").rpartition(":")[2]


@composer("first-visit-refused", "CMP-STABLE-004 CMP-STABLE-006", "A new user is refused once, and let in then.")
def first_visit_refused(mock: ComposerMock) -> None:
    """Register, and go by what was before."""

    def registered(original: Find, name: str, email: str) -> User | None:
        if original(name, email) is None:
            return None
        raise permission_denied()

    wrap(_backend(mock), "registered", registered)


@composer(
    "role-renewed", "CMP-STABLE-004 CMP-STABLE-006", "Who came as a new user gets the role of registration each time."
)
def role_renewed(mock: ComposerMock) -> None:
    """Give it at every login."""
    backend, came = _backend(mock), set[int]()

    def registered(original: Find, name: str, email: str) -> User | None:
        found = original(name, email)
        if found:
            came.add(found.number)
        return found

    def user(original: Find, name: str, email: str) -> User | None:
        found = original(name, email)
        if found and found.number in came:
            found.roles = tuple(role for role in mock.world.roles if role.name == backend.role)
        return found

    wrap(backend, "registered", registered)
    wrap(backend, "user", user)
