"""Tokens by google-auth. Imported where a token is wanted: google-auth and requests are not always installed.

Errors: LookupError where there are no default credentials, ValueError for a key that is none and for a refusal, OSError
where a file cannot be read or nobody gives tokens; the text is one sentence without secrets.

google-auth's own sessions look up in a thread, after each token, in which regions it is good; a token that is asked for
with `refresh` alone is not followed by that (measured with 2.62.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import google.auth
import requests
from google.auth import exceptions
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from conformance.base_url import on_this_machine

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_KEPT = "is not asked, for the target is on this machine and that is not"

_key: Callable[..., Any] = service_account.Credentials.from_service_account_file
_id_key: Callable[..., Any] = service_account.IDTokenCredentials.from_service_account_file


class Account:
    """Google credentials with the token that they have got; `within`: nobody outside of this machine is asked."""

    def __init__(self, credentials: Any, *, within: bool) -> None:
        self._credentials = credentials
        self._within = within

    def token(self) -> str:
        """A token that is good for some minutes at least; a new one where that is none."""
        if not self._credentials.valid:
            _refresh(self._credentials, within=self._within)
        return str(self._credentials.token)


def of_key(file: Path, *, within: bool) -> Account:
    """The service account of a key file."""
    with _readable(file):
        return Account(_key(str(file), scopes=[SCOPE]), within=within)


def default(*, within: bool) -> Account:
    """The Application Default Credentials."""
    try:
        with _Session(within) as session:
            found, _ = google.auth.default(scopes=[SCOPE], request=Request(session))
    except exceptions.DefaultCredentialsError as error:
        raise LookupError(_first(error)) from None
    return Account(found, within=within)


def id_token(file: Path, audience: str, *, within: bool) -> str:
    """An ID token for an audience, of the service account of a key file."""
    with _readable(file):
        credentials = _id_key(str(file), target_audience=audience)
    return Account(credentials, within=within).token()


class _Session(requests.Session):
    """Asks no proxy of the environment for what is on this machine; `within`: asks for nothing else."""

    def __init__(self, within: bool) -> None:
        super().__init__()
        self._within = within

    def merge_environment_settings(self, url: Any, *settings: Any) -> Any:
        self.trust_env = not _local(url)
        return super().merge_environment_settings(url, *settings)

    def send(self, request: requests.PreparedRequest, **settings: Any) -> requests.Response:
        if self._within and not _local(request.url):
            raise requests.ConnectionError("it is not on this machine")
        return super().send(request, **settings)


def _local(url: object) -> bool:
    return on_this_machine(urlsplit(str(url)).hostname or "")


def _refresh(credentials: Any, *, within: bool) -> None:
    where = _where(credentials)
    try:
        with _Session(within) as session:
            credentials.refresh(Request(session))
    except exceptions.TransportError:
        kept = within and not _local(where)
        raise OSError(f"{where} {_KEPT if kept else 'cannot be reached'}") from None
    except exceptions.GoogleAuthError as error:
        raise ValueError(f"{where} says: {_first(error)}") from None


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OSError(f"{file}: {error.strerror or 'cannot be read'}") from None
    except (ValueError, TypeError, AttributeError):  # also for JSON that is no object, and for text that is no key
        raise ValueError(f"{file} is no key of a service account, as gcloud writes it in JSON") from None


def _where(credentials: Any) -> str:
    uri = getattr(credentials, "_token_uri", None)
    return str(uri) if uri else "who gives out Google's tokens"


def _first(error: Exception) -> str:
    """The first sentence of an error, on one line."""
    text = str(error.args[0]) if error.args else type(error).__name__
    return " ".join(text.split()).partition(". ")[0].rstrip(".")
