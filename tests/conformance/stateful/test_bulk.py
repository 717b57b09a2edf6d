from __future__ import annotations

from conformance.checks.stateful import bulk
from conformance.checks.stateful.bulk import Action


def test_what_an_answer_is_to_tell() -> None:
    create, again = Action("create", [("a", {}), ("b", {})], "fail"), Action("create", [("a", {})], "fail")
    delete = Action("delete", [("c", {})], "skip")
    told = {end: f"name-{end}" for end in "abc"}
    wanted = bulk.expected([create, again, delete], [["b", "a"], None, []], told)
    assert wanted == {"create": (["name-a", "name-b"], [409]), "delete": ([], [])}
    answer = {
        "create": {"success": ["name-b", "name-a"], "errors": [{"error": "there", "status_code": 409}]},
        "update": None,
        "delete": {"success": [], "errors": []},
    }
    assert bulk.said(answer) == wanted


def test_an_answer_of_another_shape_tells_nothing() -> None:
    assert bulk.said(["create"]) == {}
