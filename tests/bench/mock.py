"""How fast the mock is, against a bare ASGI application that sends the same bytes on the same server.

    python -m tests.bench.mock [--seconds 1] [--rounds 5] [--connections 8]

Both run as processes of their own with the same uvicorn settings; a third process sends requests over kept-alive raw
sockets. Rounds alternate, and the median of each counts. Where the system tells the CPU time of a process, the ratio of
CPU time per answer is printed too: neighbours on the machine disturb it less. Also printed: how long the mock takes to
be ready, from the start of the process to the first line of its output, and its memory then.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import http.client
import json
import multiprocessing
import os
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

_BASIC = f"Basic {base64.b64encode(b'admin:admin').decode()}"


def bearer(port: int) -> str:
    """Log in for a token."""
    credentials = json.dumps({"username": "admin", "password": "admin"}).encode()
    return f"Bearer {json.loads(fetch(port, '/auth/token', None, credentials)[2])['access_token']}"


@dataclass(frozen=True)
class Deployment:
    """What is measured: a profile, what its admin sends as Authorization, and path -> the ratio that is aimed at."""

    profile: str
    authorization: Callable[[int], str]
    aims: dict[str, float]


DEPLOYMENTS = (
    Deployment("airflow-3", bearer, {"/api/v2/version": 0.5, "/api/v2/dags?limit=100": 0.25}),
    Deployment("airflow-2-basic", lambda _port: _BASIC, {"/api/v1/version": 0.5, "/api/v1/dags?limit=100": 0.25}),
)


@dataclass(frozen=True)
class Subject:
    """A server under load: its process, its port and the bytes of a request for each path."""

    pid: int
    port: int
    requests: dict[str, bytes]


@contextmanager
def mock(profile: str) -> Iterator[tuple[subprocess.Popen[str], int, float]]:
    """Start the mock; gives the process, the port and the seconds until it was ready."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "mockserver", "--profile", profile, "--port", "0", "--no-admin"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            yield process, int(line.rpartition(":")[2]), time.perf_counter() - began
        finally:
            process.send_signal(signal.SIGTERM)


def fetch(
    port: int, path: str, authorization: str | None, body: bytes | None = None
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Send one request; gives status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Authorization": authorization} if authorization else {"Content-Type": "application/json"}
    connection.request("POST" if body else "GET", path, body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.getheaders(), answer.read()
    connection.close()
    return found


def bare(answers: dict[str, tuple[list[tuple[str, str]], bytes]], listener: socket.socket) -> None:
    """Serve fixed bytes by path: what an ASGI application costs at the least."""
    import uvicorn

    fixed = {
        path.partition("?")[0]: (
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
            },
            {"type": "http.response.body", "body": body},
        )
        for path, (headers, body) in answers.items()
    }

    async def application(scope, receive, send):  # type: ignore[no-untyped-def]
        start, body = fixed[scope["path"]]
        await send(start)
        await send(body)

    config = uvicorn.Config(application, lifespan="off", ws="none", access_log=False, log_config=None)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


def load(subject: Subject, path: str, connections: int, seconds: float, results: multiprocessing.Queue[int]) -> None:
    """Send requests over kept-alive connections, one at a time on each, and count the answers."""
    selector, request, done = selectors.DefaultSelector(), subject.requests[path], 0
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", subject.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request)
        selector.register(connection, selectors.EVENT_READ, [0])
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(timeout=1):
            chunk = key.fileobj.recv(1 << 18)  # type: ignore[union-attr]
            missing = key.data
            missing[0] = missing[0] - len(chunk) if missing[0] else _missing(chunk)
            if missing[0] <= 0:
                missing[0] = 0
                done += 1
                key.fileobj.sendall(request)  # type: ignore[union-attr]
    results.put(done)


def _missing(chunk: bytes) -> int:
    """How many bytes of an answer are still to come after its first piece."""
    head, _, body = chunk.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if b" 200 " not in head[:20] or found is None:
        raise RuntimeError(f"an answer that was not expected: {head[:200]!r}")
    return int(found[1]) - len(body)


def measure(subject: Subject, path: str, connections: int, seconds: float) -> tuple[float, float]:
    """Measure answers per second and microseconds of CPU per answer (0 where that is not told)."""
    before = processor_time(subject.pid)
    results: multiprocessing.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=load, args=(subject, path, connections, seconds, results))
    process.start()
    done = results.get(timeout=seconds + 20)
    process.join()
    return done / seconds, (processor_time(subject.pid) - before) / done * 1e6


def processor_time(pid: int) -> float:
    """Give the seconds of CPU that a process has used; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Give the resident memory of a process in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each server and path")
    parser.add_argument("--connections", type=int, default=8, help="connections kept open")
    given = parser.parse_args()
    for deployment in DEPLOYMENTS:
        compare(deployment, given.connections, given.rounds, given.seconds)


def compare(deployment: Deployment, connections: int, rounds: int, seconds: float) -> None:
    """Measure one deployment beside the bare application, and print."""
    with ExitStack() as stack:
        process, port, ready = stack.enter_context(mock(deployment.profile))
        say(f"{deployment.profile}: mock ready in {ready:.2f} s, {memory(process.pid)} MB")
        authorization = deployment.authorization(port)
        own = Subject(process.pid, port, _requests(deployment, port, authorization))
        subjects = (own, stack.enter_context(_bare(deployment, port, authorization)))
        for path, aim in deployment.aims.items():
            figures = [[measure(one, path, connections, seconds) for one in subjects] for _ in range(rounds)]
            say(_line(path, aim, figures))
        say(f"{deployment.profile}: mock afterwards {memory(process.pid)} MB")


def _line(path: str, aim: float, rounds: list[list[tuple[float, float]]]) -> str:
    """Sum up rounds of (mock, bare), each (answers per second, CPU per answer)."""
    (mocked, own), (least, other) = (
        [statistics.median(figures) for figures in zip(*column, strict=True)] for column in zip(*rounds, strict=True)
    )
    text = f"{path:24} mock {mocked:6.0f}/s  bare {least:6.0f}/s  ratio {mocked / least:.2f} (aim {aim})"
    return f"{text}  CPU {own:.0f} and {other:.0f} us, ratio {other / own:.2f}" if own else text


def _requests(deployment: Deployment, port: int, authorization: str) -> dict[str, bytes]:
    head = f"Host: 127.0.0.1:{port}\r\nAccept: */*\r\nAuthorization: {authorization}\r\n\r\n"
    return {path: f"GET {path} HTTP/1.1\r\n{head}".encode() for path in deployment.aims}


@contextmanager
def _bare(deployment: Deployment, port: int, authorization: str) -> Iterator[Subject]:
    """Run the bare application with what the mock answers."""
    answers = {}
    for path in deployment.aims:
        _, headers, body = fetch(port, path, authorization)
        answers[path] = ([pair for pair in headers if pair[0].lower() not in ("date", "server")], body)
    # The protocol is named as the mock names it: asyncio turns Nagle's delay off only where it is.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        process = multiprocessing.Process(target=bare, args=(answers, listener), daemon=True)
        process.start()
        try:
            here = listener.getsockname()[1]
            yield Subject(process.pid or 0, here, _requests(deployment, here, authorization))
        finally:
            process.terminate()
            process.join()


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    main()
