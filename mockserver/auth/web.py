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

from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.auth.desk import Desk
from mockserver.auth.sessions import Session
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.auth.chain import Chain
    from mockserver.auth.ways import Ways
    from mockserver.mock import Mock
    from mockserver.request import Request

Page = Callable[[Desk], Answer]
Route = tuple[str, str, Callable[["Mock", "Request"], Answer], str]


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
    return chain.sessions.cookies(session)


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
        desk = Desk(mock.auth, request)
        answer = page(desk)
        answer.headers = [*answer.headers, *cookies(mock, request, desk.session)]
        return answer

    return serve


def _field(token: str) -> str:
    return f'<input id="csrf_token" name="csrf_token" type="hidden" value="{token}">'
