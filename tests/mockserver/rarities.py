"""What shows with a value in between, with two things at once, or in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.mockserver.driver import Reply, send

A = "https://exampleclientapp1.com"
Headers = Mapping[str, str]


def of_both(app: object, prefix: str, good: Headers, op: Headers) -> Iterator[Reply]:
    """Of the public API and the stable one; `good` is an admin's proof, `op` somebody else's."""
    pools = f"{prefix}/pools"
    yield send(app, "GET", pools, headers={**good, "Authorization": good["authorization"]})
    yield send(app, "GET", f"{prefix.replace('a', '%61', 1)}/p%6fols")
    for number in range(20):
        send(app, "POST", pools, _pool(f"pool{number}"), good)
    yield send(app, "DELETE", f"{prefix}/p%6fols/pool19")
    yield send(app, "POST", pools, _pool("of-op"), op)
    yield send(app, "GET", f"{pools}/of-op", headers=good)
    for query in (
        *("limit=8", "per_page=30", "limit=infinity", "limit=-5", "offset=-5", "limit=18&offset=18"),
        "order_by=id&limit=2",
    ):
        yield send(app, "GET", f"{pools}?{query}", headers=good)
    send(app, "POST", pools, _pool("newcomer"), good)
    yield send(app, "GET", f"{pools}?order_by=id&limit=2&offset=2", headers=good)
    filters = "only_active=true&paused=true&tags=empty&tags_match_mode=any&dag_id_pattern=c"
    yield send(app, "GET", f"{prefix}/dags?{filters}&dag_display_name_pattern=none", headers=good)


def of_origins(app: object, prefix: str, good: Headers) -> Iterator[Reply]:
    """From pages of other origins."""
    asked = {"origin": A, "access-control-request-method": "POST"}
    for header in ("ORIGIN", "orig"):
        yield send(app, "OPTIONS", f"{prefix}/pools", headers={**asked, "access-control-request-headers": header})
    yield send(app, "OPTIONS", f"{prefix}/pools", headers={**asked, "access-control-request-method": "POSTAL"})
    yield send(app, "GET", f"{prefix}/pools", headers={"origin": A.replace("app", "appp")})
    yield send(app, "GET", f"{prefix}/pools?limit=abc", headers={**good, "origin": A})
    send(app, "POST", f"{prefix}/variables", {"key": "k", "value": "v"}, good)
    yield send(app, "PATCH", f"{prefix}/variables/k", {"key": "k", "value": "w"}, {**good, "origin": A})


def _pool(name: str) -> dict[str, object]:
    return {"name": name, "slots": 1}
