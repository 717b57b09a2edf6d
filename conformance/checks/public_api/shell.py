"""The commands of the document, and the same requests, byte for byte."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from conformance.checks.every_api.shell import CURL, printed
from conformance.exchange import Request
from conformance.strategies.credentials import Account
from specs import yamlfile


@cache
def _commands() -> dict[str, str]:
    return dict(yamlfile.read(__package__ or "", "examples.yaml"))


def token_command(base: str, account: Account) -> Any:
    """What the command for a token prints, as JSON; None when that is none."""
    words = {"username": _quoted(account.username), "password": _quoted(account.password)}
    return printed(_commands()["token"], base, words)


def dags_command(base: str, token: str) -> Any:
    """What the command for the DAGs prints, as JSON; None when that is none."""
    return printed(_commands()["dags"], base, {"token": token})


def token_request(slash: str, account: Account) -> Request:
    """What curl sends for a token; `slash` is what joins base URL and path."""
    name, password = json.dumps(account.username), json.dumps(account.password)
    body = f'{{\n    "username": {name},\n    "password": {password}\n  }}'.encode()
    headers = (*CURL, ("Content-Type", "application/json"))
    return Request("POST", f"{slash}auth/token", headers, body, "create_token")


def dags_request(slash: str, token: str) -> Request:
    """What curl sends for the DAGs."""
    return Request("GET", f"{slash}api/v2/dags", (*CURL, ("Authorization", f"Bearer {token}")), None, "get_dags")


def _quoted(text: str) -> str:
    """The text as it stands in a JSON string, and that between the single quotation marks of a shell."""
    return json.dumps(text)[1:-1].replace("'", "'\\''")
