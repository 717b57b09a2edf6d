"""The judge: a check tells it what it expected and what came, and the judge keeps the book.

    judge.that(answer.status == 401, exchange, "a request without a token is refused with 401; it got 200")

It is soft: a check goes on after a violation, so that one law over a hundred operations reports every one of them, and
the check fails at its end. Inside a property-based test it raises at once, so that the example can be shrunk.

    Exception
    ├── Nonconformity(AssertionError)   the target does not do what a requirement demands
    └── Unreached(pytest's skip)        the check could not exercise what it is about
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import hypothesis
from _pytest.outcomes import Skipped as PytestSkipped

from conformance.auth.base import LoginError
from conformance.departing import departure_of
from conformance.exchange import Exchange
from conformance.guard import GuardRefusal
from conformance.outcome import Mismatch, Outcome, Transcript, Violation
from conformance.redaction import redact
from conformance.reporting.transcript import transcript
from specs.departures import Departure
from specs.predicate import holds
from specs.requirements import Requirement
from specs.versions import Version

#: How many exchanges of one check are kept as evidence when it passes.
EVIDENCE = 3
#: How many violations of one requirement by one check are kept with their exchanges; of a departure EVIDENCE are.
KEPT = 200

Exchanges = Exchange | Sequence[Exchange] | None


class Nonconformity(AssertionError):  # noqa: N818 (it is no error of ours)
    """The target does not do what a requirement demands; carries every violation."""

    def __init__(self, violations: Sequence[Violation], texts: Mapping[str, str]) -> None:
        self.violations = list(violations)
        super().__init__(_story(self.violations, texts))


class Unreached(PytestSkipped):
    """The check could not exercise what it is about; to pytest a skip, to the verdict never a pass."""


@dataclass(frozen=True)
class Rules:
    """What a judge has to know beside the check: shared by all checks of a run."""

    requirements: Mapping[str, Requirement]
    departures: Sequence[Departure]
    version: Version
    facts: Mapping[str, object]
    base: str
    operation: Callable[[Exchange], str | None] = lambda _: None
    profile_value: Callable[[str], tuple[str, str]] = lambda key: ("the profile", key)


class Judge:
    """Keeps the book of one check. Fixture `judge`.

    `elsewhere`: requirements of the check that do not apply to this deployment; what is said about them is not kept.
    """

    def __init__(self, rules: Rules, outcome: Outcome, elsewhere: frozenset[str] = frozenset()) -> None:
        self.rules = rules
        self.outcome = outcome
        self.elsewhere = elsewhere
        self._evidence: list[Transcript] = []

    def __repr__(self) -> str:
        return "<judge>"  # property-based tests print what they are given

    def that(self, ok: bool, exchange: Exchanges, message: str, *, requirement: str | None = None) -> bool:
        """Note one observation and return `ok`.

        `exchange`: the exchange observed, or several that tell the story, the decisive one last. `message`: what was
        expected and what came, in one sentence. `requirement`: which of the check's requirements it is about (all of
        them when left out). An exchange without an answer is no observation: it makes the check an ERROR.
        """
        __tracebackhide__ = True
        exchanges = _listed(exchange)
        names = self._names(requirement)
        if broken := next((each for each in exchanges if each.error), None):
            self.outcome.error = (
                self.outcome.error or f"no answer to {broken.request.method} {broken.request.target}: {broken.error}"
            )
            return False
        self._keep(exchanges)
        for name in names:
            self.outcome.observed[name] = self.outcome.observed.get(name, 0) + 1
            if not ok:
                self._violation(name, message, exchanges)
        return bool(ok)

    def reached(self, exchange: Exchange | str, status: int | None = None) -> None:
        """Enter in the ledger that an operation gave a success status on content that the check knows to be there.

        Either an exchange, or an operation's id and the status.
        """
        if isinstance(exchange, str):
            self.outcome.reached.append((exchange, status or 200, ""))
        elif (operation := self.rules.operation(exchange)) and exchange.response:
            self.outcome.reached.append((operation, exchange.response.status, exchange.response.media))

    def evidence(self, *exchanges: Exchange) -> None:
        """Keep these exchanges as evidence, whatever the verdict."""
        self.outcome.evidence.extend(self._shown(exchanges))

    def unreached(self, reason: str) -> NoReturn:
        """End the check: it cannot exercise what it is about. Violations noted before still count."""
        __tracebackhide__ = True
        self.outcome.unreached = redact(reason)
        raise Unreached(self.outcome.unreached)

    def mismatch(self, key: str, found: str) -> None:
        """Note that the target does not bear out a value of the profile.

        `key`: dotted, as in `api.maximum_page_limit`. `found`: what the target does, as in "the target returned 200".
        """
        says, where = self.rules.profile_value(key)
        self.outcome.mismatches.append(Mismatch(key, where, says, redact(found)))

    def finish(self) -> None:
        """End of the check: raise what nothing excuses, all together."""
        __tracebackhide__ = True
        if not self.outcome.evidence:
            self.outcome.evidence = self._evidence
        if open_violations := [each for each in self.outcome.violations if not each.excused]:
            raise self._nonconformity(open_violations)

    def ended_by(self, error: BaseException) -> None:
        """Note the exception that ended the check: what it found, or a fault of ours or of the network's."""
        if found := nonconformity_in(error):
            for violation in found.violations:
                if not any(violation is each for each in self.outcome.violations):
                    violation.example = _example(found)
                    self.outcome.violations.append(violation)
        elif isinstance(error, PytestSkipped):
            self.outcome.unreached = self.outcome.unreached or redact(str(error))
        elif isinstance(error, LoginError):
            self.outcome.unreached = redact(f"nobody could be logged in for it: {error}")
        elif isinstance(error, GuardRefusal) and not holds({"capabilities": "writes"}, self.rules.facts):
            self.outcome.unreached = redact(f"nothing may be written: {error}")
        else:
            text = str(error).strip().partition("\n")[0]
            self.outcome.error = self.outcome.error or redact(f"{type(error).__name__}: {text}")

    def _names(self, requirement: str | None) -> Iterable[str]:
        if requirement is None:
            return self.outcome.requirements
        if requirement in self.elsewhere:
            return ()
        if requirement not in self.outcome.requirements:
            raise ValueError(f"the check judges {requirement}, which its @requirement(...) does not name")
        return [requirement]

    def _shown(self, exchanges: Sequence[Exchange]) -> list[Transcript]:
        return [transcript(exchange, self.rules.base) for exchange in exchanges]

    def _keep(self, exchanges: Sequence[Exchange]) -> None:
        if len(self._evidence) < EVIDENCE:
            self._evidence.extend(self._shown(exchanges[-1:]))

    def _violation(self, name: str, message: str, exchanges: Sequence[Exchange]) -> None:
        __tracebackhide__ = True
        known = self._departure(name, exchanges)
        searching = hypothesis.currently_in_test_context()
        if known and searching and self._noted(name, known):
            return
        full = searching or self._noted(name, known) < (EVIDENCE if known else KEPT)
        violation = Violation(
            requirement=name,
            message=redact(message),
            exchanges=self._shown(exchanges) if full else [],
            operation=self.rules.operation(exchanges[-1]) if exchanges else None,
            departure=known,
        )
        if searching and not known:
            raise self._nonconformity([violation])
        self.outcome.violations.append(violation)

    def _departure(self, name: str, exchanges: Sequence[Exchange]) -> str | None:
        if not exchanges:
            return None
        rules = self.rules
        found = departure_of(rules.departures, name, rules.version, rules.facts, exchanges[-1])
        return found.id if found else None

    def _noted(self, name: str, departure: str | None) -> int:
        """How many violations of the requirement are noted that this departure, or none, accounts for."""
        return sum((each.requirement, each.departure) == (name, departure) for each in self.outcome.violations)

    def _nonconformity(self, violations: Sequence[Violation]) -> Nonconformity:
        return Nonconformity(violations, {name: each.text for name, each in self.rules.requirements.items()})


def _listed(exchange: Exchanges) -> list[Exchange]:
    if exchange is None:
        return []
    return [exchange] if isinstance(exchange, Exchange) else list(exchange)


def _story(violations: Sequence[Violation], texts: Mapping[str, str], shown: int = 5) -> str:
    """What is wrong, one requirement after the other, with a curl line for each of the first violations."""
    lines: list[str] = []
    for name in dict.fromkeys(violation.requirement for violation in violations):
        mine = [violation for violation in violations if violation.requirement == name]
        lines.append(f"{name}: {texts.get(name, '')}")
        for violation in mine[:shown]:
            lines.append(f"  - {violation.message}")
            lines.extend(f"    {exchange['curl']}" for exchange in violation.exchanges[-1:])
        if len(mine) > shown:
            lines.append(f"  ... and {len(mine) - shown} more")
    return "\n".join(lines)


def nonconformity_in(error: BaseException | None) -> Nonconformity | None:
    """The Nonconformity that an exception is, groups or is caused by; a property-based test may wrap it."""
    if error is None or isinstance(error, Nonconformity):
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else (error.__cause__,)
    return next(filter(None, map(nonconformity_in, inner)), None)


_GIVEN = ("judge", "target", "profile", "interface", "operations", "depth")


def _example(error: BaseException) -> str:
    """The values that a property-based test had drawn, without what the fixtures gave."""
    kept: list[str] = []
    wanted = True
    for line in "\n".join(getattr(error, "__notes__", ())).splitlines():
        if found := re.match(r"    (\w+)=", line):
            wanted = found[1] not in _GIVEN
        if wanted or not line.startswith("    "):
            kept.append(line)
    return redact("\n".join(kept).strip())
