"""`python -m tests.twins [VERSION ...] [--venv DIR]`: the mock beside recordings of real Airflow.

With --venv, which has an Airflow of that version, it is booted and recorded anew before. Without versions all are
compared, and docs/twins.md is written.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.live.runs import installed
from tests.twins.page import write
from tests.twins.recording import made
from tests.twins.trial import Trial, tried
from tests.twins.twin import SETUPS, Twin


def main() -> int:
    """0 when the mock differs nowhere but where it is listed, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.twins", description=__doc__.partition("\n")[0])
    parser.add_argument("version", nargs="*", choices=[*SETUPS, []], help="default: all")
    parser.add_argument("--venv", type=Path, help="an environment with that Airflow, to record it anew")
    options = parser.parse_args()
    trials = []
    for version in options.version or SETUPS:
        if options.venv is not None:
            record(Twin(version), options.venv)
        trials.append(tried(version))
        tell(trials[-1])
    if not options.version:
        write(trials)
    return int(any(one.unlisted or one.needless for one in trials))


def tell(trial: Trial) -> None:
    """Print the figures, and what is wrong."""
    for one in (trial, *trial.unlisted, *(f"no difference needs {each}" for each in trial.needless)):
        print(one, flush=True)  # noqa: T201


def record(twin: Twin, venv: Path) -> None:
    """Boot the real Airflow, and keep what it answers."""
    with tempfile.TemporaryDirectory(prefix="twins-") as home, twin.airflow(venv, Path(home)) as server:
        made(twin, installed(venv), twin.play(server.url)).save(twin.version)


if __name__ == "__main__":
    sys.exit(main())
