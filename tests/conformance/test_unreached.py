"""The reasons why operations cannot be reached, as data: each is about something that the contract has."""

from __future__ import annotations

import pytest

from conformance import apis, ledger, unreached
from conformance.unreached import Excuse
from profiles import load, names
from specs import contract
from specs.versions import within

EVERY = [(api, excuse) for api in apis.NAMES for excuse in unreached.load(api)]
FACTS = {fact for name in names() for fact in load(name).facts()} | {
    "scheduler",
    "triggerer",
    "dag_processor",
    "barred",
}


@pytest.mark.parametrize(("api", "excuse"), EVERY, ids=[f"{api}-{excuse.operation}" for api, excuse in EVERY])
def test_an_excuse_is_about_what_the_contract_has(api: str, excuse: Excuse) -> None:
    whole = contract.load(api)
    cuts = [whole.cut(version, manager) for version in whole.versions for manager in whole.auth_managers]
    here = [cut for cut in cuts if within(cut.version, excuse.since, excuse.until)]
    about = [cut.operations[excuse.operation] for cut in here if excuse.operation in cut.operations]
    successes = {success for operation in about for success in ledger.documented(operation)}
    assert [each for each in successes if excuse.covers(excuse.operation, *each)], "no version has that"
    assert len(excuse.reason.split()) > 3
    assert {*excuse.applies, *excuse.unless} <= FACTS


@pytest.mark.parametrize("api", apis.NAMES)
def test_every_api_has_its_list(api: str) -> None:
    assert isinstance(unreached.load(api), tuple)


def test_a_key_that_is_not_known_is_refused() -> None:
    with pytest.raises(TypeError, match="whenever"):
        Excuse(operation="get_pool", reason="It is so.", whenever="3.0")  # type: ignore[call-arg]
