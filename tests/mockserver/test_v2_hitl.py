"""Tasks that ask people: measured on Airflow 3.3.2."""

from __future__ import annotations

import pytest

from tests.mockserver.api import Api

RUN = "/dags/conformance_hitl/dagRuns/run"
ASK = f"{RUN}/taskInstances/ask/-1/hitlDetails"
YES = {"chosen_options": ["yes"], "params_input": {"word": "answered"}}


@pytest.fixture
def api() -> Api:
    made = Api()
    made.trigger("conformance_hitl")
    return made


def instance(api: Api) -> dict[str, object]:
    found: dict[str, object] = api.get(f"{RUN}/taskInstances/ask")
    return found


def test_a_task_asks_when_it_runs_and_not_before(api: Api) -> None:
    assert api.call("GET", ASK).status == 404
    assert api.get(f"{RUN}/hitlDetails")["total_entries"] == 0
    api.wait(2)
    detail = api.get(ASK)
    assert (detail["options"], detail["defaults"], detail["response_received"]) == (["yes", "no"], ["no"], False)
    assert detail["params"] == {"word": {"value": "said", "schema": {}, "description": None, "source": "task"}}
    assert detail["task_instance"] == instance(api)
    assert instance(api)["state"] == "awaiting_input"
    assert api.get(f"{RUN}/hitlDetails")["hitl_details"] == [detail]


def test_before_3_3_a_task_that_asks_is_deferred() -> None:
    api = Api("3.2")
    api.trigger("conformance_hitl")
    api.wait(2)
    assert instance(api)["state"] == "deferred"


@pytest.mark.parametrize(("params", "state"), [({"word": "x"}, "success"), ({}, "success"), ({"other": 1}, "failed")])
def test_it_goes_on_with_the_answer(api: Api, params: dict[str, object], state: str) -> None:
    api.wait(2)
    answer = api.call("PATCH", ASK, {"chosen_options": ["yes"], "params_input": params})
    assert (answer.status, answer.body["params_input"]) == (200, params)
    api.wait(2)
    assert (instance(api)["state"], api.get(RUN)["state"]) == (state, state)
    left = api.call("GET", f"{RUN}/taskInstances/ask/xcomEntries/return_value")
    assert left.status == (200 if state == "success" else 404)


def test_an_answer_is_given_once(api: Api) -> None:
    api.wait(2)
    for wrong in (["maybe"], ["yes", "no"]):
        assert api.call("PATCH", ASK, {"chosen_options": wrong}).status == 400
    assert api.call("PATCH", ASK, {"chosen_options": []}).status == 422
    assert api.get(ASK)["response_received"] is False
    assert [api.call("PATCH", ASK, YES).status for _ in range(2)] == [200, 409]
    assert api.get(ASK)["chosen_options"] == ["yes"]


def test_each_try_asks_anew(api: Api) -> None:
    api.wait(2)
    api.call("PATCH", ASK, YES)
    api.wait(2)
    clear = {"dag_run_id": "run", "task_ids": ["ask"], "dry_run": False, "only_failed": False}
    api.call("POST", "/dags/conformance_hitl/clearTaskInstances", clear)
    assert api.get(ASK)["response_received"] is True
    assert api.call("GET", f"{ASK}/tries/2").status == 404
    api.wait(2)
    assert api.get(ASK)["response_received"] is False
    first, second = (api.get(f"{ASK}/tries/{number}") for number in (1, 2))
    assert (first["response_received"], first["task_instance"]["state"]) == (True, "success")
    assert (second["response_received"], second["task_instance"]["try_number"]) == (False, 2)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("subject_search=go", 1),
        ("subject_search=stop", 0),
        ("body_search=suite", 1),
        ("response_received=true", 0),
        ("task_id=ask&map_index=-1&state=awaiting_input", 1),
        ("state=success", 0),
        ("order_by=-subject", 1),
    ],
)
def test_what_is_asked_can_be_looked_for(api: Api, query: str, count: int) -> None:
    api.wait(2)
    assert api.get(f"/dags/~/dagRuns/~/hitlDetails?{query}")["total_entries"] == count


def test_what_is_known_of_the_task(api: Api) -> None:
    task = api.get("/dags/conformance_hitl/tasks/ask")
    assert (task["operator_name"], task["template_fields"]) == ("HITLOperator", ["subject", "body"])
    assert task["class_ref"]["class_name"] == instance(api)["operator"] == "HITLOperator"
