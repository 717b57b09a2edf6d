from __future__ import annotations

import threading
from urllib.parse import urlsplit

from conformance.exchange import Request
from conformance.transport import Transport
from tests.bench.distance import distant
from tests.conformance.servers import http, method_and_target, serve


def test_bytes_come_through_as_they_are_on_connections_side_by_side() -> None:
    together = threading.Barrier(3, timeout=10)

    def answer(request: bytes) -> list[bytes]:
        together.wait()
        return [http(200, method_and_target(request)[1].encode() * 40000)]

    with serve(answer, path="/base") as server, distant(server.url, 0.001) as url:
        assert urlsplit(url).port != urlsplit(server.url).port
        transport = Transport(url, workers=3)
        found = transport.send_all(Request("GET", f"/{number}") for number in range(6))
        bodies = [each.response.body for each in found if each.response]
        assert bodies == [f"/base/{number}".encode() * 40000 for number in range(6)]
        assert server.connections == 3
        transport.close()


def test_an_end_of_either_side_comes_through() -> None:
    with serve(lambda _: [b"HTTP/1.1 200 OK\r\n\r\nall"], keep=False) as server, distant(server.url, 0.001) as url:
        transport = Transport(url)
        answer = transport.send(Request("GET", "/"))
        assert answer.response
        assert answer.response.body == b"all"
        transport.close()
