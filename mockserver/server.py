"""Serves the mock over HTTP: in this process until a signal comes, or in a thread for tests."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from mockserver.errors import Crash, SetupError

if TYPE_CHECKING:
    from starlette.applications import Starlette

_BACKLOG = 512
_SECONDS_TO_STOP = 3


class _Server(uvicorn.Server):
    """uvicorn that says when it accepts connections and leaves signals to us (its own way ends with a status not 0)."""

    def __init__(self, app: Starlette, ready: Callable[[], Any]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                ws="none",
                access_log=False,
                proxy_headers=False,  # the address that a client says is its own is not where it comes from
                log_config=None,
                timeout_graceful_shutdown=_SECONDS_TO_STOP,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept, and say so."""
        await super().startup(sockets=sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    def stop(self) -> None:
        """Ask for a clean end."""
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket; port 0 picks a free one. SetupError when the address cannot be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise SetupError(f"no such address: {host!r} ({error.strerror})") from None
    family, kind, protocol, _, address = found
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise SetupError(f"cannot listen on {host}:{port}: {error.strerror}; --port 0 picks a free port") from None
    return listener


def url(listener: socket.socket, host: str) -> str:
    """Give the base URL of a listening socket."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"


def serve(app: Starlette, listener: socket.socket, ready: Callable[[], Any]) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called once connections are accepted."""
    _expect_crashes()
    gc.freeze()  # what is there now stays: the collector need not walk it again and again
    server = _Server(app, ready)

    async def run() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, server.stop)
        await server.serve(sockets=[listener])

    asyncio.run(run())


@contextmanager
def running(app: Starlette, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve in a thread while the context lasts, on a free port; gives the base URL."""
    _expect_crashes()
    listener, accepting = listen(host, 0), threading.Event()
    server = _Server(app, accepting.set)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    accepting.wait(timeout=10)
    try:
        yield url(listener, host)
    finally:
        server.stop()
        thread.join(timeout=10)


class _NoCrashes(logging.Filter):
    """Leaves out the traceback of what the mock is meant to break down on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep everything else."""
        return not (record.exc_info and isinstance(record.exc_info[1], Crash))


def _expect_crashes() -> None:
    """Log what is wrong with the mock, not what is wrong with a request: suites send a lot of that."""
    logger = logging.getLogger("uvicorn.error")
    logger.setLevel(logging.ERROR)
    if not any(isinstance(one, _NoCrashes) for one in logger.filters):
        logger.addFilter(_NoCrashes())
