"""Airflow 2's stable API: one module for each kind of thing.

Its modules register their handlers with the `operation` of this package, as those of the public API do with that of
`mockserver.operations`: the operationIds of the two collide.
"""

from __future__ import annotations

from mockserver.operations import Handlers

HANDLERS = Handlers()
operation = HANDLERS.operation
