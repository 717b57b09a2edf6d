from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from conformance import waivers
from conformance.outcome import Outcome, Violation
from conformance.verdict import Level, Verdict
from conformance.waivers import WaiverError

TODAY = datetime.date(2026, 11, 21)
GOOD = """\
waivers:
  - id: PUB-PAGE-004
    check: public_api.paging.batch
    signature: get_dag_runs_batch
    reason: The gateway is replaced in January.
    owner: data-platform
    created: 2026-11-01
    expires: 2026-11-21
"""


def load(tmp_path: Path, text: str) -> list[waivers.Waiver]:
    path = tmp_path / "waivers.yaml"
    path.write_text(text)
    return waivers.load(path, TODAY)


def failed(operation: str | None = "get_dag_runs_batch", message: str = "5 items came") -> Outcome:
    violation = Violation("PUB-PAGE-004", message, operation=operation)
    return Outcome("public_api.paging.batch", requirements=["PUB-PAGE-004"], violations=[violation])


def test_a_waiver_accepts_the_failure_that_it_describes(tmp_path: Path) -> None:
    outcome = failed()
    accepted = load(tmp_path, GOOD)
    waivers.apply(accepted, outcome)
    assert outcome.verdict("PUB-PAGE-004", Level.MUST) is Verdict.WAIVED
    assert (outcome.violations[0].waiver or "").endswith("waivers.yaml:2")
    assert waivers.stale(accepted, [outcome]) == []


def test_a_signature_may_be_a_part_of_the_message(tmp_path: Path) -> None:
    outcome = failed(None, "get_dag_runs_batch gave 5 items")
    waivers.apply(load(tmp_path, GOOD), outcome)
    assert outcome.violations[0].excused


def test_another_failure_of_the_same_check_still_fails(tmp_path: Path) -> None:
    outcome = failed("get_task_instances_batch")
    accepted = load(tmp_path, GOOD)
    waivers.apply(accepted, outcome)
    assert outcome.verdict("PUB-PAGE-004", Level.MUST) is Verdict.FAIL
    assert waivers.stale(accepted, [outcome])[0].endswith("matches nothing any more; delete it")


def test_a_waiver_is_not_stale_when_its_check_did_not_run(tmp_path: Path) -> None:
    assert waivers.stale(load(tmp_path, GOOD), []) == []


def test_a_waiver_of_an_unknown_check_is_told(tmp_path: Path) -> None:
    said = waivers.unknown_checks(load(tmp_path, GOOD), ["public_api.paging.batches"])
    assert (
        "waivers.yaml:2: there is no check public_api.paging.batch; did you mean public_api.paging.batches" in said[0]
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    reason: The gateway is replaced in January.\n", "", r":2:\d+: a waiver needs reason"),
        ("The gateway is replaced in January.", "''", r":5:\d+: a waiver needs reason"),
        ("owner:", "owners:", r":6:\d+: unknown key owners; did you mean owner"),
        ("PUB-PAGE-004", "PUB-PAGE-04", r":2: unknown requirement PUB-PAGE-04; did you mean PUB-PAGE-004"),
        ("expires: 2026-11-21", "expires: 2026-11-20", r":2: expired on 2026-11-20"),
        ("expires: 2026-11-21", "expires: soon", r":8:\d+: expires is a date"),
        ("created: 2026-11-01", "created: 2026-12-01", r":2: expires before it was created"),
        ("waivers:", "waiver:", r":1: a file of waivers is a list under the key waivers:"),
    ],
)
def test_a_bad_file_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(WaiverError, match=said):
        load(tmp_path, GOOD.replace(old, new))


def test_the_same_waiver_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WaiverError, match=r":9: the same waiver stands at .*:2; delete one"):
        load(tmp_path, GOOD + GOOD.partition("\n")[2])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"waivers: [", b"waivers:\n- 1\n", b""])
def test_what_is_no_file_of_waivers_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_bytes(content)
    with pytest.raises(WaiverError, match=r"waivers\.yaml"):
        waivers.load(path, TODAY)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WaiverError, match="No such file"):
        waivers.load(tmp_path / "none.yaml", TODAY)
