"""A run is found at its date, in whatever form that is written, and at no other (experimental-api, "Endpoints")."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.checks.experimental_api.answers import record, records, refused, succeeded
from conformance.checks.experimental_api.runs import WITH_TASKS, Made, Runs, at, keys
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.dates import FAR, NO_DATES, no_dates, others, plain, zoned, zoned_forms
from conformance.target import Target

#: What the document's words "public instance variables" come to at least.
VARIABLES = ("dag_id", "run_id", "execution_date", "state")


@requirement("EXP-DATE-001")
def test_run_is_found_at_the_dates_that_are_told(judge: Judge, runs: Runs) -> None:
    """At the date of the list, and at the date of the answer to its creation, the run is, in the state of the list."""
    for made in runs.there(judge):
        listed = runs.listed(made.dag_id)
        item = next((one for one, key in zip(records(listed), keys(listed), strict=True) if key == made.key), {})
        told = record(made.tried.answer).get("execution_date")
        for date in (item.get("execution_date"), told):
            judge.that(isinstance(date, str), listed, f"{made} is to have a date; it has {date!r}")
            found = at(runs.target, made.dag_id, str(date))
            if succeeded(judge, found, f"{made} is to be found at {date}"):
                state = record(found).get("state")
                same = state == item.get("state")
                judge.that(same, [listed, found], f"{made} is {item.get('state')} in the list, and at {date} {state}")


@requirement("EXP-DATE-002")
def test_answer_has_the_variables_of_the_run(judge: Judge, runs: Runs) -> None:
    """The answer tells the DAG, the run id, the date and the state, and those of the run that was asked for."""
    runs.there(judge)
    made = runs.early
    found = at(runs.target, made.dag_id, plain(made.moment))
    shown = record(found)
    lacking = [name for name in VARIABLES if name not in shown]
    judge.that(not lacking, found, f"the answer about {made} is to have {', '.join(VARIABLES)}; it lacks {lacking}")
    told = shown.get("dag_id", made.dag_id), shown.get("run_id", made.run_id)
    judge.that(told == (made.dag_id, made.run_id), found, f"the answer about {made} is about {told}")
    state = shown.get("state")
    judge.that(isinstance(state, str), found, f"the answer about {made} is to have its state; it has {state!r}")


@requirement("EXP-DATE-003")
def test_date_in_the_form_of_the_document(judge: Judge, runs: Runs) -> None:
    """YYYY-mm-DDTHH:MM:SS is understood, in UTC: an hour beside it there is nothing."""
    for made in runs.there(judge):
        if not made.moment.microsecond:
            succeeded(
                judge,
                at(runs.target, made.dag_id, plain(made.moment)),
                f"{made} is to be found at {plain(made.moment)}",
            )
            for hours in (-1, 1, 2):
                beside = plain(made.moment + timedelta(hours=hours))
                refused(judge, at(runs.target, made.dag_id, beside), f"a run at {beside}, where there is none,", 404)


@requirement("EXP-DATE-004")
@settings(max_examples=8)
@given(data=st.data())
def test_date_with_a_zone(judge: Judge, runs: Runs, data: st.DataObject) -> None:
    """With a zone it is the moment that counts; the same clock time in another zone is another moment."""
    made = data.draw(st.sampled_from(runs.there(judge)), label="run")
    date = data.draw(zoned_forms(made.moment), label="date")
    succeeded(judge, at(runs.target, made.dag_id, date), f"{made} is to be found at {date}")


@requirement("EXP-DATE-004")
def test_clock_of_another_zone_is_another_moment(judge: Judge, runs: Runs) -> None:
    """The clock time of a run with the offset of another zone is a moment at which there is no run."""
    for made in runs.there(judge):
        for offset in (timedelta(hours=1), timedelta(hours=-8), timedelta(hours=5, minutes=45)):
            date = zoned(made.moment - offset, offset)
            refused(judge, at(runs.target, made.dag_id, date), f"a run at {date}, where there is none,", 404)


@requirement("EXP-DATE-005")
def test_what_is_no_date_is_refused(target: Target, judge: Judge, depth: str) -> None:
    """What is no date is refused with 400, be DAG and task known or not."""
    unknown = target.new_name("unknown")
    places = [(dag, task) for task in (None, "first", unknown) for dag in (WITH_TASKS, unknown)]
    for number, date in enumerate(NO_DATES):
        for dag, task in places if depth == "deep" else places[number % len(places) :][:1]:
            refused(judge, at(target, dag, date, task), f"the date {date[:40]!r}", 400)


@requirement("EXP-DATE-005")
@settings(max_examples=10)
@given(data=st.data())
def test_drawn_dates_that_are_none_are_refused(target: Target, judge: Judge, data: st.DataObject) -> None:
    """Dates of which a number is out of its range."""
    date, task = data.draw(no_dates(), label="date"), data.draw(st.sampled_from((None, "first")), label="task")
    refused(judge, at(target, WITH_TASKS, date, task), f"the date {date[:40]!r}", 400)


@requirement("EXP-DATE-006")
def test_no_run_at_the_date_of_another_dag(judge: Judge, runs: Runs) -> None:
    """At the date of a run of another DAG the DAG has none."""
    for made in runs.there(judge):
        for dag in {runs.dag, runs.other_dag, WITH_TASKS} - {made.dag_id}:
            refused(judge, at(runs.target, dag, plain(made.moment)), f"in {dag} the date of {made}", 404)


@requirement("EXP-DATE-006")
def test_no_run_at_the_ends_of_time(judge: Judge, runs: Runs) -> None:
    """At the first and the last dates that there are the DAG has no run, and the server goes on."""
    for date in FAR:
        refused(judge, at(runs.target, runs.dag, date), f"a run at {date}, where there is none,", 400, 404)


@requirement("EXP-DATE-006")
@settings(max_examples=15)
@given(data=st.data())
def test_no_run_beside_its_date(judge: Judge, runs: Runs, data: st.DataObject) -> None:
    """At moments next to that of a run, from a microsecond to years, there is no run."""
    made: Made = data.draw(st.sampled_from(runs.there(judge)), label="run")
    there = {date for _, date in keys(made.tried.after)}
    beside = data.draw(others(made.moment).filter(lambda date: date not in there), label="moment")
    refused(judge, at(runs.target, made.dag_id, plain(beside)), f"in {made.dag_id} the date {plain(beside)}", 404)
