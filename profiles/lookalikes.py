"""Which authentication backend of Airflow was probably meant."""

from __future__ import annotations

from profiles import known
from profiles.errors import closest, listed
from specs.versions import Version

ALIKE = {"basic": "password", "password": "basic"}
"""Kinds of backends that stand for each other in different versions: both take a name and a password."""


def advice(name: str, version: Version) -> str:
    """The end of a message about a module that this Airflow does not have: the likely one, or all that it has."""
    likely, there = intended(name, version), listed(one.module for one in known.vocabulary().backends_of(version))
    return f"did you mean {likely}?" if likely else f"take one of {there}"


def intended(name: str, version: Version) -> str | None:
    """The backend of that Airflow that is called like the last part of `name`, or does what such a one does
    elsewhere, or is spelt nearly so.
    """
    last = name.rpartition(".")[2]
    for backend in known.vocabulary().backends.values():
        if _short(backend.module) == last and (other := _counterpart(backend.kind, version)):
            return other
    here = _short_names(version)
    return here.get(closest(last, here) or "")


def _counterpart(kind: str, version: Version) -> str | None:
    """The first backend of that Airflow that does the same, or nearly so."""
    here = {other.kind: other.module for other in reversed(known.vocabulary().backends_of(version))}
    return None if kind == "custom" else here.get(kind, here.get(ALIKE.get(kind, "")))


def _short_names(version: Version) -> dict[str, str]:
    """Last part -> module, the first of those that share it."""
    return {_short(backend.module): backend.module for backend in reversed(known.vocabulary().backends_of(version))}


def _short(module: str) -> str:
    return module.rpartition(".")[2]
