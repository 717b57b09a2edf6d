"""The page that tells what the suite says of real Airflow, from `tests/live/runs.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specs import departures
from specs.versions import Version
from tests.docs import reality
from tests.docs.markdown import link, table
from tests.live import runs
from tests.live.runs import Run
from tests.live.setups import PROFILES, setups

PAGE = "false-alarms.md"
_COUNTED = ("PASS", "DEPARTS", "NOT_APPLICABLE", "FAIL", "WARN", "UNREACHED", "ERROR")
_HEADS = (
    "Airflow",
    "profile",
    "beside the API",
    "verdict",
    *_COUNTED,
    "unexplained",
    "checks",
    "requests",
    "time",
    "date",
)
_HEAD = """\
# False alarms

A suite that finds fault with a real Airflow for no reason that a document gives is worse than one that misses a fault.
So it is run against real Airflows, booted from its own profiles on loopback, with SQLite: each row is the newest run of
an exact version under a profile. Columns count requirements. A DEPARTS is explained when one of the
[departures](reality.md) that the run saw is about that requirement.

This page is made from [`tests/live/runs.yaml`](../tests/live/runs.yaml) by `nox -s docs`; `nox -s live-3.3 -- --record`
(and so on) runs the suite and keeps what it says.
"""


def page(kept: Sequence[Run] | None = None) -> str:
    """The whole page."""
    made = runs.load() if kept is None else kept
    parts = [_HEAD, f"{_sum(made)}\n", table(_HEADS, map(_row, made)), _missing(made), _seen(made)]
    return "\n".join(filter(None, parts))


def unexplained(run: Run) -> list[str]:
    """The requirements that depart by none of the departures that the run saw."""
    about = {name for one in departures.every() if one.id in run["departures"] for name in one.requirements}
    return [name for name in run["departs"] if name not in about]


def _sum(made: Sequence[Run]) -> str:
    conforming = sum(each["verdict"] == "conforming" for each in made)
    failed = sum(each["counts"].get("FAIL", 0) for each in made)
    open_ones = sum(len(unexplained(each)) for each in made)
    versions = len({each["airflow"] for each in made})
    return (
        f"{len(made)} runs against {versions} versions: {conforming} conforming, {failed} FAIL, "
        f"{open_ones} unexplained DEPARTS."
    )


def _row(run: Run) -> list[str]:
    told = [each for each in run["overrides"] if not each.startswith("airflow=")]
    return [
        run["airflow"],
        " ".join([f"`{run['profile']}`", *(f"`--set {each}`" for each in told)]),
        "scheduler" if run["scheduler"] else "nothing",
        run["verdict"],
        *(str(run["counts"].get(verdict, 0)) for verdict in _COUNTED),
        str(len(unexplained(run))),
        str(run["checks"]),
        str(run["requests"]),
        f"{run['seconds'] // 60}:{run['seconds'] % 60:02}",
        run["date"],
    ]


def _missing(made: Sequence[Run]) -> str:
    """What is booted by `nox -s live-...`, and has no row."""
    there = {(str(Version.parse(each["airflow"])), each["profile"]) for each in made}
    wanted = ((version, name) for version in PROFILES for name in setups(Version.parse(version)))
    lacking = [f"{version} `{name}`" for version, name in wanted if (version, name) not in there]
    return f"Not recorded: {', '.join(lacking)}.\n" if lacking else ""


def _seen(made: Sequence[Run]) -> str:
    """What departed in each run, and what was not met."""
    return "\n".join(["## What was seen", "", *map(_told, made), ""])


def _told(run: Run) -> str:
    beside = ", with a scheduler" if run["scheduler"] else ""
    return f"* {run['airflow']} `{run['profile']}`{beside}: {'; '.join(_what(run))}"


def _what(run: Run) -> Iterator[str]:
    if run["not_met"]:
        yield ", ".join(f"**{name} {verdict}**" for name, verdict in run["not_met"].items())
    known = {one.id for one in departures.every()}
    found = (
        link(name, reality.PAGE) if name in known else f"{name} (not known any more)" for name in run["departures"]
    )
    yield ", ".join(found) or "nothing departs"
