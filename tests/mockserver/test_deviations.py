"""Every deviation of Airflow 3 shows: some request of a fixed series is answered otherwise than without it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from mockserver.deviations import PUBLIC, Deviation, apply, catalogue, deviation
from mockserver.errors import SetupError
from specs import requirements
from tests.mockserver import bystanders, corners, deeds, lives, rarities, values
from tests.mockserver.driver import Reply, application, send
from tests.mockserver.showing import Part, Series, Setup, chosen
from tests.mockserver.strangers import strangers

A, B = "https://exampleclientapp1.com", "https://exampleclientapp2.com"
NO_CORS = [f"api.access_control_allow_{name}=null" for name in ("headers", "methods", "origins")]
SETUPS: list[Setup] = [
    ("airflow-3", []),
    ("airflow-3-all-admins", []),
    ("airflow-3-cors-example", []),
    ("airflow-3", ["airflow=3.0"]),
    ("airflow-3", ["api.maximum_page_limit=5"]),
    ("airflow-3", ["api.maximum_page_limit=null"]),
    ("airflow-3", NO_CORS),
    ("airflow-3", ["api.expose_config=non-sensitive-only"]),
]


def logins(app: Any) -> Iterator[Reply]:
    for name, password in [
        ("admin", word) for word in ("admin", "adm", "admin1", "ADMIN", " admin ", "x", "adnin", "op")
    ] + [("no", "no")]:
        yield send(app, "POST", "/auth/token", {"username": name, "password": password})
    yield send(app, "POST", "/auth/token", {"username": "admin"})
    yield send(app, "GET", "/auth/token")
    yield send(app, "PUT", "/auth/token")


def minted(app: Any, key: str | None = None, algorithm: str = "HS512", **changes: Any) -> str:
    now = int(app.state.mock.clock.now().timestamp())
    claims = {"sub": "op", "role": "op", "aud": "apache-airflow", "nbf": now, "iat": now, "exp": now + 60, **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key or app.state.mock.auth.tokens.secret, algorithm)


def tokens(app: Any) -> Iterator[Reply]:
    now = int(app.state.mock.clock.now().timestamp())
    good = minted(app)
    head, body, signature = good.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    bad = [
        "x",
        f"{none}.{body}.",
        f"{head}.{body}.{signature[:40]}{'A' * 46}",
        f"{head}.{body}.{signature[:20]}{'A' if signature[20] != 'A' else 'B'}{signature[21:]}",
        minted(app, "k" * 64),
        minted(app, algorithm="HS256"),
        minted(app, exp=now - 60),
        minted(app, exp=None),
        minted(app, aud="x"),
        minted(app, nbf=now + 99),
    ]
    headers = [f"Bearer {token}" for token in bad] + ["Bearer", f"Token {good}", good, "Bearer é", "x" * 5000]
    for header in headers:
        yield send(app, "GET", "/api/v2/version", headers={"authorization": header})
        yield send(app, "GET", "/api/v2/dags?limit=1", headers={"authorization": header})
    yield send(app, "GET", f"/api/v2/dags?limit=1&access_token={good}")
    yield send(app, "GET", "/api/v2/dags?limit=1", headers={"x-auth-token": good})
    for name in ("_token", "access_token"):
        yield send(app, "GET", "/api/v2/dags?limit=1", headers={"cookie": f"{name}={good}"})
    yield send(app, "GET", f"/api/v2/dags/d/dagRuns/r/taskInstances/t/logs/1?access_token={good}")
    paths = ("/pools", "/connections", "/dags/d/dagRuns/r/taskInstances/t/1/tries", "//dags", "/dags/", "/%64ags")
    for path in (*(f"/api/v2{path}" for path in paths), "/API/V2/dags", "/api/v2/x/../dags", "//api/v2/dags"):
        yield send(app, "GET", path)


def sessions(app: Any) -> Iterator[Reply]:
    def issued() -> dict[str, str]:
        reply = send(app, "POST", "/auth/token", {"username": "op", "password": "op"})
        token = reply.json.get("access_token") or reply.json["jwt"]
        return {"authorization": f"Bearer {token if isinstance(token, str) else token['value']}"}

    one, two = issued(), issued()
    for _ in range(4):
        yield send(app, "GET", "/api/v2/pools?limit=1", headers=two)
    send(app, "GET", "/api/v2/auth/logout", headers=one)
    for headers in (one, two):
        yield send(app, "GET", "/api/v2/connections?limit=1", headers=headers)
        yield send(app, "POST", "/api/v2/pools", {}, headers)


def preflights(app: Any) -> Iterator[Reply]:
    near = [
        A + "x",
        A.replace("//", "//x."),
        A[:-4],
        "null",
        A.replace("https", "http"),
        A + ":444",
        A.upper(),
        A + "/",
    ]
    near.append("https://x" + A.removeprefix("https://"))
    for origin in (A, B, *near):
        for method, headers in (("POST", "origin"), ("PATCH", "accept"), ("PUT", "x"), ("DELETE", "authorization")):
            asked = {"access-control-request-method": method, "access-control-request-headers": headers}
            yield send(app, "OPTIONS", "/api/v2/dags", headers={"origin": origin} | asked)
        for path in ("/api/v2/version", "/api/v2/dags", "/api/v2/pools", "/api/v2/nosuch"):
            yield send(app, "GET", path, headers={"origin": origin})


def speaks(app: Any, role: str) -> dict[str, str]:
    """A token that is made by hand: deviations of the token endpoint show elsewhere."""
    return {"authorization": f"Bearer {minted(app, sub=role, role=role, jti=role)}"}


def writes(app: Any) -> Iterator[Reply]:
    pool = {"name": "p", "slots": 1}
    variable = {"key": "anonymous", "value": "x"}
    send(app, "POST", "/api/v2/variables", variable)
    for role in ("viewer", "user", "op"):
        headers = speaks(app, role)
        for name in ("v1", "v22", "v3"):
            yield send(app, "POST", "/api/v2/variables", {"key": f"{role}{name}", "value": "x"}, headers)
        for name in (role, f"{role}-stays"):
            yield send(app, "POST", "/api/v2/pools", pool | {"name": name}, headers)
        yield send(app, "PATCH", "/api/v2/variables", {"actions": [{"action": "delete", "entities": ["x"]}]}, headers)
        yield send(app, "POST", "/api/v2/dags/conformance_empty/dagRuns", {"logical_date": None}, headers)
        yield send(app, "GET", "/api/v2/variables", headers=headers)
        yield send(app, "GET", "/api/v2/dags?limit=1", headers=headers)
        yield send(app, "PATCH", "/api/v2/pools/default_pool?update_mask=slots", pool, headers)
        yield send(app, "DELETE", "/api/v2/pools/op", headers=headers)
        yield send(app, "POST", "/api/v2/dags/conformance_empty/favorite", headers=headers)
    send(app, "PATCH", "/api/v2/variables/opv1", {"key": "opv1", "value": "y"}, speaks(app, "op"))
    send(app, "DELETE", "/api/v2/variables/opv22", headers=speaks(app, "op"))
    send(app, "DELETE", "/api/v2/variables/opv3")
    yield send(app, "GET", "/api/v2/variables", headers=speaks(app, "op"))
    yield send(app, "GET", "/api/v2/pools", headers=speaks(app, "op"))
    yield send(app, "GET", "/api/v2/eventLogs?limit=100", headers=speaks(app, "op"))


def pages(app: Any) -> Iterator[Reply]:
    headers = speaks(app, "op")
    entities = [{"key": f"k{number:03}", "value": "x"} for number in range(105)]
    body = {"actions": [{"action": "create", "entities": [*entities, {"key": "a-longer-key", "value": "x"}]}]}
    send(app, "PATCH", "/api/v2/variables", body, headers)
    queries = ["limit=3", "limit=1000", "limit=9999999", "limit=0", "limit=-1", "limit=x", "offset=-1", "", "limit=101"]
    queries += ["limit=1000&offset=1", "limit=100&offset=100", "limit=4&offset=2", "limit=1000&order_by=-key"]
    queries += ["limit=5&order_by=key", "limit=5&order_by=-key", "limit=5&order_by=key&offset=3", "order_by=-no_such"]
    for query in queries:
        yield send(app, "GET", f"/api/v2/variables?{query}", headers=headers)
        yield send(
            app, "GET", f"/api/v2/dags?{query.replace('=key', '=dag_id').replace('=-key', '=-dag_id')}", headers=headers
        )
    send(app, "POST", "/api/v2/variables", {"key": "zz", "value": "x"}, headers)
    yield send(app, "GET", "/api/v2/dags?limit=5", headers=headers)
    yield send(app, "GET", "/api/v2/dags?limit=5&order_by=next_dagrun", headers=headers)
    yield send(app, "GET", "/api/v2/pools", headers=headers)


def choices(app: Any) -> Iterator[Reply]:
    """What is listed of a few things when it is asked for by filters; moments are a quarter of a second apart."""
    headers = speaks(app, "admin")

    def write(method: str, path: str, body: Any) -> None:
        app.state.mock.clock.advance(0.25)
        assert send(app, method, f"/api/v2/{path}", body, headers).status < 300, path

    for name in ("a_b", "a-b"):
        write("POST", "pools", {"name": name, "slots": 1})
        write("POST", "variables", {"key": name, "value": "x"})
        write("POST", "assets/events", {"asset_id": 1})
        write("POST", "connections", {"connection_id": name, "conn_type": "http"})
    for day, (dag, state) in enumerate(
        (("empty", "success"), ("mapped", "failed"), ("empty", None), ("mapped", None)), 1
    ):
        run = {"dag_run_id": f"run{day}", "logical_date": f"2025-03-0{day}T00:00:00Z"}
        write("POST", f"dags/conformance_{dag}/dagRuns", run)
        if state:
            write("PATCH", f"dags/conformance_{dag}/dagRuns/run{day}", {"state": state})
    second, third = (urlencode({"": f"2025-03-0{day}T00:00:00Z"})[1:] for day in (2, 3))
    now = [f"2026-01-01T00:00:{tenths / 100:05.2f}Z" for tenths in range(25, 400, 25)]
    lists = {
        "pools": ["pool_name_pattern=a_b"],
        "variables": ["variable_key_pattern=a%25b"],
        "connections": ["connection_id_pattern=A"],
        "dags": ["dag_id_pattern=empty", "dag_id_pattern=empty|cron", "paused=false", "tags=cron&tags=empty"],
        "dags/~/dagRuns": [f"logical_date_gte={second}", "run_id_prefix_pattern=un", "state=success&state=failed"],
        "dags/~/dagRuns/~/taskInstances": ["state=success&state=none", *(f"end_date_lte={each}" for each in now)],
        "assets/events": [f"timestamp_gt={each}" for each in now],
        "eventLogs": ["event=post_pool", "excluded_events=post_pool&excluded_events=post_variable"],
        "dags/conformance_mapped/dagRuns/run2/taskInstances/group.square/listMapped": ["map_index=0", "operator=x"],
    }
    lists["dags"] += [f"tags=conformance&tags=empty&tags_match_mode={mode}" for mode in ("any", "all")]
    lists["dags/~/dagRuns"] += ["state=success&limit=1&offset=1", f"state=success&logical_date_gt={third}"]
    lists["dags/~/dagRuns/~/taskInstances"] += ["start_date_gte=2025-01-01T00:00:00Z"]
    lists["eventLogs"] += [f"before={each}" for each in now]
    yield from chosen(app, "/api/v2", lists, headers)
    yield send(app, "POST", "/api/v2/dags/~/dagRuns/list", {"states": ["success"]}, headers)


def lists(app: Any) -> Iterator[Reply]:
    """Lists of a few things, in order and by pages."""
    headers = speaks(app, "admin")
    for day, dag in enumerate(("empty", "mapped", "empty"), 1):
        run = {"dag_run_id": f"run{day}", "logical_date": f"2025-03-0{day}T00:00:00Z"}
        send(app, "POST", f"/api/v2/dags/conformance_{dag}/dagRuns", run, headers)
        send(app, "POST", "/api/v2/assets/events", {"asset_id": 1}, headers)
    for day, dag, state in ((2, "mapped", "failed"), (3, "empty", "success")):
        send(app, "PATCH", f"/api/v2/dags/conformance_{dag}/dagRuns/run{day}", {"state": state}, headers)
    instance = "dags/conformance_empty/dagRuns/run1/taskInstances/first"
    send(app, "PUT", f"/api/v2/{instance}/state-store/k", {"value": 1}, headers)
    mapped = "dags/conformance_mapped/dagRuns/run2/taskInstances/group.square/listMapped"
    for path in (
        "dags/~/dagRuns?order_by=end_date",
        "dags/~/dagRuns?order_by=dag_id&order_by=-run_id",
        "dags/conformance_empty/tasks?order_by=-task_id",
        "dags/~/dagRuns/~/taskInstances?order_by=-state",
        "assets/events",
        f"{mapped}?limit=1&offset=1",
        f"{instance}/state-store",
        "dags/~/dagVersions?limit=2&offset=2",
    ):
        yield send(app, "GET", f"/api/v2/{path}", headers=headers)
    yield send(app, "POST", "/api/v2/dags/~/dagRuns/list", {"order_by": "-logical_date"}, headers)


def by_cursor(app: Any) -> Iterator[Reply]:
    headers = speaks(app, "admin")
    for day in (1, 2, 3):
        run = {"dag_run_id": f"run{day}", "logical_date": f"2025-03-0{day}T00:00:00Z"}
        send(app, "POST", "/api/v2/dags/conformance_empty/dagRuns", run, headers)
    yield send(app, "GET", "/api/v2/dags/~/dagRuns?limit=2&cursor=", headers=headers)
    send(app, "PATCH", "/api/v2/dags/conformance_empty/dagRuns/run2", {"state": "failed"}, headers)
    for query in ("state=queued&limit=1", "order_by=-run_id&limit=2"):
        first = send(app, "GET", f"/api/v2/dags/~/dagRuns?{query}&cursor=", headers=headers)
        yield first
        second = send(app, "GET", f"/api/v2/dags/~/dagRuns?{query}&cursor={first.json['next_cursor']}", headers=headers)
        yield second
        yield send(
            app, "GET", f"/api/v2/dags/~/dagRuns?{query}&cursor={second.json['previous_cursor']}", headers=headers
        )


def of_things(app: Any) -> Iterator[Reply]:
    admin = speaks(app, "admin")

    def call(method: str, path: str, body: Any = b"") -> Reply:
        return send(app, method, f"/api/v2/{path}", body, admin)

    yield from lives.lives(call, "update_mask")
    yield from lives.runs(call, '{"logical_date": null}', "")
    yield from lives.bulk(call)
    yield from lives.kept_with_runs(call)


def of_deeds(app: Any) -> Iterator[Reply]:
    admin = speaks(app, "admin")

    def call(method: str, path: str, body: Any = b"") -> Reply:
        return send(app, method, f"/api/v2/{path}", body, admin)

    yield from deeds.deeds(call, app.state.mock.clock.advance)


def wrong_ones(app: Any) -> Iterator[Reply]:
    """Requests with something wrong, and a few whose answers are of a form of their own."""
    admin = speaks(app, "admin")
    variable = {"key": "v", "value": "x", "description": "before"}
    run = "dags/conformance_empty/dagRuns"
    asked: list[tuple[str, str, Any]] = [
        ("POST", "variables", variable),
        ("POST", "variables", {"key": "w" * 251, "value": "x"}),
        ("POST", "variables", {"value": "x"}),
        ("PATCH", "variables/v", {"key": "other", "value": "y", "description": "after"}),
        ("PATCH", "variables/v", {"key": 1, "value": "y"}),
        ("GET", "variables/v", b""),
        ("DELETE", "variables/v", b""),
        ("GET", "connections/none", b""),
        ("POST", "connections", {"connection_id": "c", "conn_type": "http", "unknown": 1}),
        ("POST", "pools", {"name": "p"}),
        ("GET", "pools?limit=many", b""),
        ("PUT", "pools", b""),
        ("PUT", "pools/default_pool", b""),
        ("POST", run, {"dag_run_id": "r", "logical_date": None}),
        ("PATCH", f"{run}/r", {"state": "failedly"}),
        ("GET", f"{run}/r", b""),
        ("GET", "eventLogs", b""),
        ("GET", "eventLogs?try_number=-1", b""),
        ("GET", "dagTags", b""),
        ("GET", "dags/conformance_empty/dagVersions", b""),
        ("GET", "dagWarnings?limit=-1", b""),
        ("GET", "jobs?start_date_gte=never", b""),
        ("GET", "assets?name_pattern=%C3%A9", b""),
    ]
    for method, path, body in asked:
        yield send(app, method, f"/api/v2/{path}", body, admin)


def of_corners(app: Any) -> Iterator[Reply]:
    good = speaks(app, "admin")
    yield from corners.of_both(app, "/api/v2", good, "dags/~/dagRuns/list")
    yield from corners.of_tokens(app, "/api/v2", good)


def _caller(app: Any) -> Callable[..., Reply]:
    """How an admin asks."""
    admin = speaks(app, "admin")

    def call(method: str, path: str, body: Any = b"") -> Reply:
        return send(app, method, f"/api/v2/{path}", body, admin)

    return call


def of_values(app: Any) -> Iterator[Reply]:
    yield from values.values(_caller(app), {"logical_date": None})
    yield from values.executed(_caller(app), {"logical_date": None}, app.state.mock.clock.advance)


def of_bystanders(app: Any) -> Iterator[Reply]:
    yield from bystanders.of_public(_caller(app), app.state.mock.clock.advance)


def of_permits(app: Any) -> Iterator[Reply]:
    dag, option = "/api/v2/dags/conformance_page_001", "/api/v2/config/section/api_auth/option/jwt_secret"
    yield send(app, "PATCH", dag, {"is_paused": True}, speaks(app, "viewer"))
    yield send(app, "GET", option, headers={**speaks(app, "admin"), "accept": "application/json"})


def of_rarities(app: Any) -> Iterator[Reply]:
    yield from rarities.of_both(app, "/api/v2", speaks(app, "admin"), speaks(app, "op"))
    yield from rarities.of_origins(app, "/api/v2", speaks(app, "admin"))


def of_strangers(app: Any) -> Iterator[Reply]:
    yield from strangers(app, "/api/v2", speaks(app, "admin"))


PARTS: dict[str, tuple[Part, ...]] = {
    **dict.fromkeys(("bystanders", "memory"), (of_bystanders,)),
    "strangers": (of_strangers,),
    "rarities": (of_rarities,),
    "permits": (writes, of_permits),
    "values": (of_values,),
    "corners": (of_corners,),
    "tokens": (tokens, sessions),
    "auth": (tokens, writes),
    "roles": (writes,),
    "login": (logins, sessions, writes),
    "cors": (preflights,),
    "paging": (pages,),
    "errors": (logins, tokens, sessions, writes, pages),
    "state": (writes, pages),
    "filtering": (choices,),
    "orders": (lists,),
    "cursors": (by_cursor,),
    "deeds": (of_deeds,),
    "interface": (wrong_ones,),
    **dict.fromkeys(("writes", "telling_names", "bulk", "parents", "secrets"), (of_things,)),
}
TOKEN = re.compile(rb'"eyJ[\w=-]+\.(eyJ[\w=-]+)\.[\w=-]+"')


def _says(match: re.Match[bytes]) -> bytes:
    payload = match[1]
    claims = json.loads(base64.urlsafe_b64decode(payload.rstrip(b"=") + b"=="))
    claims.pop("jti", None)
    return repr((sorted(claims.items(), key=str), payload.endswith(b"="))).encode()


SERIES = Series(SETUPS, PARTS, says=lambda body: TOKEN.sub(_says, body))
OWN = [one for one in catalogue().values() if set(one.apis) & set(PUBLIC)]


@pytest.mark.parametrize("one", OWN, ids=lambda one: one.name)
def test_it_shows(one: Deviation) -> None:
    assert SERIES.shows(one)


@pytest.mark.parametrize("module", PARTS)
def test_without_a_deviation_the_same_is_told_twice(module: str) -> None:
    assert SERIES.told(0, module) == SERIES.clean(0, module)


def test_the_collections_are_larger_than_a_page() -> None:
    counts = [int(found) for line in SERIES.clean(0, "paging") for found in re.findall(r'"total_entries":(\d+)', line)]
    assert min(counts[:2]) > 100


def test_each_names_what_it_breaks() -> None:
    known = set(requirements.load("public-api")) | set(application().state.mock.interface.operations)
    for one in OWN:
        assert one.breaks, one.name
        assert set(one.breaks) <= known, one.name
        assert one.sentence.endswith("."), one.name


def test_names_that_there_are_not() -> None:
    mock = application().state.mock
    with pytest.raises(SetupError, match="did you mean 'cap-ignored'"):
        apply(mock, ["cap-ignorde"])
    with pytest.raises(SetupError, match="cannot show under the profile 'airflow-3'"):
        apply(mock, ["bad-token-lets-in"])


def test_a_name_is_declared_once() -> None:
    name = next(iter(catalogue()))
    with pytest.raises(ValueError, match=name):
        deviation(name, breaks=[], sentence="")(lambda _mock: None)
