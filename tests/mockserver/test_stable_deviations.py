"""Every deviation of Airflow 2 shows: some request of a fixed series is answered otherwise than without it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import profiles
from mockserver.deviations import STABLE, Deviation, catalogue
from specs import requirements
from tests.mockserver import accounts, bystanders, corners, lives, rarities, values
from tests.mockserver.driver import Reply, send
from tests.mockserver.showing import Part, Series, Setup, chosen
from tests.mockserver.strangers import strangers
from tests.mockserver.test_web_login import Browser

Headers = dict[str, str]

A, B = "https://exampleclientapp1.com", "https://exampleclientapp2.com"
NO_CORS = [f"api.access_control_allow_{name}=null" for name in ("headers", "methods", "origins")]
NO_PUBLIC = "webserver_config.AUTH_ROLE_PUBLIC=null"
SETUPS: list[Setup] = [
    ("airflow-2-basic", [NO_PUBLIC]),
    ("airflow-2-basic", []),
    ("airflow-2-session", []),
    ("airflow-2-chain", []),
    ("airflow-2-open", []),
    ("airflow-2-deny-all", []),
    ("airflow-2-custom", []),
    ("airflow-2.2-basic", []),
    ("airflow-2-basic", ["webserver_config.AUTH_ROLE_PUBLIC=Viewer"]),
    ("airflow-2-basic", [NO_PUBLIC, "api.maximum_page_limit=5"]),
    ("airflow-2-basic", [NO_PUBLIC, "api.maximum_page_limit=null"]),
    ("airflow-2-basic", [NO_PUBLIC, *NO_CORS]),
]
KNOWN = [profiles.load(*setup) for setup in SETUPS]
OWN = [one for one in catalogue().values() if any(map(one.applies, KNOWN))]


def basic(pair: str, encoding: str = "utf-8") -> Headers:
    return {"authorization": f"Basic {base64.b64encode(pair.encode(encoding)).decode()}"}


def proof(app: Any, role: str = "admin") -> Headers:
    """Good proof for whatever backend there is."""
    browser = Browser(app)
    browser.log_in(role)
    own = {"x-conformance-user": role, "x-conformance-key": role}
    return {**basic(f"{role}:{role}"), "cookie": browser.cookie, **own}


# ---- who makes a request ---------------------------------------------------------------------------------------------

PATHS = ("/api/v1/version", "/api/v1/pools?limit=1", "/api/v1/importErrors/1")


def attempts(app: Any) -> Iterator[Headers]:
    """All kinds of proof, most of it bad."""
    users = {"a:b": "colon", "pässword": "accent", "Word": "word", "p?ssword": "query", "right:": "end"}
    for password, name in users.items():
        body = {"username": name, "password": password, "email": f"{name}@x", "first_name": name, "last_name": name}
        send(app, "POST", "/api/v1/users", {**body, "roles": [{"name": "Admin"}]}, proof(app))
    words = ["admin", "ADMIN", "adm", "adminx", " admin ", "admin:x", "op", "", "admin\n", "amdin"]
    pairs = [f"admin:{word}" for word in words] + [f"{name}:{word}" for word, name in users.items()]
    pairs += [
        "inactive:inactive",
        "nobody:x",
        "colon:a",
        "accent:p?ssword",
        "accent:passwrd",
        "word:word",
        "admin\nadmin",
    ]
    yield {}
    yield from map(basic, pairs)
    yield basic("accent:pässword", "latin-1")
    good = basic("admin:admin")["authorization"]
    encoded = good.removeprefix("Basic ")
    headers = [
        f"Token {encoded}",
        f"basic {encoded}",
        "Basic admin:admin",
        "Bearer x",
        "Basic",
        "Negotiate",
        "",
        "Basic x",
    ]
    yield from ({"authorization": header} for header in headers)
    yield {"authorization": good, "referer": "http://mock/"}
    yield {"authorization": good, "user-agent": "curl/8"}
    yield {"x-forwarded-authorization": good}
    yield {"remote-user": "admin"}
    yield {"x-conformance-user": "admin", "x-conformance-key": "admin"}
    yield from ({"x-conformance-user": "admin", "x-conformance-key": key} for key in ("x", "op"))
    yield from _cookies(app)


def _cookies(app: Any) -> Iterator[Headers]:
    visitor, user = Browser(app), Browser(app)
    visitor.send("GET", "/login/")
    early = visitor.cookie
    visitor.post("/login/", username="admin", password="admin", csrf_token=visitor.token)
    user.log_in()
    name, _, value = user.cookie.partition("=")
    ident, _, signature = value.rpartition(".")
    swapped = signature[:-4] + "AAAA"
    forged = base64.urlsafe_b64encode(b'{"_user_id":"1"}').decode().rstrip("=")
    wrong = basic("admin:x")["authorization"]
    for cookie in (
        user.cookie,
        early,
        f"{name}={ident}.x",
        f"{name}={ident}.{swapped}",
        f"{name}={ident}.{signature[:8]}{'A' if signature[8] != 'A' else 'B'}{signature[9:]}",
        f"sessionid={value}",
        f"{name}={forged}.x.y",
    ):
        yield {"cookie": cookie}
    yield {"authorization": f"Bearer {value}"}
    yield {"cookie": user.cookie, "authorization": wrong}
    yield {"cookie": user.cookie, "authorization": "Negotiate abc"}
    yield {"cookie": "session=x", **basic("admin:admin")}
    yield {"cookie": "session=x", "authorization": wrong}
    viewer, other = Browser(app), Browser(app)
    viewer.log_in("viewer")
    yield {"cookie": viewer.cookie, **basic("admin:admin")}
    other.log_in()
    other.send("GET", "/home")
    other.post("/logout/", csrf_token=other.token)
    yield {"cookie": other.cookie}
    yield {"cookie": user.cookie}
    inactive, careless = Browser(app), Browser(app)
    inactive.log_in("inactive")
    yield {"cookie": inactive.cookie}
    careless.send("GET", "/login/")
    careless.post("/login/", username="admin", password="admin")
    yield {"cookie": careless.cookie}


def entrance(app: Any) -> Iterator[Reply]:
    for headers in attempts(app):
        for path in PATHS:
            yield send(app, "GET", path, headers=headers)
        yield send(app, "HEAD", PATHS[1], headers=headers)
        yield send(app, "POST", "/api/v1/pools", {"name": "p", "slots": 1}, headers)
    for method, path in (
        ("GET", "//api/v1/pools"),
        ("GET", "/api/v1/providers?username=admin&password=admin"),
        ("POST", "/conformance/ping"),
        ("GET", "/conformance/ping"),
    ):
        yield send(app, method, path)
    yield send(app, "DELETE", "/api/v1/connections/kept")
    yield send(
        app, "GET", "/api/v1/dags/d/dagRuns/r/taskInstances/t/links", headers={**proof(app), "authorization": ""}
    )
    user = proof(app)
    for headers in (basic("admin:x"), {"cookie": user["cookie"]}):
        yield send(app, "GET", "/api/v1/connections", headers=headers)
    send(app, "DELETE", "/api/v1/users/word", headers=user)
    yield send(app, "GET", PATHS[1], headers=basic("word:Word"))


def roles(app: Any) -> Iterator[Reply]:
    send(app, "POST", "/api/v1/connections", {"connection_id": "kept", "conn_type": "http"}, proof(app))
    yield send(app, "DELETE", "/api/v1/connections/kept")
    for role in ("public", "viewer", "user", "op", "admin"):
        headers = proof(app, role)
        yield send(
            app, "PATCH", "/api/v1/pools/default_pool?update_mask=slots", {"name": "default_pool", "slots": 3}, headers
        )
        yield send(app, "GET", "/api/v1/connections/kept", headers=headers)
        yield send(app, "GET", "/api/v1/connections", headers=headers)
        yield send(app, "DELETE", "/api/v1/pools/nope", headers=headers)
    yield send(app, "POST", "/api/v1/variables", {"key": "k", "value": "v"})
    yield send(app, "POST", "/api/v1/variables", {"key": "k", "value": "v"}, proof(app, "op"))
    yield send(app, "DELETE", "/api/v1/variables/k")
    yield send(app, "GET", "/api/v1/variables", headers=proof(app))
    yield send(app, "GET", "/api/v1/eventLogs", headers=proof(app))
    yield send(app, "GET", "/api/v1/config", headers={**proof(app), "accept": "application/json"})


# ---- what is answered ------------------------------------------------------------------------------------------------


def origins(app: Any) -> Iterator[Reply]:
    admin = proof(app)
    asked = {"access-control-request-method": "PATCH", "access-control-request-headers": "authorization"}
    for origin in (A, B, f"{A}x", A.upper(), f"{A} {B}", "https://evil.example", None):
        headers = {} if origin is None else {"origin": origin}
        yield send(app, "OPTIONS", "/api/v1/dags", headers={**headers, **asked})
        for path in ("version", "dags?limit=1", "dags?limit=x", "pools/nope", "importErrors", "importErrors?limit=1"):
            yield send(app, "GET", f"/api/v1/{path}", headers=headers)
            yield send(app, "GET", f"/api/v1/{path}", headers={**headers, **admin})


def pages(app: Any) -> Iterator[Reply]:
    admin = proof(app)
    for number in range(105):
        send(app, "POST", "/api/v1/variables", {"key": f"k{number:03}", "value": "x"}, admin)
    for number in range(4):
        connection = {"connection_id": f"c{number}", "conn_type": "http"}
        send(app, "POST", "/api/v1/connections", connection, admin)
        run = {"dag_run_id": f"r{number}", "execution_date": f"2024-01-0{number + 1}T00:00:00+00:00"}
        send(app, "POST", "/api/v1/dags/conformance_empty/dagRuns", run, admin)
    queries = ["", "limit=3", "limit=1000", "limit=0", "limit=-1", "limit=x", "limit=2&offset=1", "limit=100&offset=3"]
    queries += ["limit=1000&offset=1", "offset=1000", "order_by=nope", "limit=2&order_by=-id", "limit=2&offset=2"]
    for query in queries:
        for what in ("variables", "dags", "connections", "pools", "dags/~/dagRuns"):
            yield send(app, "GET", f"/api/v1/{what}?{query}", headers=admin)
    for what in ("execution_date", "-execution_date"):
        yield send(app, "GET", f"/api/v1/dags/~/dagRuns?order_by={what}", headers=admin)
    for body in (
        {"page_limit": 2},
        {"page_limit": 2, "page_offset": 2},
        {"page_limit": 2, "order_by": "-execution_date"},
    ):
        yield send(app, "POST", "/api/v1/dags/~/dagRuns/list", body, admin)


def changes(app: Any) -> Iterator[Reply]:
    admin = proof(app)

    def call(method: str, path: str, body: Any = b"") -> Reply:
        return send(app, method, f"/api/v1/{path}", body, admin)

    person = {"username": "u", "password": "u", "email": "u@x", "first_name": "u", "last_name": "u"}
    connection = {"connection_id": "c", "conn_type": "http", "host": "h", "login": "l"}
    yield call("POST", "variables", {"key": "k", "value": "v"})
    yield call("GET", "variables/k")
    yield call("POST", "variables", {"key": "k", "value": "w"})
    yield call("GET", "variables/k")
    yield call("POST", "connections", connection)
    yield call("PATCH", "connections/c?update_mask=host", {**connection, "host": "i", "login": "m"})
    yield call("GET", "connections/c")
    yield call("PATCH", "connections/c", {**connection, "host": "j"})
    yield call("GET", "connections/c")
    for name in ("p", "q"):
        yield call("POST", "pools", {"name": name, "slots": 1})
    yield call("POST", "pools", {"name": "q", "slots": 7})
    yield call("GET", "pools/q")
    yield call("GET", "pools")
    yield call("DELETE", "pools/p")
    yield call("GET", "pools/p")
    yield call("GET", "pools")
    yield call("POST", "users", {**person, "roles": [{"name": "Viewer"}]})
    yield call("DELETE", "users/u")
    yield call("GET", "users/u")
    yield call("GET", "users")


def choices(app: Any) -> Iterator[Reply]:
    """What is listed of a few runs when it is asked for by filters; moments are a quarter of a second apart."""
    admin = proof(app)

    def write(method: str, path: str, body: Any) -> None:
        app.state.mock.clock.advance(0.25)
        assert send(app, method, f"/api/v1/{path}", body, admin).status < 300, path

    for day, state in enumerate(("success", "failed", None), 1):
        run = {"dag_run_id": f"run{day}", "execution_date": f"2025-03-0{day}T00:00:00+00:00"}
        write("POST", "dags/conformance_empty/dagRuns", run)
        if state:
            write("PATCH", f"dags/conformance_empty/dagRuns/run{day}", {"state": state})
    now = [f"2026-01-01T00:00:{hundredths / 100:05.2f}Z" for hundredths in range(25, 200, 25)]
    events = ["event=api.post_dag_run", "included_events=api.post_dag_run,api.update_dag_run_state"]
    lists = {
        "dags": [
            "paused=false",
            "tags=cron,empty",
            "dag_id_pattern=empty",
            "dag_id_pattern=CONF",
            "dag_id_pattern=e_pty",
        ],
        "dags/~/dagRuns": [
            "execution_date_lte=2025-03-02T00:00:00Z",
            "state=success,failed",
            "state=success&state=failed",
        ],
        "dags/~/dagRuns/~/taskInstances": ["state=none", "state=failed&limit=1&offset=1", f"start_date_lte={now[-1]}"],
        "eventLogs": [*events, *(f"after={each}" for each in now)],
    }
    lists["dags/~/dagRuns/~/taskInstances"] += [f"start_date_gte={each}" for each in now]
    yield from chosen(app, "/api/v1", lists, admin)
    yield send(app, "POST", "/api/v1/dags/~/dagRuns/~/taskInstances/list", {"dag_run_ids": ["run1"]}, admin)


def lists(app: Any) -> Iterator[Reply]:
    admin = proof(app)
    for day in (1, 2):
        run = {"dag_run_id": f"run{day}", "execution_date": f"2025-03-0{day}T00:00:00+00:00"}
        send(app, "POST", "/api/v1/dags/conformance_empty/dagRuns", run, admin)
    for path in ("users?limit=2&offset=2", "roles", "dags/conformance_empty/tasks?order_by=-task_id"):
        yield send(app, "GET", f"/api/v1/{path}", headers=admin)
    yield send(app, "POST", "/api/v1/dags/~/dagRuns/list", {"order_by": "-execution_date"}, admin)


def work(app: Any) -> Iterator[Reply]:
    """What operations that are seldom asked for do, each looked at afterwards; the world has time between."""
    admin, plain = proof(app), {"accept": "text/plain"}
    told = {"accept": "application/json"}

    def call(method: str, path: str, body: Any = b"", headers: Headers | None = None) -> Reply:
        app.state.mock.clock.advance(0.01)
        return send(app, method, f"/api/v1/{path}", body, {**admin, **(headers or {})})

    empty, python, mapped = (f"dags/conformance_{name}" for name in ("empty", "python", "mapped"))
    run, ran, square = f"{empty}/dagRuns/r", f"{python}/dagRuns/r", f"{mapped}/dagRuns/r/taskInstances/group.square"
    for dag in (empty, python, mapped):
        yield call("POST", f"{dag}/dagRuns", {"dag_run_id": "r"})
    flags = dict.fromkeys(("include_upstream", "include_future", "include_past"), False)
    state = {"dry_run": False, "task_id": "first", "dag_run_id": "r", "include_downstream": True, "new_state": "failed"}
    yield call("POST", f"{empty}/updateTaskInstancesState", {**state, **flags})
    yield call("GET", f"{run}/taskInstances/last")
    yield call("PATCH", f"{square}/1", {"dry_run": False, "new_state": "failed"})
    yield call("GET", f"{square}/2")
    for body in ({"note": "n"}, {"state": "success"}, {"dry_run": True}, {"dry_run": False}):
        what = {"note": "/setNote", "dry_run": "/clear"}.get(next(iter(body)), "")
        yield call("POST" if what == "/clear" else "PATCH", f"{run}{what}", body)
        yield call("GET", run)
    app.state.mock.clock.advance(60)
    for headers in (told, plain):
        yield call("GET", f"{ran}/taskInstances/produce/logs/1", headers=headers)
    yield call("POST", f"{ran}/clear", {"dry_run": False})
    app.state.mock.clock.advance(60)
    yield call("GET", f"{ran}/taskInstances/produce/tries")
    yield call("PATCH", "dags?dag_id_pattern=page_04", {"is_paused": False})
    yield call("GET", "dags?paused=false")
    file = call("GET", empty).json["file_token"]
    for headers in (told, plain):
        yield call("GET", f"dagSources/{file}", headers=headers)
    for path in ("dagWarnings?dag_id=conformance_warned", "importErrors/1", "eventLogs/2"):
        yield call("GET", path)
    yield call("DELETE", "dags/conformance_disposable")
    yield call("GET", "dags/conformance_disposable")
    yield from _updates(call, app.state.mock.clock.advance)
    yield call(
        "POST", "roles", {"name": "one", "actions": [{"action": {"name": "can_read"}, "resource": {"name": "Pools"}}]}
    )
    yield call("PATCH", "roles/one?update_mask=name", {"name": "two", "actions": []})
    yield call("GET", "roles/two")


def _updates(call: Callable[..., Reply], wait: Callable[[float], None]) -> Iterator[Reply]:
    half = "s3%3A%2F%2Fconformance%2Fhalf"
    yield call("POST", "datasets/events", {"dataset_uri": "s3://conformance/half", "extra": {"by": "me"}})
    yield call("GET", "datasets/events")
    yield call("DELETE", f"dags/conformance_halves/datasets/queuedEvent/{half}")
    yield call("GET", "dags/conformance_halves/datasets/queuedEvent")
    for name in ("half", "other_half"):
        yield call("POST", "datasets/events", {"dataset_uri": f"s3://conformance/{name}"})
    wait(60)
    runs = call("GET", "dags/conformance_halves/dagRuns").json["dag_runs"]
    yield call("GET", f"dags/conformance_halves/dagRuns/{runs[0]['dag_run_id']}/upstreamDatasetEvents")


def of_things(app: Any) -> Iterator[Reply]:
    admin = proof(app)

    def call(method: str, path: str, body: Any = b"") -> Reply:
        return send(app, method, f"/api/v1/{path}", body, admin)

    yield from lives.lives(call, "update_mask")
    yield from lives.runs(call, "{}", "/setNote")
    person = {"username": "u", "password": "u", "email": "u@x", "first_name": "u", "last_name": "u"}
    yield call("POST", "users", {**person, "roles": [{"name": "Viewer"}]})
    yield call("PATCH", "users/u?update_mask=first_name", {**person, "first_name": "v", "last_name": "w"})
    yield call("GET", "users/u")


def wrong_ones(app: Any) -> Iterator[Reply]:
    """Requests with something wrong, and one whose answer is of a form of its own."""
    admin = proof(app)
    run = "dags/conformance_empty/dagRuns"
    asked: list[tuple[str, str, Any]] = [
        ("GET", "pools/default_pool", b""),
        ("GET", "variables/none", b""),
        ("GET", "importErrors?offset=-1", b""),
        ("POST", "pools", {"name": "p", "slots": 1, "open_slots": 1}),
        ("POST", run, {"dag_run_id": "r"}),
        ("PATCH", f"{run}/r", {"state": "successful"}),
        ("POST", "connections", {"connection_id": "c", "conn_type": "http"}),
        ("PATCH", "connections/c", {"connection_id": "c", "conn_type": "http", "port": "many"}),
        ("GET", "eventLogs?owner=50%25", b""),
    ]
    for method, path, body in asked:
        yield send(app, method, f"/api/v1/{path}", body, admin)


def of_corners(app: Any) -> Iterator[Reply]:
    yield from corners.of_both(app, "/api/v1", proof(app), "dags/~/dagRuns/list")
    yield send(app, "GET", "/api/v1/pools", headers=basic("admin:admin"))
    yield send(app, "GET", "/api/v1/p%6fols")
    yield send(app, "PUT", "/api/v1/pools", headers=proof(app))
    send(app, "POST", "/api/v1/variables", {"key": "k", "value": "v"}, proof(app))
    send(app, "OPTIONS", "/api/v1/variables/k", headers={"origin": A, "access-control-request-method": "DELETE"})
    yield send(app, "GET", "/api/v1/variables/k", headers=proof(app))
    form = {"content-type": "application/x-www-form-urlencoded"}
    yield send(app, "GET", "/api/v1/pools", b"username=admin&password=admin", form)
    yield send(app, "GET", "/api/v1/pools?limit=1e1", headers=proof(app))
    yield send(app, "GET", "/api/v1/pools", headers=proof(app, "viewer"))
    for headers in ({"authorization": "Basic x"}, {"x-conformance-user": "inactive", "x-conformance-key": "inactive"}):
        yield send(app, "GET", "/api/v1/pools", headers=headers)
    yield send(app, "GET", "/api/v1/pools", headers={**proof(app), "origin": "https://elsewhere.test", "Origin": A})


def _caller(app: Any) -> Callable[..., Reply]:
    """How an admin asks."""
    admin = proof(app)

    def call(method: str, path: str, body: Any = b"") -> Reply:
        return send(app, method, f"/api/v1/{path}", body, admin)

    return call


def of_values(app: Any) -> Iterator[Reply]:
    yield from values.values(_caller(app), {})
    yield from values.executed(_caller(app), {}, app.state.mock.clock.advance)


def of_bystanders(app: Any) -> Iterator[Reply]:
    yield from bystanders.of_stable(_caller(app), app.state.mock.clock.advance)


def of_rarities(app: Any) -> Iterator[Reply]:
    yield from rarities.of_both(app, "/api/v1", proof(app), proof(app, "op"))
    yield from rarities.of_origins(app, "/api/v1", proof(app))


def of_accounts(app: Any) -> Iterator[Reply]:
    yield from accounts.changes(app, proof(app), lambda name: proof(app, name))


def of_strangers(app: Any) -> Iterator[Reply]:
    yield from strangers(app, "/api/v1", proof(app))


PARTS: dict[str, tuple[Part, ...]] = {
    **dict.fromkeys(("bystanders", "memory"), (of_bystanders,)),
    "strangers": (of_strangers,),
    "rarities": (of_rarities,),
    "values": (of_values,),
    **dict.fromkeys(("accounts", "permits"), (of_accounts,)),
    **dict.fromkeys(("corners", "stable_corners"), (of_corners,)),
    "stable_cors": (origins,),
    "stable_paging": (pages,),
    "stable_state": (changes,),
    "stable_filtering": (choices,),
    "stable_work": (work,),
    "stable_interface": (wrong_ones,),
    "orders": (lists,),
    **dict.fromkeys(("writes", "telling_names", "parents", "secrets"), (of_things,)),
}
SERIES = Series(SETUPS, PARTS, others=(entrance, roles))


@pytest.mark.parametrize("one", OWN, ids=lambda one: one.name)
def test_it_shows(one: Deviation) -> None:
    assert SERIES.shows(one)


@pytest.mark.parametrize("module", [*PARTS, "the rest"])
def test_without_a_deviation_the_same_is_told_twice(module: str) -> None:
    assert SERIES.told(0, module) == SERIES.clean(0, module)


def test_every_one_has_a_profile_that_shows_it() -> None:
    known = requirements.load("api-authentication").keys()
    ours = [one for one in catalogue().values() if set(one.apis) & set(STABLE) and known & set(one.breaks)]
    with_tickets = {one.name for one in ours if one.change.__module__.endswith("tickets")}  # these take a realm
    assert {one.name for one in ours} - with_tickets == {one.name for one in OWN}


def test_each_names_what_it_breaks() -> None:
    for one in OWN:
        assert one.breaks, one.name
        assert set(one.breaks) <= set(requirements.load("api-authentication")), one.name
        assert one.sentence.endswith("."), one.name


def test_the_collections_are_larger_than_a_page() -> None:
    bodies = [
        json.loads(line.partition("] b'")[2][:-1].encode().decode("unicode_escape"))
        for line in SERIES.clean(0, "stable_paging")[:2]
    ]
    assert min(body["total_entries"] for body in bodies) > 100
