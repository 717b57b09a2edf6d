"""Forms of the stable API: what they take, and how they word what they do not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mockserver.api.v1 import masks
from mockserver.api.v1.forms import Field, Form, anything, boolean, each, integer, moment, text
from mockserver.errors import ApiError
from specs.versions import Version

NEW, OLD = Version(2, 11), Version(2, 2)
FORM = Form(
    lambda values: "too many" if len(values) > 4 else None,
    key=Field(text, required=True),
    slots=Field(integer, null=True, least=0),
    names=Field(each(text), shortest=1),
    deferred=Field(boolean, default=False, since="2.7"),
    state=Field(text, only=["up", "down"]),
)


def wrong(body: dict[str, Any], version: Version = NEW, **options: bool) -> Any:
    return FORM.read(body, version, **options)[1]


def values(body: dict[str, Any], version: Version = NEW) -> Any:
    found, messages = FORM.read(body, version)
    assert not messages
    return found


def call(body: Any = None, **query: Any) -> Any:
    return SimpleNamespace(body=body, query=query, world=SimpleNamespace(version=NEW))


def test_what_was_sent_and_the_defaults_are_the_values() -> None:
    assert values({"key": "a", "slots": None}) == {"key": "a", "slots": None, "deferred": False}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, {"key": ["Missing data for required field."]}),
        ({"key": None}, {"key": ["Field may not be null."]}),
        ({"key": 3}, {"key": ["Not a valid string."]}),
        ({"key": "a", "slots": True}, {"slots": ["Not a valid integer."]}),
        ({"key": "a", "slots": "many"}, {"slots": ["Not a valid integer."]}),
        ({"key": "a", "slots": -1}, {"slots": ["Must be greater than or equal to 0."]}),
        ({"key": "a", "names": "b"}, {"names": ["Not a valid list."]}),
        ({"key": "a", "names": []}, {"names": ["Shorter than minimum length 1."]}),
        ({"key": "a", "names": ["b", 1, None]}, {"names": {1: ["Not a valid string."], 2: ["Field may not be null."]}}),
        ({"key": "a", "deferred": "maybe"}, {"deferred": ["Not a valid boolean."]}),
        ({"key": "a", "state": "off"}, {"state": ["Must be one of: up, down."]}),
        ({"key": "a", "nope": 1}, {"nope": ["Unknown field."]}),
        ({"key": None, "nope": 1}, {"key": ["Field may not be null."], "nope": ["Unknown field."]}),
    ],
)
def test_all_that_is_wrong_is_told(body: dict[str, Any], message: Any) -> None:
    assert wrong(body) == message


def test_a_rule_is_asked_only_when_every_field_is_right() -> None:
    full = {"key": "a", "slots": 1, "names": ["b"], "state": "up"}
    assert wrong(full) == {"_schema": ["too many"]}
    assert wrong({**full, "slots": "x"}) == {"slots": ["Not a valid integer."]}


def test_a_version_knows_no_later_field() -> None:
    assert values({"key": "a"}, OLD) == {"key": "a"}
    assert wrong({"key": "a", "deferred": True}, OLD) == {"deferred": ["Unknown field."]}


def test_a_part_requires_nothing() -> None:
    assert wrong({}, partial=True) == {}


@pytest.mark.parametrize("sent", [True, 1, "1", "yes", "On"])
def test_words_for_true(sent: Any) -> None:
    assert boolean(sent) is True


@pytest.mark.parametrize("sent", [False, 0, "0", "no", "OFF"])
def test_words_for_false(sent: Any) -> None:
    assert boolean(sent) is False


def test_numbers_are_whole() -> None:
    assert (integer("7"), integer(7.0), integer(7.9)) == (7, 7, 7)


def test_moments_are_read_once() -> None:
    read = moment("2024-01-01T00:00:00+00:00")
    assert read.year == 2024
    assert moment(read) is read
    assert Form(when=Field(moment)).read({"when": "soon"}, NEW)[1] == {"when": ["Not a valid datetime."]}


def test_too_long() -> None:
    form = Form(name=Field(text, longest=3), rest=Field(anything))
    assert form.read({"name": "abcd", "rest": {}}, NEW)[1] == {"name": ["Longer than maximum length 3."]}


def test_a_refusal_is_400_under_the_title() -> None:
    with pytest.raises(ApiError) as refused:
        FORM.load(call({}), title="Invalid Thing")
    assert (refused.value.status, refused.value.body["title"], refused.value.body["detail"]) == (
        400,
        "Invalid Thing",
        "{'key': ['Missing data for required field.']}",
    )


def test_a_mask_chooses() -> None:
    assert masks.chosen(call(update_mask=[" a", "b "]), {"a": 1, "b": 2, "c": 3}) == {"a": 1, "b": 2}


def test_no_mask_chooses_all() -> None:
    assert masks.chosen(call(), {"a": 1, "b": 2}) == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["nope", "key"])
def test_a_mask_of_what_cannot_change_is_refused(name: str) -> None:
    with pytest.raises(ApiError) as refused:
        masks.chosen(call(update_mask=[name]), {"a": 1, "key": 2}, fixed=["key"])
    assert refused.value.body["detail"] == f"'{name}' is unknown or cannot be updated."
