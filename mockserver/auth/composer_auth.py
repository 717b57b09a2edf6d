"""The backend composer_auth of Cloud Composer: whose Google account the proxy has let through is a user of Airflow.

The document: who comes for the first time is made a user with the role of registration, unless the e-mail is longer
than the database holds; a user named accounts.google.com:NUMBER is the account's of that number, whatever its e-mail.
The backend's own text is not public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.api.v1.problems import permission_denied
from mockserver.auth.backends import PASSED, Verdict, Visit
from profiles.accounts import LONGEST_EMAIL

if TYPE_CHECKING:
    from mockserver.world.users import User
    from mockserver.world.world import World

EMAIL = "x-goog-authenticated-user-email"
ID = "x-goog-authenticated-user-id"
"""Headers of the proxy, with accounts.google.com: before their values."""
ISSUER = "accounts.google.com"
_NOBODY = Verdict(401)


class ComposerAuth:
    """Lets in who is a user, or becomes one; `role` is what newcomers get."""

    def __init__(self, world: World, role: str) -> None:
        self.world = world
        self.role = role

    def __call__(self, visit: Visit) -> Verdict:
        """Look for the account that the proxy tells of; 403 for one that is no user and becomes none."""
        name, email = (visit.request.headers.get(header, "") for header in (ID, EMAIL))
        if not name.startswith(f"{ISSUER}:"):
            return _NOBODY
        address = email.removeprefix(f"{ISSUER}:")
        user = self.user(name, address) or self.registered(name, address)
        if user is None or not user.active:
            raise permission_denied()
        user.logged_in(self.world.now())
        visit.account = user
        return PASSED

    def user(self, name: str, email: str) -> User | None:
        """The user of that name, or of that e-mail."""
        return self.world.users.named(name) or self.world.users.addressed(email)

    def registered(self, name: str, email: str) -> User | None:
        """A new user; None where the database has no room for the e-mail, or there is no such role."""
        role = self.world.roles.named(self.role)
        if role is None or len(email) > LONGEST_EMAIL:
            return None
        return self.world.add_user(name, None, email, "-", email, (role,))
