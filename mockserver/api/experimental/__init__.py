"""The experimental API of Airflow 1.10 and 2: one module for each kind of thing.

Its modules register their handlers with the `operation` of this package, as those of the other APIs do with theirs: the
operationIds collide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.operations import Call, Handlers

if TYPE_CHECKING:
    from mockserver.traits import ExperimentalTraits

HANDLERS = Handlers()
operation = HANDLERS.operation


def traits(call: Call) -> ExperimentalTraits:
    """How the experimental API behaves in the version of the mock."""
    found: ExperimentalTraits = call.mock.experimental.traits
    return found
