"""The backend session: who has logged in to the web server may use the API."""

from __future__ import annotations

from mockserver.auth.backends import PASSED, Verdict, Visit

_REFUSED = Verdict(401)


def session(visit: Visit) -> Verdict:
    """Let in who is logged in, also by a backend that was tried before."""
    return _REFUSED if visit.account is None else PASSED
