from __future__ import annotations

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from conformance.browser import Policy
from conformance.strategies.preflights import header_lists, is_unlisted_method, unlisted_headers, unlisted_methods
from profiles.model import Cors

POLICY = Policy.of(Cors("origin, content-type, accept", "POST, GET, OPTIONS, DELETE", "https://a.example"))


@settings(max_examples=200)
@given(unlisted_methods(POLICY), unlisted_headers(POLICY))
def test_drawn_names_are_not_listed(method: str, header: str) -> None:
    assert method not in POLICY.methods
    assert header not in (*POLICY.headers, "accept-language", "content-language", "range")


@pytest.mark.parametrize("method", ["PATCH", "PUT", "patch"])
def test_usual_methods_are_drawn(method: str) -> None:
    assert find(unlisted_methods(POLICY), lambda drawn: drawn == method, settings=settings(database=None)) == method


def test_usual_header_is_drawn() -> None:
    assert find(unlisted_headers(POLICY), lambda drawn: drawn == "authorization", settings=settings(database=None))


@pytest.mark.parametrize("method", ["delete", "Get", "options", ""])
def test_methods_that_no_browser_sends_are_left_out(method: str) -> None:
    assert not is_unlisted_method(method, POLICY)


@settings(max_examples=50)
@given(header_lists(POLICY.headers), st.just(POLICY.headers))
def test_header_lists_hold_the_names_once(chosen: tuple[str, ...], names: tuple[str, ...]) -> None:
    lower = [name.lower() for name in chosen]
    assert set(lower) <= set(names)
    assert len(lower) == len(set(lower)) > 0
