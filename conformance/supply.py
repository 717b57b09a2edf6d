"""Gives checks what they ask for by the names of fixtures, in whatever thread they are carried out.

pytest sets up one test after the other, and keeps the value of a fixture where the next test finds it. Here each check
has values of its own, but for the fixtures of a session: those are made once, for whoever asks first.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

Definition = pytest.FixtureDef[Any]


@dataclass(frozen=True)
class Asking:
    """What a fixture gets as its `request`."""

    node: pytest.Function
    config: pytest.Config
    param: Any = None


class Supply:
    """The fixtures of one session. `ends`: what those of the whole session have left to be done at its end."""

    def __init__(self) -> None:
        self.ends = ExitStack()
        self._made: dict[tuple[Definition, int], Any] = {}
        self._lock = threading.RLock()

    def of(self, item: pytest.Function, ends: ExitStack) -> dict[str, Any]:
        """The arguments of a check; `ends` is told what is to be done after it. Raises what a fixture raises."""
        known = item._fixtureinfo  # there is no public way to it
        made: dict[str, Any] = {}

        def value(name: str, param: Any = None) -> Any:
            if name == "request":
                return Asking(item, item.config, param)
            if name not in made:
                made[name] = self._value(item, known.name2fixturedefs[name][-1], value, ends)
            return made[name]

        for name in known.names_closure:
            value(name)
        return {name: value(name) for name in known.argnames}

    def _value(self, item: pytest.Function, asked: Definition, value: Callable[..., Any], ends: ExitStack) -> Any:
        drawn = getattr(item, "callspec", None)
        param = drawn.params.get(asked.argname) if drawn else None
        key = asked, drawn.indices.get(asked.argname, 0) if drawn else 0
        if asked.scope != "session":
            return _made(asked, value, param, ends)
        with self._lock:
            if key not in self._made:
                self._made[key] = _made(asked, value, param, self.ends)
            return self._made[key]


def _made(asked: Definition, value: Callable[..., Any], param: Any, ends: ExitStack) -> Any:
    """The value of a fixture; what it does after its yield is left to `ends`."""
    given = {name: value(name, param) if name == "request" else value(name) for name in asked.argnames}
    if inspect.isgeneratorfunction(asked.func):
        return ends.enter_context(contextmanager(asked.func)(**given))
    return asked.func(**given)
