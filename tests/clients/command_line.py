"""The command line of a real Airflow 1.10 as a client: its steps, and the transcript of what it said and sent."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

import profiles
from tests.clients.commands import Commands
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
    with tapped(url) as wire, Commands(python, folder, backend, realm) as commands:
        return "".join(_step(step, wire, commands) for step in SCENARIO[name])


def _step(step: dict[str, Any], wire: Wire, commands: Commands) -> str:
    """One command, what it printed, its exit status, what it sent and how that was answered."""
    folder = commands.folder
    if "file" in step:
        (folder / "pools.json").write_text(json.dumps(step["file"]))
    status, printed = commands.run(step["run"], _endpoint(step, wire.url), step.get("ticket", "admin"))
    lines = [f"## {json.dumps(step, ensure_ascii=False)}", f"exit {status}"]
    lines += [f"> {line}" for line in _plain(printed, folder).splitlines() if line]
    if "shown" in step:
        shown = folder / step["shown"]
        lines.append(f"{shown.name}: {shown.read_text() if shown.exists() else 'is not there'}")
    return "\n".join([*lines, *map(_request, wire.take())]) + "\n"


def _endpoint(step: dict[str, Any], url: str) -> str:
    """The endpoint_url of a step: that of the wire with the step's name and password, host and path."""
    parts = urlsplit(url)
    login = f"{step['as']}@" if "as" in step else ""
    return f"http://{login}{step.get('host', parts.hostname)}:{parts.port}{step.get('path', '')}"


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
