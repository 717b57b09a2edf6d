from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.exchange import Exchange, NotJson, Request
from conformance.meter import Meter, metering
from conformance.transport import NotSendable, Transport
from tests.conformance.servers import http, serve

GET = Request("GET", "/x")
#: Seconds that a transport under test waits; long enough for a busy machine to answer, short for those that never do.
SHORT = 0.4


def answer(pieces: Iterable[bytes], *, keep: bool = False, timeout: float = 5.0, max_body: int = 100_000) -> Exchange:
    """What the transport makes of an answer with these bytes."""
    with serve(lambda _: pieces, keep=keep) as server:
        transport = Transport(server.url, timeout=timeout, max_body=max_body)
        try:
            return transport.send(GET)
        finally:
            transport.close()


@pytest.fixture
def to() -> Iterator[Callable[..., Transport]]:
    made: list[Transport] = []

    def make(url: str, **options: object) -> Transport:
        made.append(Transport(url, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for transport in made:
        transport.close()


# ---- what goes out ----


def sent(to: Callable[..., Transport], request: Request, path: str = "") -> bytes:
    with serve(lambda _: [http()], path=path) as server:
        assert to(server.url).send(request).status == 200
        return server.requests[0].replace(server.url.split("/")[2].encode(), b"HOST")


@pytest.mark.parametrize(
    "target", ["/a/../b", "//a", "/%41%zz", "/a?", "/a?b[]=c&&d", "/a%2Fb", "/a;b", "/ä", "/a#b", "/a\\b", "*"]
)
def test_targets_go_out_as_they_are(to: Callable[..., Transport], target: str) -> None:
    assert sent(to, Request("GET", target)).startswith(b"GET " + target.encode("latin-1") + b" HTTP/1.1\r\n")


def test_the_path_of_the_base_url_is_kept(to: Callable[..., Transport]) -> None:
    assert sent(to, Request("GET", "/api?x=1"), path="/some/path/").startswith(b"GET /some/path/api?x=1 HTTP/1.1\r\n")


def test_headers_go_out_as_they_are_and_little_is_added(to: Callable[..., Transport]) -> None:
    headers = (("aUTHORIZATION", " Bearer\t x "), ("X", ""), ("X", "\xe4\x01"), ("Authorization", "again"))
    assert sent(to, Request("GET", "/", headers)) == (
        b"GET / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: airflow-api-conformance\r\n"
        b"aUTHORIZATION:  Bearer\t x \r\nX: \r\nX: \xe4\x01\r\nAuthorization: again\r\n\r\n"
    )


def test_headers_of_the_request_replace_what_would_be_added(to: Callable[..., Transport]) -> None:
    headers = (("host", "h"), ("USER-AGENT", "u"), ("content-length", "2"))
    expected = b"POST / HTTP/1.1\r\nhost: h\r\nUSER-AGENT: u\r\ncontent-length: 2\r\n\r\nab"
    assert sent(to, Request("POST", "/", headers, b"ab")) == expected


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS", "BREW", "get"])
def test_any_method_may_have_a_body(to: Callable[..., Transport], method: str) -> None:
    octets = sent(to, Request(method, "/", (), b"\x00body"))
    assert octets.startswith(method.encode() + b" / ")
    assert octets.endswith(b"Content-Length: 5\r\n\r\n\x00body")


def test_a_missing_body_is_declared_where_one_is_usual(to: Callable[..., Transport]) -> None:
    assert b"Content-Length: 0" in sent(to, Request("PATCH", "/"))
    assert b"Content-Length" not in sent(to, Request("DELETE", "/"))


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/a b"),
        Request("GET", "/a\r\nX: y"),
        Request("G T", "/"),
        Request("", "/"),
        Request("GET", "/", (("A", "b\r\nC: d"),)),
        Request("GET", "/", (("A\n", "b"),)),
        Request("GET", "/", (("", "b"),)),
        Request("GET", "/", (("A", "€"),)),
        Request("GET", "/€"),
    ],
)
def test_what_would_be_another_request_is_not_sent(to: Callable[..., Transport], request_: Request) -> None:
    with serve(lambda _: [http()]) as server:
        transport = to(server.url)
        with pytest.raises(NotSendable):
            transport.send(request_)
        assert (transport.sent, server.connections) == (0, 0)


def test_proxies_of_the_environment_are_ignored(to: Callable[..., Transport], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert sent(to, GET)


# ---- what comes back ----


def test_an_answer() -> None:
    exchange = answer([b"HTTP/1.1 201 Fine\r\nA: 1\r\na: 2\r\nContent-Type: Application/JSON; x=y\r\n\r\n[1]"])
    response = exchange.response
    assert response is not None
    assert (response.status, response.reason, response.json()) == (201, "Fine", [1])
    assert (response.header("A"), response.all("a"), response.media) == ("1", ("1", "2"), "application/json")
    assert 0 < response.seconds < 5
    assert (exchange.number, exchange.error) == (1, None)


def test_redirects_are_not_followed() -> None:
    response = answer([http(307, b"", "Location: /x")]).response
    assert response is not None
    assert (response.status, response.header("location")) == (307, "/x")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "x-gzip", "identity"])
def test_compression_that_nobody_asked_for_is_undone(encoding: str) -> None:
    body = b"hello" if encoding == "identity" else compressed(b"hello", encoding)
    exchange = answer([http(200, body, f"Content-Encoding: {encoding}")])
    assert exchange.response is not None
    assert exchange.response.body == b"hello"


def compressed(octets: bytes, encoding: str) -> bytes:
    tool = zlib.compressobj(wbits=zlib.MAX_WBITS | (0 if encoding == "deflate" else 16))
    return tool.compress(octets) + tool.flush()


def endless(piece: bytes) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield from repeat(b"%x\r\n%s\r\n" % (len(piece), piece))


def dripping(piece: bytes) -> Iterator[bytes]:
    """A byte now and then, for ever: no single read ever takes long."""
    for each in repeat(piece):
        time.sleep(0.02)
        yield each


HOSTILE: dict[str, tuple[Iterable[bytes], str]] = {
    "immediate close": ([], "closed the connection without an answer"),
    "no HTTP": ([b"SSH-2.0-OpenSSH_9.6\r\n"], "status line"),
    "garbage": ([b"\x00\xff\xfe" * 50], "status line"),
    "status is no number": ([b"HTTP/1.1 two OK\r\n\r\n"], "status line"),
    "other protocol": ([b"HTTP/2 200 OK\r\n\r\n"], "protocol"),
    "only an interim status": ([b"HTTP/1.1 103 Early Hints\r\n\r\n"], "interim status 103"),
    "endless status line": ([b"HTTP/1.1 200 " + b"x" * 70_000], "endless line"),
    "endless header line": ([b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000], "endless line"),
    "too many headers": ([b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"], "headers"),
    "malformed header": ([b"HTTP/1.1 200 OK\r\nno colon\r\nA: b\r\n\r\n"], "malformed headers"),
    "endless interim answers": (repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), "more than"),
    "endless body": (endless(b"x" * 5000), "more than"),
    "declared too large": ([b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_001], "more than"),
    "cut off": ([b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"], "ends 7 bytes before"),
    "cut off in a chunk": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"], "cut off"),
    "bad chunk size": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n"], "chunks"),
    "bad transfer encoding": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab"], "Transfer-Encoding"),
    "bad length": ([b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nab"], "Content-Length"),
    "two lengths": ([b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"], "Content-Length"),
    "wrong encoding": ([http(200, b"plain", "Content-Encoding: gzip")], "which it is not"),
    "unknown encoding": ([http(200, b"plain", "Content-Encoding: br")], "was not asked for"),
    "cut off gzip": ([http(200, compressed(b"x" * 999, "gzip")[:-9], "Content-Encoding: gzip")], "cut off"),
    "gzip bomb": ([http(200, compressed(bytes(50_000_000), "gzip"), "Content-Encoding: gzip")], "decodes to more"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_an_error(name: str) -> None:
    pieces, expected = HOSTILE[name]
    exchange = answer(pieces)
    assert exchange.response is None
    assert exchange.error is not None
    assert expected in exchange.error
    assert "127.0.0.1:" in exchange.error
    assert "\n" not in exchange.error


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"HTTP/1.1 200 OK\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"],
        dripping(b"x"),
        [b"HTTP/1.1 200 OK\r\n", *[b""], b"A: b\r\n"],
    ],
    ids=["silence", "no headers", "no body", "drip", "stop"],
)
def test_an_answer_that_does_not_end_is_given_up(pieces: Iterable[bytes]) -> None:
    started = time.monotonic()
    exchange = answer(pieces, keep=True, timeout=SHORT)
    assert exchange.error is not None
    assert "did not end in time (0.4 s)" in exchange.error
    assert time.monotonic() - started < SHORT + 2


def test_a_body_that_drips_is_given_up() -> None:
    def body() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        yield from dripping(b"x")

    exchange = answer(body(), timeout=SHORT)
    assert "did not end in time" in str(exchange.error)


def test_a_target_that_does_not_take_the_request_is_given_up(to: Callable[..., Transport]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = to(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=SHORT)
        exchange = transport.send(Request("POST", "/", (), bytes(30_000_000)))
    assert "does not take the request" in str(exchange.error)


def test_an_answer_before_the_request_was_read_counts(to: Callable[..., Transport]) -> None:
    def refuse(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(100)
            connection.sendall(http(413, b"too large", "Connection: close"))
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1 << 20):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=refuse, args=(listener,), daemon=True).start()
        transport = to(f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert transport.send(Request("POST", "/", (), bytes(3_000_000))).status == 413


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:{free}", "connection refused"),
        ("http://name.invalid", "is not known"),
        ("https://127.0.0.1:{plain}", "no TLS with"),
    ],
)
def test_a_target_that_is_not_there(to: Callable[..., Transport], url: str, expected: str) -> None:
    def plain_only(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(100)
            connection.sendall(http(400))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if "plain" in url:
            threading.Thread(target=plain_only, args=(listener,), daemon=True).start()
        exchange = to(url.format(free=free, plain=listener.getsockname()[1])).send(GET)
    assert expected in str(exchange.error)
    assert exchange.response is None


@given(st.binary(max_size=400), st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]))
def test_no_bytes_make_it_raise(junk: bytes, start: bytes) -> None:
    exchange = answer([start + junk], timeout=2)
    assert (exchange.response is None) != (exchange.error is None)
    with suppress(NotJson):
        exchange.json()


# ---- connections ----


def test_connections_are_kept(to: Callable[..., Transport]) -> None:
    with serve(lambda _: [http()]) as server:
        transport = to(server.url)
        assert [transport.send(GET).status for _ in range(5)] == [200] * 5
        assert (server.connections, transport.sent, transport.retried) == (1, 5, 0)


@pytest.mark.parametrize("end", ["Connection: close", "X: y"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_connections_that_end_are_replaced(to: Callable[..., Transport], method: str, end: str) -> None:
    with serve(lambda _: [http(200, b"", end)], keep=False) as server:
        transport = to(server.url)
        assert [transport.send(Request(method, "/")).status for _ in range(5)] == [200] * 5
        assert server.connections >= 5


def test_a_connection_is_not_used_again_after_a_500(to: Callable[..., Transport]) -> None:
    with serve(lambda _: [http(500)]) as server:
        transport = to(server.url)
        assert [transport.send(GET).status for _ in range(3)] == [500] * 3
        assert (server.connections, transport.retried) == (3, 0)


def test_bytes_that_nobody_asked_for_are_not_the_next_answer(to: Callable[..., Transport]) -> None:
    with serve(lambda request: [http() + (http(418) if b"/first" in request else b"")]) as server:
        transport = to(server.url)
        assert [transport.send(Request("GET", path)).status for path in ("/first", "/second")] == [200, 200]


def dies_at_second(request: bytes, seen: list[bytes]) -> Iterator[bytes]:
    """Answers the first request of a connection; at the second one it hangs up without a byte."""
    seen.append(request)
    if len(seen) == 2:
        raise ConnectionResetError
    yield http()


def test_a_question_is_asked_again_when_the_kept_connection_is_dead(to: Callable[..., Transport]) -> None:
    seen: list[bytes] = []
    with serve(lambda request: dies_at_second(request, seen)) as server:
        transport = to(server.url)
        assert [transport.send(GET).status for _ in range(2)] == [200, 200]
        assert (transport.retried, transport.sent, len(seen)) == (1, 2, 3)


def test_a_write_is_never_sent_twice(to: Callable[..., Transport]) -> None:
    seen: list[bytes] = []
    with serve(lambda request: dies_at_second(request, seen)) as server:
        transport = to(server.url)
        answers = [transport.send(Request("POST", "/x")) for _ in range(2)]
        assert [each.status for each in answers] == [200, None]
        assert (transport.retried, len(seen), server.connections) == (0, 2, 2)
    assert "closed the connection without an answer" in str(answers[1].error)


def test_a_token_that_is_good_once_is_never_sent_twice(to: Callable[..., Transport]) -> None:
    seen: list[bytes] = []
    with serve(lambda request: dies_at_second(request, seen)) as server:
        transport = to(server.url)
        shown = [Request("GET", "/x", (("Authorization", f"Negotiate YII{letter * 200}"),)) for letter in "ab"]
        answers = [transport.send(each) for each in shown]
        assert [each.status for each in answers] == [200, None]
        assert (transport.retried, len(seen), server.connections) == (0, 2, 2)


def test_logging_out_is_never_repeated() -> None:
    assert not Request("GET", "/api/v2/auth/logout").repeatable
    assert Request("GET", "/api/v2/dags").repeatable


def test_many_requests_keep_their_order_and_run_side_by_side(to: Callable[..., Transport]) -> None:
    together = threading.Barrier(4, timeout=10)

    def meet(request: bytes) -> list[bytes]:
        together.wait()
        return [http(200, request.split(b" ")[1])]

    with serve(meet) as server:
        answers = to(server.url, workers=4).send_all(Request("GET", f"/{number}") for number in range(8))
        assert [each.response and each.response.body for each in answers] == [b"/%d" % n for n in range(8)]
        assert server.connections == 4
    assert sorted(each.number for each in answers) == list(range(1, 9))


def test_requests_that_may_write_go_one_at_a_time(to: Callable[..., Transport]) -> None:
    inside: list[int] = []
    most: list[int] = []

    def count(_: bytes) -> Iterator[bytes]:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.005)
        inside.pop()
        yield http()

    with serve(count) as server:
        to(server.url, workers=4).send_all([Request("POST", "/")] * 12)
    assert max(most) == 1


def test_no_more_are_in_flight_than_workers_whoever_sends_them(to: Callable[..., Transport]) -> None:
    inside, most, lock = [0], [0], threading.Lock()
    full = threading.Barrier(3, timeout=10)

    def count(_: bytes) -> Iterator[bytes]:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        full.wait()  # so many there are at times
        with lock:
            inside[0] -= 1
        full.wait()
        yield http()

    with serve(count) as server:
        transport = to(server.url, workers=3)
        with ThreadPoolExecutor(6) as checks:
            sent = [checks.submit(transport.send_all, [GET] * 4) for _ in range(3)]
            sent += [checks.submit(lambda: [transport.send(GET)]) for _ in range(6)]
            assert [each.status for one in sent for each in one.result()] == [200] * 18
    assert most == [3]


@pytest.mark.parametrize(("timeout", "crowded"), [(0.05, True), (30, False)])
def test_what_waits_in_vain_may_do_so_for_the_others(
    to: Callable[..., Transport], timeout: float, crowded: bool
) -> None:
    go_on = threading.Event()

    def late(_: bytes) -> Iterator[bytes]:
        go_on.wait(0 if timeout > 1 else 10)
        raise ConnectionResetError
        yield b""

    with serve(late) as server, metering(Meter()) as meter:
        assert to(server.url, timeout=timeout).send(GET).error
        go_on.set()
    assert meter.crowded is crowded


def test_threads_share_kept_connections(to: Callable[..., Transport]) -> None:
    with serve(lambda _: [http()]) as server:
        transport = to(server.url)
        for _ in range(3):
            with ThreadPoolExecutor(1) as check:
                assert check.submit(transport.send, GET).result().status == 200
        assert (server.connections, transport.retried) == (1, 0)


def test_what_waits_for_an_answer_can_be_broken_off(to: Callable[..., Transport]) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def hang(_: bytes) -> Iterator[bytes]:
        asked.set()
        go_on.wait(10)
        yield http()

    with serve(hang) as server:
        transport = to(server.url, timeout=60)
        with ThreadPoolExecutor(1) as check:
            waiting = check.submit(transport.send, GET)
            asked.wait(10)
            transport.break_off()
            assert "closed the connection without an answer" in str(waiting.result(10).error)
        go_on.set()
        assert transport.send(GET).status == 200


def test_hooks_see_every_request(to: Callable[..., Transport]) -> None:
    seen: list[object] = []
    with serve(lambda _: [http()]) as server:
        transport = to(server.url)
        transport.before.append(lambda request: seen.append(request.target))
        transport.after.append(lambda exchange: seen.append(exchange.status))
        transport.send_all([GET, GET])
    assert sorted(map(str, seen)) == ["/x", "/x", "200", "200"]


def test_a_hook_can_hold_a_request_back(to: Callable[..., Transport]) -> None:
    def refuse(_: Request) -> None:
        raise PermissionError

    with serve(lambda _: [http()]) as server:
        transport = to(server.url)
        transport.before.append(refuse)
        with pytest.raises(PermissionError):
            transport.send_all([GET, GET])
        assert (transport.sent, server.requests) == (0, [])
