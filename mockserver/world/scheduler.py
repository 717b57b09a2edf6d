"""What happens by itself: runs start, their tasks run one after another, assets start runs, schedules too.

Nothing runs in the background. `advance` brings the world up to a moment: it makes every step that was due until then,
each at its own time, so that what is seen does not depend on who looked when.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mockserver.world.asking import Question, result, understood
from mockserver.world.habits import has
from mockserver.world.logs import lines
from mockserver.world.runs import Run
from mockserver.world.task_instances import FINISHED, HOST, TaskInstance
from mockserver.world.xcoms import XCom

if TYPE_CHECKING:
    from mockserver.world.world import World

START = timedelta(milliseconds=200)  # from the queue until the run starts
QUEUE = timedelta(milliseconds=50)  # from ready to queued, and from queued to running
WORK = timedelta(milliseconds=300)  # how long a Python task runs
_FIRST_PID = 1000


class Scheduler:
    """Makes the steps of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._pid = _FIRST_PID

    def advance(self, now: datetime) -> None:
        """Make every step that is due by `now`."""
        self.world.files.read(now)
        moved = True
        while moved:
            moved = self._schedules(now) or self._asset_runs(now)
            for run in self.world.active_runs():
                if not run.dag.is_paused:
                    moved = self._step(run, now) or moved

    def _schedules(self, now: datetime) -> bool:
        """Start the runs of cron schedules, of which only the latest is due when no catching up is wanted."""
        moved = False
        for dag in self.world.scheduled_dags():
            if dag.cron and dag.next_run is not None and dag.next_run <= now:
                latest = dag.cron.latest(now)
                if not dag.is_paused:
                    self.world.schedule(dag, dag.next_run if dag.plan.catchup else latest)
                    dag.next_run = dag.cron.after(dag.next_run if dag.plan.catchup else latest)
                    moved = True
                elif latest != dag.next_run and not dag.plan.catchup:
                    dag.next_run = latest
        return moved

    def _asset_runs(self, now: datetime) -> bool:
        """Start the DAGs whose assets were all updated."""
        moved = False
        for dag in self.world.waiting_dags():
            queued = [event for event in self.world.queued_events if event.dag is dag]
            due = max(event.created_at for event in queued) + START
            if not dag.is_paused and due <= now and {event.asset.name for event in queued} >= set(dag.plan.assets):
                self.world.run_for_assets(dag, queued, due)
                moved = True
        return moved

    def _step(self, run: Run, now: datetime) -> bool:
        if run.run_after > now:  # 1.10 has running runs of days to come
            return False
        if run.state == "queued":
            return self._start(run, now)
        moved = [self._work(instance, now) for instance in run.instances]
        return self._finish(run, now) or any(moved)

    def _start(self, run: Run, now: datetime) -> bool:
        due = max(run.run_after, run.queued_at or run.run_after, run.dag.unpaused_at) + START
        if due > now or self.world.backfill_paused(run):
            return False
        run.state, run.start_date, run.last_scheduling_decision, run.updated_at = "running", due, due, due
        return True

    def _work(self, instance: TaskInstance, now: datetime) -> bool:
        """Move one instance as far as it gets by `now`."""
        if instance.state in FINISHED:
            return False
        ready = self._ready(instance)
        if ready is None:
            return False
        if isinstance(ready, str):
            instance.set_state(ready, max([one.end_date for one in self._before(instance) if one.end_date] or [now]))
            return True
        if instance.task.asks is not None:
            return self._ask(instance, ready, now)
        return self._run_python(instance, ready, now) if instance.task.python else self._run_empty(instance, ready, now)

    def _ready(self, instance: TaskInstance) -> datetime | str | None:
        """When the instance can begin; a state if it never will; None if it must wait."""
        before = self._before(instance)
        states = {one.state for one in before}
        if states & {"failed", "upstream_failed"}:
            return "upstream_failed"
        if "skipped" in states:
            return "skipped"
        if states - FINISHED:
            return None
        start = instance.run.start_date or instance.run.run_after
        return max([start, *(one.end_date for one in before if one.end_date)])

    def _before(self, instance: TaskInstance) -> list[TaskInstance]:
        """The instances that an instance waits for."""
        upstream = instance.run.dag.upstream[instance.task_id]
        return [one for task in upstream for one in instance.run.of_task(task)]

    def _run_empty(self, instance: TaskInstance, ready: datetime, now: datetime) -> bool:
        """Empty tasks never reach a worker: the scheduler marks them as done."""
        if ready > now:
            return False
        if has(self.world.version, "empty tasks are tried"):
            instance.try_number = instance.next_try
        instance.start_date = instance.end_date = instance.updated_at = ready
        instance.state = "success"
        self.world.publish(instance, ready)
        return True

    def _run_python(self, instance: TaskInstance, ready: datetime, now: datetime) -> bool:
        start = ready + 2 * QUEUE
        steps = (("scheduled", ready), ("queued", ready + QUEUE), ("running", start), ("success", start + WORK))
        reached = [name for name, due in steps if due <= now]
        if not reached or reached[-1] == instance.state:
            return False
        self._show(instance, reached[-1], ready)
        return True

    def _ask(self, instance: TaskInstance, ready: datetime, now: datetime) -> bool:
        """Ask a person; go on when there is an answer."""
        question = instance.questions.get(instance.next_try)
        if question and question.responded_at:
            return self._go_on(instance, question, question.responded_at + WORK, now)
        waiting = "awaiting_input" if has(self.world.version, "instances know awaiting_input") else "deferred"
        asked = ready + 3 * QUEUE
        steps = (("scheduled", ready), ("queued", ready + QUEUE), ("running", ready + 2 * QUEUE), (waiting, asked))
        reached = [name for name, due in steps if due <= now]
        if not reached or reached[-1] == instance.state:
            return False
        self._show(instance, reached[-1], ready)
        if reached[-1] == waiting:
            instance.questions = {**instance.questions, instance.try_number: Question(asked)}
        return True

    def _go_on(self, instance: TaskInstance, question: Question, due: datetime, now: datetime) -> bool:
        """End a task that has asked, well or not, as the answer is."""
        if due > now:
            return False
        instance.state = "success" if understood(instance, question) else "failed"
        instance.end_date = instance.updated_at = due
        if instance.state == "success":
            self._leave(instance, "return_value", result(question), due)
        return True

    def _show(self, instance: TaskInstance, state: str, ready: datetime) -> None:
        """Give the instance what it has by the time it is in `state`."""
        before, instance.state = instance.state, state
        instance.scheduled_when = instance.updated_at = ready
        instance.start_date = instance.end_date = None
        if state != "scheduled":
            instance.queued_when = ready + QUEUE
            instance.try_number = instance.next_try
        if state not in ("scheduled", "queued"):
            instance.start_date = ready + 2 * QUEUE
            instance.hostname = HOST
            instance.rendered_fields = _rendered(instance)
            if instance.pid is None or instance.history:
                self._pid += 1
                instance.pid = self._pid
            if before != "running":
                self._note(instance, "running", ready + 2 * QUEUE)
        if state == "success":
            self._succeed(instance, ready + 2 * QUEUE, ready + 2 * QUEUE + WORK)

    def _succeed(self, instance: TaskInstance, start: datetime, end: datetime) -> None:
        instance.end_date = instance.updated_at = end
        instance.logs = {**instance.logs, instance.try_number: lines(instance, start, end)}
        if instance.value is not None:
            self._leave(instance, "return_value", instance.value, end)
        if instance.task.outlets and not has(self.world.version, "outlets leave no XComs"):
            uris = [self.world.asset_named(name).uri for name in instance.task.outlets]
            outlets = [f"airflow.datasets.Dataset@version=1(uri={uri},extra=None)" for uri in uris]
            self._leave(instance, "pipeline_outlets", outlets, end)
        self._note(instance, "success", end)
        self.world.publish(instance, end)

    def _note(self, instance: TaskInstance, event: str, when: datetime) -> None:
        """Write down what became of an instance that a worker runs."""
        run, told = instance.run, has(self.world.version, "hosts are told of in the log")
        about = {
            "dag_id": run.dag_id,
            "task_id": instance.task_id,
            "run_id": run.run_id,
            "logical_date": run.logical_date,
        }
        numbers = {"map_index": instance.map_index, "try_number": instance.try_number}
        extra = json.dumps({"host_name": HOST}) if told else None
        self.world.note(event, run.dag.plan.owner, extra, when=when, **about, **numbers)

    def _leave(self, instance: TaskInstance, key: str, value: Any, when: datetime) -> None:
        """Leave an XCom, in the place of an older one."""
        xcom = XCom(instance.run, instance.task_id, instance.map_index, key, value, when)
        self.world.xcoms.remove(xcom.full_key)
        self.world.xcoms.add(xcom.full_key, xcom)

    def _finish(self, run: Run, now: datetime) -> bool:
        states = {instance.state for instance in run.instances}
        if states - FINISHED:
            return False
        ends = [one.end_date for one in run.instances if one.end_date]
        due = max([run.start_date or now, *ends]) + QUEUE
        if due > now:
            return False
        run.state = "failed" if states & {"failed", "upstream_failed"} else "success"
        run.end_date = run.last_scheduling_decision = run.updated_at = due
        self.world.backfill_over(run, due)
        return True


def _rendered(instance: TaskInstance) -> dict[str, Any]:
    """What the templates of an instance came to."""
    if instance.task.asks is not None:
        return {name: instance.task.asks.get(name) for name in ("subject", "body")}
    return {"templates_dict": None, "op_args": [], "op_kwargs": {}}
