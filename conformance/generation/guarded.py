"""Makes a generated request one that the guard lets through: what it could create or change gets the run's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.decision import Rule, rules
from conformance.generation.asking import Ask
from conformance.target import UNSET, Target


def guarded(ask: Ask, target: Target, name: str) -> Ask:
    """The same about what is the run's. `name` is one that nothing has, for what it may create."""
    rule = rules(target.api.name).get(ask.operation.id)
    if rule is None or rule.reads:
        return ask
    query = {**ask.query, **dict.fromkeys(rule.pattern[:1], name)}
    query = {key: value for key, value in query.items() if key not in rule.pattern[1:]}
    if ask.body is UNSET or not isinstance(ask.body, dict):
        return replace(ask, query=query)
    return replace(ask, query=query, body=_body(ask, rule, target, name))


def _body(ask: Ask, rule: Rule, target: Target, name: str) -> Any:
    body = _without(ask.body, frozenset(rule.unset))
    owned = next((value for value in ask.path.values() if target.guard.owns("", value)), None)
    for field in (*rule.also, *rule.renames):
        if field in body:
            body[field] = owned or name
    if rule.single and not owned:
        return {rule.single: bool(body.get(rule.single))}
    if rule.list:
        body[rule.list] = [_named(each, rule.body, name) for each in _dicts(body.get(rule.list))] or [{rule.body: name}]
    elif rule.body and not (rule.lent == rule.body and target.guard.lends(rule.body, body.get(rule.body))):
        body[rule.body] = name
    if rule.bulk:
        actions = _dicts(body.get("actions"))
        body["actions"] = [_action(each, rule.bulk, f"{name}_{number}") for number, each in enumerate(actions)]
    for field in rule.marked:
        if rule.lent == rule.body:
            body[field] = {"conformance": name}
    return body


def _action(action: Mapping[str, Any], field: str, name: str) -> dict[str, Any]:
    """An action of a bulk request about one thing of the run's."""
    entities = action.get("entities")
    first = entities[0] if isinstance(entities, list) and entities else {}
    return {**action, "entities": [_named(first, field, name) if isinstance(first, dict) else name]}


def _named(value: Mapping[str, Any], field: str, name: str) -> dict[str, Any]:
    return {**value, field: name}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _without(value: Any, names: frozenset[str]) -> Any:
    """A value without the members of those names, however deep."""
    if isinstance(value, dict):
        return {key: _without(each, names) for key, each in value.items() if key not in names}
    return [_without(each, names) for each in value] if isinstance(value, list) else value
