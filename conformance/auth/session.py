"""The session of a web login, as Flask-AppBuilder has it: a form with a CSRF token, and a cookie.

Measured on Airflow 2.2.5, 2.3.4, 2.6.3 and 2.11.2: GET /login/ gives a first cookie and the form; POST /login/ leads to
the home page with a new cookie where it succeeds, and back to the form where it does not.
"""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit

from conformance.auth.base import Learned, LoginError, Send, pair
from conformance.credentials import Credential
from conformance.exchange import Exchange, Headers, Request

#: A session is renewed after so many seconds: a deployment may let it end after half an hour.
MOST = 1200.0
LOGIN_PATH, LOGOUT_PATH = "/login/", "/logout/"
COOKIE = "session"
_FORM = ("Content-Type", "application/x-www-form-urlencoded")
_INPUT = re.compile(r"<input\b[^>]*\bname=[\"']csrf_token[\"'][^>]*>", re.IGNORECASE)
_VALUE = re.compile(r"\bvalue=[\"']([^\"']*)[\"']", re.IGNORECASE)
_SET = re.compile(rf"\s*{COOKIE}=([^;]*)")


def cookie(value: str) -> Headers:
    """The header that carries a session."""
    return (("Cookie", f"{COOKIE}={value}"),)


def given(answer: Exchange) -> str:
    """The session that an answer sets; empty where it sets none."""
    headers = answer.response.headers if answer.response else ()
    found = [match[1] for name, value in headers if name.lower() == "set-cookie" and (match := _SET.match(value))]
    return found[-1] if found else ""


def csrf_token(page: Exchange) -> str:
    """The CSRF token in a login form; LoginError where there is none."""
    text = page.response.text if page.response else ""
    field = _INPUT.search(text)
    value = _VALUE.search(field[0]) if field else None
    if value is None:
        came = page.error or f"it was answered {page.status}"
        raise LoginError(f"GET {page.request.path} gives no login form with a csrf_token; {came}")
    return html.unescape(value[1])


def form(username: str, password: str, visited: str, token: str | None, role: str | None = None) -> Request:
    """The request that sends the login form, with the session that only visited it; `token` None leaves that out."""
    fields = {"username": username, "password": password} | ({} if token is None else {"csrf_token": token})
    return Request("POST", LOGIN_PATH, (_FORM, *cookie(visited)), urlencode(fields).encode(), None, role)


def succeeded(answer: Exchange) -> bool:
    """Whether a login led somewhere else than back to the form."""
    where = answer.response.header("Location") if answer.response else None
    redirected = answer.status in (302, 303) and where is not None
    return redirected and not urlsplit(where or "").path.rstrip("/").endswith("/login")


class Session:
    """Logs roles in to the web server and keeps their sessions.

    `send` sends a request, `learned` is told every session and CSRF token. A target that limits how often one may log
    in (429; measured on 2.6.3 and 2.11.2) is waited for. `clock`: seconds, from wherever it counts.
    """

    _pauses = (2.0,) + (5.0,) * 11  # seconds

    def __init__(
        self,
        send: Send,
        credentials: Mapping[str, Credential],
        learned: Learned = lambda _: None,
        *,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._sleep = sleep
        self._clock = clock
        self._credentials = credentials
        self._learned = learned
        self._sessions: dict[str, tuple[str, float]] = {}
        self._tokens: dict[Headers, str] = {}
        self._lock = threading.Lock()

    def headers(self, role: str) -> Headers:
        """The cookie of a role; LoginError when it cannot be logged in."""
        with self._lock:
            session, until = self._sessions.get(role, ("", 0.0))
            if not session or self._clock() >= until:
                session = self._session(role)
                self._sessions[role] = session, self._clock() + MOST
            return cookie(session)

    def fresh(self, role: str) -> Headers:
        """The cookie of a login of its own, such as one to be ended; LoginError."""
        return cookie(self._session(role))

    def forget_all(self) -> None:
        """Log everybody in anew."""
        with self._lock:
            self._sessions.clear()

    def visit(self) -> tuple[str, str]:
        """Look at the login form: the session of somebody who only visits, and the CSRF token. LoginError."""
        page = self._send(Request("GET", LOGIN_PATH))
        token, visited = csrf_token(page), given(page)
        self._learned(token)
        self._learned(visited)
        return visited, token

    def log_in(self, username: str, password: str, *, csrf: bool = True, role: str | None = None) -> Exchange:
        """Send the login form; `csrf` False: without its CSRF token. LoginError where there is no form."""
        visited, token = self.visit()
        request = form(username, password, visited, token if csrf else None, role)
        answer = self._send(request)
        for pause in self._pauses:  # Airflow allows five logins in forty seconds, and does not say when to come again
            if answer.status != 429:
                break
            self._sleep(pause)
            answer = self._send(request)
        if session := given(answer):
            self._learned(session)
            self._tokens[cookie(session)] = token
        return answer

    def log_out(self, headers: Headers) -> Exchange:
        """End a session that this driver has begun: by GET, or by POST with its CSRF token where GET is not taken."""
        answer = self._send(Request("GET", LOGOUT_PATH, headers))
        if answer.status != 405:
            return answer
        fields = urlencode({"csrf_token": self._tokens.get(headers, "")}).encode()
        return self._send(Request("POST", LOGOUT_PATH, (_FORM, *headers), fields))

    def _session(self, role: str) -> str:
        answer = self.log_in(*pair(self._credentials, role), role=role)
        if answer.response is None:
            raise LoginError(answer.error or "no answer")
        if not succeeded(answer):
            raise LoginError(f"POST {LOGIN_PATH} did not log it in; it was answered {answer.status}")
        if not (session := given(answer)):
            raise LoginError(f"POST {LOGIN_PATH} answered {answer.status} without a session")
        return session
