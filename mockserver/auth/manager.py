"""FAB's objects as far as backends of one's own use them: the application builder, its security manager, its users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.world.users import Role, User

if TYPE_CHECKING:
    from flask import Flask

    from mockserver.auth.accounts import Accounts

AUTH_DB = 1


class Member:
    """A user of the world as flask-login and FAB know one."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, account: User) -> None:
        self.account = account

    @property
    def id(self) -> int:
        """The number of the user."""
        return self.account.number

    @property
    def is_active(self) -> bool:
        """Whether the user may log in."""
        return self.account.active

    @property
    def perms(self) -> set[tuple[str, str]]:
        """What the roles of the user grant."""
        return {grant for role in self.account.roles for grant in role.grants}

    def get_id(self) -> str:
        """What a session keeps of the user."""
        return str(self.account.number)

    def get_full_name(self) -> str:
        """First and last name."""
        return f"{self.account.first_name} {self.account.last_name}"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.account, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Member) and other.account is self.account

    def __hash__(self) -> int:
        return hash(self.account.number)


class Manager:
    """The security manager."""

    auth_type = AUTH_DB

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def find_user(self, username: str | None = None, email: str | None = None) -> Member | None:
        """The user of that name in any case, else the one with that address."""
        users = self._accounts.world.users
        return _member(users.named(username) if username else users.addressed(email) if email else None)

    def get_user_by_id(self, number: int) -> Member | None:
        """The user with that number."""
        return _member(self._accounts.world.users.get(int(number)))

    def get_all_users(self) -> list[Member]:
        """All users."""
        return [Member(user) for user in self._accounts.world.users]

    def auth_user_db(self, username: str, password: str) -> Member | None:
        """The active user who has that password, found by name or address; the user's counters tell of it."""
        return _member(self._accounts.log_in(username, password) if username else None)

    def find_role(self, name: str) -> Role | None:
        """The role of that name."""
        return self._accounts.world.roles.named(name)

    def add_user(
        self, username: str, first_name: str, last_name: str, email: str, role: Any, password: str = "", **_rest: Any
    ) -> Member | None:
        """Make a user; None if the name or the address is taken."""
        world = self._accounts.world
        if world.users.named(username) or world.users.addressed(email):
            return None
        roles = tuple(role) if isinstance(role, list | tuple) else (role,)
        return Member(world.add_user(username, password, first_name, last_name, email, roles))

    def __getattr__(self, name: str) -> Any:
        offered = ", ".join(sorted(one for one in dir(type(self)) if not one.startswith("_")))
        raise AttributeError(f"the security manager of the mock has no {name}; it has {offered}")


class AuthManager:
    """The auth manager of 2.8 and later."""

    def __init__(self, manager: Manager) -> None:
        self.security_manager = manager

    def get_user(self) -> Any:
        """Who is logged in."""
        from flask_login import current_user

        return current_user

    def is_logged_in(self) -> bool:
        """Whether anybody is."""
        return not self.get_user().is_anonymous


class AppBuilder:
    """The application builder, with its security manager."""

    def __init__(self, app: Flask, manager: Manager) -> None:
        self.app = self.get_app = app
        self.sm = manager


def _member(user: User | None) -> Member | None:
    return None if user is None else Member(user)
