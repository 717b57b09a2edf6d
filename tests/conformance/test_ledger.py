from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance import ledger as ledgers
from conformance.ledger import UNSEEN, Entry, Ledger, Seen, Success, Way
from conformance.outcome import Outcome, Violation
from conformance.selection import NOT_SELECTED, Case, Skipped
from conformance.unreached import Excuse
from conformance.verdict import Level, Verdict
from specs import contract

INTERFACE = contract.load().cut("3.3")
UNDOCUMENTED = contract.load("experimental").cut("2.11").operations["get_lineage"]
CLAIMED: dict[str, object] = {"admits": True, "capabilities": frozenset({"writes"})}
LAW = "PUB-API-001"
#: The successes of some operations: one status without a body, two statuses, one status in two media types.
DELETE, LOGIN, LOG = "delete_pool", "login", "get_log"
JSON, LINES = "application/json", "application/x-ndjson"


def outcome(*reached: tuple[str, int, str], check: str = "a.check", **seen: Any) -> Outcome:
    return Outcome(check, "A sample.", [LAW], reached=list(reached), **seen)


def wrong(operation: str, requirement: str = LAW, **excuse: str) -> Violation:
    return Violation(requirement, f"{operation} is wrong", operation=operation, **excuse)


def left_out(check: str, reason: str) -> dict[str, Skipped]:
    return {check: Skipped(Case(check, "", (LAW,), (), "smoke", lawful=False), reason, applicable=True)}


def entry(
    operation: str,
    *outcomes: Outcome,
    excuses: tuple[Excuse, ...] = (),
    ways: tuple[Way, ...] = (),
    facts: Mapping[str, object] = CLAIMED,
    skipped: Mapping[str, Skipped] | None = None,
) -> Entry:
    """What the ledger says of one operation."""
    found = INTERFACE.operations.get(operation, UNDOCUMENTED)
    book = Ledger({operation: found}, INTERFACE.version, excuses, lambda _: ways)
    levels = {LAW: Level.MUST, "PUB-PAGE-001": Level.MUST, "PUB-AUTH-010": Level.SHOULD}
    (only,) = book.entries(Seen(facts, levels, outcomes, skipped or {}, {LAW}))
    return only


def told(found: Entry) -> tuple[str, str]:
    return found.verdict.value, found.reason


def test_what_an_operation_documents() -> None:
    found = {name: list(map(str, entry(name).documented)) for name in (DELETE, LOGIN, LOG)}
    assert found == {DELETE: ["204"], LOGIN: ["200", "307"], LOG: [f"200 {JSON}", f"200 {LINES}"]}


@pytest.mark.parametrize(
    ("operation", "reached", "lacking"),
    [
        (DELETE, [(204, "")], []),
        (DELETE, [(204, "text/plain")], []),  # what type an empty answer has is not the ledger's
        (DELETE, [(200, JSON)], ["204"]),
        (LOGIN, [(307, "")], ["200"]),
        (LOGIN, [(307, ""), (200, JSON)], []),
        (LOG, [(200, JSON)], [f"200 {LINES}"]),
        (LOG, [(200, "")], [f"200 {JSON}", f"200 {LINES}"]),
        (LOG, [(200, LINES), (200, JSON)], []),
    ],
)
def test_every_documented_success_counts(operation: str, reached: list[tuple[int, str]], lacking: list[str]) -> None:
    found = entry(operation, *(outcome((operation, *each)) for each in reached))
    assert list(map(str, found.lacking)) == lacking
    assert told(found) == (("UNREACHED", UNSEEN) if lacking else ("PASS", ""))


def test_what_another_operation_answered_is_not_seen() -> None:
    assert told(entry(DELETE, outcome(("get_pool", 204, "")))) == ("UNREACHED", UNSEEN)


def test_an_excuse_for_a_part_is_told_beside_what_was_reached() -> None:
    excuse = Excuse(LOG, "a reason.", media=LINES)
    found = entry(LOG, outcome((LOG, 200, JSON)), excuses=(excuse,))
    assert told(found) == ("PASS", f"200 {LINES}: a reason.")
    assert told(entry(LOG, excuses=(excuse,))) == ("UNREACHED", UNSEEN)


@pytest.mark.parametrize(
    ("excuse", "counts"),
    [
        (Excuse(DELETE, "why."), True),
        (Excuse(DELETE, "why.", status=204, since="3.3", until="3.3"), True),
        (Excuse(DELETE, "why.", status=200), False),
        (Excuse(DELETE, "why.", until="3.2"), False),
        (Excuse(DELETE, "why.", applies={"admits": True}, unless={"scheduler": True}), True),
        (Excuse(DELETE, "why.", applies={"admits": False}), False),
        (Excuse(DELETE, "why.", unless={"capabilities": "writes"}), False),
        (Excuse("get_pool", "why."), False),
    ],
)
def test_an_excuse_counts_where_it_holds(excuse: Excuse, counts: bool) -> None:
    assert told(entry(DELETE, excuses=(excuse,))) == (("NOT_APPLICABLE", "why.") if counts else ("UNREACHED", UNSEEN))


def test_an_excuse_does_not_hide_what_was_reached() -> None:
    assert told(entry(DELETE, outcome((DELETE, 204, "")), excuses=(Excuse(DELETE, "why."),))) == ("PASS", "")


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ([("roles",)], ("NOT_APPLICABLE", "not claimed: roles")),
        ([("writes", "scheduler")], ("NOT_APPLICABLE", "not running: scheduler")),
        ([("roles", "fixture-dags"), ("roles",)], ("NOT_APPLICABLE", "not claimed: roles")),
        ([("roles",), ("writes",)], ("UNREACHED", UNSEEN)),
    ],
)
def test_what_needs_something_that_is_not_there_is_not_demanded(
    needs: list[tuple[str, ...]], expected: tuple[str, str]
) -> None:
    assert told(entry(DELETE, ways=tuple(Way("a.story", each) for each in needs))) == expected


def test_the_reason_is_what_the_check_says_that_could_reach_it() -> None:
    ways = (Way("a.story"), Way("another"))
    assert told(entry(DELETE, outcome(check="a.story", unreached="no log"), ways=ways)) == ("UNREACHED", "no log")
    deep = left_out("another", "checked from --depth deep on")
    assert told(entry(DELETE, ways=ways, skipped=deep)) == ("UNREACHED", "checked from --depth deep on")
    assert told(entry(DELETE, ways=ways, skipped=left_out("z", NOT_SELECTED))) == ("UNREACHED", NOT_SELECTED)
    ran = outcome(check="a.story", observed={LAW: 1})
    assert told(entry(DELETE, ran, ways=ways, skipped=left_out("z", NOT_SELECTED))) == ("UNREACHED", UNSEEN)


@pytest.mark.parametrize(
    ("violation", "verdict"),
    [
        (wrong(DELETE), "FAIL"),
        (wrong(DELETE, "PUB-PAGE-001"), "FAIL"),
        (wrong(DELETE, "PUB-AUTH-010"), "UNREACHED"),  # a recommendation
        (wrong("get_pool"), "UNREACHED"),
        (wrong(DELETE, departure="AF3-X"), "DEPARTS"),
        (wrong(DELETE, waiver="w.yaml:1"), "WAIVED"),
        (wrong(DELETE, "PUB-PAGE-001", departure="AF3-X"), "UNREACHED"),  # excused of something else
    ],
)
def test_a_violation_counts_for_its_operation(violation: Violation, verdict: str) -> None:
    found = entry(DELETE, outcome(violations=[violation]))
    assert found.verdict.value == verdict
    reached = entry(DELETE, outcome((DELETE, 204, ""), violations=[violation]))
    assert reached.verdict.value == ("FAIL" if verdict == "FAIL" else "PASS")


def test_of_what_the_document_does_not_name_nothing_is_demanded() -> None:
    found = entry("get_lineage")
    assert (found.level, found.verdict) == (Level.MAY, Verdict.UNREACHED)
    assert ledgers.of_entries([found])[0] is Verdict.NOT_APPLICABLE


def test_nobody_is_let_in() -> None:
    book = Ledger(INTERFACE.operations, INTERFACE.version)
    assert book.entries(Seen({"admits": False}, {}, (), {})) == []
    assert ledgers.of_entries([])[0] is Verdict.NOT_APPLICABLE


def test_a_narrowed_run_has_a_narrowed_ledger() -> None:
    book = Ledger(INTERFACE.operations, INTERFACE.version)
    assert [each.id for each in book.entries(Seen(CLAIMED, {}, (), {}), {"get_pool", LOGIN})] == ["get_pool", LOGIN]
    assert len(book.entries(Seen(CLAIMED, {}, (), {}))) == len(INTERFACE.operations)


def listed(verdict: Verdict, name: str, reason: str = "", *, lacking: bool = True) -> Entry:
    successes = (Success(200),)
    return Entry(name, Level.MUST, successes, (), successes if lacking else (), verdict, reason)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([listed(Verdict.PASS, "a", lacking=False)], (Verdict.PASS, "")),
        ([listed(Verdict.FAIL, "a", "wrong", lacking=False)], (Verdict.PASS, "")),  # the law it breaks tells of it
        (
            [listed(Verdict.FAIL, "a", "wrong"), listed(Verdict.PASS, "b")],
            (Verdict.UNREACHED, "1 of 2 operations not seen to do their work: a (wrong)"),
        ),
        (
            [listed(Verdict.UNREACHED, x, "r" if x < "c" else "s") for x in "abc"] + [listed(Verdict.DEPARTS, "d")],
            (Verdict.UNREACHED, "3 of 4 operations not seen to do their work: a, b (r); c (s)"),
        ),
        ([listed(Verdict.UNREACHED, "a", NOT_SELECTED)], (Verdict.UNREACHED, NOT_SELECTED)),
        ([listed(Verdict.NOT_APPLICABLE, "a", "not claimed: x")], (Verdict.NOT_APPLICABLE, "not claimed: x")),
        ([listed(Verdict.NOT_APPLICABLE, "a"), listed(Verdict.PASS, "b")], (Verdict.PASS, "")),
    ],
)
def test_what_the_ledger_says_as_a_whole(entries: list[Entry], expected: tuple[Verdict, str]) -> None:
    assert ledgers.of_entries(entries) == expected


def test_many_operations_are_told_in_short() -> None:
    entries = [listed(Verdict.UNREACHED, f"o{number}", f"r{number % 6}") for number in range(100)]
    reason = ledgers.of_entries(entries)[1]
    assert "o0, o6" in reason
    assert reason.endswith("and 2 more")
    assert len(reason) < 600
