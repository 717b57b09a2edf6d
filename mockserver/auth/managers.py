"""The auth managers: who the users are, what their tokens say, and how they log in.

`SimpleManager` believes the role in the token; `FabManager` looks the user up by the number in the token.
`log_in(credentials)` gives the user or raises ApiError.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.auth.tokens import invalid_token
from mockserver.errors import ApiError, Crash
from mockserver.operations import User

if TYPE_CHECKING:
    from mockserver.traits import Traits
    from profiles import Profile

ANONYMOUS = User("Anonymous", "admin")
SIMPLE_ROLES = ("viewer", "user", "op", "admin")


class SimpleManager:
    """SimpleAuthManager: users and roles from the configuration; with all_admins everybody is one."""

    login_page = "/auth/login"

    def __init__(self, profile: Profile, traits: Traits) -> None:
        self.all_admins = profile.all_admins
        self._traits = traits
        self._users = {user.username: User(user.username, user.role) for user in profile.users}
        self._passwords = {user.username: user.password for user in profile.users}
        if self.all_admins:
            self.login_page = "/auth/token/login"

    def log_in(self, credentials: Mapping[str, Any]) -> User:
        """Look for the user with these credentials, to the letter."""
        if self.all_admins:
            return ANONYMOUS
        name, password = credentials["username"], credentials["password"]
        if not name or not password:
            raise nothing_given()
        if not self.matches(self._passwords.get(name), password):
            raise wrong_credentials()
        return self._users[name]

    def matches(self, right: str | None, given: str) -> bool:
        """Compare passwords; plainly, for they protect nothing."""
        return right is not None and right == given

    def claims(self, user: User) -> dict[str, Any]:
        """What a token of `user` says."""
        role = "ADMIN" if user is ANONYMOUS else user.role
        return {"sub": user.name, "role": role, **({"teams": []} if self._traits.token_teams else {})}

    def user(self, claims: Mapping[str, Any]) -> User:
        """The user of a token."""
        if "sub" not in claims or "role" not in claims:
            raise invalid_token()
        role = str(claims["role"]).lower()
        if role not in SIMPLE_ROLES:
            raise Crash(f"no role {role!r}") if self._traits.crashes else invalid_token()
        return User(str(claims["sub"]), role)


class FabManager:
    """FabAuthManager: users with numbers, found by name in any case or by e-mail address."""

    login_page = "/auth/login/"
    all_admins = False

    def __init__(self, profile: Profile, traits: Traits) -> None:
        self._traits = traits
        users = [User(user.username, user.role.lower(), number) for number, user in enumerate(profile.users, 1)]
        self._by_id = {str(user.id): user for user in users}
        self._by_name = {user.name.lower(): user for user in users}
        self._by_name |= {f"{user.name}@example.org".lower(): user for user in users}
        self._passwords = {user.username: user.password for user in profile.users}

    def log_in(self, credentials: Mapping[str, Any]) -> User:
        """Look for the user with these credentials; other members of the body are ignored."""
        name, password = credentials.get("username"), credentials.get("password")
        if not name or not password:
            raise nothing_given()
        user = self._by_name.get(str(name).lower())
        if not isinstance(password, str) and user and self._traits.crashes:
            raise Crash("a password that is no text", inside=True)
        if user is None or not isinstance(password, str) or not self.matches(self._passwords[user.name], password):
            raise wrong_credentials()
        return user

    def matches(self, right: str | None, given: str) -> bool:
        """Compare passwords; plainly, for they protect nothing. NULs at the end do not count: the hash drops them."""
        return right is not None and right == (given.rstrip("\0") if self._traits.crashes else given)

    def claims(self, user: User) -> dict[str, Any]:
        """What a token of `user` says: its number as text."""
        return {"sub": str(user.id)}

    def user(self, claims: Mapping[str, Any]) -> User:
        """The user of a token."""
        user = self._by_id.get(str(claims.get("sub")))
        if user is None:
            raise invalid_token()
        return user


Manager = SimpleManager | FabManager


def nothing_given() -> ApiError:
    """400 for empty credentials."""
    return ApiError(400, "Username and password must be provided")


def wrong_credentials() -> ApiError:
    """401 for wrong credentials, without saying what is wrong."""
    return ApiError(401, "Invalid credentials")
