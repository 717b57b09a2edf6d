"""The examples of the document: its two curl commands, as they stand and joined with a single slash."""

from __future__ import annotations

from typing import Any

from conformance.checks.every_api.refusals import expect
from conformance.checks.every_api.shell import runs
from conformance.checks.public_api import shell
from conformance.exchange import Exchange, NotJson
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.credentials import Account
from conformance.target import Target

#: ENDPOINT_URL ends in a slash in the examples, and another one follows.
AS_IT_STANDS, SINGLE = "//", "/"


@requirement("PUB-EXAMPLE-001")
def test_token_command_as_it_stands(target: Target, judge: Judge) -> None:
    """The command for a token works as it stands, with an ENDPOINT_URL that ends in a slash."""
    _token(target, judge, AS_IT_STANDS)


@requirement("PUB-EXAMPLE-002")
def test_token_command_joined_singly(target: Target, judge: Judge) -> None:
    """The command for a token works when base URL and path are joined with a single slash."""
    _token(target, judge, SINGLE)


@requirement("PUB-EXAMPLE-004")
def test_dags_command_as_it_stands(target: Target, judge: Judge) -> None:
    """The command for the DAGs works as it stands, with an ENDPOINT_URL that ends in a slash."""
    _dags(target, judge, AS_IT_STANDS)


@requirement("PUB-EXAMPLE-005")
def test_dags_command_joined_singly(target: Target, judge: Judge) -> None:
    """The command for the DAGs lists them as JSON when base URL and path are joined with a single slash."""
    _dags(target, judge, SINGLE)


def _token(target: Target, judge: Judge, slash: str) -> None:
    account = _account(target, judge)
    exchange = target.send(shell.token_request(slash, account))
    _judge_token(target, judge, exchange, _json(exchange), "the request")
    if runs(target):
        printed = shell.token_command(target.url + slash[1:], account)
        _judge_token(target, judge, exchange, printed, "the command")


def _judge_token(target: Target, judge: Judge, exchange: Exchange, said: Any, what: str) -> None:
    token = said.get("access_token") if isinstance(said, dict) else None
    if isinstance(token, str):
        target.redactor.add(token)
    ok = isinstance(token, str) and target.call("get_dags", query={"limit": 1}, token=token).status == 200
    expect(judge, ok, exchange, f"{what} for a token is to give one that opens the API")


def _dags(target: Target, judge: Judge, slash: str) -> None:
    token = target.token()
    target.call("get_dags", query={"limit": 1, "offset": 1})  # another question, whose answer is not to be given again
    exchange = target.send(shell.dags_request(slash, token))
    _judge_dags(judge, exchange, _json(exchange), "the request")
    media = exchange.response.media if exchange.response else ""
    judge.that(media == "application/json", exchange, f"the DAGs are to be sent as application/json; they are {media}")
    media = exchange.response.media if exchange.response else ""
    expect(judge, media == "application/json", exchange, f"the DAGs are to come as application/json, not as {media!r}")
    if runs(target):
        _judge_dags(judge, exchange, shell.dags_command(target.url + slash[1:], token), "the command")


def _judge_dags(judge: Judge, exchange: Exchange, said: Any, what: str) -> None:
    found = said if isinstance(said, dict) else {}
    dags, total = found.get("dags"), found.get("total_entries")
    listed = isinstance(dags, list) and isinstance(total, int)
    expect(judge, listed, exchange, f"{what} for the DAGs is to give a JSON object that lists them")
    if isinstance(dags, list) and isinstance(total, int):
        ok = len(dags) >= min(total, 2)  # no page is smaller: a limit of one item is nobody's default
        judge.that(ok, exchange, f"{what} for the DAGs is to list them; there are {total}, it lists {len(dags)}")


def _account(target: Target, judge: Judge) -> Account:
    if target.profile.all_admins:
        return Account("your-username", "your-password")
    for one in target.credentials.by_role.values():
        if one.username and one.password is not None:
            return Account(one.username, one.password)
    return judge.unreached("there is no user name with a password to put into the command")


def _json(exchange: Exchange) -> Any:
    try:
        return exchange.json()
    except NotJson:
        return None
