"""Kerberos tickets, shown in the Authorization header (RFC 4559): a token of its own for each request.

Sources: experimental-api and api-authentication, "Kerberos authentication": the service is ``airflow`` on the host.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from conformance.auth import gssapi
from conformance.auth.base import LoginError, NoCredential
from conformance.base_url import BaseUrl
from conformance.credentials import ADMIN, Credentials
from conformance.exchange import Exchange, Headers, Request, first
from profiles import hosts
from specs.versions import Version

SERVICE, SCHEME = "airflow", "Negotiate"

_OWN = "the caller's credential cache"
_LIBRARY = "install MIT Kerberos' libraries (Debian and Ubuntu: libgssapi-krb5-2, Fedora: krb5-libs)"


class Kerberos:
    """Gives requests tokens of a role's ticket for the service on `host`.

    A role's ticket is in the credential cache that its credential names; admin's in the caller's own without one.
    """

    def __init__(self, credentials: Credentials, host: str) -> None:
        self._credentials = credentials.everybody
        self._lock = threading.Lock()
        self._spent: set[str] = set()
        self.host = host

    def headers(self, role: str) -> Headers:
        """The Authorization header with a new token, which is good for one request. LoginError."""
        return negotiate(self.context(role).token)

    fresh = headers

    def unspent(self, request: Request) -> Request:
        """The request, with a new token where it proves a role by one that has gone out before. LoginError."""
        token = first(request.headers, "Authorization")
        if request.role is None or token is None or not token.startswith(SCHEME):
            return request
        with self._lock:
            spent = token in self._spent
            self._spent.add(token)
        if not spent:
            return request
        others = tuple(each for each in request.headers if each[1] != token)
        return self.unspent(replace(request, headers=(*others, *self.headers(request.role))))

    def forget_all(self) -> None:
        """Nothing is kept."""

    def context(
        self, role: str, service: str = "", *, mechanism: bytes = gssapi.SPNEGO, mutual: bool = True
    ) -> gssapi.Context:
        """A context with a token for a service, such as ``HTTP@host``; for Airflow's own without one.

        NoCredential where the ticket or the library is not there, LoginError where the realm gives no token for it.
        """
        name, cache = service or f"{SERVICE}@{self.host}", self._cache(role)
        with _explained(role, cache, name):
            return gssapi.Context(name, cache=cache, mechanism=mechanism, mutual=mutual)

    def service(self, role: str, service: str = "") -> str:
        """The principal that a service's name stands for, such as ``airflow/host@EXAMPLE.ORG``. LoginError."""
        return self.context(role, service, mechanism=gssapi.KRB5, mutual=False).peer

    def principal(self, role: str) -> str:
        """Who the role is to the realm, such as ``alice@EXAMPLE.ORG``. NoCredential."""
        cache = self._cache(role)
        with _explained(role, cache, SERVICE):
            return gssapi.principal(cache)

    def has(self, role: str) -> bool:
        """Whether there is a ticket of the role."""
        try:
            return bool(self.principal(role))
        except LoginError:
            return False

    def _cache(self, role: str) -> str | None:
        """The name of a role's credential cache, None for the caller's own. NoCredential."""
        found = self._credentials.get(role)
        named = found.ccache if found else None
        if named is None and role != ADMIN:
            raise NoCredential(f"there is no Kerberos ticket for the role {role}; {_hint(role)}")
        return named


@contextmanager
def _explained(role: str, cache: str | None, service: str) -> Iterator[None]:
    """Say what to do about an error of the library."""
    where = cache or _OWN
    try:
        yield
    except gssapi.NoLibrary as error:
        raise NoCredential(f"there is no GSSAPI library for Kerberos ({error}); {_LIBRARY}") from None
    except gssapi.NoTicket as error:
        text = f"there is no Kerberos ticket for the role {role} in {where} ({error}); {_hint(role)}"
        raise NoCredential(text) from None
    except gssapi.ExpiredTicket as error:
        text = f"the Kerberos ticket for the role {role} in {where} is no longer good ({error}); renew it with kinit"
        raise NoCredential(text) from None
    except gssapi.UnknownService as error:
        hint = "name the host of its principal with --kerberos-hostname"
        raise LoginError(f"the realm has no service {service} ({error}); {hint}") from None
    except gssapi.GssError as error:
        raise LoginError(f"there is no Kerberos token for {service} ({error})") from None


def _hint(role: str) -> str:
    return f"get one with kinit, and name its cache in --credentials FILE: {role}: {{ccache: 'FILE:...'}}"


def negotiate(token: bytes) -> Headers:
    """The header that carries a token."""
    return (("Authorization", f"{SCHEME} {base64.b64encode(token).decode()}"),)


def challenged(answer: Exchange) -> bool:
    """Whether an answer asks for a token and says nothing more of it."""
    return any(each.strip().lower() == SCHEME.lower() for each in _offered(answer))


def reply(answer: Exchange) -> bytes:
    """The token with which an answer proves the service; empty where there is none, or none that could be read."""
    for each in _offered(answer):
        scheme, _, token = each.strip().partition(" ")
        if scheme.lower() == SCHEME.lower() and token:
            try:
                return base64.b64decode(token.strip(), validate=True)
            except (binascii.Error, ValueError):
                return b""
    return b""


def service_host(base: BaseUrl, version: Version) -> str:
    """The host in the service's principal: that of the URL; on this machine, its name as that Airflow finds it."""
    return hosts.of_this_machine(version) if base.loopback else base.host


def _offered(answer: Exchange) -> tuple[str, ...]:
    return answer.response.all("WWW-Authenticate") if answer.response else ()
