"""The kill matrix that is kept is sound, and the proof notices where one is not."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mockserver.deviations import catalogue
from specs import requirements
from tests.proof import choice, prints, report
from tests.proof.areas import area, area_of
from tests.proof.forks import Failure, outcomes
from tests.proof.idle import idle
from tests.proof.matrix import Matrix, Row
from tests.proof.setups import setup_for
from tests.proof.trial import found_by

NAME = "cap-off-by-one"


@pytest.fixture(scope="module")
def kept() -> Matrix:
    return Matrix.load()


def test_nothing_survives_without_a_reason_and_no_check_is_idle(kept: Matrix) -> None:
    late = [fault for fault in report.faults(kept) if not fault.endswith("not run yet")]  # the session runs them
    assert late == []


def test_the_page_is_that_of_the_matrix(kept: Matrix) -> None:
    assert report.PAGE.read_text() == report.page(kept), "nox -s proof writes it"


def test_each_row_names_checks_and_requirements_that_there_are(kept: Matrix) -> None:
    known, breaks = prints.modules(), {name: set(each.breaks) for name, each in catalogue().items()}
    for name, row in kept.rows.items():
        assert row.checks <= known.keys(), name
        assert set(row.found) <= breaks.get(name, set(row.found)), name


def test_each_deviation_has_a_setup_and_an_area() -> None:
    for one in catalogue().values():
        assert one.applies(setup_for(one).load()), one.name
        assert area_of(one)


def test_every_requirement_has_an_area() -> None:
    for document in requirements.DOCUMENTS:
        for name in requirements.load(document):
            assert area(name)


def test_the_matrix_is_read_as_it_was_written(kept: Matrix, tmp_path: Path) -> None:
    kept.save(tmp_path / "matrix.yaml")
    assert Matrix.load(tmp_path / "matrix.yaml") == kept


def test_the_page_is_made_from_what_is_kept(kept: Matrix, tmp_path: Path) -> None:
    file, page = tmp_path / "matrix.yaml", tmp_path / "proof.md"
    finer = {name: replace(row, seconds=row.seconds + 0.04) for name, row in kept.rows.items()}
    report.keep(replace(kept, rows=finer), file, page)
    assert page.read_text() == report.page(Matrix.load(file)) != report.page(replace(kept, rows=finer))


# ---- what must not be ------------------------------------------------------------------------------------------------


def test_faults_are_told(kept: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    survivor = replace(kept.rows[NAME], found={})
    rows = {**kept.rows, NAME: survivor, "no-such-thing": survivor}
    rows.pop("everything-open")
    monkeypatch.setattr(report, "reasons", lambda: {"cap-ignored": "because"})
    faults = report.faults(Matrix(rows))
    assert f"{NAME}: no check finds it, and survivors.yaml has no reason" in faults
    assert "no-such-thing: there is a row, and no such deviation" in faults
    assert "everything-open: not run yet" in faults
    assert "cap-ignored: survivors.yaml has a reason, and it does not survive" in faults


def test_a_check_that_finds_nothing_is_told(kept: Matrix) -> None:
    check, api = "every_api.cors_strangers.near_misses_are_not_allowed", "PUB"
    rows = {
        name: replace(row, found={broken: _without(found, check) for broken, found in row.found.items()})
        for name, row in kept.rows.items()
    }
    assert (check, api) in idle(rows.values())
    assert any(fault.startswith(f"{check}: ") for fault in report.faults(Matrix(rows)))


def test_a_check_may_find_something_in_what_is_not_run_yet() -> None:
    assert all(fault.endswith("not run yet") for fault in report.faults(Matrix()))


def _without(found: tuple[str, ...], check: str) -> tuple[str, ...]:
    return tuple(each for each in found if each != check)


# ---- which are run ---------------------------------------------------------------------------------------------------


@pytest.fixture
def current(kept: Matrix, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    """A matrix in which nothing is open."""
    known = catalogue()
    rows = {
        name: replace(row, rests_on=prints.rests_on(known[name], row))
        for name, row in kept.rows.items()
        if row.killed and name in known
    }
    there = {name: known[name] for name in rows}
    monkeypatch.setattr(choice, "catalogue", lambda: there)
    monkeypatch.setattr(choice, "useless", lambda _rows: [])
    return Matrix(rows, prints.core())


def test_nothing_is_run_where_nothing_was_touched(current: Matrix) -> None:
    assert choice.chosen(current, [], everything=False) == []


def test_what_rests_on_something_else_is_run(current: Matrix) -> None:
    current.rows[NAME] = replace(current.rows[NAME], rests_on="0")
    assert choice.chosen(current, [], everything=False) == [NAME]


def test_what_has_no_row_is_run(current: Matrix) -> None:
    del current.rows[NAME]
    assert choice.chosen(current, [], everything=False) == [NAME]


def test_a_change_of_the_core_runs_the_same_sample_each_time(current: Matrix) -> None:
    current.core = "0"
    names = choice.chosen(current, [], everything=False)
    assert names == choice.chosen(current, [], everything=False)
    areas = {area_of(catalogue()[name]) for name in current.rows}
    assert {area_of(catalogue()[name]) for name in names} == areas
    assert len(names) == len(areas) * choice.SAMPLE


def test_areas_and_patterns_choose(current: Matrix) -> None:
    assert set(choice.chosen(current, ["cap-*"], everything=False)) >= {NAME, "cap-ignored"}
    assert {area_of(catalogue()[name]) for name in choice.chosen(current, ["CORS"], everything=False)} == {"CORS"}


def test_a_row_rests_on_its_checks() -> None:
    one = catalogue()[NAME]
    row = Row(("airflow-3",), {one.breaks[0]: ("every_api.page_limit.x",)}, 1.0, "2026-11-21")
    others = [
        replace(row, setup=("airflow-3-fab",)),
        replace(row, found={one.breaks[0]: (next(iter(prints.modules())),)}),
    ]
    assert len({prints.rests_on(one, each) for each in (row, *others)}) == 3


# ---- how they are run ------------------------------------------------------------------------------------------------


def test_what_a_run_has_found() -> None:
    violation = {"requirement": "PUB-PAGE-001", "departure": None}
    result = {
        "requirements": [{"id": "PUB-PAGE-001", "verdict": "FAIL"}, {"id": "PUB-PAGE-002", "verdict": "PASS"}],
        "checks": [
            {"name": "a.b[c]", "violations": [violation]},
            {"name": "a.b[d]", "violations": [violation]},
            {"name": "a.e", "violations": [{**violation, "departure": "AF3-X"}]},
        ],
    }
    assert found_by(result, "PUB-PAGE-001") == ("a.b",)
    assert found_by(result, "PUB-PAGE-002") == ()


def test_work_in_processes() -> None:
    def fails() -> int:
        raise ValueError("why")

    def ends() -> int:
        os._exit(1)

    work = {"right": lambda: 5, "fails": fails, "ends": ends}
    told = dict(outcomes(work.items(), 2))
    assert told["right"] == 5
    assert isinstance(told["fails"], Failure)
    assert "ValueError: why" in told["fails"].text
    assert isinstance(told["ends"], Failure)


def test_work_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.proof.forks.SECONDS", 0.2)
    monkeypatch.setattr("tests.proof.forks.LOOK_EVERY", 0.1)
    ((_, told),) = outcomes([("slow", lambda: time.sleep(60))], 1)
    assert isinstance(told, Failure)
