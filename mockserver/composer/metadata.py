"""The metadata server of a machine in Google's cloud, of whose accounts the first one is the machine's own.

What google-auth asks for was measured with 2.62.2 (GCE_METADATA_HOST and GCE_METADATA_IP lead it here).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from mockserver.composer.google import project
from mockserver.composer.tokens import LIFETIME, SCOPE
from mockserver.operations import Answer
from mockserver.rendering import JSON

if TYPE_CHECKING:
    from mockserver.composer.google import Google
    from mockserver.request import Request
    from profiles.accounts import ServiceAccount

FLAVOR = ("metadata-flavor", "Google")
ROOT = "/computeMetadata/v1/"
ACCOUNTS = "instance/service-accounts/"
TEXT = "application/text"

Query = Mapping[str, list[str]]
Told = str | dict[str, object] | None
"""Text, JSON, or nothing of that name."""


def is_for_it(request: Request) -> bool:
    """Whether a request is for the metadata server: at the root its header tells it from one for Airflow."""
    return request.path.startswith(ROOT) or (request.path == "/" and _flavored(request))


def answer(google: Google, request: Request) -> Answer:
    """Answer a request; who does not send the header is refused, as a browser would be."""
    if not _flavored(request) or request.method != "GET":
        return _answer(403 if request.method == "GET" else 405, "")
    told = "computeMetadata/\n" if request.path == "/" else _told(google, request)
    return _answer(404, "") if told is None else _answer(200, told)


def _told(google: Google, request: Request) -> Told:
    path, query = request.path.removeprefix(ROOT), parse_qs(request.query)
    if path == "universe/universe-domain":
        return "googleapis.com"
    if path == "project/project-id":
        return project(google.accounts[0]) if google.accounts else None
    if not path.startswith(ACCOUNTS):
        return None
    name, _, what = path.removeprefix(ACCOUNTS).partition("/")
    account = google.accounts[0] if name == "default" and google.accounts else google.addressed(name)
    view = _VIEWS.get(what)
    return view(google, account, query) if account and view else None


def _account(_google: Google, account: ServiceAccount, _query: Query) -> Told:
    return {"aliases": ["default"], "email": account.email, "scopes": [SCOPE]}


def _token(google: Google, account: ServiceAccount, query: Query) -> Told:
    scopes = ",".join(query.get("scopes", [SCOPE])).split(",")
    return {"access_token": google.tokens.access(account, scopes), "expires_in": LIFETIME, "token_type": "Bearer"}


def _identity(google: Google, account: ServiceAccount, query: Query) -> Told:
    audience = query.get("audience", [""])[0]
    full = query.get("format", ["standard"])[0] == "full"
    return google.tokens.identity(account, audience, full=full) if audience else None


_VIEWS: Mapping[str, Callable[[Google, ServiceAccount, Query], Told]] = {
    "": _account,
    "email": lambda _google, account, _query: account.email,
    "scopes": lambda *_: f"{SCOPE}\n",
    "token": _token,
    "identity": _identity,
}


def _flavored(request: Request) -> bool:
    name, value = FLAVOR
    return request.headers.get(name, "").lower() == value.lower()


def _answer(status: int, told: str | dict[str, object]) -> Answer:
    if isinstance(told, str):
        return Answer(status, told.encode(), [FLAVOR], TEXT)
    return Answer(status, json.dumps(told).encode(), [FLAVOR], JSON)
