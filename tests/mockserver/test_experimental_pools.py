"""Pools of the experimental API: measured on Airflow 1.10.15, 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.experimental import EVERY, Experimental

DEFAULT = {"description": "Default pool", "id": 1, "pool": "default_pool", "slots": 128}
FULL = {"name": "p", "slots": 5, "description": "d"}


def slots_of(api: Experimental, value: Any) -> Any:
    return api.call("POST", "/pools", {**FULL, "slots": value}).json["slots"]


@pytest.mark.parametrize("version", EVERY)
def test_created_read_listed_and_deleted(version: str) -> None:
    api = Experimental(version)
    extra = {"include_deferred": False} if version == "2.11" else {}
    pool = {"description": "d", "id": 2, "pool": "p", "slots": 5, **extra}
    made = api.call("POST", "/pools", FULL)
    assert (made.status, made.json) == (200, pool)
    assert list(made.json) == sorted(pool)
    assert api.get("/pools/p") == pool
    assert api.get("/pools") == [{**DEFAULT, **extra}, pool]
    gone = api.call("DELETE", "/pools/p")
    assert (gone.status, gone.json) == (200, pool)
    for method in ("GET", "DELETE"):
        reply = api.call(method, "/pools/p")
        assert (reply.status, reply.error) == (404, "Pool 'p' doesn't exist")
    assert api.get("/pools") == [{**DEFAULT, **extra}]


def test_a_second_creation_changes_the_pool() -> None:
    api = Experimental()
    api.call("POST", "/pools", FULL)
    changed = api.call("POST", "/pools", {"name": "p", "slots": "7", "description": None}).json
    assert changed == {"description": None, "id": 2, "pool": "p", "slots": 7}
    assert api.get("/pools/p") == changed
    assert len(api.get("/pools")) == 2


@pytest.mark.parametrize(
    ("given", "slots"), [("7", 7), (" 8 ", 8), ("1_0", 10), (1.9, 1), (True, 1), (-1, -1), (-7, -7), (10**18, 10**18)]
)
def test_slots_are_what_python_makes_an_integer_of(given: Any, slots: int) -> None:
    assert slots_of(Experimental(), given) == slots


@pytest.mark.parametrize("given", ["many", "", "1.5", "0x10"])
def test_slots_that_are_no_number(given: str) -> None:
    api = Experimental()
    reply = api.call("POST", "/pools", {**FULL, "slots": given})
    assert (reply.status, reply.error) == (400, f"Bad value for `slots`: {given}")
    assert api.get("/pools") == [DEFAULT]


BREAKING: list[Any] = [
    {"name": "p", "slots": 5},
    {"name": "p", "description": "d"},
    {"slots": 5, "description": "d"},
    {**FULL, "extra": 1},
    {**FULL, "include_deferred": True},
    {**FULL, "slots": None},
    {**FULL, "slots": []},
    {**FULL, "slots": 10**20},
    {**FULL, "name": 5},
    {**FULL, "name": ["p"]},
    {**FULL, "name": "\ud800"},
    {**FULL, "description": "\ud800"},
    {**FULL, "description": 10**20},
    {**FULL, "description": []},
    {},
    [],
    "p",
    None,
]


@pytest.mark.parametrize("body", BREAKING)
@pytest.mark.parametrize("version", ["1.10", "2.11"])
def test_bodies_that_break_the_server(version: str, body: Any) -> None:
    api, documented = Experimental(version), Experimental(version, "documents")
    before = api.get("/pools")
    raw = b"null" if body is None else None
    assert api.call("POST", "/pools", body, raw=raw).status == 500
    assert documented.call("POST", "/pools", body, raw=raw).status == 400
    assert api.get("/pools") == documented.get("/pools") == before


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff"])
def test_what_is_no_json(raw: bytes) -> None:
    reply = Experimental().call("POST", "/pools", raw=raw)
    assert (reply.status, reply.media) == (400, "text/html")


def test_names_that_are_empty() -> None:
    api = Experimental()
    replies = [api.call("POST", "/pools", {**FULL, "name": name}) for name in ("", " ", None, [])]
    replies += [api.call(method, "/pools/%20") for method in ("GET", "DELETE")]
    assert [(reply.status, reply.error) for reply in replies] == [(400, "Pool name shouldn't be empty")] * 6


@pytest.mark.parametrize(("version", "status"), [("1.10", 200), ("2.2", 400), ("2.11", 400)])
def test_names_that_are_long(version: str, status: int) -> None:
    assert Experimental(version).call("POST", "/pools", {**FULL, "name": "x" * 256}).status == 200
    assert Experimental(version).call("POST", "/pools", {**FULL, "name": "x" * 257}).status == status


@pytest.mark.parametrize("name", ["a b", "é", "%41", "a?b", "a#b", "..", " lead"])
def test_names_with_reserved_characters(name: str) -> None:
    api = Experimental()
    pool = api.call("POST", "/pools", {**FULL, "name": name}).json
    path = "/pools/" + "".join(f"%{byte:02X}" for byte in name.encode())
    assert api.get(path) == pool
    assert api.call("DELETE", path).status == 200
    assert api.get("/pools") == [DEFAULT]


def test_a_name_with_a_slash_cannot_be_asked_for() -> None:
    api = Experimental()
    assert api.call("POST", "/pools", {**FULL, "name": "a/b"}).status == 200
    assert [api.call("GET", path).is_page for path in ("/pools/a/b", "/pools/a%2Fb")] == [True, True]


@pytest.mark.parametrize("version", EVERY)
def test_the_default_pool_stays(version: str) -> None:
    api = Experimental(version)
    reply = api.call("DELETE", "/pools/default_pool")
    assert (reply.status, reply.error) == (400, "default_pool cannot be deleted")
    api.call("POST", "/pools", {"name": "default_pool", "slots": 3, "description": ""})
    assert api.get("/pools/default_pool")["slots"] == 3


@pytest.mark.parametrize(("given", "kept"), [(5, "5"), (True, "1"), (1.5, "1.5"), ("", ""), (None, None)])
def test_descriptions_are_echoed_and_become_text(given: Any, kept: str | None) -> None:
    api = Experimental()
    assert api.call("POST", "/pools", {**FULL, "description": given}).json["description"] == given
    assert api.get("/pools/p")["description"] == kept
