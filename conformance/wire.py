"""The bytes of one answer as they come in, within a deadline and a budget.

`Wire` stands between a socket and http.client, which has a time-out for a single read only: a server that sends one
byte a second, or never stops, would hold it for ever.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
import zlib
from typing import Any, cast

from conformance.exchange import Response

#: What headers and framing may take beside the body, in bytes.
OVERHEAD = 256 * 1024
_PIECE = 64 * 1024


class WireError(Exception):
    """There is no answer that could be read. As text: the end of a sentence that begins with "the answer"."""


class Late(WireError):  # noqa: N818 (it says what happened)
    """The answer was not complete in time."""


class TooLarge(WireError):  # noqa: N818 (it says what happened)
    """The answer is larger than the budget."""


class Malformed(WireError):  # noqa: N818 (it says what happened)
    """The answer is no HTTP, or breaks its own rules."""


class Wire(io.RawIOBase):
    """A socket to read from until `deadline` (time.monotonic) and no more than `budget` bytes.

    It gives http.client what that wants of a socket: `makefile`. `received` counts the bytes.
    """

    def __init__(self, connection: socket.socket, deadline: float, budget: int) -> None:
        self._connection = connection
        self._deadline = deadline
        self._budget = budget
        self.received = 0
        self.surplus = False
        self._ended = False

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there; Late or TooLarge when a limit is passed."""
        if self._ended:
            return None
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Late("did not end in time")
        self._connection.settimeout(left)
        try:
            count = self._connection.recv_into(buffer)
        except TimeoutError:
            raise Late("did not end in time") from None
        self.received += count
        if self.received > self._budget:
            raise TooLarge(f"has more than {self._budget} bytes")
        return count

    def makefile(self, _mode: str) -> _Reader:
        """The file that http.client reads from."""
        return _Reader(self, _PIECE)

    def end(self, reader: io.BufferedReader) -> None:
        """The answer is over: see whether bytes came after it."""
        self._ended = True
        self.surplus = bool(reader.peek())


class _Reader(io.BufferedReader):
    """Closed by http.client as soon as the answer is complete."""

    def close(self) -> None:
        if not self.closed and isinstance(self.raw, Wire):
            self.raw.end(self)
        super().close()


def read(wire: Wire, method: str, max_body: int) -> tuple[Response, bool]:
    """The answer, and whether the connection can be used again. WireError when there is no answer that can be read.

    Errors of the socket pass through. `max_body`: bytes, of the body as sent and as decoded.
    """
    started = time.monotonic()
    answer = http.client.HTTPResponse(cast("socket.socket", wire), method=method)
    try:
        answer.begin()
        _check(answer)
        body = _body(answer, max_body)
    except http.client.RemoteDisconnected:
        raise
    except (http.client.HTTPException, ValueError) as error:
        raise Malformed(_sentence(error)) from error
    headers = tuple((name, _unfolded(str(value))) for name, value in answer.headers.raw_items())
    body = _decoded(body, answer.headers.get("Content-Encoding", "").strip().lower(), max_body)
    reusable = not (answer.will_close or wire.surplus)
    return Response(answer.status, answer.reason, headers, body, time.monotonic() - started), reusable


def _check(answer: http.client.HTTPResponse) -> None:
    headers = answer.headers
    if headers.defects:
        raise Malformed("has malformed headers")
    lengths = {length.strip() for length in headers.get_all("Content-Length", [])}
    if len(lengths) > 1 or any(not (length.isascii() and length.isdigit()) for length in lengths):
        raise Malformed(f"has the Content-Length {' and '.join(sorted(lengths))[:60]!r}")
    encoding = headers.get("Transfer-Encoding", "chunked")
    if encoding.strip().lower() != "chunked":
        raise Malformed(f"has the Transfer-Encoding {encoding[:40]!r}")
    if answer.status < 200:
        raise Malformed(f"has the interim status {answer.status}")


def _body(answer: http.client.HTTPResponse, max_body: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > max_body:
            raise TooLarge(f"has a body of more than {max_body} bytes")
    if answer.length:
        raise Malformed(f"has a body that ends {answer.length} bytes before its Content-Length says")
    return b"".join(pieces)


def _decoded(body: bytes, encoding: str, max_body: int) -> bytes:
    """The body decoded; never more of it than `max_body` bytes."""
    if not body or encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Malformed(f"has the Content-Encoding {encoding[:40]!r}, which was not asked for")
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        plain = decoder.decompress(body, max_body + 1)
    except zlib.error as error:
        raise Malformed(f"says that its body is {encoding}, which it is not: {error}") from None
    if len(plain) > max_body:
        raise TooLarge(f"has a body that decodes to more than {max_body} bytes")
    if not decoder.eof:
        raise Malformed(f"has a {encoding} body that is cut off")
    return plain


def _unfolded(value: str) -> str:
    return " ".join(value.split("\r\n")) if "\n" in value else value


def _sentence(error: Exception) -> str:
    match error:
        case http.client.IncompleteRead():
            return "has a body that is cut off, or malformed chunks"
        case http.client.LineTooLong():
            return "has an endless line"
        case http.client.BadStatusLine():
            return f"has the status line {error.args[0][:60]!r}"
        case http.client.UnknownProtocol():
            return f"has the protocol {error.args[0][:20]!r}"
    return f"cannot be read: {str(error)[:80]}"
