"""Sends requests byte for byte as they are, and brings back every answer, whatever the target does.

Header list, target, method and body go out unaltered; what is added are Host, Content-Length and User-Agent, each
unless the request has one of its own. Redirects are not followed. The environment's proxies are ignored: a proxy could
change requests and answers, and then the proxy would be judged.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from pathlib import Path

from conformance import meter, wire
from conformance.base_url import BaseUrl
from conformance.exchange import SAFE, Exchange, Request, Response
from conformance.lane import Lane

USER_AGENT = "airflow-api-conformance"

#: Methods for which a missing body is declared as an empty one (RFC 9110, 8.6).
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
#: A connection that idled for so many seconds may just be being closed by the server; it is not used again.
_IDLE = 2.0


class NotSendable(ValueError):  # noqa: N818 (it says what happened)
    """A request that would not be one request on the wire: a line break in a header, a blank in the target, ..."""


class _Connection:
    """One connection, of one request at a time."""

    def __init__(self, base: BaseUrl, deadline: float, context: ssl.SSLContext | None) -> None:
        self.socket = socket.create_connection((base.host, base.port), max(0.001, deadline - time.monotonic()))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            try:
                self.socket = context.wrap_socket(self.socket, server_hostname=base.host)
            except BaseException:
                self.socket.close()
                raise
        self.used = 0
        self.idle_since = time.monotonic()

    def fit(self) -> bool:
        """Whether it can be used again: not idle for long, not closed, no bytes waiting that nobody asked for."""
        if time.monotonic() - self.idle_since > _IDLE:
            return False
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return not poll.poll(0)

    def break_off(self) -> None:
        """End the exchange that another thread has with it."""
        with suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)  # past TLS, which the other thread is using

    def close(self) -> None:
        self.socket.close()


class Transport:
    """A way to one target. Safe to use from many threads.

    `timeout` is in seconds, for one whole exchange; `max_body` in bytes, also for what a compressed body decodes to.
    `workers`: how many requests are in flight at most. `ca_file`: certificates to trust in place of the system's.

    Requests that may write go through the `lane`, one at a time unless it says otherwise. `quickest`: the seconds of
    the fastest answer so far.

    `before` is called with each request before it is sent; what it raises keeps the request back. `after` is called
    with each exchange.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        max_body: int = 32 * 1024 * 1024,
        workers: int = 4,
        ca_file: Path | None = None,
    ) -> None:
        self.base = BaseUrl.parse(base_url)
        self.timeout = timeout
        self.max_body = max_body
        self.workers = workers
        self.before: list[Callable[[Request], None]] = []
        self.after: list[Callable[[Exchange], None]] = []
        self.sent = 0
        self.retried = 0
        self.quickest = float("inf")
        self.lane = Lane()
        self._tls = ssl.create_default_context(cafile=ca_file) if self.base.scheme == "https" else None
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(workers)
        self._open: set[_Connection] = set()
        self._idle: list[_Connection] = []
        self._pool: ThreadPoolExecutor | None = None

    def send(self, request: Request) -> Exchange:
        """Send one request. A target that does not answer properly is an exchange with an error, never an exception.

        NotSendable for a request that cannot be put on the wire; Stopped when the run ends; what `before` raises.
        """
        octets, count = encode(request, self.base), meter.current()
        count.pass_by()
        for hook in self.before:
            hook(request)
        talk = partial(self._numbered, request, octets, count)
        exchange = talk() if request.method in SAFE else self.lane.through(talk)
        for listener in self.after:
            listener(exchange)
        return exchange

    def send_all(self, requests: Iterable[Request]) -> list[Exchange]:
        """Send requests, several at a time; the answers are in the order of the requests."""
        listed = list(requests)
        if self.workers == 1 or len(listed) < 2:
            return [self.send(request) for request in listed]
        pool = self._helpers()
        sent: dict[int, Future[Exchange]] = {}
        try:
            for number, request in enumerate(listed):
                if not self._waits(request):
                    sent[number] = pool.submit(copy_context().run, self.send, request)
            own = {number: self.send(request) for number, request in enumerate(listed) if number not in sent}
            return [own[number] if number in own else sent[number].result() for number in range(len(listed))]
        finally:
            for each in sent.values():
                each.cancel()

    def break_off(self) -> None:
        """End every exchange that is going on; each gets an error."""
        with self._lock:
            for connection in self._open:
                connection.break_off()

    def close(self) -> None:
        """Close every connection. The transport can be used again afterwards."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
            self._idle.clear()

    def _helpers(self) -> ThreadPoolExecutor:
        """The threads that send for others. They wait for nobody but the target, so that none waits for another."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.workers, "airflow-conformance")
            return self._pool

    def _waits(self, request: Request) -> bool:
        """Whether it has to wait for those that write."""
        return request.method not in SAFE and not self.lane.together

    def _numbered(self, request: Request, octets: bytes, count: meter.Meter) -> Exchange:
        """One exchange, as soon as there are fewer than `workers`, with its number."""
        with self._slots:
            count.pass_by()
            began = time.monotonic()
            with self._lock:
                self.sent += 1
                count.sent += 1
                number = self.sent
            exchange = replace(self._exchange(request, octets), number=number)
            count.crowded |= exchange.response is None and time.monotonic() - began > self.timeout / 2
            return exchange

    def _exchange(self, request: Request, octets: bytes) -> Exchange:
        """One exchange. Where a kept connection turns out to be dead, once more on a fresh one.

        What must not be sent twice always has a connection of its own: there it cannot get lost.
        """
        deadline = time.monotonic() + self.timeout
        kept = self._kept() if request.repeatable else None
        try:
            return Exchange(request, self._attempt(request, octets, deadline, kept))
        except _Died as death:
            if not kept:
                return Exchange(request, error=self._sentence(death.cause))
            meter.current().pass_by()
            with self._lock:
                self.retried += 1
        except (OSError, wire.WireError) as error:
            return Exchange(request, error=self._sentence(error))
        try:
            return Exchange(request, self._attempt(request, octets, deadline, None))
        except _Died as death:
            return Exchange(request, error=self._sentence(death.cause))
        except (OSError, wire.WireError) as error:
            return Exchange(request, error=self._sentence(error))

    def _kept(self) -> _Connection | None:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection and not connection.fit():
            self._drop(connection)
            return None
        return connection

    def _attempt(self, request: Request, octets: bytes, deadline: float, kept: _Connection | None) -> Response:
        connection = kept or self._connect(deadline)
        try:
            response, reusable = self._talk(connection, request, octets, deadline)
        except BaseException:
            self._drop(connection)
            raise
        # Airflow 3 closes the connection without a word after an unhandled 500 (measured on 3.0.6 and 3.3.2).
        if reusable and request.repeatable and response.status < 500:
            connection.idle_since = time.monotonic()
            with self._lock:
                self._idle.append(connection)
        else:
            self._drop(connection)
        return response

    def _talk(self, connection: _Connection, request: Request, octets: bytes, deadline: float) -> tuple[Response, bool]:
        started = time.monotonic()
        reader = wire.Wire(connection.socket, deadline, self.max_body + wire.OVERHEAD)
        failed: OSError | None = None
        try:
            connection.socket.settimeout(max(0.001, deadline - started))
            connection.socket.sendall(octets)
        except TimeoutError:
            raise wire.Late("did not begin: the target does not take the request") from None
        except OSError as error:
            failed = error  # a server may answer and close before it has read the whole body
        try:
            response, reusable = wire.read(reader, request.method, self.max_body)
        except OSError as error:
            if not reader.received:
                raise _Died(failed or error) from error
            raise
        seconds = time.monotonic() - started
        self.quickest = min(self.quickest, seconds)
        return replace(response, seconds=seconds), reusable and not failed

    def _connect(self, deadline: float) -> _Connection:
        connection = _Connection(self.base, deadline, self._tls)
        with self._lock:
            self._open.add(connection)
        return connection

    def _drop(self, connection: _Connection) -> None:
        connection.close()
        with self._lock:
            self._open.discard(connection)

    def _sentence(self, error: Exception) -> str:
        where = f"{self.base.host}:{self.base.port}"
        match error:
            case wire.Late():
                return f"the answer of {where} {error} ({self.timeout:g} s)"
            case wire.WireError():
                return f"the answer of {where} {error}"
            case ssl.SSLCertVerificationError():
                return f"the TLS certificate of {where} is not accepted: {error.verify_message}"
            case ssl.SSLError():
                return f"no TLS with {where}: {(error.reason or str(error)).replace('_', ' ').lower()}"
            case socket.gaierror():
                return f"the host name {self.base.host} is not known: {error.strerror}"
            case ConnectionRefusedError():
                return f"nothing listens at {where}: connection refused"
            case TimeoutError():
                return f"{where} cannot be reached: no connection within {self.timeout:g} s"
            case ConnectionError():
                return f"{where} closed the connection without an answer"
        return f"{where} cannot be reached: {getattr(error, 'strerror', None) or error}"


class _Died(Exception):  # noqa: N818 (it says what happened)
    """The connection ended before one byte of an answer."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def encode(request: Request, base: BaseUrl) -> bytes:
    """The request as it goes over the wire; NotSendable when that would not be exactly this one request."""
    target = base.path + request.target
    for word, what in ((request.method, "method"), (target, "target")):
        if not word or any(char <= " " or char == "\x7f" for char in word):
            raise NotSendable(f"the {what} {word!r} is empty or holds a blank or control character")
    lines = [f"{request.method} {target} HTTP/1.1"]
    for name, value in (*_added(request, base), *request.headers):
        if not name or any(char in "\r\n" for char in name + value):
            raise NotSendable(f"the header {name!r} has no name or holds a line break")
        lines.append(f"{name}: {value}")
    try:
        head = "\r\n".join(lines).encode("latin-1")
    except UnicodeEncodeError as error:
        raise NotSendable(f"{request.method} {request.target}: {error.object[error.start]!r} is no byte") from None
    return head + b"\r\n\r\n" + (request.body or b"")


def _added(request: Request, base: BaseUrl) -> Iterable[tuple[str, str]]:
    given = {name.lower() for name, _ in request.headers}
    if "host" not in given:
        yield "Host", base.authority
    if "user-agent" not in given:
        yield "User-Agent", USER_AGENT
    framed = "content-length" in given or "transfer-encoding" in given
    if not framed and (request.body is not None or request.method in _WITH_BODY):
        yield "Content-Length", str(len(request.body or b""))
