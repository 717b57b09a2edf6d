from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs

import pytest

from conformance.auth.base import LoginError, NoCredential
from conformance.auth.session import MOST, Session, cookie, given, succeeded
from conformance.credentials import Credential
from conformance.exchange import Exchange, Request, Response

USERS = {"admin": Credential("admin", "here", "ann", "p&w é"), "op": Credential("op", "here", token="given")}
PAGE = '<form><input id="csrf_token" name="csrf_token" type="hidden" value="{}"></form>'


@dataclass
class Site:
    """Logs in as Flask-AppBuilder does. `busy`: so many logins are answered 429. `logout`: the methods it takes."""

    busy: int = 0
    logout: tuple[str, ...] = ("POST",)
    page: str = PAGE
    asked: list[Request] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    numbers: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def __call__(self, request: Request) -> Exchange:
        self.asked.append(request)
        sent = (request.header("Cookie") or "").removeprefix("session=")
        fields = {name: values[0] for name, values in parse_qs((request.body or b"").decode()).items()}
        if request.path == "/logout/":
            if request.method not in self.logout:
                return answer(request, 405)
            if request.method == "POST" and fields.get("csrf_token") != "t&1":
                return answer(request, 400)
            self.open.discard(sent)
            return answer(request, 302, ("Location", "/"))
        if request.method == "POST" and self.busy:
            self.busy -= 1
            return answer(request, 429)
        session = f"s{self.numbers()}"
        if request.method == "GET":
            body = self.page.format("t&amp;1")
            return answer(request, 200, ("Set-Cookie", f"session={session}; HttpOnly; Path=/"), body=body)
        good = (fields.get("username"), fields.get("password"), fields.get("csrf_token")) == ("ann", "p&w é", "t&1")
        if not (good and sent):
            return answer(request, 302, ("Location", "http://here/login/?next=/home"))
        self.open.add(session)
        return answer(request, 302, ("Location", "/home"), ("set-cookie", f"session={session}; Path=/"))


def answer(request: Request, status: int, *headers: tuple[str, str], body: str = "") -> Exchange:
    return Exchange(request, Response(status, "", headers, body.encode(), 0.0))


def test_a_role_logs_in_once_by_the_form_and_with_its_token() -> None:
    site = Site()
    driver = Session(site, USERS)
    assert driver.headers("admin") == driver.headers("admin") == (("Cookie", "session=s2"),)
    visit, login = site.asked
    assert (visit.method, visit.path, login.method, login.path) == ("GET", "/login/", "POST", "/login/")
    assert login.header("Cookie") == "session=s1"
    assert login.header("Content-Type") == "application/x-www-form-urlencoded"
    assert login.role == "admin"


def test_a_session_is_renewed_before_a_deployment_ends_it() -> None:
    now = [0.0]
    driver = Session(Site(), USERS, clock=lambda: now[0])
    first = driver.headers("admin")
    now[0] = MOST - 1
    assert driver.headers("admin") == first
    now[0] = MOST
    second = driver.headers("admin")
    assert second != first
    assert driver.headers("admin") == second


def test_a_fresh_session_is_nobody_elses() -> None:
    driver = Session(Site(), USERS)
    kept = driver.headers("admin")
    assert len({kept, driver.fresh("admin"), driver.fresh("admin")}) == 3
    assert driver.headers("admin") == kept
    driver.forget_all()
    assert driver.headers("admin") != kept


@pytest.mark.parametrize(("methods", "sent"), [(("POST",), ["GET", "POST"]), (("GET", "POST"), ["GET"])])
def test_a_session_is_ended_as_the_server_takes_it(methods: tuple[str, ...], sent: list[str]) -> None:
    site = Site(logout=methods)
    driver = Session(site, USERS)
    ended, other = driver.fresh("admin"), driver.fresh("admin")
    assert driver.log_out(ended).status == 302
    assert [each.method for each in site.asked if each.path == "/logout/"] == sent
    assert [cookie(each) for each in site.open] == [other]


def test_every_secret_is_told() -> None:
    told: list[str] = []
    Session(Site(), USERS, told.append).headers("admin")
    assert sorted(told) == ["s1", "s2", "t&1"]


def test_a_limit_of_logins_is_waited_for() -> None:
    site, slept = Site(busy=3), list[float]()
    driver = Session(site, USERS, sleep=slept.append)
    assert driver.headers("admin") == cookie("s2")
    assert len(slept) == 3
    assert len([each for each in site.asked if each.method == "GET"]) == 1


def test_a_limit_that_never_ends_is_not_waited_for_for_ever() -> None:
    slept: list[float] = []
    driver = Session(Site(busy=10**6), USERS, sleep=slept.append)
    with pytest.raises(LoginError, match="it was answered 429"):
        driver.headers("admin")
    assert 40 < sum(slept) < 90


def test_a_login_without_the_csrf_token() -> None:
    site = Site()
    refused = Session(site, USERS).log_in("ann", "p&w é", csrf=False)
    assert b"csrf_token" not in (site.asked[-1].body or b"")
    assert (succeeded(refused), given(refused)) == (False, "")


def test_a_wrong_password_is_no_login() -> None:
    users = {"admin": Credential("admin", "here", "ann", "s3cr3t-canary")}
    with pytest.raises(LoginError, match="did not log it in; it was answered 302") as caught:
        Session(Site(), users).headers("admin")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("role", ["op", "viewer"])
def test_a_role_without_a_password(role: str) -> None:
    with pytest.raises(NoCredential, match=f"no user name and password for the role {role}"):
        Session(Site(), USERS).headers(role)


@pytest.mark.parametrize("page", ["", "<form>", '<input name="csrf_token">', '{{"csrf_token": "x"}}'])
def test_a_page_that_is_no_login_form(page: str) -> None:
    with pytest.raises(LoginError, match=r"GET /login/ gives no login form with a csrf_token; it was answered 200"):
        Session(Site(page=page), USERS).headers("admin")


def test_the_token_may_stand_before_its_name() -> None:
    page = "<INPUT value='{}' type=hidden name='csrf_token'/>"
    assert Session(Site(page=page), USERS).headers("admin")


def test_no_answer() -> None:
    with pytest.raises(LoginError, match="nobody there"):
        Session(lambda request: Exchange(request, error="nobody there"), USERS).headers("admin")


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [
        (302, "/home", True),
        (303, "/", True),
        (302, "/base/login/?next=%2F", False),
        (302, "http://x/login", False),
        (302, None, False),
        (200, "/home", False),
        (401, None, False),
    ],
)
def test_where_a_login_leads(status: int, location: str | None, expected: bool) -> None:
    headers = (("Location", location),) if location else ()
    assert succeeded(answer(Request("POST", "/login/"), status, *headers)) == expected


def test_of_several_cookies_the_last_session_counts() -> None:
    headers = [("Set-Cookie", value) for value in ("session=a; Path=/", "other=b", "session=c", "xsession=d")]
    assert given(answer(Request("GET", "/"), 200, *headers)) == "c"
