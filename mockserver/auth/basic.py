"""The backend basic_auth: a name and a password in the header Authorization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.auth.authorization import read
from mockserver.auth.backends import PASSED, Verdict, Visit

if TYPE_CHECKING:
    from mockserver.auth.accounts import Accounts
    from mockserver.auth.ways import Ways

_REFUSED = Verdict(401, (("www-authenticate", "Basic"),))


class Basic:
    """Logs in who names a user with the right password."""

    def __init__(self, accounts: Accounts, ways: Ways) -> None:
        self.accounts = accounts
        self.ways = ways

    def __call__(self, visit: Visit) -> Verdict:
        """Look for credentials; who is logged in by the session is not by this backend."""
        credentials = read(visit.request, self.ways.parser)
        account = self.accounts.log_in(*credentials) if credentials else None
        if account is None:
            return _REFUSED
        visit.account = account
        return PASSED
