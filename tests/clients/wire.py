"""What a client sends: a proxy on loopback that hands everything on as it came, and keeps it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: Headers of an answer that are about the connection, or that the proxy writes itself.
OWN = {"connection", "keep-alive", "transfer-encoding", "server", "date"}


@dataclass(frozen=True)
class Seen:
    """One request, and how it was answered."""

    method: str
    path: str
    headers: Message
    body: bytes
    status: int
    answer: Message


class Wire(ThreadingHTTPServer):
    """`url` is where clients ask, `seen` is what they asked since it was last taken."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        parts = urlsplit(target)
        self.to = ("127.0.0.1", parts.port or 80)
        self.url = f"http://{parts.hostname}:{self.server_port}"
        self._seen: list[Seen] = []

    def keep(self, seen: Seen) -> None:
        """Note one exchange."""
        self._seen.append(seen)

    def take(self) -> list[Seen]:
        """What was asked since the last time."""
        taken, self._seen = self._seen, []
        return taken


class _Handler(BaseHTTPRequestHandler):
    server: Wire

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        self.close_connection = True
        if self.raw_requestline and self.parse_request():
            self.close_connection = True
            self._hand_on()

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection(*self.server.to, timeout=60)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.server.keep(Seen(self.command, self.path, self.headers, body, answer.status, answer.headers))
        self._answer(answer, content)

    def _answer(self, answer: http.client.HTTPResponse, content: bytes) -> None:
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in OWN:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name in the base class
        """Say nothing."""


@contextmanager
def tapped(target: str) -> Iterator[Wire]:
    """A wire to `target`, a base URL on loopback, for the time of a `with` block."""
    with Wire(target) as wire:
        thread = threading.Thread(target=wire.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield wire
        finally:
            wire.shutdown()
            thread.join()
