"""Who is let in to the experimental API (experimental-api, Authentication; measured on 1.10.15, 2.2.5 and 2.11.2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.auth.backends import Verdict
from mockserver.auth.guard import Guard
from mockserver.errors import SetupError
from tests.mockserver.guarding import basic, guard, judge, request

BACKEND = "airflow.api.auth.backend"
CHALLENGE = ("www-authenticate", "Basic")
HEADERS = ("", "Basic", "Basic !!!", "Negotiate", "Bearer abc", basic("admin", "admin"), basic("admin", "nope"))


def two(*backends: str, version: str = "2.11", public: str = "null") -> Guard:
    """The guard of an Airflow 2 with those backends, by the last words of their modules."""
    modules = ",".join(name if "." in name else f"{BACKEND}.{name}" for name in backends)
    option = (
        ("api.auth_backends=null", f"api.auth_backend={modules}")
        if version == "2.2"
        else (f"api.auth_backends={modules}",)
    )
    return guard("airflow-2-experimental", f"airflow={version}", f"webserver_config.AUTH_ROLE_PUBLIC={public}", *option)


@pytest.mark.parametrize("header", HEADERS)
def test_open_lets_everybody_in(header: str) -> None:
    assert judge(guard("airflow-1.10-open"), header) == Verdict(200)
    assert judge(two("default"), header) == Verdict(200)
    assert judge(two("default", "basic_auth"), header) == Verdict(200)


@pytest.mark.parametrize("header", HEADERS)
def test_deny_all_lets_nobody_in(header: str) -> None:
    assert judge(guard("airflow-1.10-deny-all"), header) == Verdict(403)
    assert judge(two("deny_all", version="2.2"), header).status == 403
    assert judge(two("deny_all", "basic_auth"), header) == Verdict(403)


@pytest.mark.parametrize("public", ["null", "Viewer"])
@pytest.mark.parametrize("header", HEADERS)
def test_deny_all_alone_is_the_session_from_2_3_on(header: str, public: str) -> None:
    assert judge(two("deny_all", public=public), header) == Verdict(401)
    assert judge(two("session", "basic_auth", public=public), header) == Verdict(401)


@pytest.mark.parametrize(
    ("version", "public", "nothing", "wrong", "right"),
    [
        ("2.11", "null", 401, 401, 200),
        ("2.11", "Public", 200, 401, 200),
        ("2.10", "Public", 200, 200, 200),
        ("2.6", "Viewer", 401, 401, 200),
        ("2.2", "null", 401, 401, 200),
    ],
)
def test_basic_and_the_public_role(version: str, public: str, nothing: int, wrong: int, right: int) -> None:
    one = two("basic_auth", version=version, public=public)
    asked = [judge(one, *header) for header in ((), (basic("admin", "nope"),), (basic("admin", "admin"),))]
    assert [verdict.status for verdict in asked] == [nothing, wrong, right]
    assert all((CHALLENGE in verdict.headers) == (verdict.status == 401) for verdict in asked)


def test_only_the_first_backend_counts() -> None:
    assert judge(two("basic_auth", "deny_all"), basic("viewer", "viewer")).status == 200
    assert judge(two("session", "basic_auth"), basic("viewer", "viewer")).status == 401


def cookies(verdict: Verdict) -> list[str]:
    return [value.partition(";")[0] for name, value in verdict.headers if name == "set-cookie"]


def test_session_of_a_login_counts() -> None:
    one = two("session")
    assert one.sessions is not None
    admin = next(user for user in one.sessions.world.users if user.username == "admin")
    session = one.sessions.of(request())
    one.sessions.log_in(session, admin)
    cookie = one.sessions.save(session)[1].partition(";")[0]
    verdict = judge(one, cookie=cookie)
    assert verdict.status == 200
    assert cookies(verdict) == [cookie]  # each answer of a view sends it again
    assert judge(two("basic_auth"), cookie=cookie).status == 401


def test_basic_begins_a_session() -> None:
    first, second = (judge(two("basic_auth"), basic("admin", "admin")) for _ in range(2))
    assert cookies(first) != cookies(second)
    one = two("basic_auth")
    (cookie,) = cookies(judge(one, basic("admin", "admin")))
    assert judge(one, cookie=cookie).status == 401  # the backend does not look at it
    assert one.sessions is not None
    session = one.sessions.of(request(cookie=cookie))
    user = one.sessions.user(session)
    assert user is not None
    assert user.username == "admin"


def test_old_versions_always_send_a_cookie() -> None:
    old = two("basic_auth", version="2.2")
    assert all(len(cookies(judge(old, *header))) == 1 for header in ((), (basic("admin", "nope"),)))
    assert not cookies(judge(two("basic_auth")))
    assert not cookies(judge(guard("airflow-1.10-password")))


def test_backend_of_ones_own_is_refused_for_1_10(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("profile: own\ntitle: Own\nextends: airflow-1.10-open\nconfig: {api: {auth_backend: our.own}}\n")
    with pytest.raises(SetupError, match=r"cannot be an Airflow 1\.10 with the authentication backend our\.own"):
        guard(str(file))
