"""The backend deny_all: nobody passes."""

from __future__ import annotations

from mockserver.auth.backends import Verdict, Visit

_REFUSED = Verdict(403)


def deny_all(_visit: Visit) -> Verdict:
    """Let nobody pass."""
    return _REFUSED
