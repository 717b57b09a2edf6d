"""How a run of this repository's tests ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SERVES = """
import pytest, sys, threading

@pytest.fixture
def server():
    yield
    print("stopped", file=sys.__stderr__, flush=True)

def test(server):
    print("serving", file=sys.__stderr__, flush=True)
    threading.Event().wait()
"""


@pytest.mark.parametrize("options", [[], ["-n", "2"]])
def test_sigterm_stops_what_a_test_has_started(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "test_it.py").write_text(SERVES)
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-s", f"--rootdir={tmp_path}", *options, "test_it.py"]
    env = {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        while "serving" not in run.stderr.readline():
            assert run.poll() is None
        run.send_signal(signal.SIGTERM)
        assert "stopped" in run.stderr.read()
