"""Bulk requests for DAG runs and task instances (Airflow 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api.v2 import lookup
from mockserver.api.v2.bulk import Outcome, serve_bulk
from mockserver.api.v2.crud import named
from mockserver.api.v2.dag_runs import change
from mockserver.api.v2.instance_changes import apply
from mockserver.api.v2.wording import say
from mockserver.errors import ApiError
from mockserver.operations import Call
from mockserver.world.habits import has
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance

Body = Mapping[str, Any]


def _keep_going(action: Body) -> bool:
    return bool(action.get("action_on_non_existence", "fail") == "skip")


class Runs:
    """What bulk actions do to runs. The success entries are "<dag>.<run>"."""

    def create(self, call: Call, action: Body) -> Outcome:  # noqa: ARG002
        """Refuse: runs are triggered."""
        text = "Dag Runs bulk create is not supported. Use the trigger Dag Run endpoint instead."
        return Outcome.refused(text, 405)

    def update(self, call: Call, action: Body) -> Outcome:
        """Change the states and notes of runs; Airflow looks at no mask, and leaves the note where null is said."""
        found, outcome = self._runs(call, action)
        documented = call.mock.follow == "documents"
        for run, entity in found:
            said = {name: value for name, value in entity.items() if value is not None}
            change(call, run, named(entity, action.get("update_mask")) if documented else said)
        return outcome

    def delete(self, call: Call, action: Body) -> Outcome:
        """Delete runs."""
        found, outcome = self._runs(call, action)
        for run, _ in found:
            call.world.delete_run(run)
        return outcome

    def _runs(self, call: Call, action: Body) -> tuple[list[tuple[Run, Body]], Outcome]:
        """The runs of an action with what is said of each, and the outcome so far."""
        found, absent, outcome = [], [], Outcome()
        for one in action["entities"]:
            entity: Body = {"dag_run_id": one} if isinstance(one, str) else one
            dag_id = entity.get("dag_id") or call.path["dag_id"]
            if dag_id == lookup.ALL:
                text = "When using wildcard in path, dag_id must be specified in request body for dag_run_id: "
                outcome.errors.append({"error": f"{text}{entity['dag_run_id']}", "status_code": 400})
            elif (run := call.world.runs.get((dag_id, entity["dag_run_id"]))) is None:
                absent.append((dag_id, entity["dag_run_id"]))
            else:
                found.append((run, entity))
        if absent and not _keep_going(action):
            return [], Outcome.refused(f"The DagRuns with these identifiers: {absent} were not found", 404)
        outcome.success = [f"{run.dag_id}.{run.run_id}" for run, _ in found]
        return found, outcome


class Instances:
    """What bulk actions do to task instances. The success entries are "<dag>.<run>.<task>[<map index>]"."""

    def create(self, call: Call, action: Body) -> Outcome:  # noqa: ARG002
        """Refuse: instances come with their run."""
        return Outcome.refused("Task instances bulk create is not supported", 405)

    def update(self, call: Call, action: Body) -> Outcome:
        """Change the states and notes of instances."""
        outcome = Outcome()
        for instances, entity in self._instances(call, action, outcome):
            try:
                apply(call, instances, entity, action.get("update_mask"))
            except ApiError as error:
                outcome.errors.append({"error": error.detail, "status_code": error.status})
                continue
            outcome.success += _names(call, instances)
        return outcome

    def delete(self, call: Call, action: Body) -> Outcome:
        """Take instances out of their runs."""
        outcome = Outcome()
        for instances, _ in self._instances(call, action, outcome):
            outcome.success += _names(call, instances)
            for instance in instances:
                call.world.delete_instance(instance)
        return outcome

    def _instances(self, call: Call, action: Body, outcome: Outcome) -> list[tuple[list[TaskInstance], Body]]:
        """The instances of an action with what is said of them; complaints go to the outcome."""
        found = []
        for one in action["entities"]:
            entity: Body = {"task_id": one} if isinstance(one, str) else one
            dag_id = entity.get("dag_id") or call.path["dag_id"]
            run_id = entity.get("dag_run_id") or call.path["dag_run_id"]
            run, index = call.world.runs.get((dag_id, run_id)), entity.get("map_index")
            named = run.of_task(entity["task_id"]) if run else []
            named = [one for one in named if index is None or one.map_index == index]
            if named:
                found.append((named, entity))
            elif not _keep_going(action):
                place = {"dag_id": dag_id, "dag_run_id": run_id, "task_id": entity["task_id"], "map_index": index}
                text = say(call, f"instance to {action['action']}", **place)
                outcome.errors.append({"error": text, "status_code": 404})
        return found


def _names(call: Call, instances: list[TaskInstance]) -> list[str]:
    """How the outcome names instances; before 3.2 by their task alone."""
    if not has(call.world.version, "bulk names instances in full"):
        return [one.task_id for one in instances]
    return [f"{one.run.dag_id}.{one.run.run_id}.{one.task_id}[{one.map_index}]" for one in instances]


serve_bulk("bulk_dag_runs", Runs())
serve_bulk("bulk_task_instances", Instances())
