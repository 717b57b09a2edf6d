"""The authentication backends of Airflow 2, tried in turn (measured on 2.2.5 to 2.11.2).

The first that answers 200 lets the request in. If none does, the answer is 401 with the headers of the last one, unless
there is a public role: then the request goes on as nobody's, whose permissions are that role's. So a wrong password is
not refused there; who it was for is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.api.v1.problems import unauthenticated
from mockserver.auth.accounts import Accounts
from mockserver.auth.allow_all import allow_all
from mockserver.auth.backends import Backend, Verdict, Visit
from mockserver.auth.basic import Basic
from mockserver.auth.deny_all import deny_all
from mockserver.auth.session import session
from mockserver.auth.sessions import Sessions
from mockserver.auth.visitor import Visitor
from mockserver.auth.ways import Ways
from mockserver.errors import SetupError

if TYPE_CHECKING:
    from mockserver.auth.custom import Plugins
    from mockserver.request import Request
    from mockserver.world.world import World
    from profiles import Profile


class Chain:
    """Lets a request in as a visitor, or refuses it.

    `backends` are tried in turn; `public_role` is AUTH_ROLE_PUBLIC; `sessions` are those of the web server; `plugins`
    is what backends of one's own bring, None without any.
    """

    def __init__(self, profile: Profile, world: World, *, documents: bool = False) -> None:
        self.profile = profile
        self.world = world
        self.ways = Ways.of(profile.airflow, documents=documents)
        self.accounts = Accounts(world, self.ways)
        self.sessions = Sessions(world, self.ways)
        self.public_role = profile.public_role
        self.plugins: Plugins | None = None
        self.backends = tuple(map(self._backend, profile.backends, profile.backend_kinds))

    def user(self, request: Request) -> Visitor:
        """Find out who makes the request; ApiError 401 when nobody is let in."""
        visit = Visit(request, self.sessions.user(self.sessions.of(request)))
        verdict = self._judge(visit)
        if verdict.status != 200 and not self.open_to_nobody():
            raise unauthenticated(verdict.headers)
        return self.visitor(visit)

    def open_to_nobody(self) -> bool:
        """Whether who is let in by no backend goes on with the permissions of the public role."""
        return bool(self.public_role) and self.ways.public_role_counts

    def visitor(self, visit: Visit) -> Visitor:
        """Who makes a request that was let in."""
        if visit.account is not None:
            return Visitor.known(visit.account)
        public = self.world.roles.named(self.public_role) if self.public_role else None
        return Visitor.anonymous(public)

    def _judge(self, visit: Visit) -> Verdict:
        verdict = Verdict(401)
        for backend in self.backends:
            verdict = backend(visit)
            if verdict.status == 200:
                break
        return verdict

    # ---- beginning -----------------------------------------------------------------------------------------------

    def _backend(self, module: str, kind: str) -> Backend:
        makers: dict[str, Callable[[], Backend]] = {
            "session": lambda: session,
            "basic": lambda: Basic(self.accounts, self.ways, public=bool(self.public_role)),
            "allow_all": lambda: allow_all,
            "deny_all": lambda: deny_all,
            "custom": lambda: self._custom(module),
        }
        if kind not in makers:
            raise SetupError(f"the mock cannot be a server with the authentication backend {module}")
        return makers[kind]()

    def _custom(self, module: str) -> Backend:
        try:
            from mockserver.auth.custom import Plugins  # only now: it needs Flask
        except ModuleNotFoundError as error:
            install = 'install it with: pip install "airflow-api-conformance[custom]"'
            raise SetupError(
                f"the backend {module} is not Airflow's own, and runs under Flask ({error}); {install}"
            ) from None
        self.plugins = self.plugins or Plugins(self.profile, self.ways, self.accounts, self.sessions)
        return self.plugins.backend(module)
