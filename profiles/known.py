"""What a profile may say: Airflow's options, and the words for documents, capabilities, auth managers and roles.

The facts are data (`data/options.yaml`, `data/vocabulary.yaml`); names, types and defaults were read from the
configuration reference of Airflow 1.10 to 3.3.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from specs import yamlfile
from specs.versions import Version, within

PLAIN = "airflow"
"""The platform of an Airflow that somebody runs without anything around it."""
BEFORE_AUTH_MANAGERS = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of airflow.cfg."""

    section: str
    name: str
    type: Literal["text", "integer", "boolean", "choice", "auth_manager"]
    defaults: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    since: str | None = None
    until: str | None = None
    formerly: str | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False
    instead: str | None = None
    read_by: str | None = None
    platform: str | None = None
    by_platform: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        """``section.option``, as in ``--set``."""
        return f"{self.section}.{self.name}"

    @property
    def ends(self) -> dict[str, str | None]:
        """The first and the last version that has the option, None for an open end."""
        return {"since": self.since, "until": self.until}

    def exists_in(self, version: Version) -> bool:
        """Whether that Airflow has the option."""
        return within(version, **self.ends)

    def default(self, version: Version, patch: int | None = None, platform: str = PLAIN) -> str | None:
        """What that Airflow takes where the option is not set, None where it has no default or no such option.

        Without `patch` it is that of the newest patch of the version. A platform may take something else, and may alone
        have the option.
        """
        past = [value for since, value in self.defaults.items() if _reached(version, patch, since)]
        there = self.exists_in(version) and self.platform in (None, platform)
        return self.by_platform.get(platform, past[-1]) if past and there else None


@dataclass(frozen=True, slots=True)
class AuthManager:
    """An auth manager that profiles can name: its class paths and the roles it has, least first."""

    name: str
    class_paths: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backend:
    """An authentication backend that comes with Airflow: its module, what it does, and which versions have it.

    From the version `opened` on, it lets who shows nothing use the experimental API where there is a public role.
    """

    module: str
    kind: str
    since: str | None = None
    until: str | None = None
    opened: str | None = None
    platform: str | None = None

    @property
    def ends(self) -> dict[str, str | None]:
        """The first and the last version that has it, None for an open end."""
        return {"since": self.since, "until": self.until}

    def exists_in(self, version: Version) -> bool:
        """Whether that Airflow has the backend."""
        return within(version, **self.ends)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a profile may use."""

    versions: tuple[Version, ...]
    platforms: Mapping[str, str]
    documents: Mapping[str, Mapping[str, str]]
    capabilities: Mapping[str, str]
    auth_managers: tuple[AuthManager, ...]
    backends: Mapping[str, Backend]
    webserver_config: Mapping[str, str]

    def auth_manager(self, class_path: str | None) -> AuthManager:
        """The auth manager of that class path; where there is no option for it, the one that there is.

        KeyError for a class path that is not known.
        """
        by_path = {path: manager for manager in self.auth_managers for path in manager.class_paths}
        return by_path[class_path or BEFORE_AUTH_MANAGERS]

    def backends_of(self, version: Version) -> tuple[Backend, ...]:
        """The backends that come with that Airflow, wherever it runs."""
        everywhere = (backend for backend in self.backends.values() if backend.platform is None)
        return tuple(backend for backend in everywhere if backend.exists_in(version))

    @property
    def kinds(self) -> tuple[str, ...]:
        """What backends do, each once."""
        return tuple(dict.fromkeys(backend.kind for backend in self.backends.values()))

    def kind(self, module: str) -> str:
        """What a backend of that name does: ``session``, ``basic``, ``kerberos``, ``allow_all``, ``deny_all``,
        ``password``, ``composer_auth`` or ``custom``.
        """
        return self.backends[module].kind if module in self.backends else "custom"


@cache
def options() -> Mapping[str, Mapping[str, Option]]:
    """Every option a profile may set: section -> option -> `Option`."""
    return {
        section: {name: _option(section, name, facts) for name, facts in names.items()}
        for section, names in _data("options.yaml").items()
    }


def every_option() -> Iterator[Option]:
    """All options, section by section."""
    return (option for names in options().values() for option in names.values())


@cache
def vocabulary() -> Vocabulary:
    """The words of the profile language."""
    data = _data("vocabulary.yaml")
    return Vocabulary(
        versions=tuple(Version.parse(text) for text in data["versions"]),
        platforms=data["platforms"],
        documents=data["documents"],
        capabilities=data["capabilities"],
        auth_managers=tuple(
            AuthManager(name, tuple(facts["classes"]), tuple(facts["roles"]))
            for name, facts in data["auth_managers"].items()
        ),
        backends={module: Backend(module, **facts) for module, facts in data["backends"].items()},
        webserver_config=data["webserver_config"],
    )


def spans() -> str:
    """The known versions in words, one range for each major version."""
    majors: dict[int, list[Version]] = {}
    for version in vocabulary().versions:
        majors.setdefault(version.major, []).append(version)
    return " or ".join(" to ".join(map(str, dict.fromkeys((each[0], each[-1])))) for each in majors.values())


def patch(text: str) -> int | None:
    """The third part of a version such as 2.11.0, None where it has none."""
    found = re.fullmatch(r"\d+\.\d+\.(\d{1,9})", text.strip(), re.ASCII)
    return int(found[1]) if found else None


def boolean(text: str) -> bool:
    """`text` as Airflow reads a boolean option (t, true, 1, f, false, 0 in any case); ValueError for anything else."""
    word = text.partition("#")[0].strip().lower()
    if word in ("t", "true", "1"):
        return True
    if word in ("f", "false", "0"):
        return False
    raise ValueError(text)


def integer(text: str) -> int:
    """`text` as Airflow reads an integer option (``100``, also ``100.0``); ValueError for anything else."""
    try:
        return int(text)
    except ValueError:
        number = float(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(number)


def _reached(version: Version, patched: int | None, since: str) -> bool:
    return (*version, math.inf if patched is None else patched) >= (*Version.parse(since), patch(since) or 0)


def _option(section: str, name: str, facts: dict[str, Any]) -> Option:
    rest = {key: value for key, value in facts.items() if key not in ("default", "choices")}
    default = facts.get("default")
    defaults = default if isinstance(default, dict) else {facts["since"]: default}
    return Option(section, name, defaults=defaults, choices=tuple(facts.get("choices", ())), **rest)


def _data(name: str) -> Any:
    return yamlfile.read("profiles", f"data/{name}")
