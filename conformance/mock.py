"""The mock as a process of its own, for `run mock`: started by name, because the suite shares no code with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO

#: Seconds until its first line must be there.
READY = 20.0
_FIRST_LINE = re.compile(r"^airflow-mockserver: .* on (https?://\S+)$")


class MockError(Exception):
    """The mock did not start. What it said."""


@contextmanager
def serving(arguments: Sequence[str]) -> Iterator[str]:
    """Start the mock on a free port with these arguments, give its base URL, stop it at the end whatever happens."""
    command = [sys.executable, "-P", "-m", "mockserver", "--port", "0", *arguments]
    with TemporaryFile("w+") as errors, _started(command, errors) as process:
        url = _url(process)
        if url is None:
            _stop(process)
            raise MockError(_said(errors))
        yield url


@contextmanager
def _started(command: Sequence[str], errors: IO[str]) -> Iterator[subprocess.Popen[str]]:
    """The process; in a session of its own: Ctrl-C must not stop it before the suite has cleaned up."""
    process = subprocess.Popen(  # noqa: S603 (our own program)
        command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True, env=_environment()
    )
    with process:
        try:
            yield process
        finally:
            _stop(process)


def _environment() -> dict[str, str]:
    """So that it finds the package from wherever the suite was found."""
    home = str(Path(__file__).parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))}


def _url(process: subprocess.Popen[str]) -> str | None:
    """The URL in the first line; None when the process said something else, or nothing in time."""
    assert process.stdout is not None  # noqa: S101 (asked for above)
    alarm = Timer(READY, process.kill)
    alarm.start()
    try:
        found = _FIRST_LINE.match(process.stdout.readline().strip())
    finally:
        alarm.cancel()
    return found[1] if found else None


def _said(errors: IO[str]) -> str:
    """Why it did not start: what it said itself, or the last line of what went wrong."""
    errors.seek(0)
    lines = errors.read().strip().splitlines() or ["the mock ended without a word"]
    own = "\n".join(lines) if lines[0].startswith("airflow-mockserver: ") else lines[-1]
    return own.removeprefix("airflow-mockserver: ")


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
