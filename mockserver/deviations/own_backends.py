"""Faults of Airflow 2 with backends of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.auth.backends import PASSED, Backend, Verdict, Visit
from mockserver.deviations import STABLE, deviation
from mockserver.deviations.conditions import with_own

if TYPE_CHECKING:
    from mockserver.stable import StableMock


@deviation(
    "own-backend-takes-anybodys-key",
    breaks=["STB-CUSTOM-002"],
    apis=STABLE,
    applies=with_own,
    sentence="A backend of one's own takes the key of any user for every user.",
)
def own_backend_takes_anybodys_key(mock: StableMock) -> None:
    """Look for the name and for the key, each for itself."""

    def around(kind: str, backend: Backend) -> Backend:
        def ask(visit: Visit) -> Verdict:
            verdict = backend(visit)
            name, key = (visit.request.headers.get(f"x-conformance-{each}", "") for each in ("user", "key"))
            user = mock.world.users.named(name)
            known = user is not None and user.active and key in {one.password for one in mock.world.users}
            if verdict.status == 200 or not known:
                return verdict
            visit.account = user
            return PASSED

        return ask if kind == "custom" else backend

    mock.auth.backends = tuple(map(around, mock.profile.backend_kinds, mock.auth.backends))
