"""Who makes a request: the Authorization header, the cookie, and who wins (measured on 3.3.2 and 3.0.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.auth.managers import ANONYMOUS, FabManager, Manager, SimpleManager
from mockserver.auth.tokens import Tokens
from mockserver.errors import ApiError

if TYPE_CHECKING:
    from mockserver.operations import User
    from mockserver.request import Request
    from mockserver.traits import Traits
    from mockserver.world.clock import Clock
    from profiles import Profile

COOKIE = "_token"
FORGET_COOKIE = ("set-cookie", f'{COOKIE}=""; HttpOnly; Max-Age=0; Path=/; SameSite=lax')


class Gate:
    """Lets a request in as a user, or refuses it: 401 nothing or expired, 403 not valid.

    3.0 splits the header more narrowly, knows no cookie and names the scheme in WWW-Authenticate; the document knows
    no cookie either, and HTTP wants the scheme named.
    """

    def __init__(self, profile: Profile, clock: Clock, traits: Traits) -> None:
        self.tokens = Tokens(profile, clock, traits)
        self.manager: Manager = (
            FabManager(profile, traits) if profile.auth_manager == "fab" else SimpleManager(profile, traits)
        )
        self.takes_cookie = traits.takes_cookie
        self.names_scheme = traits.names_scheme
        self.traits = traits
        self.revokes = traits.revokes

    def user(self, request: Request) -> User:
        """Find out who makes the request; ApiError when that cannot be told."""
        token = self.bearer(request)
        if token is not None and self.traits.cookie_wins and self.cookie(request) and not self.cookie_headers(request):
            token = self.cookie(request)
        if token is not None:
            return self.holder(token)
        if self.manager.all_admins and "authorization" not in request.headers:
            return ANONYMOUS
        cookie = self.cookie(request)
        if cookie:
            return self.holder(cookie)
        raise self.unauthenticated()

    def holder(self, token: str) -> User:
        """Give the user of a valid token."""
        return self.manager.user(self.tokens.verify(token))

    def bearer(self, request: Request) -> str | None:
        """Take the token out of the Authorization header; None when there is none under the scheme Bearer."""
        header = request.headers.get("authorization", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        if self.traits.trims_token:
            token = token.strip()
        return token or (None if self.traits.empty_is_absent else "")

    def cookie(self, request: Request) -> str | None:
        """Take the token out of the cookie, where the cookie counts."""
        return request.cookies().get(COOKIE) if self.takes_cookie else None

    def unauthenticated(self) -> ApiError:
        """401 for a request that does not say who makes it."""
        return ApiError(401, "Not authenticated", self.challenge())

    def challenge(self) -> list[tuple[str, str]]:
        """Name the scheme to use, where the version does so."""
        return [("www-authenticate", "Bearer")] if self.names_scheme else []

    def cookie_headers(self, request: Request) -> list[tuple[str, str]]:
        """Tell the client to forget a cookie whose token is not valid, whatever the request is for."""
        cookie = self.cookie(request)
        if cookie is None:
            return []
        try:
            self.holder(cookie)
        except ApiError:
            return [FORGET_COOKIE]
        return []

    def end(self, request: Request) -> None:
        """Log out: revoke every token that the request carries, where the version does so."""
        if not self.revokes:
            return
        for token in {self.bearer(request), self.cookie(request)} - {None, ""}:
            self.tokens.revoke(str(token))
