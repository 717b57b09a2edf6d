"""Faults of Airflow 2 in the comparison of names and passwords, and in where they are looked for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.auth.backends import PASSED, Backend, Verdict, Visit
from mockserver.auth.basic import Basic
from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import challenging, with_basic, without_basic
from mockserver.deviations.likeness import neighbours_swapped
from mockserver.world.users import User

if TYPE_CHECKING:
    from mockserver.stable import StableMock

Matches = Callable[[str, str], bool]
Pair = tuple[str, str]
Login = Callable[[str, str], User | None]


def _matching(mock: StableMock, fits: Matches) -> None:
    """Take a password that fits the right one, too; an empty one never does."""

    def matches(original: Callable[[str | None, str], bool], right: str | None, given: str) -> bool:
        return original(right, given) or (right is not None and bool(given) and fits(right, given))

    wrap(mock.auth.accounts, "matches", matches)


def around_basic(mock: StableMock, change: Callable[[Backend, Visit], Verdict]) -> None:
    """Put something around the backend basic_auth."""

    def around(backend: Backend) -> Backend:
        return (lambda visit: change(backend, visit)) if isinstance(backend, Basic) else backend

    mock.auth.backends = tuple(map(around, mock.auth.backends))


def _reading(mock: StableMock, read: Callable[[str, str], Pair | None]) -> None:
    """Read the header in another way where it gives nothing in the usual one; `read` gets scheme and rest."""

    def basic(backend: Backend, visit: Visit) -> Verdict:
        verdict = backend(visit)
        scheme, _, rest = visit.request.headers.get("authorization", "").partition(" ")
        pair = None if verdict.status == 200 else read(scheme.lower(), rest)
        visit.account = (pair and mock.auth.accounts.log_in(*pair)) or visit.account
        return PASSED if pair and visit.account else verdict

    around_basic(mock, basic)


def pair_in(rest: str, encoding: str = "utf-8") -> Pair | None:
    """Name and password in base64; None when it is none."""
    try:
        name, colon, password = base64.b64decode(rest, validate=True).decode(encoding).partition(":")
    except ValueError:
        return None
    return (name, password) if colon else None


@deviation(
    "basic-names-no-scheme",
    breaks=["STB-AUTH-008"],
    applies=challenging,
    apis=STABLE,
    sentence="An answer 401 names no scheme, though Basic is the backend that is asked last.",
)
def basic_names_no_scheme(mock: StableMock) -> None:
    """Refuse without a header."""

    def silent(backend: Backend, visit: Visit) -> Verdict:
        verdict = backend(visit)
        return verdict if verdict.status == 200 else Verdict(verdict.status)

    around_basic(mock, silent)


@deviation(
    "passwords-in-any-case",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="Upper and lower case of a password do not count.",
)
def passwords_in_any_case(mock: StableMock) -> None:
    """Compare without case."""
    _matching(mock, lambda right, given: right.casefold() == given.casefold())


@deviation(
    "passwords-with-letters-swapped",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="Two letters of a password that stand beside each other may change places.",
)
def passwords_with_letters_swapped(mock: StableMock) -> None:
    """Forgive a slip of the fingers."""
    _matching(mock, neighbours_swapped)


@deviation(
    "passwords-by-their-beginning",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="The beginning of a password is enough.",
)
def passwords_by_their_beginning(mock: StableMock) -> None:
    """Compare as far as it goes."""
    _matching(mock, lambda right, given: right.startswith(given))


@deviation(
    "passwords-with-anything-after",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="What stands after the password does not count.",
)
def passwords_with_anything_after(mock: StableMock) -> None:
    """Compare as far as the right one goes."""
    _matching(mock, lambda right, given: given.startswith(right))


@deviation(
    "passwords-stripped",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="Blanks around a password do not count.",
)
def passwords_stripped(mock: StableMock) -> None:
    """Compare without blanks."""
    _matching(mock, lambda right, given: right.strip() == given.strip())


@deviation(
    "passwords-up-to-a-colon",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="What follows a colon in a password does not count.",
)
def passwords_up_to_a_colon(mock: StableMock) -> None:
    """Compare the first parts."""
    _matching(mock, lambda right, given: right.partition(":")[0] == given.partition(":")[0])


@deviation(
    "passwords-without-accents",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="A letter beyond ASCII in a password counts as any other, also as a question mark.",
)
def passwords_without_accents(mock: StableMock) -> None:
    """Compare what ASCII keeps of them."""
    _matching(mock, lambda right, given: right.encode("ascii", "replace") == given.encode("ascii", "replace"))


@deviation(
    "passwords-in-latin-1-too",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="A password that is no UTF-8 is read as Latin-1.",
)
def passwords_in_latin_1_too(mock: StableMock) -> None:
    """Fall back."""
    _reading(mock, lambda scheme, rest: pair_in(rest, "latin-1") if scheme == "basic" else None)


@deviation(
    "connections-by-name",
    breaks=["STB-BASIC-002"],
    apis=STABLE,
    applies=with_basic,
    sentence="The list of connections is shown for a user's name with any password.",
)
def connections_by_name(mock: StableMock) -> None:
    """Do not compare the password."""

    def basic(backend: Backend, visit: Visit) -> Verdict:
        verdict = backend(visit)
        pair = pair_in(visit.request.headers.get("authorization", "").partition(" ")[2])
        if verdict.status == 200 or not pair or visit.request.path != "/api/v1/connections":
            return verdict
        visit.account = mock.auth.accounts.find(pair[0])
        return PASSED if visit.account else verdict

    around_basic(mock, basic)


@deviation(
    "name-ends-at-last-colon",
    breaks=["STB-BASIC-004"],
    apis=STABLE,
    applies=with_basic,
    sentence="The last colon ends the user name, so that a password cannot hold one.",
)
def name_ends_at_last_colon(mock: StableMock) -> None:
    """Refuse what has two colons, for its name is nobody's."""

    def basic(backend: Backend, visit: Visit) -> Verdict:
        pair = pair_in(visit.request.headers.get("authorization", "").partition(" ")[2])
        return Verdict(401) if pair and ":" in pair[1] else backend(visit)

    around_basic(mock, basic)


@deviation(
    "inactive-users-pass",
    breaks=["STB-BASIC-006"],
    apis=STABLE,
    applies=with_basic,
    sentence="A user who is not active passes with the right password.",
)
def inactive_users_pass(mock: StableMock) -> None:
    """Forget to look whether a user is active."""

    def log_in(original: Login, name: str, password: str) -> User | None:
        user = mock.auth.accounts.find(name)
        return user if user and user.password == password else original(name, password)

    wrap(mock.auth.accounts, "log_in", log_in)


@deviation(
    "deleted-users-pass",
    breaks=["STB-BASIC-006"],
    apis=STABLE,
    applies=with_basic,
    sentence="Who has passed once goes on to pass after being deleted.",
)
def deleted_users_pass(mock: StableMock) -> None:
    """Remember who passed."""
    passed: dict[Pair, User] = {}

    def log_in(original: Login, name: str, password: str) -> User | None:
        user = original(name, password)
        if user:
            passed[name, password] = user
        return user or passed.get((name, password))

    wrap(mock.auth.accounts, "log_in", log_in)


@deviation(
    "created-users-do-not-pass",
    breaks=["STB-BASIC-007"],
    apis=STABLE,
    applies=with_basic,
    sentence="A user who was created over the API does not pass.",
)
def created_users_do_not_pass(mock: StableMock) -> None:
    """Know only whom there was at the start."""
    known = {user.username for user in mock.world.users}
    wrap(
        mock.auth.accounts,
        "log_in",
        lambda original, name, password: original(name, password) if name in known else None,
    )


@deviation(
    "anybodys-password-does",
    breaks=["STB-BASIC-006"],
    apis=STABLE,
    applies=with_basic,
    sentence="A user passes with the password of any other.",
)
def anybodys_password_does(mock: StableMock) -> None:
    """Look for the password among all."""

    def log_in(original: Login, name: str, password: str) -> User | None:
        user = mock.auth.accounts.find(name)
        known = any(password and one.password == password for one in mock.world.users)
        return user if user and known and user.active else original(name, password)

    wrap(mock.auth.accounts, "log_in", log_in)


@deviation(
    "unknown-users-pass-as-guests",
    breaks=["STB-BASIC-006"],
    apis=STABLE,
    applies=with_basic,
    sentence="A name that is no user's passes as the viewer with any password.",
)
def unknown_users_pass_as_guests(mock: StableMock) -> None:
    """Make a guest of everybody."""

    def log_in(original: Login, name: str, password: str) -> User | None:
        return original(name, password) if mock.auth.accounts.find(name) else mock.world.users.named("viewer")

    wrap(mock.auth.accounts, "log_in", log_in)


@deviation(
    "pair-under-any-scheme",
    breaks=["STB-BASIC-003"],
    apis=STABLE,
    applies=with_basic,
    sentence="Name and password are taken under the scheme Token, too.",
)
def pair_under_any_scheme(mock: StableMock) -> None:
    """Look at another scheme."""
    _reading(mock, lambda scheme, rest: pair_in(rest) if scheme == "token" else None)


@deviation(
    "pair-without-base64",
    breaks=["STB-BASIC-003"],
    apis=STABLE,
    applies=with_basic,
    sentence="Name and password are taken as they are, without base64.",
)
def pair_without_base64(mock: StableMock) -> None:
    """Take plain text."""
    _reading(mock, lambda scheme, rest: (rest.partition(":")[0], rest.partition(":")[2]) if scheme == "basic" else None)


@deviation(
    "pair-apart-by-a-blank",
    breaks=["STB-BASIC-003"],
    apis=STABLE,
    applies=with_basic,
    sentence="A line break does for the colon between name and password.",
)
def pair_apart_by_a_blank(mock: StableMock) -> None:
    """Split at line breaks."""

    def read(scheme: str, rest: str) -> Pair | None:
        try:
            name, _, password = base64.b64decode(rest, validate=True).decode().partition("\n")
        except ValueError:
            return None
        return (name, password) if scheme == "basic" else None

    _reading(mock, read)


@deviation(
    "scheme-in-this-case-only",
    breaks=["STB-BASIC-010"],
    apis=STABLE,
    applies=with_basic,
    sentence="The name of the scheme is taken as Basic only, not as basic.",
)
def scheme_in_this_case_only(mock: StableMock) -> None:
    """Compare the scheme with its case."""

    def basic(backend: Backend, visit: Visit) -> Verdict:
        scheme = visit.request.headers.get("authorization", "").partition(" ")[0]
        return backend(visit) if scheme == "Basic" else Verdict(401, (("www-authenticate", "Basic"),))

    around_basic(mock, basic)


@deviation(
    "basic-needs-a-referer",
    breaks=["STB-BASIC-001", "STB-BASIC-008"],
    apis=STABLE,
    applies=with_basic,
    sentence="Basic credentials count only in requests that name a Referer.",
)
def basic_needs_a_referer(mock: StableMock) -> None:
    """Ask for more than the header."""
    around_basic(mock, lambda backend, visit: backend(visit) if "referer" in visit.request.headers else Verdict(401))


@deviation(
    "curl-is-turned-away",
    breaks=["STB-BASIC-005"],
    apis=STABLE,
    applies=with_basic,
    sentence="Basic credentials do not count when curl sends them.",
)
def curl_is_turned_away(mock: StableMock) -> None:
    """Look at who the client says it is."""

    def basic(backend: Backend, visit: Visit) -> Verdict:
        return Verdict(401) if visit.request.headers.get("user-agent", "").startswith("curl") else backend(visit)

    around_basic(mock, basic)


@deviation(
    "basic-counts-unasked",
    breaks=["STB-AUTH-011", "STB-SESSION-002", "STB-OPEN-002"],
    apis=STABLE,
    applies=without_basic,
    sentence="Basic credentials are taken although that backend is not configured.",
)
def basic_counts_unasked(mock: StableMock) -> None:
    """Add the backend."""
    mock.auth.backends = (Basic(mock.auth.accounts, mock.auth.ways), *mock.auth.backends)
