"""Dates of the experimental API: measured on Airflow 1.10.15, 2.2.5 and 2.11.2."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from mockserver.api.experimental.dates import read
from tests.mockserver.experimental import EVERY, Experimental

NOW = datetime(2026, 11, 21, 15, 30, 1, 5, tzinfo=UTC)
RUNS = "/dags/conformance_empty/dag_runs"
DAY = "2031-02-03T04:05:06"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2031-02-03T04:05:06", "2031-02-03T04:05:06+00:00"),
        ("2031-02-03T04:05:06Z", "2031-02-03T04:05:06+00:00"),
        ("2031-02-03T04:05:06z", "2031-02-03T04:05:06+00:00"),
        ("2031-02-03T04:05:06+05:30", "2031-02-03T04:05:06+05:30"),
        ("2031-02-03T04:05:06-0800", "2031-02-03T04:05:06-08:00"),
        ("2031-02-03T04:05:06+02", "2031-02-03T04:05:06+02:00"),
        ("2031-02-03 04:05:06", "2031-02-03T04:05:06+00:00"),
        ("2031-02-03T04:05:06.123456789", "2031-02-03T04:05:06.123456+00:00"),
        ("2031-02-03T04:05:06,5", "2031-02-03T04:05:06.500000+00:00"),
        ("2031-02-03T04:05", "2031-02-03T04:05:00+00:00"),
        ("2031-02-03", "2031-02-03T00:00:00+00:00"),
        ("2031-02", "2031-02-01T00:00:00+00:00"),
        ("2031", "2031-01-01T00:00:00+00:00"),
        ("20310203", "2031-02-03T00:00:00+00:00"),
        ("20310203T040506", "2031-02-03T04:05:06+00:00"),
        ("2031-W06-1", "2031-02-03T00:00:00+00:00"),
        ("2031-034T04:05:06", "2031-02-03T04:05:06+00:00"),
        ("02/03/2031 11:00", "2031-02-03T11:00:00+00:00"),
        ("21/12/2070", "2070-12-21T00:00:00+00:00"),
        ("Feb 3 2031 4pm", "2031-02-03T16:00:00+00:00"),
        ("Mon, 03 Feb 2031 15:00:01 GMT", "2031-02-03T15:00:01+00:00"),
        (" 2031-02-03T04:05:06 ", "2031-02-03T04:05:06+00:00"),
        ("2031-02-03T04:05:06 UTC", "2031-02-03T04:05:06+00:00"),
        ("2031-02-03T04:05:06 EST", "2031-02-03T04:05:06+00:00"),
        ("10:30", "2026-11-21T10:30:00+00:00"),
        ("5 May", "2026-05-05T00:00:00+00:00"),
        ("Monday", "2026-11-23T00:00:00+00:00"),
        ("now", "2026-11-21T15:30:01.000005+00:00"),
    ],
)
def test_dates(text: str, found: str) -> None:
    assert read(text, NOW).isoformat() == found


@pytest.mark.parametrize(
    "text",
    [
        *("not-a-date", " ", "2031-13-01", "2031-02-30", "2031-02-03T24:00:00", "2031-02-03T25:00:00", "1612324806"),
        *("2031-02-03T04:05:60", "2031-02-03T04:05:06 Europe/Paris", "manual__2031-02-03T04:05:06", "today", "None"),
        *("2031-02-03X04:05:06", "2031-02-03T04:05:06[UTC]", "-", "T"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
        read(text, NOW)


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("text", ["not-a-date", "2031-02-30", "24:00:00"])
def test_what_is_no_date_is_refused_before_the_dag_is_looked_for(version: str, text: str) -> None:
    api = Experimental(version)
    wrong = (
        f"Given execution date, {text}, could not be identified as a date. "
        "Example date format: 2015-11-16T14:34:15+00:00"
    )
    for dag_id in ("conformance_empty", "nope"):
        runs = f"/dags/{dag_id}/dag_runs"
        replies = [
            api.call("POST", runs, {"execution_date": text}),
            api.call("GET", f"{runs}/{text}"),
            api.call("GET", f"{runs}/{text}/tasks/nope"),
        ]
        assert [(reply.status, reply.error) for reply in replies] == [(400, wrong)] * 3
    assert api.get(RUNS) == []


@pytest.mark.parametrize(
    "text",
    ["2031-02-03T04:05:06+24:00", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-23:00", "1" * 30],
)
def test_dates_beyond_all_dates_break_the_server(text: str) -> None:
    for follow, status in (("airflow", 500), ("documents", 400)):
        api = Experimental(follow=follow)  # type: ignore[arg-type]
        assert api.call("POST", RUNS, {"execution_date": text}).status == status
        assert api.call("GET", f"{RUNS}/{quote(text)}").status == status


@pytest.mark.parametrize(("version", "status"), [("1.10", 400), ("2.2", 500), ("2.11", 500)])
@pytest.mark.parametrize("text", ["P1D", "PT5M", "2031-02-03T04:05:06/2031-02-04T00:00:00"])
def test_durations(version: str, status: int, text: str) -> None:
    assert Experimental(version).call("POST", RUNS, {"execution_date": text}).status == status
    assert Experimental(version, "documents").call("POST", RUNS, {"execution_date": text}).status == 400


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize(
    "text",
    [f"{DAY}", f"{DAY}Z", f"{DAY}+00:00", f"{DAY}%2B00:00", "2031-02-03T06:05:06%2B02:00", "20310203T040506"],
)
def test_a_run_is_found_at_its_date_however_that_is_written(version: str, text: str) -> None:
    api = Experimental(version)
    api.triggered(execution_date=DAY)
    api.get(f"{RUNS}/{text}")
    api.get(f"{RUNS}/{text}/tasks/first")


@pytest.mark.parametrize(("version", "mark"), [("1.10", "T"), ("2.2", "T"), ("2.11", " ")])
def test_only_the_very_moment_counts(version: str, mark: str) -> None:
    api = Experimental(version)
    api.triggered(execution_date=f"{DAY}.123456")
    api.triggered("conformance_params", execution_date=DAY)
    reply = api.call("GET", f"{RUNS}/{DAY}")
    assert (reply.status, reply.error) == (
        404,
        f"Dag Run for date 2031-02-03{mark}04:05:06+00:00 not found in dag conformance_empty",
    )
    assert api.call("GET", f"{RUNS}/{DAY}/tasks/first").status == 404
    api.get(f"{RUNS}/{DAY}.123456")


@pytest.mark.parametrize("value", [5, 1.5, True, [], {}])
def test_a_date_is_a_text(value: Any) -> None:
    assert Experimental().call("POST", RUNS, {"execution_date": value}).status == 500
