"""Checks get from the supply what pytest would give them; the tests collect with pytest and set nothing up."""

from __future__ import annotations

import textwrap
from contextlib import ExitStack
from typing import Any

import pytest

from conformance.supply import Supply

pytest_plugins = ["pytester"]


@pytest.fixture
def collected(pytester: pytest.Pytester) -> Any:
    def collect(text: str) -> dict[str, pytest.Function]:
        items = pytester.getitems("import pytest\n" + textwrap.dedent(text))
        return {item.name: item for item in items if isinstance(item, pytest.Function)}

    return collect


def supplied(supply: Supply, item: pytest.Function) -> dict[str, Any]:
    with ExitStack() as ends:
        return supply.of(item, ends)


def test_each_check_has_values_of_its_own_and_shares_those_of_the_session(collected: Any) -> None:
    items = collected(
        """
        @pytest.fixture(scope="session")
        def shared(): return object()

        @pytest.fixture
        def own(shared): return [shared]

        def test_one(own, shared): ...
        def test_two(own, shared): ...
        """
    )
    supply = Supply()
    one, two = (supplied(supply, items[name]) for name in ("test_one", "test_two"))
    assert one["shared"] is two["shared"] is one["own"][0]
    assert one["own"] is not two["own"]


def test_what_comes_after_a_yield_is_done_at_the_end_the_last_first(collected: Any) -> None:
    items = collected(
        """
        done = []

        @pytest.fixture(scope="session")
        def shared():
            yield done
            done.append("shared")

        @pytest.fixture
        def first(shared):
            yield
            done.append("first")

        @pytest.fixture
        def second(first):
            yield
            done.append("second")

        def test_it(second, shared): ...
        """
    )
    supply = Supply()
    done = supplied(supply, items["test_it"])["shared"]
    assert done == ["second", "first"]
    supply.ends.close()
    assert done == ["second", "first", "shared"]


def test_parameters_of_checks_and_of_fixtures_reach_them(collected: Any) -> None:
    items = collected(
        """
        @pytest.fixture(params=["a", "b"], scope="session")
        def letter(request): return request.param

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(letter, number): ...
        """
    )
    supply = Supply()
    values = [tuple(supplied(supply, item).values()) for item in items.values()]
    assert sorted(values) == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]


def test_what_is_used_without_being_named_is_set_up_too(collected: Any) -> None:
    items = collected(
        """
        used = []

        @pytest.fixture(autouse=True)
        def always(request): used.append(request.node.name)

        @pytest.fixture
        def marked(pytestconfig): used.append(pytestconfig.rootpath.name)

        @pytest.mark.usefixtures("marked")
        def test_it(): ...
        """
    )
    assert supplied(Supply(), items["test_it"]) == {}
    used = items["test_it"].obj.__globals__["used"]
    assert used == ["test_it", items["test_it"].config.rootpath.name]


def test_a_fixture_that_fails_is_asked_again_by_the_next(collected: Any) -> None:
    items = collected(
        """
        asked = []

        @pytest.fixture(scope="session")
        def shaky():
            asked.append(1)
            if len(asked) == 1:
                raise RuntimeError("not yet")
            return asked

        def test_one(shaky): ...
        """
    )
    supply = Supply()
    with pytest.raises(RuntimeError, match="not yet"):
        supplied(supply, items["test_one"])
    assert supplied(supply, items["test_one"])["shaky"] == [1, 1]
