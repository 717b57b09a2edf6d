from __future__ import annotations

import re

import pytest

from conformance import apis, stories, unreached
from conformance.stories import StoryError
from specs import contract
from specs.versions import Version, within

VERSIONS = [(api, version) for api in apis.NAMES for version in contract.load(api).versions]


def read(text: str) -> tuple[stories.Story, ...]:
    return stories.read(text, "stories.yaml", "public-v2")


@pytest.mark.parametrize("api", apis.NAMES)
def test_stories_say_nothing_that_the_contract_has_not(api: str) -> None:
    assert stories.load(api)
    assert stories.faults(api) == []


@pytest.mark.parametrize("api", ["public-v2", "stable-v1"])
def test_neither_do_those_of_bystanders(api: str) -> None:
    assert stories.load(api, "bystanders")
    assert stories.faults(api, "bystanders") == []


@pytest.mark.parametrize(("api", "version"), VERSIONS, ids=lambda value: str(value))
def test_every_success_is_in_a_story_or_has_a_reason(api: str, version: Version) -> None:
    for manager in contract.load(api).auth_managers:
        here = contract.load(api).cut(version, manager)
        reached = {
            (step.do, status)
            for story in stories.load(api)
            for step in story.told(here)
            for status in step.wanted(here.operations[step.do])
        }
        excused = {
            (each.operation, each.status) for each in unreached.load(api) if within(version, each.since, each.until)
        }
        for operation in here.operations.values():
            open_ones = {(operation.id, status) for status in operation.success} - reached
            assert {each for each in open_ones if not {each, (operation.id, None)} & excused} == set()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- a", "stories.yaml:1: 'file' must be a mapping"),
        ("a: {}", "stories.yaml:1: 'a' needs the key 'steps'"),
        ("a:\n  steps: []", "stories.yaml:2: 'a' has no steps"),
        (
            "a:\n  steps:\n    - {do: get_pool, parms: {}}",
            "stories.yaml:3: unknown key 'parms'; did you mean 'params'?",
        ),
        ("a:\n  steps:\n    - {params: {}}", "stories.yaml:3: '0' needs the key 'do'"),
        (
            "a:\n  steps:\n    - {do: get_pool, since: 3.0}",
            "stories.yaml:3: 'since': 3.0 is no text; put the version in quotes",
        ),
        (
            "a:\n  steps:\n    - {do: get_pool, until: 'three'}",
            "stories.yaml:3: 'until': 'three' is no Airflow version; ",
        ),
        (
            "a:\n  steps:\n    - {do: get_pool, keep: {id: id}}",
            "stories.yaml:3: 'id' is no JSON pointer; it begins with /",
        ),
        ("a:\n  steps:\n    - {do: get_pool, shows: [3]}", "stories.yaml:3: '3' is no JSON pointer; it begins with /"),
        ("a:\n  steps:\n    - {do: get_pool, token: old}", "stories.yaml:3: 'token' can only be fresh"),
        (
            "a:\n  steps:\n    - {do: get_pool, status: true}",
            "stories.yaml:3: 'status' must be a whole number or a list",
        ),
        (
            "a:\n  watched: {b: {do: x}}\n  steps:\n    - {do: x, touches: [c]}",
            "stories.yaml:4: 'c' is not watched",
        ),
        ("a:\n  needs: [1]\n  steps: [{do: x}]", "stories.yaml:2: 'needs' must hold texts only"),
        ("a: [b", "stories.yaml:2: "),
    ],
)
def test_mistakes_name_their_line(text: str, why: str) -> None:
    with pytest.raises(StoryError, match=f"^{re.escape(why)}"):
        read(text)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("{do: get_pols}", "no version that a is told in has an operation get_pols"),
        ("{do: get_hitl_details, until: '3.0'}", "no version that a is told in has an operation get_hitl_details"),
        ("{do: get_pool, has: {}, params: {pool: x, pool_name: x}}", "get_pool has no path parameter pool"),
        ("{do: get_pool, has: {a: 1}}", "get_pool needs the path parameter pool_name"),
        ("{do: get_pools, query: {nam: 1}, has: {a: 1}}", "get_pools has no query parameter nam"),
        ("{do: get_pools, status: 204}", "the contract has no status 204 for get_pools"),
        ("{do: get_pools}", "nothing is known of what get_pools answers; say one of has, lists, "),
    ],
)
def test_what_the_contract_has_not_is_a_fault(step: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = read(f"a:\n  steps:\n    - {step}")
    monkeypatch.setattr(stories, "load", lambda *_: told)
    assert stories.faults("public-v2")[0].startswith(f"stories.yaml:3: {why}")


def test_an_until_is_a_version_or_what_is_awaited() -> None:
    (story,) = read(
        "a:\n  steps:\n    - {do: get_dag_run, until: {state: success}}\n    - {do: get_pool, until: '3.1'}"
    )
    first, second = story.steps
    assert (first.awaits, first.until) == ({"state": "success"}, None)
    assert (second.awaits, second.until) == (None, "3.1")


def test_steps_are_told_where_the_version_has_them() -> None:
    (story,) = read("a:\n  steps: [{do: get_hitl_details}, {do: get_pools, since: '3.2'}, {do: get_dags}]")
    cuts = {name: contract.load("public-v2").cut(name) for name in ("3.0", "3.3")}
    assert [step.do for step in story.told(cuts["3.0"])] == ["get_dags"]
    assert [step.do for step in story.told(cuts["3.3"])] == ["get_hitl_details", "get_pools", "get_dags"]


def test_a_story_out_of_its_versions_is_not_told() -> None:
    (story,) = read("a:\n  since: '3.1'\n  steps: [{do: get_dags}]")
    assert not story.told(contract.load("public-v2").cut("3.0"))
    assert story.told(contract.load("public-v2").cut("3.1"))


def test_what_could_reach_an_operation_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    told = read(
        "a:\n  needs: [writes]\n  steps: [{do: get_pool, needs: [scheduler]}, {do: get_pool, status: 404}]\n"
        "b:\n  steps: [{do: get_pool}]"
    )
    monkeypatch.setattr(stories, "load", lambda *_: told)
    here = contract.load("public-v2").cut("3.3")
    assert stories.reaching(here, "public-v2", "get_pool") == [("a", ("writes", "scheduler")), ("b", ())]
    assert stories.reaching(here, "public-v2", "get_pools") == []
