"""What an authentication backend of Airflow 1.10 and 2 is to the mock.

A backend looks at a request and answers; what it does on the way is to log somebody in for the time of the request.
For the stable API `chain` tries several in turn, for the experimental one `guard` asks one alone.
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
    """One request that asks to be let in; `account` is who is logged in, by the session at first.

    `remembered`: the session is the account's from now on. `principal` is whose Kerberos ticket it was, if any.
    """

    request: Request
    account: Account | None = None
    remembered: bool = False
    principal: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a backend: only 200 lets in.

    Headers: the stable API sends those of the last backend with its 401, the experimental one sends them always.
    `page` is what a backend of one's own refuses with, which the experimental API sends as it stands.
    """

    status: int
    headers: Headers = ()
    page: Answer | None = None


PASSED = Verdict(200)
FORBIDDEN = Verdict(403)


Backend = Callable[[Visit], Verdict]
"""One authentication backend: looks at a request; Crash where Airflow breaks down over it."""


class Aborted(ApiError):  # noqa: N818 - it is what Flask calls it
    """A backend has ended the request with an answer of its own, which is sent as it stands (measured)."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, None, answer.headers)
        self.answer = answer
