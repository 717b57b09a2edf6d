"""Requests that the contract allows, about what the suite knows to be there, and about what it cannot know."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.exchange import Request
from conformance.generation.asking import Ask
from conformance.generation.drawing import Source
from conformance.generation.guarded import guarded
from conformance.generation.own import Own
from conformance.guard import GuardRefusal
from conformance.strategies.harmless import Harmless
from conformance.strategies.minimal import properties
from conformance.target import Target
from conformance.transport import NotSendable
from specs.contract import Interface, Operation

#: In other scripts and beyond the Basic Multilingual Plane; with what patterns, SQL and formats take for theirs.
HARD = ("\u017c\u00f3\u0142\u0107 \u4e2d\u6587 \U0001f600", "%_\\'\";-- {0} %s ${x} [a-(*")
#: Below zero, and below the -1 that stands for none in some places.
LOW = -2


class Examples:
    """Makes them for one operation as `described` has it. `unsent` tells why the guard or the wire held some back."""

    def __init__(self, target: Target, source: Source, operation: Operation, own: Own, described: Interface) -> None:
        self.target = target
        self.members = properties(described, described.operations[operation.id].body or {})
        self.source = source
        self.operation = operation
        self.own = own
        self.unsent: list[str] = []

    def made(self, dice: random.Random, count: int) -> Iterator[Request]:
        """The request with nothing drawn; about what is not there, with hard texts, with low numbers; some drawn."""
        plain = self._base()
        yield from self._sendable(plain)
        if self.operation.method == "GET":
            yield from (each for ask in self._missing(plain) for each in self._sendable(ask))
            yield from (each for ask in self._hard(plain) for each in self._sendable(ask))
            yield from (each for ask in self._low(plain) for each in self._sendable(ask))
        for number, drawn in enumerate(self.source.requests(self.operation, count)):
            ask = self._base().with_drawn(drawn, self.members)
            if number % 4 == 3:
                ask = self._elsewhere(ask, dice)
            yield from self._sendable(guarded(ask, self.target, self.target.new_name("made")))

    def _missing(self, ask: Ask) -> Iterator[Ask]:
        """The same, each part of the path in its turn naming what is not there."""
        absent = self.target.api.data("harmless")["absent_number"]
        for one in self.operation.parameters:
            if one.where == "path" and "const" not in one.schema and "enum" not in one.schema:
                value = absent if one.schema.get("type") == "integer" else self.target.new_name("missing")
                yield replace(ask, path={**ask.path, one.name: value})

    def _low(self, ask: Ask) -> Iterator[Ask]:
        """The same with numbers in the query that are below zero, where the contract has no bound for them."""
        names = [
            one.name
            for one in self.operation.parameters
            if one.where == "query" and one.name != "limit" and _unbounded(one.schema)
        ]
        if names:
            yield replace(ask, query={**dict.fromkeys(names, LOW), **ask.query})

    def _hard(self, ask: Ask) -> Iterator[Ask]:
        """The same with texts in the query that careless servers stumble over."""
        known = self.target.api.data("generated")["values"]
        names = [
            one.name
            for one in self.operation.parameters
            if one.where == "query" and one.name not in {*known, "order_by"} and _free(one.schema)
        ]
        for text in HARD if names else ():
            yield replace(ask, query={**dict.fromkeys(names, text), **ask.query})

    def _base(self) -> Ask:
        """What is there; what is deleted is made for it."""
        if self.operation.method == "DELETE":
            self.own = Own(self.target, self.own.harmless)
        harmless = Harmless(self.target, self.target.new_name("made"))
        return Ask.harmless(harmless, self.operation, self.own.path(self.operation))

    def _elsewhere(self, ask: Ask, dice: random.Random) -> Ask:
        """The same with one part of the path drawn."""
        names = [one for one in self.operation.parameters if one.where == "path" and "const" not in one.schema]
        if not names:
            return ask
        one = dice.choice(names)
        drawn = [replace(ask, path={**ask.path, one.name: each}) for each in self.source.right(one.schema, 8)]
        understood = [each for each in drawn if self._understood(each, one.name)]
        return dice.choice(understood) if understood else ask

    def _understood(self, ask: Ask, name: str) -> bool:
        """Whether a path is one of the operation, however a server reads it."""
        value = str(ask.path[name])
        if "/" in value or value in ("", ".", "..", "~"):
            return False
        request = ask.request(self.target)
        return self.target.interface.find(request.method, request.target) is self.operation

    def _sendable(self, ask: Ask) -> Iterator[Request]:
        try:
            request = ask.request(self.target)
            self.target.guard.check(request)
        except (GuardRefusal, NotSendable, UnicodeEncodeError, ValueError) as error:
            self.unsent.append(str(error))
        else:
            yield request


def _unbounded(schema: Mapping[str, Any]) -> bool:
    """Whether any integer is allowed, alone or in a list."""
    parts = [each.get("items", each) for each in schema.get("anyOf", [schema])]
    return any(each.get("type") == "integer" and not {"enum", "const", "minimum"} & each.keys() for each in parts)


def _free(schema: Mapping[str, Any]) -> bool:
    """Whether any text is allowed."""
    parts = schema.get("anyOf", [schema])
    return any(
        each.get("type") == "string" and not {"enum", "const", "format", "pattern"} & each.keys() for each in parts
    )
