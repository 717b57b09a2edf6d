"""From what a handler returns to bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from mockserver import rendering
from mockserver.operations import Answer, Page
from mockserver.rendering import Renderer, to_json
from mockserver.world.record import Record
from specs import contract

MOMENT = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
WRITERS = [rendering._dumps_plain, *([rendering._dumps_orjson] if rendering.orjson else [])]


@dataclass(eq=False)
class Thing(Record):
    name: str
    seen: int = 0


def view(thing: Thing) -> dict[str, Any]:
    thing.__dict__["seen"] += 1
    return {"name": thing.name, "slots": 1, "nonsense": 2}


def renderer(version: str = "3.3") -> tuple[Renderer, Any]:
    interface = contract.load().cut(version)
    return Renderer(interface), interface.operations


@pytest.mark.parametrize("dumps", WRITERS)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MOMENT, '"2025-01-02T03:04:05Z"'),
        (MOMENT + timedelta(microseconds=7), '"2025-01-02T03:04:05.000007Z"'),
        (MOMENT.astimezone(timezone(timedelta(hours=2))), '"2025-01-02T05:04:05+02:00"'),
        ({"a": ["é", None, True]}, '{"a":["é",null,true]}'),
        (2**70, str(2**70)),
    ],
)
def test_json(dumps: Any, value: Any, text: str) -> None:
    assert dumps(value).decode() == text


@pytest.mark.parametrize("dumps", WRITERS)
def test_what_is_no_json_is_an_error(dumps: Any) -> None:
    with pytest.raises(TypeError, match="object"):
        dumps(object())


def test_the_contract_chooses_the_properties() -> None:
    for version, has_team in (("3.0", False), ("3.3", True)):
        render, operations = renderer(version)
        pool = {"name": "p", "slots": 1, "team_name": None, "nonsense": 1}
        body = json.loads(render.render(operations["get_pool"], pool).body)
        assert ("team_name" in body, "nonsense" in body) == (has_team, False)


def test_the_first_documented_success_is_sent() -> None:
    render, operations = renderer()
    assert render.render(operations["post_variable"], {"key": "k"}).status == 201
    gone = render.render(operations["delete_variable"], None)
    assert (gone.status, gone.body) == (204, b"")
    assert render.render(operations["reparse_dag_file"], None).body == b"null"


def test_an_answer_of_bytes_is_sent_as_it_stands() -> None:
    render, operations = renderer()
    answer = Answer(200, b"text", media="text/plain")
    assert render.render(operations["get_dag_source"], answer) is answer


def test_free_objects_keep_their_keys() -> None:
    render, operations = renderer()
    run = {"dag_run_id": "r", "conf": {"any": {"key": 1}}}
    assert json.loads(render.render(operations["get_dag_run"], run).body)["conf"] == {"any": {"key": 1}}


def test_a_page_of_rows_is_rendered_once_until_a_row_changes() -> None:
    render, operations = renderer()
    rows = [Thing("a"), Thing("b")]
    page = Page("pools", rows, view, 9)
    expected = {"pools": [{"name": "a", "slots": 1}, {"name": "b", "slots": 1}], "total_entries": 9}
    for _ in range(2):
        assert json.loads(render.render(operations["get_pools"], page).body) == expected
    assert [row.seen for row in rows] == [1, 1]
    rows[0].name = "c"
    assert json.loads(render.render(operations["get_pools"], page).body)["pools"][0]["name"] == "c"


def test_an_empty_page_and_rows_without_a_cache() -> None:
    render, operations = renderer()
    assert render.render(operations["get_pools"], Page("pools", [], view, 0)).body == b'{"pools":[],"total_entries":0}'
    tags = Page("tags", ["a", "b"], lambda tag: tag, 2)
    assert json.loads(render.render(operations["get_dag_tags"], tags).body) == {"tags": ["a", "b"], "total_entries": 2}


def test_json_of_the_module_is_one_of_the_writers() -> None:
    assert to_json in WRITERS
