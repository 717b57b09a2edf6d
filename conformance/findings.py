"""What the inspection before the first check finds about a target.

Each `Problem` is one sentence for a person and a hint what to do; its `kind` says whose problem it is:

    unreachable    nothing answers, or nothing that is HTTP
    impostor       something answers, and it is not that API: a wall, a login page, another product
    credentials    the target does not accept what it was given
    profile        the target is not set up as the profile says
    fixtures       the profile claims the fixture DAGs, and they are not there
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from conformance.credentials import COMPOSER
from conformance.exchange import Exchange, NotJson

if TYPE_CHECKING:
    from conformance.target import Target

Kind = Literal["unreachable", "impostor", "credentials", "profile", "fixtures"]

ASK_CREDENTIALS = "give --username and --password, or --credentials FILE"
ASK_GOOGLE = "name another key_file for admin in --credentials FILE"
ASK_ROLES = "give --credentials FILE with a user for each role, or --without roles"


@dataclass(frozen=True)
class Problem:
    """Why the target cannot be checked as asked. `exchange` shows it, where there was one.

    `fatal`: checks would tell nothing more. One that is not fatal is a fault that checks decide.
    """

    kind: Kind
    sentence: str
    hint: str = ""
    exchange: Exchange | None = None
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.sentence}; {self.hint}" if self.hint else self.sentence


class Stop(Exception):  # noqa: N818 (it says what happened)
    """Nothing more can be learned."""


def told(answer: Exchange) -> dict[str, Any]:
    """The body of an answer as a JSON object; empty when it is none."""
    try:
        found = answer.json()
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass
class Preflight:
    """What was found so far. `version`: as the target says, such as 3.3.2. `secret_proved`: it signs with that secret.

    `missing`: capabilities that the profile claims and the target does not bear out. `running`: what the target says
    that runs beside its API, of `conformance.needs.COMPONENTS`.
    """

    target: Target
    problems: list[Problem] = field(default_factory=list)
    missing: frozenset[str] = frozenset()
    version: str | None = None
    secret_proved: bool = False
    running: frozenset[str] = frozenset()

    def add(
        self, kind: Kind, sentence: str, hint: str = "", exchange: Exchange | None = None, *, fatal: bool = True
    ) -> None:
        """Note a problem; the sentence is shown without secrets."""
        self.problems.append(Problem(kind, self.target.redactor.text(sentence), hint, exchange, fatal))

    def stop(
        self, kind: Kind, sentence: str, hint: str = "", exchange: Exchange | None = None, *, fatal: bool = True
    ) -> Stop:
        """Note a problem after which nothing more can be learned; to be raised."""
        self.add(kind, sentence, hint, exchange, fatal=fatal)
        return Stop()

    def source(self, role: str) -> str:
        """Where the credential of a role comes from."""
        credential = self.target.credentials.by_role.get(role)
        return credential.source if credential else "nobody's"

    @property
    def ask(self) -> str:
        """What to do about an admin who is none."""
        return ASK_GOOGLE if self.target.profile.platform == COMPOSER else ASK_CREDENTIALS

    def roles(self) -> tuple[str, ...]:
        """The roles that are to be logged in."""
        return self.target.roles if "roles" in self.target.profile.capabilities else ("admin",)

    def refused(self, role: str, sentence: str, exchange: Exchange | None = None) -> None:
        """Note that a role is not let in; without an admin there is nothing more to see."""
        hint = self.ask if role == "admin" else ASK_ROLES
        self.add("credentials", sentence, hint, exchange, fatal=role == "admin")
