"""A scenario played through an official Python client, and the transcript that real Airflow gave."""

from __future__ import annotations

import difflib
import json
import subprocess
from pathlib import Path

import yaml

HERE = Path(__file__).parent


def play(api: str, python: Path, url: str) -> str:
    """The transcript of the scenario of an API, played against `url` by a Python that has the client."""
    scenario = json.dumps(yaml.safe_load((HERE / f"{api}.yaml").read_text()))
    command = [str(python), str(HERE / "play.py"), url]
    done = subprocess.run(command, input=scenario, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def expected(api: str) -> Path:
    """The file with what real Airflow was seen to answer."""
    return HERE / f"{api}.txt"


def differences(api: str, transcript: str) -> str:
    """How a transcript differs from that of real Airflow; empty where it does not."""
    wanted = expected(api).read_text()
    return "\n".join(difflib.unified_diff(wanted.splitlines(), transcript.splitlines(), "real Airflow", "here", n=8))
