"""A fault of Airflow 2 in what a ticket leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.auth.visitor import Visitor
from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import with_kerberos
from mockserver.deviations.in_turn import Find

if TYPE_CHECKING:
    from mockserver.operations import Answer
    from mockserver.request import Request
    from mockserver.stable import StableMock

Headers = list[tuple[str, str]]


@deviation(
    "tickets-leave-a-cookie",
    breaks=["STB-KERBEROS-002"],
    applies=with_kerberos,
    apis=STABLE,
    sentence="Who was let in for a ticket gets a cookie that lets in without one.",
)
def tickets_leave_a_cookie(mock: StableMock) -> None:
    """Remember by a cookie."""

    def headers(original: Callable[..., Headers], request: Request, answer: Answer) -> Headers:
        shown = request.headers.get("authorization", "").lower().startswith("negotiate ") and answer.status == 200
        return [*original(request, answer), *([("set-cookie", "visitor=known; Path=/")] if shown else [])]

    def user(original: Find, request: Request) -> Visitor:
        known = request.cookies().get("visitor") == "known"
        return Visitor.known(next(iter(mock.world.users))) if known else original(request)

    wrap(mock, "headers", headers)
    wrap(mock.auth, "user", user)
