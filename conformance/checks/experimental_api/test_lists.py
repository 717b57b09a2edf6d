"""The list of a DAG's runs (experimental-api, "Endpoints")."""

from __future__ import annotations

from conformance.checks.experimental_api.answers import content, records, refused, succeeded
from conformance.checks.experimental_api.runs import Runs, keys
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target

#: The states of a run that every version knows.
STATES = ("queued", "running", "success", "failed")


@requirement("EXP-LIST-001")
def test_list_has_every_run_once(judge: Judge, runs: Runs) -> None:
    """Each run that was created is in the list of its DAG, once, from the first to the last."""
    made = runs.there(judge)
    for dag in (runs.dag, runs.other_dag):
        listed = runs.listed(dag)
        if succeeded(judge, listed, f"the runs of {dag} are to be listed"):
            found = keys(listed)
            for each in (each for each in made if each.dag_id == dag):
                judge.that(
                    found.count(each.key) == 1,
                    listed,
                    f"{each} is to be listed once, not {found.count(each.key)} times",
                )
            ids = [one.get("id") for one in records(listed)]
            judge.that(
                len(set(ids)) == len(ids),
                listed,
                f"the list is to have no run twice; it has {len(ids)} runs of {len(set(ids))} ids",
            )


@requirement("EXP-LIST-002")
@needs("fixture-dags", "writes")
def test_list_is_of_one_dag(judge: Judge, runs: Runs) -> None:
    """Every run in a list says that it is of the DAG that was asked for."""
    runs.there(judge)
    for dag in (runs.dag, runs.other_dag):
        listed = runs.listed(dag)
        strange = {each.get("dag_id") for each in records(listed)} - {dag}
        judge.that(not strange, listed, f"the list of {dag} is to have its runs only; it has runs of {strange}")


@requirement("EXP-LIST-002")
def test_list_of_an_unknown_dag_is_refused(target: Target, judge: Judge) -> None:
    """The runs of a DAG that there is not are no empty list."""
    answer = target.call("dag_runs", params={"dag_id": target.new_name("dag")})
    refused(judge, answer, "the list of the runs of a DAG that there is not")


@requirement("EXP-LIST-003")
def test_states_narrow_the_list(judge: Judge, runs: Runs) -> None:
    """Narrowed by a state the list has the runs that are in it, all of them and no others."""
    runs.there(judge)
    whole = runs.listed(runs.dag)
    for state in STATES:
        listed = runs.listed(runs.dag, state=state)
        wanted = [key for key, each in zip(keys(whole), records(whole), strict=True) if each.get("state") == state]
        same = content(listed) is not None and sorted(map(repr, keys(listed))) == sorted(map(repr, wanted))
        wish = f"{len(wanted)} of {len(keys(whole))} runs are {state}; so narrowed {len(keys(listed))} are listed"
        judge.that(same, [whole, listed], wish)
