from __future__ import annotations

import pytest
from hypothesis import find, given, settings

from conformance.browser import Policy
from conformance.strategies.origins import CHANGES, FOREIGN, is_stranger, near_origins, strangers
from profiles.model import Cors

A, B = "https://exampleclientapp1.com", "https://exampleclientapp2.com:8443"
POLICY = Policy.of(Cors("accept", "GET", f"{A} {B}"))

#: Mistakes that servers make when they compare origins; each lets in some origin that is not listed.
MISTAKES = {
    "prefix": lambda origin: any(origin.startswith(each) for each in POLICY.origins),
    "suffix": lambda origin: any(origin.endswith(each.partition("//")[2]) for each in POLICY.origins),
    "substring": lambda origin: any(each in origin for each in POLICY.origins),
    "part of the list": lambda origin: origin in " ".join(POLICY.origins),
    "case": lambda origin: origin.lower() in POLICY.origins,
    "trailing slash": lambda origin: origin.rstrip("/") in POLICY.origins,
    "default port": lambda origin: origin.removesuffix(":443") in POLICY.origins,
    "scheme": lambda origin: origin.replace("http://", "https://") in POLICY.origins,
    "dot as any character": lambda origin: len(origin) == len(A) and origin[:-4] == A[:-4] and origin[-3:] == "com",
    "null": lambda origin: origin == "null",
    "any": lambda origin: bool(origin),
    "last of several": lambda origin: origin.split(", ")[0] in POLICY.origins,
}


@settings(max_examples=300)
@given(near_origins(POLICY))
def test_drawn_origins_are_strangers_on_the_wire(origin: str) -> None:
    assert is_stranger(origin, POLICY)
    assert max(map(ord, origin), default=0) < 256
    assert not set(origin) & set("\r\n\0")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_usual_mistake_is_drawn(mistake: str) -> None:
    find(near_origins(POLICY), MISTAKES[mistake], settings=settings(max_examples=3000, database=None))


@pytest.mark.parametrize("mistake", [name for name in MISTAKES if name != "dot as any character"])
def test_fixed_list_has_every_usual_mistake(mistake: str) -> None:
    assert any(MISTAKES[mistake](origin) for origin in strangers(POLICY)), mistake


def test_every_kind_of_change_is_in_the_fixed_list() -> None:
    found = strangers(POLICY)
    for name, change in CHANGES.items():
        assert set(change(A)) & set(found), name
    assert set(FOREIGN) <= set(found)
    assert not {A, B, f"{A} {B}", f" {A}"} & set(found)


def test_nothing_is_strange_where_everything_is_allowed() -> None:
    assert strangers(Policy.of(Cors(None, None, "*"))) == []


def test_policy_without_origins_has_strangers_too() -> None:
    assert "https://evil.example" in strangers(Policy.of(Cors(None, "GET", None)))
