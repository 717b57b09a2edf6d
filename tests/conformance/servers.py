"""Tiny servers on loopback that answer with exactly the bytes that a test wants."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Server:
    """`url` is where it listens; `requests` are the bytes of each request that it has read."""

    url: str
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextmanager
def serve(answer: Callable[[bytes], Iterable[bytes]], *, keep: bool = True, path: str = "") -> Iterator[Server]:
    """Answer each request with the pieces that `answer` gives for it; not `keep`: then close the connection."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = Server(f"http://127.0.0.1:{listener.getsockname()[1]}{path}")
    open_now: list[socket.socket] = []

    def talk(connection: socket.socket) -> None:
        try:
            with connection:
                while request := _read(connection):
                    server.requests.append(request)
                    for piece in answer(request):
                        connection.sendall(piece)
                    if not keep:
                        return
        except OSError:
            return  # the client had enough

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            open_now.append(connection)
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        for each in (listener, *open_now):
            _close(each)


def _close(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()


def http(status: int = 200, body: bytes = b"{}", *headers: str, media: str = "application/json") -> bytes:
    """An ordinary answer."""
    lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body)}", f"Content-Type: {media}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def as_json(status: int, value: object) -> bytes:
    """An ordinary answer with JSON."""
    return http(status, json.dumps(value).encode())


def method_and_target(request: bytes) -> tuple[str, str]:
    """The first two words of a request."""
    method, target, _ = request.decode("latin-1").split(" ", 2)
    return method, target


def body_of(request: bytes) -> bytes:
    """The body of a request."""
    return request.partition(b"\r\n\r\n")[2]


def _read(connection: socket.socket) -> bytes:
    octets = b""
    while b"\r\n\r\n" not in octets:
        piece = connection.recv(65536)
        if not piece:
            return b""
        octets += piece
    head, _, body = octets.partition(b"\r\n\r\n")
    length = next((int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body
