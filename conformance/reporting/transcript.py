"""An exchange as a report shows it: JSON types, readable, cut to size, without secrets."""

from __future__ import annotations

import json
from typing import Any

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.redaction import SECRETS

#: Characters of a body that a report shows.
LONGEST = 4000


def transcript(exchange: Exchange, base: str) -> dict[str, Any]:
    """Number, request, response (None when there was none), error and a curl line for an exchange."""
    shown = SECRETS.exchange(exchange)
    return {
        "number": exchange.number,
        "request": _request(shown.request),
        "response": _response(shown.response) if shown.response else None,
        "error": shown.error,
        "curl": SECRETS.text(exchange.curl(base)),
    }


def _request(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "target": request.target,
        "headers": _headers(request.headers),
        "body": _body(request.body or b""),
    }


def _response(response: Response) -> dict[str, Any]:
    return {
        "status": response.status,
        "headers": _headers(response.headers),
        "body": _body(response.body),
        "seconds": round(response.seconds, 4),
    }


def _headers(headers: Headers) -> list[list[str]]:
    return [list(header) for header in headers]


def _body(body: bytes) -> str:
    """Text, JSON indented; what is not text as a description."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"({len(body)} bytes that are not text: {body[:40].hex(' ')}{' ...' if len(body) > 40 else ''})"
    if len(text) <= 20 * LONGEST:
        text = _indented(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n... ({len(text) - LONGEST} characters more)"


def _indented(text: str) -> str:
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
