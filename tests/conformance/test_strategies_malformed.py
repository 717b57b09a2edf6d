from __future__ import annotations

import json

import pytest

from conformance.strategies.malformed import no_json

BODY = {"name": "conf_1", "slots": 3}


@pytest.mark.parametrize(("what", "octets"), list(no_json(BODY)))
def test_it_is_no_json_and_names_what_it_is_about(what: str, octets: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        json.loads(octets)
    assert b"name" in octets
    assert b"conf_1" in octets


def test_each_is_another() -> None:
    found = list(no_json(BODY))
    assert len({octets for _, octets in found}) == len({what for what, _ in found}) == len(found)
