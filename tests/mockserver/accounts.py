"""What becomes of a user who is changed, as that user's own requests show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.mockserver.driver import Reply, send

Headers = Mapping[str, str]
_USERS = "/api/v1/users"


def changes(app: object, good: Headers, proof: Callable[[str], Headers]) -> Iterator[Reply]:
    """Of the stable API; `good` is an admin's proof, `proof` gives a user's own, whose password is the name."""
    one = _user("one")
    grants = [{"action": {"name": "can_read"}, "resource": {"name": "Pools"}}]
    for user in (one, _user("two")):
        yield send(app, "POST", _USERS, user, good)
    yield send(app, "PATCH", f"{_USERS}/two", {**_user("two"), "email": one["email"]}, good)
    for path in ("roles", "config/section/webserver/option/secret_key"):
        yield send(app, "GET", f"/api/v1/{path}", headers={**good, "accept": "application/json"})
    mine = proof("one")
    yield send(app, "GET", "/api/v1/variables", headers=mine)
    yield send(app, "PATCH", "/api/v1/dags/conformance_page_001", {"is_paused": True}, mine)
    pool = {"name": "default_pool", "slots": 5}
    yield send(app, "PATCH", "/api/v1/pools/default_pool?update_mask=slots", pool, mine)
    yield send(app, "PATCH", f"{_USERS}/one?update_mask=email", {**one, "roles": [{"name": "Op"}]}, good)
    yield send(app, "GET", f"{_USERS}/one", headers=good)
    send(app, "POST", "/api/v1/roles", {"name": "role", "actions": grants}, good)
    yield send(app, "PATCH", f"{_USERS}/one?update_mask=roles", {**one, "roles": [{"name": "role"}]}, good)
    yield send(app, "PATCH", "/api/v1/roles/role", {"name": "other", "actions": grants}, good)
    yield send(app, "GET", "/api/v1/pools", headers=mine)
    yield send(app, "PATCH", f"{_USERS}/one?update_mask=email", {**one, "password": "new"}, good)
    yield send(app, "GET", "/api/v1/pools", headers=mine)
    yield send(app, "PATCH", f"{_USERS}/one?update_mask=password", {**one, "password": "new"}, good)
    yield send(app, "GET", "/api/v1/pools", headers=mine)


def _user(name: str) -> dict[str, object]:
    names = {"username": name, "password": name, "first_name": name, "last_name": name}
    return {**names, "email": f"{name}@example.org", "roles": [{"name": "Viewer"}]}
