"""From where the web server of Cloud Composer is reached (composer, "Allow API calls ... Webserver Access Control").

A black box has the addresses of this machine alone; what a caller says of its own address is to change nothing.
"""

from __future__ import annotations

from conformance.checks.every_api.refusals import all_refused, common, expect, guarded, harmless, sampled
from conformance.exchange import Headers
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.headers import Attempt
from conformance.target import Target
from specs.contract import Operation

#: Addresses that nobody has (RFC 5737, RFC 3849), and where they are said to be the caller's.
_ADDRESSES = ("203.0.113.7", "2001:db8::7")
_HEADERS = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


@requirement("CMP-ACCESS-001", "CMP-ACCESS-003")
def test_every_address_has_access(target: Target, judge: Judge) -> None:
    """A request is answered from this machine's address, and whatever address of either family it says to be from."""
    plain = common(target, role="admin")
    expect(judge, plain.status == 200, plain, "a request is to be answered from this machine's address")
    for address in _ADDRESSES:
        for headers in _said(address):
            exchange = common(target, role="admin", headers=headers)
            expect(judge, exchange.status == 200, exchange, f"a request that says {headers} is to be answered")


@requirement("CMP-ACCESS-002")
def test_barred_address_opens_nothing(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """From an address that has no access good credentials open no operation, whatever address the request says."""
    ours = harmless(target)
    asked = sampled(guarded(target, operations, proven=True), depth)
    allowed = [str(each.network_address) for each in target.profile.web_server_allow_ip or ()][:1]
    good = target.google.headers("admin")
    said = [headers for address in allowed for headers in _said(address)]
    for headers in ((), *said):
        attempt = Attempt(f"good credentials and {headers or 'nothing else'}", (*good, *headers))
        all_refused(target, judge, (ours.request(one, attempt) for one in asked), "an address without access")


def _said(address: str) -> list[Headers]:
    """The headers in which a caller says that an address is its own."""
    quoted = f'"[{address}]"' if ":" in address else address
    return [((name, f"for={quoted}" if name == "Forwarded" else address),) for name in _HEADERS]
