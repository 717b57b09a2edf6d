"""Faults of Airflow 2 in what everybody may do where the web server gives everybody a role."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import public_grants
from mockserver.errors import ApiError

if TYPE_CHECKING:
    from mockserver.operations import Answer
    from mockserver.request import Request
    from mockserver.routing import Match
    from mockserver.stable import StableMock
    from specs.contract import Operation


@deviation(
    "public-role-refused-and-done",
    breaks=["STB-AUTH-010"],
    apis=STABLE,
    applies=public_grants,
    sentence="A variable is deleted for who proves nothing, though the answer is that the public role may not.",
)
def public_role_refused_and_done(mock: StableMock) -> None:
    """Carry it out, then refuse."""

    def operate(original: Callable[..., Answer], operation: Operation, match: Match, request: Request) -> Answer:
        try:
            return original(operation, match, request)
        except ApiError:
            if operation.id == "delete_variable" and mock.world.variables.get(match.path["variable_key"]):
                mock.world.variables.remove(match.path["variable_key"])
            raise

    wrap(mock, "operate", operate)
