from __future__ import annotations

import pytest

import profiles
from conformance.checks.every_api import web
from conformance.checks.every_api.proofs import OPENS, unproven, wrong
from conformance.credentials import Credentials
from conformance.judge import Unreached
from conformance.strategies.sessions import as_shipped
from conformance.target import Target
from conformance.transport import Transport
from specs import requirements
from tests.conformance.samples import new_judge
from tests.conformance.targets import mock, target_at

HERE = "http://localhost:1"
#: An Airflow 2 with the experimental API behind Basic, and with its web login.
FORM = ["documents=experimental-api", "api.enable_experimental_api=True", "webserver_config.AUTH_ROLE_PUBLIC=null"]
PASSWORD, DENIED = "airflow-1.10-password", "airflow-1.10-deny-all"


@pytest.mark.parametrize("profile", [name for name in profiles.names() if not name.startswith("composer")])
def test_every_way_in_has_a_requirement(profile: str) -> None:
    drivers = target_at(HERE, profile).drivers
    assert all(requirements.find(name) for way in drivers for name in OPENS[way])


def test_an_unknown_user_is_no_costly_proof_in_airflow_1() -> None:
    found = wrong(target_at(HERE, PASSWORD), new_judge("EXP-PASSWORD-002"))
    assert {(one.requirement, one.costly) for one in found} == {("EXP-PASSWORD-002", False)}
    assert len(found) == 2


def test_good_proof_under_another_scheme_is_no_bad_proof_where_schemes_do_not_count() -> None:
    judge = new_judge("EXP-AUTH-003")
    assert not any("good" in one.flaw for one in unproven(target_at(HERE, PASSWORD), judge))
    assert any("good" in one.flaw for one in unproven(target_at(HERE, "airflow-2.2-basic"), judge))


def test_sessions_of_a_web_interface_without_a_login_form() -> None:
    with mock(DENIED) as url:
        target = target_at(url, DENIED)
        found = web.ways_in(target, new_judge("EXP-AUTH-001"))
        target.close()
    assert [one.flaw for one in found][-2:] == [one.flaw for one in as_shipped()]


def test_the_session_of_a_login_where_there_is_a_form() -> None:
    with mock("airflow-2-basic", FORM) as url:
        target = target_at(url, "airflow-2-basic", *FORM)
        (attempt,) = web.ways_in(target, new_judge("EXP-AUTH-001"))
        assert target.call("GET", "/home", role=None, headers=attempt.headers).status == 200
        assert target.call("test", role=None, headers=attempt.headers).status == 401
        target.close()


def test_a_form_without_a_user_to_log_in_reaches_nothing() -> None:
    with mock("airflow-2-basic", FORM) as url:
        found, transport = profiles.load("airflow-2-basic", FORM), Transport(url)
        target = Target(found, transport, Credentials({}), prefix="conf_1_")
        with pytest.raises(Unreached):
            web.ways_in(target, new_judge("EXP-AUTH-001"))
        transport.close()
