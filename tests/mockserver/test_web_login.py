"""Logging in to the web server of Airflow 2 as FAB does it (measured on 2.2.5 to 2.11.2)."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from mockserver.auth.sessions import LIFETIME
from tests.mockserver.driver import Reply, application, send

FORM = {"content-type": "application/x-www-form-urlencoded", "host": "mock:1"}
DAGS = "/api/v1/pools?limit=1"


class Browser:
    """Keeps the session's cookie and the CSRF token of the last form."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.cookie = ""
        self.token = ""

    def send(self, method: str, path: str, body: Any = b"", **headers: str) -> Reply:
        sent = {"host": "mock:1", **({"cookie": self.cookie} if self.cookie else {}), **headers}
        reply = send(self.app, method, path, body, sent)
        if "set-cookie" in reply.headers:
            self.cookie = reply.headers["set-cookie"].partition(";")[0]
        found = re.search(rb'name="csrf_token" type="hidden" value="([^"]+)"', reply.body)
        self.token = found[1].decode() if found else self.token
        return reply

    def post(self, path: str, **fields: str) -> Reply:
        return self.send("POST", path, urlencode(fields).encode(), **{"content-type": FORM["content-type"]})

    def log_in(self, name: str = "admin", password: str | None = None, query: str = "") -> Reply:
        self.send("GET", "/login/")
        return self.post(f"/login/{query}", username=name, password=password or name, csrf_token=self.token)


def browser(version: str = "2.11", profile: str = "airflow-2-chain") -> Browser:
    if version == "2.2":
        return Browser(application("airflow-2.2-basic", "api.auth_backend=airflow.api.auth.backend.default"))
    return Browser(application(profile, f"airflow={version}"))


def test_a_login_opens_the_api() -> None:
    user = browser()
    page = user.send("GET", "/login/")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    first = user.cookie
    assert re.fullmatch(
        r"session=[\w-]{43}\.[\w-]{27}; Expires=\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT; HttpOnly; Path=/; SameSite=Lax",
        page.headers["set-cookie"],
    )
    assert user.send("GET", DAGS).status == 401
    reply = user.post("/login/", username="admin", password="admin", csrf_token=user.token)
    assert (reply.status, reply.headers["location"]) == (302, "/home")
    assert user.cookie != first
    assert user.send("GET", DAGS).status == 200
    assert user.send("POST", "/api/v1/pools", {"name": "p", "slots": 1}).status == 200  # no CSRF token is wanted
    assert "set-cookie" not in user.send("DELETE", "/api/v1/pools/p").headers
    assert send(user.app, "GET", DAGS, headers={"cookie": first}).status == 401


PLACES = [
    # version, query; then where a right and a wrong password lead
    ("2.2", "", "http://mock:1/", "http://mock:1/login/"),
    ("2.2", "?next=/x", "http://mock:1/x", "http://mock:1/login/"),
    ("2.3", "", "/", "/login/"),
    ("2.3", "?next=/x", "/x", "/login/"),
    ("2.6", "", "/home", "/login/?next=%2Fhome"),
    ("2.6", "?next=/x", "http://mock:1/x", "/login/?next=http%3A%2F%2Fmock%3A1%2Fx"),
    ("2.11", "", "/home", "/login/?next=/home"),
    ("2.11", "?next=/home%3Fa%3D1", "http://mock:1/home?a=1", "/login/?next=http://mock:1/home?a%3D1"),
    ("2.11", "?next=http://evil.example/", "/home", "/login/?next=/home"),
    ("2.11", "?next=//evil.example", "/home", "/login/?next=/home"),
]


@pytest.mark.parametrize(("version", "query", "right", "wrong"), PLACES)
def test_where_a_login_leads(version: str, query: str, right: str, wrong: str) -> None:
    user = browser(version)
    assert user.log_in("viewer", "nope", query).headers["location"] == wrong
    assert user.log_in("viewer", query=query).headers["location"] == right


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, "The CSRF token is missing."),
        ({"csrf_token": "abc"}, "The CSRF token is invalid."),
        ({"csrf_token": "other"}, "The CSRF tokens do not match."),
    ],
)
def test_a_form_needs_the_token_of_its_session(fields: dict[str, str], fault: str) -> None:
    user = browser()
    user.send("GET", "/login/")
    other = Browser(user.app)
    other.send("GET", "/login/")
    fields = {name: other.token if value == "other" else value for name, value in fields.items()}
    reply = user.post("/login/", username="admin", password="admin", **fields)
    assert (reply.status, fault in reply.body.decode()) == (400, True)
    assert user.send("GET", DAGS).status == 401


def test_a_token_without_its_session() -> None:
    user = browser()
    user.send("GET", "/login/")
    user.cookie = ""
    reply = user.post("/login/", username="admin", password="admin", csrf_token=user.token)
    assert (reply.status, b"The CSRF session token is missing." in reply.body) == (400, True)


def test_the_token_may_come_in_a_header_and_the_form_as_json() -> None:
    user = browser()
    user.send("GET", "/login/")
    reply = user.send("POST", "/login/", {"username": "admin", "password": "admin"}, **{"x-csrftoken": user.token})
    assert reply.status == 302
    assert user.send("GET", DAGS).status == 200


@pytest.mark.parametrize(("name", "password"), [("admin", "nope"), ("nobody", "nobody"), ("inactive", "inactive")])
def test_nobody_else_logs_in(name: str, password: str) -> None:
    user = browser()
    assert user.log_in(name, password).headers["location"] == "/login/?next=/home"
    assert user.send("GET", DAGS).status == 401


def test_an_empty_form_is_shown_again() -> None:
    user = browser()
    user.send("GET", "/login/")
    assert user.post("/login/", username="", password="", csrf_token=user.token).status == 200


def test_who_is_logged_in_stays_who_they_are() -> None:
    user = browser()
    user.log_in("viewer")
    assert user.send("GET", "/login/").headers["location"] == "/"
    assert user.post("/login/", username="admin", password="admin", csrf_token=user.token).headers["location"] == "/"
    assert user.send("GET", "/api/v1/users?limit=1").status == 403


def test_logging_out_is_a_post_since_2_10() -> None:
    user = browser("2.10")
    user.log_in()
    assert user.send("GET", "/logout/").status == 405
    assert user.post("/logout/").status == 400
    assert user.send("GET", DAGS).status == 200
    assert user.send("GET", "/home").status == 200
    assert user.post("/logout/", csrf_token=user.token).headers["location"] == "/"
    assert user.send("GET", DAGS).status == 401


def test_logging_out_was_a_get_before() -> None:
    user = browser("2.6")
    user.log_in()
    assert user.send("GET", DAGS).status == 200
    assert user.send("GET", "/logout/").headers["location"] == "/"
    assert user.send("GET", DAGS).status == 401


def test_logins_beside_each_other() -> None:
    first = browser()
    second = Browser(first.app)
    first.log_in("viewer")
    second.log_in("viewer")
    second.send("GET", "/home")
    second.post("/logout/", csrf_token=second.token)
    assert [one.send("GET", DAGS).status for one in (first, second)] == [200, 401]


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("{name}.{sign}", 200),
        ('"{name}.{sign}"', 200),
        ("{name}", 401),
        ("X{name}.{sign}", 401),
        ("{name}.X{sign}", 401),
        ("{name}.{sign}x", 401),
        ("{name}.\xe9", 401),
        ("", 401),
        ("junk; session={name}.{sign}", 401),
        ("{name}.{sign}; session=junk", 200),
    ],
)
def test_cookies_that_were_tampered_with(value: str, status: int) -> None:
    user = browser()
    user.log_in()
    name, _, sign = user.cookie.removeprefix("session=").rpartition(".")
    cookie = f"session={value.format(name=name, sign=sign)}"
    assert send(user.app, "GET", DAGS, headers={"cookie": cookie}).status == status


def test_the_cookie_of_another_server() -> None:
    stranger = browser()
    stranger.log_in()
    assert send(browser().app, "GET", DAGS, headers={"cookie": stranger.cookie}).status == 401


def test_a_session_ends_after_thirty_days() -> None:
    user = browser()
    user.app.state.mock.clock.hold()
    user.log_in()
    user.app.state.mock.clock.advance(LIFETIME.total_seconds() - 1)
    assert user.send("GET", DAGS).status == 200
    user.app.state.mock.clock.advance(1)
    assert user.send("GET", DAGS).status == 401


def test_the_session_or_basic_whichever_backend_comes_first() -> None:
    header = {"authorization": "Basic " + base64.b64encode(b"admin:admin").decode()}
    wrong = {"authorization": "Basic " + base64.b64encode(b"admin:nope").decode()}
    for profile, status in (("airflow-2-chain", 403), ("airflow-2-basic", 200)):
        user = browser(profile=profile)
        user.log_in("viewer")
        assert user.send("GET", "/api/v1/users?limit=1", **header).status == status
        assert user.send("GET", DAGS, **wrong).status == 200
        assert user.send("GET", "/api/v1/users?limit=1").status == 403  # the session is still the viewer's


@pytest.mark.parametrize(("version", "status"), [("2.6", 401), ("2.11", 500)])
def test_a_session_does_not_outlive_its_user(version: str, status: int) -> None:
    user = browser(version)
    user.log_in("viewer")
    world = user.app.state.mock.world
    world.users.remove(world.users.named("viewer").number)
    assert user.send("GET", DAGS).status == status


def test_the_login_is_what_the_backend_default_goes_by() -> None:
    user = browser(profile="airflow-2-open")
    assert user.send("GET", DAGS).status == 403
    user.log_in("viewer")
    assert user.send("GET", DAGS).status == 200


@pytest.mark.parametrize(
    ("version", "place"),
    [
        ("2.2", "http://mock:1/login/?next=http%3A%2F%2Fmock%3A1%2Fhome"),
        ("2.6", "/login/?next=http%3A%2F%2Fmock%3A1%2Fhome"),
        ("2.11", "/login/?next=http://mock:1/home"),
    ],
)
def test_home_is_for_who_is_logged_in(version: str, place: str) -> None:
    user = browser(version)
    assert user.send("GET", "/home").headers["location"] == place
    assert ("set-cookie" in user.send("GET", "/home").headers) == (version != "2.11")
    user.log_in()
    assert user.send("GET", "/home").status == 200


def test_22_keeps_the_id_of_the_session_and_dates_with_dashes() -> None:
    user = browser("2.2")
    page = user.send("GET", "/login/")
    first = user.cookie
    assert re.search(r"Expires=\w{3}, \d\d-\w{3}-\d{4} ", page.headers["set-cookie"])
    user.log_in()
    assert user.cookie == first
