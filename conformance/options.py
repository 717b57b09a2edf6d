"""What can be said about a run: one table of options, for the command line and for the pytest plugin."""

from __future__ import annotations

import argparse
import secrets
import shlex
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from conformance.depths import DEPTHS, Depth

DEST = "conformance_"


@dataclass
class Options:
    """How to run. `target` is a base URL; `seed` is drawn at random when it is not given.

    `typed`: what stood in the place of the target on the command line, where that was not the URL. `keys`: the folder
    with the keys of Google accounts that a mock has written.
    """

    target: str
    profile: str = ""
    overrides: list[str] = field(default_factory=list)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    credentials: str | None = None
    kerberos_hostname: str | None = None
    report: str | None = None
    depth: Depth = "standard"
    workers: int = 4
    seed: int = field(default_factory=lambda: secrets.randbelow(2**32))
    only: list[str] = field(default_factory=list)
    read_only: bool = False
    allow_writes: bool = False
    without: list[str] = field(default_factory=list)
    waivers: str | None = None
    document: str = "contract"
    typed: list[str] = field(default_factory=list)
    keys: Path | None = None

    @classmethod
    def of(cls, namespace: Any) -> Options:
        """The options in an argparse namespace; what is None there keeps its default."""
        given = {item.name: getattr(namespace, DEST + item.name, None) for item in fields(cls)}
        return cls(**{name: value for name, value in given.items() if value is not None})

    def command(self) -> str:
        """The command line that repeats the run; the password is left to the environment."""
        words = ["airflow-conformance", "run", *(self.typed or [self.target])]
        for name, item, keywords in TABLE:
            value = getattr(self, item)
            if name == "password" or value == _DEFAULTS.get(item):
                continue
            for each in value if isinstance(value, list) else [value]:
                words += [f"--{name}"] if keywords.get("action") == "store_true" else [f"--{name}", str(each)]
        return shlex.join(words)


_DEFAULTS = {item.name: [] if item.default is MISSING else item.default for item in fields(Options)}


def _count(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= value <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 64")
    return value


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


#: name, field of `Options`, what argparse is to do with it. The target has a place of its own in both.
TABLE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "profile",
        "profile",
        {"metavar": "NAME|FILE", "help": "how the target is set up; airflow-conformance profiles lists them"},
    ),
    (
        "set",
        "overrides",
        {
            "metavar": "KEY=VALUE",
            "action": "append",
            "help": "override one value of the profile, e.g. api.maximum_page_limit=50 or airflow=3.0; may be repeated",
        },
    ),
    (
        "username",
        "username",
        {"metavar": "NAME", "help": "an administrator of the target (or AIRFLOW_CONFORMANCE_USERNAME)"},
    ),
    (
        "password",
        "password",
        {
            "metavar": "TEXT",
            "help": "the password (better: AIRFLOW_CONFORMANCE_PASSWORD, which no list of processes shows)",
        },
    ),
    (
        "credentials",
        "credentials",
        {"metavar": "FILE", "help": "YAML: for each role a username and password, a token, a key_file, or a ccache"},
    ),
    (
        "kerberos-hostname",
        "kerberos_hostname",
        {"metavar": "HOST", "help": "the host in the principal airflow/HOST, where it is not that of the URL"},
    ),
    ("report", "report", {"metavar": "DIR", "help": "write result.json, junit.xml, report.html and summary.md there"}),
    (
        "depth",
        "depth",
        {
            "choices": DEPTHS,
            "help": "how thoroughly: smoke takes seconds, standard (default) up to a minute, deep longer",
        },
    ),
    (
        "workers",
        "workers",
        {"metavar": "N", "type": _count, "help": "checks side by side, and requests in flight (default 4)"},
    ),
    (
        "seed",
        "seed",
        {
            "metavar": "N",
            "type": _seed,
            "help": "repeat the random choices of an earlier run; every run prints its own",
        },
    ),
    (
        "only",
        "only",
        {
            "metavar": "ID|GLOB|OPERATION",
            "action": "append",
            "help": "only what this selects: a requirement, a check (globs allowed), an operation; may be repeated",
        },
    ),
    (
        "read-only",
        "read_only",
        {"action": "store_true", "default": None, "help": "send nothing that could change anything"},
    ),
    (
        "allow-writes",
        "allow_writes",
        {"action": "store_true", "default": None, "help": "let write checks run on a target that is not this machine"},
    ),
    (
        "without",
        "without",
        {
            "metavar": "CAPABILITY",
            "action": "append",
            "help": "do not rely on a capability that the profile claims; may be repeated",
        },
    ),
    (
        "document",
        "document",
        {
            "choices": ("contract", "target"),
            "help": "whose OpenAPI document generated requests go by: the contract's (default), or the target's own",
        },
    ),
    ("waivers", "waivers", {"metavar": "FILE", "help": "failures that you accept, each with a reason and a last day"}),
)
