"""Which operation a request belongs to: a table in place of a list of patterns.

Of the routes whose path and method fit the most literal one is taken. If only paths fit, the answer is 405 and names
the methods of the first route alone, in the order of registration, which the contract keeps (measured on 3.3.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Kind = Literal["digits", "text", "slashes", "rest"]
"""What a parameter takes of a path: digits only; anything within a segment; the rest, slashes and all, from something
that is no slash on; the same, which may be empty."""

# Parameters that take the rest of the path in Airflow 3 (measured with %2F).
_REST: Mapping[str, Kind] = dict.fromkeys(("pool_name", "variable_key", "xcom_key", "key", "rest"), "rest")


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
    slashes: list[_Route] = field(default_factory=list)
    fixed: dict[str, _Node] = field(default_factory=dict)
    digits: _Node | None = None
    any: _Node | None = None

    def after(self, kind: Kind) -> _Node:
        """The node behind a parameter of a kind."""
        if kind == "digits":
            self.digits = self.digits or _Node()
            return self.digits
        self.any = self.any or _Node()
        return self.any


class Routes:
    """A table of routes; `add` them in the order of registration."""

    def __init__(self) -> None:
        self._root = _Node()
        self._count = 0
        self._exact: dict[tuple[str, str], Match] = {}

    def add(self, method: str, path: str, target: Any, allow: str = "", kinds: Mapping[str, Kind] = _REST) -> None:
        """Add a route; `allow` is what a 405 names if not its method, `kinds` are those of the path's parameters.

        Of a kind that takes slashes only the last segment may be.
        """
        self._exact.clear()
        node, names = self._root, []
        segments = path.split("/")
        self._count += 1
        for number, segment in enumerate(segments):
            if not segment.startswith("{"):
                node = node.fixed.setdefault(segment, _Node())
                continue
            names.append(segment[1:-1])
            kind = kinds.get(names[-1], "text")
            if kind in ("rest", "slashes") and number == len(segments) - 1:
                ends = node.rest if kind == "rest" else node.slashes
                ends.append(_Route(self._count, method, tuple(names), target, allow or method))
                return
            node = node.after(kind)
        node.routes.append(_Route(self._count, method, tuple(names), target, allow or method))

    def find(self, method: str, path: str) -> Match | Wrong | None:
        """Find the route for a decoded path; Wrong if none of those that fit has the method, None if none fits.

        The method "*" stands for any.
        """
        known = self._exact.get((method, path))
        if known is not None:
            return known
        fitting = list(_walk(self._root, path.split("/"), 0, ()))
        if not fitting:
            return None
        right = next(((route, values) for route, values in fitting if method in (route.method, "*")), None)
        if right is None:
            return Wrong(min((route for route, _ in fitting), key=lambda route: route.number).allow)
        route, values = right
        match = Match(route.target, dict(zip(route.names, values, strict=True)))
        if not route.names:
            self._exact[method, path] = match
        return match

    def methods(self, path: str) -> list[str]:
        """Name every method that fits a path, and those that come by themselves; none for a path of no route."""
        own = dict.fromkeys(route.method for route, _ in _walk(self._root, path.split("/"), 0, ()))
        return [*own, *(["HEAD"] if "GET" in own else ()), "OPTIONS"] if own else []


def _walk(
    node: _Node, segments: list[str], at: int, values: tuple[str, ...]
) -> Iterator[tuple[_Route, tuple[str, ...]]]:
    """Yield every route that fits the segments from `at` on, with the values of its parameters; literal ones first."""
    if at < len(segments):
        if (fixed := node.fixed.get(segments[at])) is not None:
            yield from _walk(fixed, segments, at + 1, values)
        if node.digits is not None and segments[at].isdecimal():
            yield from _walk(node.digits, segments, at + 1, (*values, segments[at]))
        if node.any is not None and segments[at]:
            yield from _walk(node.any, segments, at + 1, (*values, segments[at]))
        rest = (*values, "/".join(segments[at:]))
        yield from ((route, rest) for route in (*(node.slashes if segments[at] else ()), *node.rest))
        return
    yield from ((route, values) for route in node.routes)
