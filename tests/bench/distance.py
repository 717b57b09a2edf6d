"""Puts a server far away: a TCP proxy through which every round trip takes a given time.

    python -m tests.bench.distance URL [--seconds 0.05]

Bytes travel half of it each way; that a connection is made takes a whole one, as over a real distance.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from urllib.parse import urlsplit

CHUNK = 65536


class Distance:
    """`seconds`: what a round trip to the server at `host` and `port` takes, beside the server's own time."""

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self.host = host
        self.port = port
        self.seconds = seconds

    async def serve(self, begun: Future[tuple[int, Callable[[], object]]]) -> None:
        """Listen on a free port of loopback until the end; `begun` gets the port, and what brings the end."""
        end, loop = asyncio.Event(), asyncio.get_running_loop()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=512)
        begun.set_result((server.sockets[0].getsockname()[1], lambda: loop.call_soon_threadsafe(end.set)))
        await end.wait()
        server.close()

    async def _connected(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError), contextlib.closing(back):
            await asyncio.sleep(self.seconds)  # the handshake: until then the client could not have sent a byte
            far, there = await asyncio.open_connection(self.host, self.port)
            with contextlib.closing(there):
                await asyncio.gather(self._carry(near, there), self._carry(far, back))

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Carry bytes one way; they are all under way for the same time, however many they are."""
        clock, under_way = asyncio.get_running_loop().time, asyncio.Queue[tuple[float, bytes]]()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._arrive(under_way, sink))
            octets = b"-"
            while octets:
                try:
                    octets = await source.read(CHUNK)
                except OSError:
                    octets = b""
                under_way.put_nowait((clock() + self.seconds / 2, octets))

    async def _arrive(self, under_way: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        with contextlib.suppress(OSError):
            while True:
                due, octets = await under_way.get()
                await asyncio.sleep(due - clock())
                if not octets:
                    break
                sink.write(octets)
                await sink.drain()
        sink.close()


@contextmanager
def distant(url: str, seconds: float) -> Iterator[str]:
    """The URL of a server on this machine, as far away as that."""
    parts = urlsplit(url)
    distance = Distance(parts.hostname or "127.0.0.1", parts.port or 80, seconds)
    begun: Future[tuple[int, Callable[[], object]]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(distance.serve(begun)), daemon=True)
    thread.start()
    port, end = begun.result(10)
    try:
        yield f"http://127.0.0.1:{port}{parts.path}"
    finally:
        end()
        thread.join(10)


def main() -> None:
    """Stand before a server until interrupted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="a server on this machine")
    parser.add_argument("--seconds", type=float, default=0.05, help="a round trip")
    given = parser.parse_args()
    with distant(given.url, given.seconds) as url, contextlib.suppress(KeyboardInterrupt):
        print(url, flush=True)  # noqa: T201 (it is a command)
        threading.Event().wait()


if __name__ == "__main__":
    main()
