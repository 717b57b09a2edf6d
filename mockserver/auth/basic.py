"""The backend basic_auth: a name and a password in the header Authorization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.auth.authorization import joined, read
from mockserver.auth.backends import PASSED, Verdict, Visit

if TYPE_CHECKING:
    from mockserver.auth.accounts import Accounts
    from mockserver.auth.ways import Ways
    from mockserver.request import Request

_REFUSED = Verdict(401, (("www-authenticate", "Basic"),))


class Basic:
    """Logs in who names a user with the right password.

    `public`: it lets in who is not logged in; in some versions only who does not try to be.
    """

    def __init__(self, accounts: Accounts, ways: Ways, *, public: bool = False) -> None:
        self.accounts = accounts
        self.ways = ways
        self.public = public

    def __call__(self, visit: Visit) -> Verdict:
        """Look for credentials; who is logged in by the session is not by this backend."""
        credentials = read(visit.request, self.ways.parser)
        account = self.accounts.log_in(*credentials) if credentials else None
        if account is None:
            return PASSED if self.public and self._passes(visit.request) else _REFUSED
        visit.account, visit.remembered = account, True
        return PASSED

    def _passes(self, request: Request) -> bool:
        return not (self.ways.basic_wants_no_header and joined(request, b"authorization"))
