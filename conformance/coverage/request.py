"""The parts of one operation's requests, and which points a request reaches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from conformance.coverage.parts import INVALID, VALID, Part, Point, part
from conformance.exchange import Request
from conformance.guard import path_values
from specs.contract import Interface, Operation

_JSON = "application/json"


class Requests:
    """What can be sent to one operation."""

    def __init__(self, interface: Interface, operation: Operation) -> None:
        self.operation = operation
        places: dict[str, dict[str, Part]] = {"path": {}, "query": {}, "header": {}}
        for each in operation.parameters:
            if each.where in places:
                name = f"{each.where} {each.name}"
                places[each.where][each.name] = part(interface, name, each.schema, text=True)
        self.path, self.query, self.headers = places.values()
        self.body = part(interface, "body", operation.body) if operation.body is not None else None
        self._required = [each for each in operation.parameters if each.required and each.where in ("query", "header")]

    def points(self) -> Iterator[Point]:
        """All that can be sent."""
        for each in (*self.path.values(), *self.query.values(), *self.headers.values()):
            yield from each.points()
        for parameter in self._required:
            yield from ((f"{parameter.where} {parameter.name}", "required", outcome) for outcome in (VALID, INVALID))
        if self.body:
            yield from (("body", keyword, outcome) for keyword in ("media", "JSON") for outcome in (VALID, INVALID))
            yield from self.body.points()
        if self.operation.body_required:
            yield from (("body", "required", outcome) for outcome in (VALID, INVALID))

    def look(self, request: Request) -> list[Point]:
        """The points that a request reaches."""
        found: list[Point] = []
        if self.path:
            segments = [unquote(each) for each in request.path.split("/")[1:]]
            for name, text in path_values(self.operation, segments).items():
                if name in self.path:
                    self.path[name].look(self.path[name].read(text), found)
        sent = parse_qsl(request.query, keep_blank_values=True) if request.query else []
        for name, text in sent:
            if name in self.query:
                self.query[name].look(self.query[name].read(text), found)
        self._look_at_headers(request, dict(sent), found)
        self._look_at_body(request, found)
        return found

    def _look_at_headers(self, request: Request, query: dict[str, str], found: list[Point]) -> None:
        for name, each in self.headers.items():
            if (text := request.header(name)) is not None:
                each.look(each.read(text), found)
        for parameter in self._required:
            there = (
                parameter.name in query if parameter.where == "query" else request.header(parameter.name) is not None
            )
            found.append((f"{parameter.where} {parameter.name}", "required", VALID if there else INVALID))

    def _look_at_body(self, request: Request, found: list[Point]) -> None:
        if self.operation.body_required:
            found.append(("body", "required", VALID if request.body else INVALID))
        if not (request.body and self.body):
            return
        media = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
        found.append(("body", "media", VALID if media in self.operation.body_media else INVALID))
        try:
            value = json.loads(request.body)
        except (ValueError, RecursionError):
            found.append(("body", "JSON", INVALID))
            return
        found.append(("body", "JSON", VALID))
        self.body.look(value, found)
