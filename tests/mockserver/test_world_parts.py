"""The parts of the world, each for itself."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockserver.world.connections import Connection, defaults, unmasked
from mockserver.world.cron import Cron
from mockserver.world.ids import Ids
from mockserver.world.masking import masked
from mockserver.world.record import Record
from mockserver.world.store import Store, Taken
from mockserver.world.variables import Variable, as_text
from mockserver.world.world import World
from specs.fixtures import Dag, FixtureError, Fixtures, Task
from specs.versions import Version

NEW, OLD = Version(3, 3), Version(3, 0)
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Thing(Record):
    """A record with one attribute."""

    def __init__(self) -> None:
        self.size = 1


def test_a_record_forgets_what_was_rendered_from_it_when_it_changes() -> None:
    thing, other = Thing(), Thing()
    thing.cache["view"] = other.cache["view"] = b"1"
    thing.size = 2
    assert (thing.cache, other.cache) == ({}, {"view": b"1"})


class StoreMachine(RuleBasedStateMachine):
    """A store behaves like a dict that refuses to overwrite."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store[int, int]()
        self.model: dict[int, int] = {}

    @rule(key=st.integers(0, 3), value=st.integers())
    def add(self, key: int, value: int) -> None:
        if key in self.model:
            with pytest.raises(Taken):
                self.store.add(key, value)
        else:
            self.model[key] = self.store.add(key, value)

    @rule(key=st.integers(0, 3))
    def remove(self, key: int) -> None:
        assert self.store.remove(key) == self.model.pop(key, None)

    @invariant()
    def same(self) -> None:
        assert list(self.store) == list(self.model.values())
        assert [self.store.get(key) for key in range(4)] == [self.model.get(key) for key in range(4)]


TestStore = StoreMachine.TestCase


def test_numbers_of_a_store_never_come_twice() -> None:
    store = Store[int, int]()
    first = store.next_id()
    store.add(first, 0)
    store.remove(first)
    assert store.next_id() == first + 1


def test_uuids_sort_by_age_even_when_time_stands_still() -> None:
    ids = Ids()
    made = [ids.uuid(NOW) for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {UUID(one).version for one in made} == {7}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("0 0 * * *", "2026-01-03T00:00"),
        ("@hourly", "2026-01-02T04:00"),
        ("5 3 * * *", "2026-01-02T03:05"),
        ("*/15 * * * *", "2026-01-02T03:15"),
        ("0 12 * * 1-5", "2026-01-02T12:00"),
        ("0 0 29 2 *", "2028-02-29T00:00"),
        ("30 6 1,15 * *", "2026-01-15T06:30"),
        ("0 0 13 * 0", "2026-01-04T00:00"),
    ],
)
def test_cron_names_the_next_moment(text: str, after: str) -> None:
    assert Cron(text).after(NOW) == datetime.fromisoformat(after).replace(tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_cron_latest_and_after_lie_around_a_moment(moment: datetime) -> None:
    cron = Cron("17 */5 * * *")
    assert cron.latest(moment) <= moment < cron.after(cron.latest(moment))


@pytest.mark.parametrize("text", ["", "* * * *", "61 * * * *", "a * * * *", "* * * * 9"])
def test_no_cron_expression(text: str) -> None:
    with pytest.raises(ValueError, match=r"cron expression|range"):
        Cron(text)


def test_between_gives_both_ends() -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    assert list(Cron("@daily").between(days[0], days[-1])) == days


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("plain", "x", "x"),
        ("my_password", "x", "***"),
        ("MY_SECRET", "x", "***"),
        ("my_token", "", "***"),
        ("my_token", "5", "5"),
        ("plain", '{"a":1}', '{"a": 1}'),
        ("plain", '{"password":"x","b":{"token":"y"}}', '{"password": "***", "b": {"token": "***"}}'),
        ("plain", '{"token":["a",{"b":"c"}]}', '{"token": ["***", {"b": "***"}]}'),
        ("bearer", "x", "***"),
    ],
)
def test_a_variable_shows_no_secret(key: str, text: str, shown: str) -> None:
    """Measured on Airflow 3.3.2."""
    assert Variable(1, key, text).shown_value(NEW) == shown


def test_an_old_airflow_looks_at_the_outermost_keys_only() -> None:
    assert (
        Variable(1, "v", '{"token":"x","a":{"token":"y"}}').shown_value(OLD) == '{"token": "***", "a": {"token": "y"}}'
    )
    assert Variable(1, "bearer", "x").shown_value(OLD) == "x"


def test_values_that_are_no_text() -> None:
    assert [as_text(value, NEW) for value in ("x", None, {"a": [1]}, True)] == ["x", "null", '{"a": [1]}', "true"]
    assert [as_text(value, OLD) for value in ("x", None, {"a": [1]}, True)] == ["x", "None", "{'a': [1]}", "True"]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_nothing_is_left_of_a_secret(value: object) -> None:
    """No text survives under a secret-sounding name, however deep; what is no text stays."""

    def texts(item: object) -> list[str]:
        if isinstance(item, dict):
            return [text for one in item.values() for text in texts(one)]
        if isinstance(item, list):
            return [text for one in item for text in texts(one)]
        return [item] if isinstance(item, str) else []

    assert set(texts(masked({"password": value}, NEW))) <= {"***"}


def test_what_a_client_was_shown_and_sends_back_keeps_the_secret() -> None:
    connection = Connection(1, "c", "http", password="secret", extra='{"token": "abc", "x": 1}')
    assert unmasked(connection.password, connection.shown_password) == "secret"
    shown = connection.shown_extra(NEW)
    assert shown == '{"token": "***", "x": 1}'
    assert unmasked(connection.extra, shown) == connection.extra
    assert unmasked("old", "new") == "new"


def test_the_default_connections() -> None:
    names = [one["connection_id"] for one in defaults()]
    assert len(names) == len(set(names)) == 62
    assert len([one for one in defaults() if "since" in one]) == 1


@pytest.mark.parametrize(
    ("plan", "what"),
    [
        (Dag("a", "f.py", (), schedule="nonsense"), "DAG 'a': 'nonsense' is no cron expression"),
        (Dag("a", "f.py", (Task("x", downstream=("y",)), Task("y", downstream=("x",)))), "in a circle"),
    ],
)
def test_a_dag_that_cannot_be(plan: Dag, what: str) -> None:
    with pytest.raises(FixtureError, match=what):
        World(NEW, Fixtures(dags=(plan,)))


def test_a_world_of_its_own() -> None:
    fixtures = Fixtures(
        dags=(Dag("a", "f.py", (Task("x"),)),),
        pools={"small": {"slots": 1}},
        variables={"v": {"k": 1}},
        connections={"c": {"conn_type": "http", "password": "p"}},
    )
    world = World(NEW, fixtures)
    assert [pool.name for pool in world.pools] == ["default_pool", "small"]
    assert [variable.value for variable in world.variables] == ['{"k": 1}']
    assert [connection.shown_password for connection in world.connections] == ["***"]


def test_task_relatives_and_weight() -> None:
    tasks = (Task("a", downstream=("b", "c")), Task("b", downstream=("d",)), Task("c", downstream=("d",)), Task("d"))
    dag = World(NEW, Fixtures(dags=(Dag("x", "f.py", tasks[::-1]),))).dags.get("x")
    assert dag is not None
    assert next(iter(dag.tasks)) == "a"
    assert dag.relatives("b", upstream=True) == {"a", "b"}
    assert dag.relatives("b", downstream=True) == {"b", "d"}
    assert [dag.weight(name) for name in "abd"] == [4, 2, 1]
