"""A token carries the identity of its user: what is done is that user's, and what is of that user is of nobody else."""

from __future__ import annotations

from conformance.auth.jwt import claims
from conformance.checks.every_api.proofs import writers
from conformance.checks.every_api.refusals import expect
from conformance.findings import told
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target


@requirement("PUB-AUTH-009")
def test_tokens_of_two_users_differ(target: Target, judge: Judge) -> None:
    """The tokens of two users name two subjects, and two tokens of one user name one."""
    subjects = {role: claims(target.token(role)).get("sub") for role in writers(target)}
    distinct = len(set(subjects.values())) == len(subjects)
    judge.that(distinct, None, f"every user is to be a subject of its own; they are {subjects}")
    for role, subject in subjects.items():
        again = claims(target.token(role, fresh=True)).get("sub")
        judge.that(again == subject, None, f"a second token of {role} is to have subject {subject!r}; it has {again!r}")


@requirement("PUB-AUTH-009")
@needs("writes", "fixture-dags", "triggering_users")
def test_run_names_who_triggered_it(target: Target, judge: Judge) -> None:
    """A run says whose token it was triggered with, in the answer to that, by itself, and in the list of runs."""
    place = {"dag_id": "conformance_empty"}
    for role, username in writers(target).items():
        name = target.new_name("run")
        made = target.call("trigger_dag_run", params=place, role=role, json={"dag_run_id": name, "logical_date": None})
        seen = target.call("get_dag_run", params={**place, "dag_run_id": name})
        listed = target.call("get_dag_runs", params=place, query={"order_by": "-id", "limit": 20})
        runs = [each for each in told(listed).get("dag_runs", []) if each.get("dag_run_id") == name]
        for answer, run in ((made, told(made)), (seen, told(seen)), *((listed, each) for each in runs)):
            found = run.get("triggering_user_name")
            judge.that(found == username, answer, f"a run is to name {username}, who triggered it; it names {found}")


@requirement("PUB-AUTH-009")
@needs("writes", "roles", "fixture-dags", "favorites")
def test_favorites_are_of_one_user(target: Target, judge: Judge) -> None:
    """A DAG that one user has among the favorites is in no other user's, by itself and where a list is narrowed."""
    dag, users = target.spare_dag(), writers(target)
    known = {role: one.username for role, one in target.credentials.by_role.items() if role in target.roles}
    made = target.call("favorite_dag", params={"dag_id": dag})
    expect(judge, made.status in (204, 409), made, "a user is to be able to make a DAG a favorite")
    try:
        for role in ("admin", *(role for role, name in known.items() if name and name != users.get("admin"))):
            own = role == "admin"
            for value in (True, False):
                query = {"is_favorite": value, "dag_id_pattern": dag}
                answer = target.call("get_dags", role=role, query=query)
                there = [each.get("dag_id") for each in told(answer).get("dags", [])]
                wish = f"the favorite of an admin is {'' if own else 'not '}to be one of {role}'s"
                judge.that((dag in there) is (own is value), answer, f"{wish}; is_favorite={value} chooses {there}")
            answer = target.call("get_dag_details", role=role, params={"dag_id": dag})
            found = told(answer).get("is_favorite", own)  # not shown before 3.2
            judge.that(found is own, answer, f"is_favorite is to be {own} for {role}; it is {found}")
    finally:
        target.call("unfavorite_dag", params={"dag_id": dag})
