"""`python -m tests.proof`: run the proof, keep the matrix, and tell of it. Status 1 when something must not be so."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mockserver.deviations import catalogue
from tests.kerberos import tools
from tests.kerberos.realm import Realm
from tests.proof import preload, prints, report
from tests.proof.choice import chosen
from tests.proof.forks import Failure, outcomes
from tests.proof.matrix import MATRIX, Matrix, Row
from tests.proof.setups import setup_for
from tests.proof.trial import Trial, asks_for_tickets

#: The matrix is kept after so many rows, too: what was found is not lost when a run is ended.
KEPT_EVERY = 25


def main() -> int:
    """Run what was asked for; the exit status."""
    given = _parser().parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is ended
    matrix, began = Matrix.load(), time.monotonic()
    names = chosen(matrix, given.names, everything=given.all)
    _say(f"{len(names)} of {len(catalogue())} deviations are run, {given.jobs} at a time")
    try:
        failed = _run(matrix, names, given.jobs) if names else []
    except KeyboardInterrupt:
        matrix.save()
        _say("interrupted; the rows of what was run are kept")
        return 130
    if given.all and not failed:
        minutes = round((time.monotonic() - began) / 60)
        today = datetime.now(UTC).date().isoformat()
        matrix.whole = {"date": today, "deviations": len(names), "jobs": given.jobs, "minutes": minutes}
    matrix.rows = {name: row for name, row in matrix.rows.items() if name in catalogue()}
    if not failed and not given.names:
        matrix.core = prints.core()
    matrix = report.keep(matrix)
    _say("\n".join(report.lines(matrix)))
    wrong = [*failed, *report.faults(matrix)]
    _say(
        *(f"WRONG {each}" for each in wrong),
        f"\n{len(names)} run in {time.monotonic() - began:.0f} s, {MATRIX.name} kept",
    )
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="nox -s proof --", description=__doc__)
    made.add_argument("names", nargs="*", metavar="NAME", help="deviations (patterns) or areas; else what was touched")
    made.add_argument("--all", action="store_true", help="every deviation")
    made.add_argument("--jobs", type=int, default=2, help="how many at a time (2 unless you say so)")
    return made


def _run(matrix: Matrix, names: list[str], jobs: int) -> list[str]:
    """Run deviations and put their rows into the matrix; gives what could not be run, and why."""
    failed, before = [], time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="airflow-proof-")))
        trials, unasked = _trials(names, folder, stack)
        preload.everything()
        for number, (name, told) in enumerate(outcomes(trials, jobs), 1):
            if isinstance(told, Failure):
                failed.append(f"{name}: {told.text}")
            else:
                deviation = catalogue()[name]
                matrix.rows[name] = replace(told, rests_on=prints.rests_on(deviation, told))
            _say(f"[{number}/{len(names)} {time.monotonic() - before:6.1f} s] {name}: {_outcome(told)}")
            if number % KEPT_EVERY == 0:
                matrix.save()
    return [*failed, *unasked]


def _trials(names: list[str], folder: Path, stack: ExitStack) -> tuple[list[tuple[str, Callable[[], Row]]], list[str]]:
    """The pieces of work, and what has none here: without a KDC no ticket can be asked for."""
    known = catalogue()
    tickets = {name for name in names if asks_for_tickets(setup_for(known[name]))}
    found = tools.find() if tickets else ""
    (folder / "realm").mkdir()
    realm = None if isinstance(found, str) else stack.enter_context(Realm(folder / "realm", found))
    told = [f"{name}: {found}" for name in sorted(tickets)] if realm is None else []
    made = (
        (name, Trial(known[name], folder / name, realm if name in tickets else None).row)
        for name in names
        if realm or name not in tickets
    )
    return list(made), told


def _outcome(told: Row | Failure) -> str:
    if isinstance(told, Failure):
        return f"not run: {told.text.strip().splitlines()[-1]}"
    others = len(told.checks) - 1
    more = f" and {others} more" if others > 0 else ""
    return f"{told.seconds:.1f} s, found by {told.first}{more}" if told.killed else f"{told.seconds:.1f} s, SURVIVES"


def _say(*said: str) -> None:
    for line in said:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
