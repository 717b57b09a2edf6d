"""Faults of Airflow 2 in whose ticket opens the stable API, to what, and how the server proves itself there."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from mockserver.auth.backends import FORBIDDEN, PASSED, Verdict, Visit
from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import asking_for_tickets, with_kerberos
from mockserver.deviations.tickets import checking
from mockserver.world.users import User

if TYPE_CHECKING:
    from mockserver.stable import StableMock

Check = Callable[[Visit, bytes], Verdict]
Holder = Callable[[str], User | None]
_SAFE = ("GET", "HEAD", "OPTIONS")


def _holding(mock: StableMock, holder: Callable[[Holder, str], User | None]) -> None:
    """Put something around the search for the user of a principal."""
    wrap(mock.auth, "holder", holder)


def _with_role(mock: StableMock, name: str) -> User | None:
    """The first user with a role of that name."""
    return next((user for user in mock.world.users if any(role.name == name for role in user.roles)), None)


@deviation(
    "tickets-of-strangers-taken",
    breaks=["STB-KERBEROS-008"],
    applies=with_kerberos,
    apis=STABLE,
    sentence="Whose principal is no user's name is let in as a viewer.",
)
def strangers_taken(mock: StableMock) -> None:
    """Take a viewer for whom there is not."""
    _holding(mock, lambda original, principal: original(principal) or _with_role(mock, "Viewer"))


@deviation(
    "tickets-make-admins",
    breaks=["STB-KERBEROS-008"],
    applies=with_kerberos,
    apis=STABLE,
    sentence="Who has a ticket and is a user may do what an admin may.",
)
def make_admins(mock: StableMock) -> None:
    """Take the first admin for every user."""
    _holding(mock, lambda original, principal: original(principal) and _with_role(mock, "Admin"))


@deviation(
    "tickets-are-all-the-first-ones",
    breaks=["STB-KERBEROS-008"],
    applies=with_kerberos,
    apis=STABLE,
    sentence="Whoever shows a ticket is taken for the user who was the first to show one.",
)
def all_the_first_ones(mock: StableMock) -> None:
    """Keep the first user that was found."""
    first: list[User] = []

    def holder(original: Holder, principal: str) -> User | None:
        found = original(principal)
        first.extend([found] if found and not first else [])
        return found and first[0]

    _holding(mock, holder)


@deviation(
    "tickets-do-not-write",
    breaks=["STB-KERBEROS-001"],
    applies=with_kerberos,
    apis=STABLE,
    sentence="A ticket opens reads alone.",
)
def do_not_write(mock: StableMock) -> None:
    """Refuse every other method."""

    def check(original: Check, visit: Visit, token: bytes) -> Verdict:
        return original(visit, token) if visit.request.method in _SAFE else FORBIDDEN

    checking(mock, check)


@deviation(
    "tickets-outlive-their-request",
    breaks=["STB-KERBEROS-002", "STB-KERBEROS-006"],
    applies=with_kerberos,
    apis=STABLE,
    sentence="Once a ticket was shown, whatever comes next with a token is taken for the same user's.",
)
def outlive_their_request(mock: StableMock) -> None:
    """Remember whose the last ticket was."""
    last: list[str] = []

    def check(original: Check, visit: Visit, token: bytes) -> Verdict:
        verdict = original(visit, token)
        if verdict.status == 200 and visit.principal:
            last[:] = [visit.principal]
        elif last:
            visit.principal = last[0]
            return PASSED
        return verdict

    checking(mock, check)


@deviation(
    "tickets-answered-with-junk",
    breaks=["STB-KERBEROS-007", "STB-KERBEROS-010"],
    applies=with_kerberos,
    apis=STABLE,
    sentence="What is answered to a ticket is a token that proves nothing.",
)
def answered_with_junk(mock: StableMock) -> None:
    """Make one up."""
    mock.auth.ways = replace(mock.auth.ways, proves_itself=True)
    junk = ("www-authenticate", f"negotiate {base64.b64encode(b'conformance' * 10).decode()}")

    def check(original: Check, visit: Visit, token: bytes) -> Verdict:
        verdict = original(visit, token)
        return replace(verdict, headers=(junk,)) if verdict.status == 200 else verdict

    checking(mock, check)


@deviation(
    "tickets-not-asked-for",
    breaks=["STB-KERBEROS-009"],
    applies=asking_for_tickets,
    apis=STABLE,
    sentence="Who shows no ticket is refused without being asked for one.",
)
def not_asked_for(mock: StableMock) -> None:
    """Send no challenge."""
    backend = mock.auth.backends[-1]

    def without(visit: Visit) -> Verdict:
        return replace(backend(visit), headers=())

    mock.auth.backends = (*mock.auth.backends[:-1], without)
