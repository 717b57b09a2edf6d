"""What others do than a conformance suite: clients with other names, and what has names like anybody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.mockserver.driver import Reply, send

CLIENTS = ("airflow-api-conformance", "curl/8.5.0", "python-requests/2.32.3")
NAMES = ("conf_pool", "team_pool")


def strangers(app: Any, prefix: str, headers: Mapping[str, str], **more: Any) -> Iterator[Reply]:
    """Each client creates pools and looks for them; `more` is what a creation has to say beside slots."""
    yield send(app, "GET", f"{prefix}/pools/default_pool", headers=headers)
    for client in CLIENTS:
        called = {**headers, "user-agent": client}
        for name in (f"{each}_{client[:4]}" for each in NAMES):
            yield send(app, "POST", f"{prefix}/pools", {"name": name, "slots": 1, **more}, called)
            yield send(app, "GET", f"{prefix}/pools/{name}", headers=headers)
    named = {**headers, "content-type": "application/json; charset=utf-8"}
    yield send(app, "POST", f"{prefix}/pools", {"name": "charset", "slots": 1, **more}, named)
    yield send(app, "GET", f"{prefix}/pools/default_pool", headers={**headers, "accept-encoding": "gzip"})
