from __future__ import annotations

from functools import cache
from urllib.parse import quote, unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.strategies.pool_names import TELLING, descriptions, neighbours, suffixes
from conformance.target import Target
from tests.conformance.targets import target_at

#: What Airflow 1.10 keeps of a name, in characters.
KEPT = 50


@cache
def nowhere() -> Target:
    return target_at("http://127.0.0.1:1", "airflow-1.10-open")


def names() -> st.SearchStrategy[str]:
    return st.one_of(suffixes(), st.sampled_from(TELLING))


@settings(max_examples=200)
@given(names())
def test_a_path_carries_the_name(suffix: str) -> None:
    name = f"conf_0123abcd_p_99{suffix}"
    assert len(name) <= KEPT
    assert unquote(quote(name, safe="~")) == name
    assert "/" not in unquote(unquote(quote(name, safe="~")))


@settings(max_examples=50)
@given(names(), descriptions())
def test_the_guard_lets_them_through(suffix: str, description: str | None) -> None:
    target = nowhere()
    name = target.new_name("p") + suffix
    body = {"name": name, "slots": 1, "description": description}
    assert target.guard.check(target.request("create_pool", json=body))
    assert target.guard.check(target.request("delete_pool", params={"name": name})) == []
    path = target.request("get_pool", params={"name": name}).path
    operation = target.interface.find("GET", path)
    assert operation is not None
    assert operation.id == "get_pool"


def test_telling_names_are_of_many_kinds() -> None:
    assert all(any(char in name for name in TELLING) for char in "%?#+& ;:<{")
    assert any(name.isalpha() and not name.isascii() for name in TELLING)
    assert len(set(TELLING)) == len(TELLING)


def test_neighbours_are_different_names_that_begin_alike() -> None:
    names = neighbours("pool")
    assert len(set(names)) == len(names)
    assert all(name.startswith("pool") for name in names)
    assert len({name.casefold() for name in names}) == len(names)  # some databases do not tell case
