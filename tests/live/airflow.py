"""A real Airflow 3, set up from a profile and served on loopback with SQLite, for the time of a `with` block."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Self

from profiles import Profile

READY_WITHIN = 180.0  # seconds; 9 were measured on two quiet cores, 30 under load


class Airflow:
    """`with Airflow(venv, home, profile) as base_url:` boots the server and stops it, also on failure.

    `venv` has Airflow installed. `home` is a folder of its own: the database is made there once and is used again by a
    later boot from the same auth manager.
    """

    def __init__(self, venv: Path, home: Path, profile: Profile) -> None:
        self.venv, self.home, self.profile = venv, home, profile
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.prepare()
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def prepare(self) -> None:
        """Make the database and read the fixture DAGs into it, unless that was done before."""
        if (self.home / "ready").exists():
            self._write_passwords()
            return
        (self.home / "dags").mkdir(parents=True)
        with resources.as_file(resources.files("specs.fixtures") / "bundle" / "airflow3") as bundle:
            shutil.copytree(bundle, self.home / "dags", dirs_exist_ok=True)
        self._write_passwords()
        self._airflow("db", "migrate")
        self._airflow("dags", "reserialize")
        if self.profile.auth_manager == "fab":
            self._create_fab_users()
        (self.home / "ready").touch()

    def _write_passwords(self) -> None:
        passwords = {user.username: user.password for user in self.profile.users}
        (self.home / "passwords.json").write_text(json.dumps(passwords))

    def _create_fab_users(self) -> None:
        for user in self.profile.users:
            role = user.role.capitalize()
            names = [
                "-u",
                user.username,
                "-f",
                user.username,
                "-l",
                user.username,
                "-e",
                f"{user.username}@example.org",
            ]
            self._airflow("users", "create", *names, "-p", user.password, "-r", role)

    def environment(self) -> dict[str, str]:
        """Airflow's settings: each option of the profile, and what a throwaway server on loopback needs."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
        own = {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.home / "dags"),
            "AIRFLOW__CORE__FERNET_KEY": "Y29uZm9ybWFuY2UtdGhyb3dhd2F5LWZlcm5ldC1rZXk=",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.home / "passwords.json"),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home / 'airflow.db'}",
            "AIRFLOW__API__SECRET_KEY": "conformance-throwaway",
            "AIRFLOW_API_APPS": "core",
            "NO_PROXY": "127.0.0.1,localhost",
            "PATH": f"{self.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        users = ",".join(f"{user.username}:{user.role}" for user in self.profile.users)
        if users and self.profile.auth_manager == "simple":
            own["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] = users
        profile = {
            f"AIRFLOW__{section.upper()}__{option.upper()}": value
            for section, options in self.profile.config.items()
            for option, value in options.items()
        }
        return kept | own | profile

    def _airflow(self, *arguments: str) -> None:
        command = [str(self.venv / "bin" / "airflow"), *arguments]
        done = subprocess.run(
            command, env=self.environment(), cwd=self.home, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(
                f"airflow {arguments[0]} {arguments[1]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
            )

    def _start(self) -> None:
        command = [str(self.venv / "bin" / "uvicorn"), "airflow.api_fastapi.main:app"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--no-access-log"]
        with (self.home / "server.log").open("wb") as log:
            self._server = subprocess.Popen(
                command, env=self.environment(), cwd=self.home, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Airflow did not start:\n{(self.home / 'server.log').read_text()[-3000:]}")
            time.sleep(0.2)  # nothing else tells that it is ready

    def _answers(self) -> bool:
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"{self.url}/api/v2/version", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _stop(self) -> None:
        if self._server is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._server.pid, sign)
                self._server.wait(timeout=15)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
            break
        self._server = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
