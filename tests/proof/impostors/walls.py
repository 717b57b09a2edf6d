"""Walls: one status for everything."""

from __future__ import annotations

from starlette.responses import JSONResponse

from tests.proof.impostors.around import Maker, answering


def wall(status: int) -> Maker:
    """A gateway that lets nobody through, or something that is content with everything."""
    return lambda _: answering(lambda *_: JSONResponse({"detail": "..."}, status))
