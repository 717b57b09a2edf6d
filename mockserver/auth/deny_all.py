"""The backend deny_all: nobody passes."""

from __future__ import annotations

from mockserver.auth.backends import FORBIDDEN, Verdict, Visit


def deny_all(_visit: Visit) -> Verdict:
    """Let nobody pass."""
    return FORBIDDEN
