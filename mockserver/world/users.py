"""Users and roles of Airflow 2: who there is, and what their roles grant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from mockserver.world.record import Record
from mockserver.world.store import Store
from specs import yamlfile
from specs.versions import Version, within

PUBLIC = "Public"
Permission = tuple[str, str]
"""An action and the name of what it acts on: ("can_read", "Pools")."""


class Account(Protocol):
    """A user that the world begins with."""

    @property
    def username(self) -> str:
        """The name."""

    @property
    def password(self) -> str | None:
        """The password; nobody can log in with None."""

    @property
    def role(self) -> str:
        """The name of the role, in any case."""

    @property
    def active(self) -> bool:
        """Whether the user may log in."""

    @property
    def email(self) -> str | None:
        """The address; None for one that is made up of the name."""


@dataclass(eq=False)
class Role(Record):
    """A role and what it grants."""

    number: int
    name: str
    grants: tuple[Permission, ...] = ()


@dataclass(eq=False)
class User(Record):
    """A user. The counts are None before the first login (measured)."""

    number: int
    username: str
    password: str | None
    first_name: str
    last_name: str
    email: str
    created_on: datetime
    changed_on: datetime
    roles: tuple[Role, ...] = ()
    active: bool = True
    login_count: int | None = None
    fail_login_count: int | None = None
    last_login: datetime | None = None

    def logged_in(self, when: datetime) -> None:
        """Note a login."""
        self.login_count = (self.login_count or 0) + 1
        self.last_login, self.fail_login_count = when, 0

    def failed(self) -> None:
        """Note a wrong password."""
        self.login_count = self.login_count or 0
        self.fail_login_count = (self.fail_login_count or 0) + 1


class Users(Store[int, User]):
    """The users by number; their names differ in more than the case of ASCII letters."""

    def named(self, username: str) -> User | None:
        """The user of that name, in any case."""
        wanted = _folded(username)
        return next((user for user in self if _folded(user.username) == wanted), None)

    def addressed(self, email: str) -> User | None:
        """The user with that address, to the letter."""
        return next((user for user in self if user.email == email), None)


class Roles(Store[int, Role]):
    """The roles by number, and the words that their grants may use."""

    def __init__(self, version: Version) -> None:
        super().__init__()
        self.actions: list[str] = _actions(version)
        self.resources: set[str] = set()
        for name, grants in _defaults(version).items():
            self.make(name, grants)
            self.resources.update(resource for _, resource in grants)

    def make(self, name: str, grants: tuple[Permission, ...] = ()) -> Role:
        """Add a role."""
        number = self.next_id()
        return self.add(number, Role(number, name, grants))

    def named(self, name: str) -> Role | None:
        """The role of that name, to the letter."""
        return next((role for role in self if role.name == name), None)


def _folded(text: str) -> str:
    """Fold the case of ASCII letters alone, as SQLite's lower() does."""
    return "".join(one.lower() if one.isascii() else one for one in text)


def settle_in(users: Users, roles: Roles, accounts: Iterable[Account], now: datetime) -> None:
    """Make the users that a deployment begins with; a role that there is not yet is made, and grants nothing."""
    for account in accounts:
        name = account.role.capitalize() if roles.named(account.role) is None else account.role
        role = roles.named(name) or roles.make(account.role)
        number = users.next_id()
        address = account.email or f"{account.username}@example.org"
        user = User(number, account.username, account.password, account.username, "lab", address, now, now, (role,))
        user.active = account.active
        users.add(number, user)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yamlfile.read("mockserver.world", "roles.yaml")
    return data


def _holds(entry: Mapping[str, Any], version: Version) -> bool:
    return within(version, entry.get("since"), entry.get("until"))


def _actions(version: Version) -> list[str]:
    return [name for entry in _data()["actions"] if _holds(entry, version) for name in entry["names"]]


def _defaults(version: Version) -> dict[str, tuple[Permission, ...]]:
    """What each role grants, in the order in which Airflow makes them: Admin comes first."""
    made: dict[str, tuple[Permission, ...]] = {}
    so_far: dict[Permission, None] = {}
    for one in _data()["roles"]:
        so_far |= dict.fromkeys(pair for entry in one["grants"] if _holds(entry, version) for pair in _pairs(entry))
        made[one["role"]] = tuple(so_far)
    return {"Admin": made.pop("Admin"), **made}


def _pairs(entry: Mapping[str, Any]) -> list[Permission]:
    actions = [entry["action"]] if isinstance(entry["action"], str) else entry["action"]
    return [(action, resource) for action in actions for resource in entry["resources"]]
