from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.versions import Version, within

VERSIONS = st.builds(Version, st.integers(0, 12), st.integers(0, 12))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.3", (3, 3)),
        ("3.3.2", (3, 3)),
        (" 2.11.0 ", (2, 11)),
        ("1.10.15", (1, 10)),
        ("3.0.0rc1", (3, 0)),
        ("3.1b2", (3, 1)),
    ],
)
def test_the_patch_number_is_dropped(text: str, version: tuple[int, int]) -> None:
    assert Version.parse(text) == version


@pytest.mark.parametrize("text", ["", "3", "three", "3.", ".3", "v3.3", "3.3x", "-3.3", "3,3", "٣.٣"])
def test_what_is_no_version_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="is no Airflow version") as refusal:
        Version.parse(text)
    assert repr(text) in str(refusal.value)


@given(VERSIONS)
def test_text_and_version_are_the_same_thing(version: Version) -> None:
    assert Version.parse(str(version)) == version


def test_numbers_are_compared_not_letters() -> None:
    assert Version.parse("2.9") < Version.parse("2.11") < Version.parse("3.0")


@given(VERSIONS, st.none() | VERSIONS, st.none() | VERSIONS)
def test_both_ends_of_a_range_belong_to_it(version: Version, since: Version | None, until: Version | None) -> None:
    inside = not (since and version < since) and not (until and version > until)
    assert within(version, since, until) is inside
    assert within(str(version), since and str(since), until and str(until)) is inside
