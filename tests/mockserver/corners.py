"""What hardly anybody does: two headers of a name, credentials elsewhere, the examples as they stand, large batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.mockserver.driver import Reply, send

ORIGIN = "https://exampleclientapp1.com"
Headers = Mapping[str, str]


def of_both(app: object, prefix: str, good: Headers, batch: str) -> Iterator[Reply]:
    """Of the public API and the stable one; `batch` is a list that is asked for by POST."""
    yield send(app, "GET", f"{prefix}/pools", headers={**good, "Authorization": "Bearer bad"})
    yield send(app, "GET", f"{prefix}/pools", headers={"authorization": "Bearer a\tb"})
    yield send(app, "GET", f"{prefix}/pools?offset=100000", headers=good)
    for limit in (1000, -1):
        yield send(app, "POST", f"{prefix}/{batch}", {"page_limit": limit}, good)


def of_tokens(app: object, prefix: str, good: Headers) -> Iterator[Reply]:
    """Of the public API alone."""
    token = good["authorization"].partition(" ")[2]
    yield send(app, "GET", f"{prefix}/pools", headers={"authorization": "Bearer x"})
    form = {"content-type": "application/x-www-form-urlencoded"}
    yield send(app, "GET", f"{prefix}/pools", f"access_token={token}".encode(), form)
    yield send(app, "GET", f"{prefix}/pools", headers={"authorization": "Bearer bad", "cookie": f"_token={token}"})
    for path, body in (
        ("/auth/token/cli", b'{"username": "admin", "password": "admin"}'),
        ("/auth/token", b'{\n"username": "admin", "password": "admin"\n}'),
        ("//auth/token", b"{}"),
    ):
        yield send(app, "POST", path, body, {"content-type": "application/json"})
    yield send(app, "GET", "//api/v2/dags")
    send(app, "POST", f"{prefix}/variables", {"key": "k", "value": "v"}, good)
    asked = {"origin": ORIGIN, "access-control-request-method": "DELETE"}
    yield send(app, "OPTIONS", f"{prefix}/variables/k", headers=asked)
    yield send(app, "GET", f"{prefix}/variables/k", headers=good)
    yield send(app, "GET", f"{prefix}/nowhere", headers={"origin": ORIGIN})
