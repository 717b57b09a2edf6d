"""The APIs that the suite knows, and its data about each: one folder of YAML files under `apis/` for one contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from specs import yamlfile
from specs.contract import Interface
from specs.versions import Version, within

NAMES = ("public-v2", "stable-v1", "experimental")


@dataclass(frozen=True)
class Api:
    """One API. Its fields are those of api.yaml; see that of public-v2. `name` is that of the contract."""

    name: str
    prefix: str
    title: str
    front: str
    says: str
    common: str
    tried: tuple[str, ...]
    trigger: str
    pausing: Mapping[str, str]
    absent: str = ""
    end_run: str = ""
    health: str = ""
    document: str = ""
    about_admins: Mapping[str, str] = field(default_factory=dict)
    logins: tuple[str, ...] = ()
    inert: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    one_by_one: Mapping[str, str] = field(default_factory=dict)

    def why_one_by_one(self, version: Version) -> str:
        """Why the checks of a version are carried out one after the other; empty where they need not be."""
        here = within(version, self.one_by_one.get("since"), self.one_by_one.get("until"))
        return self.one_by_one["why"] if self.one_by_one and here else ""

    def data(self, name: str) -> dict[str, Any]:
        """The content of a data file about this API, such as "guard"."""
        return _read(self.name, name)


@cache
def load(name: str) -> Api:
    """The API of one contract."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in _read(name, "api").items()
    }
    return Api(name, **values)


def at(path: str) -> Api:
    """The API that a path belongs to. KeyError for a path of none."""
    for name in NAMES:
        if path.startswith(f"{load(name).prefix}/"):
            return load(name)
    raise KeyError(path)


def of(interface: Interface) -> Api:
    """The API that an interface is of."""
    return at(next(iter(interface.operations.values())).path)


@cache
def _read(api: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yamlfile.read("conformance", f"apis/{api}/{name}.yaml")
    return found
