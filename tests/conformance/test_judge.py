from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

from conformance.guard import GuardRefusal
from conformance.judge import KEPT, Judge, Nonconformity, Unreached
from conformance.verdict import Level, Verdict
from tests.conformance.samples import exchange, new_judge, rules

NO_CHALLENGE = exchange(status=401)  # what the departure AF3-NO-CHALLENGE describes


def test_a_check_goes_on_after_a_violation_and_fails_at_its_end() -> None:
    judge = new_judge("PUB-PAGE-001")
    assert judge.that(True, exchange(), "fine")
    assert not judge.that(False, exchange(target="/api/v2/pools"), "expected 1; came 2")
    assert not judge.that(False, exchange(), "expected 3; came 4")
    with pytest.raises(Nonconformity) as raised:
        judge.finish()
    text = str(raised.value)
    assert "PUB-PAGE-001: No answer of a paged collection" in text
    assert "expected 1; came 2" in text
    assert "curl -i http://127.0.0.1:9/api/v2/pools" in text
    assert "expected 3; came 4" in text
    assert judge.outcome.observed == {"PUB-PAGE-001": 3}


def test_a_known_departure_does_not_fail_the_check() -> None:
    judge = new_judge("PUB-AUTH-010")
    judge.that(False, NO_CHALLENGE, "a challenge is sent; none was")
    judge.finish()
    assert judge.outcome.violations[0].departure == "AF3-NO-CHALLENGE"
    assert judge.outcome.verdict("PUB-AUTH-010", Level.SHOULD) is Verdict.DEPARTS


def test_what_only_looks_like_a_departure_fails_the_check() -> None:
    judge = new_judge("PUB-AUTH-010")
    judge.that(False, exchange(status=401, headers=[("WWW-Authenticate", "")]), "a challenge is sent; it is empty")
    with pytest.raises(Nonconformity, match="it is empty"):
        judge.finish()


def test_the_last_exchange_of_a_story_decides_about_the_departure() -> None:
    judge = new_judge("PUB-AUTH-010")
    judge.that(False, [NO_CHALLENGE, exchange(status=403)], "a challenge is sent; none was")
    assert judge.outcome.violations[0].departure is None
    assert [each["number"] for each in judge.outcome.violations[0].exchanges] == [1, 1]


def test_a_violation_counts_for_the_requirement_that_it_names_only() -> None:
    judge = new_judge("PUB-AUTH-002", "PUB-AUTH-015")
    judge.that(False, exchange(), "no", requirement="PUB-AUTH-015")
    judge.that(True, exchange(), "yes", requirement="PUB-AUTH-002")
    levels = [judge.outcome.verdict(name, Level.MUST) for name in ("PUB-AUTH-002", "PUB-AUTH-015")]
    assert levels == [Verdict.PASS, Verdict.FAIL]


def test_a_requirement_that_the_marker_does_not_name_is_our_fault() -> None:
    with pytest.raises(ValueError, match=r"PUB-AUTH-003.*@requirement"):
        new_judge("PUB-AUTH-002").that(True, exchange(), "yes", requirement="PUB-AUTH-003")


def test_a_requirement_that_does_not_apply_here_is_not_judged() -> None:
    judge = new_judge("PUB-AUTH-002")
    judge.elsewhere = frozenset({"PUB-AUTH-014"})
    assert not judge.that(False, exchange(), "no", requirement="PUB-AUTH-014")
    judge.finish()
    assert judge.outcome.observed == {}


def test_no_answer_is_an_error_and_no_observation() -> None:
    judge = new_judge("PUB-AUTH-002")
    assert not judge.that(True, exchange(status=None, error="nothing listens at x"), "yes")
    judge.finish()
    assert judge.outcome.observed == {}
    assert judge.outcome.verdict("PUB-AUTH-002", Level.MUST) is Verdict.ERROR
    assert judge.outcome.error == "no answer to GET /api/v2/dags: nothing listens at x"


def test_unreached_ends_the_check_and_keeps_what_was_found() -> None:
    judge = new_judge("PUB-AUTH-002")
    judge.that(False, exchange(), "no")
    with pytest.raises(Unreached, match="there is no DAG"):
        judge.unreached("there is no DAG")
    assert judge.outcome.verdict("PUB-AUTH-002", Level.MUST) is Verdict.FAIL


def test_many_violations_are_counted_but_not_all_kept_whole() -> None:
    judge = new_judge("PUB-PAGE-001")
    for number in range(KEPT + 5):
        judge.that(False, exchange(), f"violation {number}")
    assert len(judge.outcome.violations) == KEPT + 5
    assert sum(bool(each.exchanges) for each in judge.outcome.violations) == KEPT


def test_a_mismatch_tells_where_the_profile_says_so() -> None:
    judge = new_judge("PUB-PAGE-003")
    judge.mismatch("api.maximum_page_limit", "the target returned 200 items")
    assert "the profile does not describe the target" in str(judge.outcome.mismatches[0])
    assert judge.outcome.verdict("PUB-PAGE-003", Level.MUST) is Verdict.UNREACHED


def test_a_property_is_shrunk_to_the_smallest_violation() -> None:
    judge = new_judge("PUB-PAGE-005")

    @hypothesis.settings(database=None, max_examples=200)
    @hypothesis.given(limit=st.integers(0, 10_000))
    def search(limit: int) -> None:
        judge.that(limit < 77, exchange(target=f"/api/v2/dags?limit={limit}"), f"{limit} is refused; it was answered")

    with pytest.raises(Nonconformity) as raised:
        search()
    judge.ended_by(raised.value)
    assert [each.message for each in judge.outcome.violations] == ["77 is refused; it was answered"]
    assert judge.outcome.violations[0].exchanges[0]["request"]["target"] == "/api/v2/dags?limit=77"


def test_the_drawn_values_are_told_and_what_fixtures_gave_is_not() -> None:
    judge = new_judge("PUB-PAGE-005")
    judge.that(False, exchange(), "no")
    error = Nonconformity(judge.outcome.violations, {})
    judge.outcome.violations = []
    error.add_note("Failing test case: test_limit(\n    target=Target(\n        x=1,\n    ),\n    limit=77,\n)")
    judge.ended_by(error)
    assert judge.outcome.violations[0].example == "Failing test case: test_limit(\n    limit=77,\n)"


def test_a_departure_inside_a_property_is_noted_once_and_does_not_end_it() -> None:
    judge = new_judge("PUB-AUTH-010")

    @hypothesis.settings(database=None, max_examples=20)
    @hypothesis.given(st.integers())
    def search(_number: int) -> None:
        judge.that(False, NO_CHALLENGE, "a challenge is sent; none was")

    search()
    judge.finish()
    assert [each.departure for each in judge.outcome.violations] == ["AF3-NO-CHALLENGE"]


def test_an_answer_that_comes_once_only_is_still_a_violation() -> None:
    judge = new_judge("PUB-PAGE-005")
    answers = iter([False])

    @hypothesis.settings(database=None, max_examples=5)
    @hypothesis.given(st.integers())
    def search(_number: int) -> None:
        judge.that(next(answers, True), exchange(), "always the same; once it was not")

    with pytest.raises(BaseException) as raised:  # noqa: PT011 (Hypothesis wraps it)
        search()
    judge.ended_by(raised.value)
    assert judge.outcome.violations[0].message.startswith("always the same; once it was not")


def test_an_exception_of_ours_is_an_error() -> None:
    judge = new_judge("PUB-PAGE-005")
    judge.that(True, exchange(), "yes")
    judge.ended_by(KeyError("total_entries"))
    assert judge.outcome.error == "KeyError: 'total_entries'"
    assert judge.outcome.verdict("PUB-PAGE-005", Level.MUST) is Verdict.ERROR


def test_what_the_guard_holds_back_is_unreached_where_nothing_may_be_written() -> None:
    judge = new_judge("PUB-PAGE-005")
    judge.ended_by(GuardRefusal("POST /x is not sent"))
    assert judge.outcome.verdict("PUB-PAGE-005", Level.MUST) is Verdict.ERROR
    judge = Judge(rules("PUB-PAGE-005", facts={"capabilities": frozenset()}), judge.outcome)
    judge.outcome.error = None
    judge.ended_by(GuardRefusal("POST /x is not sent"))
    assert judge.outcome.verdict("PUB-PAGE-005", Level.MUST) is Verdict.UNREACHED


def test_outcomes_survive_the_way_to_the_controller() -> None:
    judge = new_judge("PUB-AUTH-010", "PUB-PAGE-003")
    judge.that(False, NO_CHALLENGE, "a challenge is sent; none was", requirement="PUB-AUTH-010")
    judge.mismatch("api.maximum_page_limit", "the target returned 200 items")
    judge.reached("get_dags", 200)
    outcome = judge.outcome
    assert type(outcome).from_json(outcome.to_json()) == outcome
