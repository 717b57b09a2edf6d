"""The sample of the document: curl with a user name and password (api-authentication, "Basic authentication")."""

from __future__ import annotations

import re
from typing import Any

from conformance.auth.basic import basic
from conformance.checks.every_api.proofs import account
from conformance.checks.every_api.refusals import expect
from conformance.checks.every_api.shell import CURL, printed, runs
from conformance.exchange import Exchange, NotJson, Request
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.target import Target
from specs import yamlfile


@requirement("STB-BASIC-005")
def test_sample_command_works(target: Target, judge: Judge) -> None:
    """The sample command lists the pools, as curl sends it and as a shell runs it."""
    one = account(target, judge)
    exchange = target.send(Request("GET", "/api/v1/pools", (*basic(*one), *CURL), None, "get_pools"))
    _judge(judge, exchange, _json(exchange), "the request")
    if runs(target):
        words = {"username": _quoted(one.username), "password": _quoted(one.password)}
        said = printed(yamlfile.read(__package__ or "", "examples.yaml")["pools"], target.url, words)
        _judge(judge, exchange, said, "the command")


def _judge(judge: Judge, exchange: Exchange, said: Any, what: str) -> None:
    pools = said.get("pools") if isinstance(said, dict) else None
    names = [one.get("name") for one in pools if isinstance(one, dict)] if isinstance(pools, list) else []
    expect(judge, "default_pool" in names, exchange, f"{what} with --user is to list the pools, and default_pool")


def _quoted(text: str) -> str:
    """The text as it stands between the double quotation marks of a shell."""
    return re.sub(r'(["$`\\])', r"\\\1", text)


def _json(exchange: Exchange) -> Any:
    try:
        return exchange.json()
    except NotJson:
        return None
