"""A profile: how one deployment of Airflow is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from profiles import known
from profiles.errors import Place, Problem, ProfileError, meant
from specs.versions import Version

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class User:
    """A user of the deployment; `password` is None where the profile does not tell it."""

    username: str
    password: str | None = field(repr=False)
    role: str


class Cors(NamedTuple):
    """The three CORS options as written, not split: how to split them is Airflow's behaviour. None is not set."""

    headers: str | None
    methods: str | None
    origins: str | None


@dataclass(frozen=True)
class Profile:
    """How one deployment is set up. It does not change once loaded.

    `config` holds the options that are set, section -> option -> value as airflow.cfg would have it.
    """

    name: str
    title: str
    documents: tuple[str, ...]
    airflow: Version
    config: Mapping[str, Mapping[str, str]] = field(repr=False, hash=False)
    users: tuple[User, ...]
    capabilities: frozenset[str]
    places: Mapping[str, Place] = field(default_factory=dict, repr=False, compare=False)

    def is_set(self, section: str, option: str) -> bool:
        """Whether the profile gives the option a value of its own."""
        return option in self.config.get(section, {})

    def option(self, section: str, option: str) -> str | None:
        """The value of the option: the profile's own, else the default of its Airflow version, else None.

        KeyError for an option that profiles do not know.
        """
        fact = known.options()[section][option]
        default = fact.default if fact.exists_in(self.airflow) else None
        return self.config.get(section, {}).get(option, default)

    def flag(self, section: str, option: str) -> bool:
        """The value of a boolean option, read as Airflow reads it; False where it has none."""
        return known.boolean(self.option(section, option) or "False")

    def number(self, section: str, option: str) -> int:
        """The value of an integer option, read as Airflow reads it; 0 where it has none."""
        return known.integer(self.option(section, option) or "0")

    @property
    def auth(self) -> Literal["jwt"]:
        """How a client proves who it is."""
        return "jwt"

    @property
    def auth_manager(self) -> str:
        """``simple`` or ``fab``."""
        return known.vocabulary().auth_manager(self.option("core", "auth_manager") or "").name

    @property
    def all_admins(self) -> bool:
        """Whether everybody is admin without logging in ([core] simple_auth_manager_all_admins)."""
        return self.flag("core", "simple_auth_manager_all_admins")

    @property
    def page_limit(self) -> int:
        """The most items in one page ([api] maximum_page_limit)."""
        return self.number("api", "maximum_page_limit")

    @property
    def fallback_page_limit(self) -> int:
        """The page size of a request that names none ([api] fallback_page_limit)."""
        return self.number("api", "fallback_page_limit")

    @property
    def cors(self) -> Cors | None:
        """The CORS options, or None if none of the three has a value."""
        values = [self.option("api", f"access_control_allow_{what}") or None for what in Cors._fields]
        return Cors(*values) if any(values) else None

    def facts(self) -> dict[str, object]:
        """What the `applies` predicates of requirements and departures may ask about."""
        origins = self.option("api", "access_control_allow_origins") or ""
        return {
            "airflow": self.airflow,
            "auth": self.auth,
            "auth_manager": self.auth_manager,
            "all_admins": self.all_admins,
            "cors": self.cors is not None,
            "cors_origins_blank": any(len(origin.split()) > 1 for origin in origins.split(",")),
            "page_limit": self.page_limit,
            "page_limit_set": self.is_set("api", "maximum_page_limit"),
            "capabilities": self.capabilities,
        }

    def where(self, key: str) -> str:
        """``file:line:column`` of the value that won for a dotted key such as ``api.maximum_page_limit``.

        For an option that is not set it says whose default it is. KeyError for anything else.
        """
        key = key.removeprefix("config.")
        if key in self.places:
            return str(self.places[key])
        section, _, option = key.partition(".")
        known.options()[section][option]
        return f"default of Airflow {self.airflow}"

    def without(self, capability: str) -> Profile:
        """The same profile without claiming `capability`; ProfileError for a word that is no capability."""
        words = known.vocabulary().capabilities
        if capability not in words:
            raise ProfileError(
                Problem(Place(f"--without {capability}"), f"no such capability; {meant(capability, words)}")
            )
        return replace(self, capabilities=self.capabilities - {capability})

    def redacted(self) -> dict[str, Any]:
        """The profile as plain data for reports: passwords and secret options are ``***``."""
        return {
            "profile": self.name,
            "title": self.title,
            "documents": list(self.documents),
            "airflow": str(self.airflow),
            "config": {
                section: {name: _redact(section, name, value) for name, value in values.items()}
                for section, values in self.config.items()
            },
            "users": [_redacted_user(user) for user in self.users],
            "capabilities": sorted(self.capabilities),
        }


def _redact(section: str, name: str, value: str) -> str:
    return HIDDEN if known.options()[section][name].secret else value


def _redacted_user(user: User) -> dict[str, str]:
    password = {} if user.password is None else {"password": HIDDEN}
    return {"username": user.username, **password, "role": user.role}
