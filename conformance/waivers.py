"""Waivers: a user's dated, reasoned acceptance of one failure.

    waivers:
      - id: PUB-PAGE-004                       # the requirement
        check: public_api.paging.batch_lists   # the check that fails, as the report names it
        signature: get_dag_runs_batch          # an operation id, or a part of the message: another failure still fails
        reason: The gateway in front of it is replaced in January.
        owner: data-platform
        created: 2026-11-21
        expires: 2027-01-31                    # the last day on which it holds

Every key is needed. A waiver that has expired, names what does not exist or stands twice stops the run before it
starts; one that matches nothing, although its check ran, is reported as stale and keeps the run from conforming.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from conformance.outcome import Outcome, Violation
from profiles import tree
from profiles.errors import Place, Problem, ProfileError, meant
from profiles.tree import Branch, Items, Scalar
from specs import requirements


class WaiverError(ValueError):
    """A file of waivers that cannot be used: one line per problem, each with file and line."""


@dataclass(frozen=True)
class Waiver:
    """One accepted failure; `where` is its file and line."""

    id: str
    check: str
    signature: str
    reason: str
    owner: str
    created: datetime.date
    expires: datetime.date
    where: str

    def fits(self, check: str, violation: Violation) -> bool:
        """Whether it accepts this violation of that check."""
        if (self.id, self.check) != (violation.requirement, check):
            return False
        return self.signature == violation.operation or self.signature in violation.message


def apply(waivers: Sequence[Waiver], outcome: Outcome) -> None:
    """Note on each violation of a check that no departure accounts for the waiver that accepts it, if one does."""
    for violation in outcome.violations:
        if violation.departure is None:
            found = (waiver.where for waiver in waivers if waiver.fits(outcome.check, violation))
            violation.waiver = next(found, None)


def stale(waivers: Iterable[Waiver], outcomes: Iterable[Outcome]) -> list[str]:
    """What to say about waivers that matched nothing although their check ran."""
    ran = {outcome.check: outcome for outcome in outcomes}
    used = {violation.waiver for outcome in ran.values() for violation in outcome.violations}
    return [
        f"{waiver.where}: the waiver of {waiver.id} matches nothing any more; delete it"
        for waiver in waivers
        if waiver.check in ran and waiver.where not in used
    ]


def unknown_checks(waivers: Iterable[Waiver], checks: Iterable[str]) -> list[str]:
    """What to say about waivers whose check does not exist."""
    known = list(checks)
    return [
        f"{waiver.where}: there is no check {waiver.check}; {meant(waiver.check, known)}"
        for waiver in waivers
        if waiver.check not in known
    ]


def load(path: Path, today: datetime.date) -> list[Waiver]:
    """The waivers in a file; WaiverError lists everything that is wrong with it."""
    problems: list[Problem] = []
    try:
        root = tree.read(path.read_text(encoding="utf-8"), str(path), problems)
    except (OSError, UnicodeDecodeError, ProfileError) as error:
        raise WaiverError(_unreadable(path, error)) from None
    found = [_waiver(node, problems) for node in _listed(root, path, problems)]
    waivers = [waiver for waiver in found if waiver]
    _compare(waivers, today, problems)
    if problems:
        raise WaiverError("\n".join(str(problem) for problem in sorted(problems, key=lambda each: each.place[1] or 0)))
    return waivers


def _unreadable(path: Path, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{path}: cannot be read: {error.strerror or error}"
    return str(error) if isinstance(error, ProfileError) else f"{path}: is not UTF-8 text"


def _listed(root: tree.Node | None, path: Path, problems: list[Problem]) -> Sequence[tree.Node]:
    entry = root.entries.get("waivers") if isinstance(root, Branch) else None
    if entry is None or not isinstance(entry.value, Items):
        problems.append(Problem(Place(str(path), 1), "a file of waivers is a list under the key waivers:"))
        return ()
    return entry.value.nodes


_KEYS = tuple(item.name for item in fields(Waiver) if item.name != "where")


def _waiver(node: tree.Node, problems: list[Problem]) -> Waiver | None:
    if not isinstance(node, Branch):
        problems.append(Problem(node.place, f"a waiver has the keys {', '.join(_KEYS)}"))
        return None
    before = len(problems)
    for name, entry in node.entries.items():
        if name not in _KEYS:
            problems.append(Problem(entry.key.place, f"unknown key {name}; {meant(name, _KEYS)}"))
    texts = {name: _text(node, name, problems) for name in _KEYS}
    dates = {name: _date(node, name, texts[name], problems) for name in ("created", "expires") if texts[name]}
    if len(problems) > before:
        return None
    where = f"{node.place.source}:{node.place.line}"
    return Waiver(**{**texts, **dates}, where=where)  # type: ignore[arg-type]


def _text(node: Branch, name: str, problems: list[Problem]) -> str:
    entry = node.entries.get(name)
    text = entry.value.text.strip() if entry and isinstance(entry.value, Scalar) else ""
    if not text:
        place = entry.key.place if entry else node.place
        problems.append(Problem(place, f"a waiver needs {name}: ..."))
    return text


def _date(node: Branch, name: str, text: str, problems: list[Problem]) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        problems.append(Problem(node.entries[name].value.place, f"{name} is a date as in 2026-11-21, not {text}"))
        return None


def _compare(waivers: Sequence[Waiver], today: datetime.date, problems: list[Problem]) -> None:
    first: dict[tuple[str, str, str], str] = {}
    for waiver in waivers:
        place = Place(*_split(waiver.where))
        known = [name for document in requirements.DOCUMENTS for name in requirements.load(document)]
        if waiver.id not in known:
            problems.append(Problem(place, f"unknown requirement {waiver.id}; {meant(waiver.id, known)}"))
        if waiver.expires < today:
            problems.append(Problem(place, f"expired on {waiver.expires}; renew or delete it"))
        if waiver.created > waiver.expires:
            problems.append(Problem(place, "expires before it was created"))
        key = (waiver.id, waiver.check, waiver.signature)
        if key in first:
            problems.append(Problem(place, f"the same waiver stands at {first[key]}; delete one"))
        first.setdefault(key, waiver.where)


def _split(where: str) -> tuple[str, int]:
    source, _, line = where.rpartition(":")
    return source, int(line)
