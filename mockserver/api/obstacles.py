"""What keeps a task instance from being scheduled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from mockserver.world.task_instances import TaskInstance

Rule = Callable[[int, int, Sequence[str]], str]
"""Tells why a trigger rule is not met: of how many instances before, which are of the tasks named, how many wait."""


def obstacles(instance: TaskInstance, rule: Rule) -> Iterator[Mapping[str, str]]:
    """The name and the reason of each obstacle; an instance that is past being scheduled has none."""
    if instance.state not in (None, "scheduled"):
        return
    run, dag = instance.run, instance.run.dag
    if dag.is_paused:
        yield {"name": "Dag Not Paused", "reason": f"Task's DAG '{dag.dag_id}' is paused."}
    if run.state != "running":
        reason = f"Task instance's dagrun was not in the 'running' state but in the state '{run.state}'."
        yield {"name": "Dagrun Running", "reason": reason}
    upstream = dag.upstream[instance.task_id]
    before = [one for task in upstream for one in run.of_task(task)]
    if waiting := [one for one in before if one.state != "success"]:
        yield {"name": "Trigger Rule", "reason": rule(len(waiting), len(before), upstream)}
    if instance.state is None:
        yield {"name": "Task Instance State", "reason": "Task is in the 'None' state."}
