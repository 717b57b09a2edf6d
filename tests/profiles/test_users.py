from __future__ import annotations

from pathlib import Path

import pytest

from profiles import User, load
from tests.profiles.conftest import Refuse

EXAMPLE = "write {username: ann, password: ..., role: viewer}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("users:", f"2:7: users must be a list, this is nothing; {EXAMPLE}"),
        ("users: {ann: viewer}", f"2:8: users must be a list, this is a mapping; {EXAMPLE}"),
        ("users: [ann]", f"2:9: a user must be a mapping, this is text; {EXAMPLE}"),
        ("users: [{username: ann}]", f"2:9: a user needs a role; {EXAMPLE}"),
        ("users: [{role: op}]", f"2:9: a user needs a username; {EXAMPLE}"),
        (
            "users: [{username: ann, role: op, pasword: canary}]",
            '2:35: a user has no "pasword"; did you mean password?',
        ),
        ("users: [{username: '', role: op}]", f"2:20: the username is empty; {EXAMPLE}"),
        ("users: [{username: a, password: '', role: op}]", "2:33: the password is empty; leave it out if it is not to"),
        (
            "users: [{username: no, role: op}]",
            "2:20: username must be text; YAML reads the bare word no as false; write",
        ),
        (
            "users: [{username: 12, role: op}]",
            '2:20: username must be text; this is a number; write it in quotes: "12"',
        ),
        (
            "users: [{username: a, password: 12345, role: op}]",
            "2:33: password must be text; this is a number; write it in",
        ),
        (
            "users: [{username: a, password: 1.0e+5, role: op}]",
            "2:33: password must be text; this is a bare word; write",
        ),
        (
            "users: [{username: a, role: Admin}]",
            '2:29: the simple auth manager has no role "Admin"; did you mean admin?',
        ),
        (
            "users: [{username: a, role: public}]",
            '2:29: the simple auth manager has no role "public"; its roles: viewer,',
        ),
        ("users: [{username: 'a:b', role: op}]", "2:20: the simple auth manager allows no comma and no colon here"),
        (
            "users: [{username: a, role: op}, {username: a, role: user}]",
            '2:45: there are two users "a"; give each a name',
        ),
    ],
)
def test_users_that_are_refused(refuse: Refuse, text: str, message: str) -> None:
    (problem,) = refuse(text)
    assert problem.startswith(f"p.yaml:{message}")
    assert not any(secret in problem for secret in ("canary", "12345", "1.0e+5"))


def test_users_with_and_without_password_and_their_places(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "extends: airflow-3-fab\nusers:\n"
        "  - {username: ann, password: secret, role: public}\n"
        "  - {username: 'b:ob', role: op}\n"
    )
    profile = load(path)
    assert profile.users == (User("ann", "secret", "public"), User("b:ob", None, "op"))
    assert profile.where("users.1.role") == f"{path}:4:30"
