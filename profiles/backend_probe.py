"""What `backend_module.inspect` runs in a process of its own: import a backend module and look at its interface.

It needs nothing but Python 3.8, so that it can also run in the environment of an Airflow 2. Arguments: a file for the
result, and the module. The result is JSON, a list of [is it a fault, sentence]. The module may print, exit or hang
as it likes.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, NamedTuple

BROUGHT_BY_AIRFLOW = (
    *("airflow", "connexion", "flask", "flask_appbuilder", "flask_login", "flask_session", "flask_wtf", "itsdangerous"),
    *("jinja2", "jwt", "kerberos", "markupsafe", "requests", "sqlalchemy", "werkzeug"),
)
"""Packages that are there wherever an Airflow 2 runs, and need not be there where a module is checked."""


class Finding(NamedTuple):
    """One thing about the module: `fault` where it does not fit the interface, else something to know."""

    fault: bool
    text: str


class StandIns:
    """Finds what Airflow would bring and is not installed here, as empty modules with anything in them."""

    def __init__(self) -> None:
        self.missing = {name for name in BROUGHT_BY_AIRFLOW if importlib.util.find_spec(name) is None}
        self.used: set[str] = set()

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """Asked by the import system, after all others: a stand-in, or None."""
        top = name.partition(".")[0]
        if top not in self.missing:
            return None
        self.used.add(top)
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # it has what a loader needs

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """A module in which every name is there."""
        from unittest.mock import MagicMock  # slow to import, and seldom needed

        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: MagicMock(name=f"{spec.name}.{name}")  # type: ignore[method-assign]
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing has to be run."""


def look(name: str, stand_ins: StandIns) -> Iterator[Finding]:
    """Everything there is to say about the module of that name."""
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001 - SystemExit too: whatever the module does is a finding
        yield Finding(True, _why_not_imported(name, error, stand_ins))
        return
    checks: tuple[Callable[[Any], Iterator[Finding]], ...] = (_init_app, _decorator, _session, _client_auth, _one_way)
    for check in checks:
        yield from check(module)
    if stand_ins.used:
        names = ", ".join(sorted(stand_ins.used))
        text = (
            f"{names}: not installed here, so that stand-ins were used and what the module does with them was not seen"
        )
        yield Finding(False, f"{text}; check it in the environment of the deployment too")


def _why_not_imported(name: str, error: BaseException, stand_ins: StandIns) -> str:
    missing = getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None
    if missing and (name == missing or name.startswith(f"{missing}.")):
        return f"there is no module {missing}; name the folder in which it stands as pythonpath"
    if missing:
        return f"it imports {missing}, which is not here; install it, or name its folder as pythonpath too"
    advice = "correct the module, for Airflow does not start with it"
    if stand_ins.used:
        names = ", ".join(sorted(stand_ins.used))
        advice = f"it may be that it cannot do with stand-ins for {names}: install what is missing, and check again"
    return f"importing it raised {_told(error)}{_where(error)}; {advice}"


def _told(error: BaseException) -> str:
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    text = " ".join(said.split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _where(error: BaseException) -> str:
    """The line of the module, or of what it imports, that raised."""
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({Path(error.filename).name}:{error.lineno})"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_theirs(frame.filename)]
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""


def _is_theirs(filename: str) -> bool:
    return not filename.startswith("<") and Path(filename).parts[-2:-1] != ("importlib",)


def _init_app(module: Any) -> Iterator[Finding]:
    advice = "write def init_app(app), which Airflow calls with its Flask application as it starts"
    yield from _function(module, "init_app", advice)


def _decorator(module: Any) -> Iterator[Finding]:
    advice = "write def requires_authentication(fn), a decorator that gives a function to be called in place of fn"
    faults = list(_function(module, "requires_authentication", advice))
    yield from faults
    if not faults:
        try:
            decorated = module.requires_authentication(_view)
        except Exception as error:  # noqa: BLE001 - what it raises is what is found
            yield Finding(True, f"requires_authentication raised {_told(error)} as a decorator; {advice}")
            return
        if not callable(decorated):
            yield Finding(True, f"requires_authentication gives {_kind(decorated)}; {advice}")
        elif inspect.iscoroutinefunction(decorated):
            yield Finding(
                True, "requires_authentication gives an async function, which Airflow does not await; use def"
            )


def _view(*args: object, **kwargs: object) -> str:  # noqa: ARG001
    return "view"


def _session(module: Any) -> Iterator[Finding]:
    name, advice = "create_client_session", "write def create_client_session(), which gives a requests.Session"
    if getattr(module, name, None) is None:
        return
    faults = list(_function(module, name, advice, arguments=()))
    yield from faults
    if not faults:
        try:
            session, wanted = module.create_client_session(), importlib.import_module("requests").Session
        except Exception as error:  # noqa: BLE001 - what it raises is what is found
            yield Finding(False, f"{name} raised {_told(error)} here; see that it can do its work where clients run")
            return
        if isinstance(wanted, type) and not isinstance(session, wanted):
            yield Finding(True, f"{name} gives {_kind(session)}; {advice}")


def _client_auth(module: Any) -> Iterator[Finding]:
    value = getattr(module, "CLIENT_AUTH", None)
    if value is None or (isinstance(value, tuple) and [type(part) for part in value] == [str, str]):
        return
    wanted = importlib.import_module("requests.auth").AuthBase
    advice = "make it a pair of texts (user name and password), an object of requests.auth.AuthBase, or None"
    if isinstance(value, (str, bytes, tuple, list, dict, int, type)) or (
        isinstance(wanted, type) and not isinstance(value, wanted)
    ):
        yield Finding(True, f"CLIENT_AUTH is {_kind(value)}; {advice}")


def _one_way(module: Any) -> Iterator[Finding]:
    if None not in (getattr(module, "create_client_session", None), getattr(module, "CLIENT_AUTH", None)):
        text = "it has both create_client_session and CLIENT_AUTH, where the document says one of the two"
        yield Finding(False, f"{text}; Airflow's client uses both together, so keep the one that is meant")


def _function(module: Any, name: str, advice: str, arguments: tuple[object, ...] = (None,)) -> Iterator[Finding]:
    """What is wrong with a function that Airflow calls with these arguments."""
    value = getattr(module, name, None)
    if value is None:
        yield Finding(True, f"{name} is missing; {advice}")
    elif not callable(value):
        yield Finding(True, f"{name} is {_kind(value)}; {advice}")
    elif inspect.iscoroutinefunction(value):
        yield Finding(True, f"{name} is async, and Airflow does not await it; {advice}")
    elif not _takes(value, arguments):
        count = "one argument" if arguments else "no argument"
        yield Finding(True, f"{name} cannot be called with {count}, as Airflow does; {advice}")


def _takes(function: Callable[..., Any], arguments: tuple[object, ...]) -> bool:
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:  # a function without a signature, such as one written in C
        return True
    return True


def _kind(value: object) -> str:
    """The type of a value; never the value, which may be a secret."""
    return (
        "None" if value is None else f"a class ({value.__name__})" if isinstance(value, type) else type(value).__name__
    )


def main(result: str, name: str) -> None:
    """Look at the module and write what is found."""
    sys.path[:] = [folder for folder in sys.path if folder]  # not whatever the current folder holds
    stand_ins = StandIns()
    sys.meta_path.append(stand_ins)
    findings = list(look(name, stand_ins))
    Path(result).write_text(json.dumps(findings), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
