from __future__ import annotations

import pytest

from conformance.exchange import Request
from conformance.meter import Meter, Stopped, current, metering
from conformance.transport import Transport
from tests.conformance.servers import http, serve

GET = Request("GET", "/x")


def test_it_counts_what_a_check_sends_by_itself_and_through_others() -> None:
    with serve(lambda _: [http()]) as server:
        transport = Transport(server.url, workers=3)
        with metering(Meter()) as first:
            transport.send(GET)
            transport.send_all([GET] * 5)
        with metering(Meter()) as second:
            transport.send_all([GET] * 2)
        transport.send(GET)
        transport.close()
    assert (first.sent, second.sent, transport.sent) == (6, 2, 9)


def test_meters_are_put_back() -> None:
    outside = current()
    with metering(Meter()) as outer, metering(Meter()) as inner:
        assert current() is inner
    assert current() is outside
    assert outer is not outside


def test_nothing_is_sent_once_it_is_stopped() -> None:
    with serve(lambda _: [http()]) as server:
        transport = Transport(server.url, workers=2)
        with metering(Meter()) as meter:
            meter.stop()
            for send in (lambda: transport.send(GET), lambda: transport.send_all([GET, GET])):
                with pytest.raises(Stopped):
                    send()
        assert transport.send(GET).status == 200
        transport.close()
    assert (meter.sent, len(server.requests)) == (0, 1)
