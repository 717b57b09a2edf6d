"""The commands of the document, run as they stand by a shell and curl; and the same requests, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from typing import Any

from conformance.exchange import Request
from conformance.strategies.credentials import Account
from conformance.target import Target
from specs import yamlfile

#: Seconds until a command is given up, and bytes of its output that are read.
PATIENCE, ENOUGH = 30, 4_000_000
_CURL = (("User-Agent", "curl/8.5.0"), ("Accept", "*/*"))


@cache
def _commands() -> dict[str, str]:
    return dict(yamlfile.read(__package__ or "", "examples.yaml"))


def runs(target: Target) -> bool:
    """Whether the commands themselves can be run: they show their secrets to this machine, so only on it."""
    return target.transport.base.loopback and all(map(shutil.which, ("sh", "curl", "head")))


def token_command(base: str, account: Account) -> Any:
    """What the command for a token prints, as JSON; None when that is none."""
    return _printed("token", base, {"username": _quoted(account.username), "password": _quoted(account.password)})


def dags_command(base: str, token: str) -> Any:
    """What the command for the DAGs prints, as JSON; None when that is none."""
    return _printed("dags", base, {"token": token})


def token_request(slash: str, account: Account) -> Request:
    """What curl sends for a token; `slash` is what joins base URL and path."""
    name, password = json.dumps(account.username), json.dumps(account.password)
    body = f'{{\n    "username": {name},\n    "password": {password}\n  }}'.encode()
    headers = (*_CURL, ("Content-Type", "application/json"))
    return Request("POST", f"{slash}auth/token", headers, body, "create_token")


def dags_request(slash: str, token: str) -> Request:
    """What curl sends for the DAGs."""
    return Request("GET", f"{slash}api/v2/dags", (*_CURL, ("Authorization", f"Bearer {token}")), None, "get_dags")


def _printed(name: str, base: str, words: dict[str, str]) -> Any:
    script = _commands()[name].rstrip("\n").replace("{base}", f"'{base}'")
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


def _quoted(text: str) -> str:
    """The text as it stands in a JSON string, and that between the single quotation marks of a shell."""
    return json.dumps(text)[1:-1].replace("'", "'\\''")
