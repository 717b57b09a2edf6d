"""Content for filters to choose from: a few runs of two DAGs, in various states, with XComs, events and asset events.

since ... until   the period in which the runs are dated, the run's own
run, mapped       the run that most happens to, and one with mapped instances that has ended
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.exchange import Exchange
from conformance.filling import FillError, Key, Known, date, expect
from specs import fixtures
from specs.versions import Version

if TYPE_CHECKING:
    from conformance.content import Content

EMPTY, MAPPED, CONSUMER, ASSET = "conformance_empty", "conformance_mapped", "conformance_consumer", "conformance_asset"
#: What each DAG has in one run: tasks and map indices. Before 2.3 nothing is mapped.
INSTANCES: Mapping[str, tuple[tuple[str, int], ...]] = {
    EMPTY: (("first", -1), ("last", -1)),
    MAPPED: tuple(("group.square", number) for number in range(3)),
}
MAPPED_SINCE, PLAIN = Version(2, 3), (("group.square", -1),)
#: The tag of the fixture DAGs but for the many that fill pages.
TAG = "conformance"
#: How long after the day of the run the runs are dated, and how long their period is.
LATER, PERIOD = timedelta(minutes=70), timedelta(minutes=30)
#: The DAG whose runs ask somebody.
ASKING = "conformance_hitl"
#: How many asset events there are to be: a target keeps them for ever. And of other things of which each is a request.
EVENTS, FEW = 3, 3


class Plan(NamedTuple):
    """One run: of which DAG, in which state it is put (None: left queued), whether it is given a word."""

    dag: str
    state: str | None
    worded: bool = False


PLANS = (
    Plan(EMPTY, "success", worded=True),
    Plan(MAPPED, "success"),
    Plan(EMPTY, None),
    Plan(EMPTY, "failed", worded=True),
    Plan(MAPPED, None),
    Plan(EMPTY, "success"),
    Plan(MAPPED, "failed"),
    Plan(EMPTY, None, worded=True),
)
#: The XComs: of which run, and which task.
XCOMS = ((0, "first"), (0, "last"), (0, "first"), (2, "first"), (3, "last"))


class Varied:
    """The words of a `Content` that stand for such content, and what is known of them."""

    def __init__(self, content: Content) -> None:
        self.content, self.target = content, content.target
        self.makers: dict[str, Callable[[], Any]] = {
            "varied": self._runs,
            "varied_since": lambda: date(self._start),
            "varied_until": lambda: date(self._start + PERIOD),
            "varied_run": lambda: self.names[0],
            "varied_mapped": lambda: self.names[1],
            "varied_xcoms": self._xcoms,
            "varied_asset": self._asset,
            "varied_moment": lambda: self.content["varied_updates"][0]["timestamp"],
            "varied_updates": self._updates,
            "logged": self._logged,
            "asked": self._asked,
            "task_states": self._task_states,
            "asset_states": self._asset_states,
        }
        self.known: dict[str, Callable[[int | None], Known]] = {
            "varied_runs": lambda _: Known(frozenset((plan.dag, name) for plan, name in self._planned()), exact=True),
            "varied_instances": lambda _: Known(self._instances(), exact=True),
            "varied_dated_instances": lambda _: Known(count=len(self._instances())),
            "varied_squares": lambda _: Known(count=len(INSTANCES[MAPPED])),
            "squares": lambda _: Known(
                frozenset((MAPPED, self.content["mapped_run"], *one) for one in INSTANCES[MAPPED]), exact=True
            ),
            "varied_xcoms": lambda _: self._known_xcoms(),
            "varied_events": lambda _: Known(),
            "updates": lambda _: Known(frozenset((each["timestamp"],) for each in self.content["varied_updates"])),
            "task_states": lambda _: Known(self._named("task_states"), exact=True),
            "asset_states": lambda _: Known(self._named("asset_states")),
            "named_dags": lambda _: self._dags(),
        }

    @property
    def names(self) -> list[str]:
        """The names of the runs, in the order of their dates."""
        return self.content.named(self.content["varied"], len(PLANS))

    @property
    def _start(self) -> datetime:
        return self.content.day + LATER

    def _planned(self) -> list[tuple[Plan, str]]:
        return list(zip(PLANS, self.names, strict=True))

    def _instances(self) -> frozenset[Key]:
        there = INSTANCES if self.target.profile.airflow >= MAPPED_SINCE else {**INSTANCES, MAPPED: PLAIN}
        return frozenset((plan.dag, name, *one) for plan, name in self._planned() for one in there[plan.dag])

    def _runs(self) -> str:
        self.content.runnable()
        base = self.target.new_name("varied")
        for number, (plan, name) in enumerate(zip(PLANS, self.content.named(base, len(PLANS)), strict=True)):
            moment = date(self._start + timedelta(minutes=number + 1))
            body: dict[str, Any] = {"dag_run_id": name, "logical_date": moment}
            if plan.worded:
                body["conf"] = {"word": f"{name}.word"}
            expect(self.target.call(self.target.api.trigger, params={"dag_id": plan.dag}, json=body), 200)
            if plan.state:
                place = {"dag_id": plan.dag, "dag_run_id": name}
                expect(self.target.call(self.target.api.end_run, params=place, json={"state": plan.state}), 200)
        return base

    def _xcoms(self) -> str:
        self.content.writable()
        base = self.target.new_name("varied_xcoms")
        for (run, task), key in zip(XCOMS, self.content.named(base, len(XCOMS)), strict=True):
            place = {"dag_id": EMPTY, "dag_run_id": self.names[run], "task_id": task}
            expect(self.target.call("create_xcom_entry", params=place, json={"key": key, "value": 1}), 201)
        return base

    def _known_xcoms(self) -> Known:
        keys = self.content.named(self.content["varied_xcoms"], len(XCOMS))
        found = zip(XCOMS, keys, strict=True)
        return Known(frozenset((EMPTY, self.names[run], task, -1, key) for (run, task), key in found), exact=True)

    def _asset(self) -> str:
        self.content.runnable()
        found = self.target.fixture_asset(ASSET)
        if found is None:
            raise FillError(f"the target does not have the asset {ASSET}")
        return str(found)

    def _updates(self) -> list[Any]:
        """Events of an asset, which Airflow 2 calls a dataset: as they were answered."""
        self.content.runnable()
        return [expect(self._update(self.target.new_name("event")), 200) for _ in range(EVENTS)]

    def _update(self, mark: str) -> Exchange:
        operations, extra = self.target.interface.operations, {"by": mark}
        if "create_asset_event" in operations:
            body = {"asset_id": int(self.content["varied_asset"]), "extra": extra}
            return self.target.call("create_asset_event", json=body)
        if "create_dataset_event" in operations:
            uri = next(each.uri for each in fixtures.load().assets if each.name == ASSET)
            return self.target.call("create_dataset_event", json={"dataset_uri": uri, "extra": extra})
        raise FillError("the target has no way to say that a dataset was updated")

    def _logged(self) -> str:
        """The moment of the newest event: what was logged before it stays as it is."""
        newest = {"order_by": "-event_log_id", "limit": 1}
        found = expect(self.target.call("get_event_logs", query=newest), 200)["event_logs"]
        return str(datetime.fromisoformat(found[0]["when"]).astimezone(UTC).isoformat()) if found else date(self._start)

    def _asked(self) -> str:
        """A DAG whose runs ask somebody, each once it has begun: the id of the DAG."""
        self.content.runnable()
        for name in self.content.named(self.target.new_name("asked"), FEW):
            body = {"dag_run_id": name, "logical_date": None}
            expect(self.target.call(self.target.api.trigger, params={"dag_id": ASKING}, json=body), 200)
        return ASKING

    def _task_states(self) -> str:
        place = {"dag_id": EMPTY, "dag_run_id": self.content["run"], "task_id": "first"}
        return self._states("task_states", "set_task_state_store", place)

    def _asset_states(self) -> str:
        return self._states("asset_states", "set_asset_state_store", {"asset_id": self.content["varied_asset"]})

    def _states(self, word: str, operation: str, place: Mapping[str, str]) -> str:
        self.content.runnable()
        base = self.target.new_name(word)
        for key in self.content.named(base, FEW):
            expect(self.target.call(operation, params={**place, "key": key}, json={"value": key}), 204)
        return base

    def _named(self, word: str) -> frozenset[Key]:
        return frozenset((key,) for key in self.content.named(self.content[word], FEW))

    def _dags(self) -> Known:
        self.content.fixed()
        dags = fixtures.published(self.target.profile.airflow).dags
        return Known(frozenset((dag.id,) for dag in dags if TAG in dag.tags and not dag.disposable))
