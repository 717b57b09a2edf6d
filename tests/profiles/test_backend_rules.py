from __future__ import annotations

from pathlib import Path

import pytest

from profiles import load
from tests.profiles.conftest import Refuse

B = "airflow.api.auth.backend"
SIMPLE = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
HEAD = "extends: airflow-2-session\n"
OLD = 'extends: airflow-2-session\nairflow: "2.2"\n'
FIRST = "extends: airflow-1.10-open\n"
PASSWORD = "airflow.contrib.auth.backends.password_auth"


def api(option: str, value: str) -> str:
    return f"config:\n  api:\n    {option}: {value}\n"


@pytest.mark.parametrize(
    ("head", "text", "message"),
    [
        # the version and the option
        (
            OLD,
            api("auth_backends", f"{B}.basic_auth"),
            "p.yaml:5:20: Airflow 2.2 has no [api] auth_backends, but 2.3 to 2.11 has; write [api] auth_backend",
        ),
        (
            OLD,
            api("auth_backend", f"'{B}.basic_auth,{B}.deny_all'"),
            f'p.yaml:5:19: auth_backend names one module before Airflow 2.3, this is "{B}.basic_auth,{B}…"; k',
        ),
        (
            OLD,
            api("auth_backend", f"{B}.session"),
            f"p.yaml:5:19: Airflow 2.2 has no backend {B}.session, but 2.3 and later has; take one of {B}.basic_auth, "
            f"{B}.kerberos_auth, {B}.default, {B}.deny_all, airflow.providers.google.common.auth_backend.google_openid",
        ),
        (OLD, api("auth_backend", "''"), "p.yaml:5:19: Airflow 2.2 does not start without a backend; name a module"),
        (
            HEAD,
            "config: {api: {auth_backends: a.b, auth_backend: a.b}}\n",
            "p.yaml:2:50: auth_backend is the former name of auth_backends, which is set too; keep one of the two",
        ),
        # names of modules
        (
            HEAD,
            api("auth_backends", f"{B}.basic_auht"),
            f"p.yaml:4:20: Airflow has no backend {B}.basic_auht; did you mean {B}.basic_auth?",
        ),
        (
            HEAD,
            api("auth_backends", "basic_auth"),
            f"p.yaml:4:20: there is no module basic_auth; did you mean {B}.basic_auth?",
        ),
        (HEAD, api("auth_backends", "sesion"), f"p.yaml:4:20: there is no module sesion; did you mean {B}.session?"),
        (
            HEAD,
            api("auth_backends", "'a.b,,c.d'"),
            "p.yaml:4:20: a name is missing beside a comma; separate the modules by single commas",
        ),
        (
            HEAD,
            api("auth_backends", "own/gate.py"),
            'p.yaml:4:20: "own/gate.py" is no name of a Python module; write it with dots, as in an import',
        ),
        (
            HEAD,
            api("auth_backends", "[a, b]"),
            "p.yaml:4:20: auth_backends must be one value, this is a list; write the",
        ),
        # sections
        (
            HEAD,
            "config: {webserver: {auth_backends: a}}\n",
            "p.yaml:2:22: [webserver] has no option auth_backends; it s",
        ),
        (HEAD, "api: {auth_backends: a}\n", "p.yaml:2:1: [api] is a section of airflow.cfg; put it under config:"),
        (
            HEAD,
            api("expose_config", "true"),
            "p.yaml:4:20: Airflow 2.11 has no [api] expose_config, but 3.0 and later has; write [webserver]",
        ),
        (
            'extends: airflow-2-session\nairflow: "2.1"\nconfig: {api: {access_control_allow_origins: }}\n',
            "",
            'p.yaml:3:45: access_control_allow_origins has no value; write "" for empty, or null for Air',
        ),
        (
            'extends: airflow-2-session\nairflow: "2.1"\n',
            "",
            "airflow-2-session.yaml:10:35: Airflow 2.1 has no [api] access_control_allow_origins, but 2.2 and later "
            "has; write [api] access_control_allow_origin",
        ),
        # the public role
        (
            HEAD,
            "webserver_config: {AUTH_ROLE_PUBLIC: viewer}\n",
            'p.yaml:2:38: there is no role "viewer"; did you mean Viewer?',
        ),
        (
            HEAD,
            "webserver_config: {AUTH_ROLE_PUBLIC: None}\n",
            'p.yaml:2:38: AUTH_ROLE_PUBLIC is "None"; write null for Python\'s None, or remove the line',
        ),
        (
            HEAD,
            "webserver_config: {AUTH_ROLE_PUBLIC: 5}\n",
            "p.yaml:2:38: AUTH_ROLE_PUBLIC must be text; this is a number",
        ),
        (
            HEAD,
            "webserver_config: {AUTH_ROLE_PUBLIC: }\n",
            "p.yaml:2:37: AUTH_ROLE_PUBLIC has no value; write one, or rem",
        ),
        (
            HEAD,
            "webserver_config: {AUTH_ROLE_PUBLIK: Op}\n",
            'p.yaml:2:20: webserver_config has no "AUTH_ROLE_PUBLIK"; did you mean AUTH_ROLE_PUBLIC?',
        ),
        (
            HEAD,
            "webserver_config: [a]\n",
            "p.yaml:2:19: webserver_config must hold settings of webserver_config.py, this",
        ),
        (
            HEAD,
            "webserver_config:\n",
            "p.yaml:2:18: webserver_config must hold settings of webserver_config.py, this is n",
        ),
        # users
        (
            HEAD,
            "users: [{username: a, role: op, headers: {X-A: b}}]\n",
            "p.yaml:2:42: only a backend of your own reads headers of a user; name its module in auth_back",
        ),
        (
            "extends: airflow-2-basic\n",
            "users: [{username: 'a:b', role: op}]\n",
            "p.yaml:2:20: Basic credentials end the user name at the first colon; take another name",
        ),
        (
            HEAD,
            "users: [{username: a, role: boss}]\n",
            'p.yaml:2:29: the fab auth manager has no role "boss"; its roles:',
        ),
        # the auth manager
        (
            HEAD,
            f"config: {{core: {{auth_manager: {SIMPLE}}}}}\nusers: []\n",
            "p.yaml:2:31: Airflow 2.11 has the fab auth manager only; leave the line out",
        ),
        # what other versions have
        (
            "extends: airflow-3\n",
            "webserver_config: {AUTH_ROLE_PUBLIC: null}\n",
            "p.yaml:2:19: webserver_config is for profiles of Airflow 2; leave it out, or take another version",
        ),
        (
            "extends: airflow-3\n",
            "users: [{username: a, role: op, active: false}]\n",
            "p.yaml:2:41: active is for users of Airflow 2; leave it out, or take another version",
        ),
        (
            "extends: airflow-3\n",
            "pythonpath: ['.']\n",
            "p.yaml:2:13: pythonpath is for profiles of Airflow 1.10 and 2; leave it out, or take another version",
        ),
        (
            "extends: airflow-3\n",
            "users: [{username: a, role: op, headers: {X-A: b}}]\n",
            "p.yaml:2:42: headers is for users of Airflow 1.10 and 2; leave it out, or take another version",
        ),
        (
            "extends: airflow-2-chain\nairflow: '3.0'\n",
            "",
            "p.yaml:2:10: api-authentication is no document of Airflow 3.0, but of 2.0 to 2.11",
        ),
        (
            "extends: airflow-3\nairflow: '2.11'\n",
            "",
            "p.yaml:2:10: public-api is no document of Airflow 2.11, but of 3.0 and later",
        ),
    ],
)
def test_what_is_refused(refuse: Refuse, head: str, text: str, message: str) -> None:
    (problem,) = refuse(text, head=head)
    assert problem.startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            api("auth_backend", f"{B}.basic_auth"),
            f"4:19: Airflow 1.10 has no backend {B}.basic_auth, but 2.0 and later has; did you mean {PASSWORD}?",
        ),
        (
            api("auth_backend", f"{B}.session"),
            f"4:19: Airflow 1.10 has no backend {B}.session, but 2.3 and later has; take one of {B}.kerberos_auth, "
            f"{B}.default, {B}.deny_all, {PASSWORD}",
        ),
        (api("auth_backend", "basic_auth"), f"4:19: there is no module basic_auth; did you mean {PASSWORD}?"),
        (
            api("auth_backend", f"{PASSWORD[:-1]}"),
            f"4:19: Airflow has no backend {PASSWORD[:-1]}; did you mean {PASSWORD}?",
        ),
        (
            api("auth_backend", "airflow.contrib.auth.backends.kerberos_auth"),
            "4:19: Airflow has no backend airflow.contrib.auth.backends.kerberos_auth; "
            f"did you mean {B}.kerberos_auth?",
        ),
        (
            api("auth_backend", f"'{B}.default,{PASSWORD}'"),
            f'4:19: auth_backend names one module before Airflow 2.3, this is "{B}.default,',
        ),
        (
            api("auth_backends", f"{B}.default"),
            "4:20: Airflow 1.10 has no [api] auth_backends, but 2.3 to 2.11 has; write [api] auth_backend",
        ),
        (api("auth_backend", "''"), "4:19: Airflow 1.10 does not start without a backend; name a module"),
        (
            api("enable_experimental_api", "true"),
            "4:30: Airflow 1.10 has no [api] enable_experimental_api, but 2.0 to 2.11 has; leave it out or take",
        ),
        (
            api("maximum_page_limit", "5"),
            "4:25: Airflow 1.10 has no [api] maximum_page_limit, but 2.0 and later has; leave it out or take another",
        ),
        (
            api("access_control_allow_origins", "http://a"),
            "4:35: Airflow 1.10 has no [api] access_control_allow_origins, but 2.2 and later has; leave it out or",
        ),
        (
            "webserver_config: {AUTH_ROLE_PUBLIC: null}\n",
            "2:19: webserver_config is for profiles of Airflow 2; leave it out, or take another version",
        ),
        (
            "users: [{username: a, role: op, active: false}]\n",
            "2:41: active is for users of Airflow 2; leave it out, or take another version",
        ),
        (
            "users: [{username: a, role: op, headers: {X-A: b}}]\n",
            "2:42: only a backend of your own reads headers of a user; name its module in auth_backend, or leave",
        ),
        (
            "capabilities: [writes, roles]\n",
            "2:15: in the API of Airflow 1.10 whoever is let in may do everything; do not claim roles",
        ),
        (
            f"config: {{api: {{auth_backend: {PASSWORD}}}}}\nusers: [{{username: 'a:b', role: op}}]\n",
            "3:20: Basic credentials end the user name at the first colon; take another name",
        ),
        (
            "config: {kerberos: {keytab: /a}}\n",
            f"2:29: keytab counts only with the backend {B}.kerberos_auth; name it in auth_backend, or leave keytab",
        ),
    ],
)
def test_what_is_refused_under_1_10(refuse: Refuse, text: str, message: str) -> None:
    (problem,) = refuse(text, head=FIRST)
    assert problem.startswith(f"p.yaml:{message}")


@pytest.mark.parametrize(("airflow", "option"), [("2.11", "auth_backends"), ("2.2", "auth_backend")])
def test_a_backend_of_1_10_under_2(refuse: Refuse, airflow: str, option: str) -> None:
    (problem,) = refuse(f"airflow: '{airflow}'\n" + api(option, PASSWORD), head=HEAD)
    assert problem == (
        f"p.yaml:5:{len(option) + 7}: Airflow {airflow} has no backend {PASSWORD}, but 1.10 has; "
        f"did you mean {B}.basic_auth?"
    )


def test_a_keytab_that_nobody_reads(refuse: Refuse) -> None:
    (problem,) = refuse("title: x", ["kerberos.keytab=/a"], head="extends: airflow-2-basic\n")
    assert problem == (
        f"--set 1: keytab counts only with the backend {B}.kerberos_auth; name it in auth_backends, or leave keytab out"
    )
    for name in ("airflow-2-kerberos", "airflow-1.10-kerberos", "airflow-2-custom"):
        assert load(name, ["kerberos.keytab=/a"]).is_set("kerberos", "keytab")
    (problem,) = refuse("title: x", ["kerberos.keytab=/a"])
    assert problem == (
        "--set 1: Airflow 3.3 has no [kerberos] keytab, but 1.10 to 2.11 has; leave it out or take another version"
    )


def test_a_module_that_is_not_below_the_pythonpath(refuse: Refuse, tmp_path: Path) -> None:
    (problem,) = refuse("pythonpath: ['.']\n" + api("auth_backends", "company.gate"), head=HEAD)
    assert problem.startswith("p.yaml:2:13: there is no module company.gate in ")
    assert problem.endswith("; name the folder in which it stands")
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "gate.py").touch()
    assert load(tmp_path / "p.yaml").backends == ("company.gate", f"{B}.session")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pythonpath: own\n", "p.yaml:2:13: pythonpath must be a list of folders, this is text; write [FOLDER]"),
        ("pythonpath: [own]\n", 'p.yaml:2:14: there is no folder "own"; name one, relative to the file of the profile'),
        ('pythonpath: ["a\\nb"]\n', 'p.yaml:2:14: there is no folder "a\\nb"; name one'),
        ("pythonpath: [5]\n", 'p.yaml:2:14: pythonpath must be text; this is a number; write it in quotes: "5"'),
    ],
)
def test_folders_that_are_refused(refuse: Refuse, text: str, message: str) -> None:
    (problem,) = refuse(text, head=HEAD)
    assert problem.startswith(message)


def test_an_own_module_of_a_deployment_elsewhere_needs_no_folder() -> None:
    assert load("airflow-2-session", ["api.auth_backends=company.auth.session"]).backend_kinds == ("custom", "session")
    assert load("airflow-2-session", ["api.auth_backends=yaml"]).backend_kinds == ("custom", "session")


def test_backends_under_their_new_paths_are_known_from_2_9_on(refuse: Refuse) -> None:
    basic = "api.auth_backends=airflow.providers.fab.auth_manager.api.auth.backend.basic_auth"
    assert load("airflow-2-session", [basic, "airflow=2.9"]).backend_kinds == ("basic", "session")
    (problem,) = refuse("airflow: '2.8'\n", [basic], head=HEAD)
    assert problem.startswith(
        "--set 1: Airflow 2.8 has no backend airflow.providers.fab.auth_manager.api.auth.backend."
    )


def test_inactive_users_and_headers_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "extends: airflow-2-custom\nusers:\n"
        "  - {username: a, role: op, active: true, headers: {}}\n"
        "  - {username: b, role: op, active: false, headers: {X-Key: 'a b'}}\n"
    )
    a, b = load(path).users
    assert (a.active, a.headers, b.active, b.headers) == (True, {}, False, {"X-Key": "a b"})
    assert load(path).where("users.1.headers") == f"{path}:4:53"


@pytest.mark.parametrize(
    ("user", "message"),
    [
        ("active: 'no'", "2:41: active must be true or false, this is text"),
        ("active: no", "2:41: active must be true or false, this is a bare word"),
        ("headers: [a]", "2:42: headers must be a mapping, this is a list; write {X-Name: value}"),
        ("headers: {X Key: canary}", '2:43: "X Key" is no name of a header; write {X-Name: value}'),
        ("headers: {X-Key: 12345}", '2:50: the header "X-Key" must be text; this is a number; write it in quotes'),
        ('headers: {X-Key: "canary\\n"}', '2:50: the header "X-Key" must be one line of text'),
        ("header: {X-Key: canary}", '2:33: a user has no "header"; did you mean headers?'),
    ],
)
def test_active_and_headers_that_are_refused(refuse: Refuse, user: str, message: str) -> None:
    (problem,) = refuse(f"users: [{{username: a, role: op, {user}}}]\n", head="extends: airflow-2-custom\n")
    assert problem.startswith(f"p.yaml:{message}")
    assert not any(secret in problem for secret in ("canary", "12345"))
