"""Google credentials, as the proxy of Cloud Composer wants them: an access token for a service account or a person.

Source: composer, "Make calls to Airflow REST API": google.auth.default() and a scope. Tokens are got with google-auth;
requests to the target are the suite's own, each sent once. google-auth's AuthorizedSession would repeat a request that
is answered 401 (measured with 2.62.2).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.auth.base import Learned, LoginError, NoCredential
from conformance.auth.jwt import bearer
from conformance.credentials import ADMIN, Credential, Credentials
from conformance.exchange import Headers

if TYPE_CHECKING:
    from conformance.auth.google_tokens import Account

_EXTRA = 'install it with: pip install "airflow-api-conformance[google]"'
_DEFAULT = "run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS"


class Google:
    """Gives requests access tokens of a role's account and keeps each until it is about to expire.

    The account is that of the role's key file; admin's is that of the Application Default Credentials without one: a
    person, a key, or the machine's own account by its metadata server. `learned` is told every token.

    `within`: the target is on this machine, and no token is asked for anywhere else; one that was got elsewhere can be
    given (AIRFLOW_CONFORMANCE_TOKEN).
    """

    def __init__(self, credentials: Credentials, learned: Learned = lambda _: None, *, within: bool = False) -> None:
        self._credentials = credentials.everybody
        self._learned = learned
        self._within = within
        self._accounts: dict[str, Account] = {}
        self._lock = threading.Lock()

    def headers(self, role: str) -> Headers:
        """The Authorization header of a role. NoCredential where it has no account, LoginError where no token."""
        return bearer(self.token(role))

    def fresh(self, role: str) -> Headers:
        """The header with a token that was got for it just now. LoginError."""
        return bearer(self.token(role, fresh=True))

    def forget_all(self) -> None:
        """Get every token anew."""
        with self._lock:
            self._accounts.clear()

    def token(self, role: str = ADMIN, *, fresh: bool = False) -> str:
        """An access token of the role's account. LoginError."""
        one = self._credential(role)
        if one.token:
            return one.token
        with self._lock, _explained(one):
            account = None if fresh else self._accounts.get(role)
            account = account or self._account(one)
            if not fresh:
                self._accounts[role] = account
            return self._told(account.token())

    def id_token(self, role: str, audience: str) -> str:
        """A new ID token of the role's account, for whoever is called `audience`. NoCredential without a key file."""
        file = self.key_file(role)
        with _explained(self._credential(role)):
            from conformance.auth import google_tokens

            return self._told(google_tokens.id_token(file, audience, within=self._within))

    def key_file(self, role: str) -> Path:
        """The file with the key of the role's account. NoCredential where it has none."""
        found = self._credential(role).key_file
        if not found:
            raise NoCredential(f"there is no key of a service account for the role {role}; {_hint(role)}")
        return Path(found)

    def has(self, role: str) -> bool:
        """Whether something is said of an account of the role."""
        return role in self._credentials

    def _credential(self, role: str) -> Credential:
        found = self._credentials.get(role)
        if found is None:
            raise NoCredential(f"there are no Google credentials for the role {role}; {_hint(role)}")
        return found

    def _account(self, one: Credential) -> Account:
        from conformance.auth import google_tokens

        if one.key_file:
            return google_tokens.of_key(Path(one.key_file), within=self._within)
        return google_tokens.default(within=self._within)

    def _told(self, token: str) -> str:
        self._learned(token)
        return token


@contextmanager
def _explained(one: Credential) -> Iterator[None]:
    """Say what to do about an error of the library."""
    who = f"the role {one.role} ({one.source})"
    try:
        yield
    except ModuleNotFoundError as error:
        raise NoCredential(f"{error.name} is not installed, which Google credentials need; {_EXTRA}") from None
    except LookupError as error:
        raise NoCredential(f"there are no Google credentials for {who}: {error}; {_DEFAULT}, {_or(one)}") from None
    except (OSError, ValueError) as error:
        raise LoginError(f"there is no token of Google's for {who}: {error}") from None


def _or(one: Credential) -> str:
    return f"or {_hint(one.role)}"


def _hint(role: str) -> str:
    return f"name the key of a service account in --credentials FILE: {role}: {{key_file: ...}}"
