"""The commands of a document, run as they stand by a shell and curl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from typing import Any

from conformance.exchange import Headers
from conformance.target import Target

#: Seconds until a command is given up, and bytes of its output that are read.
PATIENCE, ENOUGH = 30, 4_000_000
#: What curl sends of its own accord.
CURL: Headers = (("User-Agent", "curl/8.5.0"), ("Accept", "*/*"))


def runs(target: Target) -> bool:
    """Whether the commands themselves can be run: they show their secrets to this machine, so only on it."""
    return target.transport.base.loopback and all(map(shutil.which, ("sh", "curl", "head")))


def printed(script: str, base: str, words: Mapping[str, str]) -> Any:
    """What a command prints, as JSON; None when that is none. Each of `words`, and `base`, stands in it in braces."""
    script = script.rstrip("\n").replace("{base}", f"'{base}'")
    for word, value in words.items():
        script = script.replace(f"{{{word}}}", value)
    with tempfile.TemporaryDirectory() as home:  # without anybody's .curlrc, and without a proxy
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": home, "NO_PROXY": "*"}
        command = ["sh", "-c", f"({script}) 2>/dev/null | head -c {ENOUGH}"]
        try:
            done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
            return json.loads(done.stdout)
        except (subprocess.TimeoutExpired, ValueError, RecursionError):
            return None
