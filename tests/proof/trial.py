"""One deviation before the suite: a mock that has it, and the checks of the requirements that it breaks."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from conformance import cli
from mockserver import server
from mockserver.app import create_app
from mockserver.deviations import Deviation
from mockserver.pytest_plugin import RunningMock
from specs import requirements
from tests.kerberos.credentials import options
from tests.kerberos.realm import Realm
from tests.proof.forks import CONTEXT
from tests.proof.matrix import Row
from tests.proof.setups import Setup, setup_for
from tests.suite import google_keys

FOUND = {"MUST": "FAIL", "SHOULD": "WARN"}
SEED = "1"


class TrialError(Exception):
    """A trial that tells nothing of the deviation: what went wrong."""


def asks_for_tickets(setup: Setup) -> bool:
    """Whether a Kerberos realm is needed."""
    return "kerberos" in setup.load().asked_kinds


@dataclass(frozen=True)
class Trial:
    """A deviation before the suite; `folder` is for what the run leaves, `realm` there where tickets are asked for."""

    deviation: Deviation
    folder: Path
    realm: Realm | None = None

    def row(self) -> Row:
        """What the suite finds. TrialError when it cannot be run. To be called in a process of its own."""
        self.folder.mkdir(parents=True)
        _say_into(self.folder / "run.log")
        setup, began = setup_for(self.deviation), time.monotonic()
        if self.realm:
            os.environ.update(self.realm.environment)
        here, there = CONTEXT.Pipe()
        mock = CONTEXT.Process(target=self._serve, args=(setup, there), daemon=True)
        mock.start()
        try:
            if not here.poll(30):
                raise TrialError(f"no mock of {setup.profile} came up")
            url, words = here.recv()
            result = self._judged(setup, url, words)
        finally:
            mock.terminate()
            mock.join()
        found = {name: found_by(result, name) for name in self.deviation.breaks}
        today = datetime.now(UTC).date().isoformat()
        return Row((setup.profile, *setup.settings), found, time.monotonic() - began, today)

    def _serve(self, setup: Setup, told: Connection) -> None:
        """Be the mock; tell where it is, and what the suite is to be told about its Google accounts."""
        keytab = [f"kerberos.keytab={self.realm.both_keytab}"] if self.realm else []
        profile = Setup(setup.profile, (*setup.settings, *keytab)).load()
        app = create_app(profile, deviations=[self.deviation.name])
        with server.listen("127.0.0.1", 0) as listener:
            url = server.url(listener, "127.0.0.1")
            words = google_keys(RunningMock(url, app.state.mock), self.folder)
            server.serve(app, listener, lambda: told.send((url, words)))

    def _judged(self, setup: Setup, url: str, words: list[str]) -> Mapping[str, Any]:
        """Run the checks; gives result.json."""
        tickets = options(setup.load(), self.realm, self.folder) if self.realm else []
        command = ["run", url, "--profile", setup.profile, "--seed", SEED, "--report", str(self.folder)]
        command += [*(f"--set={setting}" for setting in setup.settings), *words, *tickets]
        code = cli.main([*command, *(f"--only={name}" for name in self.deviation.breaks)])
        try:
            result: dict[str, Any] = json.loads((self.folder / "result.json").read_text())
        except OSError:
            raise TrialError(f"the suite ended with {code} and left no result") from None
        if not result["checks"]:
            raise TrialError(f"the suite did not come to its checks: {result['problems']}")
        verdicts = {row["verdict"] for row in result["requirements"]}
        if code != (1 if "FAIL" in verdicts else 3):  # a part of the requirements gives no verdict by itself
            raise TrialError(f"the suite ended with {code} after the verdicts {', '.join(sorted(verdicts))}")
        return result


def found_by(result: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The checks, without their parameters, in which a requirement is not met; none unless the verdict says so."""
    level = FOUND[requirements.find(name).level]
    if not any(row["id"] == name and row["verdict"] == level for row in result["requirements"]):
        return ()
    unmet = (
        check["name"].partition("[")[0]
        for check in result["checks"]
        for each in check["violations"]
        if each["requirement"] == name and not each["departure"]
    )
    return tuple(dict.fromkeys(unmet))


def _say_into(file: Path) -> None:
    """Send what this process says into a file."""
    with file.open("wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
