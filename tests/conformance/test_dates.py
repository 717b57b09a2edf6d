from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from conformance.dates import dates, text
from conformance.journal import new_prefix

PREFIXES = st.builds(new_prefix, st.sampled_from(["", "gw0", "gw1"]))


@given(prefix=PREFIXES)
def test_dates_are_the_runs_own_after_the_start_of_the_dags_and_past(prefix: str) -> None:
    found = list(islice(dates(prefix), 1000))
    assert found == list(islice(dates(prefix), 1000))
    assert len({moment.replace(microsecond=0) for moment in found}) == 1000
    assert all(moment.microsecond for moment in found)
    assert datetime(2025, 1, 2, tzinfo=UTC) <= found[0] <= found[-1] < datetime(2026, 1, 1, tzinfo=UTC)


def test_no_two_runs_meet() -> None:
    found = [moment for number in range(300) for moment in islice(dates(f"conf_{number:08x}_gw0_"), 100)]
    assert len(set(found)) == len(found)


def test_a_date_is_written_in_utc() -> None:
    assert text(datetime(2025, 3, 4, 5, 6, 7, 80, tzinfo=UTC)) == "2025-03-04T05:06:07.000080+00:00"
