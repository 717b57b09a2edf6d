"""What Airflow's command line sends and reads, where it is configured to use the API (experimental-api, "CLI").

Measured with the command line of 1.10.15: the requests to the octet but for the host, and what it takes of the answers.
"""

from __future__ import annotations

import json
from typing import Any

from conformance.checks.experimental_api.answers import content, moment, record, records, succeeded
from conformance.checks.experimental_api.pools import Pool, gone
from conformance.checks.experimental_api.runs import Runs
from conformance.exchange import Exchange, Headers, NotJson
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.target import Target

SENDS: Headers = (
    ("User-Agent", "python-requests/2.23.0"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Accept", "*/*"),
    ("Connection", "keep-alive"),
)
#: The columns of the table that it prints.
COLUMNS = ("pool", "slots", "description")


@requirement("EXP-CLI-001")
def test_run_is_triggered(judge: Judge, runs: Runs) -> None:
    """`trigger_dag DAG -r RUN`: every member is sent, null where it is not given; the answer's message is printed."""
    name = runs.target.new_name("run")
    tried = runs.trigger(runs.dag, **_body({"run_id": name, "conf": None, "execution_date": None}))
    if succeeded(judge, tried.answer, "a run is to be triggered by what the command line sends"):
        told = record(tried.answer)
        message = told.get("message")
        judge.that(
            isinstance(message, str) and message != "", tried.answer, f"there is to be a message; it is {message!r}"
        )
        wish = f"the run {name} is to be there, at the date of the answer; new are {tried.new}"
        judge.that(tried.new == ((name, moment(told.get("execution_date"))),), tried.story, wish)


@requirement("EXP-CLI-002")
def test_pools_are_handled(target: Target, judge: Judge) -> None:
    """`pool -s NAME SLOTS TEXT`, `pool`, `pool -g NAME`, `pool -x NAME`: the answers have what is printed."""
    pool = Pool(target.new_name("pool"), 3, "a description")
    made = target.call("create_pool", **_body({**pool.body, "slots": str(pool.slots)}))
    _prints(judge, made, record(made), pool, "created with its slots as text")
    listed = target.call("get_pools", headers=SENDS)
    for each in records(listed):
        missing = [name for name in COLUMNS if name not in each]
        judge.that(
            not missing, listed, f"every pool in the list is to have {', '.join(COLUMNS)}; {each} lacks {missing}"
        )
    named = [each for each in records(listed) if each.get("pool") == pool.name]
    _prints(judge, listed, named[0] if named else {}, pool, "listed")
    shown = target.call("get_pool", params={"name": pool.name}, headers=SENDS)
    _prints(judge, shown, record(shown), pool, "asked for")
    deleted = target.call("delete_pool", params={"name": pool.name}, headers=SENDS)
    _prints(judge, deleted, record(deleted), pool, "deleted")
    gone(target, judge, pool.name, "after it was deleted")


@requirement("EXP-CLI-003")
def test_refusals_say_why(target: Target, judge: Judge) -> None:
    """What there is not, and what cannot be, is refused with a text under "error"."""
    unknown = target.new_name("unknown")
    answers = [target.call("get_pool", params={"name": unknown}, headers=SENDS)]
    if not target.guard.why_not:
        run = {"run_id": unknown, "conf": None, "execution_date": None}
        answers.append(target.call("trigger_dag", params={"dag_id": unknown}, **_body(run)))
        answers.append(target.call("delete_pool", params={"name": unknown}, headers=SENDS))
        answers.append(target.call("create_pool", **_body({"name": unknown, "slots": "many", "description": ""})))
    for answer in answers:
        error = _error(answer)
        ok = 400 <= (answer.status or 0) < 500 and isinstance(error, str) and error != ""
        name = answer.request.operation
        wish = f"{name} is to be refused with a text under error; it was {answer.status} with {error!r}"
        judge.that(ok, answer, wish)


def _body(members: dict[str, Any]) -> dict[str, Any]:
    """A body as the command line sends it."""
    return {"body": json.dumps(members).encode(), "headers": (*SENDS, ("Content-Type", "application/json"))}


def _prints(judge: Judge, answer: Exchange, shown: dict[str, Any], pool: Pool, when: str) -> None:
    columns = {name: shown.get(name) for name in COLUMNS}
    ok = content(answer) is not None and columns == pool.shown
    judge.that(ok, answer, f"{when} the pool is to be shown as {pool.shown}; the answer {answer.status} has {columns}")


def _error(answer: Exchange) -> Any:
    try:
        found = answer.json()
    except NotJson:
        return None
    return found.get("error") if isinstance(found, dict) else None
