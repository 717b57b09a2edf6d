"""docs/twins.md: how far the mock agrees with each recording, and where it does not, and why."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.docs.markdown import code, table
from tests.twins import departures
from tests.twins.trial import Trial

PAGE = Path(__file__).parents[2] / "docs" / "twins.md"
COLUMNS = ("Airflow", "profile", "recorded", "exchanges", "agree", "listed", "differ")
HEAD = """\
# Twins

What real Airflow answered to a broad script of requests, good and bad, is kept in `tests/twins/recordings/`: statuses,
headers and JSON bodies, in which ids, times and hosts that a server made up are references that keep relations. The
mock has to answer the same script alike, in every value; where it does not, the reason stands below. Both servers are
without a scheduler, so that nothing happens by itself.

`nox -s twins` compares and writes this page; `nox -s twins -- 3.3` (or other versions) installs that Airflow and
records it anew before. The scripts are `tests/twins/scripts/`, and what the contract gives by itself: every operation
without credentials, as the least role, with unknown ids, wrong methods, bodies and query values.

"""
BETWEEN = """
## What is listed, and why

Made from `tests/twins/departures.yaml`; an entry that no difference needs any more fails.

"""


def rows(trials: Iterable[Trial]) -> list[tuple[str, ...]]:
    """A row of each trial."""
    return [
        (
            one.recording.airflow,
            code(one.recording.profile),
            one.recording.date,
            *map(str, (len(one.recording.exchanges), one.agreeing, one.listed, one.differing)),
        )
        for one in trials
    ]


def listing() -> str:
    """The departures as a table."""
    found = ((", ".join(one.versions), "<br>".join(map(code, one.exchanges)), one.reason) for one in departures.every())
    return table(("Airflow", "exchanges", "reason"), found)


def write(trials: Iterable[Trial]) -> None:
    """Write the page."""
    PAGE.write_text(HEAD + table(COLUMNS, rows(trials)) + BETWEEN + listing())
