"""What the suite creates on a target, as data: how each kind is created, found and removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from conformance import apis


@dataclass(frozen=True)
class Kind:
    """One kind; see kinds.yaml."""

    name: str
    create: str
    param: str
    fields: Mapping[str, Any]
    get: str = ""
    delete: str = ""
    list: str = ""
    bulk: str = ""
    queued: str = ""
    field: str = ""
    shown: str = ""
    within: str = ""
    pattern: tuple[str, ...] = ()

    @property
    def name_shown(self) -> str:
        """The member that has the name in an answer; empty where none has."""
        return self.shown or self.field

    def body(self, name: str, date: str = "") -> dict[str, Any]:
        """A body that creates one of that name; {name} in its texts stands for it, {date} for the date."""
        filled = {
            key: value.replace("{name}", name).replace("{date}", date) if isinstance(value, str) else value
            for key, value in self.fields.items()
        }
        return {self.field: name, **filled}

    def params(self, ids: Mapping[str, str]) -> dict[str, str]:
        """Path parameters out of what names one: `field` may stand for `param`."""
        named = {self.param: ids[self.param] if self.param in ids else ids[self.field]}
        return {self.within: ids[self.within], **named} if self.within else named


@cache
def kinds(api: str) -> dict[str, Kind]:
    """Every kind of an API by its name."""
    data = apis.load(api).data("kinds")
    return {
        name: Kind(name, **{"fields": {}, **each, "pattern": tuple(each.get("pattern", ()))})
        for name, each in data.items()
    }
