"""Backends of one's own under Flask (Roll your own API authentication; measured on 2.2.5 and 2.11.2)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import profiles
from mockserver.app import create_app
from mockserver.errors import SetupError
from tests.mockserver.driver import Reply, send

POOLS = "/api/v1/pools"
NOBODY = "webserver_config.AUTH_ROLE_PUBLIC=null"
Maker = Callable[..., Any]

PROBE = '''
    """Does what the header X-Probe says."""

    from functools import wraps

    from flask import Response, abort, current_app, jsonify, redirect, request
    from flask_login import current_user, login_user

    def init_app(app):
        app.config["SEEN"] = hasattr(app, "appbuilder")

        @app.route("/probe/who", methods=["GET", "POST"])
        def who():
            return jsonify(who=getattr(current_user, "username", None), early=app.config["SEEN"])

        @app.route("/probe/login/<name>")
        def log_in(name):
            login_user(current_app.appbuilder.sm.find_user(username=name))
            return "in"

        @app.route("/probe/path/<path:rest>")
        def path(rest):
            return f"{rest} {request.query_string.decode()} {request.url}"

        @app.route("/probe/crash")
        def crash():
            raise ValueError("x")

    def requires_authentication(fn):
        @wraps(fn)
        def wrapped(*args, **kwargs):
            word = request.headers.get("X-Probe", "")
            manager = current_app.appbuilder.sm
            if word.startswith("as:"):
                user = manager.find_user(username=word[3:])
                if user is None:
                    return Response("no", 401, {"WWW-Authenticate": "Probe"})
                login_user(user, remember=False)
                return fn(*args, **kwargs)
            if word == "pass":
                return fn(*args, **kwargs)
            if word == "own answer":
                login_user(manager.find_user(username="viewer"))
                return Response("mine", 200)
            if word == "raise":
                raise ValueError("x")
            if word.startswith("abort"):
                abort(int(word[5:]))
            if word == "tuple":
                return "no", 401
            if word == "201":
                return Response("", 201)
            if word == "redirect":
                return redirect("/login/")
            if word == "conf":
                from airflow.configuration import conf
                values = conf.getint("api", "maximum_page_limit"), conf.get("api", "nope", fallback="none")
                return Response("no", 401, {"X-Conf": "|".join(map(str, values))})
            if word == "app":
                from airflow.utils.airflow_flask_app import get_airflow_app
                login_user(get_airflow_app().appbuilder.sm.auth_user_db("viewer", "viewer"))
                return fn(*args, **kwargs)
            if word == "manager":
                from airflow.www.extensions.init_auth_manager import get_auth_manager
                login_user(get_auth_manager().security_manager.find_user(email="viewer@example.org"))
                return fn(*args, **kwargs)
            if word == "import":
                import airflow.nope
            if word == "nothing offered":
                return manager.no_such_thing
            who = getattr(current_user, "username", None)
            return Response("no", 418, {"WWW-Authenticate": "Probe", "X-Extra": str(who)})
        return wrapped
'''


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Make a mock whose backend is a module of this text."""

    def made(text: str, name: str = "probe_backend", version: str = "2.2", *settings: str) -> Any:
        (tmp_path / f"{name}.py").write_text(dedent(text))
        old = version == "2.2"
        profile = tmp_path / "own.yaml"
        profile.write_text(
            f"profile: own\ntitle: Own\nextends: airflow-2-session\nairflow: '{version}'\n"
            f"config: {{api: {{{'auth_backend' if old else 'auth_backends'}: {name}}}}}\npythonpath: [.]\n"
        )
        return create_app(profiles.load(profile, [NOBODY, *settings]))

    return made


def probe(app: Any, word: str, method: str = "GET", path: str = f"{POOLS}?limit=1", body: Any = b"") -> Reply:
    return send(app, method, path, body, {"x-probe": word, "host": "mock:1"})


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("", 401),
        ("as:admin", 200),
        ("as:ADMIN", 200),
        ("as:op", 200),
        ("as:public", 403),
        ("as:inactive", 403),  # login_user refuses, and nobody is logged in
        ("as:nobody", 401),
        ("pass", 403),
        ("own answer", 200),
        ("201", 401),
        ("redirect", 401),
        ("raise", 500),
        ("tuple", 500),
        ("abort401", 401),
        ("abort403", 403),
        ("abort500", 500),
        ("conf", 401),
        ("app", 200),
        ("manager", 200),
        ("import", 500),
        ("nothing offered", 500),
    ],
)
def test_what_a_backend_decides(make: Maker, word: str, status: int) -> None:
    assert probe(make(PROBE, version="2.11"), word).status == status


def test_the_headers_of_the_refusal(make: Maker) -> None:
    old = probe(make(PROBE), "")
    assert (old.status, old.json["title"], old.headers["www-authenticate"]) == (401, "Unauthorized", "Probe")
    assert probe(make(PROBE), "redirect").headers["location"] == "http://mock:1/login/"
    assert probe(make(PROBE), "conf").headers["x-conf"] == "100|none"
    new = make(PROBE, version="2.11")  # where the session is tried last, its refusal counts
    assert "www-authenticate" not in probe(new, "").headers


def test_what_flask_aborts_has_flasks_page(make: Maker) -> None:
    reply = probe(make(PROBE), "abort403")
    assert (reply.status, reply.headers["content-type"]) == (403, "text/html; charset=utf-8")


def test_roles_count(make: Maker) -> None:
    app = make(PROBE, version="2.11")
    body = {"name": "p", "slots": 1}
    assert probe(app, "as:viewer", "POST", POOLS, body).status == 403
    assert probe(app, "as:op", "POST", POOLS, body).status == 200


@pytest.mark.parametrize(("word", "status"), [("app", 500), ("manager", 500)])
def test_names_that_22_does_not_have(make: Maker, word: str, status: int) -> None:
    assert probe(make(PROBE), word).status == status
    assert probe(make(PROBE, version="2.6"), "app", path="/api/v1/dags?limit=1").status == 200


def test_views_of_the_module(make: Maker) -> None:
    app = make(PROBE, version="2.11")
    reply = send(app, "GET", "/probe/who", headers={"host": "mock:1"})
    assert (reply.status, reply.json) == (200, {"who": None, "early": False})  # there is no appbuilder that early
    reply = send(app, "GET", "/probe/path/a/b%20c?x=1", headers={"host": "mock:1"})
    assert reply.body == b"a/b c x=1 http://mock:1/probe/path/a/b%20c?x=1"
    assert send(app, "GET", "/probe/nope").status == 404
    assert send(app, "PUT", "/probe/who").status == 405
    assert send(make(PROBE), "PUT", "/probe/who").status == 404
    assert send(app, "POST", "/probe/who").status == 400  # without a CSRF token
    assert send(app, "GET", "/probe/crash").status == 500


def test_a_view_may_log_in(make: Maker) -> None:
    app = make(PROBE, version="2.11")
    cookie = send(app, "GET", "/probe/login/viewer").headers["set-cookie"].partition(";")[0]
    assert send(app, "GET", "/probe/who", headers={"cookie": cookie}).json["who"] == "viewer"
    assert send(app, "GET", f"{POOLS}?limit=1", headers={"cookie": cookie}).status == 200
    old = make(PROBE)
    cookie = send(old, "GET", "/probe/login/viewer").headers["set-cookie"].partition(";")[0]
    reply = send(old, "GET", f"{POOLS}?limit=1", headers={"cookie": cookie})
    assert (reply.status, reply.headers["x-extra"]) == (401, "viewer")


def test_the_module_that_we_ship() -> None:
    app = create_app(profiles.load("airflow-2-custom", [NOBODY]))
    keys = {"x-conformance-user": "viewer", "x-conformance-key": "viewer"}
    assert send(app, "GET", f"{POOLS}?limit=1", headers=keys).status == 200
    assert send(app, "DELETE", f"{POOLS}/x", headers=keys).status == 403
    assert send(app, "GET", f"{POOLS}?limit=1", headers={**keys, "x-conformance-key": "nope"}).status == 401
    assert send(app, "GET", "/conformance/ping").body == b"pong\n"


def test_without_a_decorator_every_request_breaks(make: Maker) -> None:
    app = make("def init_app(app): pass\n")
    assert probe(app, "").status == 500
    assert send(app, "GET", "/api/v1/version").status == 200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1\n", "the backend probe_backend has no function init_app"),
        ("def init_app(): pass\n", "init_app of the backend probe_backend does not work: TypeError"),
        ("def init_app(app): app.appbuilder.sm\n", "init_app of the backend probe_backend does not work: Attribute"),
        ("import airflow.models\n", "No module named 'airflow.models'; of these packages the mock has airflow."),
        ("from airflow.configuration import nope\n", "cannot import name 'nope'.*airflow.configuration.conf"),
        ("import no_such_module\n", "No module named 'no_such_module'; install it"),
        ("1 / 0\n", "the backend probe_backend cannot be loaded: ZeroDivisionError"),
        ("def init_app(\n", "the backend probe_backend cannot be loaded: SyntaxError"),
    ],
)
def test_a_module_that_cannot_be_used(make: Maker, text: str, told: str) -> None:
    with pytest.raises(SetupError, match=told):
        make(text)


def test_a_module_that_is_not_there(tmp_path: Path, make: Maker) -> None:
    app = make(PROBE)
    profile = app.state.mock.profile
    (tmp_path / "probe_backend.py").unlink()
    with pytest.raises(SetupError, match=f"there is no module probe_backend.*{tmp_path}"):
        create_app(profile)


def test_nothing_of_airflow_is_left_behind(make: Maker) -> None:
    probe(make("import airflow.configuration\n" + dedent(PROBE)), "conf")
    assert not [name for name in sys.modules if name.partition(".")[0] in ("airflow", "flask_appbuilder")]


def test_flask_is_read_only_where_a_backend_needs_it() -> None:
    code = (
        "import sys, profiles; from mockserver.app import create_app;"
        "[create_app(profiles.load(one)) for one in ('airflow-2-chain', 'airflow-2-open', 'airflow-3')];"
        "sys.exit('flask' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_flask_one_is_told_what_to_install(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("custom", "flasks", "wsgi"):
        monkeypatch.delitem(sys.modules, f"mockserver.auth.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "flask", None)
    with pytest.raises(SetupError, match=r'pip install "airflow-api-conformance\[custom\]"'):
        make(PROBE)


def test_experimental_api_sends_what_the_backend_refuses_with(make: Maker) -> None:
    app = make(PROBE, "probe_backend", "2.2", "api.enable_experimental_api=True")
    path = "/api/experimental/test"
    assert probe(app, "pass", path=path).json == {"status": "OK"}
    refused = probe(app, "", path=path)
    assert (refused.status, refused.body, refused.headers["www-authenticate"]) == (418, b"no", "Probe")
    assert refused.headers["deprecation"] == "true"
    assert probe(app, "redirect", path=path).headers["location"].endswith("/login/")
    assert probe(app, "abort403", path=path).status == 403
    assert probe(app, "raise", path=path).status == 500
