"""The command line of a real Airflow 1.10 as a client: its steps, and the transcript of what it said and sent."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import yaml

import profiles
from tests.clients.transcript import HERE
from tests.clients.wire import Seen, Wire, tapped
from tests.kerberos.realm import Realm

SCENARIO: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / "command_line.yaml").read_text())
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?(\+00:00)?")
#: The way to an error, and that a command has a new name.
_ASIDE = re.compile(
    r"^(Traceback \(|During handling | {2}File | {4}|The '\w+' command is deprecated).*\n?", re.MULTILINE
)


def play(name: str, python: Path, url: str, folder: Path, realm: Realm | None = None) -> str:
    """The transcript of the steps of a profile against `url`, by the command line beside a Python that has Airflow.

    `folder` is for its files, `realm` where it gets its tickets.
    """
    backend = profiles.load(name).option("api", "auth_backend") or ""
    with tapped(url) as wire, _commands(python, folder, backend, realm) as (ask, answer):
        caches = realm.caches if realm else {}
        return "".join(_step(step, wire, ask, answer, folder, caches) for step in SCENARIO[name])


@contextmanager
def _commands(python: Path, folder: Path, backend: str, realm: Realm | None) -> Iterator[tuple[IO[str], IO[str]]]:
    """The process that runs commands: where they are written, and where what became of them is read."""
    process = subprocess.Popen(
        [python.absolute(), HERE / "inside" / "commands.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=_environment(folder, backend) | (realm.environment if realm else {}),
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        yield process.stdin, process.stdout


def _environment(folder: Path, backend: str) -> dict[str, str]:
    """As the document writes it: the client, and (for Kerberos) the backend, which brings the client's side along."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "PYTHON"))}
    return kept | {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__API__AUTH_BACKEND": backend,
        "AIRFLOW__CLI__API_CLIENT": "airflow.api.client.json_client",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__LOGGING_LEVEL": "CRITICAL",
        "AIRFLOW__CORE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'client.db'}",
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONWARNINGS": "ignore",
    }


def _step(
    step: dict[str, Any], wire: Wire, ask: IO[str], answer: IO[str], folder: Path, caches: Mapping[str, str]
) -> str:
    """One command, what it printed, its exit status, what it sent and how that was answered."""
    if "file" in step:
        (folder / "pools.json").write_text(json.dumps(step["file"]))
    parts = urlsplit(wire.url)
    login = f"{step['as']}@" if "as" in step else ""
    endpoint = f"http://{login}{step.get('host', parts.hostname)}:{parts.port}{step.get('path', '')}"
    environment = {"AIRFLOW__CLI__ENDPOINT_URL": endpoint}
    if caches:
        environment["KRB5CCNAME"] = caches.get(step.get("ticket", "admin"), f"FILE:{folder / 'no-ticket'}")
    ask.write(json.dumps({"argv": step["run"], "environment": environment}) + "\n")
    ask.flush()
    done = json.loads(answer.readline())
    lines = [f"## {json.dumps({**step}, ensure_ascii=False)}", f"exit {done['status']}"]
    lines += [f"> {line}" for line in _plain(done["printed"], folder).splitlines() if line]
    if "shown" in step:
        shown = folder / step["shown"]
        lines.append(f"{shown.name}: {shown.read_text() if shown.exists() else 'is not there'}")
    return "\n".join([*lines, *map(_request, wire.take())]) + "\n"


def _request(seen: Seen) -> str:
    """A request as sent, without its credentials and the time, and the head of the answer."""
    said = [f"{seen.method} {seen.path}"]
    if word := seen.headers["Authorization"]:
        said.append(f"Authorization: {word.split()[0]} ...")
    said += [seen.headers["Content-Type"] or "", seen.body.decode()]
    answer = [str(seen.status), *(word.split()[0] for word in seen.answer.get_all("WWW-Authenticate", []))]
    return " ".join([*filter(None, said), "->", *answer])


def _plain(text: str, folder: Path) -> str:
    """What a command printed, without what differs from run to run: of a traceback the error, no times and folders."""
    return _MOMENT.sub("<time>", _ASIDE.sub("", text)).replace(str(folder), "<folder>")
