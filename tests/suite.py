"""The suite, run as a user runs it: a process of its own, and what it reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from mockserver.composer import keys

if TYPE_CHECKING:
    from mockserver.composer import ComposerMock
    from mockserver.pytest_plugin import RunningMock


def google_keys(mock: RunningMock, folder: Path) -> list[str]:
    """The option that gives the suite a key for every Google account of a mock; none for one that has no such."""
    if mock.mock.profile.platform != "composer":
        return []
    found = {name: f"{name}.json" for name in keys.names(mock.mock.profile)}
    keys.write(mock.mock.profile, cast("ComposerMock", mock.mock).google, mock.url, folder)
    entries = {name.replace("-", "_"): {"key_file": file} for name, file in found.items()}
    (folder / "credentials.json").write_text(json.dumps(entries))
    return ["--credentials", str(folder / "credentials.json")]


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
