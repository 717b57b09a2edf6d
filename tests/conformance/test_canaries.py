"""No secret of a run is shown anywhere: not in a report, not in what is printed, not in the journal."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import pytest

import profiles
from mockserver.app import create_app
from mockserver.server import running

PASSWORDS = {
    "admin": "canary-4711-of-admin",
    "op": "canary&4711 'of' op",
    "user": "c4n4ry",
    "viewer": "cänäry-of-viewer",
}
SECRET = "canary-of-the-signing-secret-which-is-long-enough-for-a-hash-of-512-bits"
PROFILE = """
profile: canaries
title: Canaries
extends: airflow-3
config:
  api_auth:
    jwt_secret: {secret}
users: {users}
"""
#: A backend of one's own that wants the password in a header, Basic and the session that Airflow adds.
STABLE = """
profile: canaries
title: Canaries
extends: airflow-2-custom
config:
  api:
    auth_backends: conformance_backend,airflow.api.auth.backend.basic_auth
users: {users}
"""


@dataclass(frozen=True)
class Case:
    """A target that is not as the profile has it, so that there are failures to report."""

    profile: str
    headers: bool
    checks: tuple[str, ...]
    deviations: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    depth: str = "standard"

    def users(self) -> str:
        """The users, in YAML; who has a password in ASCII may have it in a header."""
        return json.dumps([self._user(role, password) for role, password in PASSWORDS.items()])

    def _user(self, role: str, password: str) -> dict[str, Any]:
        headers = {"headers": {"X-Conformance-User": role, "X-Conformance-Key": password}}
        user = {"username": role, "password": password, "role": role}
        return {**user, **(headers if self.headers and password.isascii() else {})}


CASES = {
    "public-v2": Case(
        PROFILE,
        headers=False,
        checks=("public_api.token.*", "public_api.token_refusals.*", "public_api.auth_claims.*", "every_api.roles.*"),
        deviations=("answer-holds-password", "longer-password-accepted", "expired-accepted"),  # one shows a password
    ),
    "stable-v1": Case(
        STABLE,
        headers=True,
        checks=("api_authentication.*", "every_api.auth_header.*"),
        depth="smoke",
        settings=("webserver_config.AUTH_ROLE_PUBLIC=Op",),
    ),
}
TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+|\bsession=(?!\$|\*)[\w.-]{12,}")


def forms(secret: str) -> list[str]:
    """The secret as it may stand in a report."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return [secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], escape(secret), quote(secret), encoded]


@pytest.fixture(scope="module", params=CASES)
def left(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that a run with failures has left: the name of a file, and what is in it."""
    case = CASES[request.param]
    folder = tmp_path_factory.mktemp("canaries")
    file = folder / "profile.yaml"
    file.write_text(case.profile.format(secret=SECRET, users=case.users()), encoding="utf-8")
    with running(create_app(profiles.load(str(file), case.settings), deviations=case.deviations)) as url:
        only = [word for check in case.checks for word in ("--only", check)]
        asked = ["--profile", str(file), "--depth", case.depth, *only]
        done = subprocess.run(
            [sys.executable, "-m", "conformance", "run", url, *asked, "--report", str(folder / "report")],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "XDG_STATE_HOME": str(folder / "state"), "COLUMNS": "300"},
        )
    assert done.returncode == 1, done.stderr
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "profile.yaml"]
    found = {str(path.relative_to(folder)): path.read_text(encoding="utf-8", errors="replace") for path in files}
    return {**found, "standard output": done.stdout, "standard error": done.stderr}


def test_the_run_has_something_to_hide(left: dict[str, str]) -> None:
    assert {"report/result.json", "report/report.html", "report/junit.xml", "report/summary.md"} <= left.keys()
    failed = {row["id"] for row in json.loads(left["report/result.json"])["requirements"] if row["verdict"] == "FAIL"}
    assert len(failed) >= 2


@pytest.mark.parametrize("secret", [*PASSWORDS.values(), SECRET], ids=[*PASSWORDS, "signing secret"])
def test_no_secret_is_shown(left: dict[str, str], secret: str) -> None:
    assert [(name, form) for name, text in left.items() for form in forms(secret) if form in text] == []


def test_no_token_is_shown(left: dict[str, str]) -> None:
    assert [(name, found[0]) for name, text in left.items() if (found := TOKEN.search(text))] == []
