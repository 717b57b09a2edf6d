"""Faults of the password backend of Airflow 1.10."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from mockserver.auth.backends import FORBIDDEN, PASSED, Verdict
from mockserver.deviations import EXPERIMENTAL, deviation, wrap
from mockserver.deviations.conditions import with_password
from mockserver.deviations.experimental_auth import Judge, judging, refusing, tells
from mockserver.deviations.likeness import neighbours_swapped
from mockserver.deviations.passwords import pair_in
from mockserver.world.users import User

if TYPE_CHECKING:
    from mockserver.request import Request
    from specs.contract import Operation

Matches = Callable[[str | None, str], bool]
LogIn = Callable[[str, str], User | None]
Pair = tuple[str, str]


def _matching(mock: Any, fits: Callable[[str, str], bool]) -> None:
    """Take a password that fits the right one, too; an empty one never does."""

    def matches(original: Matches, right: str | None, given: str) -> bool:
        return original(right, given) or (right is not None and bool(given) and fits(right, given))

    wrap(mock.experimental.guard.backend, "matches", matches)


def _logging_in(mock: Any, log_in: Callable[[LogIn, str, str], bool]) -> None:
    """Let in who the function says, too; as whom does not matter."""

    def around(original: LogIn, name: str, password: str) -> User | None:
        found = original(name, password)
        return next(iter(mock.world.users)) if found is None and log_in(original, name, password) else found

    wrap(mock.experimental.guard.backend, "log_in", around)


def _named(mock: Any, pair: Pair | None) -> bool:
    """Whether there is a user of the name in a pair."""
    return pair is not None and pair[0] in {user.username for user in mock.world.users}


def _half_checked(mock: Any, where: Callable[[Operation, Request], bool]) -> None:
    """Where that is so, the name of a user is enough."""

    def serve(original: Any, operation: Operation, request: Request) -> Any:
        known = where(operation, request) and _named(mock, pair_in(tells(request).partition(" ")[2]))
        return (mock.experimental.operate if known else original)(operation, request)

    wrap(mock.experimental, "serve", serve)


def _reading(mock: Any, read: Callable[[str], Pair | None]) -> None:
    """Read a header in another way where it gives nobody in the usual one."""

    def judge(original: Judge, request: Request) -> Verdict:
        pair = read(tells(request))
        known = pair is not None and mock.experimental.guard.backend.log_in(*pair)
        return PASSED if known else original(request)

    judging(mock, judge)


# ---- comparing -------------------------------------------------------------------------------------------------------


@deviation(
    "experimental-passwords-in-any-case",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Upper and lower case of a password do not count.",
)
def passwords_in_any_case(mock: Any) -> None:
    """Compare without case."""
    _matching(mock, lambda right, given: right.casefold() == given.casefold())


@deviation(
    "experimental-passwords-with-letters-swapped",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Two letters of a password that stand beside each other may change places.",
)
def passwords_with_letters_swapped(mock: Any) -> None:
    """Forgive a slip of the fingers."""
    _matching(mock, neighbours_swapped)


@deviation(
    "experimental-passwords-by-their-beginning",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="The beginning of a password is enough.",
)
def passwords_by_their_beginning(mock: Any) -> None:
    """Compare as far as it goes."""
    _matching(mock, lambda right, given: right.startswith(given))


@deviation(
    "experimental-passwords-with-anything-after",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="What stands after the password does not count.",
)
def passwords_with_anything_after(mock: Any) -> None:
    """Compare as far as the right one goes."""
    _matching(mock, lambda right, given: given.startswith(right))


@deviation(
    "experimental-passwords-stripped",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Blanks around a password do not count.",
)
def passwords_stripped(mock: Any) -> None:
    """Compare without blanks."""
    _matching(mock, lambda right, given: right == given.strip())


@deviation(
    "experimental-empty-passwords",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="A user is let in with an empty password.",
)
def empty_passwords(mock: Any) -> None:
    """Take nothing for the password."""

    def judge(original: Judge, request: Request) -> Verdict:
        pair = pair_in(tells(request).partition(" ")[2])
        return PASSED if pair and not pair[1] and _named(mock, pair) else original(request)

    judging(mock, judge)


@deviation(
    "experimental-passwords-of-others",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="The password of any user is good for every user.",
)
def passwords_of_others(mock: Any) -> None:
    """Look for the name and for the password, each for itself."""

    def shared(_log_in: LogIn, name: str, password: str) -> bool:
        users = list(mock.world.users)
        return name in {user.username for user in users} and password in {user.password for user in users}

    _logging_in(mock, shared)


# ---- whose it is -----------------------------------------------------------------------------------------------------


@deviation(
    "experimental-names-stripped",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Blanks around a user's name do not count.",
)
def names_stripped(mock: Any) -> None:
    """Look the name up without blanks."""
    _logging_in(mock, lambda log_in, name, password: name != name.strip() and bool(log_in(name.strip(), password)))


@deviation(
    "experimental-unknown-users",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Who is no user is let in with any password.",
)
def unknown_users(mock: Any) -> None:
    """Refuse wrong passwords alone."""
    _logging_in(mock, lambda _log_in, name, _password: name not in {user.username for user in mock.world.users})


# ---- where it counts -------------------------------------------------------------------------------------------------


@deviation(
    "experimental-deletes-by-name",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="DELETE is done for a user's name with any password.",
)
def deletes_by_name(mock: Any) -> None:
    """Do not compare the password."""
    _half_checked(mock, lambda operation, _: operation.method == "DELETE")


@deviation(
    "experimental-instances-by-name",
    breaks=["EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Task instances are shown for a user's name with any password.",
)
def instances_by_name(mock: Any) -> None:
    """Do not compare the password."""
    _half_checked(mock, lambda operation, _: operation.id == "task_instance_info")


@deviation(
    "experimental-second-user-refused",
    breaks=["EXP-PASSWORD-001"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Only the first user is let in.",
)
def second_user_refused(mock: Any) -> None:
    """Stop looking after the first."""

    def log_in(original: LogIn, name: str, password: str) -> User | None:
        user = original(name, password)
        return user if user is next(iter(mock.world.users)) else None

    wrap(mock.experimental.guard.backend, "log_in", log_in)


@deviation(
    "experimental-pools-closed-to-passwords",
    breaks=["EXP-PASSWORD-001"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="The right name and password do not open a single pool.",
)
def pools_closed_to_passwords(mock: Any) -> None:
    """Refuse one endpoint to everybody."""
    refusing(mock, FORBIDDEN, lambda operation, _: operation.id == "get_pool")


@deviation(
    "experimental-passwords-need-a-mark",
    breaks=["EXP-PASSWORD-001"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Name and password count only beside a header X-Requested-With, but for the operation test.",
)
def passwords_need_a_mark(mock: Any) -> None:
    """Want something else, too."""

    def unmarked(operation: Operation, request: Request) -> bool:
        return operation.id != "test" and bool(tells(request)) and "x-requested-with" not in request.headers

    refusing(mock, FORBIDDEN, unmarked)


# ---- how it is sent --------------------------------------------------------------------------------------------------


@deviation(
    "experimental-plain-pairs",
    breaks=["EXP-PASSWORD-003", "EXP-AUTH-004"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Name and password count as they are, too, without base64.",
)
def plain_pairs(mock: Any) -> None:
    """Take the text for the pair."""

    def plain(header: str) -> Pair | None:
        name, colon, password = header.partition(" ")[2].partition(":")
        return (name, password) if colon else None

    _reading(mock, plain)


@deviation(
    "experimental-percent-pairs",
    breaks=["EXP-PASSWORD-003", "EXP-AUTH-004"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Name and password count percent-encoded, too, without base64.",
)
def percent_pairs(mock: Any) -> None:
    """Take the decoded text for the pair."""

    def decoded(header: str) -> Pair | None:
        text = header.partition(" ")[2]
        name, colon, password = unquote(text).partition(":")
        return (name, password) if colon and "%" in text else None

    _reading(mock, decoded)


@deviation(
    "experimental-pairs-without-a-scheme",
    breaks=["EXP-PASSWORD-003", "EXP-AUTH-004"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Name and password count without the name of a scheme before them.",
)
def pairs_without_a_scheme(mock: Any) -> None:
    """Take the only word for the pair."""
    _reading(mock, lambda header: None if " " in header else pair_in(header))


# ---- how long it counts ----------------------------------------------------------------------------------------------


@deviation(
    "experimental-passwords-leave-a-cookie",
    breaks=["EXP-PASSWORD-004", "EXP-AUTH-006"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Who was let in gets a cookie that lets in without name and password.",
)
def passwords_leave_a_cookie(mock: Any) -> None:
    """Remember by a cookie."""

    def judge(original: Judge, request: Request) -> Verdict:
        if request.cookies().get("visitor") == "known":
            return PASSED
        verdict = original(request)
        return Verdict(200, (("set-cookie", "visitor=known; Path=/"),)) if verdict.status == 200 else verdict

    judging(mock, judge)


@deviation(
    "experimental-passwords-checked-once",
    breaks=["EXP-PASSWORD-004", "EXP-PASSWORD-002"],
    applies=with_password,
    apis=EXPERIMENTAL,
    sentence="Once a user was let in, that user's name is enough.",
)
def passwords_checked_once(mock: Any) -> None:
    """Keep who was let in, without the password."""
    known: set[str] = set()

    def judge(original: Judge, request: Request) -> Verdict:
        pair = pair_in(tells(request).partition(" ")[2])
        verdict = PASSED if pair and pair[0] in known else original(request)
        known.update([pair[0]] if pair and verdict.status == 200 else ())
        return verdict

    judging(mock, judge)
