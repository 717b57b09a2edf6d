from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.strategies.dates import FAR, NO_DATES, NO_ZONE, no_dates, others, plain, zoned, zoned_forms, zulu

WHOLE = datetime(2025, 3, 1, 22, 2, 3, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))


def test_forms_of_one_moment() -> None:
    assert plain(WHOLE) == "2025-03-01T22:02:03"
    assert zulu(WHOLE) == "2025-03-01T22:02:03Z"
    assert zoned(WHOLE, timedelta(hours=5, minutes=30)) == "2025-03-02T03:32:03+05:30"
    assert plain(WHOLE.replace(microsecond=40)) == "2025-03-01T22:02:03.000040"


@settings(max_examples=100)
@given(MOMENTS, st.data())
def test_forms_with_a_zone_are_of_the_moment(moment: datetime, data: st.DataObject) -> None:
    form = data.draw(zoned_forms(moment))
    assert datetime.fromisoformat(form) == moment
    assert datetime.fromisoformat(form).tzinfo is not None


@settings(max_examples=100)
@given(MOMENTS, st.data())
def test_other_moments_are_others(moment: datetime, data: st.DataObject) -> None:
    other = data.draw(others(moment))
    assert other != moment
    assert plain(other) != plain(moment)


@settings(max_examples=200)
@given(no_dates())
def test_what_is_no_date_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        datetime.fromisoformat(text)


def test_the_ends_of_time_are_dates() -> None:
    assert all(isinstance(datetime.fromisoformat(text), datetime) for text in FAR if text != NO_ZONE)
    assert not set(FAR) & set(NO_DATES)
