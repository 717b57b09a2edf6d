"""The backend password_auth of Airflow 1.10: a name and a password in the header Authorization (measured on 1.10.15).

No header is 401 with a challenge, a pair that is nobody's 403 without one. What the scheme is called does not count,
and a header in which there is no pair breaks Airflow.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from mockserver.auth.authorization import joined, strict
from mockserver.auth.backends import FORBIDDEN, PASSED, Verdict, Visit
from mockserver.errors import Crash

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.world.users import User
    from mockserver.world.world import World

CHALLENGE = Verdict(401, (("www-authenticate", "Basic"),))
_COUNTED = 72  # so many bytes of a password are what bcrypt looks at


class Password:
    """Lets in who names a user with the right password.

    `documents`: only Basic Base64(username:password) is a pair, and whoever is not let in is asked for one.
    """

    def __init__(self, world: World, *, documents: bool = False) -> None:
        self.world = world
        self.documents = documents

    def __call__(self, visit: Visit) -> Verdict:
        """Look for a pair; Crash where Airflow breaks down over the header or over the password."""
        if not joined(visit.request, b"authorization"):
            return CHALLENGE
        visit.account = self.account(visit.request)
        return PASSED if visit.account else CHALLENGE if self.documents else FORBIDDEN

    def account(self, request: Request) -> User | None:
        """The user whose name and password a request carries."""
        pair = self.pair(joined(request, b"authorization"))
        return self.log_in(*pair) if pair and all(pair) else None

    def pair(self, header: str) -> tuple[str, str] | None:
        """The name and the password in a header."""
        return strict(header) if self.documents else _pair(header)

    def log_in(self, name: str, password: str) -> User | None:
        """The user of that name, to the letter, if the password is right."""
        users = (user for user in self.world.users if user.username == name and user.active)
        return next((user for user in users if self.matches(user.password, password)), None)

    def matches(self, right: str | None, given: str) -> bool:
        """Compare passwords; plainly, for they protect nothing, and as far as bcrypt does."""
        if self.documents or right is None:
            return right == given
        if "\0" in given:
            raise Crash("bcrypt takes no NUL")
        return right.encode()[:_COUNTED] == given.encode()[:_COUNTED]


def _pair(header: str) -> tuple[str, str]:
    """Read as the backend does: the first word is skipped, the others are one."""
    try:
        text = base64.b64decode("".join(header.split()[1:])).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise Crash("credentials that are no base64 of a text") from None
    name, colon, password = text.partition(":")
    if not colon:
        raise Crash("credentials without a colon")
    return name, password
