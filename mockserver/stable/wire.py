"""Where the answers of real Airflow 2 leave the schemas that its own document has for them, read from wire.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from specs import yamlfile
from specs.versions import Version, within


@dataclass
class Change:
    """What one schema has otherwise: documented name -> real name, further members, members that are not sent."""

    rename: dict[str, str] = field(default_factory=dict)
    add: list[str] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)


class Wire:
    """The table of one version.

    `follows`: Airflow is followed; else only the names are translated back to those of the document.
    """

    def __init__(self, version: Version, *, follows: bool) -> None:
        self._version = version
        self.follows = follows
        self._schemas: Mapping[str, Any] = _table()["schemas"]
        self._media: Mapping[str, Any] = _table()["media"]

    def change(self, schema: str) -> Change:
        """What a schema has otherwise in this version."""
        found = Change()
        for entry in self._entries(self._schemas, schema):
            found.rename |= entry.get("rename", {})
            found.add += entry.get("add", ()) if self.follows else ()
            found.drop += entry.get("drop", ()) if self.follows else ()
        return found

    def media(self, operation: str) -> str | None:
        """The media type of an operation's empty answer, where it is not JSON's."""
        return next((entry["type"] for entry in self._entries(self._media, operation)), None)

    def _entries(self, table: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
        return (one for one in table.get(name, ()) if within(self._version, one.get("since"), one.get("until")))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yamlfile.read("mockserver.api.v1", "wire.yaml")
    return table
