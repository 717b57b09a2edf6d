"""Pools, variables and connections of the stable API: measured on Airflow 2.2.5, 2.6.3 and 2.11.2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.stable import Stable

POOL = {"name": "p", "slots": 3}
VARIABLE = {"key": "k", "value": "v"}
CONNECTION = {"connection_id": "c", "conn_type": "http"}
MADE = [
    ("/pools", "/pools/p", POOL),
    ("/variables", "/variables/k", VARIABLE),
    ("/connections", "/connections/c", CONNECTION),
]


@pytest.mark.parametrize("version", ["2.0", "2.2", "2.6", "2.11"])
@pytest.mark.parametrize(("many", "one", "body"), MADE)
def test_made_shown_listed_and_deleted(version: str, many: str, one: str, body: dict[str, Any]) -> None:
    api = Stable(version)
    assert api.made(many, **body).items() >= body.items()
    assert api.get(one).items() >= body.items()
    assert [row for row in api.get(many)[many[1:]] if row.items() >= body.items()]
    assert api.call("DELETE", one).status == 204
    assert api.call("DELETE", one).status == 404
    assert api.call("GET", one).status == 404


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        ("/pools", {"name": "x"}, "Missing required property(ies): ['slots']"),
        ("/pools", {"name": "x", "slots": 1, "nope": 2}, "{'nope': ['Unknown field.']}"),
        ("/pools", {"name": "x" * 257, "slots": 1}, "{'name': ['Longer than maximum length 256.']}"),
        ("/variables", {"key": "x"}, "{'value': ['Missing data for required field.']}"),
        ("/connections", {"connection_id": "x"}, "{'conn_type': ['Missing data for required field.']}"),
        (
            "/connections",
            {"connection_id": "a b", "conn_type": "x"},
            "The key 'a b' has to be made of alphanumeric characters, dashes, dots and underscores exclusively",
        ),
        ("/connections", {"connection_id": "x" * 201, "conn_type": "x"}, "The key has to be less than 200 characters"),
    ],
)
def test_what_cannot_be_made(path: str, body: dict[str, Any], detail: str) -> None:
    reply = Stable().call("POST", path, body)
    assert (reply.status, reply.detail) == (400, detail)


def test_a_pool_and_a_connection_are_made_once() -> None:
    api = Stable()
    api.made("/pools", **POOL)
    api.made("/connections", **CONNECTION)
    again = api.call("POST", "/pools", POOL)
    assert (again.status, again.detail) == (409, "Pool: p already exists")
    again = api.call("POST", "/connections", CONNECTION)
    assert (again.status, again.detail) == (409, "Connection already exist. ID: c")


# ---- pools


def test_a_change_of_a_pool_needs_name_and_slots() -> None:
    api = Stable()
    api.made("/pools", **POOL)
    assert api.call("PATCH", "/pools/p", {"slots": 1}).detail == "Missing required property(ies): ['name']"
    assert api.call("PATCH", "/pools/p?update_mask=slots", {"slots": 9}).body["slots"] == 9


def test_a_pool_gets_a_new_name() -> None:
    api = Stable()
    api.made("/pools", **POOL)
    api.made("/pools", name="q", slots=1)
    assert api.call("PATCH", "/pools/p", {"name": "r", "slots": 3}).body["name"] == "r"
    assert [pool["name"] for pool in api.get("/pools")["pools"]] == ["default_pool", "r", "q"]
    assert api.call("GET", "/pools/p").status == 404


def test_a_name_in_use_breaks_the_change_unless_the_documents_are_followed() -> None:
    for follow, status in (("airflow", 500), ("documents", 409)):
        api = Stable(follow=follow)  # type: ignore[arg-type]
        api.made("/pools", **POOL)
        assert api.call("PATCH", "/pools/p", {"name": "default_pool", "slots": 3}).status == status


def test_a_mask_of_a_pool() -> None:
    api = Stable()
    api.made("/pools", **POOL)
    refused = api.call("PATCH", "/pools/p?update_mask=nope", {"slots": 1})
    assert (refused.status, refused.detail) == (400, "Invalid field: nope in update mask")
    assert api.call("PATCH", "/pools/p?update_mask=open_slots", {"slots": 1}).status == 500
    assert api.get("/pools/p")["slots"] == 3


@pytest.mark.parametrize(("version", "status"), [("2.7", 200), ("2.8", 400)])
def test_the_default_pool_keeps_its_name(version: str, status: int) -> None:
    api = Stable(version)
    refused = api.call("PATCH", "/pools/default_pool", {"name": "x", "slots": 1})
    assert (refused.status, refused.detail) == (400, "Default Pool's name can't be modified")
    assert api.call("PATCH", "/pools/default_pool", {"name": "default_pool", "slots": 9}).body["slots"] == 9
    assert api.call("PATCH", "/pools/default_pool?update_mask=description", {"description": "d"}).status == status
    assert api.call("DELETE", "/pools/default_pool").detail == "Default Pool can't be deleted"


def test_an_endless_pool_cannot_be_shown() -> None:
    api = Stable()
    assert api.call("POST", "/pools", {"name": "p", "slots": -1}).status == 500
    assert api.call("GET", "/pools").status == 500
    documents = Stable(follow="documents")
    assert documents.made("/pools", name="p", slots=-1)["open_slots"] == -1


def test_members_of_a_pool_by_version() -> None:
    old, now = Stable("2.2").get("/pools/default_pool"), Stable().get("/pools/default_pool")
    assert sorted(now.keys() - old.keys()) == ["deferred_slots", "description", "include_deferred", "scheduled_slots"]
    assert "running_slots" in old  # though the document of 2.2 has used_slots
    assert "used_slots" in Stable("2.2", follow="documents").get("/pools/default_pool")


# ---- variables


def test_making_a_variable_again_overwrites_it() -> None:
    api = Stable()
    api.made("/variables", **VARIABLE, description="d")
    assert api.made("/variables", key="k", value="w") == {"key": "k", "value": "w"}
    assert api.get("/variables/k") == {"key": "k", "value": "w", "description": None}
    assert api.get("/variables")["total_entries"] == 1


def test_a_variable_hides_nothing() -> None:
    api = Stable()
    api.made("/variables", key="a_password", value='{"token": "t"}')
    assert api.get("/variables/a_password")["value"] == '{"token": "t"}'


def test_a_variable_of_another_key_is_not_changed() -> None:
    api = Stable()
    api.made("/variables", **VARIABLE)
    refused = api.call("PATCH", "/variables/k", {"key": "x", "value": "w"})
    assert (refused.body["title"], refused.detail) == (
        "Invalid post body",
        "key from request body doesn't match uri parameter",
    )


def test_a_mask_knows_the_value_by_its_name_inside() -> None:
    body = {"key": "k", "value": "w", "description": "d"}
    for follow, good, bad in (("airflow", "val", "value"), ("documents", "value", "val")):
        api = Stable(follow=follow)  # type: ignore[arg-type]
        api.made("/variables", **VARIABLE)
        refused = api.call("PATCH", f"/variables/k?update_mask={bad}", body)
        assert refused.detail == f"'{bad}' is unknown or cannot be updated."
        assert api.call("PATCH", f"/variables/k?update_mask={good}", body).body == {**body, "description": None}


def test_a_change_of_a_missing_variable_by_version() -> None:
    body = {"key": "k", "value": "w"}
    assert Stable("2.11").call("PATCH", "/variables/k", body).detail == "Variable does not exist"
    assert Stable("2.6").call("PATCH", "/variables/k", body).status == 500
    old = Stable("2.4")
    assert old.call("PATCH", "/variables/k", body).status == 200
    assert old.get("/variables/k")["value"] == "w"


@pytest.mark.parametrize(
    ("mask", "title"), [("key", "key is a ready only field"), ("description", "No field to update")]
)
def test_a_mask_of_an_old_version_must_name_the_value(mask: str, title: str) -> None:
    reply = Stable("2.2").call("PATCH", f"/variables/k?update_mask={mask}", VARIABLE)
    assert (reply.status, reply.body["title"]) == (400, title)


def test_descriptions_of_variables_are_kept_since_2_8() -> None:
    for version, kept in (("2.7", None), ("2.8", "d")):
        api = Stable(version)
        api.made("/variables", **VARIABLE, description="d")
        assert api.get("/variables/k")["description"] == kept


# ---- connections


def test_a_connection_shows_no_secrets() -> None:
    api = Stable()
    shown = api.made("/connections", **CONNECTION, password="geheim", extra='{"token":"t","a":1}')
    assert shown["extra"] == '{"token": "***", "a": 1}'
    assert "password" not in shown
    assert "extra" not in api.get("/connections")["connections"][0]


def test_an_old_version_shows_extras_as_they_are() -> None:
    assert Stable("2.2").made("/connections", **CONNECTION, extra='{"token":"t"}')["extra"] == '{"token":"t"}'


def test_a_part_of_a_connection_is_changed() -> None:
    api = Stable()
    api.made("/connections", **CONNECTION, host="h")
    assert api.call("PATCH", "/connections/c", {"login": "l"}).body["host"] == "h"
    assert api.call("PATCH", "/connections/c?update_mask=login", {"login": "m", "host": "x"}).body["host"] == "h"
    assert api.get("/connections/c")["login"] == "m"


def test_a_connection_keeps_its_id() -> None:
    api = Stable()
    api.made("/connections", **CONNECTION)
    refused = api.call("PATCH", "/connections/c", {"connection_id": "d"})
    assert (refused.status, refused.detail) == (400, "The connection_id cannot be updated.")
    refused = api.call("PATCH", "/connections/c?update_mask=connection_id", CONNECTION)
    assert refused.detail == "'connection_id' is unknown or cannot be updated."


def test_an_id_beyond_ascii_breaks_airflow_since_2_8() -> None:
    body = {**CONNECTION, "connection_id": "ä"}
    assert Stable("2.7").made("/connections", **body)["connection_id"] == "ä"
    assert Stable("2.8").call("POST", "/connections", body).status == 500
    assert Stable(follow="documents").call("POST", "/connections", body).status == 400


def test_tests_of_connections_are_off_since_2_7() -> None:
    reply = Stable().call("POST", "/connections/test", CONNECTION)
    assert (reply.status, reply.media) == (403, "text/html; charset=utf-8")
    assert reply.text.startswith("Testing connections is disabled")
    assert Stable(follow="documents").call("POST", "/connections/test", CONNECTION).detail == reply.text
    told = {"status": False, "message": 'Unknown hook type "http"'}
    assert Stable(settings=("core.test_connection=Enabled",)).made("/connections/test", **CONNECTION) == told
    assert Stable("2.6").made("/connections/test", **CONNECTION) == told


@pytest.mark.parametrize("user", ["viewer", "user"])
def test_who_may_not(user: str) -> None:
    api = Stable()
    assert api.call("GET", "/pools", user=user).status == 200
    for path in ("/variables", "/connections"):
        assert api.call("GET", path, user=user).status == 403
    assert api.call("POST", "/pools", POOL, user=user).status == 403
