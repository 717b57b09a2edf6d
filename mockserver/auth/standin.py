"""What stands in for the package `airflow` where a backend of one's own asks for it and Airflow is not installed.

Only the names that such a module needs to find the users and the options: everything else is an ImportError, as it
would be for a name that Airflow does not have. The names are importable while the module's code runs, and no longer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from mockserver.auth.manager import Manager, Member
from profiles import known

if TYPE_CHECKING:
    from mockserver.auth.ways import Ways
    from profiles import Profile

AUTH_TYPES = {"AUTH_OID": 0, "AUTH_DB": 1, "AUTH_LDAP": 2, "AUTH_REMOTE_USER": 3, "AUTH_OAUTH": 4}


class AirflowException(Exception):  # noqa: N818 - the name is Airflow's
    """Stands in for the class of that name."""


class AirflowConfigException(AirflowException):
    """Stands in for the class of that name."""


class Conf:
    """The configuration: the options of the profile and the defaults of its version; the environment for others."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def get(self, section: str, key: str, fallback: Any = NoReturn, **_options: Any) -> Any:
        """The value of an option as text; AirflowConfigException if it has none and there is no fallback."""
        section, key = section.lower(), key.lower()
        variable = f"AIRFLOW__{section.upper()}__{key.upper()}"
        mine = key in known.options().get(section, {})
        value = self._profile.option(section, key) if mine else os.environ.get(variable)
        if value is None and fallback is NoReturn:
            advice = "" if mine else f"; the profile cannot set it, but {variable} in the environment can"
            raise AirflowConfigException(f"section/key [{section}/{key}] not found in config{advice}")
        return fallback if value is None else value

    def has_option(self, section: str, option: str) -> bool:
        """Whether the option has a value."""
        return self.get(section, option, fallback=None) is not None

    def getboolean(self, section: str, key: str, **options: Any) -> bool:
        """The value of an option as a truth value."""
        value = self.get(section, key, **options)
        return value if isinstance(value, bool) else known.boolean(value)

    def getint(self, section: str, key: str, **options: Any) -> int:
        """The value of an option as a whole number."""
        return int(self.get(section, key, **options))

    def getfloat(self, section: str, key: str, **options: Any) -> float:
        """The value of an option as a number."""
        return float(self.get(section, key, **options))


class StandIn:
    """The names, for one deployment; `offered` makes them importable for a while."""

    def __init__(self, profile: Profile, ways: Ways) -> None:
        self._profile = profile
        self._ways = ways

    @property
    def names(self) -> list[str]:
        """What can be imported, such as airflow.configuration.conf."""
        return sorted(f"{module}.{name}" for module, names in self._table().items() for name in names)

    @contextmanager
    def offered(self) -> Iterator[None]:
        """Make the names importable, for those packages that are not installed."""
        mine = self._modules
        before = {name: sys.modules.get(name) for name in mine}
        sys.modules.update(mine)
        try:
            yield
        finally:
            for name, module in before.items():
                if module is None:
                    sys.modules.pop(name, None)
                else:
                    sys.modules[name] = module

    @cached_property
    def _modules(self) -> dict[str, ModuleType]:
        modules: dict[str, ModuleType] = {}
        for path, names in self._table().items():
            parts = path.split(".")
            if find_spec(parts[0]) is not None:
                continue
            for depth in range(1, len(parts) + 1):
                _package(modules, parts[:depth])
            vars(modules[path]).update(names)
        return modules

    def _table(self) -> dict[str, Mapping[str, Any]]:
        version = f"{self._profile.airflow}.{self._profile.patch or 0}"
        errors = {"AirflowException": AirflowException, "AirflowConfigException": AirflowConfigException}
        table: dict[str, Mapping[str, Any]] = {
            "airflow": {"__version__": version},
            "airflow.version": {"version": version},
            "airflow.configuration": {"conf": Conf(self._profile)},
            "airflow.exceptions": errors,
            "flask_appbuilder.const": AUTH_TYPES,
        }
        if self._ways.own_backends_find_app:
            table["airflow.utils.airflow_flask_app"] = {"get_airflow_app": _app}
        if self._ways.own_backends_find_manager:
            table["airflow.www.extensions.init_auth_manager"] = {"get_auth_manager": _auth_manager}
            manager = "airflow.providers.fab.auth_manager"
            table[f"{manager}.models"] = {"User": Member}
            table[f"{manager}.security_manager.override"] = {"FabAirflowSecurityManagerOverride": Manager}
        return table


def _package(modules: dict[str, ModuleType], parts: list[str]) -> None:
    """Add a package, as an attribute of the one that it lies in too."""
    path = ".".join(parts)
    if path in modules:
        return
    module = modules[path] = ModuleType(path)
    module.__spec__ = ModuleSpec(path, None, is_package=True)
    module.__path__ = []
    if len(parts) > 1:
        setattr(modules[".".join(parts[:-1])], parts[-1], module)


def _app() -> Any:
    from flask import current_app

    finding: Callable[[], Any] = current_app._get_current_object  # type: ignore[attr-defined]
    return finding()


def _auth_manager() -> Any:
    return _app().auth_manager
