"""Airflow 3: users in a file or in FAB's database, served by uvicorn."""

from __future__ import annotations

import json

from tests.live.airflow import Airflow


class Airflow3(Airflow):
    """A real Airflow 3."""

    version_path = "/api/v2/version"

    def configure(self) -> None:
        """Write the passwords of the simple auth manager."""
        self.home.mkdir(parents=True, exist_ok=True)
        passwords = {user.username: user.password for user in self.profile.users}
        (self.home / "passwords.json").write_text(json.dumps(passwords))

    def prepare(self) -> None:
        """Make the database, its users where FAB has them, and read the DAGs."""
        self.run("airflow", "db", "migrate")
        self.run("airflow", "dags", "reserialize")
        if self.profile.auth_manager == "fab":
            for user in self.users:
                name = user.username
                names = ["-u", name, "-f", name, "-l", name, "-e", f"{name}@example.org"]
                password = user.password or ""
                self.run("airflow", "users", "create", *names, "-p", password, "-r", user.role.capitalize())

    def command(self) -> list[str]:
        """One worker of uvicorn."""
        program = [str(self.venv / "bin" / "uvicorn"), "airflow.api_fastapi.main:app"]
        return [*program, "--host", "127.0.0.1", "--port", str(self.port), "--no-access-log"]

    def settings(self) -> dict[str, str]:
        """Only the API of the core, and the users of the simple auth manager."""
        own = {
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.home / "passwords.json"),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home / 'airflow.db'}",
            "AIRFLOW__API__SECRET_KEY": "conformance-throwaway",
            "AIRFLOW_API_APPS": "core",
        }
        users = ",".join(f"{user.username}:{user.role}" for user in self.profile.users)
        if users and self.profile.auth_manager == "simple":
            own["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] = users
        return own
