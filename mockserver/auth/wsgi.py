"""Between our requests and WSGI, which Flask speaks."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.test import run_wsgi_app

from mockserver.auth.authorization import joined
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.request import Request

BODY_HEADERS = ("content-type", "content-length")
"""The headers that belong to a body, and are not passed on with the others."""


def run(application: Any, given: dict[str, Any]) -> Answer:
    """What a WSGI application answers."""
    body, status, headers = run_wsgi_app(application, given, buffered=True)
    sent = [(name.lower(), value) for name, value in headers]
    media = next((value for name, value in sent if name == "content-type"), None)
    rest = [pair for pair in sent if pair[0] not in BODY_HEADERS]
    return Answer(int(status.split()[0]), b"".join(body), rest, media)


def environ(request: Request) -> dict[str, Any]:
    """A request as WSGI has it."""
    scope = request.scope
    host, _, port = request.headers.get("host", "localhost").partition(":")
    client = scope.get("client") or ("127.0.0.1", 0)
    made: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "RAW_URI": quote(request.path) + (f"?{request.query}" if request.query else ""),
        "QUERY_STRING": request.query,
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": str(len(request.body)),
    }
    for name in {key.lower() for key, _ in scope["headers"]}:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            made[key] = joined(request, name)
        elif key != "CONTENT_LENGTH":
            made[f"HTTP_{key}"] = joined(request, name)
    return made
