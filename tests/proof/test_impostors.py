"""The suite refuses what only looks like an Airflow, and says what is wrong with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import profiles
from conformance.exchange import Response
from conformance.forms import Forms
from mockserver.server import running
from specs import contract
from tests.proof.impostors.dummy import success
from tests.proof.impostors.gallery import CASES, EMPTY, ENTRANCES, Case, Entrance
from tests.suite import run_suite

INCONCLUSIVE = 3


@pytest.mark.parametrize("case", ENTRANCES.values(), ids=list(ENTRANCES))
def test_an_impostor_is_seen_through_at_the_entrance(case: Entrance, tmp_path: Path) -> None:
    with running(case.make(profiles.load(case.profile))) as url:
        code, result = run_suite(url, case.profile, tmp_path)
    assert (code, result["verdict"], result["checks"]) == (INCONCLUSIVE, "inconclusive", [])
    assert result["requests"] < 20
    told = [*result["problems"], *result["because"]]
    assert any(re.search(case.says, each) for each in told), told


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_an_impostor_is_refused_with_the_reason(case: Case, tmp_path: Path) -> None:
    only = [f"--only={name}" for name in case.only or (*case.fails, *case.passes)]
    with running(case.make(profiles.load(case.profile))) as url:
        code, result = run_suite(url, case.profile, tmp_path, options=only)
    assert (code, result["verdict"]) == (1, "nonconforming")
    verdicts = {row["id"]: row["verdict"] for row in result["requirements"]}
    assert {name: verdicts[name] for name in (*case.fails, *case.passes)} == {
        **dict.fromkeys(case.fails, "FAIL"),
        **dict.fromkeys(case.passes, "PASS"),
    }
    said = {(each["requirement"], each["message"]) for check in result["checks"] for each in check["violations"]}
    for name, pattern in case.fails.items():
        messages = [message for requirement, message in said if requirement == name]
        assert any(re.search(pattern, message, re.DOTALL) for message in messages), (name, messages[:20])
    if case.make in EMPTY:
        ledger = {entry["id"]: (entry["reached"], entry["verdict"]) for entry in result["operations"]}
        assert ledger["get_pool"] == ([], "FAIL")


@pytest.mark.parametrize("api", ["public-v2", "stable-v1", "experimental"])
def test_what_the_dummy_answers_has_the_form_of_the_contract(api: str) -> None:
    """Else it would be refused for its forms, and nobody would know whether its content is looked at."""
    whole = contract.load(api)
    for interface in map(whole.cut, whole.versions):
        forms = Forms(interface)
        for operation in interface.operations.values():
            made = success(interface, operation)
            answer = Response(made.status_code, "", tuple(made.headers.items()), bytes(made.body), 0.0)
            assert forms.fault(operation, answer) == ""
