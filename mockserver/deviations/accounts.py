"""Faults of Airflow 2 in what becomes of a user who is changed, and in what a user may do with some things only."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import admitting, refusing, with_basic, with_session
from mockserver.deviations.in_turn import Find
from mockserver.deviations.passwords import Login, Pair
from mockserver.deviations.state import around

if TYPE_CHECKING:
    from mockserver.auth.visitor import Visitor
    from mockserver.operations import Answer, Call, Handler
    from mockserver.request import Request
    from mockserver.stable import StableMock
    from mockserver.world.users import User
    from profiles import Profile


def _logging_in(profile: Profile) -> bool:
    """Users come with a name and a password."""
    return refusing(profile) and (with_basic(profile) or with_session(profile))


@deviation(
    "former-passwords-pass",
    breaks=["STB-BASIC-002"],
    applies=with_basic,
    apis=STABLE,
    sentence="A password that was right once passes after it was changed.",
)
def former_passwords_pass(mock: StableMock) -> None:
    """Remember pairs that were good."""
    good: set[Pair] = set()

    def log_in(original: Login, name: str, password: str) -> User | None:
        user = original(name, password)
        if user:
            good.add((name, password))
        return user or (mock.auth.accounts.find(name) if (name, password) in good else None)

    wrap(mock.auth.accounts, "log_in", log_in)


def _past_the_mask(mock: StableMock, name: str) -> None:
    """Set one field of a user whatever the mask says."""

    def patch(handler: Handler, call: Call) -> Any:
        answer = handler(call)
        user = mock.world.users.named(call.path["username"])
        value = call.body.get(name)
        if user and value and name == "roles":
            user.roles = tuple(role for one in value if (role := mock.world.roles.named(one["name"])))
        elif user and value:
            setattr(user, name, value)
        return answer

    around(mock, "patch_user", patch)


@deviation(
    "passwords-past-the-mask",
    breaks=["STB-BASIC-002"],
    applies=with_basic,
    apis=STABLE,
    sentence="A change of a user sets the password, though the update mask does not name it.",
)
def passwords_past_the_mask(mock: StableMock) -> None:
    """Take it from the body."""
    _past_the_mask(mock, "password")


@deviation(
    "roles-past-the-mask",
    breaks=["STB-API-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A change of a user sets the roles, though the update mask does not name them.",
)
def roles_past_the_mask(mock: StableMock) -> None:
    """Take them from the body."""
    _past_the_mask(mock, "roles")


@deviation(
    "roles-of-the-first-request",
    breaks=["STB-AUTH-006"],
    applies=_logging_in,
    apis=STABLE,
    sentence="The roles that count are those that a user had at the first request.",
)
def roles_of_the_first_request(mock: StableMock) -> None:
    """Keep who was seen."""
    seen: dict[object, Visitor] = {}

    def user(original: Find, request: Request) -> Visitor:
        found = original(request)
        return seen.setdefault(found.id, found) if found.id is not None else found

    wrap(mock.auth, "user", user)


@deviation(
    "renamed-roles-grant-nothing",
    breaks=["STB-AUTH-006"],
    applies=_logging_in,
    apis=STABLE,
    sentence="Who has a role loses it when it gets another name.",
)
def renamed_roles_grant_nothing(mock: StableMock) -> None:
    """Look for it under its old name."""

    def patch(handler: Handler, call: Call) -> Any:
        role = mock.world.roles.named(call.path["role_name"])
        before = role and role.name
        answer = handler(call)
        if role and role.name != before:
            for user in mock.world.users:
                user.roles = tuple(one for one in user.roles if one is not role)
        return answer

    around(mock, "patch_role", patch)


@deviation(
    "addresses-of-two",
    breaks=["STB-API-003"],
    applies=admitting,
    apis=STABLE,
    sentence="An e-mail that a user has is taken for another.",
)
def addresses_of_two(mock: StableMock) -> None:
    """Look at names alone."""
    wrap(mock.world.users, "addressed", lambda _original, _email: None)


@deviation(
    "roles-listed-in-part",
    breaks=["STB-API-001"],
    applies=admitting,
    apis=STABLE,
    sentence="The list of roles has of each only the first twenty of what it grants.",
)
def roles_listed_in_part(mock: StableMock) -> None:
    """Cut what is long."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        answered = original(request)
        if request.path != "/api/v1/roles" or request.method != "GET" or answered.status != 200:
            return answered
        found = json.loads(answered.body)
        for role in found["roles"]:
            role["actions"] = role["actions"][:20]
        return replace(answered, body=json.dumps(found).encode())

    wrap(mock, "answer", answer)
