"""What becomes of a few things of each kind: the same requests to either API, as far as both have them.

`Call` sends one: a method, a path below that of the API, a body.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.mockserver.driver import Reply

Call = Callable[..., Reply]


def lives(call: Call, mask: str) -> Iterator[Reply]:
    """Pools, variables and connections; `mask` is how a query has an update mask."""
    yield from _pools(call, mask)
    for key in ("é", "b", "a"):
        yield call("POST", "variables", {"key": key, "value": "1", "description": "kept"})
    yield call("PATCH", "variables/b", {"key": "b", "value": "2"})
    yield call("GET", "variables/%C3%A9")
    yield call("GET", "variables?order_by=id")
    for name, port in (("a..b", 80), ("c", 443)):
        extra = json.dumps({"token": "hidden", "plain": "shown"})
        body = {"connection_id": name, "conn_type": "http", "host": "h", "port": port, "password": "p", "extra": extra}
        yield call("POST", "connections", body)
    yield call("POST", "connections", {**body, "host": "i"})
    yield call("GET", "connections?order_by=port")
    yield call("GET", "connections/a..b")
    yield call("PATCH", "connections/c", {"connection_id": "c", "conn_type": "ftp", "password": "q"})
    yield call("GET", "connections/c")
    yield call("DELETE", "connections/c")
    yield call("GET", "connections")
    yield call("GET", "eventLogs?limit=100")


def _pools(call: Call, mask: str) -> Iterator[Reply]:
    whole = {"slots": 3, "description": "kept", "include_deferred": False}
    for name in ("p", "n", "no", "a%41", "x" * 60):
        yield call("POST", "pools", {"name": name, **whole})
    yield call("GET", "pools/a%2541")
    yield call("PATCH", f"pools/p?{mask}=slots", {"name": "p", **whole, "slots": 0})
    yield call("GET", "pools/p")
    yield call("PATCH", "pools/p", {"name": "renamed", **whole})
    yield call("DELETE", "pools/n")
    yield call("GET", "pools")


def runs(call: Call, create: str, note: str) -> Iterator[Reply]:
    """Two runs of two DAGs, asked for under either; `create` and `note` are the bodies that make one, and note it."""
    for dag, run in (("conformance_empty", "b+c"), ("conformance_mapped", "a"), ("conformance_empty", "a1")):
        yield call("POST", f"dags/{dag}/dagRuns", {"dag_run_id": run, "note": "kept", **json.loads(create)})
    for path in ("dagRuns/a", "tasks/group.square", "dagRuns/a/taskInstances/group.square/1"):
        yield call("GET", f"dags/conformance_empty/{path}")
    yield call("GET", "dags/conformance_empty/dagRuns/b%2Bc")
    yield call("GET", "dags/conformance_empty/dagRuns/b%2Bc/taskInstances/first/5")
    yield call("GET", "dags/conformance_mapped/dagRuns/b%2Bc/taskInstances/first/tries")
    yield call("PATCH", f"dags/conformance_mapped/dagRuns/b%2Bc/taskInstances/first{note}", {"note": "set"})
    yield call("PATCH", "dags/conformance_empty/dagRuns/b%2Bc", {"state": "success"})
    yield call("GET", "dags/conformance_empty/dagRuns?order_by=id")
    yield call("DELETE", "dags/conformance_empty/dagRuns/a")
    yield call("GET", "dags/conformance_mapped/dagRuns")


def bulk(call: Call) -> Iterator[Reply]:
    """Bulk requests some of which fail."""
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "pools": ("name", {"slots": 1, "include_deferred": False}),
        "variables": ("key", {"value": "1", "description": "d"}),
        "connections": ("connection_id", {"conn_type": "http", "password": "p"}),
    }
    for path, (field, said) in kinds.items():
        one, two, three = ({field: name, **said} for name in ("one", "two", "three"))
        more = {"slots": 9} if path == "pools" else {"description": "e"}
        created = {"action": "create", "entities": [one, two]}
        again = {"action": "create", "entities": [one, three]}
        last = {"slots": 8} if path == "pools" else {"description": "f"}
        update = {"action": "update", "entities": [{**one, **last}, {field: "none", **said}]}
        for actions in (
            [created],
            [again, {"action": "delete", "entities": ["two"]}],
            [{**again, "action_on_existence": "overwrite", "entities": [{**one, **more}, three]}],
            [{**update, "action_on_non_existence": "skip", "update_mask": [next(iter(said))]}],
            [{"action": "delete", "entities": ["one", "two", "three"], "action_on_non_existence": "skip"}],
        ):
            yield call("PATCH", path, {"actions": actions})
            yield call("GET", path)
    yield call("GET", "eventLogs?limit=100")


def kept_with_runs(call: Call) -> Iterator[Reply]:
    """What goes with a run of Airflow 3, or with an asset."""
    run = "dags/conformance_empty/dagRuns/r"
    for name in ("r", "s"):
        yield call("POST", "dags/conformance_empty/dagRuns", {"dag_run_id": name, "logical_date": None, "note": "n"})
    for key, value in (("x", 1), ("none", None)):
        yield call("POST", f"{run}/taskInstances/first/xcomEntries", {"key": key, "value": value})
    yield call("GET", f"{run}/taskInstances/first/xcomEntries")
    yield call("GET", "dags/conformance_empty/dagRuns/s/taskInstances/first/xcomEntries/x")
    yield call("DELETE", f"{run}/taskInstances/last/xcomEntries/x")
    yield call("PATCH", run, {"state": "success"})
    update = {"action": "update", "entities": [{"dag_run_id": "s", "note": "other"}]}
    yield call("PATCH", "dags/conformance_empty/dagRuns", {"actions": [update]})
    yield call("GET", "dags/conformance_empty/dagRuns")
    for key in ("k", "l"):
        yield call("PUT", f"assets/1/state-store/{key}", {"value": 1})
    yield call("GET", "assets/2/state-store/k")
    yield call("DELETE", "assets/1/state-store/k")
    yield call("GET", "assets/1/state-store")
    yield call("GET", "pools?pool_name_pattern=DEFAULT")
    for key in ("a/b", "a"):
        yield call("POST", "variables", {"key": key, "value": "1"})
    yield call("DELETE", "variables/a%2Fb")
    yield call("GET", "variables?variable_key_pattern=a")
