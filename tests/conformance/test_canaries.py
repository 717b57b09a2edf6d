"""No secret of a run is shown anywhere: not in a report, not in what is printed, not in the journal."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from html import escape
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


#: Faults that put a password into an answer, and a token into a failure.
FAULTS = ("answer-holds-password", "longer-password-accepted", "expired-accepted")
CHECKS = ("public_api.token.*", "public_api.token_refusals.*", "public_api.auth_claims.*", "every_api.roles.*")
TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")


def forms(secret: str) -> list[str]:
    """The secret as it may stand in a report."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return [secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], escape(secret), quote(secret), encoded]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that a run with failures has left: the name of a file, and what is in it."""
    folder = tmp_path_factory.mktemp("canaries")
    users = [{"username": role, "password": password, "role": role} for role, password in PASSWORDS.items()]
    (folder / "profile.yaml").write_text(PROFILE.format(secret=SECRET, users=json.dumps(users)), encoding="utf-8")
    profile = profiles.load(str(folder / "profile.yaml"))
    with running(create_app(profile, deviations=FAULTS)) as url:
        only = [word for check in CHECKS for word in ("--only", check)]
        command = [sys.executable, "-m", "conformance", "run", url, "--profile", str(folder / "profile.yaml"), *only]
        done = subprocess.run(
            [*command, "--report", str(folder / "report")],
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
