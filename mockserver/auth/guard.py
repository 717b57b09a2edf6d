"""Who is let in to the experimental API: one backend is asked, and there are no permissions.

Measured on 1.10.15, 2.2.5 and 2.11.2. Airflow 1.10 has one backend; of the list of Airflow 2 the first counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mockserver.auth.backends import Backend, Verdict, Visit
from mockserver.auth.making import make
from mockserver.auth.password import Password

if TYPE_CHECKING:
    from mockserver.auth.chain import Chain
    from mockserver.request import Request
    from mockserver.world.world import World
    from profiles import Profile


class Guard:
    """Lets requests of the experimental API in, or refuses them.

    `backend` is what is asked. `chain` is that of Airflow 2, whose first backend it is and whose sessions count; None
    in Airflow 1.10, which has another way of logging in. `documents`: the documents are followed.
    """

    def __init__(self, profile: Profile, world: World, *, chain: Chain | None = None, documents: bool = False) -> None:
        self.sessions = chain.sessions if chain else None
        self.backend: Backend = chain.backends[0] if chain else _classic(profile, world, documents=documents)

    def judge(self, request: Request) -> Verdict:
        """Judge a request; Crash where Airflow breaks down, Aborted where a backend of one's own answers itself.

        200 lets it in, and the view's answer gets the headers, also one of 400 or 404. Else that status is the answer,
        with the headers. In Airflow 2 the cookie of the session is among them where the version sends one.
        """
        if self.sessions is None:
            return self.backend(Visit(request))
        session = self.sessions.of(request)
        visit = Visit(request, self.sessions.user(session))
        verdict = self.backend(visit)
        if visit.account is not None and visit.remembered:
            self.sessions.log_in(session, visit.account)
        return replace(verdict, headers=(*verdict.headers, *self.sessions.cookies(session)))


def _classic(profile: Profile, world: World, *, documents: bool) -> Backend:
    """The backend of an Airflow 1.10."""
    (module,) = profile.backends
    others = {"password": lambda _: Password(world, documents=documents)}
    return make(profile, module, others, documents=documents)
