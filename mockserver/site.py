"""What the server has beside the API: the UI's page for every unknown path, /docs, /health, the OpenAPI document.

Order matters, as in `routing`: the API's operations come before, and the first route that fits is taken.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.errors import PlainError
from mockserver.operations import Answer
from mockserver.rendering import JSON, to_json

if TYPE_CHECKING:
    from mockserver.public import PublicMock
    from mockserver.request import Request

Visitor = Callable[["PublicMock", "Request"], Answer]
Route = tuple[str, str, Visitor, str]
HTML = "text/html; charset=utf-8"
_API = "/api/v2"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def page(title: str) -> bytes:
    """A page of HTML with nothing but a title."""
    return (
        f'<!doctype html>\n<html lang="en">\n  <head>\n    <meta charset="UTF-8" />\n    <base href="/" />\n'
        f"    <title>{title}</title>\n  </head>\n  <body>\n    <h1>{title}</h1>\n"
        "    <p>This is a mock server: it has the API, and this page in place of the user interface.</p>\n"
        "  </body>\n</html>\n"
    ).encode()


def user_interface(_mock: PublicMock, _request: Request) -> Answer:
    """Serve the page that Airflow has for every path that it does not know."""
    return Answer(200, page("Airflow"), media=HTML)


def login_page(_mock: PublicMock, _request: Request) -> Answer:
    """Serve the login page, which the auth manager has for every path of its own that it does not know."""
    return Answer(200, page("Sign in"), media=HTML)


def flask_login_page(_mock: PublicMock, _request: Request) -> Answer:
    """Serve FAB's login page."""
    return Answer(200, page("Sign in"), [("vary", "Cookie")], HTML)


def flask_not_found(_mock: PublicMock, _request: Request) -> Answer:
    """Refuse an unknown path of FAB's, which is another program inside."""
    return Answer(404, page("Airflow 404"), [("vary", "Cookie")], HTML)


def docs(mock: PublicMock, _request: Request) -> Answer:
    """List the operations of the API in plain HTML."""
    rows = "".join(
        f"    <li><code>{one.method} {one.path}</code> {one.id}</li>\n"
        for one in mock.interface.operations.values()
        if one.path.startswith(_API)
    )
    body = page("Airflow API").decode().replace("  </body>", f"    <ul>\n{rows}    </ul>\n  </body>")
    return Answer(200, body.encode(), media=HTML)


def openapi(mock: PublicMock, _request: Request) -> Answer:
    """Serve the contract of the profile's version: the API's own paths, as Airflow does."""
    return Answer(200, _document(mock), media=JSON)


def _document(mock: PublicMock) -> bytes:
    if mock.document is None:
        document = copy.copy(mock.interface.document)
        document["paths"] = {path: item for path, item in document["paths"].items() if path.startswith(_API)}
        own = document["components"]["schemas"].items()
        schemas = {name: schema for name, schema in own if not name.startswith("Auth")}
        document["components"] = {**document["components"], "schemas": schemas}
        mock.document = to_json(document)
    return mock.document


def refuse(text: str) -> Visitor:
    """Make a route that answers 404 with this text."""

    def answer(_mock: PublicMock, _request: Request) -> Answer:
        raise PlainError(404, text)

    return answer


OLD_HEALTH = "Moved in Airflow 3. Please change config to check `/api/v2/monitor/health`"
OLD_API = "/api/v1 has been removed in Airflow 3, please use its upgraded version /api/v2 instead."

_BOTH = "HEAD, GET"
_PAGES = (("/openapi.json", openapi), ("/docs", docs), ("/redoc", docs), ("/docs/oauth2-redirect", docs))

FIRST: tuple[Route, ...] = tuple(
    (method, path, visitor, _BOTH) for path, visitor in _PAGES for method in ("GET", "HEAD")
)
"""Routes that come before the API's."""

LAST: tuple[Route, ...] = (
    ("GET", "/health", refuse(OLD_HEALTH), ""),
    ("GET", "/api/v1/{rest}", refuse(OLD_API), ""),
    ("GET", "/api/{rest}", refuse("API route not found"), ""),
    ("GET", "/{rest}", user_interface, ""),
)
"""Routes that take what is left."""


def auth_paths(auth_manager: str) -> tuple[Route, ...]:
    """Give the routes under /auth that are no operations."""
    if auth_manager == "simple":
        return (("GET", "/auth/{rest}", login_page, ""),)
    unknown: tuple[Route, ...] = tuple((method, "/auth/{rest}", flask_not_found, "") for method in _METHODS)
    return (("GET", "/auth/login/", flask_login_page, ""), *unknown)
