"""Whether a target keeps this machine out for its address (composer, Webserver Access Control)."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from conformance.base_url import BaseUrl
from profiles.accounts import Network


def barred(ranges: Sequence[Network] | None, base: BaseUrl) -> bool:
    """Whether a target that only lets in these addresses (None: all) keeps out this machine, on which it runs.

    False for a target anywhere else: what it sees may be the address of a router.
    """
    if ranges is None or not base.loopback:
        return False
    own = _own(base)
    return own is not None and not any(own in each for each in ranges)


def _own(base: BaseUrl) -> IPv4Address | IPv6Address | None:
    """The address that requests to the target come from; nothing is sent to find out."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(base.host, base.port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as probe:
            probe.connect(place)
            return ip_address(str(probe.getsockname()[0]).partition("%")[0])
    except OSError:
        return None
