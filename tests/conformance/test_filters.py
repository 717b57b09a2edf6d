from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conformance import filters
from conformance.filters import Filter
from conformance.strategies.choices import ABSENT, values
from specs import contract
from specs.contract import Interface, Operation

APIS = ("public-v2", "stable-v1")
#: What lists take beside what chooses from them.
PAGING = {"limit", "offset", "cursor", "order_by", "fields", "page_limit", "page_offset"}
VERSIONS = [(api, version) for api in APIS for version in contract.load(api).versions]


def lists(interface: Interface) -> Iterator[Operation]:
    """The lists that are asked for by GET, and those by POST that choose what to list."""
    for one in interface.operations.values():
        if one.items and (one.method == "GET" or "page_limit" in filters.offered(interface, one) or "list" in one.path):
            yield one


def item(interface: Interface, operation: Operation) -> dict[str, Any]:
    array = interface.properties(operation.responses[200] or {})[operation.items or ""]
    return interface.resolve(array["items"])


def members(interface: Interface, schema: dict[str, Any], path: str) -> bool:
    """Whether the schema of an item has a member at a path."""
    for step in path.split(".") if path else ():
        name, through, _ = step.partition("[]")
        found = interface.properties(_of_object(interface, schema)).get(name)
        if found is None:
            return False
        schema = _of_object(interface, found)["items"] if through else found
    return True


def _of_object(interface: Interface, schema: dict[str, Any]) -> dict[str, Any]:
    found = interface.resolve(schema)
    choices = [each for each in found.get("anyOf", ()) if each.get("type") != "null"]
    return _of_object(interface, choices[0]) if choices else found


@pytest.mark.parametrize(("api", "version"), VERSIONS, ids=str)
def test_every_parameter_of_every_list_is_declared(api: str, version: Any) -> None:
    interface = contract.load(api).cut(version)
    for operation in lists(interface):
        known = {one.name for one in filters.declared_of(api, operation.id)}
        known |= {one.mode for one in filters.declared_of(api, operation.id)}
        known |= filters.declared(api).get(operation.id, {}).get("beside", {}).keys()
        assert filters.offered(interface, operation) - PAGING - known == set(), operation.id


@pytest.mark.parametrize("api", APIS)
def test_nothing_is_declared_that_no_version_has(api: str) -> None:
    interfaces = [contract.load(api).cut(version) for version in contract.load(api).versions]
    for name, entry in filters.declared(api).items():
        there = [filters.offered(one, one.operations[name]) for one in interfaces if name in one.operations]
        every = frozenset[str]().union(*there)
        assert entry.get("beside", {}).keys() <= every, name
        assert set(entry) - set(filters.PLACE) <= set(filters.MEANINGS), name
        families: dict[tuple[object, ...], set[str]] = {}
        for one in filters.declared_of(api, name):
            families.setdefault((one.fields, one.name[:4]), set()).add(one.name)
        assert all(names & every for names in families.values()), name


@pytest.mark.parametrize(("api", "version"), VERSIONS, ids=str)
def test_what_a_filter_goes_by_is_shown(api: str, version: Any) -> None:
    interface = contract.load(api).cut(version)
    hidden = {"told", "halves", "widens", "unseen"}
    for name in filters.declared(api):
        if name not in interface.operations or not interface.operations[name].items:
            continue  # the document of 2.3 does not say what the list of mapped instances looks like
        schema = item(interface, interface.operations[name])
        for one in filters.of(interface, interface.operations[name]):
            shown = any(members(interface, schema, path) for path in one.fields)
            assert shown or one.meaning in hidden, (name, one)


def of(meaning: str, **options: Any) -> Filter:
    return Filter("x", meaning, ("x",), **options)


ENDS = "2025-06-01T00:00:00Z"
EARLY, SAME, LATE = (datetime(2025, month, 1, tzinfo=UTC) for month in (5, 6, 7))


@pytest.mark.parametrize(
    ("one", "shown", "value", "verdict"),
    [
        (of("is"), "a", "a", True),
        (of("is"), "a", "A", False),
        (of("is"), None, "a", False),
        (of("flag"), False, False, True),
        (of("one_of"), 2, (1, 2), True),
        (of("state"), None, (None, "failed"), True),
        (of("state"), "queued", (None, "failed"), False),
        (of("but"), "a", ("b",), True),
        (of("but"), "a", ("b", "a"), False),
        (of("but"), None, ("b",), None),
        (of("bounds", bound="_gte"), ENDS, SAME, True),
        (of("bounds", bound="_gt"), ENDS, SAME, False),
        (of("bounds", bound="_lte"), ENDS, SAME, True),
        (of("bounds", bound="_lt"), ENDS, LATE, True),
        (of("bounds", bound="_lt"), None, LATE, False),
        (of("ends", bound="_gte"), None, EARLY, True),
        (of("ends", bound="_lte"), None, EARLY, False),
        (of("ends", bound="_lte"), None, datetime(2080, 1, 1, tzinfo=UTC), None),
        (of("roughly", bound="_gte"), 3.0, 3.001, None),
        (of("roughly", bound="_gte"), 3.0, 2.0, True),
        (of("unseen", bound="_gte"), "-", datetime(2000, 1, 1, tzinfo=UTC), True),
        (of("unseen", bound="_gte"), "-", datetime(2095, 1, 1, tzinfo=UTC), False),
        (of("unseen", bound="_gte"), "-", SAME, None),
        (of("text"), "a_word", "WOR", True),
        (of("text"), "a_word", "a%d", True),
        (of("text"), "a_word", "w_r", True),
        (of("text"), "a.word", "a_w", True),
        (of("text"), "a_word", "a.w", False),
        (of("text"), "a_word", "x|word", False),
        (of("text", alternatives=True), "a_word", "x | word", True),
        (of("text"), "a_word", "~", False),
        (of("text", everything=True), "a_word", "~", True),
        (of("text", everything=True), None, "~", False),
        (of("text"), "wörd", "rd", None),
        (of("prefix"), "a_word", "a_w", True),
        (of("prefix"), "a_word", "a.w", False),
        (of("prefix"), "a_word", "A_w", None),
        (of("prefix"), "a.word", "a_", None),
        (of("prefix"), "a_word", "word", False),
        (of("holds"), "a_word", "A_W", True),
        (of("holds"), "a_word", "a%d", None),
        (of("holds"), "a_word", "b%d", False),
        (of("holds_one"), "a_word", ("x", "word"), True),
        (of("mentions"), {"k": ["a word"]}, "word", True),
        (of("only"), False, False, True),
        (of("only"), False, True, False),
        (of("without"), False, True, True),
        (of("tags"), "b", (False, ("a", "b")), True),
        (of("tags"), "b", (True, ("a", "b")), False),
    ],
    ids=str,
)
def test_what_a_value_chooses(one: Filter, shown: Any, value: Any, verdict: bool | None) -> None:
    assert one.holds({"x": shown}, value) is verdict


@pytest.mark.parametrize("meaning", ["is", "one_of", "bounds", "text", "prefix", "holds", "only", "tags"])
def test_nobody_can_tell_of_what_is_not_shown(meaning: str) -> None:
    assert of(meaning, bound="_gte").holds({"y": 1}, (True, ("a",)) if meaning == "tags" else True) is None


def test_values_within_objects_and_lists() -> None:
    one = Filter("x", "one_of", ("a[].b", "c.d"))
    assert one.found({"a": [{"b": 1}, {"b": 2}], "c": {"d": 3}}) == [1, 2, 3]
    assert one.found({"a": [], "c": None}) == []
    assert one.found({"e": 1}) is None
    assert Filter("x", "text", ("",)).found("tag") == ["tag"]


def test_what_values_choose_that_are_told() -> None:
    one = Filter("x", "told", told={"true": ("a",), "b": ()})
    assert [one.holds({}, value, "a") for value in (True, False, "b")] == [True, False, False]
    assert [one.holds({}, value, "c") for value in (True, False, "b")] == [False, True, False]


@pytest.mark.parametrize(
    ("one", "value", "query"),
    [
        (of("is"), "a", [("x", "a")]),
        (of("one_of"), ("a", "b"), [("x", ["a", "b"])]),
        (of("listed"), ("a", "b"), [("x", "a,b")]),
        (of("state"), (None, "failed"), [("x", ["none", "failed"])]),
        (of("nullable"), (None, "failed"), [("x", [None, "failed"])]),
        (of("bounds"), SAME, [("x", "2025-06-01T00:00:00Z")]),
        (of("tags", mode="m"), (True, ("a",)), [("x", ["a"]), ("m", "all")]),
        (of("tags", mode="m"), (False, ("a",)), [("x", ["a"])]),
    ],
)
def test_how_a_value_is_asked_for(one: Filter, value: Any, query: list[tuple[str, Any]]) -> None:
    assert one.query(value) == query


def _of_dags(interface: Interface) -> dict[str, Filter]:
    return {one.name: one for one in filters.of(interface, interface.operations["get_dags"])}


def test_versions_differ_in_what_patterns_know() -> None:
    found = {version: _of_dags(contract.load().cut(version)) for version in ("3.0", "3.3")}
    assert not found["3.0"]["dag_id_pattern"].alternatives
    assert found["3.3"]["dag_id_pattern"].alternatives
    assert "dag_id_prefix_pattern" not in found["3.0"]
    assert found["3.3"]["tags"].mode == "tags_match_mode"


# ---- which values are tried ------------------------------------------------------------------------------------------


def test_values_around_a_date() -> None:
    items = [{"x": f"2025-0{month}-01T00:00:00Z"} for month in (5, 6, 7)]
    assert values(of("bounds", bound="_gte"), items) == [
        SAME,
        SAME - timedelta(microseconds=1),
        SAME + timedelta(microseconds=1),
        SAME,
    ]
    assert [each.utcoffset() for each in values(of("bounds", bound="_gte"), items)][-1] == timedelta(hours=2)


def test_several_values_are_wanted_together() -> None:
    tried = values(of("one_of"), [{"x": "a"}, {"x": "b"}])
    assert ("a",) in tried
    assert ("a", "b") in tried
    assert any(ABSENT in each and len(each) == 2 for each in tried)


def test_states_are_tried_with_null() -> None:
    assert {(None,), (None, "failed"), ("success", None)} <= set(values(of("state"), [{"x": "failed"}, {"x": None}]))


def test_patterns_are_tried_in_every_way() -> None:
    one = of("text", alternatives=True, everything=True)
    tried = values(one, [{"x": "conf_a_word"}, {"x": "conf_b"}])
    verdicts = {value: one.holds({"x": "conf_b"}, value) for value in tried}
    assert {True, False} == set(verdicts.values())
    assert any("%" in value and verdict for value, verdict in verdicts.items())
    assert any("|" in value and verdict for value, verdict in verdicts.items())
    assert "~" in verdicts


@pytest.mark.parametrize("text", ["page_09", "a_z", "Z"])
def test_prefixes_do_not_end_in_what_airflow_takes_for_more(text: str) -> None:
    assert not [each for each in values(of("prefix"), [{"x": text}]) if each.rstrip("%_")[-1:] in ("9", "z", "Z")]


def test_nothing_is_tried_where_nothing_is_shown() -> None:
    assert values(of("is"), []) == []
    assert values(of("one_of"), [{"y": 1}]) == []
    assert values(of("one_of"), [{"x": None}]) != []
