"""Asking a real Airflow what the mock was asked, to see whether it answers alike."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.stock.findings import Answer, Asked

_NOT_SENT_ON = ("host", "content-length", "connection")
_RUN = re.compile(r"^/api/v[12]/dags/[^/]+/dagRuns(?=/(?P<run>[^/~]+))")


def shows(url: str, credential: str, asked: Asked) -> bool:
    """Whether a server gives an answer like the one that the finding is about; the run that is asked about is made."""
    if run := _RUN.search(urlsplit(asked.uri).path):
        body = {"dag_run_id": unquote(run["run"]), "logical_date": None}
        headers = {"authorization": credential, "content-type": "application/json"}
        ask(url, credential, replace(asked, method="POST", uri=run[0], headers=headers, body=json.dumps(body).encode()))
    return likeness(ask(url, credential, asked)) == likeness(asked.answer)


def ask(url: str, credential: str, asked: Asked) -> Answer:
    """Send a request to another server, with its own credential where there was one."""
    there, path = urlsplit(url), urlsplit(asked.uri)
    headers = {name: value for name, value in asked.headers.items() if name not in _NOT_SENT_ON}
    if "authorization" in headers:
        headers["authorization"] = credential
    connection = http.client.HTTPConnection(there.hostname or "", there.port, timeout=60)
    try:
        connection.request(asked.method, f"{path.path}?{path.query}" if path.query else path.path, asked.body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def likeness(answer: Answer) -> tuple[Any, ...]:
    """What two answers have in common that the same finding would be made of: status, `Allow`, media type, form."""
    media = answer.headers.get("content-type", "").partition(";")[0]
    return answer.status, answer.headers.get("allow"), media, _form(answer.body)


def _form(body: bytes) -> object:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return _outline(value, 2)


def _outline(value: object, depth: int) -> object:
    """The types of a value and of its members, to a depth; of a list those of its first item."""
    if depth and isinstance(value, dict):
        return {name: _outline(one, depth - 1) for name, one in value.items()}
    if depth and isinstance(value, list):
        return [_outline(one, depth - 1) for one in value[:1]]
    return type(value).__name__
