"""A run of Schemathesis' own command line, so that the same run can be had again."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.stock.findings import Findings

FOUND, CLEAN = 1, 0
#: The cache remembers answers of earlier runs and would make this one another.
CONFIG = "[cache]\nenabled = false\n"


class Fuzzer:
    """`st run` with all checks and phases, one worker, a fixed seed and nothing remembered.

    `document` is the OpenAPI document, `examples` the most that are generated for an operation.
    """

    def __init__(self, document: bytes, *, examples: int, seed: int) -> None:
        self._document = document
        self._options = ["--checks", "all", "--max-examples", str(examples), "--seed", str(seed)]

    def findings(self, url: str, credential: Callable[[], str], alone: Sequence[str] = ()) -> Findings:
        """Try every operation; those `alone` one by one at the end. `credential` makes an Authorization header.

        RuntimeError with what it said when Schemathesis itself fails.
        """
        found = Findings()
        self._run(url, credential(), [f"--exclude-operation-id={name}" for name in alone], found)
        for name in alone:
            self._run(url, credential(), [f"--include-operation-id={name}"], found)
        return found

    def _run(self, url: str, credential: str, which: Sequence[str], found: Findings) -> None:
        with tempfile.TemporaryDirectory(prefix="stock-") as folder:
            place = Path(folder)
            (place / "schemathesis.toml").write_text(CONFIG)
            (place / "document.json").write_bytes(self._document)
            done = subprocess.run(
                [*self._command(url, credential), *which], cwd=place, capture_output=True, text=True, check=False
            )
            if done.returncode not in (CLEAN, FOUND):
                raise RuntimeError(f"Schemathesis failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
            found.read(place / "report.ndjson")

    def _command(self, url: str, credential: str) -> list[str]:
        program = [str(Path(sys.executable).parent / "st"), "--config-file", "schemathesis.toml"]
        fixed = ["--generation-database", "none", "--workers", "1", "--continue-on-failure", "--request-timeout", "20"]
        report = ["--report-ndjson-path", "report.ndjson", "--output-sanitize", "false", "--no-color"]
        where = ["run", "document.json", "--origin", url, "--header", f"Authorization: {credential}"]
        return [*program, *where, *self._options, *fixed, *report, "--warnings", "off"]
