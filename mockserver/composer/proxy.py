"""The proxy before the web server of an environment: addresses, Google credentials, and who it tells Airflow it is.

It asks for every path and method, so that there are two layers: what Airflow makes of a request comes after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from mockserver.auth.authorization import joined
from mockserver.auth.composer_auth import EMAIL, ID, ISSUER
from mockserver.operations import Answer
from mockserver.request import Request
from mockserver.stable.site import HTML, page

if TYPE_CHECKING:
    from mockserver.composer.google import Google
    from profiles.accounts import Network, ServiceAccount

_OURS = (EMAIL.encode(), ID.encode())
_CHALLENGE = ("www-authenticate", "Bearer")


class Proxy:
    """Lets requests through to Airflow; `ranges` are the addresses that have access, None all."""

    def __init__(self, google: Google, ranges: Sequence[Network] | None) -> None:
        self.google = google
        self.ranges = ranges

    def judge(self, request: Request) -> Request | Answer:
        """The request as Airflow gets it, or the answer to one that is refused."""
        if not self.reachable(request):
            return refusal(403)
        account = self.account(request)
        return refusal(401) if account is None else self.passed_on(request, account)

    def reachable(self, request: Request) -> bool:
        """Tell whether the address that a request comes from has access; nothing that it says of itself counts."""
        peer = address(request)
        return self.ranges is None or any(peer in each for each in self.ranges if peer is not None)

    def account(self, request: Request) -> ServiceAccount | None:
        """The account whose token a request carries."""
        scheme, _, token = joined(request, b"authorization").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return self.google.numbered(self.google.tokens.holder(token.strip(), request.origin))

    def passed_on(self, request: Request, account: ServiceAccount) -> Request:
        """The request with the account in headers that nobody but the proxy sets."""
        others = [(name, value) for name, value in request.scope["headers"] if name.lower() not in _OURS]
        told = {EMAIL: account.email, ID: account.unique_id}
        ours = [(name.encode(), f"{ISSUER}:{value}".encode()) for name, value in told.items()]
        return Request({**request.scope, "headers": [*others, *ours]}, request.body)


def address(request: Request) -> IPv4Address | IPv6Address | None:
    """The address of the other end, None where it has none; one of IPv4 in the clothes of IPv6 is one of IPv4."""
    peer = request.scope.get("client") or ("",)
    try:
        found = ip_address(str(peer[0]).partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def refusal(status: int) -> Answer:
    """The answer of the proxy itself."""
    title = {401: "Unauthorized", 403: "Forbidden"}[status]
    text = "The mock's proxy has not let this request through to Airflow."
    return Answer(status, page(title, text), [_CHALLENGE] if status == 401 else [], HTML)
