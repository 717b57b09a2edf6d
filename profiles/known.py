"""What a profile may say: Airflow's options, and the words for documents, capabilities, auth managers and roles.

The facts are data (`data/options.yaml`, `data/vocabulary.yaml`); names, types and defaults were read from the
configuration reference of Airflow 3.0 to 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from specs import yamlfile
from specs.versions import Version, within


@dataclass(frozen=True, slots=True)
class Option:
    """One option of airflow.cfg."""

    section: str
    name: str
    type: Literal["text", "integer", "boolean", "choice", "auth_manager"]
    default: str | None = None
    since: str | None = None
    until: str | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False
    instead: str | None = None

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


@dataclass(frozen=True, slots=True)
class AuthManager:
    """An auth manager that profiles can name: its class path and the roles it has, least first."""

    name: str
    class_path: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a profile may use."""

    versions: tuple[Version, ...]
    documents: Mapping[str, Mapping[str, str]]
    capabilities: Mapping[str, str]
    auth_managers: tuple[AuthManager, ...]

    def auth_manager(self, class_path: str) -> AuthManager:
        """The auth manager of that class path; KeyError if there is none."""
        by_path: dict[str, AuthManager] = {manager.class_path: manager for manager in self.auth_managers}
        return by_path[class_path]


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
        documents=data["documents"],
        capabilities=data["capabilities"],
        auth_managers=tuple(
            AuthManager(name, facts["class"], tuple(facts["roles"])) for name, facts in data["auth_managers"].items()
        ),
    )


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


def _option(section: str, name: str, facts: dict[str, Any]) -> Option:
    return Option(section, name, **{**facts, "choices": tuple(facts.get("choices", ()))})


def _data(name: str) -> Any:
    return yamlfile.read("profiles", f"data/{name}")
