"""What counts for a refusal, and what does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.exchange import Response
from conformance.generation.refusals import Refusals
from conformance.generation.wrong import Wrong
from conformance.target import Target
from tests.conformance.targets import target_at

LIMIT = Wrong("query", ("limit",), "minimum", (-1,))
ERROR = {"type": "greater_than_equal", "loc": ["query", "limit"], "msg": "no", "input": "-1"}


@pytest.fixture(scope="module")
def target() -> Target:
    """Nothing is sent to it."""
    return target_at("http://127.0.0.1:9")


def answer(body: Any, status: int = 422, media: str = "application/json") -> Response:
    return Response(status, "", (("content-type", media),), json.dumps(body).encode(), 0.01)


@pytest.mark.parametrize(
    ("response", "fault"),
    [
        (answer({"detail": [ERROR]}), ""),
        (answer({"detail": [{**ERROR, "loc": ["body"]}]}), ""),
        (answer({"detail": [ERROR]}, 200), "to be refused with 422; the answer was 200"),
        (answer({"detail": "no"}, 400), "to be refused with 422; the answer was 400"),
        (answer({"detail": [ERROR]}, media="text/plain"), "to be application/json; it is text/plain"),
        (answer({"detail": [{**ERROR, "loc": ["query", "offset"]}]}), "does not say that it is for limit"),
        (answer({"detail": [{"msg": "no"}]}), "of another form"),
        (Response(422, "", (("content-type", "application/json"),), b"{", 0.01), "JSON"),
    ],
)
def test_refusals_of_a_query(target: Target, response: Response, fault: str) -> None:
    found = Refusals(target).fault(target.interface.operations["get_pools"], LIMIT, response)
    assert fault in found
    assert bool(fault) == bool(found)
