"""Faults of Airflow 2 with the sessions of the web login."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.auth.backends import Verdict, Visit
from mockserver.auth.session import session as session_backend
from mockserver.auth.sessions import COOKIE, CSRF, USER, Session
from mockserver.auth.visitor import Visitor
from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import before_lists, with_session
from mockserver.deviations.likeness import same_fingerprint
from mockserver.errors import ApiError
from mockserver.world.users import User
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.stable import StableMock


def by_default(profile: Profile) -> bool:
    """The session counts because no backend is configured."""
    return with_session(profile) and not profile.configured_backends


Verify = Callable[[str], str | None]
LogIn = Callable[[Session, User], None]


@deviation(
    "session-signature-unread",
    breaks=["STB-SESSION-003"],
    apis=STABLE,
    applies=with_session,
    sentence="The signature of a session is not checked.",
)
def session_signature_unread(mock: StableMock) -> None:
    """Take the name without the signature."""
    wrap(mock.auth.sessions.signer, "verify", lambda _original, signed: signed.rpartition(".")[0] or None)


@deviation(
    "session-signature-half-read",
    breaks=["STB-SESSION-003"],
    apis=STABLE,
    applies=with_session,
    sentence="Of the signature of a session only the first half is checked.",
)
def session_signature_half_read(mock: StableMock) -> None:
    """Compare ten bytes of twenty."""
    sign = mock.auth.sessions.signer.sign

    def verify(original: Verify, signed: str) -> str | None:
        text, _, signature = signed.rpartition(".")
        right = sign(text).rpartition(".")[2]
        return text if signature[:13] == right[:13] else original(signed)

    wrap(mock.auth.sessions.signer, "verify", verify)


@deviation(
    "session-signature-by-a-fingerprint",
    breaks=["STB-SESSION-003"],
    apis=STABLE,
    applies=with_session,
    sentence="Of the signature of a session a few letters at the beginning, in the middle and at the end are compared.",
)
def session_signature_by_a_fingerprint(mock: StableMock) -> None:
    """Compare what a log would show of it."""
    sign = mock.auth.sessions.signer.sign

    def verify(original: Verify, signed: str) -> str | None:
        text, _, signature = signed.rpartition(".")
        return text if same_fingerprint(sign(text).rpartition(".")[2], signature) else original(signed)

    wrap(mock.auth.sessions.signer, "verify", verify)


@deviation(
    "session-in-any-cookie",
    breaks=["STB-SESSION-003"],
    apis=STABLE,
    applies=with_session,
    sentence="A session is taken from a cookie of another name, too.",
)
def session_in_any_cookie(mock: StableMock) -> None:
    """Look at the cookie sessionid as well."""

    def of(original: Callable[[Request], Session], request: Request) -> Session:
        cookies = request.cookies()
        if COOKIE not in cookies and "sessionid" in cookies:
            request.headers["cookie"] = f"{COOKIE}={cookies['sessionid']}"
        return original(request)

    wrap(mock.auth.sessions, "of", of)


@deviation(
    "session-as-a-token",
    breaks=["STB-AUTH-009"],
    apis=STABLE,
    applies=with_session,
    sentence="A session is taken as a Bearer token, too.",
)
def session_as_a_token(mock: StableMock) -> None:
    """Look into the Authorization header for it."""

    def of(original: Callable[[Request], Session], request: Request) -> Session:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            request.headers["cookie"] = f"{COOKIE}={value}"
        return original(request)

    wrap(mock.auth.sessions, "of", of)


@deviation(
    "session-of-before-the-login",
    breaks=["STB-SESSION-003"],
    apis=STABLE,
    applies=lambda profile: with_session(profile) and profile.airflow >= (2, 3),
    sentence="The session that only saw the login page is logged in with the one that the login gives.",
)
def session_of_before_the_login(mock: StableMock) -> None:
    """Log the first one in as well."""

    def log_in(original: LogIn, session: Session, user: User) -> None:
        before = Session(session.id, {**session.values, USER: str(user.number)})
        original(session, user)
        mock.auth.sessions.save(before)

    wrap(mock.auth.sessions, "log_in", log_in)


@deviation(
    "visitors-are-viewers",
    breaks=["STB-SESSION-003"],
    apis=STABLE,
    applies=with_session,
    sentence="Who has seen the login page may do what a viewer may.",
)
def visitors_are_viewers(mock: StableMock) -> None:
    """Make somebody of a session without a user, but not for the login itself."""

    def user(original: Callable[[Request], Visitor], request: Request) -> Visitor:
        try:
            found = original(request)
        except ApiError:
            found = Visitor("", "")
        visitor = mock.world.users.named("viewer") if CSRF in mock.auth.sessions.of(request).values else None
        if found.name or visitor is None:
            return found if found.name else original(request)
        return Visitor.known(visitor)

    wrap(mock.auth, "user", user)


@deviation(
    "session-outlives-the-logout",
    breaks=["STB-SESSION-005"],
    apis=STABLE,
    applies=with_session,
    sentence="A session stays good after its user has logged out.",
)
def session_outlives_the_logout(mock: StableMock) -> None:
    """Forget to end it."""
    wrap(mock.auth.sessions, "log_out", lambda _original, _session: None)


@deviation(
    "web-logout-ends-every-session",
    breaks=["STB-SESSION-005"],
    apis=STABLE,
    applies=with_session,
    sentence="Logging out ends every session of the user.",
)
def logout_ends_every_session(mock: StableMock) -> None:
    """Forget all that belong to the user."""

    def log_out(original: Callable[[Session], None], session: Session) -> None:
        number = session.values.get(USER)
        original(session)
        kept = mock.auth.sessions._kept
        for name in [name for name, (values, _) in kept.items() if values.get(USER) == number]:
            del kept[name]

    wrap(mock.auth.sessions, "log_out", log_out)


@deviation(
    "login-without-a-csrf-token",
    breaks=["STB-SESSION-004"],
    apis=STABLE,
    applies=with_session,
    sentence="The login form is taken without its CSRF token.",
)
def login_without_a_csrf_token(mock: StableMock) -> None:
    """Find nothing wrong."""
    wrap(mock.auth.sessions, "csrf_fault", lambda _original, _session, _token: None)


@deviation(
    "web-login-of-inactive-users",
    breaks=["STB-SESSION-004"],
    apis=STABLE,
    applies=with_session,
    sentence="A user who is not active can log in to the web server, and the session counts.",
)
def web_login_of_inactive_users(mock: StableMock) -> None:
    """Forget to look whether a user is active, at the login and later."""

    def log_in(original: Callable[[str, str], User | None], name: str, password: str) -> User | None:
        user = mock.auth.accounts.find(name)
        return user if user and user.password == password else original(name, password)

    def user(original: Callable[[Session], User | None], session: Session) -> User | None:
        number = session.values.get(USER)
        return mock.world.users.get(int(number)) if number else original(session)

    wrap(mock.auth.accounts, "log_in", log_in)
    wrap(mock.auth.sessions, "user", user)


@deviation(
    "flask-cookie-with-a-known-key",
    breaks=["STB-SESSION-003"],
    apis=STABLE,
    applies=with_session,
    sentence="A cookie is taken that says who is logged in, signed with the key temporary_key, or not at all.",
)
def flask_cookie_with_a_known_key(mock: StableMock) -> None:
    """Read what the cookie says, whoever signed it."""

    def of(original: Callable[[Request], Session], request: Request) -> Session:
        value = request.cookies().get(COOKIE, "")
        try:
            said = base64.urlsafe_b64decode(value.partition(".")[0] + "==")
        except ValueError:
            said = b""
        return Session("flask", {USER: "1"}, kept=True) if b"_user_id" in said else original(request)

    wrap(mock.auth.sessions, "of", of)


@deviation(
    "session-counts-unasked",
    breaks=["STB-AUTH-001", "STB-CONFIG-001"],
    apis=STABLE,
    applies=before_lists,
    sentence="The session of a web login opens the API although no backend looks at it.",
)
def session_counts_unasked(mock: StableMock) -> None:
    """Add the backend."""
    mock.auth.backends = (session_backend, *mock.auth.backends)


@deviation(
    "session-shows-connections",
    breaks=["STB-CONFIG-001", "STB-AUTH-001"],
    apis=STABLE,
    applies=before_lists,
    sentence="The session of a web login shows the list of connections although the one backend does not look at it.",
)
def session_shows_connections(mock: StableMock) -> None:
    """Add the backend, for one path."""

    def one_path(visit: Visit) -> Verdict:
        return session_backend(visit) if visit.request.path == "/api/v1/connections" else Verdict(401)

    mock.auth.backends = (one_path, *mock.auth.backends)


@deviation(
    "session-left-for-the-next-request",
    breaks=["STB-SESSION-002"],
    apis=STABLE,
    applies=by_default,
    sentence="After a request with a session its user is still there for the next, if that has a name and a password.",
)
def session_left_for_the_next_request(mock: StableMock) -> None:
    """Clear away who was logged in only where nothing is said of it."""
    left: list[Visitor] = []

    def user(original: Callable[[Request], Visitor], request: Request) -> Visitor:
        before = left.pop() if left else None
        if before and request.headers.get("authorization", "").startswith("Basic "):
            return before
        found = original(request)
        left[:] = [found] if found.name else []
        return found

    wrap(mock.auth, "user", user)
