"""What an authentication backend of Airflow 2 is to the mock.

A backend looks at a request and answers; what it does on the way is to log somebody in for the time of the request.
`chain` tries several in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.errors import ApiError

if TYPE_CHECKING:
    from mockserver.operations import Answer
    from mockserver.request import Request
    from mockserver.world.users import User as Account

Headers = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Visit:
    """One request that asks to be let in; `account` is who is logged in, by the session at first."""

    request: Request
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a backend: only 200 lets in; the headers of the last one that does not go with the 401."""

    status: int
    headers: Headers = ()


PASSED = Verdict(200)


Backend = Callable[[Visit], Verdict]
"""One authentication backend: looks at a request; Crash where Airflow breaks down over it."""


class Aborted(ApiError):  # noqa: N818 - it is what Flask calls it
    """A backend has ended the request with an answer of its own, which is sent as it stands (measured)."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, None, answer.headers)
        self.answer = answer
