"""How much sooner a run of the suite ends with eight workers than with one, against the mock at a distance.

    python -m tests.bench.suite [--seconds 0.05] [--workers 8] [-- options of the run]

The mock runs as a process of its own, behind a proxy through which a round trip takes that long. Both runs are of the
standard depth with the same seed; with one worker it takes a quarter of an hour. Printed is the ratio of their times.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from conformance import mock
from tests.bench.distance import distant
from tests.bench.mock import say

#: What the ratio is aimed at.
AIM = 0.2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=0.05, help="what a round trip takes")
    parser.add_argument("--workers", type=int, default=8, help="requests in flight in the run that is to be sooner")
    parser.add_argument("options", nargs="*", help="options of both runs, such as --only")
    given = parser.parse_args()
    many, one = (timed(workers, given.seconds, given.options) for workers in (given.workers, 1))
    say(f"a round trip takes {given.seconds * 1000:g} ms")
    say(f"{given.workers} workers {many:.0f} s, one {one:.0f} s, ratio {many / one:.3f} (aim {AIM})")


def timed(workers: int, seconds: float, options: list[str]) -> float:
    """Give the seconds that a run takes from its start to its verdict."""
    with mock.serving([]) as near, distant(near, seconds) as url:
        command = [sys.executable, "-m", "conformance", "run", url, "--profile", "airflow-3", "--seed", "1"]
        began = time.perf_counter()
        done = subprocess.run(
            [*command, "--workers", str(workers), *options], capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - began
    if done.returncode not in (0, 1, 3) or "Verdict:" not in done.stdout:
        raise SystemExit(done.stderr)
    for line in done.stdout.splitlines():
        if line.startswith("Verdict:") or " requests, " in line:
            say(f"{workers} workers: {line}")
    return took


if __name__ == "__main__":
    main()
