"""The backend default: everybody passes, but nobody is logged in by that."""

from __future__ import annotations

from mockserver.auth.backends import PASSED, Verdict, Visit


def allow_all(_visit: Visit) -> Verdict:
    """Let everybody pass."""
    return PASSED
