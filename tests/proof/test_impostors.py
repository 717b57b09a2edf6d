"""The suite refuses what only looks like an Airflow, and says what is wrong with it: a whole run against each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.applications import Starlette

import profiles
from conformance.exchange import Response
from conformance.forms import Forms
from mockserver.server import running
from profiles import Profile
from specs import contract
from tests.proof.impostors.dummy import dummy, success
from tests.proof.impostors.forgetful import forgetful
from tests.proof.impostors.hollow import hollow
from tests.suite import run_suite


class Case(NamedTuple):
    """An impostor: what plays it as which profile, what has to fail with which message, what it does as it should."""

    make: Callable[[Profile], Starlette]
    profile: str
    fails: Mapping[str, str]
    passes: tuple[str, ...] = ()


CASES = {
    "dummy-v2": Case(
        dummy,
        "airflow-3",
        {
            "PUB-API-001": r"get_pool: .*string",
            "PUB-API-003": r"limit \(query\).* is to be refused with 422; the answer was 200",
            "PUB-API-007": r"post_connection is to tell of the connection",
            "PUB-AUTH-008": r"for the role viewer is to be refused with 403; it was answered with 200",
            "PUB-PAGE-006": r"beyond the end there is nothing; .* was answered with 1 items of 1",
            "PUB-STATE-001": r"the answer is to show \{'slots': 3.*; it shows \{'slots': 1",
        },
        ("PUB-AUTH-001", "PUB-AUTH-002", "PUB-AUTH-003", "PUB-TOKEN-001", "PUB-TOKEN-004"),
    ),
    "dummy-v1": Case(
        dummy,
        "airflow-2.2-basic",
        {
            "STB-API-001": r"get_pool: .*string",
            "STB-API-003": r"limit \(query\).* is to be refused with 400; the answer was 200",
            "STB-AUTH-006": r"for the role public is to be refused with 403; it was answered with 200",
            "STB-PAGE-006": r"items are on no page",
            "STB-STATE-001": r"the answer is to show \{'slots': 3.*; it shows \{'slots': 1",
        },
        ("STB-AUTH-001", "STB-AUTH-002", "STB-BASIC-001"),
    ),
    "hollow-v2": Case(
        hollow,
        "airflow-3",
        {
            "PUB-API-001": r"get_pool: .*string",
            "PUB-AUTH-009": r"is to be put down to admin; it is to nobody",
            "PUB-PAGE-006": r"beyond the end there is nothing; .* was answered with 1 items of 1",
            "PUB-STATE-001": r"the answer is to show \{'slots': 3.*; it shows \{'slots': 1",
        },
        ("PUB-AUTH-001", "PUB-AUTH-002", "PUB-AUTH-003", "PUB-AUTH-013", "PUB-TOKEN-001", "PUB-CORS-006"),
    ),
    "hollow-v1": Case(
        hollow,
        "airflow-2-basic",
        {
            "STB-API-001": r"get_pool: .*string",
            "STB-PAGE-006": r"items are on no page",
            "STB-STATE-001": r"the answer is to show \{'slots': 3.*; it shows \{'slots': 1",
        },
        ("STB-AUTH-002", "STB-BASIC-001", "STB-SESSION-001"),
    ),
    "forgetful-v2": Case(
        forgetful,
        "airflow-3",
        {
            "PUB-API-001": r"get_pool is to answer 200; it was 404",
            "PUB-API-005": r"is to list what the run has put there; of \d+ items \d+ are missing",
            "PUB-API-008": r"bulk_\w+ is to tell of .*; it tells of",
            "PUB-PAGE-006": r"by pages of \d+: total_entries is to be \d+ on every page",
            "PUB-STATE-001": r"pool .* is to be there; the answer was 404",
        },
        ("PUB-AUTH-001", "PUB-AUTH-002", "PUB-AUTH-003", "PUB-TOKEN-001", "PUB-TOKEN-004"),
    ),
    "forgetful-v1": Case(
        forgetful,
        "airflow-2-basic",
        {
            "STB-API-001": r"get_pool is to answer 200; it was 404",
            "STB-PAGE-006": r"by pages of \d+: total_entries is to be \d+ on every page",
            "STB-STATE-001": r"pool .* is to be there; the answer was 404",
        },
        ("STB-AUTH-002", "STB-BASIC-001", "STB-SESSION-001"),
    ),
    "forgetful-experimental": Case(
        forgetful,
        "airflow-1.10-open",
        {
            "EXP-API-006": r"get_pool is to answer 200; it was 404",
            "EXP-POOL-002": r"after it was created there is to be \{'pool': .*; there is \{'pool': None",
            "EXP-RUN-001": r"the list is to have one run more, .*; it has \(\)",
        },
        ("EXP-POOL-001", "EXP-API-001"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_an_impostor_is_refused_with_the_reason(case: Case, tmp_path: Path) -> None:
    with running(case.make(profiles.load(case.profile))) as url:
        code, result = run_suite(url, case.profile, tmp_path)
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
    ledger = {entry["id"]: entry for entry in result["operations"]}
    assert ledger["get_pool"]["reached"] == []
    assert ledger["get_pool"]["verdict"] == "FAIL"


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
