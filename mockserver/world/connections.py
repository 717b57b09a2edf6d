"""Connections."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from mockserver.world.masking import MASK, masked
from mockserver.world.record import Record
from specs import yamlfile
from specs.versions import Version

TESTED = timedelta(seconds=1)  # from the wish that a connection be tested until that is done


@dataclass(eq=False)
class Connection(Record):
    """A connection; `extra` is the text of a JSON object."""

    number: int
    connection_id: str
    conn_type: str
    description: str | None = None
    host: str | None = None
    login: str | None = None
    schema: str | None = None
    port: int | None = None
    password: str | None = None
    extra: str | None = None
    team_name: str | None = None

    @property
    def shown_password(self) -> str | None:
        """A mask where there is a password."""
        return MASK if self.password else None

    def shown_extra(self, version: Version) -> str | None:
        """The extra text, in JSON's usual form, with what sounds secret masked."""
        if self.extra is None:
            return None
        try:
            return json.dumps(masked(json.loads(self.extra), version))
        except ValueError:
            return self.extra


def unmasked(old: str | None, new: str | None) -> str | None:
    """What to keep when a client sends back what it was shown: masks stand for the old values."""
    if new == MASK:
        return old
    try:
        before, after = json.loads(old or "null"), json.loads(new or "null")
    except ValueError:
        return new
    return json.dumps(_merge(before, after)) if isinstance(after, Mapping) and MASK in (new or "") else new


def _merge(old: Any, new: Any) -> Any:
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return {key: _merge(old.get(key), value) for key, value in new.items()}
    return old if new == MASK and old is not None else new


@cache
def defaults() -> tuple[Mapping[str, Any], ...]:
    """The connections that Airflow offers to create, as it shows them (measured on 3.3.2 and 3.0.6)."""
    return tuple(yamlfile.read("mockserver.world", "default_connections.yaml"))


@dataclass(eq=False)
class ConnectionTest(Record):
    """A test of a connection that a worker makes, some time after it was asked for (Airflow 3.3)."""

    token: str
    connection_id: str
    created_at: datetime

    def over(self, now: datetime) -> bool:
        """Whether the worker has made it."""
        return now >= self.created_at + TESTED
