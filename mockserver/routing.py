"""Which operation a request belongs to: a table in place of a list of patterns.

Airflow's router takes the first route, in the order of registration, whose path and method fit. If only paths fit, the
answer is 405 and names the methods of the first of them alone (measured). The contract keeps that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# Parameters that take the rest of the path, slashes and all, and may be empty (measured with %2F).
_REST = frozenset({"pool_name", "variable_key", "xcom_key", "key", "rest"})


class Match(NamedTuple):
    """A route that fits: what it leads to and the text of its path parameters."""

    target: Any
    path: dict[str, str]


class Wrong(NamedTuple):
    """The path is known, the method is not; `allow` is what the answer names."""

    allow: str


@dataclass(slots=True)
class _Route:
    number: int
    method: str
    names: tuple[str, ...]
    target: Any
    allow: str


@dataclass(slots=True)
class _Node:
    """One segment of paths: routes that end here, that take the rest, and what may follow."""

    routes: list[_Route] = field(default_factory=list)
    rest: list[_Route] = field(default_factory=list)
    fixed: dict[str, _Node] = field(default_factory=dict)
    any: _Node | None = None


class Routes:
    """A table of routes; `add` them in the order of registration."""

    def __init__(self) -> None:
        self._root = _Node()
        self._count = 0
        self._exact: dict[tuple[str, str], Match] = {}

    def add(self, method: str, path: str, target: Any, allow: str = "", *, first: bool = False) -> None:
        """Add a route; `allow` is what a 405 names if not its method, `first` puts it before all others. A last segment `{name}` of a parameter that may hold slashes takes the rest of the path."""
        self._exact.clear()
        node, names = self._root, []
        segments = path.split("/")
        self._count += 1
        order = -self._count if first else self._count
        for number, segment in enumerate(segments):
            if not segment.startswith("{"):
                node = node.fixed.setdefault(segment, _Node())
                continue
            names.append(segment[1:-1])
            if number == len(segments) - 1 and names[-1] in _REST:
                node.rest.append(_Route(order, method, tuple(names), target, allow or method))
                return
            node.any = node.any or _Node()
            node = node.any
        node.routes.append(_Route(order, method, tuple(names), target, allow or method))

    def find(self, method: str, path: str) -> Match | Wrong | None:
        """Find the first route for a decoded path; Wrong if none of those that fit has the method, None if none fits."""
        known = self._exact.get((method, path))
        if known is not None:
            return known
        fitting = list(_walk(self._root, path.split("/"), 0, ()))
        if not fitting:
            return None
        right = [(route, values) for route, values in fitting if route.method == method]
        route, values = min(right or fitting, key=lambda pair: pair[0].number)
        if not right:
            return Wrong(route.allow)
        match = Match(route.target, dict(zip(route.names, values, strict=True)))
        if not route.names:
            self._exact[method, path] = match
        return match


def _walk(node: _Node, segments: list[str], at: int, values: tuple[str, ...]) -> Iterator[tuple[_Route, tuple[str, ...]]]:
    """Yield every route that fits the segments from `at` on, with the values of its parameters."""
    if at < len(segments):
        yield from _with(node.rest, (*values, "/".join(segments[at:])))
        if (fixed := node.fixed.get(segments[at])) is not None:
            yield from _walk(fixed, segments, at + 1, values)
        if node.any is not None and segments[at]:
            yield from _walk(node.any, segments, at + 1, (*values, segments[at]))
        return
    yield from _with(node.routes, values)


def _with(routes: Iterable[_Route], values: tuple[str, ...]) -> Iterator[tuple[_Route, tuple[str, ...]]]:
    for route in routes:
        yield route, values
