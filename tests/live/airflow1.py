"""Airflow 1.10: the classic web server with the experimental API, users of password_auth in the old table."""

from __future__ import annotations

import json
from pathlib import Path

from tests.live.airflow import Airflow

PREPARE = Path(__file__).parent / "inside" / "prepare1.py"


class Airflow1(Airflow):
    """A real Airflow 1.10."""

    version_path = "/health"  # the only page that every authentication backend leaves open

    def configure(self) -> None:
        """Make the folder; Airflow writes its own configuration there."""
        self.home.mkdir(parents=True, exist_ok=True)

    def prepare(self) -> None:
        """Make the database, which reads the DAGs into it, and the users that have a password."""
        self.run("airflow", "initdb")
        users = {user.username: user.password for user in self.users if user.password}
        (self.home / "users.json").write_text(json.dumps(users))
        self.run("python", str(PREPARE), str(self.home))

    def command(self) -> list[str]:
        """Gunicorn as `airflow webserver` starts it, with one worker: writers of SQLite get in each other's way."""
        program = [str(self.venv / "bin" / "gunicorn"), "airflow.www.app:cached_app()"]
        settings = ["--config", "python:airflow.www.gunicorn_config", "--timeout", "120"]
        return [*program, *settings, "--workers", "1", "--bind", f"127.0.0.1:{self.port}"]

    def settings(self) -> dict[str, str]:
        """The database, and no warnings about the age of everything."""
        return {
            "AIRFLOW__CORE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home / 'airflow.db'}",
            "AIRFLOW__WEBSERVER__SECRET_KEY": "conformance-throwaway",
            "PYTHONWARNINGS": "ignore",
        }
