"""A profile: how one deployment of Airflow is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from profiles import chain, facts, known
from profiles.accounts import Network, ServiceAccount
from profiles.errors import Place, Problem, ProfileError, meant
from specs import contract
from specs.versions import Version

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class User:
    """A user of the deployment; `password` is None where the profile does not tell it.

    Who is not `active` exists and is let in nowhere. `headers` are what a backend of one's own wants to see from them.
    `email` is None where it does not matter.
    """

    username: str
    password: str | None = field(repr=False)
    role: str
    active: bool = True
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    email: str | None = None


class Cors(NamedTuple):
    """The three CORS options as written, not split: how to split them is Airflow's behaviour. None is not set."""

    headers: str | None
    methods: str | None
    origins: str | None


@dataclass(frozen=True)
class Profile:
    """How one deployment is set up. It does not change once loaded.

    `config` holds the options that are set, section -> option -> value as airflow.cfg would have it; `webserver_config`
    the settings of webserver_config.py, None being Python's. `patch` is the third part of the version, None the newest.
    `pythonpath` are the folders in which own backend modules are found. `platform` is who runs it, ``airflow`` or
    ``composer``; there, `web_server_allow_ip` are the addresses that have access, None all, and `service_accounts` the
    Google accounts that exist.
    """

    name: str
    title: str
    documents: tuple[str, ...]
    airflow: Version
    config: Mapping[str, Mapping[str, str]] = field(repr=False, hash=False)
    users: tuple[User, ...]
    capabilities: frozenset[str]
    places: Mapping[str, Place] = field(default_factory=dict, repr=False, compare=False)
    patch: int | None = None
    webserver_config: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    pythonpath: tuple[Path, ...] = field(default=(), repr=False)
    platform: str = known.PLAIN
    web_server_allow_ip: tuple[Network, ...] | None = None
    service_accounts: tuple[ServiceAccount, ...] = ()

    @property
    def release(self) -> str:
        """The version as the profile has it, such as ``3.3`` or ``2.11.0``."""
        return str(self.airflow) if self.patch is None else f"{self.airflow}.{self.patch}"

    def is_set(self, section: str, option: str) -> bool:
        """Whether the profile gives the option a value of its own."""
        return option in self.config.get(section, {})

    def option(self, section: str, option: str) -> str | None:
        """The value of the option: the profile's own, also under a former name, else the default of its Airflow
        version on its platform, else None.

        KeyError for an option that profiles do not know.
        """
        fact, own = known.options()[section][option], self.config.get(section, {})
        default = own.get(fact.formerly or "", fact.default(self.airflow, self.patch, self.platform))
        return own.get(option, default)

    def flag(self, section: str, option: str) -> bool:
        """The value of a boolean option, read as Airflow reads it; False where it has none."""
        return known.boolean(self.option(section, option) or "False")

    def number(self, section: str, option: str) -> int:
        """The value of an integer option, read as Airflow reads it; 0 where it has none."""
        return known.integer(self.option(section, option) or "0")

    @property
    def api(self) -> str:
        """The name of the contract that the documents speak of: ``public-v2``, ``stable-v1`` or ``experimental``.

        That about Cloud Composer speaks of the experimental API where it is on and the backend default lets it answer.
        """
        document = known.vocabulary().documents[self.documents[0]]
        opened = self.experimental and self.backend_kinds == ("allow_all",)
        return document.get("opened", document["api"]) if opened else document["api"]

    @cached_property
    def interface(self) -> contract.Interface:
        """The interface that the deployment has: the contract's cut for its version and auth manager."""
        return contract.load(self.api).cut(self.airflow, self.auth_manager)

    @property
    def auth(self) -> Literal["jwt", "backends"]:
        """How a client proves who it is: by a token, or to one of the backends of Airflow up to 2.11."""
        return "jwt" if self.airflow.major >= 3 else "backends"

    @property
    def auth_manager(self) -> str:
        """``simple`` or ``fab``; up to 2.11 there is fab only (in 1.10 it is but a name)."""
        return known.vocabulary().auth_manager(self.option("core", "auth_manager")).name

    @property
    def all_admins(self) -> bool:
        """Whether everybody is admin without logging in ([core] simple_auth_manager_all_admins)."""
        return self.auth_manager == "simple" and self.flag("core", "simple_auth_manager_all_admins")

    @property
    def backends_option(self) -> str:
        """The option of [api] that names the backends: auth_backends, or its former name where that one is set."""
        former = self.is_set("api", "auth_backend") or not chain.several(self.airflow)
        return "auth_backend" if former else "auth_backends"

    @property
    def configured_backends(self) -> tuple[str, ...]:
        """The modules that the option names, none where it is not set."""
        own = self.config.get("api", {}).get(self.backends_option)
        return () if own is None else chain.names(own, self.airflow)

    @property
    def backends(self) -> tuple[str, ...]:
        """The modules in effect, in order, as ``airflow config get-value api auth_backends`` prints them."""
        if self.auth == "jwt":
            return ()
        option = "auth_backends" if chain.several(self.airflow) else "auth_backend"
        return chain.effective(self.option("api", option) or "", self.airflow, self.platform)

    @property
    def backend_kinds(self) -> tuple[str, ...]:
        """What each of the backends does: session, basic, kerberos, allow_all, deny_all, password, composer_auth or
        custom.
        """
        return chain.kinds(self.backends)

    @property
    def asked(self) -> tuple[str, ...]:
        """The modules that decide about a request to `api`: all in turn, but the experimental API asks the first only.

        Measured on 2.11.2 (2.2.5 and 1.10.15 have one).
        """
        return self.backends[:1] if self.api == "experimental" else self.backends

    @property
    def asked_kinds(self) -> tuple[str, ...]:
        """What each of the modules that are asked does, see `backend_kinds`."""
        return chain.kinds(self.asked)

    @property
    def experimental(self) -> bool:
        """Whether the deployment has the experimental API: 1.10 always, 2.x by [api] enable_experimental_api."""
        return self.airflow.major == 1 or self.flag("api", "enable_experimental_api")

    @property
    def public_role(self) -> str | None:
        """The role of who is not logged in (AUTH_ROLE_PUBLIC of webserver_config.py); None is Python's None."""
        shipped = chain.shipped_public_role(self.airflow, self.patch) if self.auth == "backends" else None
        return self.webserver_config.get("AUTH_ROLE_PUBLIC", shipped)

    @property
    def web_login(self) -> bool:
        """Whether who has logged in to the web server may use `api` with that session.

        Where everybody is let through, v1 still wants to know who it is, and the experimental API does not. Nobody logs
        in to the web server of Cloud Composer.
        """
        takes = {"session"} if self.api == "experimental" else {"session", "allow_all"}
        return self.platform == known.PLAIN and not takes.isdisjoint(self.asked_kinds)

    @property
    def registration_role(self) -> str | None:
        """The role of who comes to the API of Cloud Composer for the first time; None anywhere else."""
        return self.option("api", "composer_auth_user_registration_role")

    @property
    def exposes_config(self) -> bool:
        """Whether the API shows the configuration, all of it or without secrets (expose_config)."""
        section = "api" if self.auth == "jwt" else "webserver"
        value = (self.option(section, "expose_config") or "False").strip().lower()
        return value == "non-sensitive-only" or known.boolean(value)

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
        return facts.of(self)

    def where(self, key: str) -> str:
        """``file:line:column`` of the value that won for a dotted key such as ``api.maximum_page_limit``.

        For an option that is not set it says whose default it is. KeyError for anything else.
        """
        key = key.removeprefix("config.")
        if key in self.places:
            return str(self.places[key])
        section, _, option = key.partition(".")
        if section == "webserver_config":
            known.vocabulary().webserver_config[option]
        else:
            former = known.options()[section][option].formerly
            if former and self.is_set(section, former):
                return self.where(f"{section}.{former}")
        return f"default of {self._maker(section, option)} {self.release}"

    def _maker(self, section: str, option: str) -> str:
        fact = known.options().get(section, {}).get(option)
        theirs = fact and self.platform in (fact.platform, *fact.by_platform)
        return f"{known.vocabulary().platforms[self.platform]} for Airflow" if theirs else "Airflow"

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
            "airflow": self.release,
            "config": {
                section: {name: _redact(section, name, value) for name, value in values.items()}
                for section, values in self.config.items()
            },
            **({"webserver_config": dict(self.webserver_config)} if self.webserver_config else {}),
            **({} if self.platform == known.PLAIN else self._of_the_platform()),
            "users": [_redacted_user(user) for user in self.users],
            "capabilities": sorted(self.capabilities),
        }

    def _of_the_platform(self) -> dict[str, Any]:
        ranges = self.web_server_allow_ip
        return {
            "platform": self.platform,
            "web_server_allow_ip": None if ranges is None else [str(each) for each in ranges],
            "service_accounts": [account._asdict() for account in self.service_accounts],
        }


def _redact(section: str, name: str, value: str) -> str:
    return HIDDEN if known.options()[section][name].secret else value


def _redacted_user(user: User) -> dict[str, Any]:
    password = {} if user.password is None else {"password": HIDDEN}
    active = {} if user.active else {"active": False}
    headers = {"headers": dict.fromkeys(user.headers, HIDDEN)} if user.headers else {}
    email = {"email": user.email} if user.email else {}
    return {"username": user.username, **password, "role": user.role, **email, **active, **headers}
