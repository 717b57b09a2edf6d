"""The authentication backends of Airflow 2, tried in turn (measured on 2.2.5 to 2.11.2).

The first that answers 200 lets the request in. If none does, the answer is 401 with the headers of the last one, unless
there is a public role: then the request goes on as nobody's, whose permissions are that role's. So a wrong password is
not refused there; who it was for is not looked at. Who shows a ticket of Kerberos is the user of that full name, and
nobody where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.api.v1.problems import unauthenticated
from mockserver.auth.accounts import Accounts
from mockserver.auth.backends import Backend, Verdict, Visit
from mockserver.auth.basic import Basic
from mockserver.auth.composer_auth import ComposerAuth
from mockserver.auth.making import Maker, make
from mockserver.auth.session import session
from mockserver.auth.sessions import Sessions
from mockserver.auth.visitor import Visitor
from mockserver.auth.ways import Ways
from mockserver.errors import Crash, SetupError
from profiles.chain import public_role_opens

if TYPE_CHECKING:
    from mockserver.auth.custom import Plugins
    from mockserver.request import Request
    from mockserver.world.users import User
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
        self.documents = documents
        self.ways = Ways.of(profile.airflow, documents=documents)
        self.accounts = Accounts(world, self.ways)
        self.sessions = Sessions(world, self.ways)
        self.public_role = profile.public_role
        self.plugins: Plugins | None = None
        self.backends = tuple(map(self._backend, profile.backends))

    def user(self, request: Request) -> Visitor:
        """Find out who makes the request; ApiError 401 when nobody is let in."""
        visit = Visit(request, self.sessions.user(self.sessions.of(request)))
        verdict = self._judge(visit)
        if verdict.status != 200 and not self.open_to_nobody():
            raise unauthenticated(verdict.headers)
        if visit.principal is not None:
            visit.account = visit.account or self.holder(visit.principal)
            request.proof = verdict.headers if self.ways.proves_itself else ()
        return self.visitor(visit)

    def open_to_nobody(self) -> bool:
        """Whether who is let in by no backend goes on with the permissions of the public role."""
        return bool(self.public_role) and self.ways.public_role_counts

    def holder(self, principal: str) -> User | None:
        """The user that a principal is, active or not; Crash where Airflow breaks down over one who is none."""
        user = self.world.users.named(principal) if self.ways.tickets_name_users else None
        if user is None and self.ways.strangers_break:
            raise Crash("a principal is no user")
        return user

    def visitor(self, visit: Visit) -> Visitor:
        """Who makes a request that was let in."""
        if visit.account is not None:
            return Visitor.known(visit.account)
        public = self.world.roles.named(self.public_role) if self.public_role else None
        return Visitor.anonymous(public)

    def _judge(self, visit: Visit) -> Verdict:
        headers: list[tuple[str, str]] = []
        for backend in self.backends:
            verdict = backend(visit)
            if verdict.status == 200:
                return verdict
            headers = [*(headers if self.ways.challenges_all else ()), *verdict.headers]
        return Verdict(401, headers)

    # ---- beginning -----------------------------------------------------------------------------------------------

    def _backend(self, module: str) -> Backend:
        public = bool(self.public_role) and public_role_opens(self.profile.airflow, [module])
        others: dict[str, Maker] = {
            "session": lambda _: session,
            "basic": lambda _: Basic(self.accounts, self.ways, public=public),
            "composer_auth": lambda _: ComposerAuth(self.world, self.profile.registration_role or ""),
            "custom": self._custom,
        }
        return make(self.profile, module, others, documents=self.documents)

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
