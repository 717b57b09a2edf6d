"""What the server of Airflow 2 has beside the operations and the login: Swagger's page, errors, the OpenAPI document.

The pages are ours; Airflow's have other words and the same headers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import yaml

from mockserver.operations import Answer, Call, User
from mockserver.rendering import JSON
from mockserver.stable import documented
from mockserver.world.habits import has

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.stable import StableMock

Visitor = Callable[["StableMock", "Request"], Answer]
API = "/api/v1"
HTML = "text/html; charset=utf-8"


def page(title: str, text: str = "") -> bytes:
    """A page of HTML with a title and a line of text."""
    return (
        f'\n\n<!DOCTYPE html>\n<html lang="en">\n  <head>\n    <title>{escape(title)}</title>\n  </head>\n  <body>\n'
        f"    <h1>{escape(title)}</h1>\n    <p>{escape(text)}</p>\n  </body>\n</html>\n"
    ).encode()


def error_page(status: int) -> Answer:
    """Refuse a path or a method outside the API."""
    return Answer(status, page(f"Airflow {status}", "This is a mock server: it has the API, and no pages."), media=HTML)


def broken_page() -> Answer:
    """Show that the server failed on a request."""
    return Answer(500, page(" Ooops! ", "The mock breaks down here, as Airflow does."), media=HTML)


def bad_request_page() -> Answer:
    """Refuse what Flask itself cannot understand."""
    return Answer(400, page("400 Bad Request"), media=HTML)


def redirect(place: str, status: int = 302) -> Answer:
    """Send the client to another place."""
    link = f'<a href="{escape(place)}">{escape(place)}</a>'
    text = f"<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n{link}\n"
    return Answer(status, text.encode(), [("location", place)], HTML)


def health(mock: StableMock, request: Request) -> Answer:
    """Tell what is well, as the API does, but on one line, or, before 2.4, indented by four and not sorted."""
    operation = mock.interface.operations["get_health"]
    told = mock.handle(Call(mock, operation, User("", ""), {}, {}, None, request.headers))
    one_line = has(mock.world.version, "health is on one line")
    text = json.dumps(told, sort_keys=True) if one_line else json.dumps(told, indent=4)
    return Answer(200, text.encode(), media=JSON)


def user_interface(_mock: StableMock, _request: Request) -> Answer:
    """Stand for Swagger's page."""
    return Answer(200, page("Swagger UI", "This is a mock server: /api/v1/openapi.json has the document."), media=HTML)


def openapi_json(mock: StableMock, _request: Request) -> Answer:
    """Serve the contract of the profile's version."""
    if mock.document is None:
        mock.document = json.dumps(_document(mock)).encode()
    return Answer(200, mock.document, media=JSON)


def openapi_yaml(mock: StableMock, _request: Request) -> Answer:
    """Serve it as YAML."""
    return Answer(200, yaml.safe_dump(_document(mock), allow_unicode=True).encode(), media="text/yaml")


def _document(mock: StableMock) -> dict[str, Any]:
    own = {name: one for name, one in mock.interface.document.items() if not name.startswith("x-")}
    paths = {path.removeprefix(API): item for path, item in own["paths"].items()}
    document = {**own, "paths": paths, "servers": [{"url": API}]}
    return document if mock.traits.follows else documented.spelled_out(document)


ROUTES: tuple[tuple[str, str, Visitor], ...] = (
    ("GET", "/health", health),
    ("GET", f"{API}/ui/", user_interface),
    ("GET", f"{API}/openapi.json", openapi_json),
    ("GET", f"{API}/openapi.yaml", openapi_yaml),
)
