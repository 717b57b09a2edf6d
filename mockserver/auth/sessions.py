"""The sessions of the web server: what is kept stays here, the cookie holds the signed id.

Measured on 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2.

The API looks at sessions but neither begins one nor changes one.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mockserver.auth.signing import Signer, Tokens
from mockserver.errors import Crash

if TYPE_CHECKING:
    from mockserver.auth.ways import Ways
    from mockserver.request import Request
    from mockserver.world.users import User
    from mockserver.world.world import World

COOKIE = "session"
USER, CSRF = "_user_id", "csrf_token"
LIFETIME = timedelta(days=30)


@dataclass(slots=True)
class Session:
    """A session; `values` is replaced or changed in place, and counts once it is saved."""

    id: str
    values: dict[str, Any] = field(default_factory=dict)
    kept: bool = False


class Sessions:
    """All sessions of a web server."""

    def __init__(self, world: World, ways: Ways) -> None:
        self.world = world
        self.ways = ways
        self.signer = Signer("session")
        self.tokens = Tokens()
        self._kept: dict[str, tuple[Mapping[str, Any], datetime]] = {}

    # ---- finding one ---------------------------------------------------------------------------------------------

    def of(self, request: Request) -> Session:
        """The session of a request; a new one if its cookie is none of ours, or the session is over."""
        name = self.signer.verify(cookie(request) or "")
        values, until = self._kept.get(name or "", ({}, self.world.now()))
        if name is None or self.world.now() >= until:
            return Session(self._new_id())
        return Session(name, dict(values), kept=True)

    def user(self, session: Session) -> User | None:
        """Who is logged in; Crash where Airflow breaks down because there is no such user any more."""
        number = session.values.get(USER)
        user = None if number is None else self.world.users.get(int(number))
        if number is not None and user is None and self.ways.deleted_users_crash:
            raise Crash("the user of the session was deleted")
        return user if user and user.active else None

    # ---- changing one --------------------------------------------------------------------------------------------

    def log_in(self, session: Session, user: User) -> None:
        """Make a session that of a user. Where it gets another id for that, there is still nobody's under the first."""
        if self.ways.rotates_session:
            session.id = str(uuid.uuid4())
        session.values[USER] = str(user.number)

    def log_out(self, session: Session) -> None:
        """Make a session nobody's."""
        session.values.pop(USER, None)

    def save(self, session: Session) -> tuple[str, str]:
        """Keep a session, and give the header that sets its cookie."""
        until = self.world.now() + LIFETIME
        self._kept[session.id] = dict(session.values), until
        session.kept = True
        date = until.strftime(f"%a, %d{'-%b-' if self.ways.old_dates else ' %b '}%Y %H:%M:%S GMT")
        value = self.signer.sign(session.id)
        return ("set-cookie", f"{COOKIE}={value}; Expires={date}; HttpOnly; Path=/; SameSite=Lax")

    def cookies(self, session: Session) -> list[tuple[str, str]]:
        """The header that sets the cookie; none if there is nothing to keep and the version then sends none."""
        return [] if self.ways.lazy_cookies and not session.values else [self.save(session)]

    def _new_id(self) -> str:
        return secrets.token_urlsafe(32) if self.ways.long_ids else str(uuid.uuid4())

    # ---- CSRF ----------------------------------------------------------------------------------------------------

    def csrf_token(self, session: Session) -> str:
        """A token for the forms of a session."""
        secret = session.values.setdefault(CSRF, secrets.token_hex(20))
        return self.tokens.make(secret, int(self.world.now().timestamp()))

    def csrf_fault(self, session: Session, token: str | None) -> str | None:
        """What is wrong with the token that came with a form; None if it is right."""
        if not token:
            return "The CSRF token is missing."
        if CSRF not in session.values:
            return "The CSRF session token is missing."
        secret = self.tokens.read(token)
        if secret is None:
            return "The CSRF token is invalid."
        return None if secret == session.values[CSRF] else "The CSRF tokens do not match."


def cookie(request: Request) -> str | None:
    """The value of the session's cookie, of several the first."""
    for part in request.headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value.strip('"')
    return None
