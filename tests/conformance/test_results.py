from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from conformance.outcome import UNOBSERVED, Outcome, Violation
from conformance.results import Book
from conformance.selection import NOT_SELECTED, Case, Skipped
from conformance.verdict import RunVerdict, Verdict
from tests.conformance.samples import FACTS, book

ID = "PUB-AUTH-001"


def outcome(name: str, unreached: str | None = None) -> Outcome:
    return Outcome(name, "A sample.", [ID], unreached=unreached)


@pytest.mark.parametrize("order", [1, -1])
def test_reason_is_one_that_says_more_than_that_nothing_was_seen(order: int) -> None:
    told = [outcome("saw.nothing"), outcome("had.no.ticket", "there is no ticket")][::order]
    (row,) = book(*told).rows()
    assert (row.verdict, row.reason) == (Verdict.UNREACHED, "there is no ticket")


def test_where_nothing_was_seen_and_nobody_says_why() -> None:
    (row,) = book(outcome("saw.nothing")).rows()
    assert (row.verdict, row.reason) == (Verdict.UNREACHED, UNOBSERVED)


# ---- requirements that the ledger decides ----

BOTH = [("get_dags", 200, "application/json"), ("get_pools", 200, "application/json")]


def by_ledger(*outcomes: Outcome, facts: Mapping[str, object] = FACTS) -> Book:
    """A book in which the ledger (of two operations) decides a requirement."""
    kept = book(*outcomes, facts=facts, ids=[ID])
    kept.requirements = {ID: replace(kept.requirements[ID], by_ledger=True)}
    return kept


def row_of(kept: Book) -> tuple[Verdict, str]:
    (row,) = kept.rows()
    return row.verdict, row.reason


def seen(**more: Any) -> Outcome:
    return Outcome("a.check", "A sample.", [ID], observed={ID: 1}, **more)


def test_what_is_reached_passes() -> None:
    assert row_of(by_ledger(seen(reached=BOTH))) == (Verdict.PASS, "")
    assert by_ledger(seen(reached=BOTH)).verdict() is RunVerdict.CONFORMING


def test_what_is_not_reached_keeps_a_run_from_conforming_and_is_named() -> None:
    kept = by_ledger(seen(reached=BOTH[:1]))
    reason = "1 of 2 operations not seen to do their work: get_pools (no check saw it succeed on content that is known"
    assert row_of(kept)[0] is Verdict.UNREACHED
    assert row_of(kept)[1].startswith(reason)
    assert kept.verdict() is RunVerdict.INCONCLUSIVE


def test_without_the_key_the_ledger_decides_nothing() -> None:
    assert row_of(book(seen(reached=BOTH[:1]))) == (Verdict.PASS, "")


def test_the_worse_of_checks_and_ledger_counts() -> None:
    violation = Violation(ID, "it is 500", operation="get_pools")
    assert row_of(by_ledger(seen(reached=BOTH[:1], violations=[violation]))) == (Verdict.FAIL, "it is 500")
    assert row_of(by_ledger(seen(reached=BOTH, unreached="no log"))) == (Verdict.UNREACHED, "no log")
    assert row_of(by_ledger(seen(error="no answer")))[0] is Verdict.ERROR


def test_a_waived_failure_of_an_operation_leaves_it_waived() -> None:
    violation = Violation(ID, "it is 500", operation="get_pools", waiver="w.yaml:1")
    assert row_of(by_ledger(seen(reached=BOTH[:1], violations=[violation])))[0] is Verdict.WAIVED


def test_where_no_check_is_about_it_the_ledger_decides_alone() -> None:
    elsewhere = Outcome("another.check", "A.", ["PUB-PAGE-001"], reached=BOTH)
    assert row_of(by_ledger(elsewhere)) == (Verdict.PASS, "")
    assert row_of(by_ledger())[0] is Verdict.UNREACHED


def test_what_is_left_out_leaves_the_ledger_undecided() -> None:
    kept = by_ledger()
    kept.skipped["a.check"] = Skipped(
        Case("a.check", "", (ID,), (), "smoke", lawful=False), NOT_SELECTED, applicable=True
    )
    assert row_of(kept) == (Verdict.UNREACHED, NOT_SELECTED)


def test_a_narrowed_run_is_judged_by_its_operations() -> None:
    kept = by_ledger(seen(reached=BOTH[:1]))
    kept.narrowed = ["get_dags"]
    assert row_of(kept) == (Verdict.PASS, "")
    assert [entry.id for entry in kept.entries()] == ["get_dags"]


def test_where_nobody_is_let_in_the_ledger_demands_nothing() -> None:
    kept = by_ledger(facts={**FACTS, "admits": False})
    assert (row_of(kept)[0], kept.entries()) == (Verdict.NOT_APPLICABLE, [])


def test_what_does_not_run_is_told_as_what_is_not_claimed() -> None:
    kept = book()
    for name, reason in (("a", "not claimed: roles, writes"), ("b", "not running: scheduler"), ("c", "not known: x")):
        kept.skipped[name] = Skipped(Case(name, "", (ID,), (), "smoke", lawful=False), reason, applicable=False)
    assert kept.not_claimed() == ["roles", "scheduler (not running)", "writes"]
