"""Runs commands of a real Airflow's command line, one after the other; needs nothing but that Airflow.

A line of standard input is one command, as JSON: `argv` what follows `airflow`, `environment` what it finds beside that
of this process. A line of standard output is what became of it: `status`, and `printed`, both its streams in one.
Every command is a process of its own that begins as `airflow` does; only the import of Airflow, which takes seconds, is
done once for all of them.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import tempfile
from pathlib import Path

import airflow.bin.cli
from airflow.models.log import Log
from airflow.settings import engine

PROGRAM = str(Path(sys.executable).with_name("airflow"))


def begin(argv: list[str], environment: dict[str, str]) -> None:
    """Be the program `airflow`: its command line is imported once more, for it looks at its settings then."""
    os.environ.update(environment)
    sys.argv = [PROGRAM, *argv]
    del sys.modules["airflow.bin.cli"], airflow.bin.cli
    runpy.run_path(PROGRAM, run_name="__main__")


Log.__table__.create(engine, checkfirst=True)  # every command writes down that it ran, or complains
for line in sys.stdin:
    with tempfile.TemporaryFile() as printed:
        child = os.fork()
        if not child:
            os.dup2(printed.fileno(), 1)
            os.dup2(printed.fileno(), 2)
            begin(**json.loads(line))
            break
        status = os.WEXITSTATUS(os.waitpid(child, 0)[1])
        printed.seek(0)
        answer = {"status": status, "printed": printed.read().decode()}
    os.write(1, json.dumps(answer).encode() + b"\n")
