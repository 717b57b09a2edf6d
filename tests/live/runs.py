"""What the suite said of real Airflow: `runs.yaml`, which `docs/false-alarms.md` is made from.

`nox -s live-VERSION -- --record` keeps each of its runs. A run that was made otherwise, such as one with a scheduler
beside the API, is kept with `python -m tests.live.runs REPORT/result.json --airflow 3.3.2 [--scheduler] [--set ...]`.
"""

from __future__ import annotations

import argparse
import fcntl
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("runs.yaml")
HEAD = """\
# What the suite said of real Airflow, the newest run of each kind; `docs/false-alarms.md` is made from it.
# Written by `nox -s live-VERSION -- --record`.
"""
MET = ("PASS", "DEPARTS", "NOT_APPLICABLE")
_NO_LIMIT = 10**6

Run = dict[str, Any]


def installed(venv: Path) -> str:
    """The exact version of the Airflow in an environment; LookupError where there is none."""
    for found in venv.glob("lib/*/site-packages/apache_airflow-*.dist-info"):
        return found.name.removeprefix("apache_airflow-").removesuffix(".dist-info")
    raise LookupError(f"no Airflow is installed in {venv}")


def run(result: Mapping[str, Any], airflow: str, overrides: Sequence[str], *, scheduler: bool) -> Run:
    """What is kept of a result.json: of which Airflow, set up how, with what outcome."""
    verdicts = {each["id"]: each["verdict"] for each in result["requirements"]}
    started, finished = (datetime.fromisoformat(result[name]) for name in ("started", "finished"))
    return {
        "airflow": airflow,
        "profile": result["profile"]["profile"],
        "overrides": list(overrides),
        "scheduler": scheduler,
        "suite": result["suite_version"],
        "date": f"{finished:%Y-%m-%d}",
        "verdict": result["verdict"],
        "counts": {verdict: count for verdict, count in result["counts"].items() if count},
        "not_met": {name: verdict for name, verdict in verdicts.items() if verdict not in MET},
        "departs": [name for name, verdict in verdicts.items() if verdict == "DEPARTS"],
        "departures": [each["id"] for each in result["departures"]],
        "depth": result["depth"],
        "checks": len(result["checks"]),
        "requests": result["requests"],
        "seconds": round((finished - started).total_seconds()),
    }


def load(file: Path = FILE) -> list[Run]:
    """The runs that are kept, in their order."""
    return yaml.safe_load(file.read_text(encoding="utf-8")) or [] if file.exists() else []


def keep(new: Run, file: Path = FILE) -> None:
    """Put a run in the place of the last one of its kind; other processes may do so meanwhile."""
    with file.open("a+", encoding="utf-8") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        kept.seek(0)
        runs = {_kind(each): each for each in [*(yaml.safe_load(kept) or []), new]}
        text = HEAD + yaml.safe_dump(
            [runs[kind] for kind in sorted(runs)], sort_keys=False, default_flow_style=None, width=_NO_LIMIT
        )
        kept.truncate(0)
        kept.write(text)


def _kind(each: Run) -> tuple[tuple[int, ...], str, bool]:
    """What one run replaces another by, and their order: the newest Airflow first."""
    version = tuple(-int(part) for part in each["airflow"].split("."))
    return version, each["profile"], each["scheduler"]


def main() -> None:
    """Keep a run that was made by hand."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.runs", description="Keep the outcome of a run.")
    parser.add_argument("result", type=Path, help="its result.json")
    parser.add_argument("--airflow", required=True, help="the exact version that it was made against, such as 3.3.2")
    parser.add_argument("--scheduler", action="store_true", help="a scheduler ran beside the API")
    parser.add_argument("--set", dest="overrides", action="append", default=[], help="an override of the profile")
    given = parser.parse_args()
    result = json.loads(given.result.read_text(encoding="utf-8"))
    keep(run(result, given.airflow, given.overrides, scheduler=given.scheduler))


if __name__ == "__main__":
    main()
