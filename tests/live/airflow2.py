"""Airflow 2: users in FAB's database, webserver_config.py, own backend modules, served by gunicorn."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.live.airflow import Airflow

#: In a folder of its own, for Python looks for modules beside the script that it runs.
PREPARE = Path(__file__).parent / "inside" / "prepare.py"
WORKERS = 2
WEB_CONFIG = """
from flask_appbuilder.const import AUTH_DB
AUTH_TYPE = AUTH_DB
WTF_CSRF_ENABLED = True
"""


class Airflow2(Airflow):
    """A real Airflow 2."""

    version_path = "/api/v1/version"

    def configure(self) -> None:
        """Write webserver_config.py, as Airflow's own with what the profile sets."""
        self.home.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {value!r}\n" for name, value in self.profile.webserver_config.items()]
        (self.home / "webserver_config.py").write_text(WEB_CONFIG + "".join(lines))

    def prepare(self) -> None:
        """Make the database, its roles and users, and read the DAGs."""
        fields = ("username", "password", "role", "active")
        users = [{name: getattr(user, name) for name in fields} for user in self.users]
        (self.home / "users.json").write_text(json.dumps(users))
        self.run("airflow", "db", "migrate" if self.profile.airflow >= (2, 7) else "init")
        self.run("python", str(PREPARE), str(self.home))

    def command(self) -> list[str]:
        """Gunicorn, as `airflow webserver` starts it, without the process that watches over it."""
        program = [str(self.venv / "bin" / "gunicorn"), "airflow.www.app:cached_app()"]
        return [*program, "--workers", str(WORKERS), "--bind", f"127.0.0.1:{self.port}", "--timeout", "120"]

    def settings(self) -> dict[str, str]:
        """One database under the name that the option had before 2.3 and has since; own backends on the path."""
        section = "DATABASE" if self.profile.airflow >= (2, 3) else "CORE"
        return {
            f"AIRFLOW__{section}__SQL_ALCHEMY_CONN": f"sqlite:///{self.home / 'airflow.db'}",
            "AIRFLOW__WEBSERVER__SECRET_KEY": "conformance-throwaway",
            "AIRFLOW__WEBSERVER__CONFIG_FILE": str(self.home / "webserver_config.py"),
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "PYTHONPATH": os.pathsep.join(map(str, self.profile.pythonpath)),
            "PYTHONWARNINGS": "ignore",
        }
