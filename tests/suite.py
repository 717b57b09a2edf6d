"""The suite, run as a user runs it: a process of its own, and what it reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def run_suite(
    url: str,
    profile: str,
    report: Path,
    *,
    settings: Iterable[str] = (),
    options: Iterable[str] = (),
    environment: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Verify what is at `url`; returns the exit code and result.json.

    `settings` are overrides of the profile, `environment` is what the run finds beside this process' own.
    """
    command = [sys.executable, "-m", "conformance", "run", url, "--profile", profile, "--seed", "1"]
    command += [*(f"--set={setting}" for setting in settings), "--report", str(report), *options]
    done = subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    print(done.stdout[-6000:], done.stderr[-3000:])  # noqa: T201 (shown by pytest when the test fails)
    return done.returncode, json.loads((report / "result.json").read_text())
