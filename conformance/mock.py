"""The mock as a process of its own, for `run mock`: started by name, because the suite shares no code with it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from threading import Thread, Timer
from typing import IO, NoReturn

#: Seconds until its first line must be there.
READY = 20.0
_FIRST_LINE = re.compile(r"^airflow-mockserver: .* on (https?://\S+)$")


class MockError(Exception):
    """The mock did not start. What it said."""


@contextmanager
def serving(arguments: Sequence[str]) -> Iterator[str]:
    """Start the mock on a free port with these arguments, give its base URL, stop it at the end whatever happens."""
    command = [sys.executable, "-m", "mockserver", "--port", "0", *arguments]
    with TemporaryFile("w+") as errors:
        process = subprocess.Popen(  # noqa: S603 (our own program)
            command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        )  # in a session of its own: Ctrl-C must not stop it before the suite has cleaned up
        try:
            yield _url(process) or _fail(process, errors)
        finally:
            _stop(process)


def _url(process: subprocess.Popen[str]) -> str | None:
    """The URL in the first line; None when the process said something else, or nothing in time."""
    assert process.stdout is not None  # noqa: S101 (asked for above)
    alarm = Timer(READY, process.kill)
    alarm.start()
    try:
        found = _FIRST_LINE.match(process.stdout.readline().strip())
    finally:
        alarm.cancel()
    Thread(target=process.stdout.read, daemon=True).start()  # a full pipe would stop the mock
    return found[1] if found else None


def _fail(process: subprocess.Popen[str], errors: IO[str]) -> NoReturn:
    _stop(process)
    errors.seek(0)
    lines = errors.read().strip().splitlines() or ["the mock ended without a word"]
    raise MockError(lines[-1].removeprefix("airflow-mockserver: "))


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
