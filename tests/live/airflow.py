"""A real Airflow, set up from a profile and served on loopback with SQLite, for the time of a `with` block."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from profiles import Profile, User
from tests.kerberos.realm import Realm

Inventory = dict[str, set[tuple[object, ...]]]
READY_WITHIN = 180.0  # seconds; 9 were measured on two quiet cores, 30 under load
INVENTORY = {  # what the suite may create or change: table -> what tells one row from another
    "slot_pool": "pool, slots, description",
    "variable": "key, description",
    "connection": "conn_id, conn_type, host",
    "dag": "dag_id, is_paused",
    "dag_run": "dag_id, run_id, state",
    "xcom": "dag_id, task_id, key",
    "backfill": "id, dag_id, completed_at",
    "dag_favorite": "user_id, dag_id",
    "ab_user": "username, active",
    "ab_role": "name",
}


class Airflow(ABC):
    """`with airflow:` boots the server at `airflow.url` and stops it, also on failure.

    `venv` has Airflow installed. `home` is a folder of its own: the database with the `users` is made there once and is
    used again by a later boot. With a `realm` the server has its keytab, and `host` is the name that it has there.
    """

    version_path: ClassVar[str]

    def __init__(
        self,
        venv: Path,
        home: Path,
        profile: Profile,
        users: Sequence[User],
        *,
        realm: Realm | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.venv, self.home, self.profile, self.users, self.realm = venv, home, profile, users, realm
        self.port = _free_port()
        self.url = f"http://{host}:{self.port}"
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.configure()
        if not (self.home / "ready").exists():
            self._copy_bundle()
            self.prepare()
            (self.home / "ready").touch()
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

    @property
    def alive(self) -> bool:
        """Whether the server still runs."""
        return self._server is not None and self._server.poll() is None

    @property
    def around(self) -> dict[str, str]:
        """What a client finds in its environment so that it has tickets for this server."""
        return self.realm.environment if self.realm else {}

    @abstractmethod
    def configure(self) -> None:
        """Write what Airflow reads beside its options; done before every boot."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the database with its users, and read the fixture DAGs into it."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command that serves the API in the foreground."""

    @abstractmethod
    def settings(self) -> dict[str, str]:
        """What a throwaway server on loopback needs in its environment, beside the options of the profile."""

    def environment(self) -> dict[str, str]:
        """Airflow's settings: each option of the profile, and what a throwaway server on loopback needs."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "PYTHON"))}
        own = {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.home / "dags"),
            "AIRFLOW__CORE__FERNET_KEY": "Y29uZm9ybWFuY2UtdGhyb3dhd2F5LWZlcm5ldC1rZXk=",
            "NO_PROXY": "127.0.0.1,localhost",
            "PATH": f"{self.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        profile = {
            f"AIRFLOW__{section.upper()}__{option.upper()}": value
            for section, options in self.profile.config.items()
            for option, value in options.items()
        }
        keytab = {"AIRFLOW__KERBEROS__KEYTAB": str(self.realm.keytab)} if self.realm else {}
        return kept | own | self.settings() | profile | self.around | keytab

    def run(self, *arguments: str) -> None:
        """Run a program of the environment to its end; RuntimeError with what it said when it fails."""
        command = [str(self.venv / "bin" / arguments[0]), *arguments[1:]]
        done = subprocess.run(
            command, env=self.environment(), cwd=self.home, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments[:3])} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def inventory(self) -> Inventory:
        """What is in the database now of what the suite may create or change, by table."""
        with self.database() as database:
            found: Inventory = {}
            for table, wanted in INVENTORY.items():
                there = {column for _, column, *_ in database.execute(f"PRAGMA table_info({table})")}
                columns = ", ".join(name for name in wanted.split(", ") if name in there)
                if columns:
                    found[table] = set(database.execute(f"SELECT {columns} FROM {table}"))  # noqa: S608 - both are ours
            return found

    def database(self) -> closing[sqlite3.Connection]:
        """A connection to its database, for the time of a `with` block."""
        return closing(sqlite3.connect(self.home / "airflow.db"))

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """The database is afterwards as it was before, whatever was done; the server goes on."""
        with closing(sqlite3.connect(":memory:")) as kept, self.database() as database:
            database.backup(kept)
            try:
                yield
            finally:
                kept.backup(database)

    def _copy_bundle(self) -> None:
        name = f"airflow{self.profile.airflow.major}"
        with resources.as_file(resources.files("specs.fixtures") / "bundle" / name) as bundle:
            shutil.copytree(bundle, self.home / "dags", dirs_exist_ok=True)

    def _start(self) -> None:
        with (self.home / "server.log").open("wb") as log:
            self._server = subprocess.Popen(
                self.command(), env=self.environment(), cwd=self.home, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Airflow did not start:\n{(self.home / 'server.log').read_text()[-3000:]}")
            time.sleep(0.2)  # nothing else tells that it is ready

    def _answers(self) -> bool:
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(self.url + self.version_path, timeout=5) as answer:
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
