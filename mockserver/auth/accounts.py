"""Logging in with a name and a password, as FAB's database of users does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.auth.ways import Ways
from mockserver.world.users import User

if TYPE_CHECKING:
    from mockserver.world.world import World


class Accounts:
    """The users of a world, and what they may log in with."""

    def __init__(self, world: World, ways: Ways) -> None:
        self.world = world
        self.ways = ways

    def find(self, name: str) -> User | None:
        """The user of that name in any case, or with that address to the letter."""
        users = self.world.users
        return users.named(name) or users.addressed(name)

    def log_in(self, name: str, password: str) -> User | None:
        """The user who has that password, and None for everybody else; the user's counters tell of it."""
        user = self.find(name)
        if user is None or not user.active:
            return None
        if not self.matches(user.password, password):
            user.failed()
            return None
        user.logged_in(self.world.now())
        return user

    def matches(self, right: str | None, given: str) -> bool:
        """Compare passwords; plainly, for they protect nothing."""
        return right is not None and right == (given.rstrip("\0") if self.ways.hash_drops_nuls else given)
