"""One request to a page of the web server, and the answers that pages give."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, quote_plus, urljoin, urlsplit

from mockserver.auth.sessions import Session
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.auth.chain import Chain
    from mockserver.auth.ways import Ways
    from mockserver.request import Request

HTML = "text/html; charset=utf-8"
_UNCACHED = (
    ("cache-control", "no-store, no-cache, must-revalidate, max-age=0"),
    ("pragma", "no-cache"),
    ("expires", "0"),
)


class Desk:
    """One request to a page: its session, and the answers that pages give."""

    def __init__(self, chain: Chain, request: Request) -> None:
        self.chain = chain
        self.ways: Ways = self.chain.ways
        self.request = request
        self.session: Session = self.chain.sessions.of(request)
        self.user = self.chain.sessions.user(self.session)
        self.form: Mapping[str, str] = _form(request)
        self.wanted = parse_qs(request.query).get("next", [""])[0]

    def redirect(self, place: str, *, uncached: bool = False) -> Answer:
        """302 to a place on this server."""
        location = urljoin(self.request.origin, place) if self.ways.absolute_locations else place
        link = f'<a href="{escape(place)}">{escape(place)}</a>'
        told = f"You should be redirected automatically to the target URL: {link}. If not, click the link."
        body = framework_page(self.ways, "Redirecting...", told, close=False)
        return Answer(302, body, [("location", location), *self.caching(uncached)], HTML)

    def shown(self, body: str, *, uncached: bool = False) -> Answer:
        """200 with a page."""
        return Answer(200, _whole(body), [*self.caching(uncached)], HTML)

    def caching(self, uncached: bool) -> tuple[tuple[str, str], ...]:
        """The headers of what is not to be cached."""
        return _UNCACHED if uncached and self.ways.forbids_caching else ()

    def token(self) -> str:
        """A CSRF token for a form of this session."""
        return self.chain.sessions.csrf_token(self.session)

    def csrf_fault(self) -> Answer | None:
        """400 if the request comes without the session's CSRF token."""
        headers = self.request.headers
        token = self.form.get("csrf_token") or headers.get("x-csrftoken") or headers.get("x-csrf-token")
        fault = self.chain.sessions.csrf_fault(self.session, token)
        return (
            Answer(400, framework_page(self.ways, "Bad Request", fault, "400 Bad Request"), media=HTML)
            if fault
            else None
        )

    def going_on(self) -> str:
        """Where to go after the login: to the place that was wanted, if it is on this server."""
        home = "/home" if self.ways.remembers_next else "/"
        there = urljoin(self.request.origin, self.wanted)
        if not self.wanted or urlsplit(there)[:2] != urlsplit(self.request.origin)[:2]:
            return home
        return there if self.ways.remembers_next else self.wanted

    def login_page(self, place: str) -> str:
        """The address of the login that goes on to a place."""
        quoted = quote(place, safe="!$'()*,/:;?@") if self.ways.plain_next else quote_plus(place)
        return f"/login/?next={quoted}"


def _form(request: Request) -> Mapping[str, str]:
    """The fields of the body, which may be a form or a JSON object."""
    if request.media == "application/json":
        return {name: str(value) for name, value in _object(request.body).items()}
    fields = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _whole(body: str) -> bytes:
    return f"<!DOCTYPE html>\n<html>\n<head><title>Airflow</title></head>\n<body>\n{body}\n</body>\n</html>\n".encode()


def framework_page(ways: Ways, heading: str, text: str, title: str | None = None, *, close: bool = True) -> bytes:
    """A page as the framework makes it."""
    start = (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">'
        if ways.old_pages
        else "<!doctype html>\n<html lang=en>"
    )
    end = "</p>\n" if close else "\n"
    return f"{start}\n<title>{title or heading}</title>\n<h1>{heading}</h1>\n<p>{text}{end}".encode()
