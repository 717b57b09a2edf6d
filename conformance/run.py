"""One run of the suite: what was asked for, the target, and the book in which everything is noted.

`Run.prepare` finds what can be wrong before a request is sent (`RunError`, exit code 2); `Run.open` reaches the target
(`Unusable`, exit code 3: nothing was learned about it); `Run.close` removes what was created and judges.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from conformance import apis, journal, preflight, selection, stories, unreached, waivers
from conformance.base_url import BaseUrl, BaseUrlError
from conformance.coverage.sums import Coverage
from conformance.credentials import Credentials, CredentialsError, collect
from conformance.exchange import Exchange
from conformance.judge import Rules
from conformance.ledger import Ledger, Way
from conformance.needs import COMPONENTS
from conformance.options import Options
from conformance.outcome import Outcome
from conformance.reporting import writing
from conformance.results import Book, Circumstances, Result, judge
from conformance.selection import Case, Skipped
from conformance.target import Target, no_writes
from conformance.version import suite_version
from conformance.waivers import Waiver, WaiverError
from profiles import Profile, ProfileError
from profiles import load as load_profile
from profiles import names as profile_names
from specs import contract, departures, requirements
from specs.contract import Interface, Operation
from specs.departures import Departure
from specs.requirements import Requirement

#: The check that tells the stories: one for each, in brackets.
STORIES = "interface.stories.stories"


class RunError(Exception):
    """The run cannot start as it was asked for. One clear text for a person."""


class Unusable(Exception):  # noqa: N818 (it is no error of ours)
    """The target cannot be checked: it is not there, does not let us in, or is not what the profile says.

    The book of the run says why.
    """


def usable_profile(options: Options) -> Profile:
    """The profile that a run asks for, with its overrides and without what it shall not rely on. RunError if none."""
    if not options.profile:
        raise RunError(f"say how the target is set up: --profile NAME|FILE (built in: {', '.join(profile_names())})")
    try:
        profile = load_profile(options.profile, options.overrides)
        for capability in options.without:
            profile = profile.without(capability)
    except ProfileError as error:
        raise RunError(str(error)) from None
    return profile


def read_waivers(options: Options) -> list[Waiver]:
    """The waivers that a run asks for. RunError for a file that cannot be used."""
    if options.waivers is None:
        return []
    try:
        return waivers.load(Path(options.waivers), datetime.datetime.now(datetime.UTC).date())
    except WaiverError as error:
        raise RunError(str(error)) from None


@dataclass
class Run:
    """What is known while a run goes on. `failure` holds what a usage error found late has to say."""

    options: Options
    profile: Profile
    credentials: Credentials
    interface: Interface
    waivers: Sequence[Waiver]
    requirements: dict[str, Requirement]
    book: Book
    target: Target | None = None
    failure: str | None = None
    result: Result | None = None
    version_seen: str | None = None
    leftovers: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    requests: int = 0
    coverage: Coverage = field(init=False)
    started: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))

    def __post_init__(self) -> None:
        self.coverage = Coverage(self.interface)

    @classmethod
    def prepare(cls, options: Options) -> Run:
        """A run as asked for; RunError when profile, options or waivers do not allow it."""
        profile = usable_profile(options)
        accepted = read_waivers(options)
        try:
            base = BaseUrl.parse(options.target)
            credentials = collect(
                profile,
                username=options.username,
                password=options.password,
                file=options.credentials,
                keys=options.keys,
                environ=os.environ,
            )
        except (BaseUrlError, CredentialsError) as error:
            raise RunError(str(error)) from None
        if no_writes(profile, base, read_only=options.read_only, allow_writes=options.allow_writes):
            profile = replace(profile, capabilities=profile.capabilities - {"writes"})
        try:
            interface = profile.interface
        except contract.ContractError as error:
            raise RunError(f"{error} (the profile {profile.name} says so)") from None
        needed = {name: each for document in profile.documents for name, each in requirements.load(document).items()}
        book = Book(needed, profile.facts(), _ledger(interface))
        return cls(options, profile, credentials, interface, accepted, needed, book)

    def open(self, worker: str = "") -> None:
        """Reach the target; `worker` makes the names of this process its own. Unusable when it cannot be checked."""
        self.target = self._target(self.profile, self.credentials, worker)
        found = preflight.inspect(self.target)
        if found.missing:  # the problem is told; what does not need it is checked all the same
            self.target.close()
            fewer = replace(self.profile, capabilities=self.profile.capabilities - found.missing)
            self.target = self._target(fewer, self.target.credentials, worker)
        self.version_seen = found.version
        running = {name: name in found.running for name in COMPONENTS}
        secret = "known" if found.secret_proved else "unknown"
        self.book.facts = {**self.target.facts, **running, "jwt_secret": secret}
        for problem in found.problems:
            doubted = problem.kind in ("profile", "fixtures")
            (self.book.doubts if doubted else self.book.problems).append(str(problem))
        if any(problem.fatal for problem in found.problems):
            raise Unusable

    def _target(self, profile: Profile, credentials: Credentials, worker: str) -> Target:
        options = self.options
        target = Target.open(
            options.target,
            profile,
            credentials,
            workers=options.workers,
            read_only=options.read_only,
            allow_writes=options.allow_writes,
            kerberos_hostname=options.kerberos_hostname,
            worker=worker,
            journals=journal.directory(os.environ),
        )
        target.transport.after.append(self.coverage.note)
        return target

    def clean_up(self) -> None:
        """Remove from the target what this run created."""
        if self.target:
            self.leftovers.extend(self.target.clean_up())
            self.stays.extend(self.target.stays)
            self.requests += self.target.sent
            self.target.close()

    @property
    def facts(self) -> Mapping[str, object]:
        """What predicates may ask about this deployment."""
        return self.book.facts

    @property
    def why_one_by_one(self) -> str:
        """Why checks are carried out one after the other here; empty where they need not be."""
        return apis.load(self.profile.api).why_one_by_one(self.profile.airflow)

    def rules(self) -> Rules:
        """What every judge has to know."""
        return Rules(
            requirements=self.requirements,
            departures=self._departures(),
            version=self.profile.airflow,
            facts=self.facts,
            base=self.options.target,
            operation=self._operation,
            profile_value=self._profile_value,
        )

    def select(self, cases: Sequence[Case]) -> set[str]:
        """The names of the checks to run; notes why the others are left out. SelectionError, WaiverError."""
        known = [name for document in requirements.DOCUMENTS for name in requirements.load(document)]
        selection.verify(cases, known)
        if unknown := waivers.unknown_checks(self.waivers, [case.name for case in cases]):
            raise WaiverError("\n".join(unknown))
        chosen = {case.name for case in cases}
        if self.options.only:
            own = [replace(case, requirements=self._own(case)) for case in cases]
            chosen, narrowed = selection.choose(self.options.only, own, list(self.interface.operations))
            self.book.narrowed = frozenset(narrowed)
        for case in cases:
            if reason := self._left_out(case, chosen):
                self.book.skipped[case.name] = reason
        return chosen - set(self.book.skipped)

    def record(self, outcome: Outcome) -> None:
        """Note what a check saw."""
        self.book.outcomes.append(outcome)

    def operations(self) -> list[Operation]:
        """The operations of the contract that laws are to hold for: all, or those that --only names."""
        every, narrowed = self.interface.operations.values(), self.book.narrowed
        return [operation for operation in every if not narrowed or operation.id in narrowed]

    def finish(self) -> Result:
        """Judge the run as it stands, and write the report."""
        self.book.problems.extend(waivers.stale(self.waivers, self.book.outcomes))
        self.result = judge(self.book, self._circumstances(), self._departures(), self.coverage.sent())
        if self.options.report:
            try:
                writing.write(self.result, Path(self.options.report))
            except OSError as error:
                self.failure = f"--report {self.options.report}: {error.strerror or error}"
        return self.result

    def to_merge(self) -> dict[str, Any]:
        """What a worker tells the controller beside the outcomes, in JSON types."""
        skipped = [(asdict(skip.case), skip.reason, skip.applicable) for skip in self.book.skipped.values()]
        told = {"problems": self.book.problems, "leftovers": self.leftovers, "requests": self.requests}
        told["stays"] = self.stays
        told |= {"narrowed": sorted(self.book.narrowed), "coverage": self.coverage.to_json()}
        return {"skipped": skipped, **told}

    def merge(self, told: Mapping[str, Any]) -> None:
        """Take over what a worker tells."""
        for case, reason, asked in told["skipped"]:
            lists = {key: tuple(each) for key, each in case.items() if isinstance(each, list)}
            values: dict[str, Any] = {**case, **lists}
            known = Case(**values)
            self.book.skipped[known.name] = Skipped(known, reason, asked)
        self.book.narrowed = told["narrowed"]
        self.coverage.add(told["coverage"])
        self.leftovers.extend(told["leftovers"])
        self.stays.extend(told["stays"])
        self.requests += told["requests"]
        self.book.problems.extend(each for each in told["problems"] if each not in self.book.problems)

    def _own(self, case: Case) -> tuple[str, ...]:
        """The requirements of a check that the profile's documents have."""
        return tuple(name for name in case.requirements if name in self.requirements)

    def _left_out(self, case: Case, chosen: set[str]) -> Skipped | None:
        if case.name not in chosen:
            return Skipped(case, selection.NOT_SELECTED, applicable=True)
        return selection.skipped(case, self.requirements, self.facts, self.options.depth)

    def _departures(self) -> Sequence[Departure]:
        return departures.every()

    def _operation(self, exchange: Exchange) -> str | None:
        request = exchange.request
        found = self.interface.find(request.method, request.target)
        return request.operation or (found.id if found else None)

    def _profile_value(self, key: str) -> tuple[str, str]:
        section, _, option = key.partition(".")
        try:
            return str(self.profile.option(section, option)), self.profile.where(key)
        except KeyError:
            return str(getattr(self.profile, key, "")), f"profile {self.profile.name}"

    def _circumstances(self) -> Circumstances:
        return Circumstances(
            suite_version=suite_version(),
            profile=self.profile.redacted(),
            profile_name=self.profile.name,
            url=self.options.target,
            version_seen=self.version_seen,
            started=self.started,
            finished=datetime.datetime.now(datetime.UTC),
            seed=self.options.seed,
            requests=self.requests,
            depth=self.options.depth,
            repeat=self.options.command(),
            selected=tuple(self.options.only),
            leftovers=tuple(self.leftovers),
            stays=tuple(self.stays),
        )


def _ledger(interface: Interface) -> Ledger:
    """What an interface documents, and what is known about reaching it."""
    api = apis.of(interface).name

    @cache
    def ways(operation: str) -> list[Way]:
        return [Way(f"{STORIES}[{name}]", needs) for name, needs in stories.reaching(interface, api, operation)]

    return Ledger(interface.operations, interface.version, unreached.load(api), ways)
