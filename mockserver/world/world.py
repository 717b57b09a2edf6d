"""The world: everything that an Airflow deployment keeps, and the rules of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from mockserver.world.assets import Alias, Asset, AssetEvent, QueuedEvent
from mockserver.world.backfills import Backfill
from mockserver.world.clock import Clock
from mockserver.world.connections import Connection, ConnectionTest
from mockserver.world.cron import cron
from mockserver.world.dags import FOLDER, Dag, DagVersion, ImportError_, known_by
from mockserver.world.events import Event
from mockserver.world.files import Files
from mockserver.world.habits import has
from mockserver.world.ids import Ids
from mockserver.world.pools import DEFAULT, Pool, Use, use
from mockserver.world.runs import Run
from mockserver.world.scheduler import Scheduler
from mockserver.world.states import StoredState
from mockserver.world.store import Store
from mockserver.world.task_instances import TaskInstance
from mockserver.world.users import Account, Role, Roles, User, Users, settle_in
from mockserver.world.variables import Variable, as_text
from mockserver.world.xcoms import Key, XCom
from specs.fixtures import Dag as Plan
from specs.fixtures import FixtureError, Fixtures, load
from specs.versions import Version


class World:
    """A deployment of Airflow `version` that starts with `fixtures` and `users`; `reset` brings it back to that."""

    def __init__(
        self,
        version: Version,
        fixtures: Fixtures | None = None,
        clock: Clock | None = None,
        seed: int = 0,
        users: Iterable[Account] = (),
    ) -> None:
        self.version = version
        self.fixtures = fixtures if fixtures is not None else load()
        self.clock = clock or Clock()
        self.seed = seed
        self.accounts = tuple(users)
        self.reset()

    # ---- beginning -----------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget everything that happened."""
        self.ids = Ids(self.seed)
        self.scheduler = Scheduler(self)
        self.started_at = self.clock.now()
        self.dags = Store[str, Dag]()
        self.runs = Store[tuple[str, str], Run]()
        self.xcoms = Store[Key, XCom]()
        self.pools = Store[str, Pool]()
        self.variables = Store[str, Variable]()
        self.connections = Store[str, Connection]()
        self.connection_tests = Store[str, ConnectionTest]()
        self.assets = Store[int, Asset]()
        self.aliases = Store[int, Alias]()
        self.asset_events = Store[int, AssetEvent]()
        self.queued_events = Store[tuple[str, int], QueuedEvent]()
        self.backfills = Store[int, Backfill]()
        self.events = Store[int, Event]()
        self.import_errors = Store[int, ImportError_]()
        self.states = Store[tuple[object, ...], StoredState]()
        self.users, self.roles = Users(), Roles(self.version)
        self.files = Files(self._found)
        self._active: dict[int, Run] = {}
        self._runs_of: dict[str, dict[str, Run]] = {}
        self._fill()

    def _fill(self) -> None:
        now = self.started_at
        settle_in(self.users, self.roles, self.accounts, now)
        self.add_pool(DEFAULT, 128, description="Default pool")
        for name, pool in self.fixtures.pools.items():
            self.add_pool(name, **pool)
        for key, value in self.fixtures.variables.items():
            self.variables.add(key, Variable(self.variables.next_id(), key, as_text(value, self.version)))
        for name, connection in self.fixtures.connections.items():
            self.connections.add(name, Connection(self.connections.next_id(), name, **connection))
        for asset in self.fixtures.assets if has(self.version, "there are assets") else ():
            number = self.assets.next_id()
            self.assets.add(number, Asset(number, asset.name, asset.uri, asset.group, now, asset.clashes))
        for alias in self.fixtures.aliases if has(self.version, "there are assets") else ():
            number = self.aliases.next_id()
            self.aliases.add(number, Alias(number, alias.name, alias.group))
        for plan in self.fixtures.dags:
            self._add_dag(known_by(self.version, plan), now)
        self._tie()
        for broken in self.fixtures.import_errors:
            number = self.import_errors.next_id()
            path = f"{FOLDER}/{broken.file}"
            trace = (
                f'Traceback (most recent call last):\n  File "<frozen importlib._bootstrap>", line 488, in '
                f'_call_with_frames_removed\n  File "{path}", line {broken.line}, in <module>\n'
                f"    {broken.statement}\n{broken.error}\n"
            )
            file = broken.file if has(self.version, "file names are within the bundle") else path
            self.import_errors.add(number, ImportError_(number, file, now, trace))

    def _add_dag(self, plan: Plan, now: datetime) -> None:
        try:
            following = cron(plan.schedule).latest(now) if plan.schedule else None
        except ValueError as error:
            raise FixtureError(f"DAG '{plan.id}': {error}") from None
        version = DagVersion(self.ids.uuid(now), plan.id, 1, now)
        paused = True if plan.paused is None else plan.paused
        dag = Dag(plan, self.dags.next_id(), paused, now, [version], now, following)
        try:
            dag.tasks  # noqa: B018 (a circle of tasks shows here)
        except ValueError as error:
            raise FixtureError(str(error)) from None
        self.dags.add(plan.id, dag)

    def _found(self, plan: Plan, now: datetime) -> None:
        self._add_dag(plan, now)
        self._tie()

    def _tie(self) -> None:
        """Note which DAGs have a schedule, and which have to do with which assets."""
        self._scheduled = [dag for dag in self.dags if dag.plan.schedule]
        for asset in self.assets:
            asset.consumers = tuple(dag for dag in self.dags if asset.name in dag.plan.assets)
            asset.producers = tuple(
                (dag, task.id) for dag in self.dags for task in dag.plan.tasks if asset.name in task.outlets
            )

    def add_pool(self, name: str, slots: int, **options: Any) -> Pool:
        """Add a pool; Taken when the name is in use."""
        return self.pools.add(name, Pool(self.pools.next_id(), name, slots, **options))

    # ---- users ---------------------------------------------------------------------------------------------------

    def add_user(
        self, username: str, password: str | None, first: str, last: str, email: str, roles: tuple[Role, ...]
    ) -> User:
        """Add a user; who asks has seen to it that name and address are free."""
        number, now = self.users.next_id(), self.now()
        return self.users.add(number, User(number, username, password, first, last, email, now, now, roles))

    # ---- time ----------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The time of the world."""
        return self.clock.now()

    def settle(self) -> None:
        """Let happen what was due by now. To be called before anybody looks."""
        self.scheduler.advance(self.now())

    # ---- DAGs ----------------------------------------------------------------------------------------------------

    def pause(self, dag: Dag, paused: bool | None) -> None:
        """Pause a DAG, or let it run on from now."""
        if dag.is_paused and not paused:
            dag.unpaused_at = self.now()
        dag.is_paused = paused

    def delete_dag(self, dag: Dag) -> None:
        """Forget a DAG and all that belongs to it; it comes back as new when its file is read."""
        for run in self.runs_of(dag):
            self.delete_run(run)
        for backfill in [one for one in self.backfills if one.dag is dag]:
            self.backfills.remove(backfill.number)
        for event in [one for one in self.queued_events if one.dag is dag]:
            self.queued_events.remove((dag.dag_id, event.asset.number))
        self.dags.remove(dag.dag_id)
        self.files.lost(dag.plan, self.now())
        self._tie()

    def missing_pools(self, dag: Dag) -> list[str]:
        """The pools that tasks of a DAG want and that are not there."""
        return sorted({task.pool for task in dag.plan.tasks if task.pool not in self.pools})

    def scheduled_dags(self) -> Iterator[Dag]:
        """The DAGs with a cron schedule. They are asked for with every request, and so are not looked up anew."""
        return iter(self._scheduled)

    def versions(self) -> list[DagVersion]:
        """The versions of all DAGs."""
        return [version for dag in self.dags for version in dag.versions]

    # ---- runs ----------------------------------------------------------------------------------------------------

    def runs_of(self, dag: Dag) -> list[Run]:
        """The runs of one DAG, the oldest first."""
        return list(self._runs_of.get(dag.dag_id, {}).values())

    def last_run(self, dag: Dag) -> Run | None:
        """The run of a DAG that was made last."""
        runs = self.runs_of(dag)
        return runs[-1] if runs else None

    def active_runs(self) -> list[Run]:
        """The runs that still go on."""
        for run in [one for one in self._active.values() if not one.active]:
            del self._active[run.number]
        return list(self._active.values())

    def run_id(self, kind: str, moment: datetime, *, random: bool = False) -> str:
        """An id for a new run; random letters where the time alone does not tell runs apart."""
        stem = f"{kind}__{moment.isoformat()}"
        return f"{stem}_{self.ids.letters()}" if random else stem

    def add_run(self, dag: Dag, run_id: str, run_type: str, run_after: datetime, **values: Any) -> Run:
        """Add a queued run with its task instances; Taken when the id or the logical date is in use."""
        run = Run(self.runs.next_id(), dag, run_id, run_type, run_after, self.now(), **values)
        for other in self.runs_of(dag):
            if run.logical_date is not None and other.logical_date == run.logical_date:
                self.runs.add((dag.dag_id, other.run_id), run)  # raises Taken
        self.runs.add((dag.dag_id, run_id), run)
        run.instances = tuple(
            TaskInstance(self.ids.uuid(self.now()), run, task, index, max_tries=task.retries, updated_at=self.now())
            for task in (dag.tasks.values() if self._in_time(run) else ())
            for index in (range(len(task.mapped)) if task.mapped is not None else [-1])
        )
        self._active[run.number] = run
        self._runs_of.setdefault(dag.dag_id, {})[run_id] = run
        return run

    def trigger(self, dag: Dag, run_id: str, date: datetime, conf: Mapping[str, Any] | None, **values: Any) -> Run:
        """Add a run by hand, dated in UTC; Taken as with `add_run`. Before 2.1 it goes on at once, paused or not."""
        start, end = self.interval(dag, date)
        interval = {"data_interval_start": start, "data_interval_end": end}
        run = self.add_run(dag, run_id, "manual", date, conf=conf, **{"logical_date": date, **interval, **values})
        if not has(self.version, "runs wait in a queue"):
            run.state, run.start_date = "running", run.queued_at
        return run

    def _in_time(self, run: Run) -> bool:
        """Whether the tasks of a run's DAG have started by its date."""
        if run.logical_date is None or run.run_type == "backfill":
            return True
        return run.logical_date >= run.dag.plan.start_date

    def interval(self, dag: Dag, moment: datetime) -> tuple[datetime, datetime]:
        """From when to when the data is that a run of a moment is about."""
        if dag.cron is None or has(self.version, "runs are about a moment"):
            return moment, moment
        end = dag.cron.latest(moment)
        return dag.cron.latest(end - timedelta(minutes=1)), end

    def schedule(self, dag: Dag, moment: datetime) -> None:
        """Add the scheduled run of a moment, unless there is a run for it."""
        start, end = self.interval(dag, moment)
        if all(run.logical_date != start for run in self.runs_of(dag)):
            interval = {"logical_date": start, "data_interval_start": start, "data_interval_end": end}
            run_id = f"scheduled__{start.isoformat()}"
            self.add_run(dag, run_id, "scheduled", moment, triggered_by="timetable", conf={}, **interval)

    def requeue(self, run: Run) -> None:
        """Count a run among those that go on (again)."""
        self._active[run.number] = run

    def delete_run(self, run: Run) -> None:
        """Forget a run, its task instances and their XComs."""
        self.runs.remove((run.dag_id, run.run_id))
        self._active.pop(run.number, None)
        self._runs_of[run.dag_id].pop(run.run_id, None)
        for xcom in [one for one in self.xcoms if one.run is run]:
            self.xcoms.remove(xcom.full_key)

    # ---- task instances ------------------------------------------------------------------------------------------

    def instances(self) -> list[TaskInstance]:
        """All task instances."""
        return [instance for run in self.runs for instance in run.instances]

    def clear(self, instances: Iterable[TaskInstance], run_state: str | None = "queued") -> None:
        """Make instances run again, and their runs with them (`run_state` None leaves those as they are)."""
        now, runs = self.now(), dict[int, Run]()
        keeps = has(self.version, "tries are kept") and not has(self.version, "tries are replaced")
        for instance in instances:
            (instance.clear_keeping if keeps else instance.clear)(self.ids.uuid(now), now)
            runs[instance.run.number] = instance.run
        for run in runs.values():
            if run_state is not None:
                run.set_state(run_state, now)
                run.last_scheduling_decision = None
                self.requeue(run)

    def delete_instance(self, instance: TaskInstance) -> None:
        """Take an instance out of its run."""
        run = instance.run
        run.instances = tuple(one for one in run.instances if one is not instance)

    def pool_use(self, pool: Pool) -> Use:
        """How the slots of a pool are used."""
        return use(pool, (instance for run in self.active_runs() for instance in run.instances))

    # ---- assets --------------------------------------------------------------------------------------------------

    def asset_named(self, name: str) -> Asset:
        """The asset of that name."""
        return next(asset for asset in self.assets if asset.name == name)

    def publish(self, instance: TaskInstance, when: datetime) -> None:
        """Note that a task has updated its assets."""
        run = instance.run
        for name in instance.task.outlets:
            source = {"task_id": instance.task_id, "dag_id": run.dag_id, "run_id": run.run_id}
            self.add_asset_event(self.asset_named(name), when, {}, **source, map_index=instance.map_index)

    def add_asset_event(self, asset: Asset, when: datetime, extra: Mapping[str, Any], **source: Any) -> AssetEvent:
        """Note an update of an asset, and queue it for the DAGs that wait for it and are not paused."""
        number = self.asset_events.next_id()
        event = self.asset_events.add(number, AssetEvent(number, asset, when, extra, **source))
        asset.last_event = event
        for dag in asset.consumers:
            if not dag.is_paused and (dag.dag_id, asset.number) not in self.queued_events:
                self.queued_events.add((dag.dag_id, asset.number), QueuedEvent(dag, asset, when))
        return event

    def waiting_dags(self) -> list[Dag]:
        """The DAGs for which an update is queued."""
        return list({event.dag.dag_id: event.dag for event in self.queued_events}.values())

    def run_for_assets(self, dag: Dag, queued: list[QueuedEvent], when: datetime) -> Run:
        """Start a DAG for the updates queued for it."""
        events = [event for waiting in queued for event in self._events_since(waiting)]
        run = self._undated_run(dag, when) if self._undated else self._dated_run(dag, queued, events)
        run.queued_at = when
        for waiting in queued:
            self.queued_events.remove((dag.dag_id, waiting.asset.number))
        for event in events:
            event.runs = (*event.runs, run)
        return run

    @property
    def _undated(self) -> bool:
        return has(self.version, "assets start runs without a date")

    def _events_since(self, waiting: QueuedEvent) -> list[AssetEvent]:
        return [one for one in self.asset_events if one.asset is waiting.asset and one.timestamp >= waiting.created_at]

    def _undated_run(self, dag: Dag, when: datetime) -> Run:
        run_id = self.run_id("asset_triggered", when, random=True)
        return self.add_run(dag, run_id, "asset_triggered", when, triggered_by="asset", conf={})

    def _dated_run(self, dag: Dag, queued: list[QueuedEvent], events: list[AssetEvent]) -> Run:
        """The run that Airflow 2 makes: of the time of the last update, about the data of the runs that made them."""
        date = max(waiting.created_at for waiting in queued)
        sources = [run for one in events if (run := self.runs.get((one.dag_id or "", one.run_id or "")))]
        start = min((run.data_interval_start or date for run in sources), default=date)
        end = max((run.data_interval_end or date for run in sources), default=date)
        interval = {"logical_date": date, "data_interval_start": start, "data_interval_end": end}
        return self.add_run(dag, self.run_id("dataset_triggered", date), "dataset_triggered", date, conf={}, **interval)

    def upstream_events(self, run: Run) -> list[AssetEvent]:
        """The updates that a run was started for."""
        return [event for event in self.asset_events if run in event.runs]

    # ---- backfills -----------------------------------------------------------------------------------------------

    def backfill_paused(self, run: Run) -> bool:
        """Whether the run belongs to a backfill that is paused."""
        backfill = self.backfills.get(run.backfill_id) if run.backfill_id is not None else None
        return backfill is not None and backfill.is_paused

    def backfill_over(self, run: Run, when: datetime) -> None:
        """Complete the backfill whose last run has ended."""
        backfill = self.backfills.get(run.backfill_id) if run.backfill_id is not None else None
        if backfill and not any(one.active for one in self.runs if one.backfill_id == backfill.number):
            backfill.completed_at = backfill.completed_at or when

    # ---- what was done -------------------------------------------------------------------------------------------

    def note(
        self, event: str, owner: str | None, extra: str | None = None, *, when: datetime | None = None, **about: Any
    ) -> Event:
        """Write an entry into the event log, now or at a time before."""
        number = self.events.next_id()
        return self.events.add(number, Event(number, when or self.now(), event, owner, extra=extra, **about))
