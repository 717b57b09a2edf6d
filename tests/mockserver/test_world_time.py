"""What happens by itself as time goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.world.clock import Clock
from mockserver.world.runs import Run
from mockserver.world.world import World
from specs.versions import Version

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def make() -> World:
    clock = Clock(lambda: START)
    clock.hold()
    return World(Version(3, 3), clock=clock)


@pytest.fixture
def world() -> World:
    return make()


def run(world: World, dag_id: str, run_id: str = "run") -> Run:
    dag = world.dags.get(dag_id)
    assert dag is not None
    return world.add_run(dag, run_id, "manual", world.now(), conf={})


def unpause(world: World, *names: str) -> None:
    for name in names:
        dag = world.dags.get(f"conformance_{name}")
        assert dag is not None
        world.pause(dag, False)


def states(world: World, made: Run, seconds: float = 0.1, steps: int = 20) -> Iterator[str]:
    for _ in range(steps):
        world.settle()
        yield made.state
        world.clock.advance(seconds)


def test_clock_holds_advances_and_runs_on() -> None:
    real = [START]
    clock = Clock(lambda: real[0])
    clock.hold()
    real[0] += timedelta(seconds=5)
    assert clock.now() == START
    clock.advance(60)
    assert clock.now() == START + timedelta(seconds=60)
    clock.release()
    real[0] += timedelta(seconds=1)
    assert clock.now() == START + timedelta(seconds=61)
    clock.advance(1)
    assert clock.now() == START + timedelta(seconds=62)
    with pytest.raises(ValueError, match="time does not go back"):
        clock.advance(-1)


def test_a_run_goes_from_queued_over_running_to_success(world: World) -> None:
    seen = list(dict.fromkeys(states(world, run(world, "conformance_python"))))
    assert seen == ["queued", "running", "success"]


def test_a_run_of_a_paused_dag_stays_queued_until_it_is_unpaused(world: World) -> None:
    made = run(world, "conformance_empty")
    assert set(states(world, made, 60)) == {"queued"}
    assert {one.state for one in made.instances} == {None}
    unpause(world, "empty")
    list(states(world, made))
    assert made.state == "success"
    assert made.start_date is not None
    assert made.start_date > START + timedelta(seconds=60)


def test_a_task_waits_for_those_before_it(world: World) -> None:
    made = run(world, "conformance_python")
    list(states(world, made))
    first, second = made.instances
    assert (first.task_id, second.task_id) == ("produce", "consume")
    assert first.end_date is not None
    assert second.start_date is not None
    assert first.end_date < second.start_date


def test_a_python_task_leaves_a_value_and_a_log(world: World) -> None:
    made = run(world, "conformance_python")
    list(states(world, made))
    xcom = world.xcoms.get(("conformance_python", "run", "produce", -1, "return_value"))
    assert xcom is not None
    assert xcom.value == {"numbers": [1, 2, 3]}
    assert "produced three numbers" in [line["event"] for line in made.instances[0].logs[1]]


@given(st.lists(st.floats(0.01, 0.5), min_size=1, max_size=40))
def test_what_is_seen_does_not_depend_on_who_looked_when(steps: list[float]) -> None:
    """Looking often and looking once give the same history."""
    watched, left_alone = make(), make()
    for one in (watched, left_alone):
        unpause(one, "mapped", "producer", "consumer")
        for name in ("python", "mapped", "producer"):
            run(one, f"conformance_{name}")
    for step in steps:
        watched.clock.advance(step)
        watched.settle()
    left_alone.clock.hold(watched.now())
    left_alone.settle()

    def seen(world: World) -> list[object]:
        runs = [(one.dag_id, one.state, one.start_date, one.end_date) for one in world.runs]
        instances = [
            (one.task_id, one.state, one.start_date, one.end_date, one.try_number) for one in world.instances()
        ]
        return [sorted(runs, key=str), sorted(instances, key=str), len(world.xcoms), len(world.asset_events)]

    assert seen(watched) == seen(left_alone)


def test_an_asset_starts_the_dag_that_waits_for_it(world: World) -> None:
    unpause(world, "producer", "consumer")
    made = run(world, "conformance_producer")
    list(states(world, made))
    [event] = world.asset_events
    [follower] = event.runs
    assert (follower.dag_id, follower.run_type, follower.state) == (
        "conformance_consumer",
        "asset_triggered",
        "success",
    )
    assert not list(world.queued_events)


def test_a_paused_dag_does_not_collect_updates(world: World) -> None:
    unpause(world, "producer")
    list(states(world, run(world, "conformance_producer")))
    assert [len(world.asset_events), len(world.queued_events)] == [1, 0]


def test_a_schedule_runs_once_a_day_and_only_the_latest_day_is_caught_up(world: World) -> None:
    world.settle()
    assert not list(world.runs)
    unpause(world, "cron")
    world.clock.advance(3 * 86400)
    world.settle()
    assert [one.logical_date for one in world.runs] == [datetime(2026, 1, 5, tzinfo=UTC)]
    world.clock.advance(86400)
    world.settle()
    assert [one.logical_date for one in world.runs] == [datetime(2026, 1, day, tzinfo=UTC) for day in (5, 6)]


def test_a_cleared_run_runs_again_with_a_second_try(world: World) -> None:
    made = run(world, "conformance_python")
    list(states(world, made))
    old = made.instances[0].id
    world.clear(made.instances)
    assert (made.state, made.instances[0].state) == ("queued", None)
    list(states(world, made))
    assert made.state == "success"
    assert [one.try_number for one in made.instances[0].tries()] == [1, 2]
    assert made.instances[0].id != old
    assert set(made.instances[0].logs) == {1, 2}


def test_an_instance_that_was_cleared_before_it_ran_begins_with_its_first_try(world: World) -> None:
    made = run(world, "conformance_empty")
    made.instances[0].set_state("success", world.now())
    world.clear(made.instances)
    unpause(world, "empty")
    list(states(world, made))
    assert [one.try_number for one in made.instances[0].tries()] == [0, 1]


def test_after_a_failed_task_comes_upstream_failed_and_a_failed_run(world: World) -> None:
    made = run(world, "conformance_python")
    made.instances[0].set_state("failed", world.now())
    list(states(world, made))
    assert [one.state for one in made.instances] == ["failed", "upstream_failed"]
    assert made.state == "failed"


def test_reset_brings_everything_back(world: World) -> None:
    unpause(world, "cron")
    list(states(world, run(world, "conformance_python")))
    world.variables.add("v", world.pools.get("default_pool"))  # type: ignore[arg-type]
    world.reset()
    cron = world.dags.get("conformance_cron")
    assert cron is not None
    assert cron.is_paused
    assert not [*world.runs, *world.xcoms, *world.variables, *world.events]


def test_the_same_seed_gives_the_same_ids() -> None:
    assert [one.id for one in make().versions()] == [one.id for one in make().versions()]
