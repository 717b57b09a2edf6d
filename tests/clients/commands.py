"""Commands of a real Airflow 1.10's command line, run as an operator runs them: configured to use the API."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.kerberos.realm import Realm

INSIDE = Path(__file__).parent / "inside" / "commands.py"


class Commands:
    """`with commands:` runs a process that has Airflow imported; `run` begins one command in a process of its own.

    `python` has Airflow installed, `folder` is where commands are run. `backend` is what the server authenticates with:
    it brings the client's side along. In a `realm` commands have tickets.
    """

    def __init__(self, python: Path, folder: Path, backend: str, realm: Realm | None = None) -> None:
        self.folder, self.realm = folder, realm
        self._process = subprocess.Popen(
            [python.absolute(), INSIDE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=_environment(folder, backend) | (realm.environment if realm else {}),
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(self, argv: list[str], endpoint: str, ticket: str = "admin") -> tuple[int, str]:
        """Exit status and output of `airflow ARGV...` with that endpoint_url; RuntimeError when no command can be run.

        `ticket` is whose: somebody whom the realm does not know has none.
        """
        environment = {"AIRFLOW__CLI__ENDPOINT_URL": endpoint}
        if self.realm:
            environment["KRB5CCNAME"] = self.realm.caches.get(ticket, f"FILE:{self.folder / 'no-ticket'}")
        done = self._ask({"argv": argv, "environment": environment})
        return done["status"], done["printed"]

    def _ask(self, command: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        except (BrokenPipeError, ValueError) as error:
            raise RuntimeError(f"no command can be run: {self._process.communicate()[1][-2000:]}") from error
        return answer


def _environment(folder: Path, backend: str) -> dict[str, str]:
    """As the document configures the command line; a database of its own, for it writes down what was run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "PYTHON"))}
    return kept | {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__API__AUTH_BACKEND": backend,
        "AIRFLOW__CLI__API_CLIENT": "airflow.api.client.json_client",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__LOGGING_LEVEL": "CRITICAL",
        "AIRFLOW__CORE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'client.db'}",
        "NO_PROXY": "*",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONWARNINGS": "ignore",
    }
