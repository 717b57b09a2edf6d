from __future__ import annotations

import pytest

from conformance.strategies.headers import Attempt
from conformance.strategies.own_headers import altered, decisive

GOOD = (("X-User", "ann"), ("X-Key", "s3cret-Word"))


@pytest.mark.parametrize("attempts", [decisive(GOOD, "nobody"), list(altered(GOOD))], ids=["decisive", "altered"])
def test_none_is_the_good_proof(attempts: list[Attempt]) -> None:
    assert GOOD not in [each.headers for each in attempts]
    assert len({each.flaw for each in attempts}) == len(attempts) > 3


def test_decisive_ones_lack_exchange_and_empty_each_header() -> None:
    found = {each.headers for each in decisive(GOOD, "nobody")}
    assert {GOOD[1:], GOOD[:1], (("X-User", "ann"), ("X-Key", "nobody")), (("X-User", ""), ("X-Key", ""))} <= found


def test_headers_arrive_as_they_are_sent() -> None:
    for each in altered(GOOD):
        for name, value in each.headers:
            assert (name + value).isascii()
            assert value == value.strip()
            assert value.isprintable()


def test_case_of_a_name_does_not_count_but_that_of_a_key_does() -> None:
    sent = [dict(each.headers) for each in altered(GOOD)]
    assert all(one.get("X-User", "").casefold() != "ann" or one["X-User"] == "ann" for one in sent)
    assert {"X-User": "ann", "X-Key": "S3CRET-WORD"} in sent


def test_swapped_values_are_tried_where_they_differ() -> None:
    assert (("X-User", "s3cret-Word"), ("X-Key", "ann")) in {each.headers for each in altered(GOOD)}
    same = (("X-User", "ann"), ("X-Key", "ann"))
    assert same not in {each.headers for each in altered(same)}
