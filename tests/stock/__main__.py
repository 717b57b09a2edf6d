"""`python -m tests.stock [API ...] [--venv DIR]`: stock Schemathesis against the mock, and against a real Airflow.

Without --venv the mock is tried alone: with `--follow documents` nothing may break down, no status may be one that the
document does not have, and no answer may break its schema; with `--follow airflow` each kind of finding must be one
that Airflow was measured to show (`measured/API.yaml`). With --venv a real Airflow is booted and measured, and the file
is written anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from tests.live.airflow import Airflow
from tests.stock import kept
from tests.stock.asking import shows
from tests.stock.findings import Finding, Findings, pairs
from tests.stock.fuzzing import Fuzzer
from tests.stock.servers import SETUPS, Setup, airflow, fetch, mock

#: What the document must not be broken by, where it is what the mock follows.
STRICT = ("not_a_server_error", "status_code_conformance", "response_schema_conformance")


def main() -> int:
    """0 when all is as it should be, else 1."""
    options = _options()
    good = True
    for api in options.api or SETUPS["setups"]:
        trial = Trial(Setup.of(api), options.examples)
        for follow in options.follow:
            good &= trial.documents() if follow == "documents" else trial.airflow(options.venv, keep=options.keep)
    return 0 if good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.stock", description=__doc__.partition("\n")[0])
    parser.add_argument("api", nargs="*", help="public-v2, stable-v1; default: both")
    parser.add_argument("--venv", type=Path, help="an environment with the real Airflow to measure")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep what the mock shows now beside what was measured; with --venv, ask about what is new",
    )
    parser.add_argument("--follow", action="append", choices=("airflow", "documents"), help="default: both")
    parser.add_argument("--examples", type=int, default=SETUPS["examples"])
    options = parser.parse_args()
    options.follow = options.follow or ["documents", "airflow"]
    return options


class Trial:
    """The trials of one API."""

    def __init__(self, setup: Setup, examples: int) -> None:
        self.setup, self.examples, self.document = setup, examples, b""

    def documents(self) -> bool:
        """Whether a mock that follows the documents keeps to its document."""
        found = self._mock("documents")
        broken = [one for one in found.kinds if one.check in STRICT]
        _tell("that leave the document", broken, found)
        return not broken

    def airflow(self, venv: Path | None, *, keep: bool) -> bool:
        """Whether a mock that follows Airflow shows nothing but what Airflow does."""
        found = self._mock("airflow")
        if keep:
            kept.again(self.setup.api, found, self._asked(venv, found) if venv else set())
        elif venv is not None:
            self._measure(venv, found)
        known = pairs(kept.load(self.setup.api).shown)
        strange = {one for one in found.kinds if (one.operation, one.check) not in known}
        _tell("that Airflow does not show", strange, found)
        return not strange

    def _mock(self, follow: str) -> Findings:
        with mock(self.setup, follow) as url:
            self.document = json.dumps(fetch(url + self.setup.document)).encode()
            return self._found(f"mock, --follow {follow}", url)

    def _found(self, name: str, url: str) -> Findings:
        start = time.monotonic()
        fuzzer = Fuzzer(self.document, examples=self.examples, seed=SETUPS["seed"])
        found = fuzzer.findings(url, self.setup.credential(url), list(self.setup.alone))
        spent = time.monotonic() - start
        print(f"{self.setup.api}, {name}: {found.requests} requests, {len(found.pairs)} findings, {spent:.0f} s")  # noqa: T201
        return found

    def _measure(self, venv: Path, ours: Findings) -> None:
        """Keep what a real Airflow shows, and what it shows when it is asked what the mock was."""
        with self._booted(venv) as server:
            with server.put_back():
                theirs = self._found("Airflow", server.url)
            asked = self._shown(server, ours, theirs.kinds.keys())
            release = fetch(server.url + server.version_path)["version"]
        kept.measured(self.setup.api, release, self.examples, ours, theirs, asked)

    def _asked(self, venv: Path, ours: Findings) -> set[Finding]:
        """What a real Airflow shows when asked, of that which it was not measured to show."""
        known = kept.load(self.setup.api)
        with self._booted(venv) as server:
            return self._shown(server, ours, known.shown)

    def _shown(self, server: Airflow, ours: Findings, known: Set[Finding]) -> set[Finding]:
        credential = self.setup.credential(server.url)
        alone = [one for one in ours.kinds if one not in known]
        return {one for one in alone if any(shows(server.url, credential(), each) for each in ours.kinds[one])}

    @contextmanager
    def _booted(self, venv: Path) -> Iterator[Airflow]:
        with tempfile.TemporaryDirectory(prefix="stock-") as home, airflow(self.setup, venv, Path(home)) as server:
            yield server


def _tell(what: str, broken: Iterable[Finding], found: Findings) -> None:
    for one in sorted(broken):
        asked = found.kinds[one][0]
        body = asked.body[:200].decode("utf-8", "backslashreplace")
        print(f"{what}: {one.operation}: {one.check}, {one.status}")  # noqa: T201
        print(f"    {asked.said.replace(chr(10), ' ')[:300]}\n    {asked.method} {asked.uri} {body}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
