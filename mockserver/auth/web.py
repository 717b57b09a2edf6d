"""The web server's login as FAB does it: pages of HTML, a form with a CSRF token, a session.

Measured on 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2.


    GET  /            to /home
    GET  /home        to the login, or a page for who is logged in
    GET  /login/      the form, with the CSRF token of the session
    POST /login/      username, password, csrf_token: on to where one wanted to go, or back to the form
    GET  /logout/     ends the login; since 2.10 it is a POST with a CSRF token

The limit of five logins in forty seconds that Airflow has since 2.6 is not kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, quote_plus, urljoin, urlsplit

from mockserver.auth.sessions import Session
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.auth.chain import Chain
    from mockserver.auth.ways import Ways
    from mockserver.mock import Mock
    from mockserver.request import Request

Page = Callable[["Desk"], Answer]
Route = tuple[str, str, Callable[["Mock", "Request"], Answer], str]

HTML = "text/html; charset=utf-8"
_UNCACHED = (
    ("cache-control", "no-store, no-cache, must-revalidate, max-age=0"),
    ("pragma", "no-cache"),
    ("expires", "0"),
)


class Desk:
    """One request to a page: its session, and the answers that pages give."""

    def __init__(self, mock: Mock, request: Request) -> None:
        self.chain: Chain = mock.auth
        self.ways: Ways = self.chain.ways
        self.request = request
        self.session: Session = self.chain.sessions.of(request)
        self.user = self.chain.sessions.user(self.session)
        self.form: Mapping[str, str] = _form(request)
        self.wanted = parse_qs(request.query).get("next", [""])[0]

    def redirect(self, place: str, *, uncached: bool = False) -> Answer:
        """302 to a place on this server."""
        location = urljoin(self.request.origin, place) if self.ways.absolute_locations else place
        text = escape(place)
        body = framework_page(self.ways, "Redirecting...", f'You should be redirected automatically to the target URL: '
                     f'<a href="{text}">{text}</a>. If not, click the link.', close=False)  # fmt: skip
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


def home(desk: Desk) -> Answer:
    """Show who is logged in a page, and everybody else the way to the login."""
    if desk.user is None:
        query = f"?{desk.request.query}" if desk.request.query else ""
        return desk.redirect(desk.login_page(f"{desk.request.origin}{desk.request.path}{query}"))
    token = desk.token()
    method, field = ("post", _field(token)) if desk.ways.posts_logout else ("get", "")
    way_out = f'<form action="/logout/" method="{method}">{field}<button type="submit">Log Out</button></form>'
    return desk.shown(f'<meta name="csrf_token" content="{token}">\n<h1>DAGs</h1>\n{way_out}')


def form(desk: Desk) -> Answer:
    """Show the form of the login."""
    if desk.user is not None:
        return desk.redirect("/", uncached=True)
    return desk.shown(
        '<form class="form" action="" method="post" name="login">\n'
        f"{_field(desk.token())}\n"
        '<label>Username: <input id="username" name="username" required type="text" value=""></label>\n'
        '<label>Password: <input id="password" name="password" required type="password" value=""></label>\n'
        '<input type="submit" value="Sign In">\n</form>',
        uncached=True,
    )


def log_in(desk: Desk) -> Answer:
    """Take the form of the login."""
    fault = desk.csrf_fault()
    if fault is not None:
        return fault
    name, password = desk.form.get("username"), desk.form.get("password")
    if desk.user is not None or not name or not password:
        return form(desk)
    user = desk.chain.accounts.log_in(name, password)
    if user is None:
        return desk.redirect(desk.login_page(desk.going_on()) if desk.ways.remembers_next else "/login/", uncached=True)
    desk.chain.sessions.log_in(desk.session, user)
    return desk.redirect(desk.going_on(), uncached=True)


def log_out(desk: Desk) -> Answer:
    """End the login of a session; the session goes on."""
    fault = desk.csrf_fault() if desk.ways.posts_logout else None
    if fault is not None:
        return fault
    desk.chain.sessions.log_out(desk.session)
    return desk.redirect("/")


def cookies(mock: Mock, request: Request, session: Session | None = None) -> list[tuple[str, str]]:
    """The header that sets the cookie of the session, which every page sends that is not the API's; none if there is
    nothing to keep and the version then sends none.
    """
    chain: Chain = mock.auth
    session = session or chain.sessions.of(request)
    return [] if chain.ways.lazy_cookies and not session.values else [chain.sessions.save(session)]


def routes(ways: Ways) -> tuple[Route, ...]:
    """The pages of a version: method, path, what serves it, what a 405 names."""
    way_out = "POST" if ways.posts_logout else "GET"
    return (
        ("GET", "/", _serve(lambda desk: desk.redirect("/home")), "GET"),
        ("GET", "/home", _serve(home), "GET"),
        ("GET", "/login/", _serve(form), "GET"),
        ("POST", "/login/", _serve(log_in), "GET"),
        (way_out, "/logout/", _serve(log_out), way_out),
    )


def _serve(page: Page) -> Callable[[Mock, Request], Answer]:
    def serve(mock: Mock, request: Request) -> Answer:
        desk = Desk(mock, request)
        answer = page(desk)
        answer.headers = [*answer.headers, *cookies(mock, request, desk.session)]
        return answer

    return serve


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


def _field(token: str) -> str:
    return f'<input id="csrf_token" name="csrf_token" type="hidden" value="{token}">'


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
